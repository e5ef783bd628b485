//! Messages while typing: sent to editors that wait for them, answered to those that ask.

use serde_json::{Value, json};

use crate::editor::{Editor, PROJECT, PULLS, Profile, SIMPLE, folder, shown, uri};

/// The messages of a file that come next: code, message and range.
fn published(editor: &mut Editor, name: &str) -> Value {
    let uri = uri(&editor.path(name));
    loop {
        let told = editor.told("textDocument/publishDiagnostics");
        if told["uri"] == uri.as_str() {
            return told;
        }
    }
}

fn codes(told: &Value) -> Vec<&str> {
    told.as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect()
}

#[test]
fn a_mistake_comes_and_goes_with_its_version() {
    let folder = folder(&[("main.infra", PROJECT)]);
    let mut editor = Editor::open_folder(folder.path(), &SIMPLE);
    editor.open("main.infra", &format!("{PROJECT}bucket media {{ colour = red }}\n"));
    let told = published(&mut editor, "main.infra");
    insta::assert_snapshot!("a_mistake", shown(&told, folder.path()));
    editor.retype("main.infra", PROJECT);
    let told = published(&mut editor, "main.infra");
    assert_eq!(told["diagnostics"], json!([]));
    assert_eq!(told["version"], 2);
    editor.quit();
}

/// What cannot be read is told before the program is looked at; what was told of other statements moves with them until then.
#[test]
fn a_mistake_of_syntax_is_told_before_all_else() {
    let text = format!("{PROJECT}bucket media {{ colour = red }}\nbucket logs {{ colour = red }}\n");
    let folder = folder(&[("main.infra", &text)]);
    let mut editor = Editor::open_folder(folder.path(), &SIMPLE);
    editor.open("main.infra", &text);
    assert_eq!(codes(&published(&mut editor, "main.infra")["diagnostics"]), ["unknown_field", "unknown_field"]);
    editor.retype("main.infra", &text.replace("bucket media {", "\nbucket media { size ="));
    let early = published(&mut editor, "main.infra");
    insta::assert_snapshot!("a_mistake_of_syntax", shown(&early, folder.path()));
    // Mended, it is gone at once; what else is wrong with the statement may come after.
    editor.retype("main.infra", &text);
    let mended = published(&mut editor, "main.infra");
    assert!(codes(&mended["diagnostics"]).iter().all(|code| *code == "unknown_field"), "{mended}");
    if codes(&mended["diagnostics"]).len() == 1 {
        assert_eq!(codes(&published(&mut editor, "main.infra")["diagnostics"]), ["unknown_field", "unknown_field"]);
    }
    editor.quit();
}

/// Editors that ask, and can be told to ask again, need not wait either.
#[test]
fn whoever_asks_is_told_of_a_mistake_of_syntax_before_all_else() {
    let folder = folder(&[("main.infra", PROJECT)]);
    let mut editor = Editor::open_folder(folder.path(), &Profile { refreshes: true, ..PULLS });
    editor.open("main.infra", PROJECT);
    assert_eq!(editor.pull("main.infra")["items"], json!([]));
    let broken = format!("{PROJECT}bucket media {{ colour = red }}\nlet a = (\n");
    editor.retype("main.infra", &broken);
    // The first answer may come before the program was looked at: then another is asked for.
    let mut told = editor.pull("main.infra")["items"].clone();
    while codes(&told).len() < 2 {
        assert_eq!(codes(&told), ["bracket_without_partner"]);
        editor.told("workspace/diagnostic/refresh");
        told = editor.pull("main.infra")["items"].clone();
    }
    assert_eq!(codes(&told), ["unknown_field", "bracket_without_partner"]);
    editor.quit();
}

#[test]
fn the_whole_workspace_is_checked_also_what_is_not_open() {
    let folder = folder(&[
        ("one/project.infra", PROJECT),
        ("one/store.infra", "bucket media { colour = red }\n"),
        ("two/project.infra", "project other { edition = 1 }\n"),
        ("out/three/project.infra", "project third { editio = 1 }\n"),
    ]);
    let mut editor = Editor::open_folder(folder.path(), &SIMPLE);
    assert_eq!(codes(&published(&mut editor, "one/store.infra")["diagnostics"]), ["unknown_field"]);
    editor.open("two/project.infra", "project other { editio = 1 }\n");
    let told = published(&mut editor, "two/project.infra")["diagnostics"].clone();
    assert!(!codes(&told).is_empty(), "{told}");
    // What is written beside the editor counts as soon as it is told.
    std::fs::write(editor.path("one/store.infra"), "").unwrap();
    editor.watched(&[("one/store.infra", 2)]);
    assert_eq!(published(&mut editor, "one/store.infra")["diagnostics"], json!([]));
    editor.quit();
}

#[test]
fn closing_a_file_brings_back_what_lies_on_disk() {
    let folder = folder(&[("main.infra", PROJECT)]);
    let mut editor = Editor::open_folder(folder.path(), &SIMPLE);
    editor.open("main.infra", &format!("{PROJECT}let a = \n"));
    assert!(!codes(&published(&mut editor, "main.infra")["diagnostics"]).is_empty());
    editor.close("main.infra");
    let told = published(&mut editor, "main.infra");
    assert_eq!((&told["diagnostics"], told.get("version")), (&json!([]), None));
    editor.quit();
}

#[test]
fn files_that_were_never_saved_are_part_of_the_project() {
    let folder = folder(&[("main.infra", PROJECT)]);
    let mut editor = Editor::open_folder(folder.path(), &PULLS);
    editor.open("new/store.infra", "bucket media { colour = red }\n");
    assert_eq!(codes(&editor.pull("new/store.infra")["items"]), ["unknown_field"]);
    editor.close("new/store.infra");
    assert_eq!(editor.pull_all().len(), 0);
    editor.quit();
}

#[test]
fn a_file_without_a_project_is_a_program_of_its_folder() {
    let folder = folder(&[("notes/a.infra", "let a = b\n"), ("notes/b.infra", "let b = 1\n")]);
    let mut editor = Editor::open_folder(folder.path(), &PULLS);
    assert_eq!(editor.pull_all().len(), 0, "nobody has asked for it");
    editor.open("notes/a.infra", "let a = b\n");
    let told = editor.pull("notes/a.infra")["items"].clone();
    insta::assert_snapshot!("without_a_project", shown(&told, folder.path()));
    editor.open("notes/project.infra", PROJECT);
    let told = editor.pull("notes/a.infra")["items"].clone();
    assert!(!codes(&told).contains(&"no_project"), "{told}");
    editor.close("notes/project.infra");
    assert_eq!(editor.pull("notes/a.infra")["items"], editor.pull("notes/a.infra")["items"]);
    editor.quit();
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    let text = format!("{PROJECT}bucket media {{ colour = red }}\n");
    let folder = folder(&[("main.infra", &text)]);
    let mut editor = Editor::open_folder(folder.path(), &PULLS);
    editor.open("main.infra", &text);
    let first = editor.pull("main.infra");
    assert_eq!(first["kind"], "full");
    let again = json!({ "textDocument": editor.document("main.infra"), "previousResultId": first["resultId"] });
    assert_eq!(editor.ask("textDocument/diagnostic", again.clone())["kind"], "unchanged");
    let previous = json!([{ "uri": uri(&editor.path("main.infra")), "value": first["resultId"] }]);
    let all = editor.ask("workspace/diagnostic", json!({ "previousResultIds": previous }));
    assert_eq!(all["items"][0]["kind"], "unchanged");
    editor.retype("main.infra", PROJECT);
    let now = editor.ask("textDocument/diagnostic", again);
    assert_eq!((&now["kind"], &now["items"]), (&json!("full"), &json!([])));
    let all = editor.ask("workspace/diagnostic", json!({ "previousResultIds": previous }));
    assert_eq!((&all["items"][0]["kind"], &all["items"][0]["items"]), (&json!("full"), &json!([])));
    editor.quit();
}

#[test]
fn codes_lead_to_their_pages_where_the_editor_opens_them() {
    let text = format!("{PROJECT}let a = 1\n");
    let folder = folder(&[("main.infra", &text)]);
    let mut editor = Editor::open_folder(folder.path(), &Profile { pages: true, ..PULLS });
    editor.open("main.infra", &text);
    let told = editor.pull("main.infra")["items"].clone();
    assert_eq!((&told[0]["code"], &told[0]["tags"]), (&json!("unused"), &json!([1])), "{told}");
    let href = told[0]["codeDescription"]["href"].clone();
    let page = editor.ask("workspace/textDocumentContent", json!({ "uri": href }));
    assert_eq!(page, editor.ask("infrac/text", json!({ "uri": href })));
    assert!(page["text"].as_str().unwrap().contains("unused"), "{page}");
    let library = editor.ask("infrac/text", json!({ "uri": "infrac-std:/std/network.infra" }));
    assert!(library["text"].as_str().unwrap().starts_with("//!"));
    editor.quit();
}

#[test]
fn secrets_are_withheld_and_control_characters_are_spelt() {
    let text = format!("{PROJECT}bucket media {{ colour = \"postgres://app:hunter2@db\", \u{1b}[2K = 1 }}\n");
    let folder = folder(&[("main.infra", &text)]);
    let mut editor = Editor::open_folder(folder.path(), &PULLS);
    editor.open("main.infra", &text);
    let told = editor.pull("main.infra")["items"].to_string();
    assert!(!told.contains("hunter2") && !told.contains('\u{1b}') && !told.contains("\\u001b"), "{told}");
    editor.quit();
}

#[test]
fn a_thousand_messages_are_enough() {
    let text = format!("{PROJECT}{}", "bucket a { colour = red }\n".repeat(1_500));
    let folder = folder(&[("main.infra", &text)]);
    let mut editor = Editor::open_folder(folder.path(), &PULLS);
    editor.open("main.infra", &text);
    let told = editor.pull("main.infra")["items"].clone();
    let all = told.as_array().unwrap();
    assert_eq!(all.len(), 1_001);
    assert!(all[1_000]["message"].as_str().unwrap().ends_with(" more are not shown"));
    editor.quit();
}

#[test]
fn editors_that_ask_are_told_of_closed_files_until_they_ask_for_all() {
    let folder = folder(&[("main.infra", PROJECT), ("store.infra", "bucket media { colour = red }\n")]);
    let mut editor = Editor::open_folder(folder.path(), &PULLS);
    assert_eq!(codes(&published(&mut editor, "store.infra")["diagnostics"]), ["unknown_field"]);
    editor.open("store.infra", "bucket media { colour = red }\n");
    assert_eq!(published(&mut editor, "store.infra")["diagnostics"], json!([]), "it asks for these itself");
    assert_eq!(codes(&editor.pull("store.infra")["items"]), ["unknown_field"]);
    editor.close("store.infra");
    assert_eq!(codes(&published(&mut editor, "store.infra")["diagnostics"]), ["unknown_field"]);
    assert_eq!(editor.pull_all().len(), 1);
    assert_eq!(published(&mut editor, "store.infra")["diagnostics"], json!([]));
    editor.quit();
}
