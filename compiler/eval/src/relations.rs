//! What can be said before anything is evaluated: which implementations a kind has, and which kinds a statement may create.

use check::checked::{
    Checked, Implementation, ImplementationId, KindId, NativeKind, OnceId, PlatformId, SchemaId, Scope, StatementId,
    What,
};
use rustc_hash::{FxHashMap, FxHashSet};
use schema::Role;
use source::Name;

/// Facts about declarations.
#[derive(Clone, Debug, Default)]
pub(crate) struct Relations {
    /// Statements of modules, sorted by name and place in their file's order of declaration.
    pub module_statements: Vec<StatementId>,
    /// Implementations written for exactly this kind.
    pub implementations: FxHashMap<KindId, Vec<ImplementationId>>,
    pub platform_by_name: FxHashMap<Name, PlatformId>,
    /// What the implementations of a kind may create, and those of what they create.
    creates: FxHashMap<KindId, FxHashSet<Made>>,
}

/// What a statement makes instances of.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Made {
    Kind(KindId),
    /// A native kind that is created, not read.
    Native(SchemaId, Name),
}

impl Made {
    /// What a statement makes, as far as it can be asked for.
    pub fn of(what: &What) -> Option<Self> {
        match what {
            What::Kind { kind, .. } => Some(Made::Kind(*kind)),
            What::Native(native) if native.role == Role::Resource => Some(Made::Native(native.schema, native.name)),
            What::Native(_) | What::Unknown => None,
        }
    }
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

    /// Whether the expansion of a statement may create one of these.
    pub fn may_create(&self, checked: &Checked, statement: StatementId, wanted: &FxHashSet<Made>) -> bool {
        let Some(what) = checked.statements.get(statement.0 as usize).map(|statement| &statement.what) else {
            return false;
        };
        let below = match what {
            What::Kind { kind, .. } => self.below(*kind, wanted),
            What::Native(_) | What::Unknown => false,
        };
        below || Made::of(what).is_some_and(|made| wanted.contains(&made))
    }

    /// Whether the implementations of a kind may create one of these.
    pub fn below(&self, kind: KindId, wanted: &FxHashSet<Made>) -> bool {
        self.creates.get(&kind).is_some_and(|created| created.iter().any(|made| wanted.contains(made)))
    }

    /// The platforms whose bodies may create one of these.
    pub fn platforms_with(&self, checked: &Checked, wanted: &FxHashSet<Made>) -> Vec<PlatformId> {
        let makes = |at: &usize| {
            checked.platforms.get(*at).is_some_and(|platform| {
                platform.statements.iter().any(|statement| self.may_create(checked, *statement, wanted))
            })
        };
        (0..checked.platforms.len()).filter(makes).map(|at| PlatformId(at as u32)).collect()
    }

    /// Whether what a statement makes, or something below it, may stand on one of these platforms.
    pub fn may_stand(&self, checked: &Checked, statement: StatementId, platforms: &[PlatformId]) -> bool {
        let Some(statement) = checked.statements.get(statement.0 as usize) else { return false };
        match &statement.what {
            _ if statement.on.is_some() => true,
            What::Kind { kind, .. } => {
                let below = self.creates.get(kind).into_iter().flatten().filter_map(|made| match made {
                    Made::Kind(kind) => Some(*kind),
                    Made::Native(..) => None,
                });
                std::iter::once(*kind).chain(below).any(|kind| {
                    self.implementations_of(checked, kind)
                        .any(|implementation| Self::stands(checked, implementation, platforms))
                })
            }
            What::Native(native) => configures(checked, platforms, native),
            What::Unknown => false,
        }
    }

    fn stands(checked: &Checked, implementation: &Implementation, platforms: &[PlatformId]) -> bool {
        implementation.platform.is_some_and(|platform| platforms.contains(&platform))
            || statements_of(checked, implementation)
                .filter_map(|statement| checked.statements.get(statement.0 as usize))
                .any(|statement| {
                    statement.on.is_some()
                        || matches!(&statement.what, What::Native(native) if configures(checked, platforms, native))
                })
    }

    /// The implementations that an instance of a kind may get: its own, and those of its ancestors.
    fn implementations_of<'c>(
        &'c self,
        checked: &'c Checked,
        kind: KindId,
    ) -> impl Iterator<Item = &'c Implementation> + 'c {
        let ancestors = checked.kinds.get(kind.0 as usize).map_or(&[][..], |kind| &kind.ancestors);
        std::iter::once(kind)
            .chain(ancestors.iter().copied())
            .filter_map(|kind| self.implementations.get(&kind))
            .flatten()
            .filter_map(|id| checked.implementations.get(id.0 as usize))
    }

    /// Whether an implementation of a kind makes children once for a statement.
    pub fn has_once(&self, checked: &Checked, kind: KindId) -> bool {
        self.implementations_of(checked, kind).any(|implementation| !implementation.onces.is_empty())
    }
}

/// The statements of an implementation, those that it makes once among them.
fn statements_of<'c>(
    checked: &'c Checked,
    implementation: &'c Implementation,
) -> impl Iterator<Item = StatementId> + 'c {
    let of_onces = implementation
        .onces
        .iter()
        .filter_map(|OnceId(once)| checked.onces.get(*once as usize))
        .flat_map(|once| once.statements.iter());
    implementation.statements.iter().chain(of_onces).copied()
}

/// Whether one of these platforms configures the provider of a native kind.
fn configures(checked: &Checked, platforms: &[PlatformId], native: &NativeKind) -> bool {
    platforms.iter().filter_map(|id| checked.platforms.get(id.0 as usize)).any(|platform| {
        platform.providers.iter().any(|provider| {
            provider.target == native.target && (native.provider.text().is_empty() || provider.name == native.provider)
        })
    })
}

/// The transitive relation: a work list until nothing is added.
fn creates(
    checked: &Checked,
    implementations: &FxHashMap<KindId, Vec<ImplementationId>>,
) -> FxHashMap<KindId, FxHashSet<Made>> {
    let mut direct: FxHashMap<KindId, FxHashSet<Made>> = FxHashMap::default();
    for (at, kind) in checked.kinds.iter().enumerate() {
        let id = KindId(at as u32);
        let created = direct.entry(id).or_default();
        // An instance of a kind may be implemented as one of its ancestors.
        let own = std::iter::once(id).chain(kind.ancestors.iter().copied());
        for implementation in own.filter_map(|kind| implementations.get(&kind)).flatten() {
            let Some(implementation) = checked.implementations.get(implementation.0 as usize) else { continue };
            let statements = statements_of(checked, implementation);
            created.extend(
                statements
                    .filter_map(|statement| checked.statements.get(statement.0 as usize))
                    .filter_map(|statement| Made::of(&statement.what)),
            );
        }
    }
    let mut all = direct.clone();
    let mut changed = true;
    while changed {
        changed = false;
        for at in 0..checked.kinds.len() {
            let id = KindId(at as u32);
            let reached: FxHashSet<Made> = all
                .get(&id)
                .into_iter()
                .flatten()
                .filter_map(|made| match made {
                    Made::Kind(kind) => all.get(kind),
                    Made::Native(..) => None,
                })
                .flatten()
                .copied()
                .collect();
            let own = all.entry(id).or_default();
            let before = own.len();
            own.extend(reached);
            changed |= own.len() != before;
        }
    }
    all
}
