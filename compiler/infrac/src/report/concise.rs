//! One line each, as compilers write them and editors read them.

use source::{Diagnostic, Sources, visible};

use super::severity_word;

/// `main.infra:12:5: error[unknown_field]: message; help: …`
pub fn render(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let place = diagnostic.place().map_or_else(|| "infrac".to_owned(), |place| sources.show(place));
    let mut line =
        format!("{place}: {}[{}]: {}", severity_word(diagnostic.severity), diagnostic.code, diagnostic.message);
    for label in diagnostic.labels.iter().skip(1) {
        line.push_str(&format!("; {} at {}", label.text, sources.show(label.place)));
    }
    for help in &diagnostic.help {
        line.push_str(&format!("; help: {help}"));
    }
    format!("{}\n", visible(&line.replace(['\n', '\r'], " ")))
}
