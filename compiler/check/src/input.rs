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
    /// Filled at first use, by the parser.
    pub tree: Arc<OnceLock<Arc<Tree>>>,
}

impl SourceItem {
    /// The item's tree.
    pub fn tree(&self) -> Arc<Tree> {
        self.tree.get_or_init(|| Arc::new(syntax::parse(&self.text))).clone()
    }
}

/// A native schema and how the program names it.
#[derive(Clone)]
pub struct NamedSchema {
    /// `terraform` or `kubernetes`
    pub target: Name,
    /// The prefix of its kinds after the target: `aws` of `terraform.aws_vpc`, empty for Kubernetes itself, the pack's name for custom resources.
    pub prefix: Name,
    pub schema: schema::Schema,
}

/// A program as text.
pub struct Input {
    pub packages: Vec<Package>,
    pub schemas: Vec<NamedSchema>,
}
