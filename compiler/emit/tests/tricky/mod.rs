//! Texts that some reader of YAML takes for something else, or cannot read when they are written carelessly.

use emit::writer::{Node, write_yaml};

pub const TRICKY: &[&str] = &[
    "", " ", "  ", "\n", "\n\n", "\t", "\r", "\r\n", "a\r\nb", "\u{0}", "\u{7}", "\u{1b}[0m", "\u{7f}", "\u{85}", "\u{a0}", "\u{2028}", "\u{2029}",
    "\u{feff}", "\u{feff}a", "\u{fffe}", "\u{1f600}", "é", "日本", "a\u{85}b", "a\u{2028}b\nc",
    "y", "Y", "n", "N", "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF", "true", "True", "TRUE", "false", "False", "FALSE",
    "null", "Null", "NULL", "~", "nan", "NaN", ".nan", ".NaN", ".inf", "-.inf", "+.inf", "inf", "none", "None",
    "0", "1", "-1", "+1", "00", "010", "0o10", "0x1F", "0b101", "1_000", "1e3", "1E3", "1.5", "1.", ".5", "-.5", "1e", "e1", "1:20", "190:20:30", "1:20.5", "12e03", "-2E+05",
    "2001-12-14", "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43", "2027-03-31", "1.2.3", "1.10",
    "<<", "=", "!", "!!str a", "&a", "*a", "?", "? a", ":", ": a", "a: b", "a:", "a :b", "a:b", "-", "- a", "-a", "--", "---", "...", "--- a", "%TAG", "%", "@a", "`a`", "|", ">", "|-", "[", "]", "[a]", "{", "}", "{a: b}", ",", "a, b",
    "#", "# a", "a # b", "a #b", "a#b", "'", "\"", "'a'", "\"a\"", "it's", "\\", "\\n", "a\\b",
    " leading", "trailing ", "\ttab", "tab\t", "a\tb", "two  blanks",
    "a\nb", "a\nb\n", "a\nb\n\n", "a\n\nb", "\na", " a\nb", "a\n b\n", "a\n \nb", "a \nb", "a\n\tb", "# a\nb", "- a\nb", "a\n---\nb", "a\n...\nb", "key: |\n  x\n",
    "512Mi", "250m", "1Ei",
];

/// One document: every text as an element, as a value, as a key, and as an element that follows a nested list.
pub fn document() -> String {
    let texts = || TRICKY.iter().map(|text| Node::text(*text));
    let keys: Vec<&str> = TRICKY.to_vec();
    let long = "k".repeat(600);
    let nested = TRICKY.iter().map(|text| Node::List(vec![Node::List(vec![Node::text(*text)]), Node::List(Vec::new()), Node::map([("a", Node::text(*text)), ("b", Node::Map(Vec::new()))])]));
    let node = Node::map([
        ("elements", Node::List(texts().collect())),
        ("values", Node::Map(texts().enumerate().map(|(at, text)| (format!("k{at}").into(), text)).collect())),
        ("keys", Node::Map(keys.iter().map(|key| ((*key).into(), Node::Bool(true))).collect())),
        ("nested", Node::List(nested.collect())),
        (long.as_str(), Node::map([("null", Node::Null), ("number", Node::Number("0.25".into()))])),
    ]);
    write_yaml("tricky.yaml".to_owned(), &[node]).text
}

/// What readers must find in it, as JSON.
pub fn expected() -> serde_json::Value {
    use serde_json::json;
    let values: serde_json::Map<String, serde_json::Value> = TRICKY.iter().enumerate().map(|(at, text)| (format!("k{at}"), json!(text))).collect();
    let keys: serde_json::Map<String, serde_json::Value> = TRICKY.iter().map(|key| ((*key).to_owned(), json!(true))).collect();
    let nested: Vec<serde_json::Value> = TRICKY.iter().map(|text| json!([[text], [], { "a": text, "b": {} }])).collect();
    let mut all = json!({ "elements": TRICKY.to_vec(), "values": values, "keys": keys, "nested": nested });
    all["k".repeat(600)] = json!({ "null": null, "number": 0.25 });
    all
}
