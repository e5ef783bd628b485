//! The programs below `examples`, as texts.

use std::path::Path;

/// One of them: the name of its folder, and its `.infra` files by path, sorted.
#[derive(Clone, Debug)]
pub struct Example {
    pub name: String,
    pub files: Vec<(String, String)>,
}

/// A line of the fleet's plan that is left out here: what holds of four racks in a role holds of twenty, and takes no minutes.
fn is_one_rack_more(line: &str) -> bool {
    let mut letters = line.trim_start().chars();
    letters.next().is_some_and(|letter| ('c'..='t').contains(&letter)) && letters.as_str().starts_with(" = 10.8.")
}

/// All of them, sorted by name. One that cannot be read has no files, which no test lets pass.
pub fn examples() -> Vec<Example> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let mut found: Vec<Example> = folders(&root)
        .into_iter()
        .map(|name| {
            let mut files = Vec::new();
            read(&root.join(&name), "", &mut files);
            files.sort();
            Example { name, files }
        })
        .collect();
    found.sort_by(|left, right| left.name.cmp(&right.name));
    found
}

fn folders(path: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    entries.filter(|entry| entry.path().is_dir()).filter_map(|entry| entry.file_name().into_string().ok()).collect()
}

fn read(folder: &Path, prefix: &str, files: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let Ok(name) = entry.file_name().into_string() else { continue };
        if entry.path().is_dir() {
            if name != "out" && !name.starts_with('.') {
                read(&entry.path(), &format!("{prefix}{name}/"), files);
            }
        } else if name.ends_with(".infra")
            && let Ok(text) = std::fs::read_to_string(entry.path())
        {
            let few: String = text.split_inclusive('\n').filter(|line| !is_one_rack_more(line)).collect();
            files.push((format!("{prefix}{name}"), few.replace("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]", "[1, 2]")));
        }
    }
}
