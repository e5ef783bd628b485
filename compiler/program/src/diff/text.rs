//! Differences for people: each field once, with a line for each side.

use super::{Diff, Difference, Side};

/// Reasons that are named for a side.
const REASONS: usize = 3;

impl Diff {
    /// The whole list, with a count at the end.
    pub fn text(&self) -> String {
        if self.is_empty() {
            return format!("{} and {} are the same\n", self.left, self.right);
        }
        let mut text = String::new();
        for only in &self.only {
            text.push_str(&format!("{} {}  only in {}  {}\n", only.kind, only.address, only.environment, only.at));
        }
        if !self.only.is_empty() && !self.fields.is_empty() {
            text.push('\n');
        }
        let width = self.left.len().max(self.right.len());
        for field in &self.fields {
            text.push_str(&self.field(field, width));
        }
        let mut counts = Vec::new();
        if !self.fields.is_empty() {
            counts.push(counted(self.fields.len(), "field differs", "fields differ"));
        }
        if !self.only.is_empty() {
            counts.push(counted(self.only.len(), "stands in one of them only", "stand in one of them only"));
        }
        text.push_str(&format!("\n{}\n", counts.join(", ")));
        text
    }

    fn field(&self, field: &Difference, width: usize) -> String {
        let dot = if field.field.starts_with('[') { "" } else { "." };
        format!(
            "{}{dot}{}  ({})\n  {:<width$}  {}  {:<width$}  {}",
            field.address,
            field.field,
            field.kind,
            self.left,
            side(&field.left),
            self.right,
            side(&field.right),
        )
    }
}

fn side(side: &Side) -> String {
    let mut text = format!("{}  {}\n", side.value.as_deref().unwrap_or("absent"), side.at);
    for read in side.because.iter().take(REASONS) {
        let how = if read.how.is_empty() { String::new() } else { format!(", {}", read.how) };
        text.push_str(&format!("    by {}{how}  {}\n", read.what, read.at));
    }
    text
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
