//! Whatever stands in the files, `check` ends, says what is wrong and where, and never panics: broken text, deep text, long text,
//! programs that would never end, files that are no text, folders that cannot be read or written.

mod broken;
mod endless;
mod files;
mod output;

use program::Program;
use source::Severity;
use tests::told;

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
