//! Tokens by the tree of an item: what each leaf is, seen from the node that holds it.

use program::cut::CutItem;
use syntax::{Kind, NodeId, Tree, flag};

use super::{Class, Paint};

/// Adds the tokens of an item.
pub(super) fn item(paint: &mut Paint<'_>, item: &CutItem) {
    let tree = item.tree();
    let mut walk = Walk { paint, tree: &tree, start: item.start, at: item.start, bound: Vec::new() };
    walk.children(Tree::ROOT);
    walk.gap_to(item.end());
}

struct Walk<'w, 'p, 't> {
    paint: &'w mut Paint<'p>,
    tree: &'t Tree,
    /// Where the item begins in its file.
    start: u32,
    /// How far its text has its tokens.
    at: u32,
    /// Names that the statements around bind.
    bound: Vec<&'t str>,
}

impl<'t> Walk<'_, '_, 't> {
    fn children(&mut self, parent: NodeId) {
        let mut names = 0;
        for child in self.tree.children(parent) {
            let kind = self.tree.kind(child);
            if kind == Kind::Name {
                let (class, declaration) = name(self.tree.kind(parent), names);
                self.leaf(child, class, declaration);
                names += 1;
            } else {
                self.node(child, parent);
            }
        }
    }

    fn node(&mut self, id: NodeId, parent: NodeId) {
        let above = self.tree.kind(parent);
        match self.tree.kind(id) {
            Kind::Hole | Kind::Unclosed => {}
            Kind::Bad => {
                let (start, end) = self.range(id);
                self.gap_to(start);
                self.paint.letters(start..end);
                self.at = end;
            }
            Kind::Text => self.text(id),
            Kind::Interpolation => self.interpolation(id),
            Kind::Number | Kind::Ip | Kind::Cidr | Kind::Date | Kind::Measure | Kind::Percent | Kind::Port => {
                let (start, end) = self.range(id);
                self.gap_to(start);
                self.paint.number(self.tree.text(id), start);
                self.at = end;
            }
            Kind::Bool | Kind::NoneValue | Kind::Null => self.leaf(id, Class::Constant, false),
            Kind::Operator => {
                let is_word = self.tree.text(id).starts_with(|letter: char| letter.is_ascii_alphabetic());
                self.leaf(id, if is_word { Class::Keyword } else { Class::Operator }, false);
            }
            Kind::Ident => self.ident(id, above),
            Kind::Annotation => {
                let name = self.tree.child(id, Kind::Name).map_or_else(|| self.range(id), |name| self.range(name));
                let (start, _) = self.range(id);
                self.gap_to(start);
                self.paint.push(start..name.1, Class::Annotation, false);
                self.at = name.1;
                for argument in self.tree.children(id).filter(|child| self.tree.kind(*child) != Kind::Name) {
                    self.node(argument, id);
                }
            }
            Kind::Path => self.path(id, above),
            Kind::Call => self.call(id),
            Kind::Fn | Kind::Instance | Kind::ForElement | Kind::ForBlock | Kind::Arm => {
                let outside = self.bound.len();
                self.bind(id);
                self.children(id);
                self.bound.truncate(outside);
            }
            _ => self.children(id),
        }
    }

    /// What is called is a function, also behind a dot.
    fn call(&mut self, id: NodeId) {
        for (index, child) in self.tree.children(id).enumerate() {
            match self.tree.kind(child) {
                Kind::Ident if index == 0 => self.leaf(child, Class::Function, false),
                Kind::Dot | Kind::SafeDot if index == 0 => {
                    for part in self.tree.children(child) {
                        match self.tree.kind(part) {
                            Kind::Name => self.leaf(part, Class::Function, false),
                            _ => self.node(part, child),
                        }
                    }
                }
                _ => self.node(child, id),
            }
        }
    }

    fn ident(&mut self, id: NodeId, above: Kind) {
        let text = self.tree.text(id);
        let class = match text {
            _ if above == Kind::Pattern => Class::Member,
            _ if self.bound.contains(&text) => Class::Parameter,
            _ => Class::Variable,
        };
        self.leaf(id, class, false);
    }

    /// The last name of a path is what it stands for; a folder that is used is none.
    fn path(&mut self, id: NodeId, above: Kind) {
        let last = self.tree.children(id).count().saturating_sub(1);
        for (index, name) in self.tree.children(id).enumerate() {
            let class = if index < last || above == Kind::Use { Class::Namespace } else { Class::Kind };
            self.leaf(name, class, false);
        }
    }

    fn text(&mut self, id: NodeId) {
        let (start, end) = self.range(id);
        self.gap_to(start);
        let raw = self.tree.has(id, flag::RAW);
        for part in self.tree.children(id) {
            let (from, to) = self.range(part);
            self.text_to(from);
            match self.tree.kind(part) {
                Kind::Interpolation => self.interpolation(part),
                Kind::TextPart if !raw => self.escapes(part),
                _ => self.text_to(to),
            }
        }
        self.text_to(end);
    }

    fn interpolation(&mut self, id: NodeId) {
        let (start, end) = self.range(id);
        let is_closed = self.tree.text(id).ends_with('}') && self.tree.child(id, Kind::Unclosed).is_none();
        let inner_end = if is_closed { end - 1 } else { end };
        let opener = (start + 2).min(inner_end);
        self.paint.push(start..opener, Class::Interpolation, false);
        self.at = opener;
        self.children(id);
        self.gap_to(inner_end);
        self.paint.push(inner_end..end, Class::Interpolation, false);
        self.at = end;
    }

    /// The escapes of a part of a text, and the text between them.
    fn escapes(&mut self, part: NodeId) {
        let (start, end) = self.range(part);
        let text = self.tree.text(part);
        let mut from = 0;
        while let Some(found) = text.get(from..).and_then(|rest| rest.find('\\')) {
            let escape = from + found;
            let behind = text.get(escape + 1..).unwrap_or("");
            let length = match behind.chars().next() {
                Some('n' | 't' | 'r' | '"' | '\\' | '$') => 2,
                Some('u') if behind.starts_with("u{") => behind.find('}').map_or(1, |closer| closer + 2),
                _ => 1,
            };
            if length > 1 {
                self.text_to(start + escape as u32);
                self.paint.push(self.at..start + (escape + length) as u32, Class::Escape, false);
                self.at = start + (escape + length) as u32;
            }
            from = escape + length;
        }
        self.text_to(end);
    }

    /// All up to here is text.
    fn text_to(&mut self, end: u32) {
        if end > self.at {
            self.paint.push(self.at..end, Class::Text, false);
            self.at = end;
        }
    }

    fn leaf(&mut self, id: NodeId, class: Class, declaration: bool) {
        let (start, end) = self.range(id);
        self.gap_to(start);
        if end > self.at {
            self.paint.push(self.at.max(start)..end, class, declaration);
            self.at = end;
        }
    }

    /// What stands before the next leaf.
    fn gap_to(&mut self, end: u32) {
        if end > self.at {
            self.paint.gap(self.at..end);
            self.at = end;
        }
    }

    fn range(&self, id: NodeId) -> (u32, u32) {
        let node = self.tree.node(id);
        (self.start + node.start, self.start + node.start + node.len)
    }

    /// The names that a statement binds for what is in it.
    fn bind(&mut self, id: NodeId) {
        for child in self.tree.children(id) {
            let (skip, take) = match self.tree.kind(child) {
                Kind::Parameter => (0, 1),
                Kind::ForHeader => (0, 2),
                Kind::Pattern => {
                    for inner in self.tree.children(child) {
                        let skip = usize::from(self.tree.kind(inner) == Kind::PatternCase);
                        let names = self.tree.all(inner, Kind::Name).skip(skip);
                        self.bound.extend(names.map(|name| self.tree.text(name)));
                    }
                    continue;
                }
                _ => continue,
            };
            let names = self.tree.all(child, Kind::Name).skip(skip).take(take);
            self.bound.extend(names.map(|name| self.tree.text(name)));
        }
    }
}

/// What the `nth` name right below a node of a kind is, and whether it is given there.
fn name(parent: Kind, nth: usize) -> (Class, bool) {
    match parent {
        Kind::Project | Kind::Package | Kind::Use => (Class::Namespace, true),
        Kind::Environment => (Class::Member, true),
        Kind::Test | Kind::InEnvironment | Kind::Refuses => (Class::Member, false),
        Kind::Check | Kind::Require | Kind::TypeCase => (Class::Member, true),
        Kind::KindDecl | Kind::PlatformDecl | Kind::TypeDecl => (Class::Kind, true),
        Kind::Fn => (Class::Function, true),
        Kind::Parameter | Kind::ForHeader | Kind::PatternKind => (Class::Parameter, true),
        Kind::Arg => (Class::Parameter, false),
        Kind::PatternCase if nth == 0 => (Class::Member, false),
        Kind::PatternCase => (Class::Parameter, true),
        Kind::FieldDecl | Kind::Out => (Class::Field, true),
        Kind::Entry => (Class::Field, nth > 0),
        Kind::FieldPath | Kind::Shorthand | Kind::Dot | Kind::SafeDot | Kind::AddressName | Kind::Needs => {
            (Class::Field, false)
        }
        Kind::Param | Kind::Let | Kind::Output | Kind::Instance | Kind::Policy | Kind::Once | Kind::ImplName => {
            (Class::Variable, true)
        }
        _ => (Class::Variable, false),
    }
}
