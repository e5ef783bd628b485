//! Every example, in every environment: its files are what their formats say, and every line knows where it came from.

use std::path::Path;

use emit::{Document, Emitted, Settings};
use graph::{Complete, Graph};
use program::Program;
use source::{Disk, Name};

fn examples() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let folders =
        std::fs::read_dir(folder).unwrap().map(Result::unwrap).filter(|entry| entry.file_type().unwrap().is_dir());
    let mut names: Vec<String> = folders.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    assert!(names.len() >= 2);
    names
}

fn load(example: &str) -> Program {
    Program::load(Disk::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples")), example)
}

fn emitted(program: &Program, environment: Name) -> (Complete, Emitted) {
    let (graph, _) =
        program.evaluate(environment, &[]).unwrap_or_else(|told| panic!("{}", tests::render(&told, program.sources())));
    let emitted = emit::emit_with(&graph, &Settings::beside_project(environment.text()))
        .unwrap_or_else(|told| panic!("{}", tests::render(&told, program.sources())));
    (graph, emitted)
}

fn each(mut run: impl FnMut(&str, &Program, &Graph, &[Document])) {
    for example in examples() {
        let program = load(&example);
        assert!(!program.environments().is_empty(), "{example}");
        for environment in program.environments() {
            let (graph, emitted) = emitted(&program, environment);
            run(&format!("{example} {environment}"), &program, &graph, &emitted.documents);
        }
    }
}

#[test]
fn files_are_read_back_by_readers_that_are_not_ours() {
    each(|example, _, _, documents| {
        assert!(!documents.is_empty(), "{example}");
        for document in documents {
            if document.path.ends_with(".json") {
                serde_json::from_str::<serde_json::Value>(&document.text)
                    .unwrap_or_else(|error| panic!("{example} {}: {error}", document.path));
            } else if document.path.ends_with(".yml") || document.path.ends_with(".yaml") {
                let read: Vec<serde_json::Value> = serde_saphyr::from_multiple(&document.text)
                    .unwrap_or_else(|error| panic!("{example} {}: {error}", document.path));
                let is_object = |read: &serde_json::Value| read["apiVersion"].is_string() && read["kind"].is_string();
                let is_manifest = document.path.starts_with("kubernetes");
                assert!(!is_manifest || read.iter().all(is_object), "{example} {}", document.path);
            }
        }
    });
}

#[test]
fn every_line_of_a_resource_names_a_place_that_exists() {
    each(|example, program, graph, documents| {
        for document in documents {
            assert_eq!(document.lines.len(), document.text.lines().count(), "{example} {}", document.path);
            for (at, text) in document.text.lines().enumerate() {
                let origin = document.origin(graph, at + 1).unwrap();
                let place = origin.place.map(|place| program.sources().absolute(place).is_some());
                match origin.address {
                    Some(_) => assert_eq!(place, Some(true), "{example} {}:{} {text}", document.path, at + 1),
                    None => assert_ne!(place, Some(false), "{example} {}:{} {text}", document.path, at + 1),
                }
            }
        }
    });
}

#[test]
fn the_same_program_gives_the_same_bytes_twice() {
    for example in examples() {
        let (one, two) = (load(&example), load(&example));
        for environment in one.environments() {
            assert_eq!(emitted(&one, environment).1, emitted(&two, environment).1, "{example} {environment}");
        }
    }
}
