//! How a session begins, goes on and ends.

use lsp_server::Message;
use serde_json::{Value, json};

use crate::editor::{Editor, PROJECT, PULLS, Profile, SIMPLE, folder, shown};

#[test]
fn the_server_says_what_it_can() {
    let folder = folder(&[]);
    let editor = Editor::open_folder(folder.path(), &PULLS);
    insta::assert_snapshot!("capabilities", shown(&editor.said, folder.path()));
    editor.quit();
}

#[test]
fn positions_are_counted_as_the_editor_wants() {
    let folder = folder(&[]);
    let cases: [(&'static [&'static str], &str); 4] =
        [(&[], "utf-16"), (&["utf-16", "utf-8"], "utf-8"), (&["utf-32"], "utf-32"), (&["utf-7"], "utf-16")];
    for (encodings, chosen) in cases {
        let editor = Editor::open_folder(folder.path(), &Profile { encodings, ..PULLS });
        assert_eq!(editor.said["capabilities"]["positionEncoding"], chosen);
        editor.quit();
    }
}

#[test]
fn nothing_is_answered_before_it_begins_nor_after_it_ends() {
    let folder = folder(&[("main.infra", PROJECT)]);
    let mut editor = Editor::silent(folder.path());
    let early = editor.begin("shutdown", Value::Null);
    assert_eq!(editor.answer(early).response_result.unwrap_err().code, -32002);
    let odd = editor.begin("initialize", json!([]));
    assert_eq!(editor.answer(odd).response_result.unwrap_err().code, -32602);
    editor.ask("initialize", json!({ "processId": null, "rootUri": null, "capabilities": {} }));
    let again = editor.begin("initialize", json!({ "processId": null, "rootUri": null, "capabilities": {} }));
    assert!(editor.answer(again).response_result.is_err());
    editor.ask("shutdown", Value::Null);
    let late = editor.begin("textDocument/diagnostic", json!({ "textDocument": editor.document("main.infra") }));
    assert_eq!(editor.answer(late).response_result.unwrap_err().code, -32600);
    editor.notify("exit", Value::Null);
    assert_eq!(editor.leave(), lsp::Ended::AsAsked);
}

#[test]
fn an_editor_that_goes_without_a_word_ends_the_server() {
    let folder = folder(&[("main.infra", PROJECT)]);
    let editor = Editor::open_folder(folder.path(), &SIMPLE);
    editor.notify("exit", Value::Null);
    assert_eq!(editor.leave(), lsp::Ended::Early);
    let editor = Editor::open_folder(folder.path(), &SIMPLE);
    assert_eq!(editor.leave(), lsp::Ended::Early);
}

#[test]
fn files_are_watched_where_the_editor_can() {
    let folder = folder(&[("main.infra", PROJECT)]);
    let mut editor = Editor::open_folder(folder.path(), &Profile { watches: true, ..SIMPLE });
    let asked = editor.told("client/registerCapability");
    assert_eq!(asked["registrations"][0]["method"], "workspace/didChangeWatchedFiles");
    editor.quit();
}

#[test]
fn folders_come_and_go() {
    let one = folder(&[("main.infra", PROJECT)]);
    let other = folder(&[("main.infra", &format!("{PROJECT}bucket media {{ colour = red }}\n"))]);
    let mut editor = Editor::open_folder(one.path(), &PULLS);
    assert_eq!(editor.pull_all().len(), 0);
    let of = |folder: &tempfile::TempDir| json!([{ "uri": crate::editor::uri(folder.path()), "name": "other" }]);
    let change = |added: Value, removed: Value| json!({ "event": { "added": added, "removed": removed } });
    editor.notify("workspace/didChangeWorkspaceFolders", change(of(&other), json!([])));
    assert_eq!(editor.pull_all().len(), 1);
    editor.notify("workspace/didChangeWorkspaceFolders", change(json!([]), of(&other)));
    assert_eq!(editor.pull_all().len(), 0);
    editor.quit();
}

#[test]
fn a_request_can_be_taken_back() {
    let folder = folder(&[("main.infra", PROJECT)]);
    let mut editor = Editor::open_folder(folder.path(), &PULLS);
    editor.open("main.infra", PROJECT);
    let id = editor.begin("textDocument/diagnostic", json!({ "textDocument": editor.document("main.infra") }));
    editor.notify("$/cancelRequest", json!({ "id": id }));
    // It may have been answered before.
    match editor.answer(id).response_result {
        Ok(report) => assert_eq!(report["kind"], "full"),
        Err(error) => assert_eq!(error.code, -32800),
    }
    editor.notify("$/cancelRequest", json!({ "id": "nobody" }));
    assert_eq!(editor.pull("main.infra")["items"], json!([]));
    editor.quit();
}

#[test]
fn broken_frames_are_answered_and_passed_over() {
    let frame = |text: &str| format!("Content-Length: {}\r\n\r\n{text}", text.len());
    let initialize = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#;
    let shutdown = r#"{"jsonrpc":"2.0","id":2,"method":"shutdown"}"#;
    let exit = r#"{"jsonrpc":"2.0","method":"exit"}"#;
    let texts = ["{", "[]", r#"{"id":null}"#, initialize, "\u{0}", shutdown, exit];
    let mut input = String::from("Nonsense: 1\r\nContent-Type: x\r\n");
    input.extend(texts.iter().map(|text| frame(text)));
    let (read, write) = std::io::pipe().unwrap();
    let connection = lsp::over(std::io::Cursor::new(input.into_bytes()), write);
    let ended = lsp::serve(connection, lsp::Settings { version: "0", today: || 0 });
    assert_eq!(ended, lsp::Ended::AsAsked);
    let mut answers = String::new();
    std::io::Read::read_to_string(&mut { read }, &mut answers).unwrap();
    assert_eq!(answers.matches("\"id\":null").count(), 4, "{answers}");
    assert_eq!(answers.matches("\"result\"").count(), 2, "{answers}");
}

#[test]
fn what_the_editor_answers_is_no_matter() {
    let folder = folder(&[("main.infra", PROJECT)]);
    let mut editor = Editor::open_folder(folder.path(), &PULLS);
    editor.send(Message::Response(lsp_server::Response::new_ok(77.into(), json!({}))));
    assert_eq!(editor.pull_all().len(), 0);
    editor.quit();
}
