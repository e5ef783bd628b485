//! Bodies that take fields alone: of an environment, of its params, of what it chooses, of a project, of `with`.

use source::{Name, Place};
use syntax::{Kind as Node, NodeId};

use crate::checker::Checker;
use crate::declare::ItemAt;

/// What is told where a member fits nothing.
pub(crate) struct Wanted {
    /// `in an environment`
    pub place: &'static str,
    pub help: &'static str,
    /// Whether `name { … }` is taken like `name = { … }`.
    pub blocks: bool,
}

impl Checker<'_> {
    /// The fields of a body. Members of another sort are told, and so is what is set twice.
    pub(crate) fn fields_only(&mut self, at: ItemAt, body: NodeId, wanted: &Wanted) -> Vec<NodeId> {
        let tree = self.item(at).tree();
        let mut fields: Vec<NodeId> = Vec::new();
        let mut given: Vec<(Name, Place)> = Vec::new();
        for member in tree.children(body) {
            let is_field = match tree.kind(member) {
                Node::Bad | Node::Hole | Node::Unclosed | Node::Annotation | Node::Deviation => continue,
                Node::Field => true,
                Node::Block => wanted.blocks,
                _ => false,
            };
            let place = self.place(at, &tree, tree.child(member, Node::FieldPath).unwrap_or(member));
            if !is_field {
                let text = tree.text(member);
                let head = text.split(['{', '\n', '=']).next().unwrap_or(text).trim_end();
                self.error(
                    "misplaced",
                    Place { len: head.len() as u32, ..place },
                    format!("`{head}` does not stand {}", wanted.place),
                    wanted.help,
                );
                continue;
            }
            let Some(path) = tree.child(member, Node::FieldPath) else { continue };
            if self.given_once(&mut given, Name::new(tree.text(path)), place) {
                fields.push(member);
            }
        }
        fields
    }
}
