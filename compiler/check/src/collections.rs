//! Literals of lists, maps and records, their elements, and updates of records.

use std::rc::Rc;

use rustc_hash::FxHashSet;
use source::{Name, Place};
use syntax::{Kind as Node, NodeId, flag};
use value::Value;

use crate::braces::Collection;
use crate::checker::{Checker, Cx};
use crate::code::{Code, CodeKind, ListPart, Loop, MapPart, RecordPart, Scalar};
use crate::expressions::has_variables;
use crate::members::Wanted;
use crate::paths::PathValue;
use crate::spreads::{Given, part_of};
use crate::types::{FieldTy, RecordTy, Shape, Stage, Ty};

const UPDATES: Wanted =
    Wanted { place: "in `with`", help: "it replaces fields: `x with { a = 1, b.c = 2 }`", blocks: false };

impl Checker<'_> {
    pub(crate) fn list(&mut self, cx: &mut Cx, node: NodeId, expected: Option<&Ty>) -> (Code, Ty) {
        let tree = cx.tree.clone();
        let place = cx.place(self, node);
        let of = expected.and_then(element_type);
        let by = of.as_ref().and_then(|of| match &*of.shape {
            Shape::By(key, value) => Some((key.clone(), value.clone())),
            _ => None,
        });
        let mut found: Option<Ty> = None;
        let mut parts = Vec::new();
        let has_by = has_by(&tree, node);
        for element in tree.children(node) {
            if tree.kind(element) == Node::Unclosed {
                continue;
            }
            let hint = if has_by { by.as_ref().map(|by| by.1.clone()) } else { of.clone() };
            if let Some((part, ty)) = self.list_part(cx, element, hint.as_ref(), None) {
                found = Some(match found {
                    None => ty,
                    Some(found) => self.join(&found, &ty),
                });
                parts.push(part);
            }
        }
        let target = match (&of, &found) {
            (Some(of), _) if !has_variables(of) && !has_by => {
                let mut of = of.clone();
                if let Some(found) = &found {
                    of = of.staged_like(found);
                }
                of
            }
            (Some(of), Some(found)) if of.optional => found.clone(),
            (_, Some(found)) => found.clone().present(),
            (Some(of), None) => of.clone(),
            (None, None) => Ty::new(Shape::None).maybe(),
        };
        (Code::new(place, CodeKind::List(parts)), Ty::list(target))
    }

    fn list_part(&mut self, cx: &mut Cx, node: NodeId, of: Option<&Ty>, by: Option<NodeId>) -> Option<(ListPart, Ty)> {
        let tree = cx.tree.clone();
        match tree.kind(node) {
            Node::ForElement => {
                let mark = cx.locals.len();
                let narrowed = cx.narrowed.len();
                let (loops, condition) = self.element_loops(cx, node);
                let inner = tree.children(node).last()?;
                let by = tree.child(node, Node::By).or(by);
                let result = self.list_part(cx, inner, of, by);
                cx.unbind(mark);
                cx.narrowed.truncate(narrowed);
                let (part, ty) = result?;
                Some((
                    in_loops(loops, condition, part, |each, condition, part| ListPart::For {
                        each,
                        condition,
                        part: Box::new(part),
                    }),
                    ty,
                ))
            }
            Node::IfElement => {
                let mut children = tree.children(node);
                let (condition_node, inner) = (children.next()?, children.next()?);
                let condition = self.check_expr(cx, condition_node, &Ty::bool());
                let mark = cx.narrowed.len();
                self.narrow(cx, condition_node, true);
                let result = self.list_part(cx, inner, of, by);
                cx.narrowed.truncate(mark);
                let (part, ty) = result?;
                Some((ListPart::If { condition, part: Box::new(part) }, ty))
            }
            Node::Spread => {
                let inner = tree.children(node).next()?;
                let place = cx.place(self, inner);
                let (code, ty) = self.infer(cx, inner, of.map(|of| Ty::list(of.clone())).as_ref());
                match &*ty.shape {
                    Shape::List(given) => {
                        let given = given.clone();
                        if ty.stage != Stage::Known {
                            self.error(
                                "known_later",
                                place,
                                "how many elements this has is known only after apply",
                                "spread a list that the program says itself",
                            );
                        }
                        let code = match of {
                            Some(of) if !has_variables(of) => {
                                self.fit(code, &ty, &Ty::list(of.staged_like(&given)), place, cx)
                            }
                            _ => code,
                        };
                        Some((ListPart::Spread(code), given))
                    }
                    Shape::Unknown(_) => Some((ListPart::Spread(code), ty)),
                    _ => {
                        let shown = self.show(&ty);
                        self.error(
                            "not_a_collection",
                            place,
                            format!("only a list can be spread in a list, found {shown}"),
                            "put a single value as an element; the values of a map are `values(m)`",
                        );
                        None
                    }
                }
            }
            Node::Bad | Node::Hole | Node::Unclosed => {
                let _ = self.broken(cx.at, &tree, node);
                None
            }
            Node::Field | Node::KeyValue => self.named_part(cx, node, of),
            _ => {
                if let Some(by) = by {
                    let (code, ty) = self.infer(cx, node, of);
                    let key_node = tree.children(by).next()?;
                    let (key, key_ty) = self.infer(cx, key_node, None);
                    return Some((ListPart::By { key, code }, Ty::new(Shape::By(key_ty, ty))));
                }
                // A flow with an absent end is no flow; anything else absent must be said.
                let (mut code, ty) = self.infer(cx, node, of);
                let place = cx.place(self, node);
                // A platform that is listed by a `let` is called like it.
                if let (CodeKind::Let(_), Some(Shape::Platform(_))) = (&*code.kind, of.map(|of| &*of.shape)) {
                    let word = tree.text(node).rsplit('.').next().unwrap_or_default().trim().to_owned();
                    let name = Code::new(place, CodeKind::Const(Value::Text(word.into())));
                    code = Code::new(place, CodeKind::Named { name, of: code });
                }
                if matches!(*ty.shape, Shape::Flow) {
                    return Some((ListPart::Element { code, drop_absent: true }, ty.present()));
                }
                let code = match of {
                    Some(of) if !has_variables(of) => {
                        let of = of.lifted(of.stage);
                        let fitted = self.fit(code, &ty, &of, place, cx);
                        if let CodeKind::Unknown(told) = *fitted.kind {
                            return Some((ListPart::Element { code: fitted, drop_absent: false }, Ty::unknown(told)));
                        }
                        fitted
                    }
                    _ => {
                        let may = of.is_some_and(|of| of.optional);
                        if may {
                            return Some((ListPart::Element { code, drop_absent: false }, ty));
                        }
                        if ty.optional && !ty.is_unknown() {
                            self.error(
                                "may_be_absent",
                                place,
                                "this may be absent; a list holds values",
                                "leave it out with `if x != none: x`",
                            );
                        }
                        code
                    }
                };
                Some((ListPart::Element { code, drop_absent: false }, ty.present()))
            }
        }
    }

    /// `name = x` or `k => x` in a list: an element with a name.
    fn named_part(&mut self, cx: &mut Cx, node: NodeId, of: Option<&Ty>) -> Option<(ListPart, Ty)> {
        let tree = cx.tree.clone();
        let mut children = tree.children(node);
        let (label, value) = (children.next()?, children.next()?);
        let platforms = of.is_some_and(|of| matches!(&*of.shape, Shape::Platform(_) | Shape::Unknown(_)));
        let flows = of.is_none_or(|of| matches!(&*of.shape, Shape::Flow) || has_variables(of));
        if !platforms && !flows {
            self.tell_no_name(cx, label, "the elements of this list have no names");
            return None;
        }
        if !platforms && tree.kind(node) == Node::KeyValue && !tree.text(value).contains("->") {
            let place = cx.place(self, value);
            let help = "a flow is written `a -> b.port`; `=>` stands in `match`, in maps and behind a computed name";
            self.error("unexpected_text", place, "`=>` does not fit here", help);
            return None;
        }
        let name = match tree.kind(node) {
            Node::Field => {
                let text = Value::Text(tree.text(label).into());
                Code::new(cx.place(self, label), CodeKind::Const(text))
            }
            _ => self.check_expr(cx, label, &Ty::string()),
        };
        match self.list_part(cx, value, of, None)? {
            (ListPart::Element { code, drop_absent }, ty) if !platforms => match &*code.kind {
                CodeKind::Flow { from, to, name: None } => {
                    let (from, to) = (from.clone(), to.clone());
                    let code = Code::new(code.place, CodeKind::Flow { from, to, name: Some(name) });
                    Some((ListPart::Element { code, drop_absent }, ty))
                }
                _ if ty.is_unknown() => Some((ListPart::Element { code, drop_absent }, ty)),
                _ => {
                    self.tell_no_name(cx, label, "only a flow that is written out can have a name");
                    None
                }
            },
            (ListPart::Element { code, drop_absent }, ty) => {
                // A name that is written wins over that of a `let`.
                let of = match &*code.kind {
                    CodeKind::Named { of, .. } => of.clone(),
                    _ => code,
                };
                let code = Code::new(of.place, CodeKind::Named { name, of });
                Some((ListPart::Element { code, drop_absent }, ty))
            }
            other => Some(other),
        }
    }

    fn tell_no_name(&mut self, cx: &Cx, label: NodeId, message: &str) {
        let place = cx.place(self, label);
        self.error(
            "named_element",
            place,
            message,
            "names have platforms, `on = [aws(…), dublin = aws(…)]`, and flows, `allow = [backup = api -> orders.sql]`",
        );
    }

    /// The loops and the condition of `for x in xs, y in ys if c: …`, their variables bound.
    pub(crate) fn element_loops(&mut self, cx: &mut Cx, node: NodeId) -> (Vec<Loop>, Option<Code>) {
        let tree = cx.tree.clone();
        let headers: Vec<NodeId> = tree.all(node, Node::ForHeader).collect();
        let loops = headers.into_iter().map(|header| self.loop_header(cx, header, false).0).collect();
        let condition =
            tree.child(node, Node::IfHeader).and_then(|header| tree.children(header).next()).map(|condition| {
                let code = self.check_expr(cx, condition, &Ty::bool());
                self.narrow(cx, condition, true);
                code
            });
        (loops, condition)
    }

    /// `{ … }` as an expression: a record or a map, as expected; without an expectation a record, unless it has computed keys.
    pub(crate) fn record(&mut self, cx: &mut Cx, node: NodeId, expected: Option<&Ty>) -> (Code, Ty) {
        let tree = cx.tree.clone();
        let shape = expected.map(|expected| self.collection_meant(cx, node, expected));
        match shape {
            Some(Some(Collection::Map(key, value))) => self.map_literal(cx, node, Some((&key, &value))),
            Some(Some(Collection::Record(record))) => self.record_literal(cx, node, Some(&record)),
            _ => {
                let computed = tree.children(node).any(|member| {
                    matches!(tree.kind(member), Node::KeyValue | Node::ForElement)
                        || (tree.kind(member) == Node::IfElement)
                });
                if computed { self.map_literal(cx, node, None) } else { self.record_literal(cx, node, None) }
            }
        }
    }

    /// The body of a block, where a record (or a map) of this type is expected.
    pub(crate) fn record_body(&mut self, cx: &mut Cx, body: NodeId, expected: &Ty) -> Code {
        let place = cx.place(self, body);
        match self.collection_meant(cx, body, expected) {
            Some(Collection::Record(record)) => self.record_literal(cx, body, Some(&record)).0,
            Some(Collection::Map(key, value)) => self.map_literal(cx, body, Some((&key, &value))).0,
            None => {
                if let Shape::Unknown(told) = &*expected.shape {
                    return Code::new(place, CodeKind::Unknown(*told));
                }
                let shown = self.show(expected);
                let help = match &*expected.shape {
                    Shape::Range(_) => "a range is written `name = 2..6`".to_owned(),
                    Shape::List(_) => "a list is written `name = [ … ]`".to_owned(),
                    Shape::Scalar(Scalar::Port) => "a port is written `name = 8080/tcp`".to_owned(),
                    Shape::Tagged(tagged) => format!(
                        "write one of its cases behind `=`: {}",
                        source::list_of(tagged.cases.iter().map(|case| case.0.text()))
                    ),
                    _ => "write it with `=`".to_owned(),
                };
                let told = self.error("type_mismatch", place, format!("expected {shown}, found a block"), help);
                Code::new(place, CodeKind::Unknown(told))
            }
        }
    }

    #[expect(
        clippy::too_many_lines,
        reason = "one body read member by member; it falls apart when `check` answers declaration by declaration"
    )]
    fn record_literal(&mut self, cx: &mut Cx, node: NodeId, expected: Option<&Rc<RecordTy>>) -> (Code, Ty) {
        let tree = cx.tree.clone();
        let place = cx.place(self, node);
        let mut parts = Vec::new();
        let mut fields = Fields::default();
        let mut given = Given::default();
        let mut nested: Vec<PathValue> = Vec::new();
        let mut misnamed = false;
        for member in tree.children(node) {
            let at = cx.place(self, member);
            match tree.kind(member) {
                Node::Field => {
                    let Some(path) = tree.child(member, Node::FieldPath) else { continue };
                    let names = self.path_names(cx, &tree, path);
                    let Some(value) = tree.children(member).nth(1) else { continue };
                    let Some((name, _)) = names.first().copied() else { continue };
                    let maybe = tree.has(member, flag::MAYBE);
                    let wanted = expected.map(|record| record.fields.iter().find(|field| field.name == name).cloned());
                    if let (Some(None), Some(record)) = (&wanted, expected) {
                        self.no_such_field(cx, record, name, path);
                        misnamed = true;
                        continue;
                    }
                    let wanted = wanted.flatten().map(|field| field.ty);
                    if names.len() > 1 {
                        nested.push(PathValue { path: names, value, maybe });
                        continue;
                    }
                    self.gives(&mut given, name, at);
                    let (code, ty) = match &wanted {
                        Some(wanted) => {
                            let (code, ty) = self.infer(cx, value, Some(wanted));
                            let target = if maybe { wanted.clone().maybe() } else { wanted.clone() };
                            let value_place = cx.place(self, value);
                            let fitted = self.fit(code, &ty, &target, value_place, cx);
                            let ty = if let CodeKind::Unknown(told) = *fitted.kind { Ty::unknown(told) } else { ty };
                            (fitted, ty)
                        }
                        None => self.infer(cx, value, None),
                    };
                    let ty = if maybe { ty.maybe() } else { ty };
                    fields.put(name, ty.clone());
                    parts.push(RecordPart::Field { name, code, maybe: maybe || ty.optional });
                }
                Node::Shorthand => {
                    let Some(name_node) = tree.child(member, Node::Name) else { continue };
                    let name = Name::new(&tree.name(name_node));
                    let wanted = expected.map(|record| record.fields.iter().find(|field| field.name == name).cloned());
                    if let (Some(None), Some(record)) = (&wanted, expected) {
                        self.no_such_field(cx, record, name, name_node);
                        misnamed = true;
                        continue;
                    }
                    self.gives(&mut given, name, at);
                    let (code, ty) = self.resolve_name(cx, name, at, None);
                    let code = match wanted.flatten() {
                        Some(wanted) => self.fit(code, &ty, &wanted.ty, at, cx),
                        None => code,
                    };
                    fields.put(name, ty.clone());
                    parts.push(RecordPart::Field { name, code, maybe: ty.optional });
                }
                Node::Block => {
                    let Some(name_node) =
                        tree.child(member, Node::FieldPath).and_then(|path| tree.child(path, Node::Name))
                    else {
                        continue;
                    };
                    let name = Name::new(&tree.name(name_node));
                    let Some(body) = tree.child(member, Node::Body) else { continue };
                    let wanted = expected.map(|record| record.fields.iter().find(|field| field.name == name).cloned());
                    if let (Some(None), Some(record)) = (&wanted, expected) {
                        self.no_such_field(cx, record, name, name_node);
                        misnamed = true;
                        continue;
                    }
                    self.gives(&mut given, name, at);
                    let (code, ty) = match wanted.flatten() {
                        Some(wanted) => (self.record_body(cx, body, &wanted.ty), wanted.ty),
                        None => self.record_literal(cx, body, None),
                    };
                    fields.put(name, ty);
                    parts.push(RecordPart::Field { name, code, maybe: false });
                }
                Node::Spread => {
                    let Some(inner) = tree.children(member).next() else { continue };
                    let (code, ty) = self.infer_spread(cx, inner);
                    match (&*ty.shape, expected) {
                        (Shape::Record(record), Some(wanted)) => {
                            let names: Vec<Name> = wanted.fields.iter().map(|field| field.name).collect();
                            misnamed |= self.tell_not_taken(cx, inner, record, "TYPE", &names);
                            for field in &record.fields {
                                let Some(target) = wanted.fields.iter().find(|other| other.name == field.name) else {
                                    continue;
                                };
                                self.gives_spread(&mut given, field, at);
                                let target =
                                    if field.ty.optional { target.ty.clone().maybe() } else { target.ty.clone() };
                                let part = part_of(&code, field.name, at);
                                let fitted = self.fit(part, &field.ty, &target, at, cx);
                                parts.push(RecordPart::Field { name: field.name, code: fitted, maybe: true });
                                fields.put(field.name, field.ty.clone());
                            }
                        }
                        (Shape::Record(record), None) => {
                            for field in &record.fields {
                                self.gives_spread(&mut given, field, at);
                                fields.put(field.name, field.ty.clone());
                            }
                            parts.push(RecordPart::Spread(code));
                        }
                        (Shape::Unknown(_), wanted) => {
                            wanted
                                .iter()
                                .flat_map(|record| &record.fields)
                                .for_each(|field| given.adds(field.name, at));
                        }
                        (shape, _) => self.tell_no_record(cx, inner, shape, "TYPE", "spread a record"),
                    }
                }
                Node::Annotation | Node::Unclosed | Node::Bad | Node::Hole => {}
                _ => {
                    self.error(
                        "misplaced",
                        at,
                        "this cannot stand in a record",
                        "a record has fields: `name = value`; computed keys make a map",
                    );
                }
            }
        }
        for group in self.grouped(&nested) {
            let name = group.name;
            self.gives_part(&mut given, name, group.place);
            let wanted = expected
                .and_then(|record| record.fields.iter().find(|field| field.name == name))
                .map(|field| field.ty.clone());
            let (code, ty) = match wanted {
                Some(wanted) => (self.nested_paths(cx, &group.values, &wanted, place), wanted),
                None => self.free_paths(cx, &group.values, place),
            };
            fields.put(name, ty);
            parts.push(RecordPart::Field { name, code, maybe: false });
        }
        let code = Code::new(place, CodeKind::Record(parts));
        match expected {
            Some(record) => {
                let mut given = given.names();
                if misnamed || !tree.errors.is_empty() {
                    // A field under a wrong name is most likely the one that is missing: one mistake is told once.
                    given.extend(record.fields.iter().filter(|field| field.default.is_none()).map(|field| field.name));
                }
                let code = self.complete(code, &given, record, place, "this record");
                // What was converted has the expected shape; its stages are those of what was given.
                let mut result = (**record).clone();
                for field in &mut result.fields {
                    if let Some(given) = fields.list.iter().find(|given| given.name == field.name) {
                        field.ty = field.ty.staged_like(&given.ty);
                    }
                }
                (code, Ty::new(Shape::Record(Rc::new(result))))
            }
            None => (code, Ty::new(Shape::Record(Rc::new(RecordTy { fields: fields.list })))),
        }
    }

    /// `a.b = 1` in a record whose type nobody says.
    fn free_paths(&mut self, cx: &mut Cx, paths: &[PathValue], place: Place) -> (Code, Ty) {
        let mut fields = Vec::new();
        let mut parts = Vec::new();
        for group in self.grouped(paths) {
            let (code, ty) = match group.whole() {
                Some(whole) => self.infer(cx, whole.value, None),
                None => self.free_paths(cx, &group.values, place),
            };
            let maybe = group.whole().is_some_and(|whole| whole.maybe);
            let ty = if maybe { ty.maybe() } else { ty };
            parts.push(RecordPart::Field { name: group.name, code, maybe });
            fields.push(FieldTy { name: group.name, ty, default: None });
        }
        (Code::new(place, CodeKind::Record(parts)), Ty::new(Shape::Record(Rc::new(RecordTy { fields }))))
    }

    fn no_such_field(&mut self, cx: &Cx, record: &RecordTy, name: Name, node: NodeId) {
        let place = cx.place(self, node);
        let names: Vec<&str> = record.fields.iter().map(|field| field.name.text()).collect();
        self.unknown_name(
            "unknown_field",
            place,
            &format!("there is no field `{name}` here"),
            name.text(),
            &names,
            "the fields are",
        );
    }

    fn map_literal(&mut self, cx: &mut Cx, node: NodeId, expected: Option<(&Ty, &Ty)>) -> (Code, Ty) {
        let tree = cx.tree.clone();
        let place = cx.place(self, node);
        let mut parts = Vec::new();
        let mut key_ty: Option<Ty> = None;
        let mut value_ty: Option<Ty> = None;
        let mut seen: Vec<(Name, Place)> = Vec::new();
        for member in tree.children(node) {
            if matches!(tree.kind(member), Node::Unclosed | Node::Annotation) {
                continue;
            }
            if tree.kind(member) == Node::Field
                && let Some(name) = tree.child(member, Node::FieldPath).and_then(|path| tree.child(path, Node::Name))
            {
                let at = cx.place(self, name);
                let name = Name::new(&tree.name(name));
                self.given_once(&mut seen, name, at);
            }
            if let Some((part, key, value)) = self.map_part(cx, member, expected) {
                key_ty = Some(match key_ty {
                    None => key,
                    Some(before) => self.join(&before, &key),
                });
                value_ty = Some(match value_ty {
                    None => value,
                    Some(before) => self.join(&before, &value),
                });
                parts.push(part);
            }
        }
        let ty = match expected {
            Some((key, value)) => {
                // What a call expects of any map says nothing of this one.
                let key = key_ty.filter(|_| has_variables(key)).unwrap_or_else(|| key.clone());
                let value = match value_ty {
                    Some(found) if has_variables(value) => found,
                    Some(found) => value.staged_like(&found),
                    None => value.clone(),
                };
                Ty::map(key, value)
            }
            None => Ty::map(key_ty.unwrap_or_else(Ty::string), value_ty.unwrap_or_else(Ty::string)),
        };
        (Code::new(place, CodeKind::Map(parts)), ty)
    }

    fn map_part(&mut self, cx: &mut Cx, node: NodeId, expected: Option<(&Ty, &Ty)>) -> Option<(MapPart, Ty, Ty)> {
        let tree = cx.tree.clone();
        let place = cx.place(self, node);
        match tree.kind(node) {
            Node::ForElement => {
                let mark = cx.locals.len();
                let narrowed = cx.narrowed.len();
                let (loops, condition) = self.element_loops(cx, node);
                let inner = tree.children(node).last()?;
                let result = self.map_part(cx, inner, expected);
                cx.unbind(mark);
                cx.narrowed.truncate(narrowed);
                let (part, key, value) = result?;
                Some((
                    in_loops(loops, condition, part, |each, condition, part| MapPart::For {
                        each,
                        condition,
                        part: Box::new(part),
                    }),
                    key,
                    value,
                ))
            }
            Node::IfElement => {
                let mut children = tree.children(node);
                let (condition_node, inner) = (children.next()?, children.next()?);
                let condition = self.check_expr(cx, condition_node, &Ty::bool());
                let mark = cx.narrowed.len();
                self.narrow(cx, condition_node, true);
                let result = self.map_part(cx, inner, expected);
                cx.narrowed.truncate(mark);
                let (part, key, value) = result?;
                Some((MapPart::If { condition, part: Box::new(part) }, key, value))
            }
            Node::KeyValue => {
                let mut children = tree.children(node);
                let (key_node, value_node) = (children.next()?, children.next()?);
                let group = tree.has(node, flag::GROUP);
                let (key, key_ty) = self.infer(cx, key_node, expected.map(|expected| expected.0));
                let key_place = cx.place(self, key_node);
                if key_ty.stage != Stage::Known {
                    self.error(
                        "known_later",
                        key_place,
                        "a key of a map must be known; this is known only after apply",
                        "use a name that the program says itself as the key",
                    );
                }
                let key = match expected {
                    Some((wanted, _)) => self.fit(key, &key_ty, wanted, key_place, cx),
                    None => key,
                };
                let hint = expected
                    .map(|expected| expected.1.clone())
                    .and_then(|value| if group { element_type(&value) } else { Some(value) });
                let (value, value_ty) = self.infer(cx, value_node, hint.as_ref());
                let value_place = cx.place(self, value_node);
                let value = match &hint {
                    Some(hint) if !has_variables(hint) => self.fit(value, &value_ty, hint, value_place, cx),
                    _ => value,
                };
                if group {
                    return Some((MapPart::Group { key, value }, key_ty, Ty::list(value_ty)));
                }
                Some((MapPart::Entry { key, value, maybe: false }, key_ty, value_ty))
            }
            Node::Field => {
                let path = tree.child(node, Node::FieldPath)?;
                let name = tree.all(path, Node::Name).map(|name| tree.name(name)).collect::<Vec<_>>().join(".");
                let value_node = tree.children(node).nth(1)?;
                let maybe = tree.has(node, flag::MAYBE);
                let (code, ty) = self.map_value(cx, value_node, expected.map(|expected| expected.1), maybe);
                let key_place = cx.place(self, path);
                let (key, key_ty) = self.map_key(cx, &name, key_place, expected.map(|expected| expected.0));
                Some((MapPart::Entry { key, value: code, maybe }, key_ty, ty))
            }
            Node::Block => {
                let path = tree.child(node, Node::FieldPath)?;
                let name = tree.child(path, Node::Name).map(|name| tree.name(name))?;
                let body = tree.child(node, Node::Body)?;
                let (code, ty) = match expected {
                    Some((_, value)) if !has_variables(value) => (self.record_body(cx, body, value), value.clone()),
                    Some(_) | None => self.record_literal(cx, body, None),
                };
                let key_place = cx.place(self, path);
                let (key, key_ty) = self.map_key(cx, &name, key_place, expected.map(|expected| expected.0));
                Some((MapPart::Entry { key, value: code, maybe: false }, key_ty, ty))
            }
            Node::Shorthand => {
                let name_node = tree.child(node, Node::Name)?;
                let name = tree.name(name_node);
                let (code, ty) = self.resolve_name(cx, Name::new(&name), place, expected.map(|expected| expected.1));
                let code = match expected {
                    Some((_, value)) => self.fit(code, &ty, value, place, cx),
                    None => code,
                };
                let (key, key_ty) = self.map_key(cx, &name, place, expected.map(|expected| expected.0));
                Some((MapPart::Entry { key, value: code, maybe: false }, key_ty, ty))
            }
            Node::Spread => {
                let inner = tree.children(node).next()?;
                let target = expected.map(|(key, value)| Ty::map(key.clone(), value.clone()));
                let (code, ty) = self.infer(cx, inner, target.as_ref());
                let code = match &target {
                    Some(target) => self.fit(code, &ty, target, place, cx),
                    None => code,
                };
                match &*ty.shape {
                    Shape::Map { key, value } => Some((MapPart::Spread(code), key.clone(), value.clone())),
                    Shape::Record(_) => Some((
                        MapPart::Spread(code),
                        Ty::string(),
                        expected.map_or_else(Ty::string, |expected| expected.1.clone()),
                    )),
                    Shape::Unknown(told) => Some((MapPart::Spread(code), Ty::unknown(*told), Ty::unknown(*told))),
                    _ => {
                        let shown = self.show(&ty);
                        self.error(
                            "not_a_map",
                            place,
                            format!("only a map can be spread here, found {shown}"),
                            "spread a map or a record",
                        );
                        None
                    }
                }
            }
            Node::Bad | Node::Hole | Node::Unclosed => None,
            _ => {
                self.error("misplaced", place, "a map has keys and values", "write `key = value` or `key => value`");
                None
            }
        }
    }

    fn map_key(&mut self, cx: &mut Cx, name: &str, place: Place, wanted: Option<&Ty>) -> (Code, Ty) {
        let code = Code::new(place, CodeKind::Const(Value::Text(name.into())));
        let ty = Ty::new(Shape::Literal(Value::Text(name.into())));
        match wanted {
            // A key that is a kind is written as the name of an instance.
            Some(wanted) if wanted.kind().is_some() => {
                let (code, found) = self.resolve_name(cx, Name::new(name), place, Some(wanted));
                (self.fit(code, &found, wanted, place, cx), found)
            }
            Some(wanted) => (self.fit(code, &ty, wanted, place, cx), ty),
            None => (code, ty),
        }
    }

    fn map_value(&mut self, cx: &mut Cx, node: NodeId, wanted: Option<&Ty>, maybe: bool) -> (Code, Ty) {
        let (code, ty) = self.infer(cx, node, wanted);
        let place = cx.place(self, node);
        match wanted {
            Some(wanted) if !has_variables(wanted) => {
                let target = if maybe { wanted.clone().maybe() } else { wanted.clone() };
                let code = self.fit(code, &ty, &target, place, cx);
                match *code.kind {
                    CodeKind::Unknown(told) => (code, Ty::unknown(told)),
                    _ => (code, ty.present()),
                }
            }
            _ => (code, ty.present()),
        }
    }

    /// `base with { a.b = 1 }`
    pub(crate) fn with(&mut self, cx: &mut Cx, node: NodeId, expected: Option<&Ty>) -> (Code, Ty) {
        let tree = cx.tree.clone();
        let place = cx.place(self, node);
        let mut children = tree.children(node);
        let (Some(base_node), Some(body)) = (children.next(), children.next()) else {
            return self.broken_expression(cx, node);
        };
        let (base, ty) = self.infer(cx, base_node, expected);
        let mut updates = Vec::new();
        for member in self.fields_only(cx.at, body, &UPDATES) {
            let Some(path) = tree.child(member, Node::FieldPath) else { continue };
            let Some(value) = tree.children(member).nth(1) else { continue };
            let names: Vec<Name> = tree.all(path, Node::Name).map(|name| Name::new(&tree.name(name))).collect();
            let mut at = ty.clone();
            let mut known = true;
            for name in &names {
                at = match &*at.shape {
                    Shape::Record(record) => match record.fields.iter().find(|field| field.name == *name) {
                        Some(field) => field.ty.clone().present(),
                        None => {
                            let record = record.clone();
                            self.no_such_field(cx, &record, *name, path);
                            known = false;
                            break;
                        }
                    },
                    Shape::Map { value, .. } => value.clone(),
                    Shape::Unknown(told) => Ty::unknown(*told),
                    _ => {
                        let shown = self.show(&at);
                        let at = cx.place(self, base_node);
                        let told = self.error(
                            "not_a_record",
                            at,
                            format!("a {shown} has no fields to update"),
                            "`with` updates records",
                        );
                        return self.unknown(place, told);
                    }
                };
            }
            if known {
                let code = self.check_expr(cx, value, &at);
                updates.push((names, code));
            }
        }
        (Code::new(place, CodeKind::With { base, updates }), ty)
    }
}

/// The type of a field: the last that is said of it.
/// The fields of a record literal: of two with one name the later one, at its place.
#[derive(Default)]
struct Fields {
    list: Vec<FieldTy>,
    names: FxHashSet<Name>,
}

impl Fields {
    fn put(&mut self, name: Name, ty: Ty) {
        if !self.names.insert(name) {
            self.list.retain(|existing| existing.name != name);
        }
        self.list.push(FieldTy { name, ty, default: None });
    }
}

pub(crate) fn element_type(ty: &Ty) -> Option<Ty> {
    match &*ty.shape {
        Shape::List(of) => Some(of.lifted(ty.stage)),
        Shape::Union(parts) => parts.iter().find_map(element_type),
        Shape::Ends => Some(ty.clone()),
        _ => None,
    }
}

fn has_by(tree: &syntax::Tree, node: NodeId) -> bool {
    tree.all(node, Node::ForElement).any(|element| tree.child(element, Node::By).is_some())
}

/// A part inside its loops, the first one outermost; the condition belongs to the innermost.
pub(crate) fn in_loops<P>(
    mut loops: Vec<Loop>,
    mut condition: Option<Code>,
    part: P,
    wrap: impl Fn(Loop, Option<Code>, P) -> P,
) -> P {
    let mut part = part;
    while let Some(each) = loops.pop() {
        part = wrap(each, condition.take(), part);
    }
    part
}
