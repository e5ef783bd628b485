//! A value of the source is edited: the emitted lines that change are those that `why` says it reaches.

use std::collections::BTreeSet;
use std::path::Path;

use program::Program;
use program::why::Why;
use source::{Memory, Name};

/// File, what stands there, and what takes its place; on lines that say one thing.
const EXACT: &[(&str, &str, &str)] = &[
    ("front.infra", "cpu = 2", "cpu = 4"),
    ("services.infra", "LOG = \"info\" // known", "LOG = \"warn\" // known"),
    ("services.infra", "memory = 256MiB", "memory = 300MiB"),
    ("services.infra", "memory = 128MiB", "memory = 200MiB"),
    ("services.infra", "shop/api@sha256:3f1c", "shop/api@sha256:4f1c"),
    ("data/main.infra", "100GiB", "120GiB"),
    ("front.infra", "ready = \"/healthz\"", "ready = \"/ready\""),
    ("main.infra", "string = \"shop.example\"", "string = \"store.example\""),
];

/// On lines that say several things all that changes is named, and what the others reach besides.
const AMONG_OTHERS: &[(&str, &str, &str)] = &[
    ("services.infra", "QUEUE_SIZE = \"50\"", "QUEUE_SIZE = \"60\""),
    ("services.infra", "prod => 3..10", "prod => 4..10"),
    ("services.infra", "cpu = 0.1..0.5", "cpu = 0.2..0.5"),
    ("services.infra", "\"--alive\"", "\"--living\""),
    ("data/main.infra", "postgres(\"16\")", "postgres(\"17\")"),
    ("network.infra", "cidr = 10.20.0.0/16, zones", "cidr = 10.30.0.0/16, zones"),
    ("main.infra", "account = \"111122223333\"", "account = \"111122220000\""),
];

fn files() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/shop");
    let mut files = Vec::new();
    for name in ["main.infra", "network.infra", "front.infra", "services.infra", "people.infra", "data/main.infra"] {
        files.push((name.to_owned(), std::fs::read_to_string(folder.join(name)).unwrap()));
    }
    files
}

fn lines(program: &Program) -> Vec<(String, Vec<String>)> {
    let built = program.build(Name::new("prod"), &[], &emit::Settings::beside_project("prod"));
    let (emitted, _) = built.unwrap_or_else(|told| panic!("{}", tests::render(&told, program.sources())));
    emitted.documents.into_iter().map(|document| (document.path, document.text.lines().map(str::to_owned).collect())).collect()
}

fn load(files: &[(String, String)]) -> Program {
    Program::load(Memory::new(files.iter().cloned()), "")
}

#[test]
fn the_lines_that_are_named_change() {
    let original = files();
    let program = load(&original);
    let before = lines(&program);
    let mut wrong: Vec<String> = Vec::new();
    for ((file, old, new), exact) in EXACT.iter().map(|edit| (edit, true)).chain(AMONG_OTHERS.iter().map(|edit| (edit, false))) {
        let mut edited = original.clone();
        let (_, text) = edited.iter_mut().find(|(name, _)| name == file).unwrap();
        let at = text.find(old).unwrap_or_else(|| panic!("{file} holds no {old}"));
        let line = text[..at].matches('\n').count() + 1;
        text.replace_range(at..at + old.len(), new);
        let after = lines(&load(&edited));
        let mut changed: BTreeSet<String> = BTreeSet::new();
        for ((path, before), (other, after)) in before.iter().zip(&after) {
            assert_eq!((path, before.len()), (other, after.len()), "{file}: {new} moves lines");
            changed.extend(before.iter().zip(after).enumerate().filter(|(_, (before, after))| before != after).map(|(at, _)| format!("{path}:{}", at + 1)));
        }
        let Ok(Why::Field(answer)) = program.why(&format!("{file}:{line}"), Some(Name::new("prod")), &[]) else { panic!("no answer for {file}:{line}") };
        let named: BTreeSet<String> = answer.reaches.iter().map(|reached| format!("{}:{}", reached.file, reached.line)).collect();
        if !changed.is_subset(&named) || (exact && named != changed) {
            let missing: Vec<&String> = changed.difference(&named).collect();
            let more: Vec<&String> = named.difference(&changed).collect();
            wrong.push(format!("{file}:{line}: {old} to {new}\n  changes and is not named: {missing:?}\n  is named and does not change: {more:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
