//! Implementations: their children, outputs and what is visible inside them.

use std::rc::Rc;

use source::{Name, Place};
use syntax::{Kind as Node, NodeId};

use crate::checked::{Implementation, ImplementationId, KindId, LetId, Once, OnceId, PlatformId, Scope, StatementId};
use crate::checker::{Checker, Context, Cx, LetItem, Progress, Work};
use crate::code::{Code, CodeKind};
use crate::declare::{ItemAt, TypeName};
use crate::types::{Shape, Ty};

/// What an implementation's body declares.
#[derive(Clone, Debug)]
pub(crate) struct ImplementationInfo {
    pub kind: KindId,
    pub platform: Option<PlatformId>,
    pub at: ItemAt,
    pub name: Option<Name>,
    pub needs: Vec<(Name, Place)>,
    pub children: Vec<(Name, StatementId)>,
    pub onces: Vec<OnceInfo>,
    pub lets: Vec<(Name, LetId)>,
    pub outs: Vec<(Name, NodeId)>,
    pub checks: Vec<NodeId>,
    pub delegates: Vec<(Name, Place)>,
    pub moved: Vec<NodeId>,
    pub misplaced: Vec<NodeId>,
}

#[derive(Clone, Debug)]
pub(crate) struct OnceInfo {
    pub id: OnceId,
    pub name: Name,
    pub is_named: bool,
    pub by: Option<NodeId>,
    pub children: Vec<(Name, StatementId)>,
}

impl Checker<'_> {
    /// Implementations that a kind has, its ancestors' after its own.
    pub(crate) fn implementations_for(&mut self, kind: KindId) -> Vec<(ImplementationId, Option<PlatformId>)> {
        let ancestors = self.kind_info(kind).ancestors.clone();
        ancestors
            .iter()
            .flat_map(|ancestor| self.implementations_of.get(ancestor).cloned().unwrap_or_default())
            .collect()
    }

    pub(crate) fn implementation_info(&mut self, id: ImplementationId) -> Rc<ImplementationInfo> {
        if let Some(Progress::Done(info)) = self.implementation_infos.get(&id) {
            return info.clone();
        }
        let head = self.implementation_heads[id.0 as usize].clone();
        let kind = match self.lookup_type_text(head.at.scope, head.kind.text()) {
            Some(TypeName::Kind(kind)) => kind,
            _ => KindId(0),
        };
        let platform = head.platform.and_then(|platform| match self.lookup_type_text(head.at.scope, platform.text()) {
            Some(TypeName::Platform(platform)) => Some(platform),
            _ => None,
        });
        let at = head.at;
        let tree = self.item(at).tree();
        let mut info = ImplementationInfo {
            kind,
            platform,
            at,
            name: None,
            needs: Vec::new(),
            children: Vec::new(),
            onces: Vec::new(),
            lets: Vec::new(),
            outs: Vec::new(),
            checks: Vec::new(),
            delegates: Vec::new(),
            moved: Vec::new(),
            misplaced: Vec::new(),
        };
        if let Some(node) = tree.child(syntax::Tree::ROOT, Node::Implement) {
            for need in tree.all(node, Node::Needs) {
                if let Some(name) = tree.child(need, Node::Name) {
                    info.needs.push((Name::new(&tree.name(name)), self.place(at, &tree, name)));
                }
            }
            info.name = tree
                .child(node, Node::ImplName)
                .and_then(|name| tree.child(name, Node::Name))
                .map(|name| Name::new(&tree.name(name)));
            if let Some(body) = tree.child(node, Node::Body) {
                for member in tree.children(body) {
                    self.implementation_member(id, at, &tree, member, &mut info);
                }
            }
        }
        let info = Rc::new(info);
        self.implementation_infos.insert(id, Progress::Done(info.clone()));
        info
    }

    fn implementation_member(
        &mut self,
        id: ImplementationId,
        at: ItemAt,
        tree: &syntax::Tree,
        member: NodeId,
        info: &mut ImplementationInfo,
    ) {
        match tree.kind(member) {
            Node::Instance => info.children.extend(self.register_child(at, member, Scope::Implementation(id))),
            Node::Let => {
                if let Some(name) = tree.child(member, Node::Name) {
                    let name = Name::new(&tree.name(name));
                    let let_id = LetId(self.let_items.len() as u32);
                    self.let_items.push(LetItem { name, at, node: Some(member), implementation: Some((id, None)) });
                    info.lets.push((name, let_id));
                }
            }
            Node::Out => {
                if let Some(name) = tree.child(member, Node::Name) {
                    info.outs.push((Name::new(&tree.name(name)), member));
                }
            }
            Node::Check => info.checks.push(member),
            Node::Delegate => {
                if let Some(name) = tree.child(member, Node::Name) {
                    info.delegates.push((Name::new(&tree.name(name)), self.place(at, tree, name)));
                }
            }
            Node::Once => {
                let once = OnceId(self.out.onces.len() as u32);
                let place = self.place(at, tree, member);
                let own = tree.child(member, Node::Name).map(|name| tree.name(name));
                // Without a name, which was told, the word itself leads to its children: `adjust a.once["key"].rules`.
                let name = Name::new(own.as_deref().unwrap_or("once"));
                self.out.onces.push(Once { name, implementation: id, by: None, statements: Vec::new(), place });
                let mut children = Vec::new();
                let by = tree.children(member).nth(1).filter(|second| tree.kind(*second) != Node::Body);
                if let Some(body) = tree.child(member, Node::Body) {
                    for inner in tree.children(body) {
                        match tree.kind(inner) {
                            Node::Instance => children.extend(self.register_child(at, inner, Scope::Once(once))),
                            Node::Let => {
                                if let Some(name) = tree.child(inner, Node::Name) {
                                    let name = Name::new(&tree.name(name));
                                    let let_id = LetId(self.let_items.len() as u32);
                                    self.let_items.push(LetItem {
                                        name,
                                        at,
                                        node: Some(inner),
                                        implementation: Some((id, Some(once))),
                                    });
                                    info.lets.push((name, let_id));
                                }
                            }
                            Node::Annotation | Node::Unclosed | Node::Bad | Node::Hole => {}
                            _ => info.misplaced.push(inner),
                        }
                    }
                }
                info.onces.push(OnceInfo { id: once, name, is_named: own.is_some(), by, children });
            }
            Node::Moved => info.moved.push(member),
            Node::Annotation | Node::Unclosed | Node::Bad | Node::Hole => {}
            _ => info.misplaced.push(member),
        }
    }

    pub(crate) fn self_type(&mut self, implementation: ImplementationId) -> Option<Ty> {
        let info = self.implementation_info(implementation);
        Some(Ty::new(Shape::Instance { kind: info.kind, platform: info.platform, statement: None }))
    }

    /// Whether an implementation on a platform says that an input lives on the same platform value.
    pub(crate) fn needs_input(&mut self, kind: KindId, platform: PlatformId, input: Name) -> bool {
        let implementations = self.implementations_for(kind);
        implementations.iter().filter(|(_, on)| *on == Some(platform)).any(|(implementation, _)| {
            self.implementation_info(*implementation).needs.iter().any(|need| need.0 == input)
        })
    }

    /// A name that only the instance at hand has: children, lets, inputs.
    pub(crate) fn own_name(&mut self, cx: &mut Cx, name: Name, place: Place) -> Option<(Code, Ty)> {
        match cx.context {
            Context::Module => None,
            Context::Kind(kind) => {
                let info = self.kind_info(kind);
                if cx.own_out == Some(name) {
                    return Some((Code::new(place, CodeKind::SelfOut(name)), info.out(name)?.ty.clone()));
                }
                let input = info.input(name)?;
                Some((Code::new(place, CodeKind::SelfInput(name)), input.ty.clone()))
            }
            Context::Platform(platform) => {
                let info = self.platform_info(platform);
                if let Some(input) = info.inputs.iter().find(|input| input.name == name) {
                    return Some((Code::new(place, CodeKind::SelfInput(name)), input.ty.clone()));
                }
                let (_, statement) = info.statements.iter().find(|statement| statement.0 == name)?;
                self.need(Work::Statement(*statement));
                let ty = self.statement_type(*statement);
                Some((Code::new(place, CodeKind::Statement(*statement)), ty))
            }
            Context::Implementation(implementation) => self.implementation_name(implementation, name, place),
            Context::Once(once) => {
                let implementation = self.out.onces[once.0 as usize].implementation;
                match self.not_of_the_group(implementation, once, name, place) {
                    Some(told) => Some(self.unknown(place, told)),
                    None => self.implementation_name(implementation, name, place),
                }
            }
        }
    }

    fn implementation_name(
        &mut self,
        implementation: ImplementationId,
        name: Name,
        place: Place,
    ) -> Option<(Code, Ty)> {
        let info = self.implementation_info(implementation);
        let child =
            info.children.iter().chain(info.onces.iter().flat_map(|once| &once.children)).find(|child| child.0 == name);
        if let Some((_, statement)) = child {
            self.need(Work::Statement(*statement));
            let ty = self.statement_type(*statement);
            return Some((Code::new(place, CodeKind::Statement(*statement)), ty));
        }
        if let Some((_, id)) = info.lets.iter().find(|item| item.0 == name) {
            let (_, ty) = self.let_info(*id);
            return Some((Code::new(place, CodeKind::Let(*id)), ty));
        }
        let kind = self.kind_info(info.kind);
        let input = kind.input(name)?;
        let mut ty = input.ty.clone();
        if let Some(platform) = info.platform.filter(|_| info.needs.iter().any(|need| need.0 == name))
            && let Some(there) = on_platform(&ty, platform)
        {
            ty = there;
        }
        Some((Code::new(place, CodeKind::SelfInput(name)), ty))
    }

    /// The platform of the implementation that is being read.
    pub(crate) fn platform_of_implementation(&mut self, cx: &Cx) -> Option<Name> {
        let implementation = self.implementation_at(cx)?;
        let platform = self.implementation_info(implementation).platform?;
        Some(self.platform_items[platform.0 as usize].0)
    }

    pub(crate) fn implementation_at(&self, cx: &Cx) -> Option<ImplementationId> {
        match cx.context {
            Context::Implementation(implementation) => Some(implementation),
            Context::Once(once) => Some(self.out.onces[once.0 as usize].implementation),
            Context::Module | Context::Kind(_) | Context::Platform(_) => None,
        }
    }

    /// Names that [`Checker::own_name`] knows.
    pub(crate) fn own_names(&mut self, cx: &Cx) -> Vec<Name> {
        let implementation = match cx.context {
            Context::Module => return Vec::new(),
            Context::Kind(kind) => {
                let info = self.kind_info(kind);
                return info.inputs.iter().map(|input| input.name).chain(cx.own_out).collect();
            }
            Context::Platform(platform) => {
                let info = self.platform_info(platform);
                return info
                    .inputs
                    .iter()
                    .map(|input| input.name)
                    .chain(info.statements.iter().map(|statement| statement.0))
                    .collect();
            }
            Context::Implementation(implementation) => implementation,
            Context::Once(once) => self.out.onces[once.0 as usize].implementation,
        };
        let info = self.implementation_info(implementation);
        let kind = self.kind_info(info.kind);
        let mut names: Vec<Name> = kind.inputs.iter().map(|input| input.name).collect();
        names.extend(info.children.iter().map(|child| child.0));
        names.extend(info.onces.iter().flat_map(|once| once.children.iter().map(|child| child.0)));
        names.extend(info.lets.iter().map(|item| item.0));
        names
    }

    /// An output of an implementation, elaborated once.
    pub(crate) fn implementation_out(&mut self, implementation: ImplementationId, name: Name) -> Option<(Code, Ty)> {
        match self.implementation_outs.get(&(implementation, name)) {
            Some(Progress::Done(out)) => return Some(out.clone()),
            Some(Progress::Started) => {
                let info = self.implementation_info(implementation);
                let node = info.outs.iter().find(|out| out.0 == name)?.1;
                let tree = self.item(info.at).tree();
                let place = self.place(info.at, &tree, node);
                let told = self.error(
                    "circle",
                    place,
                    format!("the output `{name}` depends on itself"),
                    "compute it from inputs and children",
                );
                return Some(self.unknown(place, told));
            }
            None => {}
        }
        let info = self.implementation_info(implementation);
        let node = info.outs.iter().find(|out| out.0 == name)?.1;
        // Who reads an output needs all that makes it.
        self.need(Work::Implementation(implementation));
        self.implementation_outs.insert((implementation, name), Progress::Started);
        let mut cx = self.cx(info.at, Context::Implementation(implementation));
        let tree = cx.tree.clone();
        let expression = tree.children(node).nth(1)?;
        let declared = self.kind_info(info.kind).out(name).map(|out| out.ty.clone());
        let (code, ty) = self.infer(&mut cx, expression, declared.as_ref());
        let out = match declared {
            Some(declared) => {
                let place = cx.place(self, expression);
                let kind = self.kind_name(info.kind);
                let stage = ty.deep_stage();
                if !ty.is_unknown() && !declared.is_unknown() && stage > declared.deep_stage() {
                    let (code, what) = if stage == crate::types::Stage::Secret {
                        ("secret_exposed", "a secret")
                    } else {
                        ("known_later", "known only after apply")
                    };
                    let shown = self.show(&Ty { stage, ..declared.clone() });
                    let told = self.error(
                        code,
                        place,
                        format!("the output `{name}` is {what}, and `{kind}` does not declare it so"),
                        format!("declare it so in `kind {kind}`: `out {name}: {shown}`"),
                    );
                    (Code::new(place, CodeKind::Unknown(told)), declared)
                } else {
                    (self.fit(code, &ty, &declared, place, &mut cx), declared)
                }
            }
            None => (code, ty),
        };
        self.implementation_outs.insert((implementation, name), Progress::Done(out.clone()));
        Some(out)
    }

    pub(crate) fn finish_implementation(&mut self, id: ImplementationId) {
        let info = self.implementation_info(id);
        let kind = self.kind_info(info.kind);
        self.need(Work::Kind(info.kind));
        if let Some(platform) = info.platform {
            self.need(Work::Platform(platform));
        }
        for (position, (name, node)) in info.outs.iter().enumerate() {
            if info.outs.iter().take(position).any(|before| before.0 == *name) {
                let tree = self.item(info.at).tree();
                let place = self.place(info.at, &tree, *node);
                self.error(
                    "declared_twice",
                    place,
                    format!("the output `{name}` is given twice"),
                    "remove one of the two",
                );
            }
        }
        for (position, (name, let_id)) in info.lets.iter().enumerate() {
            let hides = kind.input(*name).is_some() || info.children.iter().any(|child| child.0 == *name);
            let again = info.lets.iter().take(position).any(|before| before.0 == *name);
            let item = self.let_items[let_id.0 as usize].clone();
            if let (true, Some(node)) = (hides || again, item.node) {
                let tree = self.item(item.at).tree();
                let place = self.place(item.at, &tree, tree.child(node, Node::Name).unwrap_or(node));
                self.error("shadowed", place, format!("`{name}` hides another `{name}`"), "give it a name of its own");
            }
        }
        for (name, place) in &info.needs {
            if let Some(input) = kind.input(*name)
                && on_platform(&input.ty, PlatformId(0)).is_none()
            {
                let shown = self.show(&input.ty.clone());
                self.error(
                    "type_mismatch",
                    *place,
                    format!("`{name}` is a {shown}, not an instance"),
                    "`needs` names inputs whose instances must stand on the same platform",
                );
            }
            if kind.input(*name).is_none() {
                let names: Vec<&str> = kind.inputs.iter().map(|input| input.name.text()).collect();
                self.unknown_name(
                    "unknown_field",
                    *place,
                    &format!("the kind has no field `{name}` to need"),
                    name.text(),
                    &names,
                    "its fields are",
                );
            }
        }
        let mut cx = self.cx(info.at, Context::Implementation(id));
        for node in &info.misplaced {
            let place = cx.place(self, *node);
            self.error(
                "misplaced",
                place,
                "this cannot stand in an implementation",
                "an implementation holds instances, `let`, `out NAME = …`, `check`, `once`, `delegate`",
            );
        }
        self.tell_same_names(&info);
        for (_, id) in &info.lets {
            self.need(Work::Let(*id));
        }
        let mut onces = Vec::new();
        for once in &info.onces {
            if let Some(by) = once.by {
                let (code, ty) = self.infer(&mut cx, by, None);
                let place = cx.place(self, by);
                if !ty.is_unknown() && ty.deep_stage() != crate::types::Stage::Known && !ty.is_reference() {
                    self.error(
                        "known_later",
                        place,
                        "the key of a `once` is known only after apply",
                        "write `by` with an input that the program says itself",
                    );
                }
                self.out.onces[once.id.0 as usize].by = Some(code);
            }
            self.out.onces[once.id.0 as usize].statements = once.children.iter().map(|child| child.1).collect();
            for (_, statement) in &once.children {
                self.need(Work::Statement(*statement));
            }
            onces.push(once.id);
        }
        for (_, statement) in &info.children {
            self.need(Work::Statement(*statement));
        }
        let mut outs = Vec::new();
        for (name, _) in &info.outs {
            if let Some((code, _)) = self.implementation_out(id, *name) {
                outs.push((*name, code));
            }
        }
        let place = self.head_place(id);
        let delegate = self.delegate(&mut cx, &info, &kind);
        let handed = delegate.map_or_else(Vec::new, |child| self.handed_outs(child));
        let missing: Vec<Name> = kind
            .outs
            .iter()
            .filter(|out| !out.ty.optional && out.default.is_none())
            .filter(|out| !info.outs.iter().any(|given| given.0 == out.name))
            .filter(|out| !handed.iter().any(|handed| handed.name == out.name))
            .map(|out| out.name)
            .collect();
        // Who delegates to what is not there has one mistake, which was told.
        if !missing.is_empty() && (delegate.is_some() || info.delegates.is_empty()) {
            let kind_name = self.kind_name(info.kind);
            self.error(
                "missing_output",
                place,
                format!(
                    "this implementation of `{kind_name}` lacks {}",
                    source::list_of(missing.iter().map(|name| name.text()))
                ),
                "add `out NAME = …` for each, or `delegate` to a child that has them",
            );
        }
        let moved = self.children_moved(&cx, &info);
        let checks = info.checks.iter().filter_map(|node| self.check_statement(&mut cx, *node)).collect();
        while self.out.implementations.len() <= id.0 as usize {
            let empty = Implementation {
                kind: info.kind,
                platform: None,
                name: None,
                place,
                needs: Vec::new(),
                statements: Vec::new(),
                onces: Vec::new(),
                outs: Vec::new(),
                checks: Vec::new(),
                delegate: None,
                moved: Vec::new(),
            };
            self.out.implementations.push(empty);
        }
        self.out.implementations[id.0 as usize] = Implementation {
            kind: info.kind,
            platform: info.platform,
            name: info.name,
            place,
            needs: info.needs.iter().map(|need| need.0).collect(),
            statements: info.children.iter().map(|child| child.1).collect(),
            onces,
            outs,
            checks,
            delegate,
            moved,
        };
    }
}

/// The type of an input whose instance, or each of them, stands on a platform; None when there is none in it.
pub(crate) fn on_platform(ty: &Ty, platform: PlatformId) -> Option<Ty> {
    let shape = match &*ty.shape {
        Shape::Instance { kind, .. } => Shape::Instance { kind: *kind, platform: Some(platform), statement: None },
        Shape::List(of) => Shape::List(on_platform(of, platform)?),
        Shape::Map { key, value } => Shape::Map { key: key.clone(), value: on_platform(value, platform)? },
        _ => return None,
    };
    Some(Ty { shape: Rc::new(shape), ..ty.clone() })
}
