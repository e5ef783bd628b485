//! What the graph says of a resource beside its body: which statement made it and at which position, what was chosen above it,
//! what the library says of its kind, and which of its texts are physical names.

use std::sync::Arc;

use check::checked::{self, NativeKind, Scope, Statement};
use graph::{Chosen, Effects, PhysicalName};
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use source::{Name, Place};
use value::{AddressId, Step, Value, ValueId};

use crate::evaluate::Evaluation;
use crate::frame::{Frame, InstanceId, Parent};

/// Native kinds as the graph names them, each once, and what the library says of them.
#[derive(Default)]
pub(crate) struct NativeKinds {
    known: FxHashMap<*const NativeKind, (Arc<graph::NativeKind>, Effects)>,
    said: FxHashMap<(&'static str, Name), Vec<String>>,
}

impl NativeKinds {
    /// The kind of a statement.
    pub fn of(&mut self, evaluation: &mut Evaluation<'_>, native: &NativeKind) -> (Arc<graph::NativeKind>, Effects) {
        if let Some((kind, effects)) = self.known.get(&std::ptr::from_ref(native)) {
            return (kind.clone(), *effects);
        }
        let kind = Arc::new(graph::NativeKind {
            target: native.target,
            name: native.name,
            provider: native.provider,
            api_version: native.api_version.clone(),
            kind_name: native.kind_name.clone(),
            namespaced: native.namespaced,
            secret: evaluation.secret_members(native, true).next().is_some(),
            secret_fields: evaluation.secret_members(native, false).collect(),
        });
        let mut says = |facts: &'static str| {
            let kinds = self
                .said
                .entry((facts, native.target))
                .or_insert_with(|| evaluation.said_of_natives(facts, native.target.text()));
            kinds.iter().any(|kind| kind == native.name.text())
        };
        let made = native.role != schema::Role::Data;
        let effects = Effects { stateful: made && says("stateful"), outside: made && says("outside") };
        self.known.insert(std::ptr::from_ref(native), (kind.clone(), effects));
        (kind, effects)
    }
}

/// Statements, positions and choices, each worked out once.
pub(crate) struct Standing {
    statements: FxHashMap<Place, Arc<str>>,
    chosen: FxHashMap<InstanceId, Arc<[Chosen]>>,
    none: Arc<[Chosen]>,
    seq: FxHashMap<InstanceId, u32>,
    counted: FxHashSet<Parent>,
}

impl Standing {
    /// Nothing is worked out yet but the positions of what a loop in a module makes: its statements have no order.
    pub fn new(evaluation: &Evaluation<'_>) -> Self {
        let mut seq = FxHashMap::default();
        for ((parent, _), made) in &evaluation.expansions {
            if *parent == Parent::Root {
                seq.extend(made.iter().enumerate().map(|(at, id)| (*id, at as u32)));
            }
        }
        Self {
            statements: FxHashMap::default(),
            chosen: FxHashMap::default(),
            none: Arc::from([]),
            seq,
            counted: FxHashSet::from_iter([Parent::Root]),
        }
    }

    /// The statement as a text that neither a file nor the order of statements changes.
    pub fn made_by(&mut self, evaluation: &Evaluation<'_>, statement: &Statement) -> Arc<str> {
        let checked = evaluation.checked;
        self.statements
            .entry(statement.place)
            .or_insert_with(|| {
                let name = statement.name;
                match statement.scope {
                    Scope::Module => name.text().into(),
                    Scope::Implementation(id) => format!("{}/{name}", implementation_text(checked, id)).into(),
                    Scope::Once(id) => {
                        let once = checked.onces.get(id.0 as usize);
                        let of = once.map(|once| implementation_text(checked, once.implementation)).unwrap_or_default();
                        format!("{of}/{}/{name}", once.map_or("", |once| once.name.text())).into()
                    }
                    Scope::Platform(id) => {
                        let platform = checked.platforms.get(id.0 as usize);
                        let platform = platform.map_or("", |platform| platform.name.text());
                        format!("platform {platform}/{name}").into()
                    }
                }
            })
            .clone()
    }

    /// The position of an instance among those below the same parent.
    pub fn seq(&mut self, evaluation: &Evaluation<'_>, id: InstanceId) -> u32 {
        let Some(parent) = evaluation.instances.get(id.0 as usize).map(|instance| instance.parent) else { return 0 };
        if self.counted.insert(parent) {
            let statements = match parent {
                Parent::Root => Vec::new(),
                Parent::Instance(owner) => evaluation.children_of(owner),
                Parent::Group(group) => evaluation.children_of_group(group),
                Parent::Platform(value) => evaluation.children_of_platform(value),
            };
            let made = statements.iter().filter_map(|key| evaluation.expansions.get(key)).flat_map(|made| made.iter());
            self.seq.extend(made.enumerate().map(|(at, id)| (*id, at as u32)));
        }
        self.seq.get(&id).copied().unwrap_or_default()
    }

    /// What the instances above one became, from the outermost.
    pub fn chosen(&mut self, evaluation: &Evaluation<'_>, id: InstanceId) -> Arc<[Chosen]> {
        let owner = evaluation.instances.get(id.0 as usize).and_then(|instance| evaluation.owner_of(instance.parent));
        let Some(owner) = owner else { return self.none.clone() };
        if let Some(known) = self.chosen.get(&owner) {
            return known.clone();
        }
        let mut chosen = self.chosen(evaluation, owner).to_vec();
        let implementation = evaluation
            .instances
            .get(owner.0 as usize)
            .and_then(|instance| instance.implementation)
            .and_then(|id| evaluation.implementation(id));
        if let Some(kind) = evaluation.kind_of(owner) {
            chosen.push(Chosen {
                kind: kind.full_name,
                implementation: implementation
                    .and_then(|implementation| implementation_name(evaluation.checked, implementation)),
                package: implementation.and_then(|implementation| package_of(implementation.place)),
            });
        }
        let chosen: Arc<[Chosen]> = chosen.into();
        self.chosen.insert(owner, chosen.clone());
        chosen
    }
}

/// `server on aws`
fn implementation_text(checked: &checked::Checked, id: checked::ImplementationId) -> String {
    let Some(implementation) = checked.implementations.get(id.0 as usize) else { return String::new() };
    let kind = checked.kinds.get(implementation.kind.0 as usize).map_or("", |kind| kind.full_name.text());
    let platform = platform_name(checked, implementation).map_or_else(String::new, |name| format!(" on {name}"));
    let named = implementation.name.map_or_else(String::new, |name| format!(" as {name}"));
    format!("{kind}{platform}{named}")
}

/// The name of an implementation, or of the platform that it is for.
pub(crate) fn implementation_name(
    checked: &checked::Checked,
    implementation: &checked::Implementation,
) -> Option<Name> {
    implementation.name.or(platform_name(checked, implementation))
}

fn platform_name(checked: &checked::Checked, implementation: &checked::Implementation) -> Option<Name> {
    let platform = checked.platforms.get(implementation.platform?.0 as usize)?;
    Some(platform.name)
}

/// Files of packages begin with the package's name; those of the program are its own.
fn package_of(place: Place) -> Option<Name> {
    place.item.is_of_library().then(|| Name::new("std"))
}

/// The names in the body of the resource at an address.
struct NameSearch {
    address: AddressId,
    joined: bool,
    /// Lists, maps and records in which there is none.
    nameless: FxHashSet<ValueId>,
    /// Each with the steps that lead to it, the last one first.
    found: Vec<(Vec<Step>, PhysicalName)>,
}

impl Evaluation<'_> {
    /// What libraries say of the native kinds of a target, or of a provider: `@native(OF, FACTS)`.
    pub(crate) fn said_of_natives(&mut self, facts: &str, of: &str) -> Vec<String> {
        let checked = self.checked;
        let mut said = Vec::new();
        for table in checked.native_facts.iter().filter(|table| table.facts.text() == facts && table.of.text() == of) {
            let Some(function) = checked.functions.get(table.function.0 as usize) else { continue };
            let list = self.run(&mut Frame::new(Parent::Root), &function.body);
            if let Some(Value::List(elements)) = self.known(list).map(|list| self.store.get(list)) {
                for element in elements {
                    if let Value::Text(text) = self.store.get(*element) {
                        said.push(text.to_string());
                    }
                }
            }
        }
        said
    }

    /// The texts of a body that are the name of the resource, or of an instance or a group that it is made for. `joined`: also those
    /// that hold such a name, which matters where the name must outlive a change of what it is made of.
    pub(crate) fn names_in(&self, address: AddressId, body: ValueId, joined: bool) -> Vec<PhysicalName> {
        // Most bodies have fewer: the set does not grow.
        let nameless = FxHashSet::with_capacity_and_hasher(28, FxBuildHasher);
        let mut search = NameSearch { address, joined, nameless, found: Vec::new() };
        self.find_names(body, &mut search);
        let with_path =
            |(steps, name): (Vec<Step>, PhysicalName)| PhysicalName { path: steps.into_iter().rev().collect(), ..name };
        // They stay as long as the graph: no more room than they need.
        let mut names = Vec::with_capacity(search.found.len());
        names.extend(search.found.into_iter().map(with_path));
        names
    }

    /// A value that stands in several places is looked at in each, but for large ones without a name.
    fn find_names(&self, value: ValueId, search: &mut NameSearch) {
        let parts = match self.store.get(value) {
            Value::Text(text) => {
                let name = self.name_in(value, text, search);
                search.found.extend(name.map(|name| (Vec::new(), name)));
                return;
            }
            parts @ (Value::Record(_) | Value::List(_) | Value::Map(_)) => parts,
            _ => return,
        };
        if search.nameless.contains(&value) {
            return;
        }
        let before = search.found.len();
        match parts {
            Value::Record(fields) => {
                fields.iter().for_each(|(name, part)| self.find_names_below(*part, search, || Step::Field(*name)));
            }
            Value::List(elements) => elements
                .iter()
                .enumerate()
                .for_each(|(at, part)| self.find_names_below(*part, search, || Step::Index(at as u32))),
            Value::Map(entries) => entries.iter().for_each(|(key, part)| {
                if let Value::Text(key) = self.store.get(*key) {
                    self.find_names_below(*part, search, || Step::Key(Name::new(key)));
                }
            }),
            _ => {}
        }
        if search.found.len() == before {
            search.nameless.insert(value);
        }
    }

    /// The names in a part. Most parts have none: the step to it is made only for those that were found.
    fn find_names_below(&self, part: ValueId, search: &mut NameSearch, step: impl Fn() -> Step) {
        let before = search.found.len();
        self.find_names(part, search);
        if let Some(found) = search.found.get_mut(before..) {
            found.iter_mut().for_each(|(steps, _)| steps.push(step()));
        }
    }

    /// The name that a text is, or that it was joined with.
    fn name_in(&self, value: ValueId, text: &str, search: &NameSearch) -> Option<PhysicalName> {
        let of = |name: ValueId| {
            let mut made = self.names.made.get(&name)?.iter();
            made.find(|made| self.is_above(made.of, search.address))
        };
        let (made, before, after) = match of(value) {
            Some(made) => (made, "", ""),
            None if search.joined => {
                let within = self.names.joined.get(&value)?;
                let Value::Text(name) = self.store.get(within.name) else { return None };
                let (before, rest) = text.split_at_checked(within.start as usize)?;
                (of(within.name)?, before, rest.strip_prefix(&**name)?)
            }
            None => return None,
        };
        Some(PhysicalName {
            path: Box::default(),
            before: before.into(),
            after: after.into(),
            of: made.of,
            base: made.base.clone(),
            limit: u32::try_from(made.form.limit).unwrap_or(u32::MAX),
            bare: made.form.bare,
        })
    }

    fn is_above(&self, above: AddressId, address: AddressId) -> bool {
        let mut at = Some(address);
        while let Some(address) = at {
            if address == above {
                return true;
            }
            at = self.store.step(address).parent;
        }
        false
    }
}
