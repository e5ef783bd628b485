//! A diagnostic with the source around it, drawn by miette. Labels in other files are drawn below, each with its own file.

use std::fmt;
use std::panic::AssertUnwindSafe;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, ThemeCharacters, ThemeStyles};
use source::{Diagnostic, FileId, Label, Severity, Sources};

use super::excerpt::{Excerpt, clamp};
use super::withheld::ShownFiles;
use super::{Terminal, concise, severity_word};

/// Lines that are longer are not drawn: nobody reads them, and drawing takes time for each column.
const LONGEST_LINE: u32 = 1_000;

/// The drawing of one diagnostic, with an empty line after it.
pub fn render(diagnostic: &Diagnostic, sources: &Sources, files: &ShownFiles, terminal: &Terminal) -> String {
    if has_long_line(diagnostic, sources) {
        return concise::render(diagnostic, sources);
    }
    let shown = Shown::new(diagnostic, sources, files);
    // The library that draws has panicked on odd spans before; a mistake must be told all the same.
    let drawn = crate::panics::without_hook(|| {
        std::panic::catch_unwind(AssertUnwindSafe(|| {
            let mut text = String::new();
            handler(terminal).render_report(&mut text, &shown).map(|()| text)
        }))
    });
    match drawn {
        Ok(Ok(text)) => format!("{}\n", tidy(&text)),
        Ok(Err(_)) | Err(_) => concise::render(diagnostic, sources),
    }
}

fn handler(terminal: &Terminal) -> GraphicalReportHandler {
    let theme = GraphicalTheme {
        characters: if terminal.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() },
        styles: if terminal.colour { ThemeStyles::ansi() } else { ThemeStyles::none() },
    };
    GraphicalReportHandler::new_themed(theme)
        .with_width(terminal.width)
        .with_links(false)
        .with_context_lines(1)
        .with_break_words(false)
}

/// Blanks at the ends of lines are taken off.
fn tidy(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

fn has_long_line(diagnostic: &Diagnostic, sources: &Sources) -> bool {
    diagnostic.labels.iter().any(|label| {
        let Some((file, range)) = sources.absolute(label.place) else { return false };
        let (first, last) = (file.line_column(range.start as u32).line, file.line_column(range.end as u32).line);
        (first.saturating_sub(1)..=last.saturating_add(1))
            .any(|line| file.line_range(line).is_some_and(|(start, end)| end.saturating_sub(start) > LONGEST_LINE))
    })
}

/// A diagnostic as miette takes it: one file, its labels, and what stands in other files as related diagnostics.
struct Shown<'a> {
    /// `error[unknown_field]`; none for what is only related.
    code: Option<String>,
    message: String,
    severity: miette::Severity,
    help: Option<String>,
    excerpt: Option<Excerpt<'a>>,
    labels: Vec<LabeledSpan>,
    related: Vec<Shown<'a>>,
}

impl<'a> Shown<'a> {
    fn new(diagnostic: &'a Diagnostic, sources: &'a Sources, files: &'a ShownFiles) -> Self {
        let file_of = |label: &Label| sources.absolute(label.place).map(|(file, _)| file.id);
        let main = diagnostic.labels.first().and_then(file_of);
        let (here, elsewhere): (Vec<&Label>, Vec<&Label>) =
            diagnostic.labels.iter().filter(|label| file_of(label).is_some()).partition(|label| file_of(label) == main);
        let related = elsewhere.into_iter().map(|label| Shown {
            code: None,
            message: if label.text.is_empty() { "see also".to_owned() } else { label.text.clone() },
            severity: miette::Severity::Advice,
            help: None,
            excerpt: excerpt(file_of(label), sources, files),
            labels: spans(&[label], sources, files, false),
            related: Vec::new(),
        });
        let mut help = diagnostic.help.clone();
        if help.is_empty() {
            help.extend(diagnostic.fix.iter().map(|fix| fix.title.clone()));
        }
        Shown {
            code: Some(format!("{}[{}]", severity_word(diagnostic.severity), diagnostic.code)),
            message: diagnostic.message.clone(),
            severity: match diagnostic.severity {
                Severity::Error => miette::Severity::Error,
                Severity::Warning => miette::Severity::Warning,
                Severity::Note => miette::Severity::Advice,
            },
            help: (!help.is_empty()).then(|| help.join("\n")),
            excerpt: excerpt(main, sources, files),
            labels: spans(&here, sources, files, true),
            related: related.collect(),
        }
    }
}

fn excerpt<'a>(file: Option<FileId>, sources: &'a Sources, files: &'a ShownFiles) -> Option<Excerpt<'a>> {
    let file = sources.file(file?)?;
    Some(Excerpt::new(file, files.file(file.id)?))
}

fn spans(labels: &[&Label], sources: &Sources, files: &ShownFiles, with_text: bool) -> Vec<LabeledSpan> {
    labels
        .iter()
        .enumerate()
        .filter_map(|(at, label)| {
            let (file, range) = sources.absolute(label.place)?;
            let shown = files.file(file.id)?;
            let range = clamp(&file.text, range);
            let range = shown.shown(range.start)..shown.shown(range.end);
            let text = (with_text && !label.text.is_empty()).then(|| label.text.clone());
            let span = (range.start, range.len());
            Some(if at == 0 {
                LabeledSpan::new_primary_with_span(text, span)
            } else {
                LabeledSpan::new_with_span(text, span)
            })
        })
        .collect()
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}
impl fmt::Display for Shown<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}
impl std::error::Error for Shown<'_> {}

impl miette::Diagnostic for Shown<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code.as_ref().map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }
    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }
    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        self.excerpt.as_ref().map(|excerpt| excerpt as &dyn miette::SourceCode)
    }
    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn miette::Diagnostic> + 'a>> {
        (!self.related.is_empty()).then(|| {
            Box::new(self.related.iter().map(|related| related as &dyn miette::Diagnostic))
                as Box<dyn Iterator<Item = _>>
        })
    }
}
