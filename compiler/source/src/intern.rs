//! Small ids for names, files and items. The tables only grow and are shared by the whole process, so an id means the
//! same thing everywhere; ids compare for equality and are never used to sort anything that a user sees.

use std::fmt;
use std::hash::Hash;
use std::sync::{LazyLock, OnceLock, RwLock};

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

/// Texts and their ids. An id is looked up far more often than a text, by several threads at once: it takes no lock.
struct Texts {
    ids: LazyLock<RwLock<FxHashMap<&'static str, u32>>>,
    /// Block `n` holds `FIRST_BLOCK << n` texts; none is ever moved.
    blocks: [OnceLock<Box<[OnceLock<&'static str>]>>; 22],
}

const FIRST_BLOCK: u32 = 1 << 10;

/// The block of an id, its length, and the position in it.
fn block_of(id: u32) -> (usize, usize, usize) {
    let at = u64::from(id) + u64::from(FIRST_BLOCK);
    let block = at.ilog2() - FIRST_BLOCK.ilog2();
    let len = u64::from(FIRST_BLOCK) << block;
    (block as usize, len as usize, (at - len) as usize)
}

impl Texts {
    const fn new() -> Self {
        Self { ids: LazyLock::new(|| RwLock::new(FxHashMap::default())), blocks: [const { OnceLock::new() }; 22] }
    }
    fn intern(&self, text: &str) -> u32 {
        if let Some(&id) = self.ids.read().unwrap_or_else(|poisoned| poisoned.into_inner()).get(text) {
            return id;
        }
        let mut ids = self.ids.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(&id) = ids.get(text) {
            return id;
        }
        // Names live as long as the process: the table is append-only by design.
        let text: &'static str = Box::leak(text.to_owned().into_boxed_str());
        let id = ids.len() as u32;
        let (block, len, at) = block_of(id);
        if let Some(block) = self.blocks.get(block) {
            let slot = block.get_or_init(|| (0..len).map(|_| OnceLock::new()).collect()).get(at);
            // Each id is given once, under the lock.
            let _ = slot.map(|slot| slot.set(text));
        }
        ids.insert(text, id);
        id
    }
    fn text(&self, id: u32) -> &'static str {
        let (block, _, at) = block_of(id);
        let slot = self.blocks.get(block).and_then(OnceLock::get).and_then(|block| block.get(at));
        slot.and_then(OnceLock::get).copied().unwrap_or("")
    }
}

static NAMES: Texts = Texts::new();
static FILES: Texts = Texts::new();
static ITEMS: LazyLock<RwLock<Table<(FileId, Name, u32)>>> = LazyLock::new(|| RwLock::new(Table::new()));

impl Name {
    /// The id of this text.
    pub fn new(text: &str) -> Self {
        Self(NAMES.intern(text))
    }
    /// The text itself.
    pub fn text(self) -> &'static str {
        NAMES.text(self.0)
    }
}

impl FileId {
    /// The id of the file with this path, as the user would write it.
    pub fn new(path: &str) -> Self {
        Self(FILES.intern(path))
    }
    /// The path.
    pub fn path(self) -> &'static str {
        FILES.text(self.0)
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
    /// Whether the library has it: its files begin with its name.
    pub fn is_of_library(self) -> bool {
        self.file().path().starts_with("std/")
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
