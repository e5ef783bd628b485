//! Bodies of native resources and arguments of providers, checked against the row of their schema.

use std::rc::Rc;

use schema::{FieldType, Row};
use source::{Diagnostic, Name, Place};
use syntax::{Kind as Node, NodeId, flag};
use value::Value;

use super::{Field, Target, set_of};
use crate::checked::SchemaId;
use crate::checker::{Checker, Cx};
use crate::code::{Code, CodeKind, ListPart, MapPart, RecordPart};
use crate::paths::PathValue;
use crate::spreads::{Given, part_of};
use crate::types::{SetTree, Shape, Stage, Ty};

/// The blocks of one list or set: its name, where the first stands, the elements, and what each of them sets.
type Blocks = (Name, Place, Vec<ListPart>, Vec<Rc<SetTree>>);

impl Checker<'_> {
    /// The body of a native instance.
    pub(crate) fn native_body(
        &mut self,
        cx: &mut Cx,
        body: NodeId,
        schema: SchemaId,
        row: Row,
        place: Place,
        what: &str,
    ) -> (Code, SetTree) {
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
            let text = tree
                .children(member)
                .nth(1)
                .filter(|value| tree.kind(*value) == Node::Text)
                .and_then(|value| self.plain_text(cx, value));
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

    pub(super) fn loose_member(&mut self, cx: &mut Cx, member: NodeId) -> Option<(Name, Code)> {
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

    #[expect(
        clippy::too_many_lines,
        reason = "one body read member by member; it falls apart when `check` answers declaration by declaration"
    )]
    pub(super) fn native_row(
        &mut self,
        cx: &mut Cx,
        body: NodeId,
        schema: SchemaId,
        row: Row,
        place: Place,
        what: &str,
    ) -> (Code, SetTree) {
        let tree = cx.tree.clone();
        let mut parts: Vec<RecordPart> = Vec::new();
        let mut set = SetTree::default();
        let mut given = Given::default();
        let mut lists: Vec<Blocks> = Vec::new();
        let mut nested: Vec<PathValue> = Vec::new();
        let told_before = self.told.list().len();
        for member in tree.children(body) {
            let at = cx.place(self, member);
            match tree.kind(member) {
                Node::Field => {
                    let Some(path) = tree.child(member, Node::FieldPath) else { continue };
                    let names = self.path_names(cx, &tree, path);
                    let Some(value) = tree.children(member).nth(1) else { continue };
                    let Some((name, name_place)) = names.first().copied() else { continue };
                    let maybe = tree.has(member, flag::MAYBE);
                    if what == "provider"
                        && matches!(name.text(), "source" | "version")
                        && self.field(schema, row, name).is_none()
                    {
                        continue;
                    }
                    let Some(field) = self.settable(schema, row, name, name_place, what) else {
                        given.adds(name, name_place);
                        let _ = self.infer(cx, value, None);
                        continue;
                    };
                    if names.len() > 1 {
                        nested.push(PathValue { path: names, value, maybe });
                        continue;
                    }
                    self.gives(&mut given, name, name_place);
                    if maybe && field.required {
                        self.error(
                            "may_be_absent",
                            name_place,
                            format!("`{what}` needs `{name}`, and `?=` leaves it out when the value is absent"),
                            format!("write `{name} = …`, and say what then: `x ?? …`"),
                        );
                    }
                    let target = Target { schema, ty: field.ty, sensitive: field.takes_secret };
                    let (code, below) = self.native_value(cx, value, target, maybe, name.text());
                    set.fields.push((name, Rc::new(below)));
                    parts.push(RecordPart::Field { name, code, maybe: true });
                }
                Node::Shorthand => {
                    let Some(name_node) = tree.child(member, Node::Name) else { continue };
                    let name = Name::new(&tree.name(name_node));
                    let Some(field) = self.settable(schema, row, name, at, what) else {
                        given.adds(name, at);
                        continue;
                    };
                    self.gives(&mut given, name, at);
                    let (code, ty) = self.resolve_name(cx, name, at, None);
                    let target = Target { schema, ty: field.ty, sensitive: field.takes_secret };
                    let code = self.lower(cx, code, &ty, target, false, at);
                    set.fields.push((name, Rc::new(set_of(&ty))));
                    parts.push(RecordPart::Field { name, code, maybe: true });
                }
                Node::Block => {
                    let Some(name_node) =
                        tree.child(member, Node::FieldPath).and_then(|path| tree.child(path, Node::Name))
                    else {
                        continue;
                    };
                    let name = Name::new(&tree.name(name_node));
                    let name_place = cx.place(self, name_node);
                    let Some(block) = tree.child(member, Node::Body) else { continue };
                    let Some(field) = self.settable(schema, row, name, name_place, what) else {
                        given.adds(name, name_place);
                        continue;
                    };
                    match field.ty {
                        FieldType::List(of) | FieldType::Set(of) => {
                            let of = self.schema_of(schema).ty(of);
                            let (code, below) = self.block_value(
                                cx,
                                block,
                                Target { schema, ty: of, sensitive: field.takes_secret },
                                name.text(),
                            );
                            let part = ListPart::Element { code, drop_absent: false };
                            given.adds(name, name_place);
                            match lists.iter_mut().find(|list| list.0 == name) {
                                Some(list) => {
                                    list.2.push(part);
                                    list.3.push(Rc::new(below));
                                }
                                None => lists.push((name, name_place, vec![part], vec![Rc::new(below)])),
                            }
                        }
                        _ => {
                            self.gives(&mut given, name, name_place);
                            let (code, below) = self.block_value(
                                cx,
                                block,
                                Target { schema, ty: field.ty, sensitive: field.takes_secret },
                                name.text(),
                            );
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
                        && let Some(name_node) =
                            tree.child(inner, Node::FieldPath).and_then(|path| tree.child(path, Node::Name))
                        && let Some(value) = tree.children(inner).nth(1)
                    {
                        let name = Name::new(&tree.name(name_node));
                        let name_place = cx.place(self, name_node);
                        if let Some(field) = self.settable(schema, row, name, name_place, what) {
                            given.adds(name, name_place);
                            let (code, _) = self.native_value(
                                cx,
                                value,
                                Target { schema, ty: field.ty, sensitive: field.takes_secret },
                                false,
                                name.text(),
                            );
                            let nothing = Code::new(at, CodeKind::Const(Value::Absent));
                            parts.push(RecordPart::Field {
                                name,
                                code: Code::new(at, CodeKind::If { condition, then: code, otherwise: nothing }),
                                maybe: true,
                            });
                        }
                    } else {
                        self.error(
                            "misplaced",
                            at,
                            "only `if c: name = value` may stand here",
                            "write the field after the condition",
                        );
                    }
                    cx.narrowed.truncate(mark);
                }
                Node::Spread => {
                    let Some(inner) = tree.children(member).next() else { continue };
                    let (code, ty) = self.infer_spread(cx, inner);
                    match &*ty.shape {
                        Shape::Record(record) => {
                            for field_ty in &record.fields {
                                let Some(field) = self.settable(schema, row, field_ty.name, at, what) else { continue };
                                self.gives_spread(&mut given, field_ty, at);
                                let part = part_of(&code, field_ty.name, at);
                                let lowered = self.lower(
                                    cx,
                                    part,
                                    &field_ty.ty,
                                    Target { schema, ty: field.ty, sensitive: field.takes_secret },
                                    field_ty.ty.optional,
                                    at,
                                );
                                set.fields.push((field_ty.name, Rc::new(set_of(&field_ty.ty))));
                                parts.push(RecordPart::Field { name: field_ty.name, code: lowered, maybe: true });
                            }
                        }
                        Shape::Unknown(_) => {
                            for name in self.field_names(schema, row) {
                                given.adds(Name::new(&name), at);
                            }
                        }
                        shape => self.tell_no_record(
                            cx,
                            inner,
                            shape,
                            "TYPE",
                            "spread a record whose fields are those of the native kind",
                        ),
                    }
                }
                Node::Annotation | Node::Unclosed | Node::Hole | Node::Bad => {}
                _ => {
                    self.error(
                        "misplaced",
                        at,
                        "this cannot stand in the body of a native kind",
                        "a native kind has fields and blocks: `name = value`, `name { … }`",
                    );
                }
            }
        }
        for group in self.grouped(&nested) {
            let (name, name_place) = (group.name, group.place);
            self.gives_part(&mut given, name, name_place);
            let Some(field) = self.field(schema, row, name) else { continue };
            let (code, below) = self.native_paths(
                cx,
                &group.values,
                Target { schema, ty: field.ty, sensitive: field.takes_secret },
                name_place,
                name.text(),
            );
            set.fields.push((name, Rc::new(below)));
            parts.push(RecordPart::Field { name, code, maybe: false });
        }
        for (name, name_place, mut elements, mut sets) in lists {
            let mut stage = Stage::Known;
            // Blocks are more elements of a list that is set or spread.
            let set_before =
                parts.iter().rposition(|part| matches!(part, RecordPart::Field { name: of, .. } if *of == name));
            if let Some(RecordPart::Field { code, .. }) = set_before.map(|at| parts.remove(at)) {
                elements.insert(0, ListPart::Spread(code));
                if let Some((_, list)) = set.fields.iter().rfind(|field| field.0 == name) {
                    stage = list.stage;
                    sets.extend(list.element.clone());
                }
            }
            set.fields.push((name, Rc::new(SetTree::of_list(stage, sets))));
            parts.push(RecordPart::Field { name, code: Code::new(name_place, CodeKind::List(elements)), maybe: false });
        }
        let missing: Vec<String> = self
            .schema_of(schema)
            .members(row)
            .filter(|member| member.required && !given.has(Name::new(member.name)))
            .map(|member| member.name.to_owned())
            .collect();
        self.whole(schema, row, place, &mut parts);
        // A field under a wrong name is most likely the one that is missing: one mistake is told once.
        let misnamed = self.told.list().iter().skip(told_before).any(|diagnostic| diagnostic.code == "unknown_field");
        if !missing.is_empty() && what != "provider" && !misnamed && tree.errors.is_empty() {
            let list = source::list_of(missing.iter().map(String::as_str));
            self.error(
                "missing_field",
                place,
                format!("`{what}` lacks {list}"),
                format!("add {}", missing.iter().map(|name| format!("`{name} = …`")).collect::<Vec<_>>().join(", ")),
            );
        }
        // What overrides what is spread says when the field is known.
        set.fields.reverse();
        (Code::new(place, CodeKind::Record(parts)), set)
    }

    /// Where the target takes whole objects only, what is not set, or is absent, is null.
    pub(super) fn whole(&self, schema: SchemaId, row: Row, place: Place, parts: &mut Vec<RecordPart>) {
        let nulls = self.schema_of(schema).members(row).filter(|member| member.nullable).map(|member| {
            let code = Code::new(place, CodeKind::Const(Value::Null));
            RecordPart::Field { name: Name::new(member.name), code, maybe: true }
        });
        // What stands behind overrides it.
        parts.splice(0..0, nulls.collect::<Vec<_>>());
    }

    /// A field that may be set; tells of one that does not exist or that the provider computes.
    pub(super) fn settable(
        &mut self,
        schema: SchemaId,
        row: Row,
        name: Name,
        place: Place,
        what: &str,
    ) -> Option<Field> {
        match self.field(schema, row, name) {
            Some(field) if field.settable => {
                if field.deprecated {
                    self.told.tell(
                        Diagnostic::warning("deprecated", place, format!("`{name}` is deprecated by its maker"))
                            .help("look in the maker's documentation for what replaces it"),
                    );
                }
                // Makers rarely mark the credentials of a provider's configuration.
                let is_credential = what == "provider" && source::is_called_secret(name.text());
                Some(Field {
                    sensitive: field.sensitive || is_credential,
                    takes_secret: field.takes_secret || is_credential,
                    ..field
                })
            }
            Some(_) => {
                self.error(
                    "computed_field",
                    place,
                    format!("`{name}` is computed by the provider"),
                    "remove it: it can be read, not set",
                );
                None
            }
            None => {
                let names = self.field_names(schema, row);
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                self.unknown_name(
                    "unknown_field",
                    place,
                    &format!("`{what}` has no field `{name}`"),
                    name.text(),
                    &names,
                    "its fields are",
                );
                None
            }
        }
    }

    pub(super) fn block_value(&mut self, cx: &mut Cx, block: NodeId, target: Target, what: &str) -> (Code, SetTree) {
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
                let told = self.error(
                    "type_mismatch",
                    place,
                    format!("`{what}` is a {}, not a block", crate::types::field_type_name(target.ty)),
                    format!("write `{what} = …`"),
                );
                (Code::new(place, CodeKind::Unknown(told)), SetTree::default())
            }
        }
    }

    pub(super) fn native_paths(
        &mut self,
        cx: &mut Cx,
        paths: &[PathValue],
        target: Target,
        place: Place,
        what: &str,
    ) -> (Code, SetTree) {
        let FieldType::Record(row) = target.ty else {
            if let FieldType::Map(of) = target.ty {
                let of = self.schema_of(target.schema).ty(of);
                let mut parts = Vec::new();
                let mut set = SetTree::default();
                for PathValue { path, value: node, maybe } in paths {
                    let name = path.iter().map(|step| step.0.text()).collect::<Vec<_>>().join(".");
                    let (value, below) = self.native_value(cx, *node, Target { ty: of, ..target }, *maybe, &name);
                    set.fields.push((Name::new(&name), Rc::new(below)));
                    parts.push(MapPart::Entry {
                        key: Code::new(place, CodeKind::Const(Value::Text(name.into()))),
                        value,
                        maybe: *maybe,
                    });
                }
                return (Code::new(place, CodeKind::Map(parts)), set);
            }
            let told = self.error(
                "not_a_record",
                place,
                format!("`{what}` has no fields to set"),
                "set the whole value with `=`",
            );
            return (Code::new(place, CodeKind::Unknown(told)), SetTree::default());
        };
        let mut parts = Vec::new();
        let mut set = SetTree::default();
        for group in self.grouped(paths) {
            let name = group.name;
            let Some(field) = self.settable(target.schema, row, name, group.place, what) else { continue };
            let below = Target { schema: target.schema, ty: field.ty, sensitive: field.takes_secret };
            let (code, below) = match group.whole() {
                Some(whole) => self.native_value(cx, whole.value, below, whole.maybe, name.text()),
                None => self.native_paths(cx, &group.values, below, group.place, name.text()),
            };
            set.fields.push((name, Rc::new(below)));
            parts.push(RecordPart::Field { name, code, maybe: true });
        }
        self.whole(target.schema, row, place, &mut parts);
        (Code::new(place, CodeKind::Record(parts)), set)
    }
}
