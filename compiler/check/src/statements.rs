//! Instance statements: what they make, what they may be called for, their headers and the fields in their braces.

use std::rc::Rc;

use source::{Diagnostic, Name, Place};
use syntax::{Kind as Node, NodeId, Tree, flag};

use crate::checked::{Fields, NativeKind, PlatformId, SchemaId, Scope, Statement, StatementId, What};
use crate::checker::{Checker, Context, Cx, Progress, Work};
use crate::code::{Code, CodeKind, Loop};
use crate::declare::{ItemAt, TypeName};
use crate::types::{NativeTy, SetTree, Shape, Stage, Ty};

/// A statement as it is known before and after its elaboration.
#[derive(Clone, Debug)]
pub(crate) struct StatementInfo {
    pub at: ItemAt,
    pub node: Option<NodeId>,
    pub name: Name,
    pub scope: Scope,
    pub what: Option<Resolved>,
    pub set: Option<Progress<Rc<SetTree>>>,
    pub finished: bool,
    pub ports: Option<Option<Rc<Vec<Name>>>>,
}

/// What a statement makes, with the row of a native kind.
#[derive(Clone, Debug)]
pub(crate) enum Resolved {
    Kind(crate::checked::KindId),
    Native(NativeKind, schema::Row),
    Unknown(source::Told),
}

impl StatementInfo {
    pub fn new(at: ItemAt, node: Option<NodeId>, name: Name, scope: Scope) -> Self {
        Self { at, node, name, scope, what: None, set: None, finished: false, ports: None }
    }
}

impl Checker<'_> {
    /// The node of a statement: its own, or that of the item.
    pub(crate) fn statement_node(&self, id: StatementId) -> Option<(ItemAt, std::sync::Arc<Tree>, NodeId)> {
        let info = &self.statements[id.0 as usize];
        let tree = self.item(info.at).tree();
        let node = info.node.or_else(|| tree.child(Tree::ROOT, Node::Instance))?;
        Some((info.at, tree, node))
    }

    /// Registers an instance statement that stands inside an item; the same node always gives the same id.
    pub(crate) fn register_child(&mut self, at: ItemAt, node: NodeId, scope: Scope) -> Option<(Name, StatementId)> {
        let tree = self.item(at).tree();
        let name = Name::new(&tree.name(tree.child(node, Node::Name)?));
        let key = (at.package, at.scope.0, at.item, node);
        if let Some(id) = self.statement_of_node.get(&key) {
            return Some((name, *id));
        }
        let id = self.add_statement(at, Some(node), name, scope);
        self.statement_of_node.insert(key, id);
        Some((name, id))
    }

    /// What a statement makes.
    pub(crate) fn resolve_statement(&mut self, id: StatementId) -> Resolved {
        if let Some(what) = &self.statements[id.0 as usize].what {
            return what.clone();
        }
        let Some((at, tree, node)) = self.statement_node(id) else {
            let told = self.told.told_before();
            let info = self.statements[id.0 as usize].clone();
            let item = self.item(info.at);
            let place = crate::declare::item_place(item.id, item.text.len());
            let told = told.unwrap_or_else(|| {
                self.error(
                    "syntax",
                    place,
                    format!("`{}` cannot be read", info.name),
                    "a statement is `KIND NAME { … }`",
                )
            });
            let resolved = Resolved::Unknown(told);
            self.statements[id.0 as usize].what = Some(resolved.clone());
            return resolved;
        };
        let resolved = match tree.child(node, Node::Path) {
            Some(path) => {
                let place = self.place(at, &tree, path);
                let text = tree.text(path).to_owned();
                let read = tree.has(node, flag::READ);
                self.resolve_kind(at, &text, place, read)
            }
            None => Resolved::Unknown(self.broken(at, &tree, node)),
        };
        self.statements[id.0 as usize].what = Some(resolved.clone());
        resolved
    }

    /// The proof that a broken node was told by the parser, or tells it.
    pub(crate) fn broken(&mut self, at: ItemAt, tree: &Tree, node: NodeId) -> source::Told {
        let place = self.place(at, tree, node);
        match self.told.told_before() {
            Some(told) if !tree.errors.is_empty() => told,
            _ => self.error("syntax", place, "this cannot be read", "compare it with the examples of the reference"),
        }
    }

    fn resolve_kind(&mut self, at: ItemAt, text: &str, place: Place, read: bool) -> Resolved {
        match self.lookup_type_text(at.scope, text) {
            Some(TypeName::Kind(kind)) => return Resolved::Kind(kind),
            Some(TypeName::Platform(_) | TypeName::Type(_)) => {
                return Resolved::Unknown(self.error(
                    "not_a_kind",
                    place,
                    format!("`{text}` is not a kind"),
                    "an instance is made of a kind: `KIND NAME { … }`",
                ));
            }
            None => {}
        }
        if let Some(found) = self.native_kind(text, place, read) {
            return found;
        }
        Resolved::Unknown(self.unknown_type(at.scope, text, place, "kind"))
    }

    /// A native kind by its dotted name; None when the name is of no target.
    pub(crate) fn native_kind(&mut self, text: &str, place: Place, read: bool) -> Option<Resolved> {
        let (target, rest) = text.split_once('.')?;
        let of_target: Vec<usize> =
            (0..self.input.schemas.len()).filter(|at| self.input.schemas[*at].target.text() == target).collect();
        if of_target.is_empty() {
            return None;
        }
        let (prefix, name) = match rest.split_once('.') {
            Some((prefix, name)) => (Some(prefix), name),
            None => (None, rest),
        };
        let role = if read { schema::Role::Data } else { schema::Role::Resource };
        let mut candidates = Vec::new();
        for index in of_target {
            let named = &self.input.schemas[index];
            let own = named.prefix.text();
            // Where no prefix tells schemas apart, a dot is part of the kind's own name: `ansible.builtin.copy`.
            let name = if own.is_empty() { rest } else { name };
            if prefix.is_some_and(|prefix| !own.is_empty() && prefix != own)
                || (prefix.is_none() && !named.has_provider() && !own.is_empty())
            {
                continue;
            }
            let found = named.schema.kind(name, role).or_else(|| {
                (read && !named.has_provider()).then(|| named.schema.kind(name, schema::Role::Resource)).flatten()
            });
            if let Some(kind) = found {
                let native = NativeKind {
                    schema: SchemaId(index as u32),
                    target: Name::new(target),
                    name: Name::new(name),
                    role: if read { schema::Role::Data } else { schema::Role::Resource },
                    provider: if named.has_provider() { named.prefix } else { Name::new("") },
                    api_version: kind.api_version().into(),
                    kind_name: kind.kind_name().into(),
                    namespaced: kind.namespaced(),
                };
                return Some(Resolved::Native(native, kind.row()));
            }
            if self.still_suggests() && source::did_you_mean(name, [name]).is_some() {
                candidates
                    .extend(named.schema.kinds().filter(|kind| kind.role() == role).map(|kind| kind.name().to_owned()));
            }
        }
        let what = if read { "data source" } else { "native kind" };
        if candidates.is_empty() {
            let prefixes: Vec<String> = self
                .input
                .schemas
                .iter()
                .filter(|schema| schema.target.text() == target)
                .map(|schema| schema.prefix.text().to_owned())
                .filter(|prefix| !prefix.is_empty())
                .collect();
            let known = if prefixes.is_empty() {
                String::new()
            } else {
                format!("; known are those of {}", source::list_of(prefixes.iter().map(String::as_str)))
            };
            return Some(Resolved::Unknown(self.error(
                "unknown_kind",
                place,
                format!("there is no {what} `{text}`"),
                format!(
                    "the schema of another provider or custom resource is added with `infrac schema add FILE`{known}"
                ),
            )));
        }
        let mut diagnostic = Diagnostic::error("unknown_kind", place, format!("there is no {what} `{text}`"));
        if let Some(close) = source::did_you_mean(name, candidates.iter().map(String::as_str)) {
            let close = match prefix {
                Some(prefix) => format!("{target}.{prefix}.{close}"),
                None => format!("{target}.{close}"),
            };
            diagnostic =
                diagnostic.help(format!("did you mean `{close}`?")).fix("use the name that exists", place, close);
        } else {
            diagnostic = diagnostic
                .help("the schema of another provider or custom resource is added with `infrac schema add FILE`");
        }
        Some(Resolved::Unknown(self.told.tell(diagnostic)))
    }

    /// The type of one instance of a statement.
    pub(crate) fn instance_type(&mut self, id: StatementId) -> Ty {
        match self.resolve_statement(id) {
            Resolved::Unknown(told) => Ty::unknown(told),
            Resolved::Native(native, row) => {
                let shown = self
                    .statement_node(id)
                    .and_then(|(_, tree, node)| tree.child(node, Node::Path).map(|path| tree.text(path).to_owned()))
                    .unwrap_or_default();
                Ty::new(Shape::Native(Rc::new(NativeTy {
                    schema: native.schema,
                    row,
                    shown: Name::new(&shown),
                    statement: Some(id),
                })))
            }
            Resolved::Kind(kind) => {
                let platform = self.only_platform(id, kind);
                Ty::new(Shape::Instance { kind, platform, statement: Some(id) })
            }
        }
    }

    /// The type of a statement's name: an instance, a map of them, perhaps absent.
    pub(crate) fn statement_type(&mut self, id: StatementId) -> Ty {
        let instance = self.instance_type(id);
        let Some((_, tree, node)) = self.statement_node(id) else { return instance };
        let looped = tree.child(node, Node::ForHeader).is_some();
        let conditional = tree.child(node, Node::IfHeader).is_some();
        match (looped, conditional) {
            (true, _) => Ty::map(Ty::string(), instance),
            (false, true) => instance.maybe(),
            (false, false) => instance,
        }
    }

    /// The one platform on which an instance can stand, when there is only one.
    fn only_platform(&mut self, id: StatementId, kind: crate::checked::KindId) -> Option<PlatformId> {
        // A platform that would stand on itself: eval tells the circle.
        if self.placing.contains(&id) {
            return None;
        }
        self.placing.push(id);
        let found = self.find_platform(id, kind);
        self.placing.pop();
        found
    }

    fn find_platform(&mut self, id: StatementId, kind: crate::checked::KindId) -> Option<PlatformId> {
        let (at, tree, node) = self.statement_node(id)?;
        let scope = self.statements[id.0 as usize].scope;
        if let Some(on) = tree.child(node, Node::OnHeader) {
            let mut cx = self.statement_cx(at, scope);
            // The platform does not depend on loop variables' values, but they must be bound to be read.
            let _ = self.headers(&mut cx, &tree, node);
            let expression = tree.children(on).next()?;
            let ty = match self.listed_platform(&mut cx, expression) {
                Some((_, ty)) => ty,
                None => self.infer(&mut cx, expression, None).1,
            };
            return match &*ty.shape {
                Shape::Platform(platform) => *platform,
                Shape::Instance { kind, .. } => self.kind_info(*kind).platform,
                _ => None,
            };
        }
        let info = self.kind_info(kind);
        let mut implemented = Vec::new();
        for ancestor in &info.ancestors {
            for (_, platform) in self.implementations_of.get(ancestor).into_iter().flatten() {
                implemented.push(*platform);
            }
        }
        let parent = match scope {
            Scope::Implementation(implementation) => self.implementation_platform(implementation),
            Scope::Once(once) => {
                let implementation = self.out.onces[once.0 as usize].implementation;
                self.implementation_platform(implementation)
            }
            Scope::Platform(platform) => Some(platform),
            Scope::Module => None,
        };
        if parent.is_some_and(|platform| implemented.contains(&Some(platform))) {
            return parent;
        }
        let mut found: Vec<PlatformId> = self
            .environment_platforms
            .iter()
            .copied()
            .filter(|platform| implemented.contains(&Some(*platform)))
            .collect();
        if found.len() > 1 {
            let chosen: Vec<PlatformId> = self
                .out
                .environments
                .iter()
                .flat_map(|environment| &environment.choose)
                .filter(|choice| choice.kind == kind)
                .filter_map(|choice| choice.platform)
                .collect();
            if let Some(first) = chosen.first()
                && chosen.iter().all(|platform| platform == first)
            {
                found = vec![*first];
            }
        }
        match found.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    pub(crate) fn implementation_platform(
        &self,
        implementation: crate::checked::ImplementationId,
    ) -> Option<PlatformId> {
        self.implementations_of.values().flatten().find(|entry| entry.0 == implementation).and_then(|entry| entry.1)
    }

    pub(crate) fn statement_cx(&mut self, at: ItemAt, scope: Scope) -> Cx {
        let context = match scope {
            Scope::Module => Context::Module,
            Scope::Implementation(implementation) => Context::Implementation(implementation),
            Scope::Once(once) => Context::Once(once),
            Scope::Platform(platform) => Context::Platform(platform),
        };
        self.cx(at, context)
    }

    /// Loops, condition and key of a header; binds the loops' variables.
    fn headers(&mut self, cx: &mut Cx, tree: &Tree, node: NodeId) -> (Vec<Loop>, Option<Code>, Option<Code>, bool) {
        let mut loops = Vec::new();
        let mut keyed = true;
        let has_key = tree.child(node, Node::KeyHeader).is_some();
        for header in tree.all(node, Node::ForHeader) {
            let (each, natural) = self.loop_header(cx, header, true);
            keyed = natural && loops.is_empty();
            if keyed && !has_key && each.key.is_none() {
                let stage = cx.locals.last().map(|local| local.2.stage).unwrap_or_default();
                if stage != Stage::Known
                    && let Some(collection) = tree.children(header).last()
                {
                    let place = cx.place(self, collection);
                    self.error(
                        "known_later",
                        place,
                        "the elements are known only after apply; they cannot be the keys of instances",
                        "loop over names that the program says itself, or say a known `key`",
                    );
                }
            }
            loops.push(each);
        }
        let condition =
            tree.child(node, Node::IfHeader).and_then(|header| tree.children(header).next()).map(|expression| {
                let code = self.check_expr(cx, expression, &Ty::bool());
                self.narrow(cx, expression, true);
                code
            });
        if let (true, Some(header)) = (loops.is_empty(), tree.child(node, Node::KeyHeader)) {
            let place = cx.place(self, header);
            self.error(
                "misplaced",
                place,
                "a key tells the instances of a loop apart, and there is no loop",
                "leave `key …` out, or write `for x in xs` before it",
            );
        }
        let key = tree
            .child(node, Node::KeyHeader)
            .and_then(|header| tree.children(header).next())
            .map(|expression| self.check_expr(cx, expression, &Ty::string()));
        (loops, condition, key, keyed)
    }

    /// What a native statement sets: elaborates it when that was not done yet; a statement that reads itself sees nothing set.
    pub(crate) fn set_tree(&mut self, id: StatementId) -> Option<Rc<SetTree>> {
        match &self.statements[id.0 as usize].set {
            Some(Progress::Done(set)) => Some(set.clone()),
            Some(Progress::Started) => None,
            None => {
                self.finish_statement(id);
                match &self.statements[id.0 as usize].set {
                    Some(Progress::Done(set)) => Some(set.clone()),
                    _ => None,
                }
            }
        }
    }

    pub(crate) fn finish_statement(&mut self, id: StatementId) {
        if self.statements[id.0 as usize].finished {
            return;
        }
        self.statements[id.0 as usize].finished = true;
        self.statements[id.0 as usize].set = Some(Progress::Started);
        let info = self.statements[id.0 as usize].clone();
        let resolved = self.resolve_statement(id);
        let Some((at, tree, node)) = self.statement_node(id) else { return };
        let mut cx = self.statement_cx(at, info.scope);
        let name_node = tree.child(node, Node::Name);
        let place = name_node.map_or_else(|| cx.place(self, node), |name| cx.place(self, name));
        let (loops, condition, key, keyed) = self.headers(&mut cx, &tree, node);
        if !loops.is_empty() && key.is_none() && !keyed {
            self.error(
                "missing_key",
                place,
                format!("`{}` needs a key for each instance", info.name),
                "add `key EXPR` to the header: a text that is known and unique, such as `key \"${a}-${b}\"`",
            );
        }
        let on = tree
            .child(node, Node::OnHeader)
            .and_then(|header| tree.children(header).next())
            .map(|expression| self.platform_expr(&mut cx, expression));
        let mut annotations = self.annotations_before(&mut cx, node);
        if let Scope::Implementation(_) | Scope::Once(_) = info.scope
            && let Some(implement) = tree.child(Tree::ROOT, Node::Implement)
        {
            // What is said of an implementation or of a `once` is said of all that it makes.
            for above in [Some(implement), once_above(&tree, implement, node)].into_iter().flatten() {
                annotations.extend(self.annotations_before(&mut cx, above));
            }
        }
        if let Resolved::Native(native, row) = &resolved {
            self.drift_fields(native.schema, *row, &annotations);
        }
        let body = tree.child(node, Node::Body);
        let (what, fields) = match (&resolved, body) {
            (Resolved::Kind(kind), body) => {
                self.need(Work::Kind(*kind));
                let info = self.kind_info(*kind);
                let read = tree.has(node, flag::READ);
                if read {
                    self.error(
                        "not_supported",
                        place,
                        "reading an instance of a declared kind is not supported yet",
                        "read the native resource behind it: `read terraform.aws_… name { … }`",
                    );
                }
                let kind_name = self.kind_items[kind.0 as usize].0;
                let misplaced =
                    self.unlinked.iter().any(|(id, _)| self.implementation_heads[id.0 as usize].kind == kind_name);
                if misplaced || info.inputs.is_empty() && self.told.has_errors() {
                    // Nothing is said about a kind that is broken itself, or implemented on a platform that is not there.
                } else if matches!(self.statements[id.0 as usize].scope, Scope::Module)
                    && self.implementations_for(*kind).is_empty()
                {
                    let name = self.kind_name(*kind);
                    self.error("no_implementation", place, format!("nothing implements `{name}`"), format!("say what it becomes: `implement {name} on PLATFORM {{ … }}`, or `implement {name} {{}}` when it makes nothing"));
                }
                let parts =
                    body.map(|body| self.input_parts(&mut cx, body, &info, *kind, place, read)).unwrap_or_default();
                (What::Kind { kind: *kind, read }, Fields::Inputs(parts))
            }
            (Resolved::Native(native, row), Some(body)) => {
                let (code, set) = self.native_body(&mut cx, body, native.schema, *row, place, native.name.text());
                self.statements[id.0 as usize].set = Some(Progress::Done(Rc::new(set)));
                (What::Native(native.clone()), Fields::Native(code))
            }
            (Resolved::Native(native, _), None) => {
                (What::Native(native.clone()), Fields::Native(Code::new(place, CodeKind::Record(Vec::new()))))
            }
            // What its fields mean, only the kind would say: `engine = postgres("16")` is right in a `database`.
            (Resolved::Unknown(_), _) => (What::Unknown, Fields::Inputs(Vec::new())),
        };
        let statement = Statement {
            name: info.name,
            place,
            scope: info.scope,
            what,
            loops,
            condition,
            key,
            on,
            fields,
            annotations,
            slots: cx.most,
        };
        self.put_statement(id, statement);
    }

    fn put_statement(&mut self, id: StatementId, statement: Statement) {
        while self.out.statements.len() <= id.0 as usize {
            let empty = Statement {
                name: statement.name,
                place: statement.place,
                scope: Scope::Module,
                what: What::Unknown,
                loops: Vec::new(),
                condition: None,
                key: None,
                on: None,
                fields: Fields::Inputs(Vec::new()),
                annotations: Vec::new(),
                slots: 0,
            };
            self.out.statements.push(empty);
        }
        self.out.statements[id.0 as usize] = statement;
    }

    /// A platform value: a call, a name for one, or an instance of a kind that is a platform.
    pub(crate) fn platform_expr(&mut self, cx: &mut Cx, node: NodeId) -> Code {
        if let Some((code, _)) = self.listed_platform(cx, node) {
            return code;
        }
        if let Some(told) = self.unlisted_name(cx, node) {
            return self.unknown(cx.place(self, node), told).0;
        }
        let (code, ty) = self.infer(cx, node, Some(&Ty::new(Shape::Platform(None))));
        let place = cx.place(self, node);
        match &*ty.shape {
            Shape::Platform(_) | Shape::Unknown(_) | Shape::Native(_) => code,
            Shape::Instance { kind, .. } => match self.kind_info(*kind).platform {
                Some(platform) => {
                    self.need(Work::Platform(platform));
                    Code::new(place, CodeKind::AsPlatform { of: code, platform })
                }
                None => {
                    let shown = self.show(&ty);
                    let told = self.error(
                        "not_a_platform",
                        place,
                        format!("a `{shown}` is not a platform"),
                        "a kind is a platform when it says so: `kind cluster is platform kubernetes`",
                    );
                    Code::new(place, CodeKind::Unknown(told))
                }
            },
            _ => {
                let shown = self.show(&ty);
                let told = self.error(
                    "not_a_platform",
                    place,
                    format!("expected a platform, found {shown}"),
                    "a platform is made by a call: `aws(region = \"eu-west-3\")`",
                );
                Code::new(place, CodeKind::Unknown(told))
            }
        }
    }

    /// The named ports of a statement when they are known without evaluating it.
    pub(crate) fn statement_ports(&mut self, id: StatementId) -> Option<Rc<Vec<Name>>> {
        if let Some(ports) = &self.statements[id.0 as usize].ports {
            return ports.clone();
        }
        // Of kinds that are made of each other in a circle, which is told elsewhere, nothing is known.
        self.statements[id.0 as usize].ports = Some(None);
        let ports = match self.resolve_statement(id) {
            Resolved::Kind(kind) if let Some(ports) = self.ports_of_children(kind) => ports,
            Resolved::Kind(_) | Resolved::Native(..) | Resolved::Unknown(_) => self.find_ports(id).map(Rc::new),
        };
        self.statements[id.0 as usize].ports = Some(ports.clone());
        ports
    }

    pub(crate) fn find_ports(&mut self, id: StatementId) -> Option<Vec<Name>> {
        let Resolved::Kind(kind) = self.resolve_statement(id) else { return None };
        let info = self.kind_info(kind);
        let input = info.ports()?.clone();
        let mut ports = match input.default {
            Some(default) => {
                let tree = self.item(input.at).tree();
                literal_keys(&tree, default)?
            }
            None => Vec::new(),
        };
        let (_, tree, node) = self.statement_node(id)?;
        let body = tree.child(node, Node::Body)?;
        for member in tree.children(body) {
            match tree.kind(member) {
                Node::Entry
                    if tree.child(member, Node::Name).is_some_and(|name| tree.text(name) == input.name.text()) =>
                {
                    ports.push(Name::new(&tree.name(tree.all(member, Node::Name).nth(1)?)));
                }
                Node::Field
                    if tree.child(member, Node::FieldPath).is_some_and(|path| tree.text(path) == input.name.text()) =>
                {
                    ports = literal_keys(&tree, tree.children(member).nth(1)?)?;
                }
                Node::Shorthand if tree.text(member) == input.name.text() => return None,
                Node::Spread => return None,
                _ => {}
            }
        }
        Some(ports)
    }
}

/// The `once` that a statement stands in.
fn once_above(tree: &Tree, implement: NodeId, node: NodeId) -> Option<NodeId> {
    let body = tree.child(implement, Node::Body)?;
    tree.all(body, Node::Once).find(|once| (once.0..once.0 + tree.node(*once).subtree).contains(&node.0))
}

/// The keys of a record literal without spreads.
fn literal_keys(tree: &Tree, node: NodeId) -> Option<Vec<Name>> {
    if tree.kind(node) != Node::Record {
        return None;
    }
    let mut keys = Vec::new();
    for member in tree.children(node) {
        match tree.kind(member) {
            Node::Field => {
                keys.push(Name::new(&tree.name(tree.child(tree.child(member, Node::FieldPath)?, Node::Name)?)))
            }
            _ => return None,
        }
    }
    Some(keys)
}

/// The stage of what a set tree says about a native field.
pub(crate) fn stage_of(set: Option<&SetTree>) -> Stage {
    set.map_or(Stage::Later, |set| set.stage)
}
