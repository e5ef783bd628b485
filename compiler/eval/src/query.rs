//! `all(KIND)`: every statement that may create such an instance is expanded, as deep as its implementations may; fields are
//! not looked at. Bodies of platforms count where something stands on a value of theirs. The answer is in address order.

use check::checked::{KindId, PlatformId, SchemaId, StatementId, What};
use rustc_hash::FxHashSet;
use source::{Diagnostic, Name, Place};
use value::ValueId;

use crate::cells::CellKey;
use crate::evaluate::Evaluation;
use crate::frame::{InstanceId, Parent};
use crate::relations::Made;

/// What is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Query {
    /// A kind and those that are it.
    Kinds(Vec<KindId>),
    Native(SchemaId, Name),
}

impl Query {
    fn wanted(&self) -> FxHashSet<Made> {
        match self {
            Query::Kinds(kinds) => kinds.iter().map(|kind| Made::Kind(*kind)).collect(),
            Query::Native(schema, name) => std::iter::once(Made::Native(*schema, *name)).collect(),
        }
    }
}

/// The platform values whose bodies an answer counted, among those whose bodies matter to it.
#[derive(Clone, Debug)]
pub(crate) struct Counted {
    asked: Place,
    platforms: Vec<PlatformId>,
    values: Vec<ValueId>,
}

impl Evaluation<'_> {
    /// All instances of these kinds, in address order.
    pub(crate) fn all(&mut self, kinds: &[KindId], asked: Place) -> ValueId {
        let mut sorted = kinds.to_vec();
        sorted.sort_unstable();
        self.answer(Query::Kinds(sorted), asked)
    }

    /// All resources of a native kind, in address order.
    pub(crate) fn all_native(&mut self, schema: SchemaId, name: Name, asked: Place) -> ValueId {
        self.answer(Query::Native(schema, name), asked)
    }

    fn answer(&mut self, query: Query, asked: Place) -> ValueId {
        let at = match self.queries.iter().position(|known| *known == query) {
            Some(at) => at,
            None => {
                self.queries.push(query.clone());
                self.queries.len() - 1
            }
        };
        let key = CellKey::All(at as u32);
        if let Some(done) = self.cells.done(key) {
            return done;
        }
        self.cell(key, asked, |me| {
            let wanted = query.wanted();
            let mut found = Vec::new();
            for statement in me.relations.module_statements.clone() {
                me.collect(Parent::Root, statement, &wanted, &mut found);
            }
            me.collect_of_platforms(&wanted, asked, &mut found);
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

    /// What the bodies of platforms make, of those values on which something stands.
    fn collect_of_platforms(&mut self, wanted: &FxHashSet<Made>, asked: Place, found: &mut Vec<InstanceId>) {
        let platforms = self.relations.platforms_with(self.checked, wanted);
        if platforms.is_empty() || self.on_values(asked).is_err() {
            return;
        }
        self.find_uses(&platforms);
        let matters = |me: &Self, value: ValueId| me.platform_id(value).is_some_and(|id| platforms.contains(&id));
        let mut at = 0;
        let mut values = Vec::new();
        while let Some(value) = self.used_platforms.get(at).copied() {
            at += 1;
            if matters(self, value) {
                values.push(value);
                for (parent, statement) in self.children_of_platform(value) {
                    self.collect(parent, statement, wanted, found);
                }
            }
        }
        self.counted.push(Counted { asked, platforms, values });
    }

    /// Finds out on which values of these platforms something stands.
    fn find_uses(&mut self, platforms: &[PlatformId]) {
        for statement in self.relations.module_statements.clone() {
            self.find_homes(Parent::Root, statement, platforms);
        }
        let mut at = 0;
        while let Some(value) = self.used_platforms.get(at).copied() {
            at += 1;
            for (parent, statement) in self.children_of_platform(value) {
                self.find_homes(parent, statement, platforms);
            }
        }
    }

    fn find_homes(&mut self, parent: Parent, statement: StatementId, platforms: &[PlatformId]) {
        if self.budget.exhausted
            || self.are_all_used(platforms)
            || !self.relations.may_stand(self.checked, statement, platforms)
        {
            return;
        }
        let Some(declared) = self.checked.statements.get(statement.0 as usize) else { return };
        for id in self.expand(parent, statement).iter().copied() {
            let _ = self.home(id, declared.place);
            for (parent, child) in self.children_of(id) {
                self.find_homes(parent, child, platforms);
            }
        }
        if let What::Kind { kind, .. } = declared.what
            && self.relations.has_once(self.checked, kind)
        {
            for group in self.groups_of_statement(parent, statement) {
                for (parent, child) in self.children_of_group(group) {
                    self.find_homes(parent, child, platforms);
                }
            }
        }
    }

    /// Whether nothing more can be found: every value of these platforms is listed, and something stands on it.
    fn are_all_used(&mut self, platforms: &[PlatformId]) -> bool {
        let instances_may_be =
            self.checked.kinds.iter().any(|kind| kind.platform.is_some_and(|platform| platforms.contains(&platform)));
        let Ok(listed) = self.on_values(self.environment.on.place) else { return true };
        !instances_may_be
            && listed
                .iter()
                .filter(|value| self.platform_id(**value).is_some_and(|id| platforms.contains(&id)))
                .all(|value| self.used_platforms.contains(value))
    }

    /// Tells what an answer could not know: that something stands on a platform whose body makes more of what was asked for.
    pub(crate) fn tell_uncounted(&mut self) {
        for counted in std::mem::take(&mut self.counted) {
            let late = self.used_platforms.iter().copied().find(|value| {
                !counted.values.contains(value)
                    && self.platform_id(*value).is_some_and(|id| counted.platforms.contains(&id))
            });
            if let Some(value) = late {
                let message = format!("whether `{}` is in use depends on this `all`", self.platform_text(value));
                let _ = self.tell(
                    Diagnostic::error("circle", counted.asked, message)
                        .help("its body makes some of what is asked for: let something stand on it that does not ask"),
                );
            }
        }
    }

    fn collect(
        &mut self,
        parent: Parent,
        statement: StatementId,
        wanted: &FxHashSet<Made>,
        found: &mut Vec<InstanceId>,
    ) {
        if self.budget.exhausted || !self.relations.may_create(self.checked, statement, wanted) {
            return;
        }
        let Some(declared) = self.checked.statements.get(statement.0 as usize) else { return };
        let ids = self.expand(parent, statement);
        if Made::of(&declared.what).is_some_and(|made| wanted.contains(&made)) {
            found.extend(ids.iter().copied());
        }
        let What::Kind { kind, .. } = declared.what else { return };
        // An implementation is chosen only when some implementation of the kind may create what is wanted.
        if !self.relations.below(kind, wanted) {
            return;
        }
        for id in ids.iter().copied() {
            let _ = self.home(id, declared.place);
            for (parent, child) in self.children_of(id) {
                self.collect(parent, child, wanted, found);
            }
        }
        if self.relations.has_once(self.checked, kind) {
            for group in self.groups_of_statement(parent, statement) {
                for (parent, child) in self.children_of_group(group) {
                    self.collect(parent, child, wanted, found);
                }
            }
        }
    }
}
