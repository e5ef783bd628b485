//! The trees of `test/corpus` and the colours of `test/highlight`, in the forms that `tree-sitter test` reads.

use std::path::PathBuf;

use crate::highlights;
use crate::texts::{root, with_ending};

fn folder(name: &str) -> PathBuf {
    root().join("editors/tree-sitter-infra/test").join(name)
}

struct Case {
    name: String,
    text: String,
    tree: String,
}

/// `===`, a name, `===`, a text, `---`, its tree; as often as one likes.
fn cases(file: &str) -> Vec<Case> {
    let lines: Vec<&str> = file.lines().collect();
    let is_bar = |line: &&str, sign: char| line.len() >= 3 && line.chars().all(|character| character == sign);
    let heads: Vec<usize> = (0..lines.len())
        .filter(|at| is_bar(&lines[*at], '=') && at + 2 < lines.len() && is_bar(&lines[at + 2], '='))
        .collect();
    let mut found = Vec::new();
    for (nth, head) in heads.iter().enumerate() {
        let end = heads.get(nth + 1).copied().unwrap_or(lines.len());
        let body = &lines[head + 3..end];
        let bar = body.iter().position(|line| is_bar(line, '-')).unwrap_or(body.len());
        found.push(Case {
            name: lines[head + 1].to_owned(),
            text: format!("{}\n", body[..bar].join("\n").trim_matches('\n')),
            tree: body.get(bar + 1..).unwrap_or(&[]).join("\n").trim().to_owned(),
        });
    }
    found
}

/// A tree, one node a line.
fn drawn(tree: &str) -> String {
    let mut out = String::new();
    let mut depth = 0;
    let mut rest = tree;
    while let Some(first) = rest.chars().next() {
        let piece = rest.split_inclusive([' ', ')']).next().unwrap_or(rest);
        match first {
            '(' => {
                if !out.is_empty() && !out.ends_with(": ") {
                    out.push_str(&format!("\n{}", "  ".repeat(depth)));
                }
                depth += 1;
                out.push_str(piece.trim_end());
            }
            ')' => out.push(')'),
            ' ' => {}
            _ if piece.ends_with(": ") => out.push_str(&format!("\n{}{piece}", "  ".repeat(depth))),
            _ => out.push_str(&format!(" {}", piece.trim_end())),
        }
        depth -= piece.matches(')').count();
        rest = &rest[piece.len()..];
    }
    out
}

/// `UPDATE_CORPUS=1` writes the trees as they are: read them in the difference.
#[test]
fn the_corpus_has_the_trees_that_it_shows() {
    let update = std::env::var_os("UPDATE_CORPUS").is_some();
    let mut count = 0;
    for path in with_ending(&folder("corpus"), "txt") {
        let file = std::fs::read_to_string(&path).unwrap();
        let mut written = String::new();
        for case in cases(&file) {
            count += 1;
            let tree = drawn(&highlights::parse(&case.text).root_node().to_sexp());
            if !update {
                assert_eq!(case.tree, tree, "{}: {}", path.display(), case.name);
            }
            let bar = "=".repeat(80);
            written.push_str(&format!(
                "{bar}\n{}\n{bar}\n\n{}\n{}\n\n{tree}\n\n",
                case.name,
                case.text,
                "-".repeat(80)
            ));
        }
        if update {
            std::fs::write(&path, format!("{}\n", written.trim_end())).unwrap();
        }
    }
    println!("{count} trees");
    assert!(count > 20, "only {count} cases were found");
}

/// `// ^^^ keyword` and `// <- keyword` below a line: what stands above the signs.
#[test]
fn the_colours_are_those_that_the_marks_say() {
    let mut count = 0;
    for path in with_ending(&folder("highlight"), "infra") {
        let text = std::fs::read_to_string(&path).unwrap();
        let captures = highlights::captures(tree_sitter_infra::HIGHLIGHTS_QUERY, &text);
        // Where the last line begins that has no marks.
        let (mut above, mut at) = (0, 0);
        for (number, line) in text.split_inclusive('\n').enumerate() {
            let marks = line.trim_start().strip_prefix("//").map(str::trim_start);
            let Some(marks) = marks.filter(|marks| marks.starts_with('^') || marks.starts_with("<-")) else {
                (above, at) = (at, at + line.len());
                continue;
            };
            at += line.len();
            let expected = marks.trim_start_matches(['^', '<', '-']).trim();
            let columns: Vec<usize> = match marks.starts_with('^') {
                true => line.match_indices('^').map(|(column, _)| column).collect(),
                false => vec![line.find("//").unwrap_or(0)],
            };
            for column in columns {
                let place = above + column;
                let found =
                    captures.iter().find(|(range, _)| range.contains(&place)).map_or("nothing", |(_, name)| name);
                count += 1;
                assert_eq!(found, expected, "{}:{}, column {}", path.display(), number + 1, column + 1);
            }
        }
    }
    println!("{count} marks");
    assert!(count > 100, "only {count} marks were found");
}
