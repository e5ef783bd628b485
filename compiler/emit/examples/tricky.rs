//! Prints the tricky texts as the YAML that infrac writes (`yaml`) or as the JSON that a reader must find in it (`json`).

use std::io::Write;

#[path = "../tests/tricky/mod.rs"]
mod tricky;

fn main() -> std::io::Result<()> {
    let text = match std::env::args().nth(1).as_deref() {
        Some("yaml") => tricky::document(),
        _ => tricky::expected().to_string(),
    };
    std::io::stdout().write_all(text.as_bytes())
}
