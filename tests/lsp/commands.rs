//! What a file becomes: emitted files beside the text and back, who calls whom, a picture.

use serde_json::{Value, json};

use crate::editor::{Editor, PULLS, Profile, folder, shown, uri};
use crate::positions::position;

const SHOP: &str = "project shop { edition = 1 }
environment prod { tier = prod, on = [kubernetes(context = \"shop\")] }
environment test { tier = test, on = [kubernetes(context = \"test\")] }

container db {
  image = \"registry.example.com/db@sha256:3f1c9d0b7a5e48d2b6c1f0e9a8d7c6b5a4938271605f4e3d2c1b0a9f8e7d6c5b\"
  memory = 256MiB
  port sql = 5432/tcp
}

container api {
  image = \"registry.example.com/api@sha256:3f1c9d0b7a5e48d2b6c1f0e9a8d7c6b5a4938271605f4e3d2c1b0a9f8e7d6c5b\"
  memory = 512MiB
}

firewall edge { allow = [api -> db.sql] }
";

fn run(editor: &mut Editor, command: &str, word: &str, environment: &str) -> Result<Value, String> {
    let at = position(SHOP, SHOP.find(word).unwrap(), "utf-8");
    let given = json!({ "uri": uri(&editor.path("main.infra")), "position": at, "environment": environment });
    let id = editor.begin("workspace/executeCommand", json!({ "command": command, "arguments": [given] }));
    editor.answer(id).response_result.map_err(|error| error.message)
}

fn open() -> (Editor, tempfile::TempDir) {
    let folder = folder(&[("main.infra", SHOP)]);
    let mut editor = Editor::open_folder(folder.path(), &Profile { pages: true, ..PULLS });
    editor.open("main.infra", SHOP);
    assert_eq!(editor.pull("main.infra")["items"], json!([]));
    (editor, folder)
}

#[test]
fn a_value_leads_to_the_lines_that_it_reaches_and_back() {
    let (mut editor, folder) = open();
    let told = run(&mut editor, "infrac.artefact", "512MiB", "prod").unwrap();
    insta::assert_snapshot!("artefact", shown(&told, folder.path()));
    let (address, line) = (told["lines"][0]["uri"].clone(), told["lines"][0]["line"].as_u64().unwrap());
    let text =
        editor.ask("workspace/textDocumentContent", json!({ "uri": address }))["text"].as_str().unwrap().to_owned();
    assert!(text.lines().nth(line as usize).unwrap().contains("512Mi"), "{text}");
    let back = json!({ "uri": address, "position": { "line": line, "character": 0 } });
    let back = editor.ask("workspace/executeCommand", json!({ "command": "infrac.origins", "arguments": [back] }));
    assert!(back["places"].as_array().unwrap().iter().any(|place| place["range"]["start"]["line"] == 12), "{back}");
    // Another text makes another file, and whoever looks at it is told.
    editor.retype("main.infra", &SHOP.replace("512MiB", "768MiB"));
    editor.pull("main.infra");
    assert_eq!(editor.told("workspace/textDocumentContent/refresh")["uri"], address);
    let text = editor.ask("infrac/text", json!({ "uri": address }))["text"].as_str().unwrap().to_owned();
    assert!(text.contains("768Mi"), "{text}");
    editor.quit();
}

#[test]
fn who_calls_whom_and_a_picture() {
    let (mut editor, folder) = open();
    let told = run(&mut editor, "infrac.reach", "api -> db.sql", "test").unwrap();
    insta::assert_snapshot!("reach", shown(&told, folder.path()));
    let told = run(&mut editor, "infrac.graph", "project", "prod").unwrap();
    assert!(told["svg"].as_str().unwrap().starts_with("<svg"), "{told}");
    assert_eq!((&told["environment"], &told["environments"]), (&json!("prod"), &json!(["prod", "test"])));
    editor.quit();
}

#[test]
fn what_cannot_be_shown_says_why() {
    let (mut editor, _folder) = open();
    let told = [
        run(&mut editor, "infrac.reach", "shop {", "prod").unwrap_err(),
        run(&mut editor, "infrac.graph", "shop {", "moon").unwrap_err(),
        run(&mut editor, "infrac.no", "shop {", "prod").unwrap_err(),
    ];
    editor.retype("main.infra", &SHOP.replace("256MiB", "\"x\""));
    let mistaken = run(&mut editor, "infrac.artefact", "512MiB", "prod").unwrap_err();
    insta::assert_debug_snapshot!("refused", (told, mistaken));
    editor.quit();
}
