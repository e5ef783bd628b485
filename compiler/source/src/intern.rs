//! Small ids for names, files and items. The tables only grow and are shared by the whole process, so an id means the
//! same thing everywhere; ids compare for equality and are never used to sort anything that a user sees.

use std::fmt;
use std::hash::Hash;
use std::sync::{LazyLock, RwLock};

use rustc_hash::FxHashMap;

/// An interned identifier or label.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Name(u32);

/// A source file, known by its path.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct FileId(u32);

/// A top-level item: the file it stands in, its head (such as `server front`) and which one of that head it is. It survives
/// edits elsewhere in the file.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ItemId(u32);

struct Table<K> {
    ids: FxHashMap<K, u32>,
    keys: Vec<K>,
}

impl<K: Clone + Eq + Hash> Table<K> {
    fn new() -> Self {
        Self { ids: FxHashMap::default(), keys: Vec::new() }
    }
    fn intern(&mut self, key: K) -> u32 {
        if let Some(&id) = self.ids.get(&key) {
            return id;
        }
        let id = self.keys.len() as u32;
        self.keys.push(key.clone());
        self.ids.insert(key, id);
        id
    }
}

static NAMES: LazyLock<RwLock<Table<&'static str>>> = LazyLock::new(|| RwLock::new(Table::new()));
static FILES: LazyLock<RwLock<Table<&'static str>>> = LazyLock::new(|| RwLock::new(Table::new()));
static ITEMS: LazyLock<RwLock<Table<(FileId, Name, u32)>>> = LazyLock::new(|| RwLock::new(Table::new()));

fn intern_text(table: &RwLock<Table<&'static str>>, text: &str) -> u32 {
    if let Some(&id) = table.read().unwrap_or_else(|poisoned| poisoned.into_inner()).ids.get(text) {
        return id;
    }
    let mut table = table.write().unwrap_or_else(|poisoned| poisoned.into_inner());
    if let Some(&id) = table.ids.get(text) {
        return id;
    }
    // Names live as long as the process: the table is append-only by design.
    table.intern(Box::leak(text.to_owned().into_boxed_str()))
}

fn text_of(table: &RwLock<Table<&'static str>>, id: u32) -> &'static str {
    let table = table.read().unwrap_or_else(|poisoned| poisoned.into_inner());
    table.keys.get(id as usize).copied().unwrap_or("")
}

impl Name {
    /// The id of this text.
    pub fn new(text: &str) -> Self {
        Self(intern_text(&NAMES, text))
    }
    /// The text itself.
    pub fn text(self) -> &'static str {
        text_of(&NAMES, self.0)
    }
}

impl FileId {
    /// The id of the file with this path, as the user would write it.
    pub fn new(path: &str) -> Self {
        Self(intern_text(&FILES, path))
    }
    /// The path.
    pub fn path(self) -> &'static str {
        text_of(&FILES, self.0)
    }
}

impl ItemId {
    /// The `nth` item (from 0) with this head in the file.
    pub fn new(file: FileId, head: &str, nth: u32) -> Self {
        let key = (file, Name::new(head), nth);
        if let Some(&id) = ITEMS.read().unwrap_or_else(|poisoned| poisoned.into_inner()).ids.get(&key) {
            return Self(id);
        }
        Self(ITEMS.write().unwrap_or_else(|poisoned| poisoned.into_inner()).intern(key))
    }
    fn key(self) -> Option<(FileId, Name, u32)> {
        ITEMS.read().unwrap_or_else(|poisoned| poisoned.into_inner()).keys.get(self.0 as usize).copied()
    }
    /// The file in which the item stands.
    pub fn file(self) -> FileId {
        self.key().map_or_else(|| FileId::new(""), |key| key.0)
    }
    /// The head that identifies it, such as `server front`.
    pub fn head(self) -> &'static str {
        self.key().map_or("", |key| key.1.text())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "`{}`", self.text())
    }
}
impl fmt::Display for Name {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.text())
    }
}
impl fmt::Debug for FileId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.path())
    }
}
impl fmt::Debug for ItemId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.file().path(), self.head())
    }
}
