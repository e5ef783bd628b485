//! What the inputs are made of: the cases with one mistake each, the examples and the library.

use std::path::Path;
use std::sync::LazyLock;

/// What a text without a project of its own stands in.
const PROJECT: &str = "project shop { edition = 1 }
environment prod { tier = prod, on = [aws(region = \"eu-west-3\"), kubernetes(context = \"shop\")], choose { secret = aws, volume = aws } }
";

/// Two arguments without a comma between them, in front of lines that go on: laid out as if it could be read, it was another text each time.
const ALMOST: &str = "private fn f(o:opening) -> string = if g(o.others others, x)\nthen(x)\nelse p\n";

/// A list that is broken for want of room, in front of an operator that finds room once it is.
const BROKEN_IN_ROUNDS: &str = "output volume = first([for d in machine.ebs_block_device if d.device_name == \"x\" and d.encrypted: d])?.volume_id ?? \"none\"\n";

/// A mark of the encoding behind a blank line, which begins the file once the line is gone.
const MARK_BEHIND_A_BLANK_LINE: &str = "\n\u{feff}let a = 1\n";

/// Programs of one file each: that is where the changes meet.
pub static PROGRAMS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut texts = Vec::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/cases"), &mut texts);
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples"), &mut texts);
    assert!(texts.len() > 300, "only {} programs were found", texts.len());
    texts.iter().map(|text| whole(text)).collect()
});

/// The same and the library's own files: for whoever reads texts and asks for no program.
pub static TEXTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut texts = PROGRAMS.clone();
    texts.extend([ALMOST, BROKEN_IN_ROUNDS, MARK_BEHIND_A_BLANK_LINE].map(str::to_owned));
    texts.extend(stdlib::files().iter().map(|(_, text)| (*text).to_owned()));
    texts
});

fn read(folder: &Path, texts: &mut Vec<String>) {
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            read(&path, texts);
        } else if path.extension().is_some_and(|ending| ending == "infra") {
            texts.push(std::fs::read_to_string(&path).unwrap());
        }
    }
}

/// The first file of a case with its mistake mended, and a project.
fn whole(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    let mut mended = false;
    for line in text.lines().take_while(|line| !line.starts_with("//- ")) {
        match line.trim_start().strip_prefix("//=") {
            Some(right) => {
                if !mended {
                    lines.pop();
                }
                lines.push(right.strip_prefix(' ').unwrap_or(right));
                mended = true;
            }
            None => {
                lines.push(line);
                mended = false;
            }
        }
    }
    let text = lines.join("\n");
    if text.contains("project ") { text } else { format!("{PROJECT}{text}\n") }
}
