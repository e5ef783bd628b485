//! `textDocument/codeAction`: what messages offer to change – one, all of a kind, all that is safe.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gen_lsp_types as lsp;
use ide::fixes::{Fixes, ROUNDS};
use lsp_server::RequestId;
use program::Program;
use source::{Diagnostic, FileId, Fix, visible};

use super::in_json;
use crate::capabilities::FIX_ALL;
use crate::changes::difference;
use crate::checker::Snapshot;
use crate::client::{Abilities, workspace_edit};
use crate::encoding::Lines;
use crate::session::Session;
use crate::told::{Shown, Told, is_of_library};
use crate::uri;

/// Puts it in the queue.
pub fn ask(session: &Session, id: RequestId, params: lsp::CodeActionParams) {
    let path = uri::path(&params.text_document.uri.0);
    let programs = path.iter().flat_map(|path| session.workspace.around(path)).filter_map(|(folder, project)| {
        let told = project.told.clone()?;
        let snapshot = session.snapshot(folder, project.is_loose, Some(&told));
        Some((told, snapshot))
    });
    let asked = Asked {
        programs: programs.collect(),
        path: path.unwrap_or_default(),
        range: params.range,
        wanted: Wanted::of(&params.context),
        versions: session.documents.all().map(|document| (document.uri.clone(), document.version)).collect(),
        abilities: session.abilities.clone(),
    };
    session.slow.ask(id, Box::new(move || in_json(asked.actions())));
}

/// Which kinds of actions a client wants.
struct Wanted {
    fixes: bool,
    fix_all: bool,
}

impl Wanted {
    fn of(context: &lsp::CodeActionContext) -> Self {
        let Some(only) = &context.only else {
            // What looks at all files is not done at each step of the cursor.
            let is_asked = context.trigger_kind != Some(lsp::CodeActionTriggerKind::Automatic);
            return Self { fixes: true, fix_all: is_asked };
        };
        let names: Vec<String> = only.iter().cloned().map(String::from).collect();
        let wants = |kind: &str| {
            names.iter().any(|name| name.is_empty() || kind == name || kind.starts_with(&format!("{name}.")))
        };
        Self { fixes: wants("quickfix"), fix_all: wants(FIX_ALL) }
    }
}

type Edits = BTreeMap<String, Vec<lsp::TextEdit>>;

struct Asked {
    programs: Vec<(Arc<Told>, Snapshot)>,
    path: PathBuf,
    range: lsp::Range,
    wanted: Wanted,
    versions: BTreeMap<String, i32>,
    abilities: Abilities,
}

impl Asked {
    fn actions(&self) -> Vec<lsp::CodeAction> {
        let mut actions = Vec::new();
        if self.wanted.fixes {
            self.programs.iter().for_each(|(told, _)| self.fixes(told, &mut actions));
        }
        if self.wanted.fix_all {
            actions.extend(self.programs.iter().filter_map(|(told, snapshot)| self.all_safe(told, snapshot)));
        }
        actions
    }

    /// The fixes of messages that touch the range, then those of all messages of the same kinds.
    fn fixes(&self, told: &Told, actions: &mut Vec<lsp::CodeAction>) {
        let here = told.files.get(&self.path).into_iter().flatten();
        let here = here.filter(|shown| touches(&shown.diagnostic.range, &self.range));
        let offered: Vec<(&Shown, &Diagnostic, &Fix)> = here
            .filter_map(|shown| {
                let diagnostic = told.list.get(shown.at)?;
                Some((shown, diagnostic, diagnostic.fix.as_ref()?))
            })
            .collect();
        for (shown, _, fix) in &offered {
            let Some(edits) = edits_of(told, &Fixes::gathered(std::iter::once(*fix), told.program.sources())) else {
                continue;
            };
            actions.push(lsp::CodeAction {
                diagnostics: Some(vec![shown.diagnostic.clone()]),
                is_preferred: Some(fix.safe),
                ..self.action(visible(&fix.title).into_owned(), lsp::CodeActionKind::QuickFix, edits)
            });
        }
        let kinds: BTreeSet<&str> = offered.iter().map(|(_, diagnostic, _)| diagnostic.code).collect();
        for code in kinds {
            let alike = told.list.iter().filter(|diagnostic| diagnostic.code == code);
            let fixes = Fixes::gathered(alike.filter_map(|of| of.fix.as_ref()), told.program.sources());
            if fixes.count > 1
                && let Some(edits) = edits_of(told, &fixes)
            {
                let title = format!("mend all {} of `{code}`", fixes.count);
                actions.push(self.action(title, lsp::CodeActionKind::QuickFix, edits));
            }
        }
    }

    /// What `infrac check --fix` would do.
    fn all_safe(&self, told: &Told, snapshot: &Snapshot) -> Option<lsp::CodeAction> {
        if !told.list.iter().any(|diagnostic| diagnostic.fix.as_ref().is_some_and(|fix| fix.safe)) {
            return None;
        }
        let edits = mended(told, snapshot)?;
        let kind = lsp::CodeActionKind::Custom(FIX_ALL.into());
        Some(self.action("mend all that is safe to mend".to_owned(), kind, edits))
    }

    fn action(&self, title: String, kind: lsp::CodeActionKind, edits: Edits) -> lsp::CodeAction {
        let edit = workspace_edit(edits, &|uri| self.versions.get(uri).copied(), &self.abilities);
        lsp::CodeAction {
            title,
            kind: Some(kind),
            edit: Some(edit),
            diagnostics: None,
            is_preferred: None,
            disabled: None,
            command: None,
            data: None,
            tags: None,
        }
    }
}

/// Whether two ranges have a place in common, be it where they meet.
fn touches(one: &lsp::Range, other: &lsp::Range) -> bool {
    one.start <= other.end && other.start <= one.end
}

/// Fixes as edits of documents; none where one of them is not the user's.
fn edits_of(told: &Told, fixes: &Fixes<'_>) -> Option<Edits> {
    let mut edits = Edits::new();
    for (_, fixed) in fixes.files() {
        if is_of_library(fixed.id()) {
            return None;
        }
        let (text, lines) = (&*fixed.file.text, Lines::of(&fixed.file.text));
        let mut own: Vec<_> = fixed.edits.iter().collect();
        own.sort_by_key(|(range, _)| (range.start, range.end));
        let own = own.into_iter().map(|(range, new)| lsp::TextEdit {
            range: lines.range(text, range.clone(), told.view.encoding),
            new_text: (*new).to_owned(),
        });
        edits.insert(told.view.uri(fixed.id())?, own.collect());
    }
    Some(edits).filter(|edits| !edits.is_empty())
}

/// All safe fixes, and those that are safe after them, as `infrac check --fix` writes them.
fn mended(told: &Told, snapshot: &Snapshot) -> Option<Edits> {
    let first = Fixes::of(told.program.check(), told.program.sources());
    let exact = edits_of(told, &first)?;
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    take(&first, &mut texts);
    let mut rounds = 1;
    while rounds < ROUNDS {
        let program = after(snapshot, &texts)?;
        let next = Fixes::of(program.check(), program.sources());
        if next.count == 0 {
            break;
        }
        take(&next, &mut texts);
        rounds += 1;
    }
    if rounds == 1 {
        return Some(exact);
    }
    let whole = texts.into_iter().filter_map(|(path, text)| {
        let file = told.program.sources().file(FileId::new(&path))?;
        let (range, new) = difference(&file.text, &text)?;
        let range = Lines::of(&file.text).range(&file.text, range, told.view.encoding);
        let edit = lsp::TextEdit { range, new_text: new.to_owned() };
        Some((told.view.uri_of(&told.view.folder.join(Path::new(&path))), vec![edit]))
    });
    Some(whole.collect())
}

fn take(fixes: &Fixes<'_>, texts: &mut BTreeMap<String, String>) {
    texts.extend(fixes.files().map(|(_, fixed)| (fixed.id().path().to_owned(), fixed.text())));
}

/// The program with other texts.
fn after(snapshot: &Snapshot, texts: &BTreeMap<String, String>) -> Option<Program> {
    let mut snapshot = snapshot.clone();
    snapshot.texts.extend(texts.iter().map(|(path, text)| (path.clone(), text.as_str().into())));
    snapshot.load().ok()
}
