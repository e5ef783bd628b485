//! What is declared and never read: a `let`, a `param`, a `fn` and its parameters, a `type`, a `use`, a kind that nobody makes, an
//! input that no implementation looks at, a variable of a loop. It does nothing, and most often something else was meant.
//!
//! A name counts as read wherever its word stands as a name of the right sort, whatever it means there: that may miss one that is
//! not used, and never tells of one that is. What begins with `_` is meant not to be read.

use rustc_hash::{FxHashMap, FxHashSet};
use source::{Diagnostic, Place};
use syntax::{Kind as Node, NodeId, Tree, flag};

use crate::checker::Checker;
use crate::declare::{ItemAt, ModuleId, TypeName, items_of};

/// The words that are read in a part of the program.
#[derive(Default)]
struct Words {
    /// Names by themselves, and the first of a path.
    first: FxHashSet<String>,
    /// Names behind a dot.
    behind: FxHashSet<String>,
}

impl Words {
    fn holds(&self, name: &str) -> bool {
        self.first.contains(name) || self.behind.contains(name)
    }
}

/// One item of the project, and what it reads.
struct Part {
    at: ItemAt,
    tree: std::sync::Arc<Tree>,
    words: Words,
}

/// Who reads a word: one, and whether another does as well. So one look answers for each name, however many read it.
struct Readers<Who> {
    one: Who,
    more: bool,
}

impl<Who: PartialEq> Readers<Who> {
    fn others_than(&self, who: &Who) -> bool {
        self.more || self.one != *who
    }
}

/// The words of all parts.
#[derive(Default)]
struct Index<'p> {
    /// By the part that reads them.
    first: FxHashMap<&'p str, Readers<usize>>,
    /// By the module that reads them.
    behind: FxHashMap<&'p str, Readers<ModuleId>>,
}

impl<'p> Index<'p> {
    fn of(parts: &'p [Part]) -> Self {
        let mut index = Self::default();
        for (at, part) in parts.iter().enumerate() {
            part.words.first.iter().for_each(|word| note(&mut index.first, word, at));
            part.words.behind.iter().for_each(|word| note(&mut index.behind, word, part.at.scope));
        }
        index
    }
    /// Whether another part reads a name of this one. Bare names are those of the module; others name it behind a dot, or bring it in.
    fn is_read(&self, name: &str, at: usize, scope: ModuleId) -> bool {
        self.first.get(name).is_some_and(|readers| readers.others_than(&at))
            || self.behind.get(name).is_some_and(|readers| readers.others_than(&scope))
    }
}

fn note<'p, Who: PartialEq>(readers: &mut FxHashMap<&'p str, Readers<Who>>, word: &'p str, who: Who) {
    match readers.get_mut(word) {
        Some(known) => known.more |= known.one != who,
        None => drop(readers.insert(word, Readers { one: who, more: false })),
    }
}

/// What is looked at, so that a message names it.
struct Declared<'t> {
    /// `let`, `input`
    what: &'static str,
    name: &'t str,
    place: Place,
}

impl Checker<'_> {
    /// Warns of what the project declares and does not use. Not beside a mistake: a misspelt name is used by nobody.
    pub(crate) fn unused(&mut self) {
        if self.told.has_errors() {
            return;
        }
        let parts = self.parts_of_project();
        let index = Index::of(&parts);
        for at in 0..parts.len() {
            self.unused_in(&parts, &index, at);
        }
    }

    fn parts_of_project(&self) -> Vec<Part> {
        let packages = &self.input.packages;
        let is_project = |at: &ItemAt| packages.get(at.package).is_some_and(|package| package.name.is_empty());
        let items = items_of(self.input).filter(|(at, _)| is_project(at));
        items
            .map(|(at, item)| {
                let tree = item.tree();
                let mut words = Words::default();
                read_words(&tree, Tree::ROOT, None, &mut words);
                Part { at, tree, words }
            })
            .collect()
    }

    fn unused_in(&mut self, parts: &[Part], index: &Index<'_>, at: usize) {
        let Some(part) = parts.get(at) else { return };
        let tree = &part.tree;
        let Some(node) = tree.children(Tree::ROOT).find(|child| tree.kind(*child) != Node::Annotation) else { return };
        let is_read = |name: &str| index.is_read(name, at, part.at.scope);
        let name_of = |node: NodeId| tree.child(node, Node::Name).map(|name| (tree.text(name), name));
        match tree.kind(node) {
            Node::Let | Node::Param | Node::TypeDecl => {
                let what = match tree.kind(node) {
                    Node::Let => "let",
                    Node::Param => "param",
                    _ => "type",
                };
                if let Some((name, at)) = name_of(node).filter(|(name, _)| !is_read(name)) {
                    self.tell_unused(&Declared { what, name, place: self.place(part.at, tree, at) });
                }
            }
            Node::Fn => self.unused_function(part, node, &is_read),
            Node::KindDecl => self.unused_kind(parts, part, node),
            Node::Use => self.unused_use(parts, part, node),
            _ => {}
        }
        for (at, below) in tree.nodes.iter().enumerate() {
            let id = NodeId(at as u32);
            match below.kind {
                Node::Let if id != node => self.unused_inside(part, node, id),
                Node::ForElement | Node::Instance => self.unused_variables(part, id),
                _ => {}
            }
        }
    }

    /// A function that nobody calls, else its parameters. What is for a target or tells of it takes what it is given.
    fn unused_function(&mut self, part: &Part, node: NodeId, is_read: &dyn Fn(&str) -> bool) {
        let tree = &part.tree;
        let is_asked = tree.all(Tree::ROOT, Node::Annotation).any(|annotation| {
            tree.child(annotation, Node::Name).is_some_and(|name| matches!(tree.text(name), "lower" | "native"))
        });
        let Some(name) = tree.child(node, Node::Name).filter(|_| !is_asked) else { return };
        if !is_read(tree.text(name)) {
            self.tell_unused(&Declared {
                what: "function",
                name: tree.text(name),
                place: self.place(part.at, tree, name),
            });
            return;
        }
        let mut words = Words::default();
        for child in tree.children(node).filter(|child| tree.kind(*child) != Node::Parameter) {
            read_words(tree, child, Some(node), &mut words);
        }
        for parameter in tree.all(node, Node::Parameter) {
            let Some(name) = tree.child(parameter, Node::Name) else { continue };
            if !words.first.contains(tree.text(name)) {
                self.tell_unused(&Declared {
                    what: "parameter",
                    name: tree.text(name),
                    place: self.place(part.at, tree, name),
                });
            }
        }
    }

    /// A `let` inside an implementation.
    fn unused_inside(&mut self, part: &Part, around: NodeId, node: NodeId) {
        let tree = &part.tree;
        let Some(name) = tree.child(node, Node::Name) else { return };
        let mut words = Words::default();
        read_words_but(tree, around, None, node, &mut words);
        if !words.first.contains(tree.text(name)) {
            self.tell_unused(&Declared { what: "let", name: tree.text(name), place: self.place(part.at, tree, name) });
        }
    }

    /// Variables of a loop. In the header of an instance the first of each is its key.
    fn unused_variables(&mut self, part: &Part, node: NodeId) {
        let tree = &part.tree;
        let mut words = Words::default();
        for child in tree.children(node) {
            read_words(tree, child, Some(node), &mut words);
        }
        let is_instance = tree.kind(node) == Node::Instance;
        for header in tree.all(node, Node::ForHeader) {
            for name in tree.all(header, Node::Name).skip(usize::from(is_instance)) {
                let text = tree.text(name);
                if words.first.contains(text) || text.starts_with('_') {
                    continue;
                }
                let place = self.place(part.at, tree, name);
                let message = format!("the variable `{text}` is never used");
                let told = Diagnostic::warning("unused", place, message).help("write `_` in its place");
                self.told.tell(told.fix("call it `_`", place, "_"));
            }
        }
    }

    /// A private kind that nobody makes, and inputs that nobody reads although an implementation could.
    fn unused_kind(&mut self, parts: &[Part], part: &Part, node: NodeId) {
        let tree = &part.tree;
        let Some(name_node) = tree.child(node, Node::Name) else { return };
        let name = tree.text(name_node);
        let implements = |other: &Part| {
            let own = other.tree.child(Tree::ROOT, Node::Implement);
            own.and_then(|own| other.tree.child(own, Node::Path))
                .is_some_and(|path| other.tree.text(path).rsplit('.').next() == Some(name))
        };
        let others = || parts.iter().filter(|other| other.at != part.at);
        // Only a kind and its implementations read inputs without a dot.
        let reads_inputs = |other: &Part| {
            other
                .tree
                .children(Tree::ROOT)
                .any(|node| matches!(other.tree.kind(node), Node::KindDecl | Node::Implement))
        };
        let is_private = tree.has(node, flag::PRIVATE);
        if is_private && !others().any(|other| other.words.holds(name) && !implements(other)) {
            self.tell_unused(&Declared { what: "kind", name, place: self.place(part.at, tree, name_node) });
            return;
        }
        // As a whole it may go anywhere.
        let is_taken_whole = parts.iter().any(|other| takes_whole(&other.tree, name));
        if is_taken_whole || !others().any(implements) {
            return;
        }
        let Some(body) = tree.child(node, Node::Body) else { return };
        let is_looked_at = |other: &Part, name: &str| {
            other.words.behind.contains(name) || reads_inputs(other) && other.words.first.contains(name)
        };
        let inherited = self.inherited_inputs(part.at.scope, name);
        let mut annotated = false;
        for field in tree.children(body) {
            if tree.kind(field) == Node::Annotation {
                annotated |= tree.child(field, Node::Name).is_some_and(|name| tree.text(name) != "allow");
                continue;
            }
            let is_marked = std::mem::take(&mut annotated);
            if tree.kind(field) != Node::FieldDecl || tree.has(field, flag::OUT) || is_marked {
                continue;
            }
            let Some(field_name) = tree.child(field, Node::Name) else { continue };
            let text = tree.name(field_name);
            let mut own = Words::default();
            read_words_but(tree, Tree::ROOT, None, field, &mut own);
            if !inherited.contains(&text) && !own.holds(&text) && !others().any(|other| is_looked_at(other, &text)) {
                self.tell_unused(&Declared {
                    what: "input",
                    name: &text,
                    place: self.place(part.at, tree, field_name),
                });
            }
        }
    }

    /// Inputs that come from what a kind is: the implementations of that read them.
    fn inherited_inputs(&mut self, scope: ModuleId, name: &str) -> FxHashSet<String> {
        let Some(TypeName::Kind(kind)) = self.lookup_type_text(scope, name) else { return FxHashSet::default() };
        let ancestors = self.out.kinds.get(kind.0 as usize).map(|kind| kind.ancestors.clone()).unwrap_or_default();
        let above = ancestors.into_iter().filter(|ancestor| *ancestor != kind);
        above
            .filter_map(|ancestor| self.out.kinds.get(ancestor.0 as usize))
            .flat_map(|ancestor| ancestor.inputs.iter().map(|input| input.name.text().to_owned()))
            .collect()
    }

    /// `use` of what its module never names.
    fn unused_use(&mut self, parts: &[Part], part: &Part, node: NodeId) {
        let tree = &part.tree;
        let Some(path) = tree.child(node, Node::Path) else { return };
        let text = tree.text(path).to_owned();
        let last = text.rsplit('.').next().unwrap_or(&text).to_owned();
        let brought: Vec<String> = match tree.child(node, Node::Name) {
            Some(alias) => vec![tree.text(alias).to_owned()],
            None => {
                let module = self.lookup_module(part.at.scope, &text).and_then(|module| self.modules.get(module.0));
                let all = module.into_iter().flat_map(|names| names.types.keys().chain(names.values.keys()));
                all.map(|name| name.text().to_owned()).chain([last]).collect()
            }
        };
        let others = parts.iter().filter(|other| other.at.scope == part.at.scope && other.at != part.at);
        let named = others.filter(|other| other.tree.child(Tree::ROOT, Node::Use).is_none());
        let is_named = |tree: &Tree| {
            tree.nodes.iter().enumerate().any(|(at, node)| {
                matches!(node.kind, Node::Name | Node::Ident)
                    && brought.iter().any(|name| name == tree.text(NodeId(at as u32)))
            })
        };
        if !named.into_iter().any(|other| is_named(&other.tree)) {
            let place = self.place(part.at, tree, path);
            let whole = self.place(part.at, tree, node);
            let told = Diagnostic::warning("unused", place, format!("nothing of `{text}` is used here"));
            self.told.tell(told.help("remove the `use`").fix("remove the `use`", whole, ""));
        }
    }

    fn tell_unused(&mut self, declared: &Declared<'_>) {
        let Declared { what, name, place } = declared;
        if name.starts_with('_') {
            return;
        }
        let (message, help) = match *what {
            "kind" => (
                format!("nothing makes the kind `{name}`"),
                "remove it, or make one; without `private` it is for others".to_owned(),
            ),
            "param" => (
                format!("the param `{name}` is never used"),
                "whatever it is set to changes nothing: use it or remove it".to_owned(),
            ),
            "input" => (
                format!("no implementation reads the input `{name}`"),
                "whatever it is set to changes nothing: use it or remove it".to_owned(),
            ),
            what => (
                format!("the {what} `{name}` is never used"),
                format!("remove it, or begin its name with `_` when that is meant: `_{name}`"),
            ),
        };
        self.told.tell(Diagnostic::warning("unused", *place, message).help(help));
    }
}

/// Whether instances of a kind are passed on as wholes: `inputs(KIND)`, or `self` without a dot in an implementation of it.
fn takes_whole(tree: &Tree, kind: &str) -> bool {
    let implements = tree
        .child(Tree::ROOT, Node::Implement)
        .and_then(|node| tree.child(node, Node::Path))
        .is_some_and(|path| tree.text(path).rsplit('.').next() == Some(kind));
    let own_kind = tree
        .child(Tree::ROOT, Node::KindDecl)
        .and_then(|node| tree.child(node, Node::Name))
        .is_some_and(|name| tree.text(name) == kind);
    let mut parents: Vec<(NodeId, Node)> = vec![(Tree::ROOT, Node::Item)];
    while let Some((node, above)) = parents.pop() {
        let own = tree.kind(node);
        // `self.only(inputs(container))`
        let is_cut = own == Node::Dot && tree.text(node) == "self.only";
        let is_self = own == Node::Ident && tree.text(node) == "self" && !matches!(above, Node::Dot | Node::SafeDot);
        let is_inputs = own == Node::Call
            && tree.children(node).next().is_some_and(|callee| tree.text(callee) == "inputs")
            && tree.all(node, Node::Arg).any(|arg| tree.text(arg).rsplit('.').next() == Some(kind));
        if is_inputs || (is_self || is_cut) && (implements || own_kind) || own == Node::Delegate && implements {
            return true;
        }
        parents.extend(tree.children(node).map(|child| (child, own)));
    }
    false
}

fn read_words(tree: &Tree, node: NodeId, above: Option<NodeId>, words: &mut Words) {
    read_words_but(tree, node, above, NodeId(u32::MAX), words);
}

/// Adds the words that are read in a node, without those of one node in it.
fn read_words_but(tree: &Tree, node: NodeId, above: Option<NodeId>, but: NodeId, words: &mut Words) {
    let mut pending: Vec<(NodeId, Option<NodeId>)> = vec![(node, above)];
    while let Some((node, above)) = pending.pop() {
        if node == but {
            continue;
        }
        match tree.kind(node) {
            Node::Ident => {
                words.first.insert(tree.text(node).to_owned());
            }
            Node::Path => {
                // `terraform.aws_vpc`, `data.orders`: any part may be what is meant.
                let mut steps = tree.all(node, Node::Name).map(|name| tree.name(name));
                words.first.extend(steps.next());
                words.behind.extend(steps);
            }
            // Those of an `adjust`, `moved` and the like name what is made.
            Node::Name => match above.map(|above| tree.kind(above)) {
                Some(Node::Shorthand | Node::Needs) => {
                    words.first.insert(tree.name(node));
                }
                Some(Node::Dot | Node::SafeDot) => {
                    words.behind.insert(tree.name(node));
                }
                _ => {}
            },
            _ => {}
        }
        pending.extend(tree.children(node).map(|child| (child, Some(node))));
    }
}
