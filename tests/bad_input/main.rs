//! Whatever stands in the files, `check` ends, says what is wrong and where, and never panics: broken text, deep text, long text,
//! programs that would never end, files that are no text, folders that cannot be read or written.

mod broken;
mod endless;
mod files;
mod output;

use program::Program;
use source::{Diagnostic, Severity};
use tests::render;

/// Checks a program and looks at what is told: nothing of infrac's own, and every place lies in a file.
fn told(program: &Program) -> Vec<Diagnostic> {
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

/// The codes of the errors, each once, sorted.
fn codes(program: &Program) -> Vec<&'static str> {
    let told = told(program);
    let mut codes: Vec<&str> = told
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .map(|diagnostic| diagnostic.code)
        .collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// A program of one file.
fn one(text: impl Into<String>) -> Program {
    tests::program(&[("main.infra".to_owned(), text.into())])
}
