//! `adjust ADDRESS { path = EXPR }`: the address is followed through implementations, the paths through schemas.

use source::{Name, Place};
use syntax::{Kind as Node, NodeId, Tree, flag};
use value::Value;

use crate::checked::{Adjust, AdjustChange, AdjustKey, AdjustPath, AdjustStep, KindId, PlatformId, StatementId};
use crate::checker::{Checker, Context, Cx};
use crate::code::{Code, CodeKind, Scalar};
use crate::declare::{ItemAt, ValueName};
use crate::native::Target;
use crate::statements::Resolved;
use crate::types::{Shape, Ty};

/// A step of the path of a change, as it is written.
#[derive(Clone, Copy, Debug)]
enum PathStep {
    Field(Name),
    Key(Name),
}

impl PathStep {
    fn name(self) -> Name {
        match self {
            Self::Field(name) | Self::Key(name) => name,
        }
    }
}

/// What is adjusted, and its address as it is written.
struct Adjusted {
    resolved: Resolved,
    text: String,
}

/// What stands at a path of a declared kind.
struct Declared {
    ty: Ty,
    /// It is an entry of a map, which can be taken out.
    is_entry: bool,
}

/// What the steps of an address lead to.
#[derive(Clone, Debug)]
enum Reached {
    Statement(StatementId),
    /// What is made once for a statement or for a platform: a step that holds others and can itself not be adjusted.
    Group(Vec<(Name, Reached)>),
}

impl Checker<'_> {
    pub(crate) fn adjusts(&mut self) {
        for at in self.loose.adjusts.clone() {
            let mut cx = self.cx(at, Context::Module);
            let tree = cx.tree.clone();
            let Some(node) = tree.child(syntax::Tree::ROOT, Node::Adjust) else { continue };
            let (Some(address), Some(body)) = (tree.child(node, Node::Address), tree.child(node, Node::Body)) else {
                continue;
            };
            let mut target = Vec::new();
            for child in tree.children(address) {
                match tree.kind(child) {
                    Node::Name => target.push(AdjustStep { name: Name::new(&tree.name(child)), key: AdjustKey::None }),
                    Node::AddressName => {
                        if let Some(name) = tree.child(child, Node::Name) {
                            target.push(AdjustStep { name: Name::new(&tree.name(name)), key: AdjustKey::None });
                        }
                    }
                    Node::AddressAny => {
                        if let Some(last) = target.last_mut() {
                            last.key = AdjustKey::Any;
                        }
                    }
                    Node::AddressKey => {
                        let key = tree.children(child).next().and_then(|key| {
                            if tree.kind(key) == Node::Text {
                                self.plain_text(&cx, key)
                            } else {
                                Some(tree.text(key).to_owned())
                            }
                        });
                        if let (Some(last), Some(key)) = (target.last_mut(), key) {
                            last.key = AdjustKey::Is(Name::new(&key));
                        }
                    }
                    _ => {}
                }
            }
            let place = cx.place(self, address);
            // Where each step's name stands, in the order of the steps.
            let places: Vec<Place> = tree
                .children(address)
                .filter_map(|child| match tree.kind(child) {
                    Node::Name => Some(child),
                    Node::AddressName => tree.child(child, Node::Name),
                    _ => None,
                })
                .map(|name| cx.place(self, name))
                .collect();
            let Some(resolved) = self.adjusted(at, &target, &places, place) else { continue };
            let to = Adjusted { resolved, text: crate::checked::target_text(&target) };
            let mut changes = Vec::new();
            self.adjust_members(&mut cx, body, &to, &[], &mut changes);
            let annotations = self.annotations_before(&mut cx, node);
            self.out.adjusts.push(Adjust { place, target, changes, annotations });
        }
    }

    /// The paths of a body; those of a block in it begin with the path of the block.
    fn adjust_members(
        &mut self,
        cx: &mut Cx,
        body: NodeId,
        to: &Adjusted,
        above: &[PathStep],
        changes: &mut Vec<AdjustChange>,
    ) {
        let tree = cx.tree.clone();
        for member in tree.children(body) {
            let path = tree.child(member, Node::FieldPath);
            let steps = path.and_then(|path| {
                let own = tree.children(path).map(|step| self.path_step(cx, step)).collect::<Option<Vec<_>>>()?;
                Some([above, &own].concat())
            });
            match tree.kind(member) {
                Node::Field => {
                    let (Some(path), Some(steps), Some(value)) = (path, steps, tree.children(member).nth(1)) else {
                        continue;
                    };
                    let place = cx.place(self, path);
                    let maybe = tree.has(member, flag::MAYBE);
                    if let Some((path, code)) = self.adjust_change(cx, to, &steps, value, maybe, place) {
                        changes.push(AdjustChange { path, code, place });
                    }
                }
                Node::Block => {
                    if let (Some(steps), Some(below)) = (steps, tree.child(member, Node::Body)) {
                        self.adjust_members(cx, below, to, &steps, changes);
                    }
                }
                Node::Unclosed | Node::Bad | Node::Hole | Node::Annotation => {}
                _ => {
                    let place = cx.place(self, member);
                    self.error(
                        "misplaced",
                        place,
                        "an `adjust` sets single paths",
                        "write `a.b.c = value`, or `a { b.c = value }`",
                    );
                }
            }
        }
    }

    fn path_step(&mut self, cx: &Cx, step: NodeId) -> Option<PathStep> {
        let tree = cx.tree.clone();
        match tree.kind(step) {
            Node::AddressKey => {
                let key = tree.children(step).next()?;
                let text =
                    if tree.kind(key) == Node::Text { self.plain_text(cx, key)? } else { tree.text(key).to_owned() };
                Some(PathStep::Key(Name::new(&text)))
            }
            _ => Some(PathStep::Field(Name::new(&tree.name(step)))),
        }
    }

    fn adjust_change(
        &mut self,
        cx: &mut Cx,
        to: &Adjusted,
        steps: &[PathStep],
        value: NodeId,
        maybe: bool,
        place: Place,
    ) -> Option<(Vec<AdjustPath>, Code)> {
        if let Some(this) = self_in(&cx.tree, value) {
            let place = cx.place(self, this);
            let help = match to.text.split_once("[*]") {
                Some((of, rest)) => format!("adjust each by its key: `adjust {of}[\"key\"]{rest} {{ … }}`"),
                None => "name what is meant by its address".to_owned(),
            };
            self.error("unknown_name", place, "there is no `self` in an `adjust`", help);
            return None;
        }
        let mut path = Vec::new();
        let is_none = cx.tree.kind(value) == Node::NoneValue;
        let takes_out = is_none || maybe;
        let value_place = cx.place(self, value);
        let tell_stays = |me: &mut Self, help: String| {
            me.error("may_be_absent", value_place, "this field cannot be taken out", help);
        };
        let code = match &to.resolved {
            Resolved::Kind(kind) => {
                let found = self.declared_path(*kind, steps, place, &mut path)?;
                let may_go = found.ty.optional || found.is_entry;
                if takes_out && !may_go {
                    let shown = crate::types::with_article(&self.show(&found.ty));
                    tell_stays(self, format!("it is not optional: give it {shown} with `=`"));
                    return None;
                }
                let wanted = if takes_out { found.ty.maybe() } else { found.ty };
                self.check_expr(cx, value, &wanted)
            }
            Resolved::Native(native, row) => {
                let (target, may_go) = self.native_path(native.schema, *row, steps, place, &mut path)?;
                if takes_out && !may_go {
                    tell_stays(self, "its maker requires it: give it another value with `=`".to_owned());
                    return None;
                }
                if is_none {
                    Code::new(value_place, CodeKind::Const(Value::Absent))
                } else {
                    self.native_value(cx, value, target, maybe, native.name.text()).0
                }
            }
            Resolved::Unknown(_) => return None,
        };
        Some((path, code))
    }

    /// The type of what stands at a path of a declared kind.
    fn declared_path(
        &mut self,
        kind: KindId,
        steps: &[PathStep],
        place: Place,
        path: &mut Vec<AdjustPath>,
    ) -> Option<Declared> {
        let info = self.kind_info(kind);
        let (first, rest) = steps.split_first()?;
        let first = first.name();
        let Some(input) = info.input(first) else {
            let fields: Vec<&str> = info.inputs.iter().map(|input| input.name.text()).collect();
            self.no_field(first, &fields, place);
            return None;
        };
        path.push(AdjustPath::Field(first));
        let mut found = Declared { ty: input.ty.clone(), is_entry: false };
        let mut above = first;
        for step in rest {
            if found.ty.optional {
                self.error(
                    "not_supported",
                    place,
                    format!("`{above}` may be absent, and then has no parts"),
                    "set the whole field",
                );
                return None;
            }
            let stage = found.ty.stage;
            found = match (&*found.ty.shape, step) {
                (Shape::Record(record), PathStep::Field(name)) => {
                    let Some(field) = record.fields.iter().find(|field| field.name == *name) else {
                        let fields: Vec<&str> = record.fields.iter().map(|field| field.name.text()).collect();
                        self.no_field(*name, &fields, place);
                        return None;
                    };
                    path.push(AdjustPath::Field(*name));
                    Declared { ty: field.ty.lifted(stage), is_entry: false }
                }
                (Shape::Map { key, value }, PathStep::Field(name) | PathStep::Key(name))
                    if matches!(key.as_scalar(), Some(Scalar::String)) =>
                {
                    path.push(AdjustPath::Entry(*name));
                    Declared { ty: value.lifted(stage), is_entry: true }
                }
                (Shape::Unknown(_), _) => return None,
                _ => {
                    self.error(
                        "not_supported",
                        place,
                        format!("`{above}` has no parts that can be adjusted"),
                        format!("set the whole of it: `{above} = …`"),
                    );
                    return None;
                }
            };
            above = step.name();
        }
        Some(found)
    }

    fn no_field(&mut self, name: Name, fields: &[&str], place: Place) {
        self.unknown_name(
            "unknown_field",
            place,
            &format!("there is no field `{name}` to adjust"),
            name.text(),
            fields,
            "its fields are",
        );
    }

    /// The type of what stands at a path of a native kind, and whether it can be taken out.
    fn native_path(
        &mut self,
        schema: crate::checked::SchemaId,
        row: schema::Row,
        steps: &[PathStep],
        place: Place,
        path: &mut Vec<AdjustPath>,
    ) -> Option<(Target, bool)> {
        let of = self.input.schemas[schema.0 as usize].schema.clone();
        let mut row = row;
        let mut steps = steps.iter().peekable();
        while let Some(step) = steps.next() {
            let PathStep::Field(name) = step else {
                self.error(
                    "not_a_collection",
                    place,
                    "a key stands where a field is expected",
                    "keys follow lists whose elements have one: `containers[\"app\"]`",
                );
                return None;
            };
            let Some(member) = of.member(row, name.text()) else {
                let fields: Vec<String> = of.members(row).map(|member| member.name.to_owned()).collect();
                let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
                self.no_field(*name, &fields, place);
                return None;
            };
            if !(member.required || member.optional) {
                self.error(
                    "computed_field",
                    place,
                    format!("`{name}` is computed by the provider"),
                    "it can be read, not set",
                );
                return None;
            }
            path.push(AdjustPath::Field(*name));
            let sensitive = member.takes_secret();
            let mut ty = member.ty;
            let mut may_go = !member.required;
            if let (Some(PathStep::Key(key)), schema::FieldType::List(element) | schema::FieldType::Set(element)) =
                (steps.peek(), ty)
            {
                let Some(list_key) = member.list_key else {
                    self.error(
                        "not_supported",
                        place,
                        format!("elements of `{name}` have no key"),
                        "set the whole list",
                    );
                    return None;
                };
                path.push(AdjustPath::Keyed(Name::new(list_key), *key));
                ty = of.ty(element);
                may_go = true;
                steps.next();
            }
            if steps.peek().is_none() {
                return Some((Target { schema, ty, sensitive }, may_go));
            }
            match (ty, steps.peek()) {
                (schema::FieldType::Record(below), _) => row = below,
                (schema::FieldType::Map(values), Some(PathStep::Field(entry) | PathStep::Key(entry))) => {
                    path.push(AdjustPath::Entry(*entry));
                    return Some((Target { schema, ty: of.ty(values), sensitive }, true));
                }
                _ => {
                    self.error(
                        "not_supported",
                        place,
                        format!("elements of `{name}` cannot be adjusted like this"),
                        "choose one by its key, `containers[\"app\"]`, or set the whole list",
                    );
                    return None;
                }
            }
        }
        None
    }

    /// What stands at an address, as far as the program says it before it is evaluated.
    fn adjusted(&mut self, at: ItemAt, target: &[AdjustStep], places: &[Place], whole: Place) -> Option<Resolved> {
        let place = |index: usize| places.get(index).copied().unwrap_or(whole);
        let mut reached = self.first_step(at, target.first()?.name, place(0))?;
        let mut in_once = false;
        for (index, step) in target.iter().enumerate().skip(1) {
            if in_once && step.name.text() == "on" {
                continue;
            }
            let children = match reached {
                Reached::Group(children) => children,
                Reached::Statement(statement) => self.steps_below(statement, step.name, place(index))?,
            };
            reached = match children.iter().find(|child| child.0 == step.name) {
                Some((_, below)) => below.clone(),
                None => {
                    let names: Vec<&str> = children.iter().map(|child| child.0.text()).collect();
                    self.unknown_name(
                        "unknown_address",
                        place(index),
                        &format!("there is no child `{}`", step.name),
                        step.name.text(),
                        &names,
                        "the children are",
                    );
                    return None;
                }
            };
            in_once = matches!(reached, Reached::Group(_));
        }
        match reached {
            Reached::Statement(statement) => Some(self.resolve_statement(statement)),
            Reached::Group(children) => {
                let names = source::list_of(children.iter().map(|child| child.0.text()));
                self.error(
                    "unknown_address",
                    whole,
                    "nothing that can be adjusted stands here",
                    format!("name one of its children: {names}"),
                );
                None
            }
        }
    }

    /// An instance of a module, or the name of a listed platform, whose body holds what it makes once.
    fn first_step(&mut self, at: ItemAt, name: Name, place: Place) -> Option<Reached> {
        if let Some(ValueName::Statement(id)) = self.lookup_value(at.scope, name) {
            return Some(Reached::Statement(id));
        }
        let listed = self.listed_names.iter().find(|listed| listed.0 == name).map(|listed| listed.1);
        // The names of what is listed in a loop are known when it is evaluated.
        if let Some(platform) = listed.or_else(|| self.listed_computed.then_some(None)) {
            let platforms = platform.map_or_else(|| self.environment_platforms.clone(), |platform| vec![platform]);
            return Some(Reached::Group(self.platform_steps(&platforms)));
        }
        let mut names: Vec<Name> = self.modules[at.scope.0]
            .values
            .iter()
            .filter(|(_, value)| matches!(value, ValueName::Statement(_)))
            .map(|(name, _)| *name)
            .collect();
        names.extend(self.listed_names.iter().map(|(name, _)| *name));
        let names: Vec<&str> = names.iter().map(|name| name.text()).collect();
        self.unknown_name(
            "unknown_address",
            place,
            &format!("there is no instance `{name}`"),
            name.text(),
            &names,
            "there are",
        );
        None
    }

    fn platform_steps(&mut self, platforms: &[PlatformId]) -> Vec<(Name, Reached)> {
        let mut steps = Vec::new();
        for platform in platforms {
            let info = self.platform_info(*platform);
            steps.extend(info.statements.iter().map(|(name, statement)| (*name, Reached::Statement(*statement))));
        }
        steps
    }

    /// What may stand below an instance: its children, what is made once for its statement, and the body of the platform that it is.
    fn steps_below(&mut self, statement: StatementId, step: Name, place: Place) -> Option<Vec<(Name, Reached)>> {
        let Resolved::Kind(kind) = self.resolve_statement(statement) else {
            self.error(
                "unknown_address",
                place,
                format!("a native resource has no child `{step}`"),
                "only instances of declared kinds have children",
            );
            return None;
        };
        let mut steps = Vec::new();
        for (implementation, platform) in self.implementations_for(kind) {
            if platform.is_none_or(|platform| self.environment_platforms.contains(&platform)) {
                let info = self.implementation_info(implementation);
                let of_children = |children: &[(Name, StatementId)]| -> Vec<(Name, Reached)> {
                    children.iter().map(|(name, child)| (*name, Reached::Statement(*child))).collect()
                };
                steps.extend(of_children(&info.children));
                steps.extend(info.onces.iter().map(|once| (once.name, Reached::Group(of_children(&once.children)))));
            }
        }
        if let Some(platform) = self.kind_info(kind).platform {
            let below = self.platform_steps(&[platform]);
            let name = self.platform_items[platform.0 as usize].0;
            let own = name.text().rsplit_once('.').map_or(name, |(_, own)| Name::new(own));
            steps.push((own, Reached::Group(below)));
        }
        Some(steps)
    }
}

/// Where an expression says `self`, if it does.
fn self_in(tree: &Tree, node: NodeId) -> Option<NodeId> {
    if tree.kind(node) == Node::Ident {
        return (tree.text(node) == "self").then_some(node);
    }
    tree.children(node).find_map(|child| self_in(tree, child))
}
