//! What the checker is given: packages of modules of items. A library's item is parsed when something needs it.

use std::sync::{Arc, OnceLock};

use source::{ItemId, Name};
use syntax::Tree;

/// A package: the project, the standard library, later other packages.
#[derive(Clone, Debug)]
pub struct Package {
    /// Empty for the project itself, `std` for the standard library.
    pub name: &'static str,
    pub modules: Vec<Module>,
}

/// A folder of files.
#[derive(Clone, Debug)]
pub struct Module {
    /// Folders from the package's root.
    pub path: Vec<Name>,
    pub items: Vec<SourceItem>,
}

/// One top-level item.
#[derive(Clone, Debug)]
pub struct SourceItem {
    pub id: ItemId,
    pub text: Arc<str>,
    /// The words of its head: `server`, `front`.
    pub words: Vec<Name>,
    /// Its tree as `syntax::pack` wrote it; empty for what must be parsed.
    packed: &'static [u8],
    /// Filled at first use.
    pub(crate) tree: Arc<OnceLock<Arc<Tree>>>,
}

impl SourceItem {
    /// An item that is parsed when its tree is asked for.
    pub fn new(id: ItemId, text: Arc<str>, words: Vec<Name>) -> Self {
        Self { id, text, words, packed: &[], tree: Arc::default() }
    }
    /// The same with the tree that it had when infrac was built.
    pub fn packed(self, packed: &'static [u8]) -> Self {
        Self { packed, ..self }
    }
    /// The same with a tree that others read as well; whoever needs it first parses it.
    pub fn sharing(self, tree: Arc<OnceLock<Arc<Tree>>>) -> Self {
        Self { tree, ..self }
    }
    /// The item's tree.
    pub fn tree(&self) -> Arc<Tree> {
        let made = || syntax::pack::unpack(self.packed, self.text.clone()).unwrap_or_else(|| syntax::parse(&self.text));
        self.tree.get_or_init(|| Arc::new(made())).clone()
    }
}

/// A native schema and how the program names it.
#[derive(Clone)]
pub struct NamedSchema {
    /// The tool that its kinds are written for.
    pub target: Name,
    /// What stands between the target and the kind where the target has several sources; empty for the target itself.
    pub prefix: Name,
    pub schema: schema::Schema,
}

impl NamedSchema {
    /// Whether a provider of the prefix's name makes its kinds: it is configured by itself, their names say it already, and what exists
    /// is read by kinds of its own.
    pub fn has_provider(&self) -> bool {
        self.schema.kind(self.prefix.text(), schema::Role::Provider).is_some()
    }
}

impl Input {
    /// Whether the kinds of a target are made by providers.
    pub fn has_providers(&self, target: &str) -> bool {
        self.schemas.iter().any(|named| named.target.text() == target && named.has_provider())
    }
}

/// A program as text.
pub struct Input {
    pub packages: Vec<Package>,
    pub schemas: Vec<NamedSchema>,
}
