//! What holds at any place of any text for completion, hover, signatures and definitions: nothing panics, and ranges lie in the text.

use std::ops::Range;

use ide::{Asked, completion, definition, hover, signature};
use program::Program;
use program::cut::CutFile;
use source::Memory;

use crate::completion_tasks::BESIDE;
use crate::harness::Scene;

fn ask(program: &Program, file: &CutFile, at: u32) {
    let asked = Asked { program, path: "main.infra", file };
    let holds = |range: &Range<u32>| {
        assert!(file.text.get(range.start as usize..range.end as usize).is_some(), "{range:?} of {:?}", file.text);
    };
    for item in completion::complete(&asked, at).items {
        holds(&item.replace);
    }
    if let Some(hover) = hover::hover(&asked, at) {
        holds(&hover.range);
        assert!(!hover.markdown.is_empty());
    }
    if let Some(found) = signature::signature(&asked, at) {
        for parameter in &found.parameters {
            assert!(found.label.get(parameter.range.start as usize..parameter.range.end as usize).is_some());
        }
    }
    for goal in definition::definition(&asked, at) {
        holds(&goal.origin);
    }
}

fn program() -> Program {
    Scene::new(BESIDE).program
}

#[test]
fn every_place_of_broken_texts_can_be_asked_about() {
    let program = program();
    for text in [
        "",
        "\u{feff}queue x {",
        "größe = 🐘\n🐘 🐘 {\n🐘 = 1\n}",
        "queue x { to { street = \"é",
        "@ @( @allow(\nkind is is , platform\nimplement on needs as\nadjust [.\n",
        "let x = \"${url_for(\"${",
        "moved to in\nfn f(\nuse .\nread\n}}}}))]]",
        "queue x {\r\n  form = match form {\r\n circle(\r\n",
        "terraform..aws\nkubernetes.deployment x { spec.template.[\"a\"]. }",
    ] {
        let file = CutFile::new(text.into());
        for at in 0..text.len() as u32 + 2 {
            ask(&program, &file, at);
        }
    }
}

#[test]
fn every_place_of_an_example_can_be_asked_about() {
    let example = tests::examples().into_iter().find(|example| example.name.contains("own")).unwrap();
    let program = Program::load(Memory::new(example.files.clone()), "");
    for (_, text) in &example.files {
        let file = CutFile::new(text.as_str().into());
        for at in (0..text.len() as u32).step_by(7) {
            ask(&program, &file, at);
        }
    }
}

/// Deep nesting and long lines end, and end soon.
#[test]
fn great_depth_and_length_can_be_asked_about() {
    let program = program();
    for piece in [
        "[",
        "{",
        "(",
        "a { ",
        "f(",
        "\"${",
        "1 + ",
        "not ",
        "if a then b else ",
        "a.",
        "a\n",
        "@",
        "a, ",
        "if a: ",
        "for a in b: ",
        "@a ",
        "private ",
        "private @a if b: {",
    ] {
        for begin in ["", "let x = ", "queue a {\n"] {
            let file = CutFile::new(format!("{begin}{}", piece.repeat(2_000)).into());
            for at in [100, 1_000, file.text.len() as u32] {
                ask(&program, &file, at);
            }
        }
    }
}
