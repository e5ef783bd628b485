//! Shows diagnostics: in full with the source around them, one line each, or as JSON for programs. All of them go to the standard
//! error, sorted by file and place, with a count at the end; what a command produces is all that stands on the standard output.
//! Reports of code quality are such a product.

mod concise;
mod excerpt;
mod full;
mod github;
mod gitlab;
mod json;
mod page;
mod sarif;
mod shown_file;
mod terminal;
mod withheld;

use source::{Diagnostic, Severity, Sources, Withheld, bounded, on_one_line, sorted, visible};

pub use page::for_a_terminal;
pub use terminal::{Colour, Terminal};
use withheld::{ShownFiles, out_of_files};

/// So many are drawn with the source around them; the others are one line each.
const IN_FULL: usize = 50;

/// How diagnostics are shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum Format {
    /// With the source around each mistake.
    Full,
    /// `file:line:column: error[code]: message; help: …`, one line each.
    Concise,
    /// One JSON object a line.
    Json,
    /// Workflow commands: GitHub shows them at their lines.
    Github,
    /// A Code Quality report on the standard output, and one line each beside it.
    Gitlab,
    /// A SARIF report on the standard output, and one line each beside it.
    Sarif,
}

impl Format {
    /// The report of what was told, where the format is one document for a whole run.
    pub fn document(self, objects: Vec<serde_json::Value>) -> Option<serde_json::Value> {
        match self {
            Format::Gitlab => Some(gitlab::document(objects)),
            Format::Sarif => Some(sarif::document(objects)),
            Format::Full | Format::Concise | Format::Json | Format::Github => None,
        }
    }
}

/// The text of all diagnostics in this format, and how many there are.
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, format: Format, terminal: &Terminal) -> (String, Count) {
    let sorted = sorted(diagnostics, sources);
    let withheld = Withheld::of(diagnostics);
    let told = bounded(&sorted);
    let drawn = told.get(..IN_FULL).unwrap_or(&told);
    let files = match format {
        Format::Full => out_of_files(&withheld, drawn, sources),
        _ => ShownFiles::default(),
    };
    let mut text = String::new();
    for (at, diagnostic) in told.iter().enumerate() {
        let diagnostic = &withheld.out_of(diagnostic);
        text.push_str(&match format {
            Format::Full if at < drawn.len() => full::render(&spelt(diagnostic), sources, &files, terminal),
            Format::Full | Format::Concise | Format::Gitlab | Format::Sarif => concise::render(diagnostic, sources),
            Format::Json => json::render(diagnostic, sources),
            Format::Github => github::render(diagnostic, sources),
        });
    }
    let count = Count { left: sorted.len() - told.len(), ..Count::of(&sorted) };
    (text, count)
}

/// A diagnostic whose texts do nothing to a terminal.
fn spelt(diagnostic: &Diagnostic) -> Diagnostic {
    let mut shown = diagnostic.clone();
    shown.message = on_one_line(&shown.message).into_owned();
    for label in &mut shown.labels {
        label.text = on_one_line(&label.text).into_owned();
    }
    let titles = shown.fix.iter_mut().map(|fix| &mut fix.title);
    for text in shown.help.iter_mut().chain(titles) {
        *text = visible(text).into_owned();
    }
    shown
}

/// The diagnostics as they stand within a document for programs, in the same order; none where the format has no document.
pub fn objects(diagnostics: &[Diagnostic], sources: &Sources, format: Format) -> Vec<serde_json::Value> {
    let object = match format {
        Format::Json => json::object,
        Format::Gitlab => gitlab::finding,
        Format::Sarif => sarif::result,
        Format::Full | Format::Concise | Format::Github => return Vec::new(),
    };
    let withheld = Withheld::of(diagnostics);
    let told = bounded(&sorted(diagnostics, sources)).into_iter().map(|diagnostic| withheld.out_of(diagnostic));
    told.map(|diagnostic| object(&diagnostic, sources)).collect()
}

/// How many there are of each.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Count {
    pub errors: usize,
    pub warnings: usize,
    pub notes: usize,
    /// How many of them are counted only.
    pub left: usize,
}

impl Count {
    /// Counts them.
    pub fn of(diagnostics: &[&Diagnostic]) -> Self {
        let mut count = Self::default();
        for diagnostic in diagnostics {
            match diagnostic.severity {
                Severity::Error => count.errors += 1,
                Severity::Warning => count.warnings += 1,
                Severity::Note => count.notes += 1,
            }
        }
        count
    }
    /// What this and another count together.
    pub fn and(self, other: Self) -> Self {
        Self {
            errors: self.errors + other.errors,
            warnings: self.warnings + other.warnings,
            notes: self.notes + other.notes,
            left: self.left + other.left,
        }
    }
    /// The last line of all that is told.
    pub fn line(&self, format: Format) -> String {
        match format {
            Format::Json => json::render_count(self),
            _ => format!("{}\n", self.words()),
        }
    }
    /// `2 errors, 1 warning`
    pub fn words(&self) -> String {
        let parts = [(self.errors, "error"), (self.warnings, "warning"), (self.notes, "note")];
        let words: Vec<String> =
            parts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| plural(*count, word)).collect();
        let left = match self.left {
            0 => String::new(),
            left => format!("; {left} of them are not shown"),
        };
        if words.is_empty() { "no errors".to_owned() } else { words.join(", ") + &left }
    }
}

/// `1 file`, `2 files`.
pub fn plural(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

/// The name of a severity in every format.
pub fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

#[cfg(test)]
mod tests;
