//! `textDocument/documentSymbol` and `workspace/symbol`: the outline of a document, and the names of all projects.

use gen_lsp_types as lsp;
use ide::outline::{Symbol, SymbolClass, outline};
use lsp_server::Request;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{OfDocument, in_queue, params, queue};
use crate::asking::Asking;
use crate::client::Refused;
use crate::encoding::Lines;
use crate::session::Session;

/// The outline.
pub fn of_document(session: &Session, request: Request) -> Result<(), Refused> {
    let is_nested = session.abilities.nested_symbols;
    queue(
        session,
        request,
        |of: &OfDocument| &of.text_document,
        move |asking, _| {
            let symbols = outline(&asking.document.file);
            if is_nested {
                return symbols.iter().map(|symbol| nested(asking, symbol)).collect();
            }
            let mut flat = Vec::new();
            symbols.iter().for_each(|symbol| flatten(asking, symbol, "", &mut flat));
            Value::Array(flat)
        },
    )
}

fn nested(asking: &Asking, symbol: &Symbol) -> Value {
    let children: Vec<Value> = symbol.children.iter().map(|child| nested(asking, child)).collect();
    json!({
        "name": symbol.name,
        "detail": symbol.detail,
        "kind": kind(symbol.class),
        "range": asking.range(&symbol.range),
        "selectionRange": asking.range(&symbol.selection),
        "children": children,
    })
}

fn flatten(asking: &Asking, symbol: &Symbol, container: &str, flat: &mut Vec<Value>) {
    flat.push(json!({
        "name": symbol.name,
        "kind": kind(symbol.class),
        "location": { "uri": asking.document.uri, "range": asking.range(&symbol.range) },
        "containerName": container,
    }));
    symbol.children.iter().for_each(|child| flatten(asking, child, &symbol.name, flat));
}

fn kind(class: SymbolClass) -> lsp::SymbolKind {
    match class {
        SymbolClass::Project => lsp::SymbolKind::Package,
        SymbolClass::Environment => lsp::SymbolKind::Namespace,
        SymbolClass::Param | SymbolClass::Let => lsp::SymbolKind::Variable,
        SymbolClass::Type => lsp::SymbolKind::Struct,
        SymbolClass::Function => lsp::SymbolKind::Function,
        SymbolClass::Kind => lsp::SymbolKind::Class,
        SymbolClass::Platform => lsp::SymbolKind::Module,
        SymbolClass::Implementation => lsp::SymbolKind::Interface,
        SymbolClass::Instance => lsp::SymbolKind::Object,
        SymbolClass::Field => lsp::SymbolKind::Field,
        SymbolClass::Block => lsp::SymbolKind::Property,
        SymbolClass::Entry => lsp::SymbolKind::Key,
        SymbolClass::Output => lsp::SymbolKind::Constant,
        SymbolClass::Policy => lsp::SymbolKind::Event,
        SymbolClass::Test => lsp::SymbolKind::Method,
        SymbolClass::Change => lsp::SymbolKind::Operator,
    }
}

#[derive(Deserialize)]
struct Query {
    query: String,
}

/// The names of all projects.
pub fn of_workspace(session: &Session, request: Request) -> Result<(), Refused> {
    let Query { query } = params(request.params)?;
    let all = session.workspace.projects.values();
    let told: Vec<_> = all.filter_map(|project| project.told.clone()).collect();
    in_queue(session, request.id, move || {
        let mut found = Vec::new();
        for told in told {
            for symbol in ide::symbols::symbols(&told.program, &query) {
                let Some(file) = told.program.files().get(&symbol.path) else { continue };
                let bytes = symbol.range.start as usize..symbol.range.end as usize;
                let range = Lines::of(&file.text).range(&file.text, bytes, told.view.encoding);
                let uri = told.view.uri_of(&told.view.folder.join(&symbol.path));
                found.push(json!({
                    "name": symbol.name,
                    "kind": kind(symbol.class),
                    "location": { "uri": uri, "range": range },
                    "containerName": symbol.container,
                }));
            }
        }
        Value::Array(found)
    });
    Ok(())
}
