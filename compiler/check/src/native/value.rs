//! Values of native fields: literals are followed into the schema, everything else is lowered by its type.

use std::rc::Rc;

use schema::FieldType;
use source::Name;
use syntax::{Kind as Node, NodeId, flag};
use value::Value;

use super::{Target, set_of};
use crate::checker::{Checker, Cx};
use crate::code::{Code, CodeKind, ListPart, Loop, MapPart, Scalar};
use crate::collections::in_loops;
use crate::types::{SetTree, Shape, Stage, Ty};

impl Checker<'_> {
    /// The value of a native field: literals are followed into the schema, everything else is lowered by its type.
    pub(crate) fn native_value(
        &mut self,
        cx: &mut Cx,
        node: NodeId,
        target: Target,
        maybe: bool,
        what: &str,
    ) -> (Code, SetTree) {
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
                let mut elements = Vec::new();
                for element in tree.children(node) {
                    if tree.kind(element) == Node::Unclosed {
                        continue;
                    }
                    let mark = cx.locals.len();
                    let narrowed = cx.narrowed.len();
                    if let Some((part, set)) = self.native_element(cx, element, Target { ty: of, ..target }, what) {
                        elements.push(Rc::new(set));
                        parts.push(part);
                    }
                    cx.unbind(mark);
                    cx.narrowed.truncate(narrowed);
                }
                (Code::new(place, CodeKind::List(parts)), SetTree::of_list(Stage::Known, elements))
            }
            (Node::If, FieldType::Record(_) | FieldType::List(_) | FieldType::Set(_) | FieldType::Map(_)) => {
                let mut children = tree.children(node);
                let (Some(condition_node), Some(then), Some(otherwise)) =
                    (children.next(), children.next(), children.next())
                else {
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
                (Code::new(place, CodeKind::If { condition, then, otherwise }), SetTree { stage, ..SetTree::default() })
            }
            (_, FieldType::Enum(_)) if tree.kind(node) == Node::Text && self.plain_text(cx, node).is_some() => {
                let text = self.plain_text(cx, node).unwrap_or_default();
                if let FieldType::Enum(values) = target.ty {
                    let allowed: Vec<String> =
                        self.schema_of(target.schema).values(values).map(str::to_owned).collect();
                    if !allowed.contains(&text) {
                        let names: Vec<&str> = allowed.iter().map(String::as_str).collect();
                        let told = self.unknown_name(
                            "type_mismatch",
                            place,
                            &format!("`\"{text}\"` is not one of the allowed values of `{what}`"),
                            &text,
                            &names,
                            "allowed are",
                        );
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

    pub(super) fn branch(
        &mut self,
        cx: &mut Cx,
        node: NodeId,
        target: Target,
        maybe: bool,
        what: &str,
    ) -> (Code, SetTree) {
        if cx.tree.kind(node) == Node::NoneValue {
            let place = cx.place(self, node);
            if !maybe {
                self.error(
                    "may_be_absent",
                    place,
                    "this may be absent",
                    "leave the field out in that case: write it with `?=`",
                );
            }
            return (Code::new(place, CodeKind::Const(Value::Absent)), SetTree::default());
        }
        self.native_value(cx, node, target, maybe, what)
    }

    /// What a literal may be read as.
    pub(super) fn hint(&self, target: Target) -> Option<Ty> {
        match target.ty {
            FieldType::Cidr => Some(Ty::scalar(Scalar::Cidr)),
            FieldType::Ip => Some(Ty::scalar(Scalar::Ip)),
            _ => None,
        }
    }

    pub(super) fn native_element(
        &mut self,
        cx: &mut Cx,
        node: NodeId,
        of: Target,
        what: &str,
    ) -> Option<(ListPart, SetTree)> {
        let tree = cx.tree.clone();
        match tree.kind(node) {
            Node::ForElement => {
                let (loops, condition) = self.element_loops(cx, node);
                let inner = tree.children(node).last()?;
                let (part, set) = self.native_element(cx, inner, of, what)?;
                Some((
                    in_loops(loops, condition, part, |each, condition, part| ListPart::For {
                        each,
                        condition,
                        part: Box::new(part),
                    }),
                    set,
                ))
            }
            Node::IfElement => {
                let mut children = tree.children(node);
                let (condition_node, inner) = (children.next()?, children.next()?);
                let condition = self.check_expr(cx, condition_node, &Ty::bool());
                self.narrow(cx, condition_node, true);
                let (part, set) = self.native_element(cx, inner, of, what)?;
                Some((ListPart::If { condition, part: Box::new(part) }, set))
            }
            Node::Spread => {
                let inner = tree.children(node).next()?;
                let place = cx.place(self, inner);
                let (code, ty) = self.infer(cx, inner, None);
                if ty.is_unknown() {
                    return Some((ListPart::Spread(code), SetTree::default()));
                }
                let Shape::List(element) = &*ty.shape else {
                    let shown = self.show(&ty);
                    self.error(
                        "not_a_collection",
                        place,
                        format!("only a list can be spread in a list, found {shown}"),
                        "put a single value as an element",
                    );
                    return None;
                };
                let element = element.clone();
                let slot = cx.bind(Name::new(""), element.clone());
                let lowered = self.lower(cx, Code::new(place, CodeKind::Local(slot)), &element, of, false, place);
                if matches!(*lowered.kind, CodeKind::Local(_)) {
                    return Some((ListPart::Spread(code), set_of(&element)));
                }
                let each = Loop { key: None, value: slot, collection: code };
                Some((
                    ListPart::For {
                        each,
                        condition: None,
                        part: Box::new(ListPart::Element { code: lowered, drop_absent: false }),
                    },
                    set_of(&element),
                ))
            }
            Node::Bad | Node::Hole => {
                let _ = self.broken(cx.at, &tree, node);
                None
            }
            _ => {
                let (code, set) = self.native_value(cx, node, of, false, what);
                Some((ListPart::Element { code, drop_absent: false }, set))
            }
        }
    }

    pub(super) fn native_map(&mut self, cx: &mut Cx, node: NodeId, of: Target, what: &str) -> (Code, SetTree) {
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

    pub(super) fn native_map_part(
        &mut self,
        cx: &mut Cx,
        node: NodeId,
        of: Target,
        what: &str,
        set: &mut SetTree,
    ) -> Option<MapPart> {
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
                Some(MapPart::Entry {
                    key: Code::new(place, CodeKind::Const(Value::Text(name.into()))),
                    value,
                    maybe: false,
                })
            }
            Node::Block => {
                let path = tree.child(node, Node::FieldPath)?;
                let name = tree.name(tree.child(path, Node::Name)?);
                let body = tree.child(node, Node::Body)?;
                let (value, below) = self.block_value(cx, body, of, &name);
                set.fields.push((Name::new(&name), Rc::new(below)));
                Some(MapPart::Entry {
                    key: Code::new(place, CodeKind::Const(Value::Text(name.into()))),
                    value,
                    maybe: false,
                })
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
                let (loops, condition) = self.element_loops(cx, node);
                let inner = tree.children(node).last()?;
                let part = self.native_map_part(cx, inner, of, what, set)?;
                Some(in_loops(loops, condition, part, |each, condition, part| MapPart::For {
                    each,
                    condition,
                    part: Box::new(part),
                }))
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
}
