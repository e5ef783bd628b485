//! What a `once` may read and how its children are called. It is made for a group: what differs among the members is not its own.

use source::{Name, Place, Told};
use syntax::{Kind as Node, NodeId, Tree};

use crate::checked::{ImplementationId, OnceId};
use crate::checker::Checker;
use crate::implementations::ImplementationInfo;

impl Checker<'_> {
    /// Tells that the body of a `once` reads what its members need not have in common.
    pub(crate) fn not_of_the_group(
        &mut self,
        implementation: ImplementationId,
        once: OnceId,
        name: Name,
        place: Place,
    ) -> Option<Told> {
        let info = self.implementation_info(implementation);
        let own = info.onces.iter().find(|own| own.id == once)?;
        if own.children.iter().any(|child| child.0 == name) {
            return None;
        }
        let decided = own.by.map_or_else(Vec::new, |by| words(&self.item(info.at).tree(), by));
        if self.is_decided(&info, once, name, &decided, &mut Vec::new()) {
            return None;
        }
        let input = self.kind_info(info.kind).input(name).is_some();
        let message = if own.by.is_some() {
            format!("`{name}` may differ among the members of `{}`", own.name)
        } else {
            format!("`{name}` may differ among the instances of a statement")
        };
        let help = match (&own.by, input) {
            (None, true) => format!(
                "make one for each: `once {} by {name} {{ … }}`; or read all: `[for x in self: x.{name}]`",
                own.name
            ),
            (Some(_), true) => {
                format!(
                    "put it into the key, `by \"${{…}}-${{{name}}}\"`; or read it of all: `[for x in self: x.{name}]`"
                )
            }
            (_, false) => "a `once` reads what its `by` decides, `self` (the group) and its own children".to_owned(),
        };
        Some(self.error("not_in_common", place, message, help))
    }

    /// Whether a name of an implementation is the same for all that share the key: an input or a `let` of the key, a `let` of the
    /// same `once`, what is computed from these alone; or it is no name of the implementation.
    fn is_decided(
        &mut self,
        info: &ImplementationInfo,
        once: OnceId,
        name: Name,
        decided: &[Name],
        open: &mut Vec<Name>,
    ) -> bool {
        if decided.contains(&name) || open.contains(&name) {
            return true;
        }
        let is_child = |children: &[(Name, crate::checked::StatementId)]| children.iter().any(|child| child.0 == name);
        if is_child(&info.children) || info.onces.iter().any(|once| is_child(&once.children)) {
            return false;
        }
        if let Some((_, id)) = info.lets.iter().find(|item| item.0 == name) {
            let item = self.let_items[id.0 as usize].clone();
            return match (item.implementation.and_then(|(_, once)| once), item.node) {
                (Some(of), _) => of == once,
                (None, Some(node)) => {
                    let tree = self.item(item.at).tree();
                    let read = words(&tree, node);
                    open.push(name);
                    !reads_self(&tree, node)
                        && read.iter().all(|read| self.is_decided(info, once, *read, decided, open))
                }
                (None, None) => false,
            };
        }
        self.kind_info(info.kind).input(name).is_none()
    }

    /// A child of a `once`, a child beside it and the `once` itself stand below one instance or statement: each has a name of its own.
    pub(crate) fn tell_same_names(&mut self, info: &ImplementationInfo) {
        let mut seen: Vec<(Name, Place)> = Vec::new();
        for (name, statement) in &info.children {
            if let Some(place) = self.name_of_child(*statement) {
                seen.push((*name, place));
            }
        }
        for once in &info.onces {
            let at = self.out.onces[once.id.0 as usize].place;
            let own = (once.name, at);
            let of_children: Vec<(Name, Place)> = once
                .children
                .iter()
                .filter_map(|(name, statement)| Some((*name, self.name_of_child(*statement)?)))
                .collect();
            // Two of its own children are told where instances are made.
            for (name, place) in of_children.iter().chain(once.is_named.then_some(&own)) {
                let Some((_, other)) = seen.iter().find(|found| found.0 == *name) else { continue };
                let told = source::Diagnostic::error(
                    "declared_twice",
                    *place,
                    format!("`{name}` is declared twice in this implementation"),
                )
                .also(*other, "the other one")
                .help("give one of them another name");
                self.told.tell(told);
            }
            seen.extend(of_children);
            seen.extend(once.is_named.then_some(own));
        }
    }

    fn name_of_child(&mut self, statement: crate::checked::StatementId) -> Option<Place> {
        let (at, tree, node) = self.statement_node(statement)?;
        tree.child(node, Node::Name).map(|name| self.place(at, &tree, name))
    }
}

/// The names that an expression reads, and the words that it uses alike: none hides another.
fn words(tree: &Tree, node: NodeId) -> Vec<Name> {
    let mut found = Vec::new();
    below(tree, node, &mut |node| match tree.kind(node) {
        Node::Ident => found.push(Name::new(tree.text(node))),
        Node::Shorthand => found.push(Name::new(tree.text(node).trim())),
        _ => {}
    });
    found
}

fn reads_self(tree: &Tree, node: NodeId) -> bool {
    let mut reads = false;
    below(tree, node, &mut |node| reads |= tree.kind(node) == Node::Ident && tree.text(node) == "self");
    reads
}

fn below(tree: &Tree, node: NodeId, each: &mut impl FnMut(NodeId)) {
    each(node);
    for child in tree.children(node) {
        below(tree, child, each);
    }
}
