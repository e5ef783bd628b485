//! The outline of a file: its statements, and what stands in their bodies, also where the text is broken.

mod guess;

use std::ops::Range;

use program::cut::{CutFile, CutItem};
use syntax::{Kind, NodeId, Tree};

use crate::places::{range_of, slice};

/// One entry of an outline.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Symbol {
    /// What it is called; never empty.
    pub name: String,
    /// What is said of it beside its name: the kind of an instance, the type or the plain value of a field. May be empty.
    pub detail: String,
    pub class: SymbolClass,
    /// All of it, with its documentation.
    pub range: Range<u32>,
    /// Its name, inside of `range`.
    pub selection: Range<u32>,
    pub children: Vec<Symbol>,
}

/// What an entry stands for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SymbolClass {
    /// `project` and `package`
    Project,
    Environment,
    Param,
    Let,
    Type,
    Function,
    Kind,
    Platform,
    /// `implement KIND on PLATFORM`
    Implementation,
    /// `KIND NAME { … }`, at the top or in a body
    Instance,
    /// A field that is set, or declared
    Field,
    /// A field that has a body or a record
    Block,
    /// `port http = 8080/tcp`
    Entry,
    Output,
    Policy,
    Test,
    /// `moved`, `forget`, `destroy`, `adopt`, `adjust`: what is said of instances that exist
    Change,
}

/// The outline of a file, in its order.
pub fn outline(file: &CutFile) -> Vec<Symbol> {
    let mut symbols = Vec::new();
    for item in &file.items {
        let tree = item.tree();
        let outliner = Outliner { item, tree: &tree };
        let mut found = outliner.members(Tree::ROOT);
        if let [first, ..] = found.as_mut_slice() {
            first.range.start = item.start;
        }
        symbols.append(&mut found);
    }
    symbols
}

struct Outliner<'a> {
    item: &'a CutItem,
    tree: &'a Tree,
}

impl Outliner<'_> {
    /// The entries of an item, a body or a record.
    fn members(&self, parent: NodeId) -> Vec<Symbol> {
        let mut symbols: Vec<Symbol> = Vec::new();
        for child in self.tree.children(parent) {
            match self.tree.kind(child) {
                Kind::Bad if parent == Tree::ROOT && !symbols.is_empty() => {
                    // A statement whose body has no beginning: what follows its line is its body.
                    let body = self.lines_below(child);
                    if let Some(statement) = symbols.last_mut() {
                        statement.take_in(body);
                    }
                }
                Kind::Bad => symbols.extend(guess::members(&self.tree.text, &self.tree.node(child), self.item.start)),
                Kind::ForBlock | Kind::IfBlock | Kind::ForElement | Kind::IfElement => {
                    symbols.extend(self.inner(child));
                }
                Kind::Field if self.tree.kind(parent) == Kind::List => {}
                _ => symbols.extend(self.symbol(child)),
            }
        }
        symbols
    }

    /// The entries of what a statement holds between braces.
    fn inner(&self, parent: NodeId) -> Vec<Symbol> {
        let mut symbols = Vec::new();
        for child in self.tree.children(parent) {
            match self.tree.kind(child) {
                Kind::Body | Kind::Record | Kind::TypeRecord => symbols.extend(self.members(child)),
                Kind::With => symbols.extend(self.inner(child)),
                // `for zone in {`: what was read as the value is the body.
                Kind::ForHeader | Kind::IfHeader | Kind::KeyHeader | Kind::OnHeader
                    if self.tree.child(parent, Kind::Body).is_none() =>
                {
                    symbols.extend(self.inner(child));
                }
                // A head that fits nothing may have swallowed the body, or the fields of a line.
                Kind::Bad if self.tree.text(child).lines().next().is_some_and(|line| line.contains(" = ")) => {
                    symbols.extend(guess::members(&self.tree.text, &self.tree.node(child), self.item.start));
                }
                Kind::Bad => symbols.extend(self.lines_below(child)),
                Kind::Field | Kind::Instance | Kind::Block | Kind::Entry
                    if matches!(self.tree.kind(parent), Kind::ForElement | Kind::IfElement) =>
                {
                    symbols.extend(self.symbol(child));
                }
                _ => {}
            }
        }
        symbols
    }

    /// What text that fits nothing looks like, without the rest of the line on which it begins.
    fn lines_below(&self, node: NodeId) -> Vec<Symbol> {
        let mut bad = self.tree.node(node);
        let before = self.tree.text.get(..bad.start as usize).unwrap_or("");
        let begins_line = before.rsplit('\n').next().unwrap_or("").trim_ascii().is_empty() && before.contains('\n');
        if !begins_line {
            let rest = self.tree.text(node).split_inclusive('\n').next().map_or(0, str::len) as u32;
            (bad.start, bad.len) = (bad.start + rest, bad.len.saturating_sub(rest));
        }
        guess::members(&self.tree.text, &bad, self.item.start)
    }

    fn symbol(&self, node: NodeId) -> Option<Symbol> {
        let (tree, kind) = (self.tree, self.tree.kind(node));
        let (class, name) = match kind {
            Kind::Project | Kind::Package => (SymbolClass::Project, tree.child(node, Kind::Name)),
            Kind::Environment => (SymbolClass::Environment, tree.child(node, Kind::Name)),
            Kind::Param => (SymbolClass::Param, tree.child(node, Kind::Name)),
            Kind::Let => (SymbolClass::Let, tree.child(node, Kind::Name)),
            Kind::TypeDecl => (SymbolClass::Type, tree.child(node, Kind::Name)),
            Kind::Fn => (SymbolClass::Function, tree.child(node, Kind::Name)),
            Kind::KindDecl => (SymbolClass::Kind, tree.child(node, Kind::Name)),
            Kind::PlatformDecl => (SymbolClass::Platform, tree.child(node, Kind::Name)),
            Kind::Implement | Kind::Provider => (SymbolClass::Implementation, tree.child(node, Kind::Path)),
            Kind::Instance | Kind::Once => (SymbolClass::Instance, tree.child(node, Kind::Name)),
            Kind::Output | Kind::Out => (SymbolClass::Output, tree.child(node, Kind::Name)),
            Kind::Policy | Kind::Refuses => (SymbolClass::Policy, tree.child(node, Kind::Name)),
            Kind::Test => (SymbolClass::Test, tree.child(node, Kind::Text)),
            Kind::Field => (SymbolClass::Field, tree.child(node, Kind::FieldPath)),
            Kind::Shorthand | Kind::FieldDecl => (SymbolClass::Field, tree.child(node, Kind::Name)),
            Kind::Block => (SymbolClass::Block, tree.child(node, Kind::FieldPath)),
            Kind::Entry => (SymbolClass::Entry, tree.all(node, Kind::Name).nth(1)),
            Kind::Moved | Kind::Forget | Kind::Destroy | Kind::Adopt | Kind::Adjust => {
                (SymbolClass::Change, tree.nth(node, 0))
            }
            _ => return None,
        };
        let range = range_of(self.item, tree, node);
        // Something without its name is still there: it is shown by its first word.
        let name = name.filter(|name| tree.node(*name).len > 0).map(|name| range_of(self.item, tree, name));
        let selection = name.unwrap_or_else(|| range.start..range.start + first_word(tree.text(node)));
        let name = self.title(node, kind, &selection)?;
        let children = self.inner(node);
        let class = if class == SymbolClass::Field && !children.is_empty() { SymbolClass::Block } else { class };
        Some(Symbol { name, detail: self.detail(node, kind), class, range, selection, children })
    }

    /// What an entry is called: its name; the sides of what joins two.
    fn title(&self, node: NodeId, kind: Kind, selection: &Range<u32>) -> Option<String> {
        let tree = self.tree;
        let text = |node: NodeId| one_line(tree.text(node));
        let own = selection.start.checked_sub(self.item.start)?..selection.end.checked_sub(self.item.start)?;
        let name = one_line(slice(&tree.text, &own));
        let title = match kind {
            Kind::Implement => match tree.child(node, Kind::OnPlatform) {
                Some(platform) => format!("{name} {}", text(platform)),
                None => name,
            },
            Kind::Moved => match tree.nth(node, 1).filter(|to| tree.node(*to).len > 0) {
                Some(to) => format!("{name} to {}", text(to)),
                None => name,
            },
            Kind::Test => name.trim_matches('"').to_owned(),
            _ => name,
        };
        Some(title).filter(|title| !title.is_empty())
    }

    fn detail(&self, node: NodeId, kind: Kind) -> String {
        let tree = self.tree;
        let text = |node: NodeId| one_line(tree.text(node));
        let is_plain = |value: NodeId| {
            let kind = tree.kind(value);
            !matches!(kind, Kind::Hole | Kind::Bad | Kind::Record | Kind::TypeRecord | Kind::With)
                && !tree.text(value).contains('\n')
        };
        match kind {
            Kind::Instance => tree.child(node, Kind::Path).map(text).unwrap_or_default(),
            Kind::Entry => tree.child(node, Kind::Name).map(text).unwrap_or_default(),
            Kind::Implement => "implement".to_owned(),
            Kind::Provider => "provider".to_owned(),
            Kind::Once => "once".to_owned(),
            Kind::Moved => "moved".to_owned(),
            Kind::Forget => "forget".to_owned(),
            Kind::Destroy => "destroy".to_owned(),
            Kind::Adopt => "adopt".to_owned(),
            Kind::Adjust => "adjust".to_owned(),
            Kind::KindDecl => {
                let supers: Vec<String> = tree.all(node, Kind::Super).map(text).collect();
                if supers.is_empty() { String::new() } else { format!("is {}", supers.join(", ")) }
            }
            Kind::Fn => {
                let result = tree.children(node).filter(|child| is_type(tree.kind(*child))).last();
                result.map(|result| format!("-> {}", text(result))).unwrap_or_default()
            }
            Kind::Param | Kind::Let | Kind::TypeDecl | Kind::FieldDecl | Kind::Output | Kind::Out | Kind::Field => {
                tree.nth(node, 1).filter(|value| is_plain(*value)).map(text).unwrap_or_default()
            }
            _ => String::new(),
        }
    }
}

impl Symbol {
    /// More that stands in it, behind what is known.
    fn take_in(&mut self, found: Vec<Symbol>) {
        self.range.end = found.last().map_or(self.range.end, |last| last.range.end.max(self.range.end));
        self.children.extend(found);
    }
}

fn is_type(kind: Kind) -> bool {
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

/// A text on one line and not too long for a list.
fn one_line(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((at, _)) = line.char_indices().nth(LONGEST) {
        line.truncate(at);
        line.push('…');
    }
    line
}

/// How long the word or sign is that a text begins with.
fn first_word(text: &str) -> u32 {
    let end = text.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(text.len());
    let sign = text.chars().next().map_or(0, char::len_utf8);
    end.max(sign) as u32
}
