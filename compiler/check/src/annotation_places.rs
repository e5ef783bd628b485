//! Which annotation stands before what, and how often. One that nothing reads is a mistake, not a wish.

use source::{Diagnostic, Name, Place};
use syntax::{Kind as Node, NodeId, Tree, flag};

use crate::checker::{Checker, Context};
use crate::declare::{ItemAt, items_of};
use crate::input::SourceItem;

/// What is said of what an instance becomes.
pub(crate) const OF_INSTANCES: [&str; 7] = ["protect", "name", "replace", "ignore_drift", "after", "allow", "notify"];
pub(crate) const OF_FIELDS: [&str; 3] = ["role", "only", "deprecated"];
pub(crate) const OF_FUNCTIONS: [&str; 2] = ["lower", "native"];

/// What annotations stand before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Subject {
    Instance,
    /// `read KIND NAME`: it is not ours.
    Read,
    /// What makes several: an implementation, a `once`, an `adjust`.
    Several,
    Input,
    Out,
    Function,
    /// A `let`, a `param`, a `type` and whatever else makes nothing: only warnings are accepted there.
    Said,
    /// The braces of an instance.
    Braces,
    Nothing,
}

impl Subject {
    /// Whether an annotation means something before it.
    fn takes(self, name: &str) -> bool {
        match self {
            Subject::Instance => OF_INSTANCES.contains(&name),
            // One name for several would be that of none.
            Subject::Several => OF_INSTANCES.contains(&name) && name != "name",
            Subject::Read => matches!(name, "after" | "allow"),
            Subject::Input => OF_FIELDS.contains(&name),
            Subject::Out => name == "role",
            Subject::Function => OF_FUNCTIONS.contains(&name),
            Subject::Said | Subject::Braces | Subject::Nothing => false,
        }
    }

    /// Whether a warning of ours may be accepted before it.
    fn takes_allowance(self) -> bool {
        !matches!(self, Subject::Braces | Subject::Nothing)
    }

    /// Whether its annotations are read by nobody else.
    fn is_read_here(self) -> bool {
        matches!(self, Subject::Said | Subject::Function | Subject::Input | Subject::Out)
    }
}

impl Checker<'_> {
    /// Looks at all annotations of what was read: what the project says, and what it uses of libraries.
    pub(crate) fn annotations_in_place(&mut self) {
        for (at, item) in items_of(self.input) {
            let Some(tree) = item.tree.get().cloned() else { continue };
            if tree.errors.is_empty() && tree.nodes.iter().any(|node| node.kind == Node::Annotation) {
                self.annotations_below(at, &tree, Tree::ROOT, None);
            }
        }
    }

    fn annotations_below(&mut self, at: ItemAt, tree: &Tree, node: NodeId, above: Option<NodeId>) {
        let mut pending: Vec<NodeId> = Vec::new();
        for child in tree.children(node) {
            if tree.kind(child) == Node::Annotation {
                pending.push(child);
                continue;
            }
            let pending = std::mem::take(&mut pending);
            self.annotations_of(at, tree, &pending, subject(tree, node, above, Some(child)), child);
            self.annotations_below(at, tree, child, Some(node));
        }
        self.annotations_of(at, tree, &pending, subject(tree, node, above, None), node);
    }

    /// Annotations that stand before one thing, `before`.
    fn annotations_of(&mut self, at: ItemAt, tree: &Tree, all: &[NodeId], subject: Subject, before: NodeId) {
        let item = self.item(at);
        let place_of = |node: NodeId| {
            let node = tree.node(node);
            Place { item: item.id, start: node.start, len: node.len }
        };
        let mut seen: Vec<(String, Option<&str>, Place)> = Vec::new();
        for annotation in all {
            let Some(name_node) = tree.child(*annotation, Node::Name) else { continue };
            let (name, place) = (tree.name(name_node), place_of(*annotation));
            if !self.is_annotation(&name, place_of(name_node)) {
                continue;
            }
            if self.allowed_code(tree, *annotation).is_some() && subject.takes_allowance() {
                if subject.is_read_here() {
                    let mut cx = self.cx(at, Context::Module);
                    let _ = self.annotation(&mut cx, *annotation);
                }
                self.note_allowance(item, tree, *annotation, place_of(before));
            } else if !subject.takes(&name) {
                self.tell_misplaced(&name, place, subject);
                continue;
            }
            // Each finding that is accepted has its reason; all else is said once.
            let of = if name == "allow" { tree.child(*annotation, Node::Arg).map(|arg| tree.text(arg)) } else { None };
            if let Some((_, _, first)) = seen.iter().find(|other| (&other.0, other.1) == (&name, of)) {
                let told = Diagnostic::error("set_twice", place, format!("`@{name}` stands here twice"))
                    .also(*first, "the first time here");
                self.told.tell(told.help("remove one of the two"));
            }
            seen.push((name, of, place));
        }
    }

    fn is_annotation(&mut self, name: &str, place: Place) -> bool {
        let known = [&OF_INSTANCES[..], &OF_FIELDS, &OF_FUNCTIONS].concat();
        let is_known = known.contains(&name);
        if name == "because" {
            let help = "a reason stands in what it is for: `@allow(CHECK, because = \"…\")`";
            self.error("unknown_annotation", place, "there is no annotation `@because`", help);
        } else if !is_known {
            let message = format!("there is no annotation `@{name}`");
            self.unknown_name("unknown_annotation", place, &message, name, &known, "annotations are");
        }
        is_known
    }

    fn tell_misplaced(&mut self, name: &str, place: Place, subject: Subject) {
        if subject == Subject::Braces && OF_INSTANCES.contains(&name) {
            let help = "write it on the line before the instance";
            self.error("misplaced", place, "an annotation does not stand in the braces of an instance", help);
            return;
        }
        let (message, help) = match (subject, name) {
            (Subject::Read, name) if OF_INSTANCES.contains(&name) => (
                format!("`@{name}` has no meaning for what is only read"),
                "what is read is never changed, replaced or destroyed: remove it",
            ),
            (Subject::Several, "name") => {
                (format!("`@{name}` has no meaning here"), "a name is that of one instance: write it before that")
            }
            (_, name) if OF_FIELDS.contains(&name) => {
                (format!("`@{name}` has no meaning here"), "it stands before a field in a `kind`")
            }
            (_, name) if OF_FUNCTIONS.contains(&name) => {
                (format!("`@{name}` has no meaning here"), "it stands before a `fn`")
            }
            (subject, "allow") if subject.takes_allowance() => (
                "no linter looks at this, and infrac has no warning of this name".to_owned(),
                "before what makes nothing, `@allow` names a warning of infrac's: `@allow(unused, because = \"…\")`",
            ),
            (_, name) => (
                format!("`@{name}` has no meaning here"),
                "it stands before an instance, an implementation, a `once` or an `adjust`",
            ),
        };
        self.error("unknown_annotation", place, message, help);
    }

    /// What the annotations before a field say of it: its role, whether it is the only one of its kind, what to use instead.
    pub(crate) fn field_annotations(&mut self, item: &SourceItem, tree: &Tree, all: &[NodeId]) -> FieldNotes {
        let mut notes = FieldNotes::default();
        for annotation in all {
            let name = tree.child(*annotation, Node::Name).map(|name| tree.name(name)).unwrap_or_default();
            let arg = tree.child(*annotation, Node::Arg).and_then(|arg| tree.children(arg).last());
            let node = tree.node(arg.unwrap_or(*annotation));
            let place = Place { item: item.id, start: node.start, len: node.len };
            match (name.as_str(), arg) {
                ("role", Some(arg)) if ROLES.contains(&tree.text(arg)) => notes.role = Some(Name::new(tree.text(arg))),
                ("role", Some(arg)) => {
                    let (role, place) = (tree.text(arg), place);
                    let message = format!("there is no role `{role}`");
                    self.unknown_name("unknown_name", place, &message, role, &ROLES, "roles are");
                }
                ("only", None) => notes.only = Some(place),
                ("deprecated", Some(arg)) if tree.kind(arg) == Node::Text => {
                    notes.deprecated = Some(tree.text(arg).trim_matches('"').to_owned());
                }
                ("role" | "only" | "deprecated", _) => {
                    let help = "fields take `@role(ports)`, `@only` and `@deprecated(\"what to use instead\")`";
                    let message = format!("these are not the arguments of `@{name}`");
                    self.error("wrong_arguments", place, message, help);
                }
                _ => {}
            }
        }
        notes
    }
}

/// What a field may be: to flows, or to whoever lists what holds until a day.
pub const ROLES: [&str; 6] = ["ports", "peer", "address", "range", "because", "until"];

/// What annotations say of a field.
#[derive(Default)]
pub(crate) struct FieldNotes {
    pub role: Option<Name>,
    pub only: Option<Place>,
    pub deprecated: Option<String>,
}

/// What stands behind annotations: `child` of `node`, which is a child of `above`.
fn subject(tree: &Tree, node: NodeId, above: Option<NodeId>, child: Option<NodeId>) -> Subject {
    let owner = if tree.kind(node) == Node::Body { above.map(|above| tree.kind(above)) } else { None };
    let Some(child) = child else {
        return if owner == Some(Node::Instance) { Subject::Braces } else { Subject::Nothing };
    };
    match (tree.kind(node), owner, tree.kind(child)) {
        (Node::Item, _, Node::Instance)
        | (_, Some(Node::Implement | Node::Once | Node::PlatformDecl), Node::Instance) => {
            if tree.has(child, flag::READ) { Subject::Read } else { Subject::Instance }
        }
        (Node::Item, _, Node::Implement | Node::Adjust) | (_, Some(Node::Implement), Node::Once) => Subject::Several,
        (Node::Item, _, Node::Fn) => Subject::Function,
        (
            Node::Item,
            _,
            Node::Let | Node::Param | Node::TypeDecl | Node::Use | Node::KindDecl | Node::PlatformDecl | Node::Output,
        )
        | (_, Some(Node::Implement | Node::Once), Node::Let) => Subject::Said,
        (_, Some(Node::KindDecl), Node::FieldDecl) if tree.has(child, flag::OUT) => Subject::Out,
        (_, Some(Node::KindDecl), Node::FieldDecl) => Subject::Input,
        (_, Some(Node::Instance), _) => Subject::Braces,
        _ => Subject::Nothing,
    }
}
