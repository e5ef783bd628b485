//! One JSON object a line, for programs: places as file, line and column (from 1, in characters) and as bytes from 0.
//! The last line counts: `{"errors":1,"warnings":0,"notes":0}`, and says with `left_out` how many were not told.

use serde_json::{Value, json};
use source::{Diagnostic, Place, Sources};

use super::{Count, severity_word};

/// The line of one diagnostic.
pub fn render(diagnostic: &Diagnostic, sources: &Sources) -> String {
    format!("{}\n", object(diagnostic, sources))
}

/// The object of one diagnostic.
pub fn object(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let labels: Vec<Value> = diagnostic
        .labels
        .iter()
        .map(|label| json!({ "place": place(label.place, sources), "text": label.text }))
        .collect();
    let fix = diagnostic.fix.as_ref().map(|fix| {
        let edits: Vec<Value> =
            fix.edits.iter().map(|edit| json!({ "place": place(edit.place, sources), "text": edit.text })).collect();
        json!({ "title": fix.title, "edits": edits, "safe": fix.safe })
    });
    json!({
        "code": diagnostic.code,
        "severity": severity_word(diagnostic.severity),
        "message": diagnostic.message,
        "place": diagnostic.place().map(|at| place(at, sources)),
        "labels": labels,
        "help": diagnostic.help,
        "fix": fix,
    })
}

/// The last line.
pub fn render_count(count: &Count) -> String {
    let mut line = json!({ "errors": count.errors, "warnings": count.warnings, "notes": count.notes });
    if count.left > 0 {
        line["left_out"] = count.left.into();
    }
    format!("{line}\n")
}

fn place(place: Place, sources: &Sources) -> Value {
    let Some((file, range)) = sources.absolute(place) else { return json!({ "file": place.item.file().path() }) };
    let (start, end) = (file.line_column(range.start as u32), file.line_column(range.end as u32));
    json!({
        "file": &*file.shown,
        "line": start.line, "column": start.column, "end_line": end.line, "end_column": end.column,
        "start": range.start, "end": range.end,
    })
}
