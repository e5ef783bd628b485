//! `all(KIND)`: every statement that may create such an instance is expanded, as deep as its implementations may; fields are
//! not looked at. The answer is in address order.

use check::checked::{KindId, StatementId};
use rustc_hash::FxHashSet;
use source::Place;
use value::ValueId;

use crate::cells::CellKey;
use crate::evaluate::Evaluation;
use crate::frame::{InstanceId, Parent};

impl Evaluation<'_> {
    /// All instances of these kinds, in address order.
    pub(crate) fn all(&mut self, kinds: &[KindId], asked: Place) -> ValueId {
        let mut sorted = kinds.to_vec();
        sorted.sort_unstable();
        let at = match self.queries.iter().position(|known| *known == sorted) {
            Some(at) => at,
            None => {
                self.queries.push(sorted);
                self.queries.len() - 1
            }
        };
        let key = CellKey::All(at as u32);
        if let Some(done) = self.cells.done(key) {
            return done;
        }
        let wanted: FxHashSet<KindId> = kinds.iter().copied().collect();
        self.cell(key, asked, |me| {
            let mut found = Vec::new();
            let modules = me.relations.module_statements.clone();
            for statement in modules {
                me.collect(Parent::Root, statement, &wanted, &mut found);
            }
            if let Ok(platforms) = me.on_values(asked) {
                for platform in platforms {
                    for (parent, statement) in me.children_of_platform(platform) {
                        me.collect(parent, statement, &wanted, &mut found);
                    }
                }
            }
            let mut addresses: Vec<_> = found
                .iter()
                .filter_map(|id| me.instances.get(id.0 as usize))
                .map(|instance| instance.address)
                .collect();
            addresses.sort_by(|left, right| me.store.compare_addresses(*left, *right));
            let values: Vec<ValueId> =
                addresses.into_iter().map(|address| me.store.add(value::Value::Instance(address))).collect();
            me.store.list(values)
        })
    }

    fn collect(
        &mut self,
        parent: Parent,
        statement: StatementId,
        wanted: &FxHashSet<KindId>,
        found: &mut Vec<InstanceId>,
    ) {
        if self.budget.exhausted || !self.relations.may_create(self.checked, statement, wanted) {
            return;
        }
        for id in self.expand(parent, statement).iter().copied() {
            if self.kind_id_of(id).is_some_and(|kind| wanted.contains(&kind)) {
                found.push(id);
            }
            // Its implementation is chosen only when some implementation of its kind may create what is wanted.
            if self.kind_id_of(id).is_some_and(|kind| self.relations.below(kind, wanted)) {
                if let Some(place) = self.place_of(id) {
                    let _ = self.home(id, place);
                }
                for (parent, child) in self.children_of(id) {
                    self.collect(parent, child, wanted, found);
                }
            }
        }
        let kind = self.checked.statements.get(statement.0 as usize).and_then(|statement| match &statement.what {
            check::checked::What::Kind { kind, .. } => Some(*kind),
            check::checked::What::Native(_) | check::checked::What::Unknown => None,
        });
        if kind.is_some_and(|kind| self.relations.below(kind, wanted) && self.relations.has_once(self.checked, kind)) {
            for group in self.groups_of_statement(parent, statement) {
                for (parent, child) in self.children_of_group(group) {
                    self.collect(parent, child, wanted, found);
                }
            }
        }
    }
}
