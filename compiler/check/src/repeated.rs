//! A flow that stands in one list twice: the second opens nothing, and most often another was meant.

use source::{Diagnostic, Place};
use syntax::{Kind as Node, NodeId, Tree};

use crate::checker::Checker;
use crate::input::SourceItem;

impl Checker<'_> {
    /// Warns of flows that the project repeats in a list.
    pub(crate) fn repeated_flows(&mut self) {
        let packages = self.input.packages.iter().filter(|package| package.name.is_empty());
        for item in packages.flat_map(|package| &package.modules).flat_map(|module| &module.items) {
            let tree = item.tree();
            for (at, node) in tree.nodes.iter().enumerate() {
                if node.kind == Node::List {
                    self.repeated_in(item, &tree, NodeId(at as u32));
                }
            }
        }
    }

    fn repeated_in(&mut self, item: &SourceItem, tree: &Tree, list: NodeId) {
        let place_of = |node: NodeId| {
            let node = tree.node(node);
            Place { item: item.id, start: node.start, len: node.len }
        };
        let mut seen: rustc_hash::FxHashMap<String, NodeId> = rustc_hash::FxHashMap::default();
        for flow in tree.children(list).filter(|element| is_flow(tree, *element)) {
            let text: String = tree.text(flow).split_whitespace().collect();
            match seen.get(&text) {
                None => _ = seen.insert(text, flow),
                Some(first) => {
                    let message = "this flow stands in the list already";
                    let told = Diagnostic::warning("repeated_flow", place_of(flow), message);
                    self.told.tell(told.also(place_of(*first), "the first time here").help("remove one of the two"));
                }
            }
        }
    }
}

fn is_flow(tree: &Tree, node: NodeId) -> bool {
    tree.kind(node) == Node::Binary
        && tree.child(node, Node::Operator).is_some_and(|operator| tree.text(operator) == "->")
}
