//! `@protect`, `@name`, `@allow` and the others: which there are, what each takes, what it may stand on.

use source::{Name, Place};
use syntax::{Kind as Node, NodeId};
use value::Value;

use crate::annotation_places::OF_INSTANCES;
use crate::checked::{Annotation, SchemaId};
use crate::checker::{Checker, Cx};
use crate::code::{Code, CodeKind};
use crate::types::{Shape, Ty};

impl Checker<'_> {
    /// `@ignore_drift(field)` names fields that exist, and paths that lead to one.
    pub(crate) fn drift_fields(&mut self, schema: SchemaId, row: schema::Row, annotations: &[Annotation]) {
        for annotation in annotations.iter().filter(|annotation| annotation.name.text() == "ignore_drift") {
            for (_, code) in &annotation.args {
                let CodeKind::Const(Value::Text(text)) = &*code.kind else { continue };
                let schema = &self.input.schemas[schema.0 as usize].schema;
                let Some((lost, inside)) = schema.lost_step(row, text) else { continue };
                let message = format!("there is no field `{lost}` whose drift could be ignored");
                match inside {
                    Some(row) => {
                        let names: Vec<&str> = schema.members(row).map(|member| member.name).collect();
                        self.unknown_name("unknown_field", code.place, &message, lost, &names, "the fields are");
                    }
                    None => {
                        let whole = text.split(&format!(".{lost}")).next().unwrap_or(text);
                        let help = format!("`{whole}` has no fields: name it as a whole");
                        self.error("unknown_field", code.place, message, help);
                    }
                }
            }
        }
    }

    /// Annotations that stand right before a node.
    pub(crate) fn annotations_before(&mut self, cx: &mut Cx, node: NodeId) -> Vec<Annotation> {
        let tree = cx.tree.clone();
        let mut found = Vec::new();
        // Siblings: annotations are the nodes before this one under the same parent.
        let mut pending = Vec::new();
        for (index, candidate) in tree.nodes.iter().enumerate() {
            let id = NodeId(index as u32);
            if candidate.kind == Node::Annotation && id < node {
                pending.push(id);
            } else if id == node {
                break;
            }
        }
        for id in pending.into_iter().rev() {
            let end = id.0 + tree.node(id).subtree;
            let touches = if found.is_empty() { node.0 } else { found.last().map_or(node.0, |last: &NodeId| last.0) };
            if end == touches {
                found.push(id);
            }
        }
        found.reverse();
        found.into_iter().filter_map(|id| self.annotation(cx, id)).collect()
    }

    pub(crate) fn annotation(&mut self, cx: &mut Cx, node: NodeId) -> Option<Annotation> {
        let tree = cx.tree.clone();
        let name = tree.name(tree.child(node, Node::Name)?);
        let place = cx.place(self, node);
        // What stands before something else was told by its place.
        if !OF_INSTANCES.contains(&name.as_str()) {
            return None;
        }
        let mut args = Vec::new();
        let mut named: Vec<&str> = Vec::new();
        for arg in tree.all(node, Node::Arg) {
            let label = tree.child(arg, Node::Name).map(|label| Name::new(&tree.name(label)));
            let Some(expression) = tree.children(arg).last() else { continue };
            let at = cx.place(self, expression);
            if label.is_none() && matches!(name.as_str(), "after" | "ignore_drift") {
                let text = tree.text(expression);
                if named.contains(&text) {
                    let message = format!("`@{name}` names `{text}` twice");
                    self.error("set_twice", at, message, "remove one of the two");
                }
                named.push(text);
            }
            let bare = tree.kind(expression) == Node::Ident || tree.kind(expression) == Node::Dot;
            let expected = match (name.as_str(), label.map(Name::text)) {
                ("protect", _) => Some(Ty::bool()),
                ("allow", Some("until")) => Some(Ty::scalar(crate::code::Scalar::Date)),
                ("name" | "replace", _) | ("allow", Some("because")) => Some(Ty::string()),
                _ => None,
            };
            let code = if bare && label.is_none() && matches!(name.as_str(), "allow" | "ignore_drift") {
                Code::new(at, CodeKind::Const(Value::Text(tree.text(expression).into())))
            } else {
                match expected {
                    Some(ty) => self.check_expr(cx, expression, &ty),
                    None => {
                        let (code, ty) = self.infer(cx, expression, None);
                        if matches!(name.as_str(), "after" | "notify") && !ty.is_unknown() && !names_instances(&ty) {
                            let shown = self.show(&ty);
                            let what = if name == "after" { "what comes first" } else { "what is told of a change" };
                            self.error(
                                "type_mismatch",
                                at,
                                format!("`@{name}` names {what}, found {shown}"),
                                format!("name an instance: `@{name}(orders)`"),
                            );
                        }
                        code
                    }
                }
            };
            if name == "replace"
                && matches!(code.kind.as_ref(), CodeKind::Const(Value::Text(text)) if text.as_ref() != "create")
            {
                self.error("type_mismatch", at, "only `\"create\"` can come first", "write `@replace(first = \"create\")`, or remove the annotation: what is there goes first without it");
            }
            args.push((label, code));
        }
        let is_understood = self.annotation_arguments(&tree, node, &name, place, cx);
        let is_empty =
            |code: &Code| matches!(code.kind.as_ref(), CodeKind::Const(Value::Text(text)) if text.trim().is_empty());
        if let Some((_, code)) =
            args.iter().find(|arg| arg.0.is_some_and(|label| label.text() == "because") && is_empty(&arg.1))
        {
            self.error("missing_reason", code.place, "a reason says something", "say why: `because = \"…\"`");
        }
        if name == "allow"
            && is_understood
            && !args.iter().any(|arg| arg.0.is_some_and(|label| label.text() == "because"))
        {
            self.error(
                "missing_reason",
                place,
                "`@allow` needs a reason",
                "add `because = \"…\"`, and `until = 2027-03-31` when it has an end",
            );
        }
        // A warning that is accepted concerns no target: it is read with its place.
        if self.allowed_code(&tree, node).is_some() {
            return None;
        }
        Some(Annotation { name: Name::new(&name), args, place })
    }

    /// Tells arguments that the annotation does not know, and those that are too many or missing. False when it knows not all of
    /// them: one of those may be the one that is missing.
    pub(crate) fn annotation_arguments(
        &mut self,
        tree: &syntax::Tree,
        node: NodeId,
        name: &str,
        place: Place,
        cx: &Cx,
    ) -> bool {
        let (form, least, most, labels): (_, usize, usize, &[&str]) = match name {
            "protect" => ("`@protect` or `@protect(CONDITION)`", 0, 1, &[]),
            "replace" => ("`@replace(first = \"create\")`", 0, 0, &["first"]),
            "ignore_drift" => ("`@ignore_drift(FIELD, …)`", 1, usize::MAX, &[]),
            "after" => ("`@after(INSTANCE, …)`", 1, usize::MAX, &[]),
            "notify" => ("`@notify(INSTANCE, …)`", 1, usize::MAX, &[]),
            "name" => ("`@name(\"…\")`", 1, 1, &[]),
            "allow" => {
                ("`@allow(CHECK, because = \"…\", until = DATE)`, one for each check", 1, 1, &["because", "until"])
            }
            _ => return true,
        };
        let mut plain = 0;
        for arg in tree.all(node, Node::Arg) {
            match tree.child(arg, Node::Name).map(|label| tree.name(label)) {
                None => plain += 1,
                Some(label) if labels.contains(&label.as_str()) => {}
                Some(label) => {
                    let at = cx.place(self, arg);
                    self.error(
                        "wrong_arguments",
                        at,
                        format!("`@{name}` has no argument `{label}`"),
                        format!("write {form}"),
                    );
                    return false;
                }
            }
        }
        let lacks_label =
            name == "replace" && !tree.all(node, Node::Arg).any(|arg| tree.child(arg, Node::Name).is_some());
        if plain < least || plain > most || lacks_label {
            self.error(
                "wrong_arguments",
                place,
                format!("these are not the arguments of `@{name}`"),
                format!("write {form}"),
            );
        }
        true
    }
}

/// Whether a value is an instance or several of them.
pub(crate) fn names_instances(ty: &Ty) -> bool {
    match &*ty.shape {
        Shape::Instance { .. } | Shape::Native(_) | Shape::Ends => true,
        Shape::List(of) | Shape::Map { value: of, .. } => names_instances(of),
        Shape::Union(parts) => parts.iter().all(names_instances),
        _ => false,
    }
}
