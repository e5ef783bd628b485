//! Messages as SARIF 2.1.0, the OASIS standard that code scanning reads:
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.

use serde_json::{Value, json};
use source::{Diagnostic, Edit, Label, Place, Severity, SourceFile, Sources};

use super::page::{for_a_reader, for_a_terminal};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// One result.
pub fn result(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let help = diagnostic.help.iter().map(|help| format!("\n{help}"));
    let related = diagnostic.labels.iter().skip(1).enumerate().filter_map(|(id, label)| {
        let mut location = location(label.place, sources)?;
        location["id"] = (id + 1).into();
        Some(with_text(location, label))
    });
    let mut result = json!({
        "ruleId": diagnostic.code,
        "level": level,
        "message": { "text": format!("{}{}", diagnostic.message, help.collect::<String>()) },
        "locations": diagnostic.place().and_then(|place| location(place, sources)).into_iter().collect::<Vec<_>>(),
    });
    let related: Vec<Value> = related.collect();
    if !related.is_empty() {
        result["relatedLocations"] = related.into();
    }
    if let Some(fix) = &diagnostic.fix {
        let changes: Vec<Value> = fix.edits.iter().filter_map(|edit| change(edit, sources)).collect();
        result["fixes"] = json!([{ "description": { "text": fix.title }, "artifactChanges": changes }]);
    }
    result
}

/// The report: one run, with a rule for each code in it.
pub fn document(results: Vec<Value>) -> Value {
    let mut codes: Vec<String> =
        results.iter().filter_map(|result| result["ruleId"].as_str().map(str::to_owned)).collect();
    codes.sort_unstable();
    codes.dedup();
    let rules = codes.iter().map(|code| {
        let page = program::explain(code).unwrap_or(code);
        json!({ "id": code, "help": { "text": for_a_terminal(page), "markdown": for_a_reader(page) } })
    });
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn location(place: Place, sources: &Sources) -> Option<Value> {
    let (file, range) = sources.absolute(place)?;
    Some(json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(&file.shown) },
        "region": region(file, &range),
    } }))
}

fn with_text(mut location: Value, label: &Label) -> Value {
    if !label.text.is_empty() {
        location["message"] = json!({ "text": label.text });
    }
    location
}

fn change(edit: &Edit, sources: &Sources) -> Option<Value> {
    let (file, range) = sources.absolute(edit.place)?;
    Some(json!({
        "artifactLocation": { "uri": uri(&file.shown) },
        "replacements": [{ "deletedRegion": region(file, &range), "insertedContent": { "text": edit.text } }],
    }))
}

fn region(file: &SourceFile, range: &std::ops::Range<usize>) -> Value {
    let (start, end) = (file.line_column(range.start as u32), file.line_column(range.end as u32));
    json!({
        "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column,
    })
}

/// A path as a relative reference, from the root as a URI (RFC 3986, RFC 8089): what may not stand in one is written by its bytes.
fn uri(path: &str) -> String {
    let stands = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let spelt = |byte: u8| if stands(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    let scheme = if path.starts_with('/') { "file://" } else { "" };
    path.bytes().map(spelt).fold(scheme.to_owned(), |uri, part| uri + &part)
}
