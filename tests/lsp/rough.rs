//! What no editor should do, and some do: messages without sense, edits faster than any check, files that vanish, folders that cannot
//! be read, projects that are made to hang. The server stays, answers every request, and tells the truth afterwards.

use serde_json::{Value, json};

use crate::changes::Draws;
use crate::editor::{Editor, PROJECT, PULLS, SIMPLE, folder};

const METHODS: &[&str] = &[
    "textDocument/diagnostic",
    "workspace/diagnostic",
    "textDocument/codeAction",
    "codeAction/resolve",
    "textDocument/formatting",
    "textDocument/rangeFormatting",
    "textDocument/onTypeFormatting",
    "textDocument/hover",
    "textDocument/completion",
    "completionItem/resolve",
    "textDocument/signatureHelp",
    "textDocument/definition",
    "textDocument/documentSymbol",
    "workspace/symbol",
    "textDocument/foldingRange",
    "textDocument/selectionRange",
    "textDocument/semanticTokens/full",
    "textDocument/semanticTokens/full/delta",
    "textDocument/semanticTokens/range",
    "textDocument/documentLink",
    "workspace/executeCommand",
    "workspace/textDocumentContent",
    "infrac/text",
    "no/such/method",
    "initialize",
    "",
];

const NOTES: &[&str] = &[
    "textDocument/didOpen",
    "textDocument/didChange",
    "textDocument/didClose",
    "textDocument/didSave",
    "workspace/didChangeWatchedFiles",
    "workspace/didChangeWorkspaceFolders",
    "$/cancelRequest",
    "$/no",
    "initialized",
];

/// A value that may be right or wrong.
fn value(draws: &mut Draws, editor: &Editor, depth: usize) -> Value {
    let position = |draws: &mut Draws| {
        let of = |draws: &mut Draws| *draws.one(&[0_i64, 1, 5, 999, 4_294_967_295, -1, 1 << 40]);
        json!({ "line": of(draws), "character": of(draws) })
    };
    match draws.below(if depth > 3 { 9 } else { 13 }) {
        0 => Value::Null,
        1 => json!(draws.below(5)),
        2 => json!(true),
        3 => json!(crate::editor::uri(&editor.path("main.infra"))),
        4 => json!(draws.word(&[
            "",
            "file:///",
            "untitled:x",
            "infrac-page:/syntax.md",
            "infrac-std:/../x",
            "http://x",
            "🦀"
        ])),
        5 => position(draws),
        6 => json!({ "start": position(draws), "end": position(draws) }),
        7 => editor.document("main.infra"),
        8 => editor.document("gone.infra"),
        9 => Value::Array((0..draws.below(4)).map(|_| value(draws, editor, depth + 1)).collect()),
        _ => params(draws, editor, depth + 1),
    }
}

fn params(draws: &mut Draws, editor: &Editor, depth: usize) -> Value {
    const NAMES: &[&str] = &[
        "textDocument",
        "position",
        "range",
        "context",
        "contentChanges",
        "text",
        "version",
        "uri",
        "changes",
        "event",
        "added",
        "removed",
        "previousResultIds",
        "options",
        "positions",
        "query",
        "command",
        "arguments",
        "id",
        "languageId",
        "ch",
    ];
    let mut params = serde_json::Map::new();
    if draws.below(3) > 0 {
        params.insert("textDocument".to_owned(), editor.document("main.infra"));
    }
    for _ in 0..draws.below(5) {
        let name = draws.word(NAMES).to_owned();
        params.insert(name, value(draws, editor, depth));
    }
    Value::Object(params)
}

#[test]
fn messages_without_sense_end_nothing() {
    let folder = folder(&[("main.infra", PROJECT)]);
    let mut editor = Editor::open_folder(folder.path(), &PULLS);
    let rounds = std::env::var("LSP_SCRIPTS").ok().map_or(600, |text| text.parse::<u64>().unwrap() * 50);
    for number in 0..rounds {
        let mut draws = Draws::new(7, number);
        let params = match draws.below(4) {
            0 => value(&mut draws, &editor, 0),
            _ => params(&mut draws, &editor, 0),
        };
        if draws.below(2) == 0 {
            editor.notify(draws.word(NOTES), params);
        } else {
            let id = editor.begin(draws.word(METHODS), params);
            if draws.below(3) == 0 {
                editor.notify("$/cancelRequest", json!({ "id": id }));
            }
            // An answer or a refusal: what matters is that it comes.
            let answer = editor.answer(id);
            if let Err(error) = answer.response_result {
                assert!(!error.message.contains("bug"), "{number}: {}", error.message);
            }
        }
    }
    editor.open("main.infra", &format!("{PROJECT}bucket a {{ colour = red }}\n"));
    assert_eq!(editor.pull("main.infra")["items"][0]["code"], "unknown_field");
    editor.quit();
}

#[test]
fn two_hundred_keys_at_once_are_one_change() {
    let folder = folder(&[("main.infra", PROJECT)]);
    let mut editor = Editor::open_folder(folder.path(), &SIMPLE);
    editor.open("main.infra", PROJECT);
    let line = PROJECT.lines().count();
    let word: Vec<char> = "bucket media { colour = red }".chars().cycle().take(200).collect();
    for (column, letter) in word.iter().enumerate() {
        let at = json!({ "line": line, "character": column });
        editor.change("main.infra", json!([{ "range": { "start": at, "end": at }, "text": letter.to_string() }]));
    }
    let text: String = word.iter().collect();
    editor.retype("main.infra", PROJECT);
    let params = json!({ "textDocument": editor.document("main.infra") });
    assert_eq!(editor.ask("textDocument/diagnostic", params)["items"], json!([]));
    let told = editor.heard("textDocument/publishDiagnostics");
    assert!(told.len() < 100, "{} answers to {} keys", told.len(), text.len());
    assert!(told.last().is_none_or(|last| last["diagnostics"] == json!([])), "{told:?}");
    editor.quit();
}

#[test]
fn files_vanish_under_it() {
    let folder = folder(&[("main.infra", PROJECT), ("data/store.infra", "bucket media { colour = red }\n")]);
    let mut editor = Editor::open_folder(folder.path(), &PULLS);
    assert_eq!(editor.pull_all().len(), 1);
    editor.open("data/store.infra", "bucket media { colour = red }\n");
    std::fs::remove_dir_all(editor.path("data")).unwrap();
    editor.watched(&[("data", 3)]);
    // It is open still, as a file that was never saved.
    assert_eq!(editor.pull_all().len(), 1);
    editor.close("data/store.infra");
    assert_eq!(editor.pull_all().len(), 0);
    std::fs::rename(editor.path("main.infra"), editor.path("moved.infra")).unwrap();
    editor.watched(&[("main.infra", 3), ("moved.infra", 1)]);
    assert_eq!(editor.pull_all().len(), 0);
    std::fs::remove_file(editor.path("moved.infra")).unwrap();
    editor.watched(&[("moved.infra", 3)]);
    assert_eq!(editor.pull_all().len(), 0);
    editor.quit();
}

#[cfg(unix)]
#[test]
fn a_hostile_project_hangs_nothing() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder(&[("main.infra", PROJECT), ("locked/a.infra", "let a = 1\n")]);
    let path = |name: &str| folder.path().join(name);
    symlink("/", path("disk")).unwrap();
    symlink(".", path("again")).unwrap();
    symlink("/etc/passwd", path("password.infra")).unwrap();
    let made = std::process::Command::new("mkfifo").args([path("pipe.infra"), path("infra.lock")]).status().unwrap();
    assert!(made.success());
    let huge = std::fs::File::create(path("huge.infra")).unwrap();
    huge.set_len(3 << 30).unwrap();
    std::fs::set_permissions(path("locked"), std::fs::Permissions::from_mode(0o000)).unwrap();
    let deep = format!("{PROJECT}let a = {}\n", "[".repeat(100_000));
    let mut editor = Editor::open_folder(folder.path(), &PULLS);
    editor.open("main.infra", &deep);
    let told = editor.pull("main.infra")["items"].to_string();
    std::fs::remove_file(path("infra.lock")).unwrap();
    editor.retype("main.infra", &format!("{PROJECT}let a = 1\n"));
    let mended = editor.pull("main.infra")["items"].to_string();
    std::fs::set_permissions(path("locked"), std::fs::Permissions::from_mode(0o755)).unwrap();
    assert!(told.contains("infra.lock"), "{told}");
    for word in ["pipe.infra", "huge.infra", "password.infra", "disk"] {
        assert!(mended.contains(word), "{word}: {mended}");
    }
    editor.quit();
}

#[test]
fn a_program_that_never_ends_is_left_for_the_next() {
    let endless = format!(
        "{PROJECT}let a = [for x in 1..3000 {{ [for y in 1..3000 {{ x + y }}] }}]\nbucket media {{ tags = {{ n = \"${{count(a)}}\" }} }}\n"
    );
    let folder = folder(&[("main.infra", PROJECT)]);
    let mut editor = Editor::open_folder(folder.path(), &PULLS);
    for _ in 0..5 {
        editor.open("main.infra", &endless);
        editor.retype("main.infra", PROJECT);
    }
    assert_eq!(editor.pull("main.infra")["items"], json!([]));
    editor.quit();
}
