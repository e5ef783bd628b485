//! A description as text for a terminal, and as a section of a page.

use std::fmt::Write;

use super::{Described, Field};

/// As wide as text that is read easily.
const WIDTH: usize = 100;

/// For a terminal.
pub fn as_text(described: &Described) -> String {
    let mut text = format!("# {}: {}\n", described.name, described.what);
    if !described.docs.is_empty() {
        for paragraph in described.docs.split("\n\n") {
            text.push('\n');
            text.push_str(&wrapped(&paragraph.replace('\n', " "), ""));
        }
    }
    if let Some(example) = &described.example {
        text.push('\n');
        for line in example.lines() {
            let _ = writeln!(text, "{}", format!("    {line}").trim_end());
        }
    }
    let outputs = if described.native { "decided by the provider" } else { "outputs" };
    for (head, fields) in [("fields", &described.fields), (outputs, &described.outputs)] {
        if fields.is_empty() {
            continue;
        }
        let _ = writeln!(text, "\n{head}:");
        for field in fields {
            let _ = writeln!(text, "  {}{}", declared(field), if field.required { "  (required)" } else { "" });
            let notes = notes(field);
            if !notes.is_empty() {
                text.push_str(&wrapped(&notes, "      "));
            }
        }
    }
    if !described.types.is_empty() {
        text.push_str("\ntypes:\n");
        for (line, docs) in &described.types {
            let _ = writeln!(text, "  {line}");
            if !docs.is_empty() {
                text.push_str(&wrapped(docs, "      "));
            }
        }
    }
    if !described.implemented.is_empty() {
        text.push_str("\nimplemented on:\n");
        for implemented in &described.implemented {
            let more = if implemented.more.is_empty() {
                String::new()
            } else {
                format!("; also gives {}", source::list_of(implemented.more.iter().map(String::as_str)))
            };
            let _ = writeln!(text, "  {}  {}{more}", implemented.platform, implemented.place);
        }
    }
    if !described.more.is_empty() {
        text.push('\n');
        for line in &described.more {
            let _ = writeln!(text, "{line}");
        }
    }
    text
}

/// A section of a page, with a table of its fields.
pub fn as_markdown(described: &Described) -> String {
    let mut text = format!("## `{}`\n\n", described.name);
    if !described.docs.is_empty() {
        let _ = writeln!(text, "{}\n", described.docs);
    }
    if let Some(example) = &described.example {
        let _ = writeln!(text, "```text\n{}\n```\n", example.trim_end());
    }
    if !described.fields.is_empty() {
        text.push_str("| field | type | default | |\n| --- | --- | --- | --- |\n");
        for field in &described.fields {
            let default = match (&field.default, field.required) {
                (Some(default), _) => format!("`{}`", cell(default)),
                (None, true) => "required".to_owned(),
                (None, false) => "absent".to_owned(),
            };
            let _ =
                writeln!(text, "| `{}` | `{}` | {default} | {} |", field.name, cell(&field.ty), cell(&notes(field)));
        }
        text.push('\n');
    }
    if !described.outputs.is_empty() {
        text.push_str("| output | type | |\n| --- | --- | --- |\n");
        for field in &described.outputs {
            let _ = writeln!(text, "| `{}` | `{}` | {} |", field.name, cell(&field.ty), cell(&notes(field)));
        }
        text.push('\n');
    }
    for (line, docs) in &described.types {
        let _ = writeln!(text, "`{line}`{}\\", if docs.is_empty() { String::new() } else { format!(": {docs}") });
    }
    if !described.types.is_empty() {
        text.truncate(text.trim_end_matches("\\\n").len());
        text.push_str("\n\n");
    }
    for implemented in described.implemented.iter().filter(|implemented| !implemented.more.is_empty()) {
        let _ = writeln!(
            text,
            "On {} it also gives {}.\n",
            implemented.platform,
            source::list_of(implemented.more.iter().map(String::as_str))
        );
    }
    let mut platforms: Vec<String> =
        described.implemented.iter().map(|implemented| implemented.platform.clone()).collect();
    platforms.dedup();
    if !platforms.is_empty() {
        let _ = writeln!(text, "Implemented on {}.\n", platforms.join(" and "));
    }
    text
}

/// A pipe would end the cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// `cpu: int = 2`
fn declared(field: &Field) -> String {
    let default = field.default.as_ref().map_or_else(String::new, |default| format!(" = {default}"));
    format!("{}: {}{default}", field.name, field.ty)
}

fn notes(field: &Field) -> String {
    let rule = field.rule.as_ref().map(|rule| format!("({rule})"));
    let from = field.from.as_ref().map(|from| format!("(of every `{from}`)"));
    [(!field.docs.is_empty()).then(|| field.docs.clone()), rule, from]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}

fn wrapped(words: &str, indent: &str) -> String {
    let mut text = String::new();
    let mut line = indent.to_owned();
    for word in words.split_whitespace() {
        if line.chars().count() + word.chars().count() + 1 > WIDTH && line.len() > indent.len() {
            let _ = writeln!(text, "{line}");
            line = indent.to_owned();
        }
        if line.len() > indent.len() {
            line.push(' ');
        }
        line.push_str(word);
    }
    let _ = writeln!(text, "{line}");
    text
}
