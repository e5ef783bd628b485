//! A folder of `.infra` files to the checker's input: files are read through the world, cut into items, and put in modules.

use std::sync::{Arc, OnceLock};

use check::input::{Input, Module, NamedSchema, Package, SourceItem};
use rustc_hash::FxHashMap;
use source::{Diagnostic, FileId, ItemId, Name, Place, Sources, World};

/// Folders that never hold a program's text.
const SKIPPED: [&str; 4] = ["out/", "target/", "node_modules/", "schemas/"];

/// More folders below one another than anybody makes by hand.
const DEEPEST: usize = 32;

/// Files, items and schemas of a program, and what could not be read.
pub(crate) struct Loaded {
    pub sources: Sources,
    pub input: Input,
    pub told: Vec<Diagnostic>,
    /// Text files of the project by path, read when something asks for them.
    pub root: String,
}

/// Reads everything below the root.
pub(crate) fn load(world: &dyn World, root: &str, files: &[(&str, &str)], packed: &[(&str, &'static [u8])]) -> Loaded {
    let mut loaded = Loaded { sources: Sources::default(), input: Input { packages: Vec::new(), schemas: Vec::new() }, told: Vec::new(), root: root.to_owned() };
    let mut modules = Vec::new();
    folder(world, root, &mut Vec::new(), &mut modules, &mut loaded);
    if modules.iter().all(|module: &Module| module.items.is_empty()) && loaded.told.is_empty() {
        let shown = if root.is_empty() { "this folder" } else { root };
        loaded.told.push(Diagnostic::placeless("no_program", format!("there is no `.infra` file in {shown}")).help("make a project with `infrac new NAME`, or name its folder"));
    }
    loaded.input.packages.push(Package { name: "", modules });
    library(files, &mut loaded);
    schemas(world, root, packed, &mut loaded);
    loaded
}

fn join(folder: &str, name: &str) -> String {
    match folder {
        "" => name.to_owned(),
        _ if folder.ends_with('/') => format!("{folder}{name}"),
        _ => format!("{folder}/{name}"),
    }
}

fn folder(world: &dyn World, path: &str, names: &mut Vec<Name>, modules: &mut Vec<Module>, loaded: &mut Loaded) {
    let entries = match world.list(path) {
        Ok(entries) => entries,
        Err(error) => {
            let shown = if path.is_empty() { "." } else { path };
            loaded.told.push(Diagnostic::placeless("unreadable", format!("the folder `{shown}` cannot be read: {}", error.cause)).help("check that it exists and that you may read it"));
            return;
        }
    };
    let mut module = Module { path: names.clone(), items: Vec::new() };
    for entry in entries.iter().filter(|entry| entry.ends_with(".infra") && !entry.starts_with('.')) {
        file(world, &join(path, entry), &mut module, loaded);
    }
    modules.push(module);
    for entry in entries.iter().filter(|entry| entry.ends_with('/') && !entry.starts_with('.') && !SKIPPED.contains(&entry.as_str())) {
        let name = entry.trim_end_matches('/');
        if names.len() >= DEEPEST {
            loaded.told.push(Diagnostic::placeless("too_deep", format!("the folder `{}` is nested too deeply", join(path, name))).help("move it up"));
            continue;
        }
        names.push(Name::new(name));
        folder(world, &join(path, name), names, modules, loaded);
        names.pop();
    }
}

fn file(world: &dyn World, path: &str, module: &mut Module, loaded: &mut Loaded) {
    let bytes = match world.read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            loaded.told.push(Diagnostic::placeless("unreadable", format!("the file `{path}` cannot be read: {}", error.cause)).help("check that it is a file and that you may read it"));
            return;
        }
    };
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let bytes = error.into_bytes();
            let line = bytes.get(..valid).map_or(1, |before| before.iter().filter(|byte| **byte == b'\n').count() + 1);
            loaded.told.push(Diagnostic::placeless("not_utf8", format!("the file `{path}` is not UTF-8 text (line {line})")).help("save it as UTF-8"));
            return;
        }
    };
    add_file(path, text.into(), module, loaded);
}

/// Cuts a file into items and registers them.
fn add_file(path: &str, text: Arc<str>, module: &mut Module, loaded: &mut Loaded) {
    let file = FileId::new(path);
    loaded.sources.add(file, text.clone());
    let (items, errors) = syntax::items(&text);
    let whole = ItemId::new(file, "", 0);
    loaded.sources.place_item(whole, file, 0);
    for error in errors {
        let place = Place { item: whole, start: error.start, len: error.len };
        loaded.told.push(Diagnostic::error(error.code, place, error.message).help(error.help));
    }
    let mut seen: FxHashMap<String, u32> = FxHashMap::default();
    for item in items {
        let head = item.head.words.join(" ");
        let nth = seen.entry(head.clone()).or_default();
        let id = ItemId::new(file, &head, *nth);
        *nth += 1;
        loaded.sources.place_item(id, file, item.start);
        module.items.push(SourceItem {
            id,
            text: item.text.into(),
            words: item.head.words.iter().map(|word| Name::new(word)).collect(),
            tree: Arc::new(OnceLock::new()),
        });
    }
}

fn library(files: &[(&str, &str)], loaded: &mut Loaded) {
    let mut module = Module { path: Vec::new(), items: Vec::new() };
    for (path, text) in files {
        add_file(path, (*text).into(), &mut module, loaded);
    }
    loaded.input.packages.push(Package { name: "std", modules: vec![module] });
}

fn schemas(world: &dyn World, root: &str, packed: &[(&str, &'static [u8])], loaded: &mut Loaded) {
    for (name, bytes) in packed {
        match schema::Schema::open(*bytes) {
            Ok(schema) => add_schema(name, schema, loaded),
            Err(error) => loaded.told.push(Diagnostic::placeless("bad_schema", format!("the built-in schema `{name}` is broken: {error}")).help("this is a bug in infrac")),
        }
    }
    let folder = join(root, "schemas");
    let Ok(entries) = world.list(&folder) else { return };
    for entry in entries.iter().filter(|entry| entry.ends_with(".pack")) {
        let path = join(&folder, entry);
        let opened = world.read(&path).map_err(|error| error.cause).and_then(|bytes| schema::Schema::open(bytes).map_err(|error| error.to_string()));
        match opened {
            Ok(schema) => add_schema(entry.trim_end_matches(".pack"), schema, loaded),
            Err(cause) => loaded.told.push(Diagnostic::placeless("bad_schema", format!("the schema `{path}` cannot be used: {cause}")).help("make it again with `infrac schema add`")),
        }
    }
}

fn add_schema(name: &str, schema: schema::Schema, loaded: &mut Loaded) {
    let (target, prefix) = match schema.maker() {
        schema::Maker::Terraform { source, .. } => ("terraform", source.rsplit('/').next().unwrap_or(name).to_owned()),
        schema::Maker::Kubernetes { .. } => ("kubernetes", String::new()),
        schema::Maker::Crds { pack, .. } => ("kubernetes", pack),
    };
    let named = NamedSchema { target: Name::new(target), prefix: Name::new(&prefix), schema };
    // A project's own schema of a maker takes the place of the built-in one.
    loaded.input.schemas.retain(|other| other.target != named.target || other.prefix != named.prefix);
    loaded.input.schemas.push(named);
}
