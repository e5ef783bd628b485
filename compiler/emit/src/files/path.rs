//! What a file may say: where it lies, who may read it, what stands in it.

use std::collections::BTreeMap;

use graph::Resource;
use source::{Diagnostic, Name};
use value::{Step, Store, Value};

use crate::files::{CONTENTS, field, text};
use crate::index::Index;

/// Names that some system keeps for itself, whatever follows a dot.
const RESERVED: [&str; 4] = ["con", "prn", "aux", "nul"];

/// Tells modes that no file can have, and files that say their content never or twice.
pub fn refuse<'g>(
    index: &Index<'g>,
    own: impl Iterator<Item = (usize, &'g Resource)> + Clone,
    told: &mut Vec<Diagnostic>,
) {
    for (at, resource) in own.clone() {
        let error =
            |name: &str, message: String| index.error("wrong_file", resource, &[Step::Field(Name::new(name))], message);
        if let Some(mode) = text(index, at, "mode").filter(|mode| read_mode(mode).is_none()) {
            let message = format!("`{mode}` is no mode of a file");
            told.push(error("mode", message).help("write three digits from 0 to 7, such as `0644` or `0600`"));
        }
        let contents = CONTENTS.iter().filter(|name| field(index, at, name) != Store::ABSENT).count();
        if contents != 1 {
            let message = format!(
                "`{}` says {} of `content` and `withheld`",
                index.address(resource.address),
                if contents == 0 { "none" } else { "both" }
            );
            told.push(error("content", message).help("say one: `withheld` is what is known later and may be secret"));
        }
    }
    refuse_paths(index, own, told);
}

/// Tells paths that no file can have, and files that would take each other's place.
pub fn refuse_paths<'g>(
    index: &Index<'g>,
    own: impl Iterator<Item = (usize, &'g Resource)>,
    told: &mut Vec<Diagnostic>,
) {
    let mut taken: BTreeMap<String, &Resource> = BTreeMap::new();
    for (at, resource) in own {
        let error = |message: String| index.error("wrong_file", resource, &[Step::Field(Name::new("path"))], message);
        let Some(path) = text(index, at, "path") else {
            let message = format!("the path of `{}` is no text that is known", index.address(resource.address));
            told.push(error(message).help("say it in the program: files are written before anything runs"));
            continue;
        };
        if let Some(mistake) = mistake(&path) {
            let message = format!("`{path}` cannot be the path of a file: {mistake}");
            told.push(error(message).help("write a path below the folder of the environment's files: `conf/app.ini`"));
            continue;
        }
        // Some systems take no notice of capitals.
        if let Some(other) = taken.insert(path.to_lowercase(), resource) {
            told.push(same_path(index, resource, other, format!("are both written to `{path}`")));
        }
    }
    for (path, resource) in &taken {
        let above = path.match_indices('/').filter_map(|(end, _)| path.get(..end));
        for other in above.filter_map(|above| taken.get(above)) {
            told.push(same_path(index, resource, other, "need a file and a folder of one name".to_owned()));
        }
    }
}

fn same_path(index: &Index<'_>, resource: &Resource, other: &Resource, what: String) -> Diagnostic {
    let message = format!("`{}` and `{}` {what}", index.address(other.address), index.address(resource.address));
    let path = [Step::Field(Name::new("path"))];
    index
        .error("same_path", resource, &path, message)
        .also(index.place(other, &path), "the other one")
        .help("give one of them another path")
}

/// What is wrong with a path.
fn mistake(path: &str) -> Option<&'static str> {
    let is_reserved = |step: &str| {
        let name = step.split('.').next().unwrap_or_default().to_ascii_lowercase();
        let is_device = |kind| {
            name.strip_prefix(kind)
                .is_some_and(|n: &str| n.len() == 1 && n != "0" && n.bytes().all(|b| b.is_ascii_digit()))
        };
        RESERVED.contains(&name.as_str()) || is_device("com") || is_device("lpt")
    };
    let mut steps = path.split('/');
    match path {
        "" => Some("it is empty"),
        path if path.starts_with('/') => Some("it begins at the root"),
        path if path.contains(|letter: char| letter.is_control() || "\\:*?\"<>|".contains(letter)) => {
            Some("some system has no such letters in names")
        }
        _ if steps.clone().any(|step| step == ".." || step == ".") => Some("it has steps that lead elsewhere"),
        _ if steps.clone().any(str::is_empty) => Some("it has an empty step"),
        _ if steps.clone().any(|step| step.len() > 255) => Some("a step is longer than 255 bytes"),
        _ if steps.clone().any(|step| step.ends_with(['.', ' '])) => Some("a step ends with a dot or a blank"),
        _ if steps.any(is_reserved) => Some("some system keeps that name for itself"),
        _ => None,
    }
}

/// The permissions that a file asks for.
pub fn mode(index: &Index<'_>, at: usize) -> Option<u32> {
    match index.store.get(field(index, at, "mode")) {
        Value::Text(text) => read_mode(text),
        _ => None,
    }
}

fn read_mode(text: &str) -> Option<u32> {
    let digits = text.strip_prefix('0').filter(|rest| rest.len() == 3).unwrap_or(text);
    let is_mode = digits.len() == 3 && digits.bytes().all(|digit| (b'0'..=b'7').contains(&digit));
    is_mode.then(|| u32::from_str_radix(digits, 8).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::{mistake, read_mode};

    #[test]
    fn a_path_stays_below_its_folder_on_every_system() {
        for path in ["notes.txt", "conf/app.ini", ".hidden", "a b/ü.txt", "console", "com", "com0.txt", "a..b"] {
            assert_eq!(mistake(path), None, "{path}");
        }
        for path in [
            "",
            "/etc/passwd",
            "../x",
            "a/../b",
            "a/./b",
            ".",
            "a//b",
            "a/",
            "C:/x",
            "a\\b",
            "a\nb",
            "x.",
            "x ",
            "NUL",
            "con.txt",
            "a/COM1.log",
            "lpt9",
        ] {
            assert!(mistake(path).is_some(), "{path}");
        }
    }

    #[test]
    fn a_mode_is_three_digits() {
        assert_eq!([read_mode("0644"), read_mode("600"), read_mode("755")], [Some(0o644), Some(0o600), Some(0o755)]);
        assert_eq!(
            [read_mode("64"), read_mode("4755"), read_mode("0999"), read_mode("rw-"), read_mode("+64")],
            [None; 5]
        );
    }
}
