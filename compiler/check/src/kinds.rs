//! Kinds and platforms: their fields with types, then their defaults, constraints and checks.

use std::rc::Rc;

use source::Name;
use syntax::{Kind as Node, NodeId, flag};

use crate::checked::{CheckCode, Input, Kind, KindId, Platform, PlatformId, ProviderCode, StatementId};
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

impl KindInfo {
    pub fn input(&self, name: Name) -> Option<&InputInfo> {
        self.inputs.iter().find(|input| input.name == name)
    }
    pub fn out(&self, name: Name) -> Option<&OutInfo> {
        self.outs.iter().find(|out| out.name == name)
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
        for super_node in tree.all(node, Node::Super) {
            let Some(path) = tree.child(super_node, Node::Path) else { continue };
            let found = self.lookup_type_text(at.scope, tree.text(path));
            let place = cx.place(self, path);
            match (found, tree.has(super_node, flag::PLATFORM)) {
                (Some(TypeName::Platform(platform)), true) => info.platform = Some(platform),
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
                    info.inputs.extend(parent.inputs.iter().cloned());
                    info.outs.extend(parent.outs.iter().cloned());
                    info.platform = info.platform.or(parent.platform);
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
            for input in inputs {
                match info.inputs.iter_mut().find(|existing| existing.name == input.name) {
                    // A kind may sharpen a field of its ancestor: `port: {string: port} = { ssh = 22/tcp }`.
                    Some(existing) => *existing = InputInfo { role: input.role.or(existing.role), ..input },
                    None => info.inputs.push(input),
                }
            }
            for out in outs {
                match info.outs.iter_mut().find(|existing| existing.name == out.name) {
                    Some(existing) => *existing = OutInfo { role: out.role.or(existing.role), ..out },
                    None => info.outs.push(out),
                }
            }
        }
        let info = Rc::new(info);
        self.kind_infos.insert(kind, Progress::Done(info.clone()));
        info
    }

    fn field_declarations(&mut self, cx: &Cx, body: NodeId, owner: Owner) -> (Vec<InputInfo>, Vec<OutInfo>) {
        let tree = cx.tree.clone();
        let mut inputs: Vec<InputInfo> = Vec::new();
        let mut outs = Vec::new();
        let mut role = None;
        let mut only = false;
        let mut deprecated = None;
        for member in tree.children(body) {
            match tree.kind(member) {
                Node::Annotation => {
                    let name = tree.child(member, Node::Name).map(|name| tree.name(name)).unwrap_or_default();
                    let argument = tree.child(member, Node::Arg).and_then(|arg| tree.children(arg).last());
                    match (name.as_str(), argument) {
                        ("role", Some(argument)) => role = Some(Name::new(tree.text(argument))),
                        ("only", _) => only = true,
                        ("deprecated", Some(argument)) => {
                            deprecated = Some(tree.text(argument).trim_matches('"').to_owned())
                        }
                        _ => {
                            let place = cx.place(self, member);
                            self.error(
                                "unknown_annotation",
                                place,
                                format!("`@{name}` has no meaning on a field"),
                                "fields take `@role(…)`, `@only` and `@deprecated(\"…\")`",
                            );
                        }
                    }
                    continue;
                }
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
                            role = None;
                            continue;
                        }
                        outs.push(OutInfo { name, ty, role: role.take() });
                    } else {
                        if inputs.iter().any(|input| input.name == name) {
                            let place = cx.place(self, name_node);
                            self.error(
                                "declared_twice",
                                place,
                                format!("the field `{name}` is declared twice"),
                                "remove one of the two",
                            );
                            (role, only, deprecated) = (None, false, None);
                            continue;
                        }
                        let default = tree.children(member).skip(2).find(|child| tree.kind(*child) != Node::Where);
                        let only = if only { ty.kind() } else { None };
                        inputs.push(InputInfo {
                            name,
                            ty,
                            at: cx.at,
                            node: member,
                            default,
                            role: role.take(),
                            only,
                            owner,
                            deprecated: deprecated.take(),
                        });
                    }
                }
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
                        default: None,
                        role: role.take(),
                        only: None,
                        owner,
                        deprecated: None,
                    });
                }
                _ => {}
            }
            role = None;
            only = false;
            deprecated = None;
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
        }
        let mut inputs = Vec::new();
        for input in &info.inputs {
            inputs.push(self.elaborate_input(input, kind));
        }
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
                    Node::FieldDecl | Node::Field | Node::Annotation | Node::Unclosed | Node::Bad | Node::Hole => {}
                    _ if *ancestor == kind => {
                        let place = cx.place(self, member);
                        self.error(
                            "misplaced",
                            place,
                            "this cannot stand in a kind",
                            "a kind declares fields (`name: TYPE = default`), outputs (`out name: TYPE`) and checks",
                        );
                    }
                    _ => {}
                }
            }
        }
        let place = self.place(at, &tree, syntax::Tree::ROOT);
        let package = self.input.packages[at.package].name;
        let mut full = String::new();
        if !package.is_empty() && package != "std" {
            full = format!("{package}.");
        }
        for part in &self.modules[at.scope.0].path {
            full.push_str(part.text());
            full.push('.');
        }
        full.push_str(name.text());
        self.out.kinds[kind.0 as usize] = Kind {
            name,
            full_name: Name::new(&full),
            place: self.name_place(at, name).unwrap_or(place),
            ancestors: info.ancestors.clone(),
            platform: info.platform,
            inputs,
            outs: info.outs.iter().map(|out| (out.name, out.role)).collect(),
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
        let tree = cx.tree.clone();
        let default = input.default.map(|node| self.check_expr(cx, node, &input.ty));
        let mut constraints = Vec::new();
        for node in tree.all(input.node, Node::Where).collect::<Vec<_>>() {
            constraints.extend(self.check_statement(cx, node));
        }
        Input {
            name: input.name,
            place: cx.place(self, input.node),
            default,
            optional: input.ty.optional,
            constraints,
            role: input.role,
            only: input.only,
        }
    }

    /// `check EXPR else "why"`, `where EXPR else "why"`.
    pub(crate) fn check_statement(&mut self, cx: &mut Cx, node: NodeId) -> Option<CheckCode> {
        let tree = cx.tree.clone();
        let mut children = tree.children(node);
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
        Some(CheckCode { condition, message, place })
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
                    Node::FieldDecl
                    | Node::Field
                    | Node::Let
                    | Node::Annotation
                    | Node::Unclosed
                    | Node::Bad
                    | Node::Hole => {}
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
            name,
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
                    match schema.maker() {
                        schema::Maker::Terraform { source: from, version: of } => {
                            source = from.as_str().into();
                            version = of.as_str().into();
                        }
                        schema::Maker::Kubernetes { version: of } | schema::Maker::Crds { version: of, .. } => {
                            version = of.as_str().into()
                        }
                    }
                    let row = schema.kind(name, schema::Role::Provider).map(|kind| kind.row());
                    self.provider_body(&mut cx, body, index, row, &mut source, &mut version)
                }
                None if target == "terraform" => {
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
                    self.error(
                        "unknown_provider",
                        place,
                        format!("there is no target `{text}`"),
                        "a provider is `terraform.NAME` or `kubernetes`",
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
