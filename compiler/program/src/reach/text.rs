//! Answers as text for people.

use super::{Answer, Layer, Verdict};

impl Answer {
    /// The verdict on the first line, one line for each layer with its place below, and what the declared flows say of it.
    pub fn text(&self) -> String {
        let mut text =
            format!("{} -> {}.{} ({}): {}\n", self.from, self.to, self.label, self.port, self.verdict.text());
        let width = self.layers.iter().map(|layer| layer.name.len()).max().unwrap_or_default();
        for layer in &self.layers {
            text.push_str(&line(layer, width));
        }
        match (&self.declared, self.verdict) {
            (Some(at), Verdict::Open) => text.push_str(&format!("  declared at {at}\n")),
            (Some(at), Verdict::Unknown) => {
                text.push_str(&format!("  declared at {at}; whether it is open cannot be said\n"))
            }
            (Some(at), Verdict::Closed) => text.push_str(&format!("  declared at {at}, and stopped\n")),
            (None, Verdict::Open) if self.by_ranges => {
                text.push_str("  no flow names both ends; each is let in or out by a range that the other lies in\n")
            }
            (None, Verdict::Open) => text.push_str("  open, and nobody declared it\n"),
            (None, Verdict::Unknown | Verdict::Closed) => text.push_str("  no flow declares it\n"),
        }
        text
    }

    fn pair(&self) -> String {
        format!("{} -> {}.{} ({})", self.from, self.to, self.label, self.port)
    }
}

fn line(layer: &Layer, width: usize) -> String {
    let at = layer.at.as_ref().map(|at| format!("  {at}")).unwrap_or_default();
    format!("  {:<7}  {:<width$}  {}{at}\n", layer.verdict.text(), layer.name, layer.says)
}

/// All pairs: for each port who reaches it, who may, who does not; then what the declared flows say otherwise.
pub fn matrix(answers: &[Answer]) -> String {
    let mut text = String::new();
    for of_one in answers.chunk_by(|left, right| left.to == right.to && left.label == right.label) {
        let Some(first) = of_one.first() else { continue };
        text.push_str(&format!("{}.{} ({})\n", first.to, first.label, first.port));
        for verdict in [Verdict::Open, Verdict::Unknown, Verdict::Closed] {
            let callers: Vec<&str> =
                of_one.iter().filter(|answer| answer.verdict == verdict).map(|answer| answer.from.as_str()).collect();
            if !callers.is_empty() {
                text.push_str(&format!("  {:<7}  {}\n", verdict.text(), callers.join(", ")));
            }
        }
    }
    for answer in answers {
        let stops = answer.layers.iter().find(|layer| layer.verdict == Verdict::Closed);
        match (&answer.declared, stops) {
            (Some(at), Some(layer)) => {
                let place = layer.at.as_ref().map(|at| format!("  {at}")).unwrap_or_default();
                text.push_str(&format!(
                    "declared and stopped: {}  {at}\n  {}: {}{place}\n",
                    answer.pair(),
                    layer.name,
                    layer.says
                ));
            }
            _ if answer.is_undeclared() => text.push_str(&format!("open, and nobody declared it: {}\n", answer.pair())),
            _ => {}
        }
    }
    let count = |verdict| answers.iter().filter(|answer| answer.verdict == verdict).count();
    text.push_str(&format!(
        "{} pairs: {} open, {} unknown, {} closed\n",
        answers.len(),
        count(Verdict::Open),
        count(Verdict::Unknown),
        count(Verdict::Closed)
    ));
    text
}
