//! One line each, as compilers write them and editors read them.

use source::{Diagnostic, Sources, visible};

use super::severity_word;

/// `main.infra:12:5: error[unknown_field]: message; help: …`
pub fn render(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let place = diagnostic.place().map_or_else(|| "infrac".to_owned(), |place| sources.show(place));
    let mut line =
        format!("{place}: {}[{}]: {}", severity_word(diagnostic.severity), diagnostic.code, diagnostic.message);
    for label in diagnostic.labels.iter().skip(1) {
        let place = sources.show(label.place);
        line.push_str(&if label.text.is_empty() {
            format!("; at {place}")
        } else {
            format!("; {} at {place}", label.text)
        });
    }
    for help in &diagnostic.help {
        line.push_str(&format!("; help: {help}"));
    }
    format!("{}\n", visible(&line.replace(['\n', '\r'], " ")))
}
