//! Kinds and platforms: their fields with types, then their defaults, constraints and checks.

use std::rc::Rc;

use source::{Name, Place};
use syntax::{Kind as Node, NodeId, flag};

use crate::annotation_places::FieldNotes;
use crate::checked::{CheckCode, Input, Kind, KindId, Out, Platform, PlatformId, ProviderCode, StatementId};
use crate::checker::{Checker, Context, Cx, Progress, Work};
use crate::code::{Code, CodeKind};
use crate::declare::{ItemAt, TypeName};
use crate::types::{Shape, Ty};

/// What others may see of a kind.
#[derive(Clone, Debug, Default)]
pub(crate) struct KindInfo {
    pub ancestors: Vec<KindId>,
    pub platform: Option<PlatformId>,
    pub inputs: Vec<InputInfo>,
    pub outs: Vec<OutInfo>,
    /// Its declaration cannot be read in full: what is not known of it is not told at each use.
    pub broken: bool,
}

/// A field of a kind or an input of a platform.
#[derive(Clone, Debug)]
pub(crate) struct InputInfo {
    pub name: Name,
    pub ty: Ty,
    pub at: ItemAt,
    pub node: NodeId,
    /// All its declarations, that of the furthest ancestor first; what `where` says in each of them holds.
    pub declared: Vec<(ItemAt, NodeId)>,
    pub default: Option<NodeId>,
    pub role: Option<Name>,
    pub only: Option<KindId>,
    pub owner: Owner,
    /// `@deprecated("…")`
    pub deprecated: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    Kind(KindId),
    Platform,
}

#[derive(Clone, Debug)]
pub(crate) struct OutInfo {
    pub name: Name,
    pub ty: Ty,
    pub at: ItemAt,
    pub node: NodeId,
    /// As of a field.
    pub declared: Vec<(ItemAt, NodeId)>,
    /// Given where an implementation does not say it.
    pub default: Option<NodeId>,
    pub role: Option<Name>,
}

/// What others may see of a platform.
#[derive(Clone, Debug, Default)]
pub(crate) struct PlatformInfo {
    pub inputs: Vec<InputInfo>,
    pub providers: Vec<NodeId>,
    pub outs: Vec<(Name, NodeId)>,
    pub statements: Vec<(Name, StatementId)>,
}

/// `= 3` of a declaration.
pub(crate) fn default_of(tree: &syntax::Tree, declaration: NodeId) -> Option<NodeId> {
    tree.children(declaration).skip(2).find(|child| tree.kind(*child) != Node::Where)
}

impl KindInfo {
    pub fn input(&self, name: Name) -> Option<&InputInfo> {
        self.inputs.iter().find(|input| input.name == name)
    }
    pub fn out(&self, name: Name) -> Option<&OutInfo> {
        self.outs.iter().find(|out| out.name == name)
    }
    /// The input that holds its named ports: the one with `@role(ports)`.
    pub fn ports(&self) -> Option<&InputInfo> {
        self.inputs.iter().find(|input| input.role.is_some_and(|role| role.text() == "ports"))
    }
}

impl InputInfo {
    pub fn required(&self) -> bool {
        self.default.is_none() && !self.ty.optional && self.only.is_none()
    }
}

impl Checker<'_> {
    /// A kind's fields and outputs, its ancestors' included.
    pub(crate) fn kind_info(&mut self, kind: KindId) -> Rc<KindInfo> {
        match self.kind_infos.get(&kind) {
            Some(Progress::Done(info)) => return info.clone(),
            Some(Progress::Started) => return Rc::new(KindInfo { ancestors: vec![kind], ..KindInfo::default() }),
            None => {}
        }
        self.kind_infos.insert(kind, Progress::Started);
        let (_, at) = self.kind_items[kind.0 as usize];
        let cx = self.cx(at, Context::Kind(kind));
        let tree = cx.tree.clone();
        let mut info = KindInfo { ancestors: vec![kind], broken: !tree.errors.is_empty(), ..KindInfo::default() };
        let Some(node) = tree.child(syntax::Tree::ROOT, Node::KindDecl) else {
            self.kind_infos.insert(kind, Progress::Done(Rc::new(info.clone())));
            return Rc::new(info);
        };
        let mut open = Vec::new();
        for super_node in tree.all(node, Node::Super) {
            let Some(path) = tree.child(super_node, Node::Path) else { continue };
            let found = self.lookup_type_text(at.scope, tree.text(path));
            let place = cx.place(self, path);
            match (found, tree.has(super_node, flag::PLATFORM)) {
                (Some(TypeName::Platform(platform)), true) => self.is_platform(kind, place, &mut info, platform),
                (Some(TypeName::Kind(parent)), false) => {
                    if matches!(self.kind_infos.get(&parent), Some(Progress::Started)) {
                        let name = self.kind_name(kind);
                        self.error(
                            "circle",
                            place,
                            format!("`{name}` is itself through `{}`", tree.text(path)),
                            "remove one `is`: a kind cannot be its own ancestor",
                        );
                        continue;
                    }
                    let parent = self.kind_info(parent);
                    for ancestor in &parent.ancestors {
                        if !info.ancestors.contains(ancestor) {
                            info.ancestors.push(*ancestor);
                        }
                    }
                    info.broken |= parent.broken;
                    open.extend(self.inherit(kind, place, &mut info, &parent));
                    if let Some(platform) = parent.platform {
                        self.is_platform(kind, place, &mut info, platform);
                    }
                }
                _ => {
                    info.broken = true;
                    self.unknown_type(
                        at.scope,
                        tree.text(path),
                        place,
                        if tree.has(super_node, flag::PLATFORM) { "platform" } else { "kind" },
                    );
                }
            }
        }
        if let Some(body) = tree.child(node, Node::Body) {
            let (inputs, outs) = self.field_declarations(&cx, body, Owner::Kind(kind));
            self.declare_inputs(&mut info, inputs);
            self.declare_outs(&mut info, outs);
        }
        let place = tree.child(node, Node::Name).map_or_else(|| cx.place(self, node), |name| cx.place(self, name));
        self.two_defaults(kind, place, &info, open);
        let info = Rc::new(info);
        self.kind_infos.insert(kind, Progress::Done(info.clone()));
        info
    }

    /// A kind is one platform, by its own word or by that of a kind that it is.
    fn is_platform(&mut self, kind: KindId, place: Place, info: &mut KindInfo, platform: PlatformId) {
        match info.platform {
            Some(other) if other != platform => {
                let (kind, other) = (self.kind_name(kind), self.platform_items[other.0 as usize].0);
                let message = format!("`{kind}` is the platform `{other}` already");
                self.error("declared_twice", place, message, "an instance is one platform: leave one of the two out");
            }
            Some(_) | None => info.platform = Some(platform),
        }
    }

    fn field_declarations(&mut self, cx: &Cx, body: NodeId, owner: Owner) -> (Vec<InputInfo>, Vec<OutInfo>) {
        let tree = cx.tree.clone();
        let mut inputs: Vec<InputInfo> = Vec::new();
        let mut outs = Vec::new();
        let item = self.item(cx.at);
        let mut pending = Vec::new();
        for member in tree.children(body) {
            if tree.kind(member) == Node::Annotation {
                pending.push(member);
                continue;
            }
            let annotations = std::mem::take(&mut pending);
            let notes = match owner {
                Owner::Kind(_) => self.field_annotations(item, &tree, &annotations),
                Owner::Platform => FieldNotes::default(),
            };
            match tree.kind(member) {
                Node::FieldDecl => {
                    let mut children = tree.children(member);
                    let (Some(name_node), Some(type_node)) = (children.next(), children.next()) else { continue };
                    let name = Name::new(&tree.name(name_node));
                    let ty = self.resolve_type(cx, type_node);
                    if tree.has(member, flag::OUT) {
                        if outs.iter().any(|out: &OutInfo| out.name == name) {
                            let place = cx.place(self, name_node);
                            self.error(
                                "declared_twice",
                                place,
                                format!("the output `{name}` is declared twice"),
                                "remove one of the two",
                            );
                            continue;
                        }
                        outs.push(OutInfo {
                            name,
                            ty,
                            at: cx.at,
                            node: member,
                            declared: vec![(cx.at, member)],
                            default: default_of(&tree, member),
                            role: notes.role,
                        });
                    } else {
                        let (taken, ty) = self.replace_taken(cx, &mut inputs, name, ty, name_node);
                        if inputs.iter().any(|input| input.name == name) {
                            let place = cx.place(self, name_node);
                            self.error(
                                "declared_twice",
                                place,
                                format!("the field `{name}` is declared twice"),
                                "remove one of the two",
                            );
                            continue;
                        }
                        let default = default_of(&tree, member);
                        if let (Some(place), None, false) = (notes.only, ty.kind(), ty.is_unknown()) {
                            let shown = self.show(&ty);
                            let message = format!("`{name}` is a {shown}, of which there is not one instance");
                            self.error(
                                "type_mismatch",
                                place,
                                message,
                                "`@only` stands before a field whose type is a kind",
                            );
                        }
                        let only = notes.only.and_then(|_| ty.kind());
                        inputs.push(InputInfo {
                            name,
                            ty,
                            at: cx.at,
                            node: member,
                            declared: vec![(cx.at, member)],
                            default,
                            role: notes.role.or(taken),
                            only,
                            owner,
                            deprecated: notes.deprecated,
                        });
                    }
                }
                Node::Spread | Node::TypeSpread => self.take_inputs(cx, member, &mut inputs),
                Node::Field => {
                    // `width = int`
                    let Some(name_node) =
                        tree.child(member, Node::FieldPath).and_then(|path| tree.child(path, Node::Name))
                    else {
                        continue;
                    };
                    let (name, place) = (Name::new(&tree.name(name_node)), cx.place(self, member));
                    let told = self.error(
                        "misplaced",
                        place,
                        "a field has a type here, not a value",
                        format!("write `{name}: TYPE`, with a default `{name}: TYPE = value`"),
                    );
                    inputs.push(InputInfo {
                        name,
                        ty: Ty::unknown(told),
                        at: cx.at,
                        node: member,
                        declared: vec![(cx.at, member)],
                        default: None,
                        role: notes.role,
                        only: None,
                        owner,
                        deprecated: None,
                    });
                }
                _ => {}
            }
        }
        (inputs, outs)
    }

    /// Elaborates defaults, constraints and checks of a kind and hands it to eval.
    pub(crate) fn finish_kind(&mut self, kind: KindId) {
        let info = self.kind_info(kind);
        let (name, at) = self.kind_items[kind.0 as usize];
        let tree = self.item(at).tree();
        for ancestor in info.ancestors.iter().skip(1) {
            self.need(Work::Kind(*ancestor));
        }
        if let Some(platform) = info.platform {
            self.need(Work::Platform(platform));
            self.platform_is_whole(kind, platform);
        }
        let mut inputs = Vec::new();
        for input in &info.inputs {
            inputs.push(self.elaborate_input(input, kind));
        }
        let outs = info.outs.iter().map(|out| self.elaborate_out(out, kind)).collect();
        let mut checks = Vec::new();
        for ancestor in &info.ancestors {
            let (_, at) = self.kind_items[ancestor.0 as usize];
            let mut cx = self.cx(at, Context::Kind(*ancestor));
            let tree = cx.tree.clone();
            let Some(body) =
                tree.child(syntax::Tree::ROOT, Node::KindDecl).and_then(|node| tree.child(node, Node::Body))
            else {
                continue;
            };
            for member in tree.children(body) {
                match tree.kind(member) {
                    Node::Check => checks.extend(self.check_statement(&mut cx, member)),
                    Node::FieldDecl
                    | Node::Field
                    | Node::Spread
                    | Node::TypeSpread
                    | Node::Annotation
                    | Node::Unclosed
                    | Node::Bad
                    | Node::Hole => {}
                    _ if *ancestor == kind => {
                        let place = cx.place(self, member);
                        self.error(
                            "misplaced",
                            place,
                            "this cannot stand in a kind",
                            "a kind declares fields (`name: TYPE = default`), takes those of another (`...inputs(KIND)`), declares outputs (`out name: TYPE`) and checks",
                        );
                    }
                    _ => {}
                }
            }
        }
        let place = self.place(at, &tree, syntax::Tree::ROOT);
        self.out.kinds[kind.0 as usize] = Kind {
            name,
            full_name: self.full_name(at, name),
            place: self.name_place(at, name).unwrap_or(place),
            ancestors: info.ancestors.clone(),
            platform: info.platform,
            inputs,
            outs,
            checks,
        };
    }

    fn elaborate_input(&mut self, input: &InputInfo, kind: KindId) -> Input {
        let context = match input.owner {
            // A default that was declared by an ancestor reads the fields of the kind at hand, which has them all.
            Owner::Kind(_) => Context::Kind(kind),
            Owner::Platform => Context::Module,
        };
        let mut cx = self.cx(input.at, context);
        self.elaborate_field(&mut cx, input)
    }

    fn elaborate_field(&mut self, cx: &mut Cx, input: &InputInfo) -> Input {
        let default = input.default.map(|node| self.check_expr(cx, node, &input.ty));
        Input {
            name: input.name,
            place: cx.place(self, input.node),
            default,
            optional: input.ty.optional,
            constraints: self.constraints(&input.declared, cx.context, None),
            settings: crate::secrets::takes_settings(&input.ty),
            role: input.role,
            only: input.only,
        }
    }

    /// An output's default and constraints, of all its declarations.
    fn elaborate_out(&mut self, out: &OutInfo, kind: KindId) -> Out {
        let context = Context::Kind(kind);
        let default = out.default.map(|node| {
            let mut cx = self.cx(out.at, context);
            self.check_expr(&mut cx, node, &out.ty)
        });
        let constraints = self.constraints(&out.declared, context, Some(out.name));
        Out { name: out.name, role: out.role, default, constraints }
    }

    /// What `where` says in each declaration of a field or an output.
    fn constraints(&mut self, declared: &[(ItemAt, NodeId)], context: Context, out: Option<Name>) -> Vec<CheckCode> {
        let mut all = Vec::new();
        for (at, node) in declared {
            let mut cx = self.cx(*at, context);
            cx.own_out = out;
            let tree = cx.tree.clone();
            for node in tree.all(*node, Node::Where) {
                all.extend(self.check_statement(&mut cx, node));
            }
        }
        all
    }

    /// `check EXPR else "why"`, `check EXPR warn CODE "why"`, `where EXPR else "why"`.
    pub(crate) fn check_statement(&mut self, cx: &mut Cx, node: NodeId) -> Option<CheckCode> {
        let tree = cx.tree.clone();
        let warns = tree.kind(node) == Node::Check && tree.has(node, flag::WARN);
        let code = tree.child(node, Node::Name).map(|code| Name::new(&tree.name(code)));
        let mut children = tree.children(node).filter(|child| tree.kind(*child) != Node::Name);
        let condition_node = children.next()?;
        let condition = self.check_expr(cx, condition_node, &Ty::bool().at(crate::types::Stage::Later));
        let place = cx.place(self, condition_node);
        let message = match children.next() {
            Some(message) if tree.kind(message) != Node::Hole => self.check_expr(cx, message, &Ty::string()),
            _ => Code::new(
                place,
                CodeKind::Const(value::Value::Text(format!("`{}` does not hold", tree.text(condition_node)).into())),
            ),
        };
        let warning = warns.then(|| code.unwrap_or_else(|| Name::new(crate::warnings::ADVICE)));
        Some(CheckCode { condition, message, place, warning })
    }

    /// A platform's inputs, providers and resources.
    pub(crate) fn platform_info(&mut self, platform: PlatformId) -> Rc<PlatformInfo> {
        match self.platform_infos.get(&platform) {
            Some(Progress::Done(info)) => return info.clone(),
            Some(Progress::Started) => return Rc::new(PlatformInfo::default()),
            None => {}
        }
        self.platform_infos.insert(platform, Progress::Started);
        let (_, at) = self.platform_items[platform.0 as usize];
        let cx = self.cx(at, Context::Platform(platform));
        let tree = cx.tree.clone();
        let mut info = PlatformInfo::default();
        if let Some(body) =
            tree.child(syntax::Tree::ROOT, Node::PlatformDecl).and_then(|node| tree.child(node, Node::Body))
        {
            let (inputs, _) = self.field_declarations(&cx, body, Owner::Platform);
            info.inputs = inputs;
            for member in tree.children(body) {
                match tree.kind(member) {
                    Node::Provider => info.providers.push(member),
                    Node::Out => {
                        if let Some(name) = tree.child(member, Node::Name) {
                            info.outs.push((Name::new(&tree.name(name)), member));
                        }
                    }
                    Node::Instance => {
                        if let Some((name, id)) =
                            self.register_child(at, member, crate::checked::Scope::Platform(platform))
                        {
                            info.statements.push((name, id));
                        }
                    }
                    Node::FieldDecl | Node::Field | Node::Annotation | Node::Unclosed | Node::Bad | Node::Hole => {}
                    Node::Let => {
                        let place = cx.place(self, member);
                        let help = "put the value where it is used, into a `let` beside the platform, or into an input with a default: `name: TYPE = …`";
                        let told = self.error("misplaced", place, "a `let` cannot stand in a platform", help);
                        if let Some(name) = tree.child(member, Node::Name) {
                            self.broken_names.insert((at.scope, Name::new(&tree.name(name))), told);
                        }
                    }
                    _ => {
                        let place = cx.place(self, member);
                        self.error("misplaced", place, "this cannot stand in a platform", "a platform has inputs (`name: TYPE = default`), `provider TARGET.NAME { … }`, instances and outputs (`out name = …`)");
                    }
                }
            }
        }
        let info = Rc::new(info);
        self.platform_infos.insert(platform, Progress::Done(info.clone()));
        info
    }

    /// The name of what an item declares, with its package and its folders: `std` and the project itself are not named.
    fn full_name(&self, at: ItemAt, name: Name) -> Name {
        let package = self.input.packages[at.package].name;
        let package = Some(package).filter(|package| !package.is_empty() && *package != "std");
        let folders = self.modules[at.scope.0].path.iter().map(|part| part.text());
        let parts: Vec<&str> = package.into_iter().chain(folders).chain([name.text()]).collect();
        Name::new(&parts.join("."))
    }

    /// The name by which a platform is known apart from all others: one of the library's that has the name of one of the
    /// project's is `std.aws`.
    pub(crate) fn platform_name(&self, platform: PlatformId) -> Name {
        let (name, at) = self.platform_items[platform.0 as usize];
        let full = self.full_name(at, name);
        let is_std = |at: ItemAt| self.input.packages[at.package].name == "std";
        let others = self.platform_items.iter().filter(|(_, other)| !is_std(*other));
        let hides = is_std(at) && others.into_iter().any(|(name, other)| self.full_name(*other, *name) == full);
        if hides { Name::new(&format!("std.{full}")) } else { full }
    }

    pub(crate) fn finish_platform(&mut self, platform: PlatformId) {
        let info = self.platform_info(platform);
        let (name, at) = self.platform_items[platform.0 as usize];
        let mut inputs = Vec::new();
        for input in &info.inputs {
            let mut cx = self.cx(at, Context::Platform(platform));
            inputs.push(self.elaborate_field(&mut cx, input));
        }
        let mut providers = Vec::new();
        for node in &info.providers {
            providers.extend(self.provider(platform, at, *node));
        }
        let mut outs = Vec::new();
        for (out, _) in &info.outs {
            if let Some((code, _)) = self.platform_out(platform, *out) {
                outs.push((*out, code));
            }
        }
        for (_, statement) in &info.statements {
            self.need(Work::Statement(*statement));
        }
        let tree = self.item(at).tree();
        let place = self.name_place(at, name).unwrap_or_else(|| self.place(at, &tree, syntax::Tree::ROOT));
        self.out.platforms[platform.0 as usize] = Platform {
            name: self.platform_name(platform),
            place,
            inputs,
            providers,
            statements: info.statements.iter().map(|statement| statement.1).collect(),
            outs,
        };
    }

    /// An output of a platform, elaborated once.
    pub(crate) fn platform_out(&mut self, platform: PlatformId, name: Name) -> Option<(Code, Ty)> {
        match self.platform_outs.get(&(platform, name)) {
            Some(Progress::Done(out)) => return Some(out.clone()),
            Some(Progress::Started) => return None,
            None => {}
        }
        let info = self.platform_info(platform);
        let node = info.outs.iter().find(|out| out.0 == name)?.1;
        self.platform_outs.insert((platform, name), Progress::Started);
        let (_, at) = self.platform_items[platform.0 as usize];
        let mut cx = self.cx(at, Context::Platform(platform));
        let tree = cx.tree.clone();
        let expression = tree.children(node).nth(1)?;
        let out = self.infer(&mut cx, expression, None);
        self.platform_outs.insert((platform, name), Progress::Done(out.clone()));
        Some(out)
    }

    fn provider(&mut self, platform: PlatformId, at: ItemAt, node: NodeId) -> Option<ProviderCode> {
        let mut cx = self.cx(at, Context::Platform(platform));
        let tree = cx.tree.clone();
        let path = tree.child(node, Node::Path)?;
        let body = tree.child(node, Node::Body)?;
        let place = cx.place(self, path);
        let text = tree.text(path).to_owned();
        let (target, name) = text.split_once('.').unwrap_or((text.as_str(), ""));
        let found =
            self.input.schemas.iter().position(|schema| schema.target.text() == target && schema.prefix.text() == name);
        let mut source: std::sync::Arc<str> = "".into();
        let mut version: std::sync::Arc<str> = "".into();
        let body =
            match found {
                Some(index) => {
                    let schema = self.input.schemas[index].schema.clone();
                    let maker = schema.maker();
                    source = maker.source.as_str().into();
                    version = maker.version.as_str().into();
                    let row = schema.kind(name, schema::Role::Provider).map(|kind| kind.row());
                    self.provider_body(&mut cx, body, index, row, &mut source, &mut version)
                }
                None if self.input.has_providers(target) => {
                    // A provider whose schema nobody packed: its arguments are passed on unchecked, and the user is told so.
                    let known: Vec<String> = self
                        .input
                        .schemas
                        .iter()
                        .filter(|schema| schema.target.text() == target)
                        .map(|schema| format!("{target}.{}", schema.prefix))
                        .collect();
                    let mut warning =
                        source::Diagnostic::warning("no_schema", place, format!("the schema of `{text}` is not known"));
                    if let Some(close) = source::did_you_mean(&text, known.iter().map(String::as_str)) {
                        warning = warning.help(format!("did you mean `{close}`?"));
                    }
                    self.told.tell(warning.help(
                        "add it with `infrac schema add PROVIDER-BINARY`; until then its arguments are not checked",
                    ));
                    self.provider_body(&mut cx, body, usize::MAX, None, &mut source, &mut version)
                }
                None => {
                    let mut known: Vec<String> = self.input.schemas.iter().map(provider_form).collect();
                    known.sort();
                    known.dedup();
                    self.error(
                        "unknown_provider",
                        place,
                        format!("there is no target `{text}`"),
                        format!("a provider is one of {}", source::list_of(known.iter().map(String::as_str))),
                    );
                    return None;
                }
            };
        Some(ProviderCode { target: Name::new(target), name: Name::new(name), source, version, body, place })
    }

    /// Whether a type is an instance of a kind or of one that is it.
    pub(crate) fn is_kind(&mut self, kind: KindId, ancestor: KindId) -> bool {
        kind == ancestor || self.kind_info(kind).ancestors.contains(&ancestor)
    }

    /// A kind and all that are it, in order of declaration.
    pub(crate) fn subkinds(&mut self, kind: KindId) -> Vec<KindId> {
        (0..self.kind_items.len())
            .map(|index| KindId(index as u32))
            .filter(|other| self.is_kind(*other, kind))
            .collect()
    }

    pub(crate) fn shape_of_instance(&self, kind: KindId) -> Ty {
        Ty::new(Shape::Instance { kind, platform: None, statement: None })
    }
}

/// How the provider of a schema is written.
fn provider_form(named: &crate::input::NamedSchema) -> String {
    if named.has_provider() { format!("{}.NAME", named.target) } else { named.target.text().to_owned() }
}
