//! The texts that grammars are tried on: every `.infra` file of the repository and every `infra` block of its pages.

use std::path::{Path, PathBuf};

/// A text and where it stands.
#[derive(Clone, Debug)]
pub struct Text {
    pub place: String,
    pub text: String,
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Whatever has no mistake in its shape: all files, those of the tests included, and the blocks of all pages.
pub fn well_formed() -> Vec<Text> {
    let mut texts = Vec::new();
    infra_files(root(), &mut texts);
    for folder in ["compiler", "examples", "stdlib", "README.md"] {
        for page in with_ending(&root().join(folder), "md") {
            texts.extend(blocks(&page));
        }
    }
    texts.retain(|text| is_well_formed(&text.text));
    texts
}

fn is_well_formed(text: &str) -> bool {
    let (items, errors) = syntax::items(text);
    errors.is_empty() && items.iter().all(|item| syntax::parse(item.text).errors.is_empty())
}

fn infra_files(folder: &Path, texts: &mut Vec<Text>) {
    for path in with_ending(folder, "infra") {
        // Some are not UTF-8, for a test of just that.
        if let Ok(text) = std::fs::read_to_string(&path) {
            texts.push(Text { place: place(&path), text });
        }
    }
}

fn place(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().into_owned()
}

/// Files with this ending, sorted, without what is built or fetched.
pub fn with_ending(path: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut left = vec![path.to_owned()];
    while let Some(path) = left.pop() {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            let built = ["target", "out", "node_modules"].contains(&name.as_str());
            if !built && (path == root() || !name.starts_with('.')) && !path.is_symlink() {
                let entries = std::fs::read_dir(&path).unwrap();
                left.extend(entries.map(|entry| entry.unwrap().path()));
            }
        } else if path.extension().is_some_and(|other| other == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The `infra` blocks of a page. One of `values` has a value and what it is on each line: each becomes an output.
fn blocks(page: &Path) -> Vec<Text> {
    let text = std::fs::read_to_string(page).unwrap();
    let mut found = Vec::new();
    let mut open: Option<(Text, bool)> = None;
    for (number, line) in text.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(words)) if words.split(' ').next() == Some("infra") => {
                let place = format!("{}:{}", place(page), number + 1);
                open = Some((Text { place, text: String::new() }, words.contains(" values")));
            }
            (Some(_), Some(_)) => found.extend(open.take().map(|(text, _)| text)),
            (Some((block, values)), None) => {
                let values = *values && !line.trim().is_empty();
                block.text.push_str(if values { "output value = " } else { "" });
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, _) => {}
        }
    }
    found
}
