//! Instance statements: what they make, what they may be called for, their headers and the fields in their braces.

use std::rc::Rc;

use source::{Diagnostic, Name, Place};
use syntax::{flag, Kind as Node, NodeId, Tree};
use value::Value;

use crate::checked::{Annotation, Fields, InputPart, NativeKind, PlatformId, SchemaId, Scope, Statement, StatementId, What};
use crate::checker::{Checker, Context, Cx, Progress, Work};
use crate::code::{Code, CodeKind, Loop, RecordPart};
use crate::declare::{ItemAt, TypeName};
use crate::foreign::{Position, said_here};
use crate::kinds::KindInfo;
use crate::paths::PathValue;
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
            let told = told.unwrap_or_else(|| self.error("syntax", place, format!("`{}` cannot be read", info.name), "a statement is `KIND NAME { … }`"));
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
                return Resolved::Unknown(self.error("not_a_kind", place, format!("`{text}` is not a kind"), "an instance is made of a kind: `KIND NAME { … }`"));
            }
            None => {}
        }
        if let Some(found) = self.native_kind(text, place, read) {
            return found;
        }
        Resolved::Unknown(self.unknown_type(at.scope, text, place, "kind"))
    }

    /// A native kind by its dotted name; None when the name is of no target.
    fn native_kind(&mut self, text: &str, place: Place, read: bool) -> Option<Resolved> {
        let (target, rest) = text.split_once('.')?;
        let of_target: Vec<usize> = (0..self.input.schemas.len()).filter(|at| self.input.schemas[*at].target.text() == target).collect();
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
            if prefix.is_some_and(|prefix| prefix != named.prefix.text()) || (prefix.is_none() && target != "terraform" && !named.prefix.text().is_empty()) {
                continue;
            }
            let found = named.schema.kind(name, role).or_else(|| (read && target != "terraform").then(|| named.schema.kind(name, schema::Role::Resource)).flatten());
            if let Some(kind) = found {
                let native = NativeKind {
                    schema: SchemaId(index as u32),
                    target: Name::new(target),
                    name: Name::new(name),
                    role: if read { schema::Role::Data } else { schema::Role::Resource },
                    provider: if target == "terraform" { named.prefix } else { Name::new("") },
                    api_version: kind.api_version().into(),
                    kind_name: kind.kind_name().into(),
                    namespaced: kind.namespaced(),
                };
                return Some(Resolved::Native(native, kind.row()));
            }
            if source::did_you_mean(name, [name]).is_some() {
                candidates.extend(named.schema.kinds().filter(|kind| kind.role() == role).map(|kind| kind.name().to_owned()));
            }
        }
        let what = if read { "data source" } else { "native kind" };
        if candidates.is_empty() {
            let prefixes: Vec<String> = self.input.schemas.iter().filter(|schema| schema.target.text() == target).map(|schema| schema.prefix.text().to_owned()).filter(|prefix| !prefix.is_empty()).collect();
            let known = if prefixes.is_empty() { String::new() } else { format!("; known are those of {}", source::list_of(prefixes.iter().map(String::as_str))) };
            return Some(Resolved::Unknown(self.error("unknown_kind", place, format!("there is no {what} `{text}`"), format!("the schema of another provider or custom resource is added with `infrac schema add FILE`{known}"))));
        }
        let mut diagnostic = Diagnostic::error("unknown_kind", place, format!("there is no {what} `{text}`"));
        if let Some(close) = source::did_you_mean(name, candidates.iter().map(String::as_str)) {
            let close = match prefix {
                Some(prefix) => format!("{target}.{prefix}.{close}"),
                None => format!("{target}.{close}"),
            };
            diagnostic = diagnostic.help(format!("did you mean `{close}`?")).fix("use the name that exists", place, close);
        } else {
            diagnostic = diagnostic.help("the schema of another provider or custom resource is added with `infrac schema add FILE`");
        }
        Some(Resolved::Unknown(self.told.tell(diagnostic)))
    }

    /// The type of one instance of a statement.
    pub(crate) fn instance_type(&mut self, id: StatementId) -> Ty {
        match self.resolve_statement(id) {
            Resolved::Unknown(told) => Ty::unknown(told),
            Resolved::Native(native, row) => {
                let shown = self.statement_node(id).and_then(|(_, tree, node)| tree.child(node, Node::Path).map(|path| tree.text(path).to_owned())).unwrap_or_default();
                Ty::new(Shape::Native(Rc::new(NativeTy { schema: native.schema, row, shown: Name::new(&shown), statement: Some(id) })))
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
            let (_, ty) = self.infer(&mut cx, expression, None);
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
        let mut found: Vec<PlatformId> = self.environment_platforms.iter().copied().filter(|platform| implemented.contains(&Some(*platform))).collect();
        if found.len() > 1 {
            let chosen: Vec<PlatformId> = self.out.environments.iter().flat_map(|environment| &environment.choose).filter(|choice| choice.kind == kind).filter_map(|choice| choice.platform).collect();
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

    pub(crate) fn implementation_platform(&self, implementation: crate::checked::ImplementationId) -> Option<PlatformId> {
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
                if stage != Stage::Known && let Some(collection) = tree.children(header).last() {
                    let place = cx.place(self, collection);
                    self.error("known_later", place, "the elements are known only after apply; they cannot be the keys of instances", "loop over names that the program says itself, or say a known `key`");
                }
            }
            loops.push(each);
        }
        let condition = tree.child(node, Node::IfHeader).and_then(|header| tree.children(header).next()).map(|expression| {
            let code = self.check_expr(cx, expression, &Ty::bool());
            self.narrow(cx, expression, true);
            code
        });
        let key = tree.child(node, Node::KeyHeader).and_then(|header| tree.children(header).next()).map(|expression| self.check_expr(cx, expression, &Ty::string()));
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
        let on = tree.child(node, Node::OnHeader).and_then(|header| tree.children(header).next()).map(|expression| self.platform_expr(&mut cx, expression));
        let mut annotations = self.annotations_before(&mut cx, node);
        if let Scope::Implementation(_) | Scope::Once(_) = info.scope
            && let Some(implement) = tree.child(Tree::ROOT, Node::Implement)
        {
            // What is allowed to an implementation is allowed to all that it makes.
            annotations.extend(self.annotations_before(&mut cx, implement));
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
                    self.error("not_supported", place, "reading an instance of a declared kind is not supported yet", "read the native resource behind it: `read terraform.aws_… name { … }`");
                }
                let kind_name = self.kind_items[kind.0 as usize].0;
                let misplaced = self.unlinked.iter().any(|(id, _)| self.implementation_heads[id.0 as usize].kind == kind_name);
                if misplaced || info.inputs.is_empty() && self.told.has_errors() {
                    // Nothing is said about a kind that is broken itself, or implemented on a platform that is not there.
                } else if matches!(self.statements[id.0 as usize].scope, Scope::Module) && self.implementations_for(*kind).is_empty() {
                    let name = self.kind_name(*kind);
                    self.error("no_implementation", place, format!("nothing implements `{name}`"), format!("say what it becomes: `implement {name} on PLATFORM {{ … }}`, or `implement {name} {{}}` when it makes nothing"));
                }
                let parts = body.map(|body| self.input_parts(&mut cx, body, &info, *kind, place, read)).unwrap_or_default();
                (What::Kind { kind: *kind, read }, Fields::Inputs(parts))
            }
            (Resolved::Native(native, row), Some(body)) => {
                let (code, set) = self.native_body(&mut cx, body, native.schema, *row, place, native.name.text());
                self.statements[id.0 as usize].set = Some(Progress::Done(Rc::new(set)));
                (What::Native(native.clone()), Fields::Native(code))
            }
            (Resolved::Native(native, _), None) => (What::Native(native.clone()), Fields::Native(Code::new(place, CodeKind::Record(Vec::new())))),
            // What its fields mean, only the kind would say: `engine = postgres("16")` is right in a `database`.
            (Resolved::Unknown(_), _) => (What::Unknown, Fields::Inputs(Vec::new())),
        };
        let statement = Statement { name: info.name, place, scope: info.scope, what, loops, condition, key, on, fields, annotations, slots: cx.most };
        self.put_statement(id, statement);
    }

    /// `@ignore_drift(field)` names fields that exist.
    fn drift_fields(&mut self, schema: SchemaId, row: schema::Row, annotations: &[Annotation]) {
        for annotation in annotations.iter().filter(|annotation| annotation.name.text() == "ignore_drift") {
            for (_, code) in &annotation.args {
                let CodeKind::Const(Value::Text(text)) = &*code.kind else { continue };
                let first = text.split('.').next().unwrap_or(text).to_owned();
                let names: Vec<String> = self.input.schemas[schema.0 as usize].schema.members(row).map(|member| member.name.to_owned()).collect();
                if !names.contains(&first) {
                    let names: Vec<&str> = names.iter().map(String::as_str).collect();
                    self.unknown_name("unknown_field", code.place, &format!("there is no field `{first}` whose drift could be ignored"), &first, &names, "the fields are");
                }
            }
        }
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
        let (code, ty) = self.infer(cx, node, Some(&Ty::new(Shape::Platform(None))));
        let place = cx.place(self, node);
        match &*ty.shape {
            Shape::Platform(_) | Shape::Unknown(_) => code,
            Shape::Instance { kind, .. } => match self.kind_info(*kind).platform {
                Some(platform) => {
                    self.need(Work::Platform(platform));
                    Code::new(place, CodeKind::AsPlatform { of: code, platform })
                }
                None => {
                    let shown = self.show(&ty);
                    let told = self.error("not_a_platform", place, format!("a `{shown}` is not a platform"), "a kind is a platform when it says so: `kind cluster is platform kubernetes`");
                    Code::new(place, CodeKind::Unknown(told))
                }
            },
            _ => {
                let shown = self.show(&ty);
                let told = self.error("not_a_platform", place, format!("expected a platform, found {shown}"), "a platform is made by a call: `aws(region = \"eu-west-3\")`");
                Code::new(place, CodeKind::Unknown(told))
            }
        }
    }

    /// The inputs in the braces of an instance of a declared kind.
    fn input_parts(&mut self, cx: &mut Cx, body: NodeId, info: &KindInfo, kind: crate::checked::KindId, place: Place, read: bool) -> Vec<InputPart> {
        let tree = cx.tree.clone();
        let mut parts = Vec::new();
        let mut given: Vec<(Name, Place)> = Vec::new();
        let mut nested: Vec<PathValue> = Vec::new();
        let told_before = self.told.list().len();
        let mut entries = Vec::new();
        for member in tree.children(body) {
            let at = cx.place(self, member);
            match tree.kind(member) {
                Node::Field => {
                    let Some(path) = tree.child(member, Node::FieldPath) else { continue };
                    let names = self.path_names(cx, &tree, path);
                    let Some(value) = tree.children(member).nth(1) else { continue };
                    let Some((first, name_place)) = names.first().copied() else { continue };
                    let maybe = tree.has(member, flag::MAYBE);
                    let Some(input) = self.input_of(info, kind, first, name_place) else {
                        // What is behind a name that does not exist is read as the field that was meant, when that is clear.
                        let meant = source::did_you_mean(first.text(), info.inputs.iter().map(|input| input.name.text()));
                        if let Some(meant) = info.inputs.iter().find(|input| Some(input.name.text()) == meant) {
                            let _ = self.infer(cx, value, Some(&meant.ty.clone()));
                        }
                        continue;
                    };
                    if names.len() > 1 {
                        nested.push(PathValue { path: names, value, maybe });
                        continue;
                    }
                    self.given_once(&mut given, first, name_place);
                    let code = self.check_field(cx, value, &input.ty, maybe);
                    parts.push(InputPart::Field { name: first, code, maybe });
                }
                Node::Shorthand => {
                    let Some(name_node) = tree.child(member, Node::Name) else { continue };
                    let name = Name::new(&tree.name(name_node));
                    let Some(input) = self.input_of(info, kind, name, at) else { continue };
                    self.given_once(&mut given, name, at);
                    let (code, ty) = self.resolve_name(cx, name, at, None);
                    let code = self.fit(code, &ty, &input.ty, at, cx);
                    parts.push(InputPart::Field { name, code, maybe: false });
                }
                Node::Block => {
                    let Some(path) = tree.child(member, Node::FieldPath) else { continue };
                    let Some(name_node) = tree.child(path, Node::Name) else { continue };
                    let name = Name::new(&tree.name(name_node));
                    let name_place = cx.place(self, name_node);
                    let Some(block) = tree.child(member, Node::Body) else { continue };
                    let Some(input) = self.input_of(info, kind, name, name_place) else { continue };
                    match &*input.ty.shape {
                        Shape::List(of) => {
                            let of = of.clone();
                            let code = self.record_body(cx, block, &of);
                            given.push((name, name_place));
                            parts.push(InputPart::Element { field: name, code });
                        }
                        _ => {
                            self.given_once(&mut given, name, name_place);
                            let code = self.record_body(cx, block, &input.ty);
                            parts.push(InputPart::Field { name, code, maybe: false });
                        }
                    }
                }
                Node::Entry | Node::Instance => {
                    let is_entry = tree.kind(member) == Node::Entry;
                    let field_node = if is_entry { tree.child(member, Node::Name) } else { tree.child(member, Node::Path) };
                    let Some(field_node) = field_node else { continue };
                    let field = Name::new(tree.text(field_node));
                    let field_place = cx.place(self, field_node);
                    let label_node = if is_entry { tree.all(member, Node::Name).nth(1) } else { tree.child(member, Node::Name) };
                    let Some(label_node) = label_node else { continue };
                    let key = Name::new(&tree.name(label_node));
                    if !is_entry && info.input(field).is_none() && matches!(self.lookup_type(cx.at.scope, field), Some(TypeName::Kind(_))) {
                        let kind_name = self.kind_name(kind);
                        self.error("misplaced", field_place, format!("`{field} {key}` does not stand in a `{kind_name}`"), "an instance stands by itself, outside of these braces");
                        continue;
                    }
                    let Some(input) = self.input_of(info, kind, field, field_place) else { continue };
                    let Shape::Map { value, .. } = &*input.ty.shape else {
                        let shown = self.show(&input.ty);
                        self.error("not_a_map", field_place, format!("`{field}` takes no named entries"), format!("it is a {shown}: write `{field} = …`"));
                        continue;
                    };
                    let value = value.clone();
                    let code = if is_entry {
                        let Some(expression) = tree.children(member).nth(2) else { continue };
                        self.check_field(cx, expression, &value, tree.has(member, flag::MAYBE))
                    } else {
                        let Some(block) = tree.child(member, Node::Body) else { continue };
                        self.record_body(cx, block, &value)
                    };
                    if let Some((_, before)) = entries.iter().find(|entry: &&((Name, Name), Place)| entry.0 == (field, key)) {
                        let (before, again) = (*before, cx.place(self, label_node));
                        self.told.tell(Diagnostic::error("set_twice", again, format!("`{field} {key}` is set twice")).label("set again here").also(before, "set first here").help("give one of the two another name"));
                    }
                    entries.push(((field, key), cx.place(self, label_node)));
                    given.push((field, field_place));
                    parts.push(InputPart::Entry { field, key, code, maybe: tree.has(member, flag::MAYBE) });
                }
                Node::Spread => {
                    let Some(expression) = tree.children(member).next() else { continue };
                    let (code, ty) = self.infer(cx, expression, None);
                    match &*ty.shape {
                        Shape::Record(record) => {
                            let mut fields = Vec::new();
                            for field in &record.fields {
                                let Some(input) = self.input_of(info, kind, field.name, at) else { continue };
                                given.push((field.name, at));
                                let part = Code::new(at, CodeKind::Field { of: code.clone(), name: field.name, secret: false });
                                let fitted = if field.ty.optional {
                                    self.fit(part, &field.ty, &input.ty.clone().maybe(), at, cx)
                                } else {
                                    self.fit(part, &field.ty, &input.ty, at, cx)
                                };
                                fields.push(RecordPart::Field { name: field.name, code: fitted, maybe: field.ty.optional });
                            }
                            parts.push(InputPart::Spread(Code::new(at, CodeKind::Record(fields))));
                        }
                        Shape::Unknown(_) => {
                            // Whatever it was meant to give, nothing is missing because of it.
                            given.extend(info.inputs.iter().map(|input| (input.name, at)));
                        }
                        _ => {
                            let shown = self.show(&ty);
                            self.error("not_a_record", at, format!("only a record can be spread here, found {shown}"), "spread a record whose fields are fields of the kind");
                        }
                    }
                }
                Node::Annotation => {
                    self.error("misplaced", at, "an annotation does not stand in the braces of an instance", "write it on the line before the instance");
                }
                Node::Unclosed | Node::Hole | Node::Bad => {}
                _ => {
                    self.error("misplaced", at, "this cannot stand in the braces of an instance", "an instance takes `name = value`, `name { … }`, `name label = value` and `...record`");
                }
            }
        }
        for group in self.grouped(&nested) {
            self.given_once(&mut given, group.name, group.place);
            if let Some(input) = info.input(group.name) {
                let ty = input.ty.clone();
                let code = self.nested_paths(cx, &group.values, &ty, place);
                parts.push(InputPart::Field { name: group.name, code, maybe: false });
            }
        }
        // A field under a wrong name is most likely the one that is missing: one mistake is told once.
        let misnamed = self.told.list().iter().skip(told_before).any(|diagnostic| diagnostic.code == "unknown_field");
        if !read && !misnamed && tree.errors.is_empty() {
            let missing: Vec<Name> = info.inputs.iter().filter(|input| input.required() && !given.iter().any(|given| given.0 == input.name)).map(|input| input.name).collect();
            if !missing.is_empty() {
                let kind_name = self.kind_name(kind);
                let list = source::list_of(missing.iter().map(|name| name.text()));
                let shown: Vec<String> = missing.iter().filter_map(|name| info.input(*name)).map(|input| format!("`{} = …` ({})", input.name, crate::types::with_article(&self.show(&input.ty)))).collect();
                let mut diagnostic = Diagnostic::error("missing_field", place, format!("this `{kind_name}` lacks {list}")).help(format!("add {}", shown.join(", ")));
                if let Some(declared) = missing.first().and_then(|name| info.input(*name)) {
                    let tree = self.item(declared.at).tree();
                    diagnostic = diagnostic.also(self.place(declared.at, &tree, declared.node), "required here");
                }
                self.told.tell(diagnostic);
            }
        }
        parts
    }

    fn input_of(&mut self, info: &KindInfo, kind: crate::checked::KindId, name: Name, place: Place) -> Option<crate::kinds::InputInfo> {
        if let Some(input) = info.input(name) {
            if let Some(reason) = &input.deprecated {
                self.told.tell(Diagnostic::warning("deprecated", place, format!("`{name}` is deprecated")).help(reason.clone()));
            }
            return Some(input.clone());
        }
        if info.broken {
            return None;
        }
        let kind_name = self.kind_name(kind);
        if info.out(name).is_some() {
            self.error("computed_field", place, format!("`{name}` is an output of `{kind_name}`"), "outputs are computed: remove it, and read it elsewhere as a field of the instance");
            return None;
        }
        let names: Vec<&str> = info.inputs.iter().map(|input| input.name.text()).collect();
        self.unknown_name("unknown_field", place, &format!("`{kind_name}` has no field `{name}`"), name.text(), &names, "its fields are");
        None
    }

    /// A name that does not exist, with the closest that does, or all of them.
    pub(crate) fn unknown_name(&mut self, code: &'static str, place: Place, message: &str, wrong: &str, names: &[&str], lead: &str) -> source::Told {
        let mut diagnostic = Diagnostic::error(code, place, message);
        let foreign = match code {
            "unknown_field" => said_here(Position::Field, wrong),
            "unknown_environment" | "unknown_case" => said_here(Position::Pattern, wrong),
            _ => None,
        };
        if let Some(help) = foreign {
            return self.told.tell(diagnostic.help(help));
        }
        match source::did_you_mean(wrong, names.iter().copied()) {
            // Where the place is more than the name, such as a record that is spread, replacing it would lose the rest.
            Some(close) if place.len as usize == wrong.len() => diagnostic = diagnostic.help(format!("did you mean `{close}`?")).fix(format!("use `{close}`"), place, close),
            Some(close) => diagnostic = diagnostic.help(format!("did you mean `{close}`?")),
            None if names.is_empty() => diagnostic = diagnostic.help("there is nothing of this sort yet: declare it, or remove this"),
            None => diagnostic = diagnostic.help(format!("{lead} {}", source::list_of(names.iter().copied()))),
        }
        self.told.tell(diagnostic)
    }

    /// Notes that a name is set in a body; false, told, when it is set again.
    pub(crate) fn given_once(&mut self, given: &mut Vec<(Name, Place)>, name: Name, place: Place) -> bool {
        let before = given.iter().find(|given| given.0 == name).map(|given| given.1);
        if let Some(before) = before {
            self.tell_set_twice(name, place, before);
        }
        given.push((name, place));
        before.is_none()
    }

    /// Tells that a name is set again that was set before.
    pub(crate) fn tell_set_twice(&mut self, name: Name, place: Place, before: Place) {
        self.told.tell(Diagnostic::error("set_twice", place, format!("`{name}` is set twice")).label("set again here").also(before, "set first here").help("remove one of the two"));
    }

    /// `a.b = 1` and `a.c.d = 2` together: one record.
    pub(crate) fn nested_paths(&mut self, cx: &mut Cx, paths: &[PathValue], ty: &Ty, place: Place) -> Code {
        let Shape::Record(record) = &*ty.shape else {
            if let Shape::Unknown(told) = *ty.shape {
                return Code::new(place, CodeKind::Unknown(told));
            }
            let shown = self.show(ty);
            let told = self.error("not_a_record", place, format!("a {shown} has no fields to set"), "set the whole value with `=`");
            return Code::new(place, CodeKind::Unknown(told));
        };
        let record = record.clone();
        let mut parts = Vec::new();
        let mut given = Vec::new();
        for group in self.grouped(paths) {
            let name = group.name;
            let Some(field) = record.fields.iter().find(|field| field.name == name) else {
                let names: Vec<&str> = record.fields.iter().map(|field| field.name.text()).collect();
                self.unknown_name("unknown_field", group.place, &format!("there is no field `{name}`"), name.text(), &names, "the fields are");
                continue;
            };
            let (code, maybe) = match group.whole() {
                Some(whole) => (self.check_field(cx, whole.value, &field.ty, whole.maybe), whole.maybe),
                None => (self.nested_paths(cx, &group.values, &field.ty, place), false),
            };
            given.push(name);
            parts.push(RecordPart::Field { name, code, maybe });
        }
        self.complete(Code::new(place, CodeKind::Record(parts)), &given, &record, place, "this record")
    }

    /// Annotations that stand right before a node.
    pub(crate) fn annotations_before(&mut self, cx: &mut Cx, node: NodeId) -> Vec<Annotation> {
        let tree = cx.tree.clone();
        let mut found = Vec::new();
        // Siblings: annotations are the nodes before this one under the same parent.
        let mut pending = Vec::new();
        for (index, candidate) in tree.nodes.iter().enumerate() {
            let id = NodeId(index as u32);
            if candidate.kind == Node::Annotation && id < node {
                pending.push(id);
            } else if id == node {
                break;
            }
        }
        for id in pending.into_iter().rev() {
            let end = id.0 + tree.node(id).subtree;
            let touches = if found.is_empty() { node.0 } else { found.last().map_or(node.0, |last: &NodeId| last.0) };
            if end == touches {
                found.push(id);
            }
        }
        found.reverse();
        found.into_iter().filter_map(|id| self.annotation(cx, id)).collect()
    }

    fn annotation(&mut self, cx: &mut Cx, node: NodeId) -> Option<Annotation> {
        let tree = cx.tree.clone();
        let name = tree.name(tree.child(node, Node::Name)?);
        let place = cx.place(self, node);
        const KNOWN: [&str; 10] = ["protect", "name", "replace", "ignore_drift", "after", "because", "allow", "notify", "handler", "deprecated"];
        if !KNOWN.contains(&name.as_str()) {
            let place = tree.child(node, Node::Name).map_or(place, |name| cx.place(self, name));
            self.unknown_name("unknown_annotation", place, &format!("there is no annotation `@{name}`"), &name, &KNOWN, "annotations are");
            return None;
        }
        let mut args = Vec::new();
        for arg in tree.all(node, Node::Arg) {
            let label = tree.child(arg, Node::Name).map(|label| Name::new(&tree.name(label)));
            let Some(expression) = tree.children(arg).last() else { continue };
            let at = cx.place(self, expression);
            let bare = tree.kind(expression) == Node::Ident || tree.kind(expression) == Node::Dot;
            let expected = match (name.as_str(), label.map(Name::text)) {
                ("protect", _) => Some(Ty::bool()),
                ("allow" | "because", Some("until")) => Some(Ty::scalar(crate::code::Scalar::Date)),
                ("name" | "because", _) | ("allow", Some("because")) | ("replace", _) | ("deprecated", _) => Some(Ty::string()),
                _ => None,
            };
            let code = if bare && matches!(name.as_str(), "allow" | "ignore_drift" | "notify") {
                Code::new(at, CodeKind::Const(Value::Text(tree.text(expression).into())))
            } else {
                match expected {
                    Some(ty) => self.check_expr(cx, expression, &ty),
                    None => {
                        let (code, ty) = self.infer(cx, expression, None);
                        if name == "after" && !ty.is_unknown() && !names_instances(&ty) {
                            let shown = self.show(&ty);
                            self.error("type_mismatch", at, format!("`@after` names what comes first, found {shown}"), "name an instance: `@after(orders)`");
                        }
                        code
                    }
                }
            };
            if name == "replace" && matches!(code.kind.as_ref(), CodeKind::Const(Value::Text(text)) if text.as_ref() != "create") {
                self.error("type_mismatch", at, "only `\"create\"` can come first", "write `@replace(first = \"create\")`, or remove the annotation: what is there goes first without it");
            }
            args.push((label, code));
        }
        self.annotation_arguments(&tree, node, &name, place, cx);
        let is_empty = |code: &Code| matches!(code.kind.as_ref(), CodeKind::Const(Value::Text(text)) if text.trim().is_empty());
        if let Some((_, code)) = args.iter().find(|arg| arg.0.is_some_and(|label| label.text() == "because") && is_empty(&arg.1)) {
            self.error("missing_reason", code.place, "a reason says something", "say why: `because = \"…\"`");
        }
        if name == "allow" && !args.iter().any(|arg| arg.0.is_some_and(|label| label.text() == "because")) {
            self.error("missing_reason", place, "`@allow` needs a reason", "add `because = \"…\"`, and `until = 2027-03-31` when it has an end");
        }
        Some(Annotation { name: Name::new(&name), args, place })
    }

    /// Tells arguments that the annotation does not know, and those that are too many or missing.
    fn annotation_arguments(&mut self, tree: &syntax::Tree, node: NodeId, name: &str, place: Place, cx: &Cx) {
        let (form, least, most, labels): (_, usize, usize, &[&str]) = match name {
            "protect" => ("`@protect` or `@protect(CONDITION)`", 0, 1, &[]),
            "replace" => ("`@replace(first = \"create\")`", 0, 0, &["first"]),
            "ignore_drift" => ("`@ignore_drift(FIELD, …)`", 1, usize::MAX, &[]),
            "after" => ("`@after(INSTANCE, …)`", 1, usize::MAX, &[]),
            "name" => ("`@name(\"…\")`", 1, 1, &[]),
            "allow" => ("`@allow(CHECK, because = \"…\", until = DATE)`, one for each check", 1, 1, &["because", "until"]),
            _ => return,
        };
        let mut plain = 0;
        for arg in tree.all(node, Node::Arg) {
            match tree.child(arg, Node::Name).map(|label| tree.name(label)) {
                None => plain += 1,
                Some(label) if labels.contains(&label.as_str()) => {}
                Some(label) => {
                    let at = cx.place(self, arg);
                    self.error("wrong_arguments", at, format!("`@{name}` has no argument `{label}`"), format!("write {form}"));
                    return;
                }
            }
        }
        let lacks_label = name == "replace" && !tree.all(node, Node::Arg).any(|arg| tree.child(arg, Node::Name).is_some());
        if plain < least || plain > most || lacks_label {
            self.error("wrong_arguments", place, format!("these are not the arguments of `@{name}`"), format!("write {form}"));
        }
    }

    /// The named ports of a statement when they are known without evaluating it.
    pub(crate) fn statement_ports(&mut self, id: StatementId) -> Option<Rc<Vec<Name>>> {
        if let Some(ports) = &self.statements[id.0 as usize].ports {
            return ports.clone();
        }
        let ports = self.find_ports(id).map(Rc::new);
        self.statements[id.0 as usize].ports = Some(ports.clone());
        ports
    }

    fn find_ports(&mut self, id: StatementId) -> Option<Vec<Name>> {
        let Resolved::Kind(kind) = self.resolve_statement(id) else { return None };
        let info = self.kind_info(kind);
        let input = info.inputs.iter().find(|input| input.role.is_some_and(|role| role.text() == "ports"))?.clone();
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
                Node::Entry if tree.child(member, Node::Name).is_some_and(|name| tree.text(name) == input.name.text()) => {
                    ports.push(Name::new(&tree.name(tree.all(member, Node::Name).nth(1)?)));
                }
                Node::Field if tree.child(member, Node::FieldPath).is_some_and(|path| tree.text(path) == input.name.text()) => {
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

/// The keys of a record literal without spreads.
fn literal_keys(tree: &Tree, node: NodeId) -> Option<Vec<Name>> {
    if tree.kind(node) != Node::Record {
        return None;
    }
    let mut keys = Vec::new();
    for member in tree.children(node) {
        match tree.kind(member) {
            Node::Field => keys.push(Name::new(&tree.name(tree.child(tree.child(member, Node::FieldPath)?, Node::Name)?))),
            _ => return None,
        }
    }
    Some(keys)
}

/// The stage of what a set tree says about a native field.
pub(crate) fn stage_of(set: Option<&SetTree>) -> Stage {
    set.map_or(Stage::Later, |set| set.stage)
}

/// Whether a value is an instance or several of them.
fn names_instances(ty: &Ty) -> bool {
    match &*ty.shape {
        Shape::Instance { .. } | Shape::Native(_) | Shape::Ends => true,
        Shape::List(of) | Shape::Map { value: of, .. } => names_instances(of),
        _ => false,
    }
}
