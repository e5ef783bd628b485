//! Messages as GitHub Actions shows them beside the lines of a pull request: workflow commands, one line each, as
//! <https://docs.github.com/actions/reference/workflow-commands-for-github-actions> describes them.

use source::{Diagnostic, Severity, Sources, on_one_line, visible};

/// `::error file=main.infra,line=3,endLine=3,col=5,endColumn=9,title=unknown_field::message`
pub fn render(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let command = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let place = diagnostic.place().and_then(|place| sources.absolute(place)).map(|(file, range)| {
        let (start, end) = (file.line_column(range.start as u32), file.line_column(range.end as u32));
        let columns = match start.line == end.line {
            // Columns count only where both ends are on one line.
            true => format!("col={},endColumn={},", start.column, end.column),
            false => String::new(),
        };
        format!("file={},line={},endLine={},{columns}", property(&file.shown), start.line, end.line)
    });
    let help = diagnostic.help.iter().map(|help| format!("\nhelp: {help}"));
    let text = format!("{}{}", on_one_line(&diagnostic.message), help.collect::<String>());
    format!("::{command} {}title={}::{}\n", place.unwrap_or_default(), property(diagnostic.code), data(&visible(&text)))
}

/// A text behind `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
