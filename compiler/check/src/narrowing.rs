//! What a loop binds, and what is known of a name once a condition holds.

use source::{Name, Place};
use syntax::{Kind as Node, NodeId};
use value::Value;

use crate::checker::{Checker, Cx, Narrowed};
use crate::code::{Code, CodeKind, Conversion, Loop, Scalar};
use crate::types::{Shape, Stage, Ty};

impl Checker<'_> {
    /// Checks the loop of a header or of an element and binds its variables. The second value: its keys are natural.
    pub(crate) fn loop_header(&mut self, cx: &mut Cx, node: NodeId, is_header: bool) -> (Loop, bool) {
        let tree = cx.tree.clone();
        let names: Vec<(Name, Place)> =
            tree.all(node, Node::Name).map(|name| (Name::new(&tree.name(name)), cx.place(self, name))).collect();
        let expression = tree.children(node).last().unwrap_or(node);
        let (mut code, mut ty) = self.infer(cx, expression, None);
        let place = cx.place(self, expression);
        if ty.optional {
            let told = self.error(
                "may_be_absent",
                place,
                "this may be absent; a loop needs a collection",
                "say what then: `(x ?? [])`",
            );
            ty = Ty::unknown(told);
        }
        if ty.stage != Stage::Known {
            let what =
                if is_header { "what exists cannot depend on it" } else { "how many elements there are must be known" };
            let told = self.error(
                "known_later",
                place,
                format!("this is known only after apply; {what}"),
                "loop over something that the program says itself: names, keys of a map, a list of its own",
            );
            ty = Ty::unknown(told);
        }
        if let Shape::Record(record) = &*ty.shape.clone() {
            // The keys of a literal map are a closed set: the key's type is the union of them.
            let keys = record
                .fields
                .iter()
                .map(|field| Ty::new(Shape::Literal(Value::Text(field.name.text().into()))))
                .collect();
            let mut value: Option<Ty> = None;
            for field in &record.fields {
                value = Some(match value {
                    None => field.ty.clone(),
                    Some(value) => self.join(&value, &field.ty),
                });
            }
            let empty = Ty::string();
            ty = Ty::map(Ty::new(Shape::Union(keys)), value.unwrap_or(empty));
            code = Code::new(place, CodeKind::Convert { how: Conversion::RecordToMap, code });
        }
        for (name, at) in &names {
            let hides = cx.locals.iter().any(|local| local.0 == *name)
                || self.own_names(cx).contains(name)
                || self.modules[cx.at.scope.0].values.contains_key(name);
            if hides && name.text() != "_" {
                self.error(
                    "shadowed",
                    *at,
                    format!("`{name}` hides another `{name}`"),
                    "give the variable a name of its own",
                );
            }
        }
        let (key_ty, value_ty, is_map) = match &*ty.shape {
            Shape::List(of) => (Ty::int(), of.clone(), false),
            Shape::Map { key, value } => (key.clone(), value.clone(), true),
            Shape::Unknown(told) => (Ty::unknown(*told), Ty::unknown(*told), names.len() == 2),
            Shape::Instance { .. } => {
                let told = self.error(
                    "not_a_collection",
                    place,
                    "this is one instance; a loop needs several",
                    "loop over a list, a map or `all(KIND)`",
                );
                (Ty::unknown(told), Ty::unknown(told), names.len() == 2)
            }
            _ => {
                let shown = self.show(&ty);
                let told = self.error(
                    "not_a_collection",
                    place,
                    format!("a loop needs a list or a map, found {shown}"),
                    "a range of numbers is not a collection: name what there is",
                );
                (Ty::unknown(told), Ty::unknown(told), names.len() == 2)
            }
        };
        match names.as_slice() {
            [(key_name, _), (value_name, _)] => {
                let natural = is_map;
                let key = cx.bind(*key_name, key_ty);
                let value = cx.bind(*value_name, value_ty);
                (Loop { key: Some(key), value, collection: code }, natural)
            }
            [(name, at)] => {
                if is_map && !ty.is_unknown() {
                    let told = self.error(
                        "two_variables",
                        *at,
                        "a loop over a map has two variables",
                        format!("write `for key, {name} in …`, or `for {name} in keys(…)`"),
                    );
                    let value = cx.bind(*name, Ty::unknown(told));
                    return (Loop { key: None, value, collection: code }, true);
                }
                let natural = value_ty.is_unknown()
                    || matches!(value_ty.as_scalar(), Some(scalar) if scalar.is_text() || scalar == Scalar::Int)
                    || value_ty.is_unknown();
                let value = cx.bind(*name, value_ty);
                (Loop { key: None, value, collection: code }, natural)
            }
            _ => {
                let value = cx.bind(Name::new(""), value_ty);
                (Loop { key: None, value, collection: code }, true)
            }
        }
    }

    /// What is known on the path where a condition holds (or does not).
    pub(crate) fn narrow(&mut self, cx: &mut Cx, node: NodeId, holds: bool) {
        let tree = cx.tree.clone();
        match tree.kind(node) {
            Node::Group => {
                if let Some(inner) = tree.children(node).next() {
                    self.narrow(cx, inner, holds);
                }
            }
            // `if suffix` is told; what follows is read as it was meant.
            Node::Ident | Node::Dot if holds => cx.narrowed.push((tree.text(node).to_owned(), Narrowed::Present)),
            Node::Call if !holds => {
                let mut children = tree.children(node);
                let (callee, argument) = (children.next(), children.next().and_then(|arg| tree.children(arg).last()));
                if let (Some(callee), Some(argument)) = (callee, argument) {
                    match tree.text(callee) {
                        "is_later" => {
                            cx.narrowed.push((tree.text(argument).to_owned(), Narrowed::AtMost(Stage::Known)))
                        }
                        "is_secret" => {
                            cx.narrowed.push((tree.text(argument).to_owned(), Narrowed::AtMost(Stage::Later)))
                        }
                        _ => {}
                    }
                }
            }
            Node::Unary => {
                let mut children = tree.children(node);
                if children.next().is_some_and(|operator| tree.text(operator) == "not")
                    && let Some(inner) = children.next()
                {
                    self.narrow(cx, inner, !holds);
                }
            }
            Node::Binary => {
                let mut children = tree.children(node);
                let (Some(left), Some(operator), Some(right)) = (children.next(), children.next(), children.next())
                else {
                    return;
                };
                match (tree.text(operator), holds) {
                    ("and", true) | ("or", false) => {
                        self.narrow(cx, left, holds);
                        self.narrow(cx, right, holds);
                    }
                    ("!=", true) | ("==", false) if tree.kind(right) == Node::NoneValue => {
                        cx.narrowed.push((tree.text(left).to_owned(), Narrowed::Present))
                    }
                    ("is", true) => {
                        if let Some(crate::declare::TypeName::Kind(kind)) =
                            self.lookup_type_text(cx.at.scope, tree.text(right))
                        {
                            cx.narrowed.push((tree.text(left).to_owned(), Narrowed::Kind(kind)));
                        }
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
}
