//! Bodies of native resources, checked against the schema of their maker and lowered to its vocabulary; and reading from them.

use std::rc::Rc;

use schema::{FieldType, Member, Nesting, Row};
use source::{Diagnostic, Name, Place};
use syntax::{flag, Kind as Node, NodeId};
use value::Value;

use crate::checked::SchemaId;
use crate::checker::{Checker, Cx, Work};
use crate::code::{Code, CodeKind, Conversion, ListPart, Loop, MapPart, RecordPart, Scalar};
use crate::types::{SetTree, Shape, Stage, Ty};

/// A member of a schema, owned, so that the schema is not borrowed while code is elaborated.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub ty: FieldType,
    pub settable: bool,
    pub sensitive: bool,
    pub nesting: Nesting,
    pub deprecated: bool,
}

/// Where a value is going: the schema, its type there, and whether a secret may stand there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target {
    pub schema: SchemaId,
    pub ty: FieldType,
    pub sensitive: bool,
}

impl Checker<'_> {
    fn schema_of(&self, id: SchemaId) -> &schema::Schema {
        &self.input.schemas[id.0 as usize].schema
    }

    fn target_name(&self, id: SchemaId) -> Name {
        self.input.schemas[id.0 as usize].target
    }

    fn field(&self, schema: SchemaId, row: Row, name: Name) -> Option<Field> {
        self.schema_of(schema).member(row, name.text()).map(|member| owned(&member))
    }

    fn field_names(&self, schema: SchemaId, row: Row) -> Vec<String> {
        self.schema_of(schema).members(row).map(|member| member.name.to_owned()).collect()
    }

    /// The body of a native instance.
    pub(crate) fn native_body(&mut self, cx: &mut Cx, body: NodeId, schema: SchemaId, row: Row, place: Place, what: &str) -> (Code, SetTree) {
        self.native_row(cx, body, schema, row, place, what)
    }

    /// The arguments of a provider; `source` and `version` may be given beside them.
    pub(crate) fn provider_body(
        &mut self,
        cx: &mut Cx,
        body: NodeId,
        schema: usize,
        row: Option<Row>,
        source: &mut std::sync::Arc<str>,
        version: &mut std::sync::Arc<str>,
    ) -> Code {
        let tree = cx.tree.clone();
        let place = cx.place(self, body);
        for member in tree.children(body) {
            if tree.kind(member) != Node::Field {
                continue;
            }
            let name = tree.child(member, Node::FieldPath).map(|path| tree.text(path).to_owned()).unwrap_or_default();
            let text = tree.children(member).nth(1).filter(|value| tree.kind(*value) == Node::Text).and_then(|value| self.plain_text(cx, value));
            match (name.as_str(), text) {
                ("source", Some(text)) => *source = text.as_str().into(),
                ("version", Some(text)) => *version = text.as_str().into(),
                _ => {}
            }
        }
        match row {
            Some(row) => self.native_row(cx, body, SchemaId(schema as u32), row, place, "provider").0,
            None => {
                let mut parts = Vec::new();
                for member in tree.children(body) {
                    let Some((name, code)) = self.loose_member(cx, member) else { continue };
                    if !matches!(name.text(), "source" | "version") {
                        parts.push(RecordPart::Field { name, code, maybe: true });
                    }
                }
                Code::new(place, CodeKind::Record(parts))
            }
        }
    }

    fn loose_member(&mut self, cx: &mut Cx, member: NodeId) -> Option<(Name, Code)> {
        let tree = cx.tree.clone();
        match tree.kind(member) {
            Node::Field => {
                let name = Name::new(&tree.name(tree.child(tree.child(member, Node::FieldPath)?, Node::Name)?));
                let value = tree.children(member).nth(1)?;
                Some((name, self.infer(cx, value, None).0))
            }
            Node::Shorthand => {
                let node = tree.child(member, Node::Name)?;
                let name = Name::new(&tree.name(node));
                let place = cx.place(self, node);
                Some((name, self.resolve_name(cx, name, place, None).0))
            }
            _ => None,
        }
    }

    fn native_row(&mut self, cx: &mut Cx, body: NodeId, schema: SchemaId, row: Row, place: Place, what: &str) -> (Code, SetTree) {
        let tree = cx.tree.clone();
        let mut parts: Vec<RecordPart> = Vec::new();
        let mut set = SetTree::default();
        let mut given: Vec<(Name, Place)> = Vec::new();
        let mut lists: Vec<(Name, Place, Vec<ListPart>, Stage)> = Vec::new();
        let mut nested: Vec<(Name, Place, Vec<(Vec<(Name, Place)>, NodeId, bool)>)> = Vec::new();
        let told_before = self.told.list().len();
        for member in tree.children(body) {
            let at = cx.place(self, member);
            match tree.kind(member) {
                Node::Field => {
                    let Some(path) = tree.child(member, Node::FieldPath) else { continue };
                    let names: Vec<(Name, Place)> = tree.all(path, Node::Name).map(|name| (Name::new(&tree.name(name)), cx.place(self, name))).collect();
                    let Some(value) = tree.children(member).nth(1) else { continue };
                    let Some((name, name_place)) = names.first().copied() else { continue };
                    let maybe = tree.has(member, flag::MAYBE);
                    if what == "provider" && matches!(name.text(), "source" | "version") && self.field(schema, row, name).is_none() {
                        continue;
                    }
                    let Some(field) = self.settable(schema, row, name, name_place, what) else {
                        given.push((name, name_place));
                        let _ = self.infer(cx, value, None);
                        continue;
                    };
                    if names.len() > 1 {
                        let rest = names.get(1..).unwrap_or_default().to_vec();
                        match nested.iter_mut().find(|entry| entry.0 == name) {
                            Some(entry) => entry.2.push((rest, value, maybe)),
                            None => nested.push((name, name_place, vec![(rest, value, maybe)])),
                        }
                        given.push((name, name_place));
                        continue;
                    }
                    self.set_once(&mut given, name, name_place);
                    let target = Target { schema, ty: field.ty, sensitive: field.sensitive };
                    let (code, below) = self.native_value(cx, value, target, maybe, name.text());
                    set.fields.push((name, Rc::new(below)));
                    parts.push(RecordPart::Field { name, code, maybe: true });
                }
                Node::Shorthand => {
                    let Some(name_node) = tree.child(member, Node::Name) else { continue };
                    let name = Name::new(&tree.name(name_node));
                    let Some(field) = self.settable(schema, row, name, at, what) else {
                        given.push((name, at));
                        continue;
                    };
                    self.set_once(&mut given, name, at);
                    let (code, ty) = self.resolve_name(cx, name, at, None);
                    let target = Target { schema, ty: field.ty, sensitive: field.sensitive };
                    let code = self.lower(cx, code, &ty, target, false, at);
                    set.fields.push((name, Rc::new(set_of(&ty))));
                    parts.push(RecordPart::Field { name, code, maybe: true });
                }
                Node::Block => {
                    let Some(name_node) = tree.child(member, Node::FieldPath).and_then(|path| tree.child(path, Node::Name)) else { continue };
                    let name = Name::new(&tree.name(name_node));
                    let name_place = cx.place(self, name_node);
                    let Some(block) = tree.child(member, Node::Body) else { continue };
                    let Some(field) = self.settable(schema, row, name, name_place, what) else {
                        given.push((name, name_place));
                        continue;
                    };
                    match field.ty {
                        FieldType::List(of) | FieldType::Set(of) => {
                            let of = self.schema_of(schema).ty(of);
                            let (code, below) = self.block_value(cx, block, Target { schema, ty: of, sensitive: field.sensitive }, name.text());
                            let part = ListPart::Element { code, drop_absent: false };
                            given.push((name, name_place));
                            match lists.iter_mut().find(|list| list.0 == name) {
                                Some(list) => {
                                    list.2.push(part);
                                    list.3 = list.3.max(below.deep());
                                }
                                None => lists.push((name, name_place, vec![part], below.deep())),
                            }
                        }
                        _ => {
                            self.set_once(&mut given, name, name_place);
                            let (code, below) = self.block_value(cx, block, Target { schema, ty: field.ty, sensitive: field.sensitive }, name.text());
                            set.fields.push((name, Rc::new(below)));
                            parts.push(RecordPart::Field { name, code, maybe: false });
                        }
                    }
                }
                Node::IfElement => {
                    let mut children = tree.children(member);
                    let (Some(condition_node), Some(inner)) = (children.next(), children.next()) else { continue };
                    let condition = self.check_expr(cx, condition_node, &Ty::bool());
                    let mark = cx.narrowed.len();
                    self.narrow(cx, condition_node, true);
                    if tree.kind(inner) == Node::Field
                        && let Some(name_node) = tree.child(inner, Node::FieldPath).and_then(|path| tree.child(path, Node::Name))
                        && let Some(value) = tree.children(inner).nth(1)
                    {
                        let name = Name::new(&tree.name(name_node));
                        let name_place = cx.place(self, name_node);
                        if let Some(field) = self.settable(schema, row, name, name_place, what) {
                            given.push((name, name_place));
                            let (code, _) = self.native_value(cx, value, Target { schema, ty: field.ty, sensitive: field.sensitive }, false, name.text());
                            let nothing = Code::new(at, CodeKind::Const(Value::Absent));
                            parts.push(RecordPart::Field { name, code: Code::new(at, CodeKind::If { condition, then: code, otherwise: nothing }), maybe: true });
                        }
                    } else {
                        self.error("misplaced", at, "only `if c: name = value` may stand here", "write the field after the condition");
                    }
                    cx.narrowed.truncate(mark);
                }
                Node::Spread => {
                    let Some(inner) = tree.children(member).next() else { continue };
                    let (code, ty) = self.infer(cx, inner, None);
                    match &*ty.shape {
                        Shape::Record(record) => {
                            for field_ty in &record.fields {
                                let Some(field) = self.settable(schema, row, field_ty.name, at, what) else { continue };
                                given.push((field_ty.name, at));
                                let part = Code::new(at, CodeKind::Field { of: code.clone(), name: field_ty.name, secret: false });
                                let lowered = self.lower(cx, part, &field_ty.ty, Target { schema, ty: field.ty, sensitive: field.sensitive }, field_ty.ty.optional, at);
                                set.fields.push((field_ty.name, Rc::new(set_of(&field_ty.ty))));
                                parts.push(RecordPart::Field { name: field_ty.name, code: lowered, maybe: true });
                            }
                        }
                        Shape::Unknown(_) => given.extend(self.field_names(schema, row).iter().map(|name| (Name::new(name), at))),
                        _ => {
                            let shown = self.show(&ty);
                            self.error("not_a_record", at, format!("only a record can be spread here, found {shown}"), "spread a record whose fields are those of the native kind");
                        }
                    }
                }
                Node::Annotation | Node::Unclosed | Node::Hole | Node::Bad => {}
                _ => {
                    self.error("misplaced", at, "this cannot stand in the body of a native kind", "a native kind has fields and blocks: `name = value`, `name { … }`");
                }
            }
        }
        for (name, name_place, paths) in nested {
            let Some(field) = self.field(schema, row, name) else { continue };
            let (code, below) = self.native_paths(cx, &paths, Target { schema, ty: field.ty, sensitive: field.sensitive }, name_place, name.text());
            set.fields.push((name, Rc::new(below)));
            parts.push(RecordPart::Field { name, code, maybe: false });
        }
        for (name, name_place, elements, stage) in lists {
            set.fields.push((name, Rc::new(SetTree { stage, fields: Vec::new() })));
            parts.push(RecordPart::Field { name, code: Code::new(name_place, CodeKind::List(elements)), maybe: false });
        }
        let missing: Vec<String> = self
            .schema_of(schema)
            .members(row)
            .filter(|member| member.required && !given.iter().any(|given| given.0.text() == member.name))
            .map(|member| member.name.to_owned())
            .collect();
        // A field under a wrong name is most likely the one that is missing: one mistake is told once.
        let misnamed = self.told.list().iter().skip(told_before).any(|diagnostic| diagnostic.code == "unknown_field");
        if !missing.is_empty() && what != "provider" && !misnamed && tree.errors.is_empty() {
            let list = source::list_of(missing.iter().map(String::as_str));
            self.error("missing_field", place, format!("`{what}` lacks {list}"), format!("add {}", missing.iter().map(|name| format!("`{name} = …`")).collect::<Vec<_>>().join(", ")));
        }
        (Code::new(place, CodeKind::Record(parts)), set)
    }

    fn set_once(&mut self, given: &mut Vec<(Name, Place)>, name: Name, place: Place) {
        if let Some((_, before)) = given.iter().find(|given| given.0 == name) {
            let before = *before;
            self.told.tell(Diagnostic::error("set_twice", place, format!("`{name}` is set twice")).label("set again here").also(before, "set first here").help("remove one of the two"));
        }
        given.push((name, place));
    }

    /// A field that may be set; tells of one that does not exist or that the provider computes.
    fn settable(&mut self, schema: SchemaId, row: Row, name: Name, place: Place, what: &str) -> Option<Field> {
        match self.field(schema, row, name) {
            Some(field) if field.settable => {
                if field.deprecated {
                    self.told.tell(Diagnostic::warning("deprecated", place, format!("`{name}` is deprecated by its maker")).help("look in the maker's documentation for what replaces it"));
                }
                Some(field)
            }
            Some(_) => {
                self.error("computed_field", place, format!("`{name}` is computed by the provider"), "remove it: it can be read, not set");
                None
            }
            None => {
                let names = self.field_names(schema, row);
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                self.unknown_name("unknown_field", place, &format!("`{what}` has no field `{name}`"), name.text(), &names, "its fields are");
                None
            }
        }
    }

    fn block_value(&mut self, cx: &mut Cx, block: NodeId, target: Target, what: &str) -> (Code, SetTree) {
        let place = cx.place(self, block);
        match target.ty {
            FieldType::Record(row) => self.native_row(cx, block, target.schema, row, place, what),
            FieldType::Map(of) => {
                let of = self.schema_of(target.schema).ty(of);
                self.native_map(cx, block, Target { ty: of, ..target }, what)
            }
            FieldType::Any | FieldType::Json => {
                let expected = Ty::map(Ty::string(), Ty::new(Shape::Json));
                let (code, ty) = self.record(cx, block, None);
                let _ = expected;
                let code = self.lower(cx, code, &ty, target, false, place);
                (code, set_of(&ty))
            }
            _ => {
                let told = self.error("type_mismatch", place, format!("`{what}` is a {}, not a block", crate::types::field_type_name(target.ty)), format!("write `{what} = …`"));
                (Code::new(place, CodeKind::Unknown(told)), SetTree::default())
            }
        }
    }

    fn native_paths(&mut self, cx: &mut Cx, paths: &[(Vec<(Name, Place)>, NodeId, bool)], target: Target, place: Place, what: &str) -> (Code, SetTree) {
        let FieldType::Record(row) = target.ty else {
            if let FieldType::Map(of) = target.ty {
                let of = self.schema_of(target.schema).ty(of);
                let mut parts = Vec::new();
                let mut set = SetTree::default();
                for (path, node, maybe) in paths {
                    let name = path.iter().map(|step| step.0.text()).collect::<Vec<_>>().join(".");
                    let (value, below) = self.native_value(cx, *node, Target { ty: of, ..target }, *maybe, &name);
                    set.fields.push((Name::new(&name), Rc::new(below)));
                    parts.push(MapPart::Entry { key: Code::new(place, CodeKind::Const(Value::Text(name.into()))), value, maybe: *maybe });
                }
                return (Code::new(place, CodeKind::Map(parts)), set);
            }
            let told = self.error("not_a_record", place, format!("`{what}` has no fields to set"), "set the whole value with `=`");
            return (Code::new(place, CodeKind::Unknown(told)), SetTree::default());
        };
        let mut groups: Vec<(Name, Place, Vec<(Vec<(Name, Place)>, NodeId, bool)>)> = Vec::new();
        for (path, node, maybe) in paths {
            let Some((first, at)) = path.first().copied() else { continue };
            let rest = path.get(1..).unwrap_or_default().to_vec();
            match groups.iter_mut().find(|group| group.0 == first) {
                Some(group) => group.2.push((rest, *node, *maybe)),
                None => groups.push((first, at, vec![(rest, *node, *maybe)])),
            }
        }
        let mut parts = Vec::new();
        let mut set = SetTree::default();
        for (name, at, group) in groups {
            let Some(field) = self.settable(target.schema, row, name, at, what) else { continue };
            let below = Target { schema: target.schema, ty: field.ty, sensitive: field.sensitive };
            let (code, below) = match group.as_slice() {
                [(rest, node, maybe)] if rest.is_empty() => self.native_value(cx, *node, below, *maybe, name.text()),
                _ => self.native_paths(cx, &group, below, at, name.text()),
            };
            set.fields.push((name, Rc::new(below)));
            parts.push(RecordPart::Field { name, code, maybe: true });
        }
        (Code::new(place, CodeKind::Record(parts)), set)
    }

    /// The value of a native field: literals are followed into the schema, everything else is lowered by its type.
    pub(crate) fn native_value(&mut self, cx: &mut Cx, node: NodeId, target: Target, maybe: bool, what: &str) -> (Code, SetTree) {
        let tree = cx.tree.clone();
        let place = cx.place(self, node);
        match (tree.kind(node), target.ty) {
            (Node::Group, _) => match tree.children(node).next() {
                Some(inner) => self.native_value(cx, inner, target, maybe, what),
                None => (self.broken_expression(cx, node).0, SetTree::default()),
            },
            (Node::Null, _) => (Code::new(place, CodeKind::Const(Value::Null)), SetTree::default()),
            (Node::Record, FieldType::Record(row)) => self.native_row(cx, node, target.schema, row, place, what),
            (Node::Record, FieldType::Map(of)) => {
                let of = self.schema_of(target.schema).ty(of);
                self.native_map(cx, node, Target { ty: of, ..target }, what)
            }
            (Node::List, FieldType::List(of) | FieldType::Set(of)) => {
                let of = self.schema_of(target.schema).ty(of);
                let mut parts = Vec::new();
                let mut set = SetTree::default();
                for element in tree.children(node) {
                    if tree.kind(element) == Node::Unclosed {
                        continue;
                    }
                    let mark = cx.locals.len();
                    let narrowed = cx.narrowed.len();
                    if let Some((part, stage)) = self.native_element(cx, element, Target { ty: of, ..target }, what) {
                        set.stage = set.stage.max(stage);
                        parts.push(part);
                    }
                    cx.unbind(mark);
                    cx.narrowed.truncate(narrowed);
                }
                (Code::new(place, CodeKind::List(parts)), set)
            }
            (Node::If, FieldType::Record(_) | FieldType::List(_) | FieldType::Set(_) | FieldType::Map(_)) => {
                let mut children = tree.children(node);
                let (Some(condition_node), Some(then), Some(otherwise)) = (children.next(), children.next(), children.next()) else {
                    return (self.broken_expression(cx, node).0, SetTree::default());
                };
                let condition = self.check_expr(cx, condition_node, &Ty::bool().at(Stage::Later));
                let mark = cx.narrowed.len();
                self.narrow(cx, condition_node, true);
                let (then, then_set) = self.branch(cx, then, target, maybe, what);
                cx.narrowed.truncate(mark);
                self.narrow(cx, condition_node, false);
                let (otherwise, otherwise_set) = self.branch(cx, otherwise, target, maybe, what);
                cx.narrowed.truncate(mark);
                let stage = then_set.deep().max(otherwise_set.deep());
                (Code::new(place, CodeKind::If { condition, then, otherwise }), SetTree { stage, fields: Vec::new() })
            }
            (_, FieldType::Enum(_)) if tree.kind(node) == Node::Text && self.plain_text(cx, node).is_some() => {
                let text = self.plain_text(cx, node).unwrap_or_default();
                if let FieldType::Enum(values) = target.ty {
                    let allowed: Vec<String> = self.schema_of(target.schema).values(values).map(str::to_owned).collect();
                    if !allowed.contains(&text) {
                        let names: Vec<&str> = allowed.iter().map(String::as_str).collect();
                        let told = self.unknown_name("type_mismatch", place, &format!("`\"{text}\"` is not one of the allowed values of `{what}`"), &text, &names, "allowed are");
                        return (Code::new(place, CodeKind::Unknown(told)), SetTree::default());
                    }
                }
                (Code::new(place, CodeKind::Const(Value::Text(text.into()))), SetTree::default())
            }
            _ => {
                let hint = self.hint(target);
                let (code, ty) = self.infer(cx, node, hint.as_ref());
                let set = set_of(&ty);
                (self.lower(cx, code, &ty, target, maybe, place), set)
            }
        }
    }

    fn branch(&mut self, cx: &mut Cx, node: NodeId, target: Target, maybe: bool, what: &str) -> (Code, SetTree) {
        if cx.tree.kind(node) == Node::NoneValue {
            let place = cx.place(self, node);
            if !maybe {
                self.error("may_be_absent", place, "this may be absent", "leave the field out in that case: write it with `?=`");
            }
            return (Code::new(place, CodeKind::Const(Value::Absent)), SetTree::default());
        }
        self.native_value(cx, node, target, maybe, what)
    }

    /// What a literal may be read as.
    fn hint(&self, target: Target) -> Option<Ty> {
        match target.ty {
            FieldType::Cidr => Some(Ty::scalar(Scalar::Cidr)),
            FieldType::Ip => Some(Ty::scalar(Scalar::Ip)),
            _ => None,
        }
    }

    fn native_element(&mut self, cx: &mut Cx, node: NodeId, of: Target, what: &str) -> Option<(ListPart, Stage)> {
        let tree = cx.tree.clone();
        match tree.kind(node) {
            Node::ForElement => {
                let mut loops: Vec<Loop> = tree.all(node, Node::ForHeader).collect::<Vec<_>>().into_iter().map(|header| self.loop_header(cx, header, false).0).collect();
                let condition = tree.child(node, Node::IfHeader).and_then(|header| tree.children(header).next()).map(|condition| {
                    let code = self.check_expr(cx, condition, &Ty::bool());
                    self.narrow(cx, condition, true);
                    code
                });
                let inner = tree.children(node).last()?;
                let (part, stage) = self.native_element(cx, inner, of, what)?;
                let mut part = ListPart::For { each: loops.pop()?, condition, part: Box::new(part) };
                while let Some(each) = loops.pop() {
                    part = ListPart::For { each, condition: None, part: Box::new(part) };
                }
                Some((part, stage))
            }
            Node::IfElement => {
                let mut children = tree.children(node);
                let (condition_node, inner) = (children.next()?, children.next()?);
                let condition = self.check_expr(cx, condition_node, &Ty::bool());
                self.narrow(cx, condition_node, true);
                let (part, stage) = self.native_element(cx, inner, of, what)?;
                Some((ListPart::If { condition, part: Box::new(part) }, stage))
            }
            Node::Spread => {
                let inner = tree.children(node).next()?;
                let place = cx.place(self, inner);
                let (code, ty) = self.infer(cx, inner, None);
                if ty.is_unknown() {
                    return Some((ListPart::Spread(code), Stage::Known));
                }
                let Shape::List(element) = &*ty.shape else {
                    let shown = self.show(&ty);
                    self.error("not_a_collection", place, format!("only a list can be spread in a list, found {shown}"), "put a single value as an element");
                    return None;
                };
                let element = element.clone();
                let slot = cx.bind(Name::new(""), element.clone());
                let lowered = self.lower(cx, Code::new(place, CodeKind::Local(slot)), &element, of, false, place);
                if matches!(*lowered.kind, CodeKind::Local(_)) {
                    return Some((ListPart::Spread(code), ty.deep_stage()));
                }
                let each = Loop { key: None, value: slot, collection: code };
                Some((ListPart::For { each, condition: None, part: Box::new(ListPart::Element { code: lowered, drop_absent: false }) }, ty.deep_stage()))
            }
            Node::Bad | Node::Hole => {
                let _ = self.broken(cx.at, &tree, node);
                None
            }
            _ => {
                let (code, set) = self.native_value(cx, node, of, false, what);
                Some((ListPart::Element { code, drop_absent: false }, set.deep()))
            }
        }
    }

    fn native_map(&mut self, cx: &mut Cx, node: NodeId, of: Target, what: &str) -> (Code, SetTree) {
        let tree = cx.tree.clone();
        let place = cx.place(self, node);
        let mut parts = Vec::new();
        let mut set = SetTree::default();
        for member in tree.children(node) {
            if matches!(tree.kind(member), Node::Unclosed | Node::Annotation) {
                continue;
            }
            let mark = cx.locals.len();
            let narrowed = cx.narrowed.len();
            if let Some(part) = self.native_map_part(cx, member, of, what, &mut set) {
                parts.push(part);
            }
            cx.unbind(mark);
            cx.narrowed.truncate(narrowed);
        }
        (Code::new(place, CodeKind::Map(parts)), set)
    }

    fn native_map_part(&mut self, cx: &mut Cx, node: NodeId, of: Target, what: &str, set: &mut SetTree) -> Option<MapPart> {
        let tree = cx.tree.clone();
        let place = cx.place(self, node);
        match tree.kind(node) {
            Node::Field => {
                let path = tree.child(node, Node::FieldPath)?;
                let name = tree.all(path, Node::Name).map(|name| tree.name(name)).collect::<Vec<_>>().join(".");
                let value_node = tree.children(node).nth(1)?;
                let maybe = tree.has(node, flag::MAYBE);
                let (value, below) = self.native_value(cx, value_node, of, maybe, &name);
                set.fields.push((Name::new(&name), Rc::new(below)));
                let key = Code::new(cx.place(self, path), CodeKind::Const(Value::Text(name.into())));
                Some(MapPart::Entry { key, value, maybe })
            }
            Node::Shorthand => {
                let name = tree.name(tree.child(node, Node::Name)?);
                let (code, ty) = self.resolve_name(cx, Name::new(&name), place, None);
                let value = self.lower(cx, code, &ty, of, false, place);
                set.fields.push((Name::new(&name), Rc::new(set_of(&ty))));
                Some(MapPart::Entry { key: Code::new(place, CodeKind::Const(Value::Text(name.into()))), value, maybe: false })
            }
            Node::Block => {
                let path = tree.child(node, Node::FieldPath)?;
                let name = tree.name(tree.child(path, Node::Name)?);
                let body = tree.child(node, Node::Body)?;
                let (value, below) = self.block_value(cx, body, of, &name);
                set.fields.push((Name::new(&name), Rc::new(below)));
                Some(MapPart::Entry { key: Code::new(place, CodeKind::Const(Value::Text(name.into()))), value, maybe: false })
            }
            Node::KeyValue => {
                let mut children = tree.children(node);
                let (key_node, value_node) = (children.next()?, children.next()?);
                let key = self.check_expr(cx, key_node, &Ty::string());
                let (value, below) = self.native_value(cx, value_node, of, false, what);
                set.stage = set.stage.max(below.deep());
                Some(MapPart::Entry { key, value, maybe: false })
            }
            Node::ForElement => {
                let mut loops: Vec<Loop> = tree.all(node, Node::ForHeader).collect::<Vec<_>>().into_iter().map(|header| self.loop_header(cx, header, false).0).collect();
                let condition = tree.child(node, Node::IfHeader).and_then(|header| tree.children(header).next()).map(|condition| {
                    let code = self.check_expr(cx, condition, &Ty::bool());
                    self.narrow(cx, condition, true);
                    code
                });
                let inner = tree.children(node).last()?;
                let part = self.native_map_part(cx, inner, of, what, set)?;
                let mut part = MapPart::For { each: loops.pop()?, condition, part: Box::new(part) };
                while let Some(each) = loops.pop() {
                    part = MapPart::For { each, condition: None, part: Box::new(part) };
                }
                Some(part)
            }
            Node::IfElement => {
                let mut children = tree.children(node);
                let (condition_node, inner) = (children.next()?, children.next()?);
                let condition = self.check_expr(cx, condition_node, &Ty::bool());
                self.narrow(cx, condition_node, true);
                let part = self.native_map_part(cx, inner, of, what, set)?;
                Some(MapPart::If { condition, part: Box::new(part) })
            }
            Node::Spread => {
                let inner = tree.children(node).next()?;
                let (code, ty) = self.infer(cx, inner, None);
                match &*ty.shape {
                    Shape::Unknown(_) => Some(MapPart::Spread(code)),
                    Shape::Map { .. } | Shape::Record(_) => {
                        set.stage = set.stage.max(ty.deep_stage());
                        let lowered = self.lower_map(cx, code, &ty, of, place)?;
                        Some(MapPart::Spread(lowered))
                    }
                    _ => {
                        let shown = self.show(&ty);
                        self.error("not_a_map", place, format!("only a map can be spread here, found {shown}"), "spread a map or a record");
                        None
                    }
                }
            }
            Node::Bad | Node::Hole => {
                let _ = self.broken(cx.at, &tree, node);
                None
            }
            _ => {
                self.error("misplaced", place, "a map has keys and values", "write `key = value` or `key => value`");
                None
            }
        }
    }

    fn lower_map(&mut self, cx: &mut Cx, code: Code, ty: &Ty, of: Target, place: Place) -> Option<Code> {
        match &*ty.shape {
            Shape::Map { value, .. } => {
                let value = value.clone();
                let key_slot = cx.bind(Name::new(""), Ty::string());
                let slot = cx.bind(Name::new(""), value.clone());
                let lowered = self.lower(cx, Code::new(place, CodeKind::Local(slot)), &value, of, false, place);
                if matches!(*lowered.kind, CodeKind::Local(same) if same == slot) {
                    return Some(code);
                }
                let part = MapPart::Entry { key: Code::new(place, CodeKind::Local(key_slot)), value: lowered, maybe: false };
                let each = Loop { key: Some(key_slot), value: slot, collection: code };
                Some(Code::new(place, CodeKind::Map(vec![MapPart::For { each, condition: None, part: Box::new(part) }])))
            }
            Shape::Record(record) => {
                let record = record.clone();
                let mut parts = Vec::new();
                for field in &record.fields {
                    let part = Code::new(place, CodeKind::Field { of: code.clone(), name: field.name, secret: false });
                    let value = self.lower(cx, part, &field.ty, of, field.ty.optional, place);
                    parts.push(MapPart::Entry { key: Code::new(place, CodeKind::Const(Value::Text(field.name.text().into()))), value, maybe: field.ty.optional });
                }
                Some(Code::new(place, CodeKind::Map(parts)))
            }
            _ => None,
        }
    }

    /// Brings a value of the language to the vocabulary of a target.
    pub(crate) fn lower(&mut self, cx: &mut Cx, code: Code, ty: &Ty, target: Target, maybe: bool, place: Place) -> Code {
        if ty.is_unknown() {
            return code;
        }
        if matches!(*ty.shape, Shape::Null) {
            return code;
        }
        if ty.optional || matches!(*ty.shape, Shape::None) {
            if !maybe {
                let told = self.error("may_be_absent", place, "this may be absent", "leave the field out in that case: write it with `?=`; or say what then with `??`");
                return Code::new(place, CodeKind::Unknown(told));
            }
            if matches!(*ty.shape, Shape::None) {
                return code;
            }
            let inner = ty.clone().present();
            let slot = cx.bind(Name::new(""), inner.clone());
            let lowered = self.lower(cx, Code::new(place, CodeKind::Local(slot)), &inner, target, false, place);
            if matches!(*lowered.kind, CodeKind::Local(same) if same == slot) {
                return code;
            }
            return Code::new(place, CodeKind::IfPresent { of: code, slot, then: lowered });
        }
        if ty.stage == Stage::Secret && !target.sensitive {
            let told = self.told.tell(
                Diagnostic::error("secret_exposed", place, "a secret cannot stand here, where it would be shown")
                    .help("its maker does not mark this field as sensitive: put the secret where one belongs, or show only its `fingerprint(x)`"),
            );
            return Code::new(place, CodeKind::Unknown(told));
        }
        match self.try_lower(cx, code, ty, target, place) {
            Ok(code) => code,
            Err(told) => Code::new(place, CodeKind::Unknown(told)),
        }
    }

    fn try_lower(&mut self, cx: &mut Cx, code: Code, ty: &Ty, target: Target, place: Place) -> Result<Code, source::Told> {
        if let Shape::Union(parts) = &*ty.shape
            && ty.as_scalar().is_none()
        {
            // Each part must be the same in the target as it stands; only then does one code serve all.
            for part in parts {
                let lowered = self.try_lower(cx, code.clone(), part, target, place)?;
                if lowered.kind_differs(&code) {
                    let shown = self.show(ty);
                    return Err(self.error("type_mismatch", place, format!("a {shown} cannot be written to one native field"), "decide with `match` which it is"));
                }
            }
            return Ok(code);
        }
        let scalar = ty.as_scalar();
        let forms: &[&str] = match target.ty {
            FieldType::String | FieldType::Enum(_) | FieldType::Json => &["string"],
            FieldType::Number => &["number", "int"],
            FieldType::Int => &["int"],
            FieldType::Bool => &["bool"],
            FieldType::Quantity => &["quantity"],
            FieldType::IntOrString => &["int_or_string", "int"],
            FieldType::Ip | FieldType::Cidr => &["string"],
            FieldType::DurationText => &["duration"],
            FieldType::DurationMilliseconds => &["milliseconds"],
            FieldType::DurationSeconds => &["seconds"],
            FieldType::DurationMinutes => &["minutes"],
            FieldType::DurationHours => &["hours"],
            FieldType::DurationDays => &["days"],
            FieldType::SizeBytes => &["bytes"],
            FieldType::SizeMebibytes => &["mebibytes"],
            FieldType::SizeGibibytes => &["gibibytes"],
            FieldType::Any => return self.lower_any(cx, code, ty, target, place),
            FieldType::List(of) | FieldType::Set(of) => {
                let of = self.schema_of(target.schema).ty(of);
                return self.lower_list(cx, code, ty, Target { ty: of, ..target }, place);
            }
            FieldType::Map(of) => {
                let of = self.schema_of(target.schema).ty(of);
                return match self.lower_map(cx, code, ty, Target { ty: of, ..target }, place) {
                    Some(code) => Ok(code),
                    None => Err(self.no_lowering(ty, target, place)),
                };
            }
            FieldType::Record(row) => return self.lower_record(cx, code, ty, target, row, place),
        };
        let Some(scalar) = scalar else { return Err(self.no_lowering(ty, target, place)) };
        let same = match (target.ty, scalar) {
            (FieldType::String | FieldType::Enum(_) | FieldType::Json, scalar) => scalar.is_text(),
            (FieldType::Number, Scalar::Int | Scalar::Decimal) | (FieldType::Int, Scalar::Int) | (FieldType::Bool, Scalar::Bool) => true,
            (FieldType::Quantity, Scalar::Int) | (FieldType::IntOrString, Scalar::Int) => true,
            (FieldType::Quantity | FieldType::IntOrString | FieldType::DurationText, scalar) => scalar.is_text(),
            (
                FieldType::DurationMilliseconds
                | FieldType::DurationSeconds
                | FieldType::DurationMinutes
                | FieldType::DurationHours
                | FieldType::DurationDays
                | FieldType::SizeBytes
                | FieldType::SizeMebibytes
                | FieldType::SizeGibibytes,
                Scalar::Int,
            ) => true,
            (FieldType::Ip | FieldType::Cidr, scalar) if scalar.is_text() => true,
            _ => false,
        };
        if same {
            if let (FieldType::Enum(values), Some(Value::Text(text))) = (target.ty, crate::fit::constant(&code)) {
                let allowed: Vec<String> = self.schema_of(target.schema).values(values).map(str::to_owned).collect();
                if !allowed.iter().any(|allowed| **allowed == **text) {
                    let text = text.to_string();
                    let names: Vec<&str> = allowed.iter().map(String::as_str).collect();
                    return Err(self.unknown_name("type_mismatch", place, &format!("`\"{text}\"` is not one of the allowed values"), &text, &names, "allowed are"));
                }
            }
            return Ok(code);
        }
        if matches!((target.ty, scalar), (FieldType::Ip, Scalar::Ip) | (FieldType::Cidr, Scalar::Cidr) | (FieldType::String, Scalar::Ip | Scalar::Cidr)) {
            return Ok(Code::new(place, CodeKind::Convert { how: Conversion::ToText, code }));
        }
        for form in forms {
            if let Some(lowered) = self.lowering(code.clone(), scalar, target, form, place) {
                return Ok(lowered);
            }
        }
        Err(self.no_lowering(ty, target, place))
    }

    /// A function of the table that spells this scalar for this target.
    fn lowering(&mut self, code: Code, scalar: Scalar, target: Target, form: &str, place: Place) -> Option<Code> {
        let maker = self.target_name(target.schema);
        let candidates: Vec<crate::checked::FunctionId> =
            self.lowerings.iter().filter(|(key, _)| key.0 == maker && key.1.text() == form).map(|(_, function)| *function).collect();
        for function in candidates {
            let info = self.function_info(function);
            if info.parameters.first().is_some_and(|parameter| parameter.ty.as_scalar() == Some(scalar)) {
                self.need(Work::Function(function));
                return Some(Code::new(place, CodeKind::Call { function, args: vec![code] }));
            }
        }
        None
    }

    fn no_lowering(&mut self, ty: &Ty, target: Target, place: Place) -> source::Told {
        let shown = self.show(&Ty { stage: Stage::Known, ..ty.clone() });
        let wanted = crate::types::field_type_name(target.ty);
        let help = match (ty.as_scalar(), target.ty) {
            (Some(Scalar::Int | Scalar::Decimal | Scalar::Bool), FieldType::String) => "put it in quotes, or in a text: `\"${x}\"`".to_owned(),
            (Some(scalar), FieldType::Int | FieldType::Number) if scalar.is_text() => "write the number without quotes, or read it: `int(x)`".to_owned(),
            (Some(Scalar::Size | Scalar::Duration), FieldType::Int | FieldType::Number) => "say the unit that is counted: `.in(1GiB)`, `.seconds`".to_owned(),
            (Some(_), FieldType::List(_) | FieldType::Set(_)) => "put it in brackets: `[…]`".to_owned(),
            (_, FieldType::Record(_)) => "write it as a block: `name { … }`".to_owned(),
            (None, FieldType::String) if ty.kind().is_some() || matches!(*ty.shape, Shape::Native(_)) => "name one of its fields, such as `.id`".to_owned(),
            _ => format!("give it a {wanted}"),
        };
        if shown == wanted {
            let (form, maker) = (form_name(target.ty), self.target_name(target.schema));
            return self.error("no_spelling", place, format!("nothing says how a {shown} is spelt here for {maker}"), format!("declare it: `@lower(\"{maker}\", \"{form}\") fn …(x: {shown}) -> int = …`"));
        }
        self.error("type_mismatch", place, format!("expected {wanted}, found {shown}"), help)
    }

    fn lower_list(&mut self, cx: &mut Cx, code: Code, ty: &Ty, of: Target, place: Place) -> Result<Code, source::Told> {
        let Shape::List(element) = &*ty.shape else {
            let shown = self.show(&Ty { stage: Stage::Known, ..ty.clone() });
            return Err(self.error("type_mismatch", place, format!("expected list, found {shown}"), "put it in brackets: `[…]`"));
        };
        let element = element.clone();
        if ty.stage != Stage::Known {
            // A list whose length is known later is passed on whole.
            return Ok(code);
        }
        let slot = cx.bind(Name::new(""), element.clone());
        let lowered = self.lower(cx, Code::new(place, CodeKind::Local(slot)), &element, of, false, place);
        if matches!(*lowered.kind, CodeKind::Local(same) if same == slot) {
            return Ok(code);
        }
        if let CodeKind::Unknown(told) = *lowered.kind {
            return Err(told);
        }
        let each = Loop { key: None, value: slot, collection: code };
        Ok(Code::new(place, CodeKind::List(vec![ListPart::For { each, condition: None, part: Box::new(ListPart::Element { code: lowered, drop_absent: false }) }])))
    }

    fn lower_record(&mut self, cx: &mut Cx, code: Code, ty: &Ty, target: Target, row: Row, place: Place) -> Result<Code, source::Told> {
        match &*ty.shape {
            Shape::Row { row: given, schema, .. } if *given == row && *schema == target.schema => Ok(code),
            Shape::Record(record) => {
                let record = record.clone();
                let mut parts = Vec::new();
                for field in &record.fields {
                    let Some(member) = self.settable(target.schema, row, field.name, place, "this block") else { continue };
                    let part = Code::new(place, CodeKind::Field { of: code.clone(), name: field.name, secret: false });
                    let below = Target { schema: target.schema, ty: member.ty, sensitive: member.sensitive };
                    let value = self.lower(cx, part, &field.ty, below, field.ty.optional, place);
                    parts.push(RecordPart::Field { name: field.name, code: value, maybe: true });
                }
                Ok(Code::new(place, CodeKind::Record(parts)))
            }
            _ => Err(self.no_lowering(ty, target, place)),
        }
    }

    /// Into a part whose fields the maker left open: scalars as texts and numbers, the rest as it is.
    fn lower_any(&mut self, cx: &mut Cx, code: Code, ty: &Ty, target: Target, place: Place) -> Result<Code, source::Told> {
        match (&*ty.shape, ty.as_scalar()) {
            (_, Some(scalar)) if scalar.is_text() || matches!(scalar, Scalar::Int | Scalar::Bool | Scalar::Decimal) => Ok(code),
            (_, Some(Scalar::Ip | Scalar::Cidr)) => Ok(Code::new(place, CodeKind::Convert { how: Conversion::ToText, code })),
            (_, Some(scalar)) => match self.lowering(code, scalar, target, "string", place) {
                Some(code) => Ok(code),
                None => Err(self.no_lowering(ty, Target { ty: FieldType::String, ..target }, place)),
            },
            (Shape::List(_), _) => self.lower_list(cx, code, ty, target, place),
            (Shape::Map { .. } | Shape::Record(_), _) => match self.lower_map(cx, code, ty, target, place) {
                Some(code) => Ok(code),
                None => Err(self.no_lowering(ty, target, place)),
            },
            (Shape::Json | Shape::Row { .. } | Shape::Null, _) => Ok(code),
            _ => Err(self.no_lowering(ty, target, place)),
        }
    }

    /// Reads a member of a native instance or of a block in one.
    #[expect(clippy::too_many_arguments, reason = "one read has as many sides")]
    pub(crate) fn native_member(&mut self, code: Code, schema: SchemaId, row: Row, name: Name, place: Place, set: Option<&SetTree>, what: &str, whole: bool) -> (Code, Ty) {
        let Some(field) = self.field(schema, row, name) else {
            let names = self.field_names(schema, row);
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let told = self.unknown_name("unknown_field", place, &format!("{what} has no field `{name}`"), name.text(), &names, "it has");
            return self.unknown(place, told);
        };
        let below = set.and_then(|set| set.field(name)).cloned();
        let mut ty = self.read_type(schema, field.ty, below.clone());
        let stage = if field.sensitive { Stage::Secret } else { crate::statements::stage_of(below.as_deref()) };
        if !matches!(*ty.shape, Shape::Row { .. }) {
            ty.stage = ty.stage.max(stage);
        }
        let secret = field.sensitive;
        let kind = if whole { CodeKind::NativeField { of: code, name, secret } } else { CodeKind::Field { of: code, name, secret } };
        let code = Code::new(place, kind);
        // Makers keep addresses as texts; the overlay says which of them are read as addresses.
        let code = match field.ty {
            FieldType::Ip => Code::new(place, CodeKind::Convert { how: Conversion::FromText(Scalar::Ip), code }),
            FieldType::Cidr => Code::new(place, CodeKind::Convert { how: Conversion::FromText(Scalar::Cidr), code }),
            _ => code,
        };
        // A block that stands once is a record to the user and a list or set to some makers.
        if matches!(field.nesting, Nesting::List | Nesting::Set) && matches!(field.ty, FieldType::Record(_)) {
            return (Code::new(place, CodeKind::FirstBlock(code)), ty);
        }
        (code, ty)
    }

    /// The type that a native field has when it is read.
    fn read_type(&mut self, schema: SchemaId, ty: FieldType, set: Option<Rc<SetTree>>) -> Ty {
        match ty {
            FieldType::Ip => Ty::scalar(Scalar::Ip),
            FieldType::Cidr => Ty::scalar(Scalar::Cidr),
            FieldType::String | FieldType::Quantity | FieldType::Enum(_) | FieldType::DurationText | FieldType::Json => Ty::string(),
            FieldType::Number => Ty::scalar(Scalar::Decimal),
            FieldType::Int
            | FieldType::DurationMilliseconds
            | FieldType::DurationSeconds
            | FieldType::DurationMinutes
            | FieldType::DurationHours
            | FieldType::DurationDays
            | FieldType::SizeBytes
            | FieldType::SizeMebibytes
            | FieldType::SizeGibibytes => Ty::int(),
            FieldType::Bool => Ty::bool(),
            FieldType::Any | FieldType::IntOrString => Ty::new(Shape::Json),
            FieldType::List(of) | FieldType::Set(of) => {
                let of = self.schema_of(schema).ty(of);
                let stage = crate::statements::stage_of(set.as_deref());
                Ty::list(self.read_type(schema, of, None).lifted(stage))
            }
            FieldType::Map(of) => {
                let of = self.schema_of(schema).ty(of);
                let stage = crate::statements::stage_of(set.as_deref());
                Ty::map(Ty::string(), self.read_type(schema, of, None).lifted(stage))
            }
            FieldType::Record(row) => Ty::new(Shape::Row { schema, row, set }),
        }
    }
}

/// The form that the table of spellings calls a field type.
fn form_name(ty: FieldType) -> &'static str {
    match ty {
        FieldType::DurationText => "duration",
        FieldType::DurationMilliseconds => "milliseconds",
        FieldType::DurationSeconds => "seconds",
        FieldType::DurationMinutes => "minutes",
        FieldType::DurationHours => "hours",
        FieldType::DurationDays => "days",
        FieldType::SizeBytes => "bytes",
        FieldType::SizeMebibytes => "mebibytes",
        FieldType::SizeGibibytes => "gibibytes",
        FieldType::Quantity => "quantity",
        FieldType::IntOrString => "int_or_string",
        FieldType::Int => "int",
        FieldType::Number => "number",
        FieldType::Bool => "bool",
        FieldType::String | FieldType::Enum(_) | FieldType::Json | FieldType::Any | FieldType::Ip | FieldType::Cidr | FieldType::List(_) | FieldType::Set(_) | FieldType::Map(_) | FieldType::Record(_) => "string",
    }
}

impl Code {
    fn kind_differs(&self, other: &Code) -> bool {
        self.place != other.place || std::mem::discriminant(&*self.kind) != std::mem::discriminant(&*other.kind)
    }
}

fn owned(member: &Member<'_>) -> Field {
    Field {
        ty: member.ty,
        settable: member.required || member.optional,
        sensitive: member.sensitive || member.write_only,
        nesting: member.nesting,
        deprecated: member.deprecated,
    }
}

/// What a value of this type sets.
fn set_of(ty: &Ty) -> SetTree {
    match &*ty.shape {
        Shape::Record(record) => SetTree { stage: ty.stage, fields: record.fields.iter().map(|field| (field.name, Rc::new(set_of(&field.ty)))).collect() },
        _ => SetTree { stage: ty.deep_stage(), fields: Vec::new() },
    }
}
