//! A folder of `.infra` files to the checker's input: files are read through the world, cut into items, and put in modules.

mod passed_over;
mod projects;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use check::input::{Input, Module, NamedSchema, Package, SourceItem};
use rustc_hash::FxHashMap;
use source::{Diagnostic, FileId, ItemId, Name, Place, Sources, Stop, World};
use syntax::pack::PackedItem;

use crate::cut::{CutFile, CutFiles};

/// Folders that never hold a program's text.
pub const SKIPPED: [&str; 4] = ["out", "target", "node_modules", "schemas"];

/// The folder of the library's files.
const LIBRARY: &str = "std";

/// More folders below one another than anybody makes by hand.
const DEEPEST: usize = 32;

/// Files, items and schemas of a program, and what could not be read.
pub(crate) struct Loaded {
    pub sources: Sources,
    pub input: Input,
    pub told: Vec<Diagnostic>,
    pub root: String,
    /// The project's files as they were cut, by path.
    pub files: CutFiles,
    /// The same of an earlier program: what is unchanged is taken over.
    kept: CutFiles,
}

/// The library that a program is read over.
pub(crate) struct Library<'a> {
    /// Path and text.
    pub files: &'a [(&'a str, &'a str)],
    /// The items of each file as `syntax::pack` wrote them; a file without them is cut and parsed.
    pub trees: &'a [&'static [u8]],
    /// Name and bytes.
    pub schemas: &'a [(&'a str, &'static [u8])],
}

impl Loaded {
    /// Nothing yet, of a project below this folder.
    fn of(root: &str) -> Self {
        Self {
            sources: Sources::default(),
            input: Input { packages: Vec::new(), schemas: Vec::new() },
            told: Vec::new(),
            root: root.to_owned(),
            files: CutFiles::default(),
            kept: CutFiles::default(),
        }
    }
    /// Parses the project on all processors, when there is enough of it. What is left over is parsed when somebody asks for it.
    pub(crate) fn parse(&self, stack: usize, stop: &Stop) {
        let modules =
            self.input.packages.iter().filter(|package| package.name.is_empty()).flat_map(|package| &package.modules);
        let items: Vec<&SourceItem> = modules.flat_map(|module| &module.items).collect();
        let workers = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_WORKERS);
        if workers == 1 || items.len() < ENOUGH_ITEMS {
            return;
        }
        let next = AtomicUsize::new(0);
        let work = || {
            while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                if stop.is_stopped() {
                    return;
                }
                item.tree();
            }
        };
        std::thread::scope(|scope| {
            let begun: Vec<_> = (0..workers)
                .map_while(|_| std::thread::Builder::new().stack_size(stack).spawn_scoped(scope, work).ok())
                .collect();
            for worker in begun {
                // A worker that died is of no matter: the checker meets the same item, and says so.
                let _ = worker.join();
            }
        });
    }
}

/// A thread costs as much as a few items; more of them than this find nothing to do.
const ENOUGH_ITEMS: usize = 50;
const MOST_WORKERS: usize = 8;

/// Reads everything below the root.
pub(crate) fn load(world: &dyn World, root: &str, over: &Library<'_>, kept: CutFiles) -> Loaded {
    let mut loaded = Loaded { kept, ..Loaded::of(root) };
    let mut modules = Vec::new();
    folder(world, root, &mut Vec::new(), &mut modules, &mut loaded);
    if !modules.is_empty() {
        projects::one_project(world, root, &mut modules, &mut loaded);
    }
    if modules.iter().all(|module: &Module| module.items.is_empty()) && !crate::has_errors(&loaded.told) {
        loaded.told.push(no_program(world, root, loaded.sources.files().next().is_some()));
    }
    loaded.input.packages.push(Package { name: "", modules });
    library(over, &mut loaded);
    schemas(world, root, over.schemas, &mut loaded);
    loaded
}

/// There is nothing to check: no file, or files without a statement.
fn no_program(world: &dyn World, root: &str, has_files: bool) -> Diagnostic {
    let shown = if root.is_empty() { "this folder".to_owned() } else { format!("`{root}`") };
    if has_files {
        return Diagnostic::placeless("no_program", format!("the `.infra` files in {shown} hold no statement"))
            .help("begin with `project NAME { edition = 1 }` and an `environment`");
    }
    let help = match projects::above(world, root) {
        Some(folder) => format!("it lies below the project in `{folder}`: name that folder"),
        None => "make a project with `infrac new NAME`, or name its folder".to_owned(),
    };
    Diagnostic::placeless("no_program", format!("there is no `.infra` file in {shown}")).help(help)
}

/// What to do about a folder that cannot be read: what was named may be a file of a project, or one of its environments.
fn instead_of(world: &dyn World, path: &str) -> String {
    if let Some((folder, _)) = path.ends_with(".infra").then(|| path.rsplit_once('/').unwrap_or((".", ""))) {
        return format!("name the folder, not a file in it: `{folder}`");
    }
    let files = world.list("").unwrap_or_default();
    let texts = files
        .iter()
        .filter(|file| file.ends_with(".infra"))
        .filter_map(|file| String::from_utf8(world.read(file).ok()?).ok());
    let is_environment =
        |text: String| syntax::items(&text).0.iter().any(|item| item.head.words.as_slice() == ["environment", path]);
    if texts.into_iter().any(is_environment) {
        return format!("did you mean `--env {path}`?");
    }
    "check that it exists and that you may read it".to_owned()
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
            loaded.told.push(
                Diagnostic::placeless("unreadable", format!("the folder `{shown}` cannot be read: {}", error.cause))
                    .help(instead_of(world, path)),
            );
            return;
        }
    };
    passed_over::tell(world, path, &entries, &mut loaded.told);
    let mut module = Module { path: names.clone(), items: Vec::new() };
    for entry in entries.iter().filter(|entry| entry.ends_with(".infra") && !entry.starts_with('.')) {
        file(world, &join(path, entry), &mut module, loaded);
    }
    modules.push(module);
    for entry in entries.iter().filter(|entry| {
        entry.ends_with('/') && !entry.starts_with('.') && !SKIPPED.contains(&entry.trim_end_matches('/'))
    }) {
        let name = entry.trim_end_matches('/');
        if names.len() >= DEEPEST {
            loaded.told.push(
                Diagnostic::placeless("too_deep", format!("the folder `{}` is nested too deeply", join(path, name)))
                    .help("move it up"),
            );
            continue;
        }
        let before = modules.len();
        names.push(Name::new(name));
        folder(world, &join(path, name), names, modules, loaded);
        names.pop();
        // Its files and names would be those of the library.
        let is_program = modules.iter().skip(before).any(|module| !module.items.is_empty());
        if names.is_empty() && name == LIBRARY && is_program {
            modules.truncate(before);
            let message = format!("the folder `{}` is called like the library", join(path, name));
            loaded.told.push(Diagnostic::placeless("library_folder", message).help("give it another name"));
        }
    }
}

fn file(world: &dyn World, path: &str, module: &mut Module, loaded: &mut Loaded) {
    let root = loaded.root.clone();
    let below = path.strip_prefix(&root).unwrap_or(path).trim_start_matches('/');
    // A link may lead to another file of the project, and nowhere else.
    let read = world.way_below(&root, below).and_then(|way| world.read(&join(&root, &way)));
    let bytes = match read {
        Ok(bytes) => bytes,
        Err(error) => {
            loaded.told.push(
                Diagnostic::placeless("unreadable", format!("the file `{path}` cannot be read: {}", error.cause))
                    .help("check that it is a file and that you may read it"),
            );
            return;
        }
    };
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let bytes = error.into_bytes();
            let line = bytes.get(..valid).map_or(1, |before| before.iter().filter(|byte| **byte == b'\n').count() + 1);
            loaded.told.push(
                Diagnostic::placeless("not_utf8", format!("the file `{path}` is not UTF-8 text (line {line})"))
                    .help("save it as UTF-8"),
            );
            return;
        }
    };
    // Known by its path in the project: the same files are the same program, however the folder was named.
    let steps = module.path.iter().map(|name| name.text());
    let name = path.rsplit('/').next().unwrap_or(path);
    let own = steps.chain([name]).collect::<Vec<_>>().join("/");
    let cut = match loaded.kept.remove(&own) {
        Some(kept) if *kept.text == *text => kept,
        Some(kept) => Arc::new(kept.edited(text.into())),
        None => Arc::new(CutFile::new(text.into())),
    };
    add_file(&own, path, &cut, module, loaded);
    loaded.files.insert(own, cut);
}

/// What of a file cannot be read, by itself, and where it stands. It is shown under this path.
pub fn unreadable(path: &str, file: &CutFile) -> (Vec<Diagnostic>, Sources) {
    let mut loaded = Loaded::of("");
    let mut module = Module { path: Vec::new(), items: Vec::new() };
    add_file(path, path, file, &mut module, &mut loaded);
    loaded.told.extend(check::unreadable(&module.items));
    (loaded.told, loaded.sources)
}

/// Registers the items of a file.
fn add_file(path: &str, shown: &str, cut: &CutFile, module: &mut Module, loaded: &mut Loaded) {
    let mut file = Registered::new(path, shown, &cut.text, loaded);
    for error in &cut.errors {
        let place = Place { item: file.whole, start: error.start, len: error.len };
        loaded.told.push(Diagnostic::error(error.code, place, error.message.clone()).help(error.help.clone()));
    }
    for item in &cut.items {
        let id = file.item(item.start, &item.words, loaded);
        module.items.push(SourceItem::new(id, item.text.clone(), item.words.clone()).sharing(item.tree.clone()));
    }
}

/// The same with items that were cut and parsed before.
fn add_packed(path: &str, text: &str, items: &[PackedItem<'static>], module: &mut Module, loaded: &mut Loaded) {
    let mut file = Registered::new(path, path, &text.into(), loaded);
    for item in items {
        let text = text.get(item.start as usize..(item.start + item.len) as usize).unwrap_or_default();
        let words: Vec<Name> = item.words.iter().map(|word| Name::new(word)).collect();
        let id = file.item(item.start, &words, loaded);
        module.items.push(SourceItem::new(id, text.into(), words).packed(item.tree));
    }
}

/// A file that is known to the sources, and how many items of each head it has.
struct Registered {
    file: FileId,
    whole: ItemId,
    seen: FxHashMap<String, u32>,
}

impl Registered {
    fn new(path: &str, shown: &str, text: &Arc<str>, loaded: &mut Loaded) -> Self {
        let file = FileId::new(path);
        loaded.sources.add_shown(file, shown, text.clone());
        let whole = ItemId::new(file, "", 0);
        loaded.sources.place_item(whole, file, 0);
        Self { file, whole, seen: FxHashMap::default() }
    }
    fn item(&mut self, start: u32, words: &[Name], loaded: &mut Loaded) -> ItemId {
        let head = words.iter().map(|word| word.text()).collect::<Vec<_>>().join(" ");
        let nth = self.seen.entry(head.clone()).or_default();
        let id = ItemId::new(self.file, &head, *nth);
        *nth += 1;
        loaded.sources.place_item(id, self.file, start);
        id
    }
}

fn library(over: &Library<'_>, loaded: &mut Loaded) {
    let mut module = Module { path: Vec::new(), items: Vec::new() };
    for (at, (path, text)) in over.files.iter().enumerate() {
        match over.trees.get(at).and_then(|packed| syntax::pack::items(packed)) {
            Some(items) => add_packed(path, text, &items, &mut module, loaded),
            None => add_file(path, path, &CutFile::new((*text).into()), &mut module, loaded),
        }
    }
    loaded.input.packages.push(Package { name: "std", modules: vec![module] });
}

fn schemas(world: &dyn World, root: &str, packed: &[(&str, &'static [u8])], loaded: &mut Loaded) {
    for (name, bytes) in packed {
        match schema::Schema::open(*bytes) {
            Ok(schema) => add_schema(schema, loaded),
            Err(error) => loaded.told.push(
                Diagnostic::placeless("bad_schema", format!("the built-in schema `{name}` is broken: {error}"))
                    .help("this is a bug in infrac"),
            ),
        }
    }
    let folder = join(root, "schemas");
    let Ok(entries) = world.way_below(root, "schemas").and_then(|way| world.list(&join(root, &way))) else { return };
    for entry in entries.iter().filter(|entry| entry.ends_with(".pack")) {
        let path = join(&folder, entry);
        let opened = world
            .way_below(root, &join("schemas", entry))
            .and_then(|way| world.read(&join(root, &way)))
            .map_err(|error| error.cause)
            .and_then(|bytes| schema::Schema::open(bytes).map_err(|error| error.to_string()));
        match opened {
            Ok(schema) => add_schema(schema, loaded),
            Err(cause) => loaded.told.push(
                Diagnostic::placeless("bad_schema", format!("the schema `{path}` cannot be used: {cause}"))
                    .help("make it again with `infrac schema add`"),
            ),
        }
    }
}

fn add_schema(schema: schema::Schema, loaded: &mut Loaded) {
    let maker = schema.maker();
    let named = NamedSchema { target: Name::new(&maker.target), prefix: Name::new(maker.prefix()), schema };
    // A project's own schema of a maker takes the place of the built-in one.
    loaded.input.schemas.retain(|other| other.target != named.target || other.prefix != named.prefix);
    loaded.input.schemas.push(named);
}
