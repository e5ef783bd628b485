//! A program as text to its graph, or to the messages that refuse it.

use std::fs;

use check::input::{Input, Module, NamedSchema, Package, SourceItem};
use graph::{Complete, Graph};
use rustc_hash::FxHashMap;
use schema::Schema;
use source::{Diagnostic, Diagnostics, FileId, ItemId, Name, Sources};

/// Kinds, a platform and spellings that most tests need; nothing of it is known to the compiler.
pub const LIBRARY: &str = r#"
platform cloud {
  region: string
  provider terraform.aws { region }
}

@lower("terraform", "string")
fn cidr_text(x: cidr) -> string = "${x}"
@lower("terraform", "string")
fn ip_text(x: ip) -> string = "${x}"
@lower("terraform", "string")
fn int_text(x: int) -> string = "${x}"

@native("terraform", "annotations")
fn terraform_annotations() -> [string] = ["protect", "replace", "ignore_drift", "after", "allow"]
"#;

/// A checked program.
pub struct Program {
    pub sources: Sources,
    pub checked: check::checked::Checked,
    pub told: Vec<Diagnostic>,
}

/// The program of one file, with the small library of the tests.
pub fn program(text: &str) -> Program {
    program_with(text, &[("std/library.infra".to_owned(), LIBRARY.to_owned())])
}

fn program_with(text: &str, library: &[(String, String)]) -> Program {
    let mut sources = Sources::default();
    let project = module(&mut sources, "main.infra", text);
    let mut std = Module { path: Vec::new(), items: Vec::new() };
    for (path, text) in library {
        std.items.extend(module(&mut sources, path, text).items);
    }
    let pack = |name: &str| {
        Schema::open(fs::read(format!("{}/../../stdlib/schemas/{name}.pack", env!("CARGO_MANIFEST_DIR"))).unwrap())
            .unwrap()
    };
    let schemas = vec![
        NamedSchema { target: Name::new("terraform"), prefix: Name::new("aws"), schema: pack("aws") },
        NamedSchema { target: Name::new("kubernetes"), prefix: Name::new(""), schema: pack("kubernetes") },
    ];
    let packages = vec![Package { name: "", modules: vec![project] }, Package { name: "std", modules: vec![std] }];
    // Lets that read lets are followed as deep as they go, on a stack of the checker's own.
    let input = Input { packages, schemas };
    let (checked, told) = std::thread::scope(|scope| {
        let checking = std::thread::Builder::new().stack_size(256 << 20).spawn_scoped(scope, || check::check(&input));
        checking.unwrap().join().unwrap()
    });
    Program { sources, checked, told }
}

fn module(sources: &mut Sources, path: &str, text: &str) -> Module {
    let file = FileId::new(path);
    sources.add(file, text.into());
    let mut seen: FxHashMap<String, u32> = FxHashMap::default();
    let mut items = Vec::new();
    for item in syntax::items(text).0 {
        let head = item.head.words.join(" ");
        let nth = seen.entry(head.clone()).or_default();
        let id = ItemId::new(file, &head, *nth);
        *nth += 1;
        sources.place_item(id, file, item.start);
        let words = item.head.words.iter().map(|word| Name::new(word)).collect();
        items.push(SourceItem::new(id, item.text.into(), words));
    }
    Module { path: Vec::new(), items }
}

/// The graph of environment `test`; panics with the messages when there is none.
pub fn graph(text: &str) -> Complete {
    match evaluate(text, "test", &[]) {
        Ok(graph) => graph,
        Err(told) => panic!("{told}"),
    }
}

/// The messages that refuse a program.
pub fn refusal(text: &str) -> String {
    match evaluate(text, "test", &[]) {
        Ok(graph) => panic!("it was not refused:\n{}", graph::save(&graph)),
        Err(told) => told,
    }
}

/// One environment with params.
pub fn evaluate(text: &str, environment: &str, params: &[(&str, &str)]) -> Result<Complete, String> {
    let program = program(text);
    // Warnings stop nothing.
    let refused = program.told.iter().any(|told| told.severity == source::Severity::Error);
    assert!(!refused, "the checker refuses it:\n{}", shown(&program.told, &program.sources));
    let options = eval::Options {
        environment: Name::new(environment),
        params: params.iter().map(|(name, text)| (Name::new(name), (*text).to_owned())).collect(),
        recorded: eval::Recorded::default(),
        stop: source::Stop::default(),
    };
    let mut diagnostics = Diagnostics::default();
    let graph = eval::evaluate(&program.checked, &options, &files, &mut diagnostics);
    match graph {
        Some(graph) => Ok(graph),
        None => Err(shown(diagnostics.list(), &program.sources)),
    }
}

pub fn files(path: &str) -> Result<String, String> {
    match path {
        "greeting.hbs" => Ok("Hello {{name}}{{#each list}} [{{this}}]{{/each}}{{#if loud}}!{{/if}}".to_owned()),
        "note.txt" => Ok("a note".to_owned()),
        _ => Err("there is no such file".to_owned()),
    }
}

/// Messages as plain text: what is wrong, where, what to do.
pub fn shown(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        text.push_str(&format!("{}: {}\n", diagnostic.code, diagnostic.message));
        for label in &diagnostic.labels {
            text.push_str(
                &format!(
                    "  at {} `{}` {}\n",
                    sources.show(label.place),
                    sources.text(label.place).unwrap_or("").lines().next().unwrap_or(""),
                    label.text
                )
                .replace(" \n", "\n"),
            );
        }
        for help in &diagnostic.help {
            text.push_str(&format!("  help: {help}\n"));
        }
    }
    text
}

/// The body of a resource as JSON text on one line.
pub fn body(graph: &Graph, address: &str) -> String {
    let resource = graph.resources.iter().find(|resource| graph.store.address_text(resource.address) == address);
    match resource {
        Some(resource) => graph.store.show(resource.body),
        None => panic!("there is no `{address}`, only {:?}", addresses(graph)),
    }
}

/// The addresses of all resources.
pub fn addresses(graph: &Graph) -> Vec<String> {
    graph.resources.iter().map(|resource| graph.store.address_text(resource.address)).collect()
}
