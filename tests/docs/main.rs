//! The documentation is true: every block of code compiles or is refused as it says, every built-in and every message has its
//! entry, and the sessions of the README give what they show.

mod blocks;
mod built_ins;
mod codes;
mod library;
mod readme;

use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The markdown files of a folder, sorted, by their path from the root.
pub fn markdown(folder: &str) -> Vec<(String, String)> {
    let mut names: Vec<String> = std::fs::read_dir(root().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.retain(|name| name.ends_with(".md"));
    names.sort();
    names
        .into_iter()
        .map(|name| (format!("{folder}/{name}"), std::fs::read_to_string(root().join(folder).join(name)).unwrap()))
        .collect()
}

#[test]
fn every_block_of_the_reference_is_true() {
    assert!(blocks::try_all(&markdown("compiler/program/reference")) > 50);
}

#[test]
fn every_explanation_is_true() {
    assert!(blocks::try_all(&markdown("compiler/program/explain")) > 150);
}

#[test]
fn links_between_pages_lead_somewhere() {
    let mut broken = String::new();
    let mut pages = markdown("compiler/program/reference");
    pages.push(("README.md".to_owned(), std::fs::read_to_string(root().join("README.md")).unwrap()));
    for (file, text) in &pages {
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = target.split('#').next().unwrap_or("");
            if path.is_empty() || path.contains("://") {
                continue;
            }
            let folder = Path::new(file).parent().unwrap();
            if !root().join(folder).join(path).exists() {
                broken.push_str(&format!("{file}: {target}\n"));
            }
        }
    }
    assert!(broken.is_empty(), "{broken}");
}
