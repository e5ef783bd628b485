//! Diagnostics as plain text, with the line they stand on: what the snapshots hold.

use program::Program;
use source::{Diagnostic, Label, Sources};

/// Where a diagnostic was told: file, one-based line, code. No file for what has no place.
#[derive(Clone, PartialEq, Eq, Debug, PartialOrd, Ord)]
pub struct At {
    pub file: String,
    pub line: u32,
    pub code: String,
}

/// Where it was told.
pub fn where_told(diagnostic: &Diagnostic, sources: &Sources) -> At {
    let found = diagnostic.place().and_then(|place| sources.absolute(place));
    let (file, line) = found.map_or((String::new(), 0), |(file, range)| {
        (file.shown.to_string(), file.line_column(range.start as u32).line)
    });
    At { file, line, code: diagnostic.code.to_owned() }
}

/// All of them in the order of files and lines: message, excerpt, what else is pointed at, help.
pub fn render(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut texts: Vec<(At, String)> =
        diagnostics.iter().map(|diagnostic| (where_told(diagnostic, sources), one(diagnostic, sources))).collect();
    texts.sort();
    texts.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join("\n")
}

/// Checks a program and looks at what is told: nothing of infrac's own, and every place lies in a file.
///
/// # Panics
///
/// When something else was told: a test fails by it.
pub fn told(program: &Program) -> Vec<Diagnostic> {
    let told = program.check();
    for diagnostic in told {
        let shown = || render(std::slice::from_ref(diagnostic), program.sources());
        let said =
            std::iter::once(&diagnostic.message).chain(&diagnostic.help).any(|text| text.contains("bug in infrac"));
        assert!(!said && diagnostic.code != "internal", "{}", shown());
        assert!(!diagnostic.message.is_empty() && !diagnostic.help.is_empty(), "{}", shown());
        for label in &diagnostic.labels {
            assert!(program.sources().absolute(label.place).is_some(), "{}", shown());
        }
    }
    told.to_vec()
}

fn one(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let severity = format!("{:?}", diagnostic.severity).to_lowercase();
    let mut text = format!("{severity}[{}]: {}\n", diagnostic.code, diagnostic.message);
    for label in &diagnostic.labels {
        text.push_str(&excerpt(label, sources));
    }
    for help in &diagnostic.help {
        text.push_str(&format!("help: {help}\n"));
    }
    if let Some(fix) = &diagnostic.fix {
        text.push_str(&format!("{}: {}\n", if fix.safe { "safe fix" } else { "fix" }, fix.title));
    }
    text
}

/// The first line of a place, with a line of carets below it.
fn excerpt(label: &Label, sources: &Sources) -> String {
    let Some((file, range)) = sources.absolute(label.place) else { return format!("  (nowhere) {}\n", label.text) };
    let at = file.line_column(range.start as u32);
    let (start, end) = file.line_range(at.line).unwrap_or_default();
    let line = file.text.get(start as usize..end as usize).unwrap_or_default();
    let stop = range.end.min(end as usize).max(range.start);
    let width = file.text.get(range.start..stop).map_or(1, |shown| shown.chars().count().max(1));
    let blanks = " ".repeat(at.column.saturating_sub(1) as usize);
    let carets = "^".repeat(width);
    let said = if label.text.is_empty() { String::new() } else { format!(" {}", label.text) };
    format!("  {}:{}\n  | {line}\n  | {blanks}{carets}{said}\n", file.shown, at.line)
}
