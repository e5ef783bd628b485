//! What can be done about messages: one fix, all of a kind, all that are safe.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::{Value, json};

use crate::editor::{Editor, PROJECT, PULLS, Profile, folder, shown, uri};
use crate::positions::{apply, range};

const WHERE: &str = "utf-8";

fn actions(editor: &mut Editor, name: &str, text: &str, only: Value) -> Value {
    let range = range(text, 0, text.len(), WHERE);
    let mut context = json!({ "diagnostics": [] });
    if !only.is_null() {
        context["only"] = only;
    }
    let document = editor.document(name);
    editor.ask("textDocument/codeAction", json!({ "textDocument": document, "range": range, "context": context }))
}

/// The files after the edits of an action.
fn after(editor: &Editor, action: &Value, files: &mut BTreeMap<String, String>) {
    for (address, edits) in action["edit"]["changes"].as_object().unwrap() {
        let name = address.strip_prefix(&format!("{}/", uri(&editor.folder))).unwrap().to_owned();
        let text = apply(&files[&name], edits.as_array().unwrap(), WHERE);
        files.insert(name, text);
    }
}

#[test]
fn a_message_offers_its_fix() {
    let text = format!("{PROJECT}bucket media {{ keep_version = 3d }}\n");
    let folder = folder(&[("main.infra", &text)]);
    let mut editor = Editor::open_folder(folder.path(), &Profile { versioned_edits: true, ..PULLS });
    editor.open("main.infra", &text);
    let told = actions(&mut editor, "main.infra", &text, json!(["quickfix"]));
    insta::assert_snapshot!("a_fix", shown(&told, folder.path()));
    editor.quit();
}

#[test]
fn all_of_a_kind_are_mended_at_once() {
    let text = format!("{PROJECT}bucket a {{ keep_version = 3d }}\nbucket b {{ keep_version = 3d }}\n");
    let folder = folder(&[("main.infra", &text)]);
    let mut editor = Editor::open_folder(folder.path(), &PULLS);
    editor.open("main.infra", &text);
    let told = actions(&mut editor, "main.infra", &text, Value::Null);
    let titles: Vec<&str> = told.as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap()).collect();
    insta::assert_debug_snapshot!("all_of_a_kind", titles);
    let all = told.as_array().unwrap().iter().find(|one| one["title"].as_str().unwrap().contains("all 2")).unwrap();
    let mut files = BTreeMap::from([("main.infra".to_owned(), text.clone())]);
    after(&editor, all, &mut files);
    editor.retype("main.infra", &files["main.infra"]);
    assert_eq!(editor.pull("main.infra")["items"], json!([]));
    editor.quit();
}

#[test]
fn all_that_is_safe_is_what_the_command_mends() {
    // Words of other languages, in two files; what they hide is told and mended in a second round.
    let main = format!("{PROJECT}let a = not (true && false)\nlet b: int = 1;\n");
    let other = "bucket media {\n  versioning: true,\n}\nlet c = true || a || b == 1\n";
    let folder = folder(&[("main.infra", &main), ("other.infra", other)]);
    let copy = crate::editor::folder(&[("main.infra", &main), ("other.infra", other)]);
    let command = Command::new(tests::infrac().unwrap()).args(["check", "--fix"]).current_dir(copy.path()).output();
    assert!(String::from_utf8_lossy(&command.unwrap().stderr).contains("mended"), "there is something to mend");
    let mut editor = Editor::open_folder(folder.path(), &PULLS);
    editor.open("main.infra", &main);
    let told = actions(&mut editor, "main.infra", &main, json!(["source.fixAll"]));
    assert_eq!(told.as_array().unwrap().len(), 1, "{told}");
    let mut files =
        BTreeMap::from([("main.infra".to_owned(), main.clone()), ("other.infra".to_owned(), other.to_owned())]);
    after(&editor, &told[0], &mut files);
    for (name, text) in &files {
        assert_eq!(text, &std::fs::read_to_string(copy.path().join(name)).unwrap(), "{name}");
    }
    // Once it is done there is nothing more to do.
    for (name, text) in &files {
        editor.open(name, text);
    }
    assert_eq!(actions(&mut editor, "main.infra", &files["main.infra"], json!(["source.fixAll"])), json!([]));
    editor.quit();
}

#[test]
fn a_document_is_laid_out_without_touching_what_is_right() {
    let text = format!("{PROJECT}let  a=1\nlet b = a\n");
    let folder = folder(&[("main.infra", &text)]);
    let mut editor = Editor::open_folder(folder.path(), &PULLS);
    editor.open("main.infra", &text);
    let options = json!({ "tabSize": 2, "insertSpaces": true });
    let document = editor.document("main.infra");
    let params = json!({ "textDocument": document, "options": options });
    let edits = editor.ask("textDocument/formatting", params.clone());
    let after = apply(&text, edits.as_array().unwrap(), WHERE);
    assert_eq!(after, syntax::format(&text));
    assert!(edits.as_array().unwrap().iter().all(|edit| edit["newText"].as_str().unwrap().len() < 12), "{edits}");
    editor.retype("main.infra", &after);
    assert_eq!(editor.ask("textDocument/formatting", params), json!([]));
    editor.quit();
}
