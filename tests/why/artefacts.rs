//! The emitted files beside the source, as an editor asks for them: from a value to its lines, from a line to its places.

use program::Program;
use program::why::{At, Bearing, Why};
use source::{FileId, Name};

use crate::{example, examples};

/// The place of `text` in a file of an example, by the end of its path, and the path itself.
fn at(program: &Program, file: &str, text: &str) -> At {
    let found = program.sources().files().find(|found| found.shown.ends_with(file)).unwrap();
    let byte = found.text.find(text).unwrap_or_else(|| panic!("{file} has no `{text}`"));
    At { file: found.id, byte }
}

fn word(bearing: Bearing) -> &'static str {
    match bearing {
        Bearing::Value => "made of it",
        Bearing::Decides => "decided by it",
        Bearing::There => "there for it",
    }
}

#[test]
fn from_a_value_to_its_lines() {
    let program = example("shop");
    let artefacts = program.artefacts(Name::new("prod"), &[]).unwrap();
    let mut shown = String::new();
    for (file, text) in [
        ("services.infra", "3..10"),
        ("services.infra", "\"info\" //"),
        ("services.infra", "orders.url"),
        ("network.infra", "api -> orders.sql"),
        ("front.infra", "managed"),
    ] {
        let lines = artefacts.reached_from(&program, at(&program, file, text));
        shown.push_str(&format!("== {file}: {text}, {} lines\n", lines.len()));
        for line in lines.iter().take(12) {
            let artefact = artefacts.files.iter().find(|artefact| artefact.path == line.path).unwrap();
            let emitted = artefact.text.lines().nth(line.line - 1).unwrap().trim();
            shown.push_str(&format!(
                "{}: {emitted}  ({}, {}; {})\n",
                line.path,
                line.address,
                line.field,
                word(line.bearing)
            ));
        }
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn from_a_line_to_its_places() {
    let program = example("shop");
    let artefacts = program.artefacts(Name::new("prod"), &[]).unwrap();
    let mut shown = String::new();
    for (path, text) in [
        ("kubernetes/api.yaml", "minReplicas:"),
        ("kubernetes/api.yaml", "LOG:"),
        ("kubernetes/api.yaml", "- port: 5432"),
        ("kubernetes/kustomization.yaml", "- api.yaml"),
        ("terraform/main.tf.json", "\"allocated_storage\""),
    ] {
        let artefact = artefacts.files.iter().find(|artefact| artefact.path == path).unwrap();
        let line = artefact.text.lines().position(|line| line.trim().starts_with(text)).unwrap() + 1;
        shown.push_str(&format!("== {path}: {text}\n"));
        for origin in artefacts.origins(&program, path, line) {
            let source = program.sources().file(origin.file).unwrap().text.get(origin.bytes.clone()).unwrap();
            let source = source.lines().next().unwrap_or_default();
            shown.push_str(&format!("{}:{}  {source}  ({})\n", origin.at, origin.at.column, word(origin.bearing)));
        }
    }
    insta::assert_snapshot!(shown);
    assert!(artefacts.origins(&program, "kubernetes/api.yaml", 0).is_empty());
    assert!(artefacts.origins(&program, "kubernetes/api.yaml", 1_000_000).is_empty());
    assert!(artefacts.origins(&program, "no/such.yaml", 1).is_empty());
}

/// An editor and `infrac why` never say different things: at every tenth byte of every example.
#[test]
fn what_is_reached_is_what_why_says() {
    let mut asked = 0;
    for name in examples().into_iter().filter(|name| !["fleet", "regions"].contains(&name.as_str())) {
        let program = example(&name);
        let environment = program.environments()[0];
        let artefacts = program.artefacts(environment, &[]).unwrap();
        for file in program.sources().files().filter(|file| !file.id.path().starts_with("std/")) {
            let step = (file.text.len() / 6).max(1);
            for byte in (0..file.text.len()).step_by(step).filter(|byte| file.text.is_char_boundary(*byte)) {
                let reached = artefacts.reached_from(&program, At { file: file.id, byte });
                let mut reached: Vec<(String, usize)> =
                    reached.into_iter().map(|line| (line.path, line.line)).collect();
                reached.sort();
                let found = file.line_column(byte as u32);
                let question = format!("{}:{}:{}", file.shown, found.line, found.column);
                let mut told: Vec<(String, usize)> = match program.why(&question, Some(environment), &[]) {
                    Ok(Why::Fields(fields)) => fields
                        .iter()
                        .flat_map(|field| &field.reaches)
                        .map(|line| (line.file.clone(), line.line))
                        .collect(),
                    Ok(Why::Lines(_)) | Err(_) => Vec::new(),
                };
                told.sort();
                assert_eq!(reached, told, "{question}");
                asked += usize::from(!told.is_empty());
            }
        }
    }
    assert!(asked > 10, "only {asked} places have a value");
}

/// A place that a line was made of reaches that line.
#[test]
fn both_directions_agree() {
    let program = example("shop");
    let artefacts = program.artefacts(Name::new("prod"), &[]).unwrap();
    let mut looked_at = 0;
    for artefact in &artefacts.files {
        let count = artefact.text.lines().count();
        for line in (1..=count).step_by((count / 40).max(1)) {
            let origins = artefacts.origins(&program, &artefact.path, line);
            for origin in origins.iter().filter(|origin| origin.bearing == Bearing::Value) {
                // The name of the project is no value.
                if program.said_at(origin.file, origin.bytes.start).is_none() {
                    continue;
                }
                let reached = artefacts.reached_from(&program, At { file: origin.file, byte: origin.bytes.start });
                let found = reached.iter().any(|found| found.path == artefact.path && found.line == line);
                assert!(found, "{}:{line} was made of {}:{}", artefact.path, origin.at, origin.at.column);
                looked_at += 1;
            }
        }
    }
    assert!(looked_at > 20, "only {looked_at} places were looked at");
}

#[test]
fn nothing_is_reached_from_where_nothing_stands() {
    let program = example("shop");
    let artefacts = program.artefacts(Name::new("prod"), &[]).unwrap();
    let comment = at(&program, "shop/network.infra", "//! The network");
    assert!(artefacts.reached_from(&program, comment).is_empty());
    assert!(artefacts.reached_from(&program, At { file: FileId::new("no/such.infra"), byte: 3 }).is_empty());
    assert!(artefacts.reached_from(&program, At { byte: usize::MAX, ..comment }).is_empty());
}
