//! A file that was cut into items, and what is kept of it when its text changes: an item with the same text keeps its tree.

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;
use source::Name;
use syntax::{FileError, Tree};

/// One top-level item of a [`CutFile`].
#[derive(Clone, Debug)]
pub struct CutItem {
    /// Where it begins in its file, in bytes.
    pub start: u32,
    pub text: Arc<str>,
    /// The words of its head: `server`, `front`.
    pub words: Vec<Name>,
    /// Filled at first use, and shared with every program that holds the same item.
    pub(crate) tree: Arc<OnceLock<Arc<Tree>>>,
}

impl CutItem {
    /// The item's tree.
    pub fn tree(&self) -> Arc<Tree> {
        self.tree.get_or_init(|| Arc::new(syntax::parse(&self.text))).clone()
    }
    /// Where it ends in its file, in bytes.
    pub fn end(&self) -> u32 {
        self.start + self.text.len() as u32
    }
}

/// The text of a file with its items.
#[derive(Clone, Debug)]
pub struct CutFile {
    pub text: Arc<str>,
    pub items: Vec<CutItem>,
    pub errors: Vec<FileError>,
}

impl CutFile {
    /// Cuts a text.
    pub fn new(text: Arc<str>) -> Self {
        Self::after(text, &[])
    }
    /// The same file with another text.
    #[must_use]
    pub fn edited(&self, text: Arc<str>) -> Self {
        if self.text == text { self.clone() } else { Self::after(text, &self.items) }
    }
    fn after(text: Arc<str>, before: &[CutItem]) -> Self {
        let known: FxHashMap<&str, &CutItem> = before.iter().map(|item| (&*item.text, item)).collect();
        let (cut, errors) = syntax::items(&text);
        let items = cut
            .into_iter()
            .map(|item| match known.get(item.text) {
                Some(kept) => CutItem { start: item.start, ..(*kept).clone() },
                None => CutItem {
                    start: item.start,
                    text: item.text.into(),
                    words: item.head.words.iter().map(|word| Name::new(word)).collect(),
                    tree: Arc::default(),
                },
            })
            .collect();
        Self { text, items, errors }
    }
    /// The item that holds an offset; at a border the one that begins there.
    pub fn item_at(&self, offset: u32) -> Option<&CutItem> {
        let after = self.items.partition_point(|item| item.start <= offset);
        self.items.get(after.checked_sub(1)?).filter(|item| offset <= item.end())
    }
}

/// The files of a project by their paths in it, as they were cut.
pub type CutFiles = FxHashMap<String, Arc<CutFile>>;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::sync::Arc;

    use super::CutFile;

    #[test]
    fn an_item_that_stays_as_it_is_keeps_its_tree() {
        let before = CutFile::new("let a = 1\n\nlet b = 2\n".into());
        let trees: Vec<_> = before.items.iter().map(super::CutItem::tree).collect();
        let after = before.edited("let c = 0\n\nlet a = 1\n\nlet b = 3\n".into());
        assert_eq!(after.items.len(), 3);
        assert!(Arc::ptr_eq(&trees[0], &after.items[1].tree()));
        assert!(!Arc::ptr_eq(&trees[1], &after.items[2].tree()));
        assert_eq!(after.item_at(12).unwrap().words.len(), 2);
    }
}
