//! Expressions and types.

use super::containers::{BRACES, Brackets, ROUND, SQUARE};
use super::doc::Doc;
use super::statements::is_type;
use super::{Layout, slice};
use crate::tree::{Kind, NodeId, Tree};

impl<'a> Layout<'a> {
    /// Expressions, types, and leaves.
    pub(super) fn value(&mut self, id: NodeId) -> Doc {
        let tree: &'a Tree = self.tree;
        match tree.kind(id) {
            Kind::List => self.container(id, SQUARE),
            Kind::Call => self.call(id),
            Kind::Match => self.match_(id),
            Kind::Dot => self.parts(id, &["", "."], ""),
            Kind::SafeDot => self.parts(id, &["", "?."], ""),
            Kind::Index => self.parts(id, &["", "["], "]"),
            Kind::Arg if tree.children(id).count() > 1 => self.parts(id, &["", " = "], ""),
            Kind::Arg => self.parts(id, &[""], ""),
            Kind::Group => self.group(id),
            Kind::With => self.parts(id, &["", " with "], ""),
            Kind::Unary => self.unary(id),
            Kind::Binary => self.binary(id),
            Kind::If => self.if_else(id),
            Kind::ForElement | Kind::IfElement => self.element(id),
            Kind::TypeList => self.parts(id, &["["], "]"),
            Kind::TypeMap => self.parts(id, &["{", ": "], "}"),
            Kind::TypeKeyOf => self.parts(id, &["key of "], ""),
            Kind::TypeApply => self.listed(id, "<", ">"),
            Kind::TypeCase => self.listed(id, "(", ")"),
            Kind::TypeOptional => self.staged(id, "", "?", &[Kind::TypeUnion]),
            Kind::TypeLater => self.staged(id, "later ", "", &[Kind::TypeUnion, Kind::TypeOptional]),
            Kind::TypeSecret => self.staged(id, "secret ", "", &[Kind::TypeUnion, Kind::TypeOptional]),
            Kind::TypeUnion => self.union(id),
            Kind::TypeName | Kind::TypeLiteral => self.parts(id, &[""], ""),
            _ => self.as_it_is(id),
        }
    }

    /// Each child behind its own text, and text at the end.
    fn parts(&mut self, id: NodeId, before: &[&'static str], end: &'static str) -> Doc {
        let tree: &'a Tree = self.tree;
        let mut docs = Vec::new();
        for (index, child) in tree.children(id).enumerate() {
            docs.push(self.docs.text(before.get(index).copied().unwrap_or(", ")));
            docs.push(self.node(child));
        }
        docs.push(self.docs.text(end));
        self.docs.all(docs)
    }

    fn listed(&mut self, id: NodeId, open: &'static str, close: &'static str) -> Doc {
        let tree: &'a Tree = self.tree;
        let mut docs = Vec::new();
        for (index, child) in tree.children(id).enumerate() {
            docs.push(self.docs.text(match index {
                0 => "",
                1 => open,
                _ => ", ",
            }));
            docs.push(self.node(child));
        }
        if tree.children(id).count() < 2 {
            docs.push(self.docs.text(open));
        }
        docs.push(self.docs.text(close));
        self.docs.all(docs)
    }

    /// The callee, and its arguments in a bracket of their own.
    fn call(&mut self, id: NodeId) -> Doc {
        let tree: &'a Tree = self.tree;
        let children: Vec<NodeId> = tree.children(id).collect();
        self.behind_head(id, &children, "", ROUND)
    }

    fn match_(&mut self, id: NodeId) -> Doc {
        let tree: &'a Tree = self.tree;
        let children: Vec<NodeId> = tree.children(id).collect();
        self.behind_head(id, &children, "match ", BRACES)
    }

    fn behind_head(&mut self, id: NodeId, children: &[NodeId], word: &'static str, brackets: Brackets) -> Doc {
        let tree: &'a Tree = self.tree;
        let Some((head, members)) = children.split_first() else { return self.as_it_is(id) };
        let (head_node, node) = (tree.node(*head), tree.node(id));
        let (from, to) = (head_node.start + head_node.len, node.start + node.len);
        let between = slice(tree, from, to);
        let Some(opener) = between.find(brackets.open) else { return self.as_it_is(id) };
        if tree.kind(*head) == Kind::Hole || between.get(..opener).is_some_and(|before| before.contains('/')) {
            return self.as_it_is(id);
        }
        let mut docs = vec![self.docs.text(word), self.node(*head)];
        if !word.is_empty() {
            docs.push(self.docs.text(" "));
        }
        docs.push(self.bracketed(members, from + (opener + brackets.open.len()) as u32, to, brackets));
        self.docs.all(docs)
    }

    fn group(&mut self, id: NodeId) -> Doc {
        let tree: &'a Tree = self.tree;
        let Some(inner) = tree.children(id).next() else { return self.as_it_is(id) };
        let inner = vec![self.docs.soft(false), self.node(inner)];
        let inner = self.docs.all(inner);
        let docs = vec![self.docs.text("("), self.docs.indent(inner), self.docs.soft(false), self.docs.text(")")];
        let docs = self.docs.all(docs);
        self.docs.group(docs, false)
    }

    fn unary(&mut self, id: NodeId) -> Doc {
        let tree: &'a Tree = self.tree;
        let is_word = tree.children(id).next().is_some_and(|operator| tree.text(operator) == "not");
        self.parts(id, &["", if is_word { " " } else { "" }], "")
    }

    /// A chain of operators of one level; too wide, each stands on its own line.
    fn binary(&mut self, id: NodeId) -> Doc {
        let tree: &'a Tree = self.tree;
        let operator_of = |id: NodeId| tree.nth(id, 1).map_or("", |operator| tree.text(operator));
        let level = leads(operator_of(id));
        // Down the left side as long as the operators may be broken alike.
        let mut chain = Vec::new();
        let mut at = id;
        let first = loop {
            let children: Vec<NodeId> = tree.children(at).collect();
            let [left, operator, right] = children.as_slice() else { return self.as_it_is(id) };
            chain.push((*operator, *right));
            let same = tree.kind(*left) == Kind::Binary && leads(operator_of(*left)) == level && !self.awkward(*left);
            if !same || tree.text(*operator) == ".." {
                break *left;
            }
            at = *left;
        };
        let mut rest = Vec::new();
        let first = self.node(first);
        for (operator, right) in chain.into_iter().rev() {
            let text = tree.text(operator);
            let (before, behind) = match text {
                ".." => (self.docs.text(""), self.docs.text("")),
                _ if leads(text) => (self.docs.line(false), self.docs.text(" ")),
                _ => (self.docs.text(" "), self.docs.line(false)),
            };
            rest.push(before);
            rest.push(self.docs.text(text));
            rest.push(behind);
            rest.push(self.node(right));
        }
        let rest = self.docs.all(rest);
        let rest = self.docs.indent(rest);
        let all = self.docs.all(vec![first, rest]);
        self.docs.group(all, false)
    }

    /// `if c then a else if d then b else e`; too wide, `then` and `else` begin lines.
    fn if_else(&mut self, id: NodeId) -> Doc {
        let tree: &'a Tree = self.tree;
        let mut rest = Vec::new();
        let mut at = id;
        let mut head = None;
        loop {
            let children: Vec<NodeId> = tree.children(at).collect();
            let [condition, then, otherwise] = children.as_slice() else { return self.as_it_is(id) };
            let condition = self.node(*condition);
            let then = self.node(*then);
            match head {
                None => {
                    head = Some(condition);
                    rest.push(self.docs.line(false));
                    rest.push(self.docs.text("then "));
                }
                Some(_) => {
                    rest.push(self.docs.line(false));
                    rest.push(self.docs.text("else if "));
                    rest.push(condition);
                    rest.push(self.docs.text(" then "));
                }
            }
            rest.push(then);
            if tree.kind(*otherwise) == Kind::If && !self.awkward(*otherwise) {
                at = *otherwise;
                continue;
            }
            rest.push(self.docs.line(false));
            rest.push(self.docs.text("else "));
            rest.push(self.node(*otherwise));
            break;
        }
        let rest = self.docs.all(rest);
        let rest = self.docs.indent(rest);
        let word = self.docs.text("if ");
        let docs = std::iter::once(word).chain(head).chain([rest]).collect();
        let docs = self.docs.all(docs);
        self.docs.group(docs, false)
    }

    /// `for x in xs if c by k: e` and `if c: e`.
    fn element(&mut self, id: NodeId) -> Doc {
        let tree: &'a Tree = self.tree;
        let children: Vec<NodeId> = tree.children(id).collect();
        let Some((element, head)) = children.split_last() else { return self.as_it_is(id) };
        let mut docs = Vec::new();
        let mut seen_for = false;
        if tree.kind(id) == Kind::IfElement {
            docs.push(self.docs.text("if "));
        }
        for part in head {
            let doc = match tree.kind(*part) {
                Kind::ForHeader => self.for_header(if seen_for { ", " } else { "for " }, *part),
                _ => self.node(*part),
            };
            if seen_for && tree.kind(*part) != Kind::ForHeader {
                docs.push(self.docs.text(" "));
            }
            seen_for |= tree.kind(*part) == Kind::ForHeader;
            docs.push(doc);
        }
        let same_line = matches!(
            tree.kind(*element),
            Kind::List | Kind::Record | Kind::Match | Kind::Block | Kind::ForElement | Kind::IfElement | Kind::Call
        );
        let element = self.node(*element);
        if same_line {
            docs.push(self.docs.text(": "));
            docs.push(element);
            return self.docs.all(docs);
        }
        docs.push(self.docs.text(":"));
        let line = vec![self.docs.line(false), element];
        let line = self.docs.all(line);
        docs.push(self.docs.indent(line));
        let docs = self.docs.all(docs);
        self.docs.group(docs, false)
    }

    // --- types ------------------------------------------------------------------------------------------------------------------

    /// A type with something before or behind it; in parentheses where its own parts would bind otherwise.
    fn staged(&mut self, id: NodeId, before: &'static str, behind: &'static str, grouped: &[Kind]) -> Doc {
        let tree: &'a Tree = self.tree;
        let Some(inner) = tree.children(id).find(|child| is_type(tree.kind(*child))) else { return self.as_it_is(id) };
        let in_group = grouped.contains(&tree.kind(inner));
        let docs = vec![
            self.docs.text(before),
            self.docs.text(if in_group { "(" } else { "" }),
            self.node(inner),
            self.docs.text(if in_group { ")" } else { "" }),
            self.docs.text(behind),
        ];
        self.docs.all(docs)
    }

    fn union(&mut self, id: NodeId) -> Doc {
        let tree: &'a Tree = self.tree;
        let mut first = None;
        let mut rest = Vec::new();
        for child in tree.children(id) {
            let nested = tree.kind(child) == Kind::TypeUnion;
            let mut doc = self.node(child);
            if nested {
                let docs = vec![self.docs.text("("), doc, self.docs.text(")")];
                doc = self.docs.all(docs);
            }
            if first.is_none() {
                first = Some(doc);
            } else {
                rest.extend([self.docs.line(false), self.docs.text("| "), doc]);
            }
        }
        let rest = self.docs.all(rest);
        let rest = self.docs.indent(rest);
        let docs = first.into_iter().chain([rest]).collect();
        let docs = self.docs.all(docs);
        self.docs.group(docs, false)
    }
}

/// Operators that may begin a line; the others may end one.
fn leads(operator: &str) -> bool {
    matches!(operator, "->" | "++" | "??" | "and" | "or")
}
