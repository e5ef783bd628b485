//! `adjust ADDRESS { path = EXPR }`: the address is followed through implementations, the paths through schemas.

use source::{Name, Place};
use syntax::Kind as Node;

use crate::checked::{Adjust, AdjustChange, AdjustKey, AdjustPath, AdjustStep, PlatformId, StatementId};
use crate::checker::{Checker, Context};
use crate::declare::{ItemAt, ValueName};
use crate::native::Target;
use crate::statements::Resolved;

/// A step of the path of a change, as it is written.
#[derive(Clone, Copy, Debug)]
enum PathStep {
    Field(Name),
    Key(Name),
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
            let mut changes = Vec::new();
            for member in tree.children(body) {
                if tree.kind(member) != Node::Field {
                    if !matches!(tree.kind(member), Node::Unclosed | Node::Bad | Node::Hole | Node::Annotation) {
                        let place = cx.place(self, member);
                        self.error("misplaced", place, "an `adjust` sets single paths", "write `a.b.c = value`");
                    }
                    continue;
                }
                let (Some(path), Some(value)) = (tree.child(member, Node::FieldPath), tree.children(member).nth(1))
                else {
                    continue;
                };
                let steps: Vec<PathStep> = tree
                    .children(path)
                    .filter_map(|step| match tree.kind(step) {
                        Node::Name => Some(PathStep::Field(Name::new(&tree.name(step)))),
                        Node::AddressKey => {
                            let key = tree.children(step).next()?;
                            let text = if tree.kind(key) == Node::Text {
                                self.plain_text(&cx, key)?
                            } else {
                                tree.text(key).to_owned()
                            };
                            Some(PathStep::Key(Name::new(&text)))
                        }
                        _ => None,
                    })
                    .collect();
                let path_place = cx.place(self, path);
                let mut found_path: Vec<AdjustPath> = Vec::new();
                let code = match &resolved {
                    Resolved::Kind(kind) => {
                        let info = self.kind_info(*kind);
                        match steps.as_slice() {
                            [PathStep::Field(name)] => match info.input(*name) {
                                Some(input) => {
                                    found_path.push(AdjustPath::Field(*name));
                                    self.check_expr(&mut cx, value, &input.ty.clone())
                                }
                                None => {
                                    let fields: Vec<&str> = info.inputs.iter().map(|input| input.name.text()).collect();
                                    self.unknown_name(
                                        "unknown_field",
                                        path_place,
                                        &format!("there is no field `{name}` to adjust"),
                                        name.text(),
                                        &fields,
                                        "its fields are",
                                    );
                                    continue;
                                }
                            },
                            _ => {
                                self.error(
                                    "not_supported",
                                    path_place,
                                    "a part of a field of a declared kind cannot be adjusted yet",
                                    "set the whole field",
                                );
                                continue;
                            }
                        }
                    }
                    Resolved::Native(native, row) => {
                        match self.native_path(native.schema, *row, &steps, path_place, &mut found_path) {
                            Some(field) => self.native_value(&mut cx, value, field, false, native.name.text()).0,
                            None => continue,
                        }
                    }
                    Resolved::Unknown(_) => continue,
                };
                changes.push(AdjustChange { path: found_path, code, place: path_place });
            }
            let annotations = self.annotations_before(&mut cx, node);
            self.out.adjusts.push(Adjust { place, target, changes, annotations });
        }
    }

    fn native_path(
        &mut self,
        schema: crate::checked::SchemaId,
        row: schema::Row,
        steps: &[PathStep],
        place: Place,
        path: &mut Vec<AdjustPath>,
    ) -> Option<Target> {
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
                self.unknown_name(
                    "unknown_field",
                    place,
                    &format!("there is no field `{name}` to adjust"),
                    name.text(),
                    &fields,
                    "the fields are",
                );
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
            let sensitive = member.sensitive || member.write_only;
            let mut ty = member.ty;
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
                steps.next();
            }
            if steps.peek().is_none() {
                return Some(Target { schema, ty, sensitive });
            }
            match (ty, steps.peek()) {
                (schema::FieldType::Record(below), _) => row = below,
                (schema::FieldType::Map(values), Some(PathStep::Field(entry) | PathStep::Key(entry))) => {
                    path.push(AdjustPath::Entry(*entry));
                    return Some(Target { schema, ty: of.ty(values), sensitive });
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
