//! Native resources: their bodies, in the target's vocabulary, with the tree of where each part came from.

use check::checked::{Fields, What};
use graph::{OriginId, OriginTree};
use source::{Name, Place};
use value::{Store, Value, ValueId};

use crate::cells::CellKey;
use crate::evaluate::Evaluation;
use crate::frame::{Frame, InstanceId};

/// The body of a native resource.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Body {
    pub value: ValueId,
    pub origin: OriginId,
}

impl Evaluation<'_> {
    /// The body of a native instance, adjusted.
    pub(crate) fn body(&mut self, id: InstanceId) -> Option<Body> {
        if let Some(place) = self.place_of(id) {
            let _ = self.body_value(id, place);
            let _ = self.home(id, place);
        }
        self.bodies.get(&id).copied()
    }

    /// The fields that the maker of a native kind gives it.
    pub(crate) fn members(&self, native: &check::checked::NativeKind) -> impl Iterator<Item = schema::Member<'_>> {
        let schema = self.checked.schemas.get(native.schema.0 as usize);
        let row = schema.and_then(|schema| Some((schema, schema.kind(native.name.text(), native.role)?.row())));
        row.into_iter().flat_map(|(schema, row)| schema.members(row))
    }

    /// Whether a path such as `rule.prefix` leads to a field of a native kind.
    pub(crate) fn has_path(&self, native: &check::checked::NativeKind, path: &str) -> bool {
        let schema = self.checked.schemas.get(native.schema.0 as usize);
        schema.is_some_and(|schema| {
            let kind = schema.kind(native.name.text(), native.role);
            kind.is_some_and(|kind| schema.lost_step(kind.row(), path).is_none())
        })
    }

    /// What the maker of a native kind calls secret: what it decides itself, or all of it.
    pub(crate) fn secret_members(
        &self,
        native: &check::checked::NativeKind,
        decided: bool,
    ) -> impl Iterator<Item = Name> {
        self.members(native)
            .filter(move |member| member.sensitive && !member.write_only && (member.computed || !decided))
            .map(|member| Name::new(member.name))
    }

    /// The body's value: a Record, or unknown.
    pub(crate) fn body_value(&mut self, id: InstanceId, asked: Place) -> ValueId {
        let key = CellKey::Body(id);
        if let Some(done) = self.cells.done(key) {
            return done;
        }
        let (Some(statement), Some(instance)) = (self.statement_of(id), self.instances.get(id.0 as usize)) else {
            return Store::ABSENT;
        };
        let mut frame = Frame::with(instance.parent, &instance.slots);
        self.cell(key, asked, |me| {
            let (value, origin) = match &statement.fields {
                Fields::Native(code) => me.traced(&mut frame, code),
                Fields::Inputs(_) => {
                    let origin = me.origins.add(OriginTree::Leaf(statement.place));
                    (me.unknown(statement.place, "a native resource has inputs"), origin)
                }
            };
            let given = Body { value, origin };
            let body = me.adjust_body(id, given);
            me.bodies.insert(id, body);
            if let What::Native(native) = &statement.what {
                me.tell_in_clear(id, native, body, body.origin != given.origin);
                me.tell_limits(id, native, body, body.origin != given.origin);
            }
            if matches!(me.store.get(body.value), Value::Record(_)) {
                body.value
            } else {
                me.unknown(statement.place, "the body of a resource is no record")
            }
        })
    }
}
