//! Waivers as a list for people.

use super::Waiver;

/// How many addresses are named before the rest is counted.
const NAMED: usize = 4;

impl Waiver {
    /// Place and check on the first line; below it the reason, the end, and what is covered.
    pub fn text(&self, today: i32) -> String {
        let expired = if self.expired(today) { "  EXPIRED" } else { "" };
        let until = self.until_text().map_or_else(|| "no end".to_owned(), |date| format!("until {date}"));
        let mut text = format!("{}  {}  {until}{expired}\n", self.at, self.check);
        text.push_str(&format!("  because {}\n", self.because));
        if self.warning {
            text.push_str("  a warning of infrac's\n");
        } else if self.covers.is_empty() {
            text.push_str("  covers nothing here: take it away\n");
        }
        // Environments in which it covers the same are named together.
        let mut said: Vec<(Vec<&str>, &Vec<String>)> = Vec::new();
        for (environment, addresses) in &self.covers {
            match said.iter_mut().find(|(_, other)| *other == addresses) {
                Some((environments, _)) => environments.push(environment.text()),
                None => said.push((vec![environment.text()], addresses)),
            }
        }
        for (environments, addresses) in said {
            text.push_str(&format!("  covers {} in {}\n", named(addresses), environments.join(", ")));
        }
        text
    }
}

fn named(addresses: &[String]) -> String {
    let shown = addresses.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    match addresses.len().checked_sub(NAMED) {
        None | Some(0) => shown,
        Some(more) => format!("{shown} and {more} more"),
    }
}
