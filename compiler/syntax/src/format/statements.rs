//! Statements and members: each is a head on one line and perhaps a body.

use super::containers::{BRACES, ROUND};
use super::doc::Doc;
use super::{Layout, is_container, slice};
use crate::tree::{Kind, NodeId, Tree, flag};

impl<'a> Layout<'a> {
    /// Any node.
    pub(super) fn node(&mut self, id: NodeId) -> Doc {
        let kind = self.tree.kind(id);
        if !is_container(kind) && kind != Kind::Text && self.awkward(id) {
            return self.as_it_is(id);
        }
        match kind {
            Kind::Hole | Kind::Bad | Kind::Unclosed | Kind::Reserved => self.as_it_is(id),
            Kind::Item => self.item(id),
            Kind::Body | Kind::Record | Kind::TypeRecord => self.container(id, BRACES),
            Kind::Project => self.spaced(&["project"], id),
            Kind::Package => self.spaced(&["package"], id),
            Kind::Environment => self.spaced(&["environment"], id),
            Kind::PlatformDecl => self.spaced(&["platform"], id),
            Kind::Policy => self.spaced(&["policy"], id),
            Kind::Adjust => self.spaced(&["adjust"], id),
            Kind::Provider => self.spaced(&["provider"], id),
            Kind::Refuses => self.spaced(&["refuses"], id),
            Kind::Delegate => self.spaced(&["delegate"], id),
            Kind::Forget => self.spaced(&["forget"], id),
            Kind::OnPlatform => self.spaced(&["on"], id),
            Kind::ImplName => self.spaced(&["as"], id),
            Kind::IfBlock => self.spaced(&["if"], id),
            Kind::IfHeader => self.header("if", id),
            Kind::KeyHeader => self.header("key", id),
            Kind::OnHeader => self.header("on", id),
            Kind::By => self.spaced(&["by"], id),
            Kind::PatternOn => self.spaced(&["on"], id),
            Kind::PatternKind | Kind::Block => self.spaced(&[], id),
            Kind::Super if self.tree.has(id, flag::PLATFORM) => self.spaced(&["platform"], id),
            Kind::Needs | Kind::Super | Kind::Shorthand | Kind::Pattern => self.spaced(&[], id),
            Kind::Use => self.joined(id, &["use ", " as "]),
            Kind::Output => self.joined(id, &["output ", " = "]),
            Kind::Out => self.joined(id, &["out ", " = "]),
            Kind::Given => self.joined(id, &["given ", " = "]),
            Kind::Moved => self.joined(id, &["moved ", " to "]),
            Kind::Destroy => self.spaced(&["destroy"], id),
            Kind::Because => self.spaced(&["because"], id),
            Kind::InEnvironment => self.spaced(&["in"], id),
            Kind::Adopt => self.joined(id, &["adopt ", " = "]),
            Kind::Deviation => self.joined(id, &["deviation ", " because ", " until "]),
            Kind::TypeDecl => self.joined(id, &["type ", " = "]),
            Kind::KeyValue => self.key_value(id),
            Kind::Field => {
                let sign = if self.tree.has(id, flag::MAYBE) { " ?= " } else { " = " };
                self.joined(id, &["", sign])
            }
            Kind::Entry => {
                let sign = if self.tree.has(id, flag::MAYBE) { " ?= " } else { " = " };
                self.joined(id, &["", " ", sign])
            }
            Kind::Spread | Kind::TypeSpread => self.joined(id, &["..."]),
            Kind::Param | Kind::Parameter | Kind::FieldDecl | Kind::Let => self.declaration(id),
            Kind::Check => self.check("check ", id),
            Kind::Require => self.check("require ", id),
            Kind::Where => self.check("where ", id),
            Kind::Once => self.once(id),
            Kind::Fn => self.function(id),
            Kind::KindDecl => self.kind_decl(id),
            Kind::Implement | Kind::Instance => self.headed(id),
            Kind::ForHeader => self.for_header("for ", id),
            Kind::ForBlock => self.headed(id),
            Kind::Test => self.test(id),
            Kind::Annotation => self.annotation(id),
            Kind::Address | Kind::AddressAny => self.as_it_is(id),
            Kind::AddressName => self.joined(id, &["."]),
            Kind::AddressKey => self.as_it_is(id),
            Kind::FieldPath | Kind::Path => self.path(id),
            Kind::Arm => self.arm(id),
            Kind::PatternCase => self.case(id),
            _ => self.value(id),
        }
    }

    /// The user's own text. Blanks at its edges belong to something that is missing there.
    pub(super) fn as_it_is(&mut self, id: NodeId) -> Doc {
        let tree: &'a Tree = self.tree;
        let node = tree.node(id);
        let text = slice(tree, node.start, node.start + node.len);
        self.docs.text(if node.kind == Kind::TextPart || node.kind == Kind::Text { text } else { text.trim_ascii() })
    }

    fn children(&self, id: NodeId) -> Vec<NodeId> {
        self.tree.children(id).collect()
    }

    fn private(&mut self, id: NodeId) -> Vec<Doc> {
        if self.tree.has(id, flag::PRIVATE) { vec![self.docs.text("private ")] } else { Vec::new() }
    }

    /// Words, then all children, a blank between any two.
    fn spaced(&mut self, words: &[&'static str], id: NodeId) -> Doc {
        let mut docs = self.private(id);
        let mut first = true;
        for word in words {
            docs.push(self.docs.text(word));
            first = false;
        }
        for child in self.children(id) {
            if !first {
                docs.push(self.docs.text(" "));
            }
            first = false;
            docs.push(self.node(child));
        }
        self.docs.all(docs)
    }

    /// Each child behind its own text; children without one (a `Where`) after a blank.
    fn joined(&mut self, id: NodeId, before: &[&'static str]) -> Doc {
        let mut docs = self.private(id);
        for (index, child) in self.children(id).into_iter().enumerate() {
            if self.tree.kind(child) == Kind::Where {
                docs.push(self.where_clause(child));
                continue;
            }
            docs.push(self.docs.text(before.get(index).copied().unwrap_or(" ")));
            docs.push(self.node(child));
        }
        self.docs.all(docs)
    }

    fn where_clause(&mut self, id: NodeId) -> Doc {
        let line = self.docs.line(false);
        let clause = self.node(id);
        let docs = self.docs.all(vec![line, clause]);
        let docs = self.docs.indent(docs);
        self.docs.group(docs, false)
    }

    /// `[out] name: TYPE = EXPR where …`, `param`, `let` and parameters.
    fn declaration(&mut self, id: NodeId) -> Doc {
        let tree: &'a Tree = self.tree;
        let mut docs = self.private(id);
        let word = match tree.kind(id) {
            Kind::Param => "param ",
            Kind::Let => "let ",
            _ if tree.has(id, flag::OUT) => "out ",
            _ => "",
        };
        docs.push(self.docs.text(word));
        let mut named = false;
        for child in self.children(id) {
            match tree.kind(child) {
                Kind::Where => docs.push(self.where_clause(child)),
                kind => {
                    let before = if !named {
                        ""
                    } else if is_type(kind) {
                        ": "
                    } else {
                        " = "
                    };
                    named = true;
                    docs.push(self.docs.text(before));
                    docs.push(self.node(child));
                }
            }
        }
        self.docs.all(docs)
    }

    /// `check EXPR else EXPR`; too wide, `else` begins a line.
    fn check(&mut self, word: &'static str, id: NodeId) -> Doc {
        let mut docs = vec![self.docs.text(word)];
        let joint = if self.tree.has(id, flag::WARN) { "warn " } else { "else " };
        let mut children = self.children(id).into_iter();
        docs.extend(children.next().map(|condition| self.node(condition)));
        let mut parts = vec![self.docs.line(false), self.docs.text(joint)];
        for child in children {
            let is_code = self.tree.kind(child) == Kind::Name;
            parts.push(self.node(child));
            if is_code {
                parts.push(self.docs.text(" "));
            }
        }
        let parts = self.docs.all(parts);
        docs.push(self.docs.indent(parts));
        let docs = self.docs.all(docs);
        self.docs.group(docs, false)
    }

    /// `once NAME [by EXPR] { … }`
    fn once(&mut self, id: NodeId) -> Doc {
        let children = self.children(id);
        if children.len() > 2 { self.joined(id, &["once ", " by ", " "]) } else { self.spaced(&["once"], id) }
    }

    fn function(&mut self, id: NodeId) -> Doc {
        let tree: &'a Tree = self.tree;
        let mut docs = self.private(id);
        docs.push(self.docs.text("fn "));
        let children = self.children(id);
        let parameters: Vec<NodeId> =
            children.iter().copied().filter(|child| tree.kind(*child) == Kind::Parameter).collect();
        let mut rest = children.into_iter().filter(|child| tree.kind(*child) != Kind::Parameter);
        if let Some(name) = rest.next() {
            docs.push(self.node(name));
        }
        let mut inner = vec![self.docs.text("(")];
        if !parameters.is_empty() {
            let mut list = vec![self.docs.soft(false)];
            let count = parameters.len();
            for (index, parameter) in parameters.into_iter().enumerate() {
                list.push(self.node(parameter));
                if index + 1 < count {
                    list.push(self.docs.text(","));
                    list.push(self.docs.line(false));
                } else {
                    list.push(self.docs.if_broken(","));
                }
            }
            let list = self.docs.all(list);
            inner.push(self.docs.indent(list));
            inner.push(self.docs.soft(false));
        }
        inner.push(self.docs.text(")"));
        let inner = self.docs.all(inner);
        docs.push(self.docs.group(inner, false));
        for (before, child) in [" -> ", " = "].into_iter().zip(rest) {
            docs.push(self.docs.text(before));
            docs.push(self.node(child));
        }
        self.docs.all(docs)
    }

    fn kind_decl(&mut self, id: NodeId) -> Doc {
        let tree: &'a Tree = self.tree;
        let mut docs = self.private(id);
        docs.push(self.docs.text("kind "));
        let mut before = "";
        for child in self.children(id) {
            let next = match tree.kind(child) {
                Kind::Super if before == " is " => ", ",
                Kind::Super => " is ",
                Kind::Name => "",
                _ => " ",
            };
            let text = if tree.kind(child) == Kind::Super && before == ", " { ", " } else { next };
            docs.push(self.docs.text(text));
            before = text;
            docs.push(self.node(child));
        }
        self.docs.all(docs)
    }

    /// Instances, implementations and `for` blocks: words, headers and a body.
    fn headed(&mut self, id: NodeId) -> Doc {
        let tree: &'a Tree = self.tree;
        let mut docs = self.private(id);
        let word = match tree.kind(id) {
            Kind::Implement => "implement ",
            Kind::Instance if tree.has(id, flag::READ) => "read ",
            _ => "",
        };
        docs.push(self.docs.text(word));
        let mut last = None;
        for child in self.children(id) {
            let kind = tree.kind(child);
            let again = last == Some(kind);
            let doc = match kind {
                Kind::ForHeader => self.for_header(if again { "" } else { "for " }, child),
                _ => self.node(child),
            };
            let before = match (kind, last) {
                (_, None) => "",
                (Kind::ForHeader | Kind::Needs, _) if again => ", ",
                (Kind::Needs, _) => " needs ",
                _ => " ",
            };
            last = Some(kind);
            docs.push(self.docs.text(before));
            docs.push(doc);
        }
        self.docs.all(docs)
    }

    /// `for x in xs` or `for k, v in m`.
    pub(super) fn for_header(&mut self, word: &'static str, id: NodeId) -> Doc {
        if self.awkward(id) {
            let docs = vec![self.docs.text(word), self.as_it_is(id)];
            return self.docs.all(docs);
        }
        let mut docs = vec![self.docs.text(word)];
        let children = self.children(id);
        let count = children.len();
        for (index, child) in children.into_iter().enumerate() {
            let before = match index {
                0 => "",
                _ if index + 1 == count => " in ",
                _ => ", ",
            };
            docs.push(self.docs.text(before));
            docs.push(self.node(child));
        }
        let docs = self.docs.all(docs);
        self.docs.flat(docs)
    }

    fn header(&mut self, word: &'static str, id: NodeId) -> Doc {
        let docs = self.spaced(&[word], id);
        self.docs.flat(docs)
    }

    fn test(&mut self, id: NodeId) -> Doc {
        let tree: &'a Tree = self.tree;
        let mut docs = vec![self.docs.text("test ")];
        let mut last = None;
        for child in self.children(id) {
            let before = match (tree.kind(child), last) {
                (_, None) => "",
                (Kind::Name, Some(Kind::Text)) => " in ",
                (Kind::Name, _) => ", ",
                _ => " ",
            };
            last = Some(tree.kind(child));
            docs.push(self.docs.text(before));
            docs.push(self.node(child));
        }
        self.docs.all(docs)
    }

    fn annotation(&mut self, id: NodeId) -> Doc {
        let tree: &'a Tree = self.tree;
        let children = self.children(id);
        let Some((name, arguments)) = children.split_first() else { return self.as_it_is(id) };
        let mut docs = vec![self.docs.text("@"), self.node(*name)];
        let (name, place) = (tree.node(*name), tree.node(id));
        let (from, to) = (name.start + name.len, place.start + place.len);
        if from < to {
            docs.push(self.bracketed(arguments, from + 1, to, ROUND));
        }
        self.docs.all(docs)
    }

    fn path(&mut self, id: NodeId) -> Doc {
        self.as_it_is(id)
    }

    fn key_value(&mut self, id: NodeId) -> Doc {
        let mut docs = vec![self.joined(id, &["", " => "])];
        if self.tree.has(id, flag::GROUP) {
            docs.push(self.docs.text("..."));
        }
        self.docs.all(docs)
    }

    fn arm(&mut self, id: NodeId) -> Doc {
        let tree: &'a Tree = self.tree;
        let mut docs = Vec::new();
        for child in self.children(id) {
            let is_pattern = tree.kind(child) == Kind::Pattern;
            if !docs.is_empty() {
                docs.push(self.docs.text(if is_pattern { ", " } else { " => " }));
            }
            docs.push(self.node(child));
        }
        self.docs.all(docs)
    }

    fn case(&mut self, id: NodeId) -> Doc {
        let mut docs = Vec::new();
        let children = self.children(id);
        for (index, child) in children.iter().enumerate() {
            docs.push(self.docs.text(match index {
                0 => "",
                1 => "(",
                _ => ", ",
            }));
            docs.push(self.node(*child));
        }
        docs.push(self.docs.text(if children.len() > 1 { ")" } else { "()" }));
        self.docs.all(docs)
    }
}

pub(super) fn is_type(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::TypeName
            | Kind::TypeApply
            | Kind::TypeList
            | Kind::TypeMap
            | Kind::TypeRecord
            | Kind::TypeOptional
            | Kind::TypeLater
            | Kind::TypeSecret
            | Kind::TypeUnion
            | Kind::TypeLiteral
            | Kind::TypeCase
            | Kind::TypeKeyOf
    )
}
