//! The compiler knows no kind and no cloud: a program over another library, with other names and other native kinds, becomes a
//! graph and files just as well; and no room of the compiler names what the standard library declares.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use program::Program;
use source::{Memory, Name};

const LIBRARY: &[(&str, &str)] = &[("std/yard.infra", include_str!("library/yard.infra"))];

fn harbour(text: &str) -> Program {
    let packed =
        schema::pack::pack_crds("harbour", "1.0", include_str!("harbour.yaml"), &schema::pack::Overlay::default())
            .unwrap();
    // The schema of the cluster itself is its maker's, whatever the library.
    let cluster = stdlib::schemas().iter().find(|(name, _)| *name == "kubernetes").unwrap();
    Program::load_with(Memory::new([("main.infra", text)]), "", LIBRARY, &[*cluster, ("harbour", packed.bytes.leak())])
}

#[test]
fn a_program_over_another_library_becomes_a_graph() {
    let program = harbour(include_str!("harbour.infra"));
    let told = program.check();
    assert!(told.is_empty(), "{}", tests::render(told, program.sources()));
    let (graph, warnings) = program.evaluate(Name::new("winter"), &[]).unwrap();
    assert!(warnings.is_empty(), "{}", tests::render(&warnings, program.sources()));
    insta::assert_snapshot!("graph", graph::save(&graph));
}

#[test]
fn it_is_built_like_any_other() {
    let program = harbour(include_str!("harbour.infra"));
    let (emitted, _) = program.build(Name::new("summer"), &[], &emit::Settings::beside_project("summer")).unwrap();
    let files: Vec<String> =
        emitted.documents.iter().map(|document| format!("==> {} <==\n{}", document.path, document.text)).collect();
    insta::assert_snapshot!("files", files.join("\n"));
}

#[test]
fn its_mistakes_are_told_in_its_own_words() {
    let text = include_str!("harbour.infra")
        .replace("crew = 3", "crw = 3")
        .replace("tug.stern", "tug.stren")
        .replace("=> 120", "=> 1");
    let program = harbour(&text);
    insta::assert_snapshot!("mistakes", tests::render(program.check(), program.sources()));
}

/// Whole literals of the compiler that happen to be names of the library too, and what they are there.
const MEAN_SOMETHING_ELSE: &[(&str, &str, &str)] = &[
    ("check/src/builtins/cidrs/network.rs", "network", "the built-in that gives the network of a range"),
    ("check/src/builtins/cidrs/host.rs", "host", "the built-in that gives an address of a range"),
    ("check/src/builtins/checked/url_host.rs", "host", "a part of a url"),
    ("check/src/types.rs", "secret", "the word for a stage"),
    ("check/src/signature.rs", "secret", "the word for a stage"),
    ("infrac/src/plans/json.rs", "secret", "the mark of a value that is not shown"),
    ("check/src/state.rs", "bucket", "a setting of Terraform's own backends"),
    ("emit/src/terraform/state.rs", "bucket", "a setting of Terraform's own backends"),
    ("emit/src/terraform/grounds.rs", "network", "a part of names of Terraform's fields"),
    ("program/src/describe/native.rs", "secret", "the word for a stage"),
    ("program/src/reach/walk.rs", "network", "the name of a layer on the path of a connection"),
    ("check/src/language.rs", "secret", "the word for a stage"),
    ("ide/src/completion/kinds.rs", "secret", "the word for a stage"),
    ("ide/src/context/expression.rs", "secret", "the word for a stage"),
    ("graph/src/save/mod.rs", "secret", "the word for a stage"),
    ("graph/src/save/values.rs", "secret", "the word for a stage"),
    ("graph/src/read/nodes.rs", "secret", "the word for a stage"),
    ("graph/src/read/values.rs", "secret", "the word for a stage"),
    ("check/src/library_functions.rs", "stateful", "what a library says of native kinds"),
    ("graph/src/save/mod.rs", "stateful", "what a library says of native kinds"),
    ("graph/src/read/nodes.rs", "stateful", "what a library says of native kinds"),
    ("eval/src/standing.rs", "stateful", "what a library says of native kinds"),
    ("emit/src/monitoring/mod.rs", "monitoring", "the name of the target"),
    ("emit/src/ansible/machines.rs", "host", "the word of the target for a machine of its inventory"),
    ("check/src/calls.rs", "file", "the built-in that gives the text of a file"),
    ("eval/src/providers.rs", "file", "where credentials may stand"),
    ("graph/src/save/mod.rs", "file", "where credentials may stand"),
    ("graph/src/read/nodes.rs", "file", "where credentials may stand"),
    ("emit/src/kubernetes/steps.rs", "secret", "the word of kubectl"),
    ("graph/src/save/mod.rs", "host", "what a platform is made of"),
    ("graph/src/read/nodes.rs", "host", "what a platform is made of"),
];

/// Targets are formats of files, which emitters write: they are named, as the languages of other tools.
const TARGETS: [&str; 2] = ["terraform", "kubernetes"];

/// A file of the source or of a disk, wherever one is told of: in messages for programs, in credentials, in the built-in that reads one.
const FILE: &str = "file";

#[test]
fn no_room_of_the_compiler_names_a_kind_or_a_cloud() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut names = BTreeSet::new();
    for (_, text) in stdlib::files() {
        for line in text.lines() {
            let mut words = line.split(|character: char| !character.is_alphanumeric() && character != '_');
            if let (Some("kind" | "platform" | "implement"), Some(name)) = (words.next(), words.next()) {
                names.insert(name.to_owned());
            }
        }
    }
    assert!(names.contains("container") && names.contains("aws"), "the library's names were not found");
    let mut found = Vec::new();
    let mut literals = 0;
    for file in rust_files(&root.join("compiler")) {
        let shown = file.strip_prefix(root.join("compiler")).unwrap().to_str().unwrap().to_owned();
        if !shown.contains("/src/") || shown.ends_with("tests.rs") {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        for literal in code
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .flat_map(|line| line.split('"').skip(1).step_by(2))
        {
            literals += 1;
            let is_plain = TARGETS.contains(&literal) || literal == FILE;
            let known = names.contains(literal) && !is_plain || literal.starts_with("aws_");
            if known && !MEAN_SOMETHING_ELSE.iter().any(|(path, word, _)| *path == shown && *word == literal) {
                found.push(format!("compiler/{shown}: \"{literal}\""));
            }
        }
    }
    assert!(literals > 1_000, "only {literals} literals were looked at");
    assert!(found.is_empty(), "the compiler names what the library declares:\n{}", found.join("\n"));
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}
