//! Shows diagnostics: in full with the source around them, one line each, or as JSON for programs. All of them go to the standard
//! error, sorted by file and place, with a count at the end; what a command produces is all that stands on the standard output.

mod concise;
mod excerpt;
mod full;
mod json;
mod terminal;
mod withheld;

use source::{Diagnostic, Severity, Sources};

pub use terminal::Terminal;
use withheld::{ShownFiles, Withheld};

/// How diagnostics are shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum Format {
    /// With the source around each mistake.
    Full,
    /// `file:line:column: error[code]: message; help: …`, one line each.
    Concise,
    /// One JSON object a line.
    Json,
}

/// The text of all diagnostics in this format, with its count; empty when there are none.
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, format: Format, terminal: &Terminal) -> String {
    let sorted = sorted(diagnostics, sources);
    if sorted.is_empty() && format != Format::Json {
        return String::new();
    }
    let withheld = Withheld::of(diagnostics);
    let files = match format {
        Format::Full => withheld.out_of_files(diagnostics, sources),
        Format::Concise | Format::Json => ShownFiles::default(),
    };
    let mut text = String::new();
    for diagnostic in &sorted {
        let diagnostic = &withheld.out_of(diagnostic);
        text.push_str(&match format {
            Format::Full => full::render(diagnostic, sources, &files, terminal),
            Format::Concise => concise::render(diagnostic, sources),
            Format::Json => json::render(diagnostic, sources),
        });
    }
    let count = Count::of(&sorted);
    text.push_str(&match format {
        Format::Full | Format::Concise => format!("{}\n", count.words()),
        Format::Json => json::render_count(&count),
    });
    text
}

/// The diagnostics as they stand within a document for programs, in the same order.
pub fn objects(diagnostics: &[Diagnostic], sources: &Sources) -> Vec<serde_json::Value> {
    let withheld = Withheld::of(diagnostics);
    let shown = sorted(diagnostics, sources).into_iter().map(|diagnostic| withheld.out_of(diagnostic));
    shown.map(|diagnostic| json::object(&diagnostic, sources)).collect()
}

/// How many there are of each.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Count {
    pub errors: usize,
    pub warnings: usize,
    pub notes: usize,
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
    /// `2 errors, 1 warning`
    pub fn words(&self) -> String {
        let parts = [(self.errors, "error"), (self.warnings, "warning"), (self.notes, "note")];
        let words: Vec<String> =
            parts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| plural(*count, word)).collect();
        if words.is_empty() { "no errors".to_owned() } else { words.join(", ") }
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

/// By file, place, severity and text, so that the order is the same whoever told them; what has no place comes first.
fn sorted<'a>(diagnostics: &'a [Diagnostic], sources: &Sources) -> Vec<&'a Diagnostic> {
    let key = |diagnostic: &'a Diagnostic| {
        let at = diagnostic.place().map(|place| match sources.absolute(place) {
            Some((file, range)) => (&*file.shown, range.start, range.end),
            None => (place.item.file().path(), 0, 0),
        });
        (at, diagnostic.severity, diagnostic.code, diagnostic.message.as_str())
    };
    let mut all: Vec<&Diagnostic> = diagnostics.iter().collect();
    all.sort_by(|left, right| key(left).cmp(&key(right)));
    all
}

#[cfg(test)]
mod tests;
