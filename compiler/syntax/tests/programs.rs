//! The programs that the language must carry parse without a mistake.

use std::fs;
use std::path::PathBuf;

fn programs() -> Vec<(String, String)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/programs");
    let mut files = Vec::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push((path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

#[test]
fn the_programs_have_no_syntax_errors() {
    let mut told = Vec::new();
    for (name, text) in programs() {
        let (items, errors) = syntax::items(&text);
        assert!(errors.is_empty());
        assert!(items.len() > 5, "{name}: {}", items.len());
        for item in items {
            for error in syntax::parse(item.text).errors {
                let line = text[..(item.start + error.start) as usize].lines().count();
                told.push(format!("{name}:{line}: {} ({}); {}", error.message, error.code, error.help));
            }
        }
    }
    assert!(told.is_empty(), "{}", told.join("\n"));
}
