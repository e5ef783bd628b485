//! Outline, colours, folds, selections, layout, links: what `ide` says, in the protocol's words and the editor's units.

use serde_json::{Value, json};

use crate::editor::{Editor, PROJECT, PULLS, Profile, folder, shown};
use crate::positions::apply;

/// Letters of one, two, three and four bytes before what is asked about.
const STORE: &str = "use data

/// Größe, 日本, 🦀.
server front {
  size = small // é 🦀
  env = { LOG = \"🦀${port}\", B = \"x\" }
}

bucket media {}
";

fn editor(profile: &Profile) -> (Editor, tempfile::TempDir) {
    let folder =
        folder(&[("main.infra", PROJECT), ("store.infra", STORE), ("data/data.infra", "let port = 443/tcp\n")]);
    let mut editor = Editor::open_folder(folder.path(), profile);
    editor.open("store.infra", STORE);
    editor.pull_all();
    (editor, folder)
}

fn ask(editor: &mut Editor, method: &str, more: Value) -> Value {
    let mut params = json!({ "textDocument": editor.document("store.infra") });
    for (name, value) in more.as_object().unwrap() {
        params[name] = value.clone();
    }
    editor.ask(method, params)
}

#[test]
fn an_outline_as_a_tree() {
    let (mut editor, folder) = editor(&Profile { tree: true, ..PULLS });
    let told = ask(&mut editor, "textDocument/documentSymbol", json!({}));
    insta::assert_snapshot!("outline_tree", shown(&told, folder.path()));
    editor.quit();
}

#[test]
fn an_outline_as_a_list() {
    let (mut editor, folder) = editor(&PULLS);
    let told = ask(&mut editor, "textDocument/documentSymbol", json!({}));
    let names: Vec<String> = told
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            format!("{} in {} at {}", one["name"], one["containerName"], one["location"]["range"]["start"]["line"])
        })
        .collect();
    assert_eq!(told[0]["location"]["uri"], crate::editor::uri(&folder.path().join("store.infra")));
    insta::assert_debug_snapshot!("outline_list", names);
    editor.quit();
}

#[test]
fn names_of_the_workspace() {
    let (mut editor, folder) = editor(&PULLS);
    let told = editor.ask("workspace/symbol", json!({ "query": "port" }));
    insta::assert_snapshot!("workspace_symbols", shown(&told, folder.path()));
    editor.quit();
}

/// The words of a text with what is said of them, read from the protocol's numbers.
fn coloured(text: &str, legend: &Value, data: &[u64], encoding: &str) -> String {
    let (mut line, mut column) = (0, 0);
    let mut out = String::new();
    for token in data.chunks(5) {
        let [lines, columns, length, class, modifiers] = token else { panic!("five numbers each") };
        (line, column) = if *lines == 0 { (line, column + columns) } else { (line + lines, *columns) };
        let row = text.lines().nth(line as usize).unwrap();
        let at = |units: u64| {
            let places = row.char_indices().map(|(at, _)| at).chain([row.len()]);
            places.into_iter().find(|at| crate::positions::units(&row[..*at], encoding) as u64 == units).unwrap()
        };
        let word = &row[at(column)..at(column + length)];
        let class = legend["tokenTypes"][*class as usize].as_str().unwrap();
        let said = if modifiers & 1 == 1 { ", declared" } else { "" };
        out.push_str(&format!("{line}: {word} – {class}{said}\n"));
    }
    out
}

fn numbers(data: &Value) -> Vec<u64> {
    data.as_array().unwrap().iter().map(|number| number.as_u64().unwrap()).collect()
}

#[test]
fn colours_in_each_encoding_and_after_edits() {
    let mut seen = Vec::new();
    for encodings in [&["utf-8"], &["utf-16"], &["utf-32"]] {
        let (mut editor, _folder) = editor(&Profile { encodings, ..PULLS });
        let legend = editor.said["capabilities"]["semanticTokensProvider"]["legend"].clone();
        let told = ask(&mut editor, "textDocument/semanticTokens/full", json!({}));
        let mut data = numbers(&told["data"]);
        seen.push(coloured(STORE, &legend, &data, encodings[0]));
        // What has changed is what makes the new numbers of the old ones.
        let text = STORE.replace("small", "large\n  note = \"é\"");
        editor.retype("store.infra", &text);
        let since = json!({ "previousResultId": told["resultId"] });
        let delta = ask(&mut editor, "textDocument/semanticTokens/full/delta", since);
        for edit in delta["edits"].as_array().unwrap() {
            let (start, count) =
                (edit["start"].as_u64().unwrap() as usize, edit["deleteCount"].as_u64().unwrap() as usize);
            data.splice(start..start + count, numbers(&edit["data"]));
        }
        let whole = ask(&mut editor, "textDocument/semanticTokens/full", json!({}));
        assert_eq!(data, numbers(&whole["data"]));
        let stale = ask(&mut editor, "textDocument/semanticTokens/full/delta", json!({ "previousResultId": "x" }));
        assert_eq!(stale["data"], whole["data"]);
        let range =
            json!({ "range": { "start": { "line": 4, "character": 0 }, "end": { "line": 4, "character": 3 } } });
        let part = ask(&mut editor, "textDocument/semanticTokens/range", range);
        assert!(part["data"].as_array().unwrap().len() < whole["data"].as_array().unwrap().len());
        editor.quit();
    }
    assert_eq!((&seen[0], &seen[1]), (&seen[1], &seen[2]));
    insta::assert_snapshot!("colours", seen[0]);
}

#[test]
fn folds_of_whole_lines_and_of_letters() {
    let (mut letters, _one) = editor(&PULLS);
    let (mut lines, _other) = editor(&Profile { tree: true, ..PULLS });
    let both = [&mut letters, &mut lines].map(|editor| ask(editor, "textDocument/foldingRange", json!({})));
    insta::assert_snapshot!("folds", serde_json::to_string_pretty(&both).unwrap());
    letters.quit();
    lines.quit();
}

#[test]
fn selections_grow() {
    let (mut editor, _folder) = editor(&PULLS);
    let cursors = json!({ "positions": [{ "line": 4, "character": 10 }, { "line": 99, "character": 0 }] });
    let told = ask(&mut editor, "textDocument/selectionRange", cursors);
    let mut one = &told[0];
    let mut ranges = Vec::new();
    while let Some(range) = one.get("range") {
        ranges.push(format!(
            "{}:{}–{}:{}",
            range["start"]["line"], range["start"]["character"], range["end"]["line"], range["end"]["character"]
        ));
        one = &one["parent"];
    }
    assert_eq!(told.as_array().unwrap().len(), 2);
    insta::assert_debug_snapshot!("selection", ranges);
    editor.quit();
}

#[test]
fn a_part_and_what_is_typed_are_laid_out() {
    let (mut editor, _folder) = editor(&PULLS);
    let text = "let  a=1\nlet  b=2\nbucket media {\nkeep_versions=90d\n}";
    editor.retype("store.infra", text);
    let options = json!({ "tabSize": 2, "insertSpaces": true });
    let second = json!({ "start": { "line": 1, "character": 0 }, "end": { "line": 1, "character": 3 } });
    let edits = ask(&mut editor, "textDocument/rangeFormatting", json!({ "range": second, "options": options }));
    assert!(apply(text, edits.as_array().unwrap(), "utf-8").starts_with("let  a=1\nlet b = 2\n"), "{edits}");
    let typed = json!({ "position": { "line": 4, "character": 1 }, "ch": "}", "options": options });
    let edits = ask(&mut editor, "textDocument/onTypeFormatting", typed);
    assert!(apply(text, edits.as_array().unwrap(), "utf-8").contains("\n  keep_versions = 90d\n"), "{edits}");
    editor.quit();
}

#[test]
fn a_use_leads_to_its_folder() {
    for rich in [true, false] {
        let (mut editor, folder) = editor(&Profile { rich, ..PULLS });
        let told = ask(&mut editor, "textDocument/documentLink", json!({}));
        assert_eq!(told[0]["target"], crate::editor::uri(&folder.path().join("data/data.infra")), "{told}");
        assert_eq!(told[0].get("tooltip").is_some(), rich, "{told}");
        editor.quit();
    }
}

#[test]
fn what_leads_to_other_files_waits_until_they_were_read() {
    let folder =
        folder(&[("main.infra", PROJECT), ("store.infra", STORE), ("data/data.infra", "let port = 443/tcp\n")]);
    let mut editor = Editor::open_folder(folder.path(), &PULLS);
    let names = editor.begin("workspace/symbol", json!({ "query": "port" }));
    editor.open("store.infra", STORE);
    let links = ask(&mut editor, "textDocument/documentLink", json!({}));
    assert_eq!(links.as_array().unwrap().len(), 1);
    assert_eq!(editor.answer(names).response_result.unwrap()[0]["name"], "port");
    editor.quit();
}

/// The document with one statement more, and the position of the mark in it.
fn typed(editor: &mut Editor, statement: &str) -> Value {
    let at = STORE.len() + statement.find('|').unwrap();
    let text = format!("{STORE}{}", statement.replace('|', ""));
    editor.retype("store.infra", &text);
    json!({ "position": crate::positions::position(&text, at, "utf-8") })
}

#[test]
fn what_a_word_is() {
    for rich in [true, false] {
        let (mut editor, folder) = editor(&Profile { rich, ..PULLS });
        let at = typed(&mut editor, "buck|et more { keep_versions = 30d }\n");
        let told = ask(&mut editor, "textDocument/hover", at);
        insta::assert_snapshot!(format!("hover_{rich}"), shown(&told, folder.path()));
        let at = typed(&mut editor, "bucket more { keep_versions = |}\n");
        assert_eq!(ask(&mut editor, "textDocument/hover", at), Value::Null);
        editor.quit();
    }
}

#[test]
fn what_may_stand_at_the_cursor() {
    for rich in [true, false] {
        let (mut editor, folder) = editor(&Profile { rich, ..PULLS });
        let at = typed(&mut editor, "bucket more { ke| }\n");
        let told = ask(&mut editor, "textDocument/completion", at);
        let item =
            told["items"].as_array().unwrap().iter().find(|item| item["label"] == "keep_versions").unwrap().clone();
        let resolved = editor.ask("completionItem/resolve", item);
        insta::assert_snapshot!(format!("completion_{rich}"), shown(&resolved, folder.path()));
        let at = typed(&mut editor, "buck|\n");
        let told = ask(&mut editor, "textDocument/completion", at);
        let text = told["items"][0]["textEdit"]["newText"].as_str().unwrap();
        assert_eq!((told["items"][0]["label"].as_str(), text.contains("$")), (Some("bucket"), rich), "{told}");
        // What cannot be read comes back as it is.
        assert_eq!(editor.ask("completionItem/resolve", json!({ "label": "x" })), json!({ "label": "x" }));
        editor.quit();
    }
}

#[test]
fn what_a_call_takes() {
    for rich in [true, false] {
        let (mut editor, folder) = editor(&Profile { rich, ..PULLS });
        let at = typed(&mut editor, "let net = 10.0.0.0/16.subnet(8, |)\n");
        let told = ask(&mut editor, "textDocument/signatureHelp", at);
        insta::assert_snapshot!(format!("signature_{rich}"), shown(&told, folder.path()));
        editor.quit();
    }
}

#[test]
fn where_a_name_is_declared() {
    let (mut editor, folder) = editor(&Profile { rich: true, pages: true, ..PULLS });
    let at = typed(&mut editor, "buck|et more {}\n");
    let told = ask(&mut editor, "textDocument/definition", at);
    insta::assert_snapshot!("definition", shown(&told, folder.path()));
    let target = &told[0]["targetUri"];
    let library = editor.ask("infrac/text", json!({ "uri": target }))["text"].as_str().unwrap().to_owned();
    let line = told[0]["targetSelectionRange"]["start"]["line"].as_u64().unwrap();
    assert!(library.lines().nth(line as usize).unwrap().starts_with("kind bucket"), "{line}");
    // The library's own files are read as any other.
    let document = json!({ "uri": target, "languageId": "infra", "version": 1, "text": library });
    editor.notify("textDocument/didOpen", json!({ "textDocument": document }));
    let symbols = editor.ask("textDocument/documentSymbol", json!({ "textDocument": { "uri": target } }));
    assert!(!symbols.as_array().unwrap().is_empty());
    editor.quit();
}
