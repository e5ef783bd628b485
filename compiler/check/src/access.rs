//! What stands after a dot or in brackets: ports where an endpoint is expected, else fields, outputs, attributes, properties.

use source::{Name, Place};
use syntax::{Kind as Node, NodeId};
use value::Value;

use crate::checker::{Checker, Context, Cx, Work};
use crate::code::{Code, CodeKind, Fact};
use crate::declare::ValueName;
use crate::endpoints::wants_endpoint;
use crate::implementations::on_platform;
use crate::types::{Shape, Stage, Ty};

impl Checker<'_> {
    pub(crate) fn dot(&mut self, cx: &mut Cx, node: NodeId, expected: Option<&Ty>) -> (Code, Ty) {
        let tree = cx.tree.clone();
        let place = cx.place(self, node);
        let mut children = tree.children(node);
        let (Some(left), Some(name_node)) = (children.next(), children.next()) else {
            return self.broken_expression(cx, node);
        };
        let at = cx.place(self, name_node);
        if tree.kind(name_node) != Node::Name {
            // `api.` is being typed: what stands before the dot is still checked.
            let _ = self.infer(cx, left, None);
            return self.broken_expression(cx, node);
        }
        let name = Name::new(&tree.name(name_node));
        if let Some(found) = self.module_member(cx, left, name, at) {
            return found;
        }
        let (code, ty) = self.infer(cx, left, None);
        if expected.is_some_and(wants_endpoint)
            && let Some(found) = self.endpoint(cx, code.clone(), &ty, name, (at, place))
        {
            return found;
        }
        if let Some(told) = self.field_of_several(tree.text(left), &ty, name, at) {
            return self.unknown(place, told);
        }
        let (field, field_ty) = self.field_of(cx, code, &ty, name, at);
        (Code { place, ..field }, field_ty)
    }

    /// `front.address` where a loop made several: read as a key, it would be found missing only when it is evaluated.
    fn field_of_several(&mut self, left: &str, ty: &Ty, name: Name, at: Place) -> Option<source::Told> {
        let Shape::Map { value, .. } = &*ty.shape else { return None };
        let Shape::Instance { kind, .. } = &*value.shape else { return None };
        let info = self.kind_info(*kind);
        if info.input(name).is_none() && info.out(name).is_none() {
            return None;
        }
        let kind = self.kind_name(*kind);
        let help = format!(
            "of one: `{left}[\"KEY\"].{name}`; of all: `[for x in {left}: x.{name}]`; the one whose key is `{name}`: `{left}[\"{name}\"]`"
        );
        Some(self.error(
            "unknown_field",
            at,
            format!("`{left}` stands for several, and each {kind} has its own `{name}`"),
            help,
        ))
    }

    /// `std.x`, `network.lan`: a name of a module.
    fn module_member(&mut self, cx: &mut Cx, left: NodeId, name: Name, place: Place) -> Option<(Code, Ty)> {
        let tree = cx.tree.clone();
        if !matches!(tree.kind(left), Node::Ident | Node::Dot) {
            return None;
        }
        let text = tree.text(left);
        let first = text.split('.').next().unwrap_or(text);
        if cx.locals.iter().any(|local| local.0.text() == first)
            || self.own_names(cx).iter().any(|own| own.text() == first)
        {
            return None;
        }
        if !matches!(self.lookup_value(cx.at.scope, Name::new(first)), Some(ValueName::Module(_)) | None) {
            return None;
        }
        let module = self.lookup_module(cx.at.scope, text)?;
        let found = self.value_in(module, name);
        Some(match found {
            Some(ValueName::Let(id)) => {
                let (_, ty) = self.let_info(id);
                (Code::new(place, CodeKind::Let(id)), ty)
            }
            Some(ValueName::Param(id)) => {
                self.need(Work::Param(id));
                (Code::new(place, CodeKind::Param(id)), self.param_type(id))
            }
            Some(ValueName::Statement(id)) => {
                self.need(Work::Statement(id));
                (Code::new(place, CodeKind::Statement(id)), self.statement_type(id))
            }
            Some(ValueName::Environment(environment)) => {
                (Code::new(place, CodeKind::Const(Value::Text(environment.text().into()))), Ty::new(Shape::Environment))
            }
            Some(ValueName::Function(_)) => {
                let told = self.error(
                    "not_a_value",
                    place,
                    format!("`{name}` is a function"),
                    format!("call it: `{text}.{name}(…)`"),
                );
                self.unknown(place, told)
            }
            Some(ValueName::Module(_)) | None => {
                if Some(module) == self.std_module
                    && let Some(found) = crate::expressions::word(name, place)
                {
                    return Some(found);
                }
                if let Some(told) = self.tell_private(cx.at.scope, false, &format!("{text}.{name}"), place) {
                    return Some(self.unknown(place, told));
                }
                let names = self.values_of(module);
                let names: Vec<&str> = names.iter().map(|name| name.text()).collect();
                let told = self.unknown_name(
                    "unknown_name",
                    place,
                    &format!("the module `{text}` has no `{name}`"),
                    name.text(),
                    &names,
                    "it has",
                );
                self.unknown(place, told)
            }
        })
    }

    pub(crate) fn safe_dot(&mut self, cx: &mut Cx, node: NodeId, expected: Option<&Ty>) -> (Code, Ty) {
        let tree = cx.tree.clone();
        let place = cx.place(self, node);
        let mut children = tree.children(node);
        let (Some(left), Some(name_node)) = (children.next(), children.next()) else {
            return self.broken_expression(cx, node);
        };
        let at = cx.place(self, name_node);
        let name = Name::new(&tree.name(name_node));
        let (code, ty) = self.infer(cx, left, None);
        if ty.is_unknown() {
            return (code, ty);
        }
        let slot = cx.bind(Name::new(""), ty.clone().present());
        let local = Code::new(place, CodeKind::Local(slot));
        let present = ty.present();
        if expected.is_some_and(wants_endpoint)
            && let Some((then, of)) = self.endpoint(cx, local.clone(), &present, name, (at, place))
        {
            return (Code::new(place, CodeKind::IfPresent { of: code, slot, then }), of.maybe());
        }
        let (then, field_ty) = self.field_of(cx, local, &present, name, at);
        (Code::new(place, CodeKind::IfPresent { of: code, slot, then }), field_ty.maybe())
    }

    /// The field, output, attribute or property of a value.
    #[expect(
        clippy::too_many_lines,
        reason = "one body read member by member; it falls apart when `check` answers declaration by declaration"
    )]
    pub(crate) fn field_of(&mut self, cx: &mut Cx, code: Code, ty: &Ty, name: Name, place: Place) -> (Code, Ty) {
        if let Shape::Unknown(told) = &*ty.shape {
            return self.unknown(place, *told);
        }
        if ty.optional {
            let shown = self.show(&ty.clone().present());
            let told = self.error(
                "may_be_absent",
                place,
                format!("the {shown} before `.{name}` may be absent"),
                format!("read it with `?.{name}`, or look first with `if x != none`"),
            );
            return self.unknown(place, told);
        }
        match &*ty.shape {
            Shape::Instance { kind, platform, .. } => self.instance_field(cx, code, (*kind, *platform), name, place),
            Shape::Native(native) => {
                let set = native.statement.and_then(|statement| {
                    self.need(Work::Statement(statement));
                    self.set_tree(statement)
                });
                let shown = native.shown;
                self.native_member(
                    code,
                    native.schema,
                    native.row,
                    name,
                    place,
                    set.as_deref(),
                    &format!("`{shown}`"),
                    true,
                )
            }
            Shape::Row { schema, row, set } => {
                self.native_member(code, *schema, *row, name, place, set.as_deref(), "this block", false)
            }
            Shape::Record(record) => match record.fields.iter().find(|field| field.name == name) {
                Some(field) => {
                    let mut of = field.ty.clone();
                    if !of.is_reference() {
                        of.stage = of.stage.max(ty.stage);
                    }
                    (Code::new(place, CodeKind::Field { of: code, name, secret: of.stage == Stage::Secret }), of)
                }
                None => {
                    if let Some(found) = self.property(cx, code, ty, name, place) {
                        return found;
                    }
                    let names: Vec<&str> = record.fields.iter().map(|field| field.name.text()).collect();
                    let told = self.unknown_name(
                        "unknown_field",
                        place,
                        &format!("this record has no field `{name}`"),
                        name.text(),
                        &names,
                        "its fields are",
                    );
                    self.unknown(place, told)
                }
            },
            Shape::Map { key, value } if key.as_scalar().is_some_and(crate::code::Scalar::is_text) => {
                let method = crate::builtins::all()
                    .iter()
                    .any(|builtin| builtin.name == name.text() && builtin.signature.starts_with("(self: {K"));
                if method && let Some(found) = self.property(cx, code.clone(), ty, name, place) {
                    return found;
                }
                let key = Code::new(place, CodeKind::Const(Value::Text(name.text().into())));
                (Code::new(place, CodeKind::Index { of: code, key }), value.clone().at(ty.stage))
            }
            Shape::Endpoint => match name.text() {
                "port" => (
                    Code::new(place, CodeKind::Fact { fact: Fact::PortOf, of: code, args: Vec::new() }),
                    Ty::scalar(crate::code::Scalar::Port),
                ),
                "owner" => (
                    Code::new(place, CodeKind::Fact { fact: Fact::OwnerOf, of: code, args: Vec::new() }),
                    Ty::new(Shape::Ends),
                ),
                "label" => {
                    (Code::new(place, CodeKind::Fact { fact: Fact::LabelOf, of: code, args: Vec::new() }), Ty::string())
                }
                _ => {
                    let told = self.unknown_name(
                        "unknown_field",
                        place,
                        &format!("an endpoint has no `{name}`"),
                        name.text(),
                        &["port", "owner", "label"],
                        "it has",
                    );
                    self.unknown(place, told)
                }
            },
            Shape::Flow => {
                let of = match name.text() {
                    "from" | "from_alone" => Ty::list(Ty::new(Shape::Ends)),
                    "to" | "to_alone" => Ty::list(Ty::new(Shape::Endpoint)),
                    "key" => Ty::string(),
                    _ => {
                        let told = self.unknown_name(
                            "unknown_field",
                            place,
                            &format!("a flow has no `{name}`"),
                            name.text(),
                            &["from", "to", "from_alone", "to_alone", "key"],
                            "it has",
                        );
                        return self.unknown(place, told);
                    }
                };
                (Code::new(place, CodeKind::Field { of: code, name, secret: false }), of)
            }
            Shape::Platform(Some(platform)) => {
                let info = self.platform_info(*platform);
                if let Some(input) = info.inputs.iter().find(|input| input.name == name) {
                    return (Code::new(place, CodeKind::PlatformField { of: code, name }), input.ty.clone());
                }
                if let Some((_, ty)) = self.platform_out(*platform, name) {
                    return (Code::new(place, CodeKind::PlatformField { of: code, name }), ty);
                }
                let names: Vec<&str> = info
                    .inputs
                    .iter()
                    .map(|input| input.name.text())
                    .chain(info.outs.iter().map(|out| out.0.text()))
                    .collect();
                let told = self.unknown_name(
                    "unknown_field",
                    place,
                    &format!("this platform has no `{name}`"),
                    name.text(),
                    &names,
                    "it has",
                );
                self.unknown(place, told)
            }
            Shape::Json => {
                (Code::new(place, CodeKind::Field { of: code, name, secret: false }), Ty::new(Shape::Json).at(ty.stage))
            }
            _ => match self.property(cx, code, ty, name, place) {
                Some(found) => found,
                None => {
                    let shown = self.show(ty);
                    let names = self.properties(ty);
                    let told = self.unknown_name(
                        "unknown_field",
                        place,
                        &format!("a {shown} has no `{name}`"),
                        name.text(),
                        &names,
                        "it has",
                    );
                    self.unknown(place, told)
                }
            },
        }
    }

    fn instance_field(
        &mut self,
        cx: &Cx,
        code: Code,
        (kind, platform): (crate::checked::KindId, Option<crate::checked::PlatformId>),
        name: Name,
        place: Place,
    ) -> (Code, Ty) {
        let info = self.kind_info(kind);
        if let Some(input) = info.input(name) {
            let mut of = input.ty.clone();
            // `network: network` of something on one platform is a network there when its implementation says `needs network`.
            if let Some(platform) = platform
                && self.needs_input(kind, platform, name)
                && let Some(there) = on_platform(&of, platform)
            {
                of = there;
            }
            return (Code::new(place, CodeKind::Input { of: code, name }), of);
        }
        if let Some(out) = info.out(name) {
            return (Code::new(place, CodeKind::Out { of: code, name }), out.ty.clone());
        }
        let implementations = self.implementations_for(kind);
        // A kind that is implemented on one platform alone can stand nowhere else. An implementation is for programs that it does
        // not see: some of them may implement the kind elsewhere too.
        let mut platforms: Vec<crate::checked::PlatformId> = implementations.iter().filter_map(|(_, on)| *on).collect();
        platforms.sort_unstable();
        platforms.dedup();
        let only = match platforms.as_slice() {
            [only] if !matches!(cx.context, Context::Implementation(_) | Context::Once(_)) => Some(*only),
            _ => None,
        };
        let platform = platform.or(only);
        let chosen = implementations
            .iter()
            .find(|(_, on)| platform.is_some() && *on == platform)
            .or_else(|| implementations.iter().find(|(_, on)| on.is_none()));
        if let Some((implementation, _)) = chosen.copied()
            && let Some((_, ty)) = self.implementation_out(implementation, name)
        {
            return (Code::new(place, CodeKind::Out { of: code, name }), ty);
        }
        let kind_name = self.kind_name(kind);
        let mut with_it: Vec<Name> = Vec::new();
        for (implementation, on) in &implementations {
            if self.implementation_info(*implementation).outs.iter().any(|out| out.0 == name) {
                with_it.extend(on.map(|on| self.platform_items[on.0 as usize].0));
            }
        }
        if !with_it.is_empty() {
            let list = source::list_of(with_it.iter().map(|name| name.text()));
            let help = match self.platform_of_implementation(cx).filter(|own| with_it.contains(own)) {
                Some(own) if let Some(input) = self.input_to_need(cx, &code, kind) => {
                    format!("say that it stands there too: `implement … on {own} needs {input}`")
                }
                _ => {
                    "read it in `match x { on PLATFORM => x.… }`, or say where the instance stands with `on`".to_owned()
                }
            };
            let told = self.error(
                "platform_output",
                place,
                format!("`{name}` of `{kind_name}` exists only on {list}, and this may stand elsewhere"),
                help,
            );
            return self.unknown(place, told);
        }
        for (implementation, _) in &implementations {
            let inside = self.implementation_info(*implementation);
            if inside
                .children
                .iter()
                .chain(inside.onces.iter().flat_map(|once| &once.children))
                .any(|child| child.0 == name)
            {
                let told = self.error("unknown_field", place, format!("`{name}` is inside the implementation of `{kind_name}`"), "children are not read from outside: give the kind an output, `out NAME: TYPE`, and set it in the implementation");
                return self.unknown(place, told);
            }
        }
        let mut names: Vec<&str> = info
            .inputs
            .iter()
            .map(|input| input.name.text())
            .chain(info.outs.iter().map(|out| out.name.text()))
            .collect();
        if let Some((implementation, _)) = chosen.copied() {
            names.extend(self.implementation_info(implementation).outs.iter().map(|out| out.0.text()));
        }
        let told = self.unknown_name(
            "unknown_field",
            place,
            &format!("`{kind_name}` has no field `{name}`"),
            name.text(),
            &names,
            "it has",
        );
        self.unknown(place, told)
    }

    /// The input from which an implementation has an instance: itself, or in a loop over it.
    fn input_to_need(&mut self, cx: &Cx, code: &Code, kind: crate::checked::KindId) -> Option<Name> {
        if let CodeKind::SelfInput(name) = code.kind.as_ref() {
            return Some(*name);
        }
        let implementation = self.implementation_at(cx)?;
        let info = self.implementation_info(implementation);
        let holds = |ty: &Ty| match &*ty.shape {
            Shape::List(of) | Shape::Map { value: of, .. } => of.kind() == Some(kind),
            _ => false,
        };
        let inputs = self.kind_info(info.kind);
        let found = inputs.inputs.iter().find(|input| holds(&input.ty))?.name;
        (matches!(code.kind.as_ref(), CodeKind::Local(_)) && info.needs.iter().all(|need| need.0 != found))
            .then_some(found)
    }

    pub(crate) fn index(&mut self, cx: &mut Cx, node: NodeId, _expected: Option<&Ty>) -> (Code, Ty) {
        let tree = cx.tree.clone();
        let place = cx.place(self, node);
        let mut children = tree.children(node);
        let (Some(left), Some(key_node)) = (children.next(), children.next()) else {
            return self.broken_expression(cx, node);
        };
        let (code, ty) = self.infer(cx, left, None);
        let key_place = cx.place(self, key_node);
        if ty.optional && !ty.is_unknown() {
            let told = self.error("may_be_absent", place, "this may be absent", "look first with `if x != none`");
            return self.unknown(place, told);
        }
        match &*ty.shape {
            Shape::Map { key, value } => {
                let (key, value) = (key.clone(), value.clone());
                let key = self.check_expr(cx, key_node, &key);
                let of = if value.is_reference() { value } else { value.at(ty.stage) };
                (Code::new(place, CodeKind::Index { of: code, key }), of)
            }
            Shape::Record(record) => {
                if let Some(text) = (tree.kind(key_node) == Node::Text).then(|| self.plain_text(cx, key_node)).flatten()
                {
                    return self.field_of(cx, code, &ty, Name::new(&text), key_place);
                }
                // A computed key of a literal map.
                let keys: Vec<Ty> = record
                    .fields
                    .iter()
                    .map(|field| Ty::new(Shape::Literal(Value::Text(field.name.text().into()))))
                    .collect();
                let mut of: Option<Ty> = None;
                for field in &record.fields {
                    of = Some(match of {
                        None => field.ty.clone(),
                        Some(of) => self.join(&of, &field.ty),
                    });
                }
                let (key, key_ty) = self.infer(cx, key_node, Some(&Ty::new(Shape::Union(keys.clone()))));
                let wanted = if matches!(*key_ty.shape, Shape::Literal(_) | Shape::Union(_)) {
                    Ty::new(Shape::Union(keys))
                } else {
                    Ty::string()
                };
                let key = self.fit(key, &key_ty, &wanted, key_place, cx);
                let map = Code::new(place, CodeKind::Convert { how: crate::code::Conversion::RecordToMap, code });
                (Code::new(place, CodeKind::Index { of: map, key }), of.unwrap_or_else(Ty::string))
            }
            Shape::List(of) => {
                let of = of.clone();
                let key = self.check_expr(cx, key_node, &Ty::int());
                let of = if of.is_reference() { of } else { of.at(ty.stage) };
                (Code::new(place, CodeKind::Index { of: code, key }), of)
            }
            Shape::Json => {
                let (key, _) = self.infer(cx, key_node, None);
                (Code::new(place, CodeKind::Index { of: code, key }), ty.clone())
            }
            Shape::Unknown(_) => {
                let _ = self.infer(cx, key_node, None);
                (code, ty)
            }
            _ => {
                let shown = self.show(&ty);
                let help = if ty.kind().is_some() {
                    "it is one instance; a loop in its header would make several"
                } else {
                    "only lists and maps are indexed"
                };
                let told = self.error("not_a_collection", place, format!("a {shown} has no elements"), help);
                self.unknown(place, told)
            }
        }
    }
}
