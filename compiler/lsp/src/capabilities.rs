//! What the server says of itself: what works, and nothing else.

use gen_lsp_types as lsp;
use serde_json::{Value, json};

use crate::client::Abilities;
use crate::requests::command::COMMANDS;
use crate::requests::completion::TRIGGERS;
use crate::requests::formatting::TYPED;
use crate::requests::tokens::{MODIFIERS, TYPES};
use crate::uri::{EMITTED, LIBRARY, PAGES};

/// The kind of the action that mends all that can be mended without looking.
pub const FIX_ALL: &str = "source.fixAll.infrac";

/// What lays out what was typed before it.
fn typed() -> Option<lsp::DocumentOnTypeFormattingOptions> {
    let (first, more) = TYPED.split_first()?;
    Some(lsp::DocumentOnTypeFormattingOptions {
        first_trigger_character: (*first).to_owned(),
        more_trigger_character: Some(more.iter().map(|&one| one.to_owned()).collect()),
    })
}

/// What is said of words.
fn tokens() -> lsp::SemanticTokensOptions {
    lsp::SemanticTokensOptions {
        legend: lsp::SemanticTokensLegend {
            token_types: TYPES.map(str::to_owned).to_vec(),
            token_modifiers: MODIFIERS.map(str::to_owned).to_vec(),
        },
        range: Some(lsp::SemanticTokensOptionsRange::Bool(true)),
        full: Some(lsp::Full::SemanticTokensFullDelta(lsp::SemanticTokensFullDelta { delta: Some(true) })),
        ..Default::default()
    }
}

/// The answer to `initialize`.
pub fn initialized(abilities: &Abilities, version: &str) -> Value {
    let capabilities = lsp::ServerCapabilities {
        position_encoding: Some(abilities.encoding.kind()),
        text_document_sync: Some(lsp::TextDocumentSync::Options(lsp::TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(lsp::TextDocumentSyncKind::Incremental),
            save: Some(lsp::Save::SaveOptions(lsp::SaveOptions { include_text: Some(false) })),
            ..Default::default()
        })),
        diagnostic_provider: Some(lsp::DiagnosticProvider::DiagnosticOptions(lsp::DiagnosticOptions {
            identifier: Some("infrac".to_owned()),
            inter_file_dependencies: true,
            workspace_diagnostics: true,
            ..Default::default()
        })),
        code_action_provider: Some(lsp::CodeActionProvider::CodeActionOptions(lsp::CodeActionOptions {
            code_action_kinds: Some(vec![lsp::CodeActionKind::QuickFix, lsp::CodeActionKind::Custom(FIX_ALL.into())]),
            ..Default::default()
        })),
        document_formatting_provider: Some(lsp::DocumentFormattingProvider::Bool(true)),
        document_range_formatting_provider: Some(lsp::DocumentRangeFormattingProvider::Bool(true)),
        document_on_type_formatting_provider: typed(),
        hover_provider: Some(lsp::HoverProvider::Bool(true)),
        definition_provider: Some(lsp::DefinitionProvider::Bool(true)),
        signature_help_provider: Some(lsp::SignatureHelpOptions {
            trigger_characters: Some(vec!["(".to_owned(), ",".to_owned()]),
            ..Default::default()
        }),
        completion_provider: Some(lsp::CompletionOptions {
            trigger_characters: Some(TRIGGERS.map(str::to_owned).to_vec()),
            resolve_provider: Some(true),
            ..Default::default()
        }),
        execute_command_provider: Some(lsp::ExecuteCommandOptions {
            commands: COMMANDS.map(str::to_owned).to_vec(),
            ..Default::default()
        }),
        document_symbol_provider: Some(lsp::DocumentSymbolProvider::Bool(true)),
        workspace_symbol_provider: Some(lsp::WorkspaceSymbolProvider::Bool(true)),
        folding_range_provider: Some(lsp::FoldingRangeProvider::Bool(true)),
        selection_range_provider: Some(lsp::SelectionRangeProvider::Bool(true)),
        document_link_provider: Some(lsp::DocumentLinkOptions { resolve_provider: Some(false), ..Default::default() }),
        semantic_tokens_provider: Some(lsp::SemanticTokensProvider::SemanticTokensOptions(tokens())),
        workspace: Some(lsp::WorkspaceOptions {
            workspace_folders: Some(lsp::WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(lsp::ChangeNotifications::Bool(true)),
            }),
            text_document_content: Some(lsp::TextDocumentContent::Options(lsp::TextDocumentContentOptions {
                schemes: vec![PAGES.to_owned(), LIBRARY.to_owned(), EMITTED.to_owned()],
            })),
            ..Default::default()
        }),
        ..Default::default()
    };
    json!({ "capabilities": capabilities, "serverInfo": { "name": "infrac", "version": version } })
}
