//! A scene: files as text with the place that is asked about marked in it, and answers drawn out for snapshots.
//!
//! `$0` is the cursor, `$[` and `$]` stand around a range. A line `//- path.infra` begins a file; without one all of it is
//! `main.infra`. The file that holds a mark is the one that is asked about, else the first.

use std::ops::Range;

use ide::Asked;
use program::Program;
use program::cut::CutFile;
use source::Memory;

/// What an editor has open.
pub struct Scene {
    pub program: Program,
    /// The path of the file that is asked about.
    pub path: String,
    /// The file as it is now, without marks.
    pub file: CutFile,
    /// Where `$0` stands; 0 without one.
    pub cursor: u32,
    /// What stands between `$[` and `$]`; nothing without them.
    pub range: Range<u32>,
}

impl Scene {
    pub fn new(marked: &str) -> Self {
        let mut files: Vec<(String, String)> = Vec::new();
        for line in marked.trim_start_matches('\n').split_inclusive('\n') {
            match line.strip_prefix("//- ") {
                Some(path) => files.push((path.trim().to_owned(), String::new())),
                None => {
                    if files.is_empty() {
                        files.push(("main.infra".to_owned(), String::new()));
                    }
                    files.last_mut().unwrap().1.push_str(line);
                }
            }
        }
        if files.is_empty() {
            files.push(("main.infra".to_owned(), String::new()));
        }
        let (mut cursor, mut range) = (0, 0..0);
        let asked = files.iter().position(|(_, text)| text.contains("$0") || text.contains("$[")).unwrap_or(0);
        let text = &mut files[asked].1;
        for mark in ["$0", "$[", "$]"] {
            if let Some(at) = text.find(mark) {
                text.replace_range(at..at + 2, "");
                match mark {
                    "$0" => cursor = at as u32,
                    "$[" => range.start = at as u32,
                    _ => range.end = at as u32,
                }
            }
        }
        let (path, text) = files[asked].clone();
        let program = Program::load(Memory::new(files), "");
        Self { program, path, file: CutFile::new(text.into()), cursor, range }
    }

    /// The question that a feature gets.
    pub fn asked(&self) -> Asked<'_> {
        Asked { program: &self.program, path: &self.path, file: &self.file }
    }

    /// The text of a range.
    pub fn text(&self, range: &Range<u32>) -> &str {
        &self.file.text[range.start as usize..range.end as usize]
    }

    /// The text with what is said of its ranges below their lines. What goes on to another line ends in `…N`, N being the
    /// number of that line.
    pub fn draw(&self, marks: &[(Range<u32>, String)]) -> String {
        draw(&self.file.text, marks)
    }
}

/// A text with what is said of its ranges below their lines; lines without a mark far from any are left out.
pub fn draw(text: &str, marks: &[(Range<u32>, String)]) -> String {
    let mut drawn = String::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        drawn.push_str(&format!("{}\n", line.trim_end_matches(['\n', '\r'])));
        let at_end = end == text.len() && !line.ends_with('\n');
        for (range, said) in marks {
            let from = range.start as usize;
            if (start..end).contains(&from) || at_end && from == end {
                let blanks = text[start..from].chars().count();
                let stop = (range.end as usize).min(start + line.trim_end_matches(['\n', '\r']).len()).max(from);
                let width = text[from..stop].chars().count();
                let carets = if width == 0 { "|".to_owned() } else { "^".repeat(width) };
                let goes_on = if range.end as usize > end {
                    format!("…{}", text[..range.end as usize].trim_end_matches('\n').matches('\n').count() + 1)
                } else {
                    String::new()
                };
                drawn.push_str(format!("{}{carets}{goes_on} {said}", " ".repeat(blanks)).trim_end());
                drawn.push('\n');
            }
        }
        start = end;
    }
    drawn
}

/// A text after edits, which are checked to be in order and apart.
pub fn edited(text: &str, changes: &[(Range<u32>, String)]) -> String {
    let mut result = String::new();
    let mut at = 0;
    for (range, new) in changes {
        assert!(range.start as usize >= at && range.end >= range.start, "{changes:?} overlap");
        result.push_str(&text[at..range.start as usize]);
        result.push_str(new);
        at = range.end as usize;
    }
    result + &text[at..]
}
