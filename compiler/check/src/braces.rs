//! What braces are meant to be where a union leaves several records and maps open: decided by the names that stand in them.

use std::rc::Rc;

use source::Name;
use syntax::{Kind as Node, NodeId};
use value::Value;

use crate::checker::{Checker, Cx};
use crate::types::{RecordTy, Shape, Ty};

impl Checker<'_> {
    /// What braces are meant to be: of several records the first that has what they name, and asks for nothing else.
    pub(crate) fn collection_meant(&mut self, cx: &Cx, node: NodeId, expected: &Ty) -> Option<Collection> {
        let mut may_be = Vec::new();
        collections_of(expected, &mut may_be);
        let at = match may_be.len() {
            0 | 1 => 0,
            _ => {
                let named = self.named_in(cx, node);
                may_be.iter().position(|one| named.fit(one)).unwrap_or(0)
            }
        };
        may_be.into_iter().nth(at)
    }

    /// The fields that stand in braces, with those of their values that are texts.
    fn named_in(&mut self, cx: &Cx, node: NodeId) -> Named {
        let tree = cx.tree.clone();
        let mut named = Named { fields: Vec::new(), may_be_more: false };
        for member in tree.children(node) {
            let path = match tree.kind(member) {
                Node::Field | Node::Block => tree.child(member, Node::FieldPath),
                Node::Shorthand => Some(member),
                Node::Annotation | Node::Unclosed => continue,
                _ => None,
            };
            match path.and_then(|path| tree.child(path, Node::Name)) {
                Some(name) => {
                    let value = tree.children(member).nth(1).filter(|value| tree.kind(*value) == Node::Text);
                    let text = value.and_then(|value| self.plain_text(cx, value));
                    named.fields.push((Name::new(&tree.name(name)), text));
                }
                None => named.may_be_more = true,
            }
        }
        named
    }
}

/// What a literal in braces is meant to be.
pub(crate) enum Collection {
    Map(Ty, Ty),
    Record(Rc<RecordTy>),
}

/// All that a literal in braces may be, in the order of a union.
fn collections_of(ty: &Ty, into: &mut Vec<Collection>) {
    match &*ty.shape {
        Shape::Map { key, value } => into.push(Collection::Map(key.clone(), value.clone().lifted(ty.stage))),
        Shape::Record(record) => into.push(Collection::Record(match &*ty.lifted(ty.stage).shape {
            Shape::Record(lifted) => lifted.clone(),
            _ => record.clone(),
        })),
        Shape::Union(parts) => parts.iter().for_each(|part| collections_of(part, into)),
        _ => {}
    }
}

/// What stands in braces, as far as their names tell.
struct Named {
    fields: Vec<(Name, Option<String>)>,
    /// What is spread or computed there may name others.
    may_be_more: bool,
}

impl Named {
    fn fit(&self, collection: &Collection) -> bool {
        let Collection::Record(record) = collection else { return true };
        let has = |name: Name| self.fields.iter().any(|field| field.0 == name);
        let each_is_one = self.fields.iter().all(|(name, text)| {
            let wanted = record.fields.iter().find(|field| field.name == *name);
            wanted.is_some_and(|wanted| match (&*wanted.ty.shape, text) {
                (Shape::Literal(Value::Text(wanted)), Some(text)) => **wanted == **text,
                (_, _) => true,
            })
        });
        let asks_for_others =
            || record.fields.iter().any(|field| field.default.is_none() && !field.ty.optional && !has(field.name));
        each_is_one && (self.may_be_more || !asks_for_others())
    }
}

/// Whether a record has what another asks for and nothing else, by the names of its fields.
pub(crate) fn is_record_like(found: &Ty, wanted: &Ty) -> bool {
    match (&*found.shape, &*wanted.shape) {
        (_, Shape::Union(parts)) => parts.iter().any(|part| is_record_like(found, part)),
        (Shape::Record(found), Shape::Record(wanted)) => {
            let has = |record: &RecordTy, name: Name| record.fields.iter().any(|field| field.name == name);
            found.fields.iter().all(|field| has(wanted, field.name))
                && wanted
                    .fields
                    .iter()
                    .all(|field| field.default.is_some() || field.ty.optional || has(found, field.name))
        }
        (_, _) => false,
    }
}
