//! What can be said before anything is evaluated: which implementations a kind has, and which kinds a statement may create.

use check::checked::{Checked, ImplementationId, KindId, OnceId, PlatformId, Scope, StatementId, What};
use rustc_hash::{FxHashMap, FxHashSet};
use source::Name;

/// Facts about declarations.
#[derive(Clone, Debug, Default)]
pub(crate) struct Relations {
    /// Statements of modules, sorted by name and place in their file's order of declaration.
    pub module_statements: Vec<StatementId>,
    /// Implementations written for exactly this kind.
    pub implementations: FxHashMap<KindId, Vec<ImplementationId>>,
    pub platform_by_name: FxHashMap<Name, PlatformId>,
    /// Kinds that an instance of this kind may create, itself included.
    creates: FxHashMap<KindId, FxHashSet<KindId>>,
}

impl Relations {
    /// Reads them off the declarations.
    pub fn new(checked: &Checked) -> Self {
        let mut relations = Self::default();
        for (at, statement) in checked.statements.iter().enumerate() {
            // What a library declares and nobody uses was never elaborated, and makes nothing.
            if statement.scope == Scope::Module && !matches!(statement.what, What::Unknown) {
                relations.module_statements.push(StatementId(at as u32));
            }
        }
        // By name: neither ids nor the order of files decides the order of messages.
        relations.module_statements.sort_by_key(|id| {
            checked.statements.get(id.0 as usize).map(|statement| {
                (
                    statement.name.text(),
                    statement.place.item.file().path(),
                    statement.place.item.head(),
                    statement.place.start,
                )
            })
        });
        for (at, implementation) in checked.implementations.iter().enumerate() {
            relations.implementations.entry(implementation.kind).or_default().push(ImplementationId(at as u32));
        }
        for (at, platform) in checked.platforms.iter().enumerate() {
            relations.platform_by_name.entry(platform.name).or_insert(PlatformId(at as u32));
        }
        relations.creates = creates(checked, &relations.implementations);
        relations
    }

    /// Whether the expansion of a statement may create an instance of one of these kinds.
    pub fn may_create(&self, checked: &Checked, statement: StatementId, kinds: &FxHashSet<KindId>) -> bool {
        match checked.statements.get(statement.0 as usize).map(|statement| &statement.what) {
            Some(What::Kind { kind, .. }) => {
                kinds.contains(kind)
                    || self.creates.get(kind).is_some_and(|created| created.iter().any(|kind| kinds.contains(kind)))
            }
            Some(What::Native(_) | What::Unknown) | None => false,
        }
    }

    /// Whether the implementations of a kind may create an instance of one of these kinds.
    pub fn below(&self, kind: KindId, kinds: &FxHashSet<KindId>) -> bool {
        self.creates.get(&kind).is_some_and(|created| created.iter().any(|kind| kinds.contains(kind)))
    }

    /// Whether an implementation of a kind makes children once for a statement.
    pub fn has_once(&self, checked: &Checked, kind: KindId) -> bool {
        let ancestors = checked.kinds.get(kind.0 as usize).map_or(&[][..], |kind| &kind.ancestors);
        std::iter::once(kind)
            .chain(ancestors.iter().copied())
            .filter_map(|kind| self.implementations.get(&kind))
            .flatten()
            .any(|id| {
                checked
                    .implementations
                    .get(id.0 as usize)
                    .is_some_and(|implementation| !implementation.onces.is_empty())
            })
    }
}

/// The transitive relation: a work list until nothing is added.
fn creates(
    checked: &Checked,
    implementations: &FxHashMap<KindId, Vec<ImplementationId>>,
) -> FxHashMap<KindId, FxHashSet<KindId>> {
    let mut direct: FxHashMap<KindId, FxHashSet<KindId>> = FxHashMap::default();
    for (at, kind) in checked.kinds.iter().enumerate() {
        let id = KindId(at as u32);
        let created = direct.entry(id).or_default();
        // An instance of a kind may be implemented as one of its ancestors.
        let own = std::iter::once(id).chain(kind.ancestors.iter().copied());
        for implementation in own.filter_map(|kind| implementations.get(&kind)).flatten() {
            let Some(implementation) = checked.implementations.get(implementation.0 as usize) else { continue };
            let of_onces = implementation
                .onces
                .iter()
                .filter_map(|OnceId(once)| checked.onces.get(*once as usize))
                .flat_map(|once| once.statements.iter());
            for statement in implementation.statements.iter().chain(of_onces) {
                if let Some(What::Kind { kind, .. }) =
                    checked.statements.get(statement.0 as usize).map(|statement| &statement.what)
                {
                    created.insert(*kind);
                }
            }
        }
    }
    let mut all = direct.clone();
    let mut changed = true;
    while changed {
        changed = false;
        for at in 0..checked.kinds.len() {
            let id = KindId(at as u32);
            let reached: FxHashSet<KindId> =
                all.get(&id).into_iter().flatten().filter_map(|kind| all.get(kind)).flatten().copied().collect();
            let own = all.entry(id).or_default();
            let before = own.len();
            own.extend(reached);
            changed |= own.len() != before;
        }
    }
    all
}
