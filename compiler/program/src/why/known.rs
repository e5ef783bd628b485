//! A checked program and one graph of it, side by side: which statement made an address, which implementation it got, and where
//! an input or a param was set. What follows places through code is in `walk.rs`.

use std::rc::Rc;

use check::checked::{
    AdjustChange, AdjustKey, AdjustPath, Checked, Environment, Fields, Implementation, InputPart, Kind, SchemaId,
    Scope, Statement, What,
};
use check::code::Code;
use graph::{Graph, Instance, Resource};
use rustc_hash::{FxHashMap, FxHashSet};
use schema::Role;
use source::{FileId, Name, Place, Sources};
use value::{AddressId, Value, ValueId};

use super::path::Hop;

/// The program, the graph, and indexes between them.
pub(crate) struct Known<'a> {
    pub checked: &'a Checked,
    pub graph: &'a Graph,
    pub sources: &'a Sources,
    /// The environment and those that it is like, nearest first.
    pub chain: Vec<&'a Environment>,
    /// Where the environment says its tier.
    pub tier: Option<Place>,
    library: FxHashSet<FileId>,
    statements: FxHashMap<Place, &'a Statement>,
    instances: FxHashMap<AddressId, &'a Instance>,
    resources: FxHashMap<AddressId, &'a Resource>,
    /// Addresses made by the statement at a place, in address order.
    made: FxHashMap<Place, Vec<AddressId>>,
    /// The declared flows by the places where they are written, and the keys that they have there.
    flows: FxHashMap<Place, (Vec<ValueId>, Vec<Name>)>,
    flows_of_key: FxHashMap<Name, Vec<ValueId>>,
}

/// Whose code runs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum This {
    Root,
    Instance(AddressId),
    /// The members of a `once` group.
    Group(Rc<[AddressId]>),
    /// The body of a platform.
    Platform,
}

/// How an input got its value.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum How {
    /// In the braces of the instance.
    Set,
    /// By an `adjust`, over what was there.
    Adjusted,
    /// The default of the kind.
    Default,
    /// Left out: the only instance that it could mean.
    Only,
    /// Left out, and there is no default.
    Absent,
}

/// Where an input was set.
#[derive(Clone, Debug)]
pub(crate) struct Setting<'a> {
    pub how: How,
    pub place: Place,
    /// The code that gives it; none for what was left out.
    pub code: Option<&'a Code>,
    /// Whether the code runs with the instance itself as self (defaults), else with its parent.
    pub inside: bool,
    /// What is left of the path below the code.
    pub rest: Vec<Hop>,
}

impl<'a> Known<'a> {
    /// Indexes a graph.
    pub fn new(checked: &'a Checked, graph: &'a Graph, sources: &'a Sources) -> Self {
        let statements: FxHashMap<Place, &'a Statement> =
            checked.statements.iter().map(|statement| (statement.place, statement)).collect();
        let instances: FxHashMap<AddressId, &'a Instance> =
            graph.instances.iter().map(|instance| (instance.address, instance)).collect();
        let resources: FxHashMap<AddressId, &'a Resource> =
            graph.resources.iter().map(|resource| (resource.address, resource)).collect();
        let mut made: FxHashMap<Place, Vec<AddressId>> = FxHashMap::default();
        for (place, address) in graph
            .instances
            .iter()
            .map(|instance| (instance.place, instance.address))
            .chain(graph.resources.iter().map(|resource| (resource.place, resource.address)))
        {
            made.entry(place).or_default().push(address);
        }
        let mut flows_of_key: FxHashMap<Name, Vec<ValueId>> = FxHashMap::default();
        for instance in &graph.instances {
            let Value::Record(fields) = graph.store.get(instance.inputs) else { continue };
            for (_, value) in fields.iter() {
                let Value::List(elements) = graph.store.get(*value) else { continue };
                for element in elements.iter() {
                    let Value::Flow { key, .. } = graph.store.get(*element) else { continue };
                    if let Value::Text(key) = graph.store.get(*key) {
                        flows_of_key.entry(Name::new(key)).or_default().push(*element);
                    }
                }
            }
        }
        let mut flows: FxHashMap<Place, (Vec<ValueId>, Vec<Name>)> = FxHashMap::default();
        for (key, place) in &graph.flows {
            let (values, keys) = flows.entry(*place).or_default();
            values.extend(flows_of_key.get(key).into_iter().flatten());
            keys.push(*key);
        }
        let chain = chain_of(checked, graph.environment);
        let tier = chain.first().and_then(|environment| {
            let (_, word) = super::trace::word_after(sources, environment.place, Name::new("tier"))?;
            let start = sources.item_start(environment.place.item)?.offset;
            Some(Place {
                item: environment.place.item,
                start: (word.start as u32).checked_sub(start)?,
                len: word.len() as u32,
            })
        });
        let library = sources.files().map(|file| file.id).filter(|file| super::is_library(file.path())).collect();
        Self {
            checked,
            graph,
            sources,
            chain,
            tier,
            library,
            statements,
            instances,
            resources,
            made,
            flows,
            flows_of_key,
        }
    }

    /// Whether a place stands in the standard library.
    pub fn is_library(&self, place: Place) -> bool {
        self.library.contains(&place.item.file())
    }
    pub fn instance(&self, address: AddressId) -> Option<&'a Instance> {
        self.instances.get(&address).copied()
    }
    pub fn resource(&self, address: AddressId) -> Option<&'a Resource> {
        self.resources.get(&address).copied()
    }
    /// The statement that made an instance or a resource.
    pub fn statement(&self, address: AddressId) -> Option<&'a Statement> {
        let place = self
            .instance(address)
            .map(|instance| instance.place)
            .or_else(|| self.resource(address).map(|resource| resource.place))?;
        self.statements.get(&place).copied()
    }
    pub fn kind(&self, address: AddressId) -> Option<&'a Kind> {
        match self.statement(address)?.what {
            What::Kind { kind, .. } => self.checked.kinds.get(kind.0 as usize),
            What::Native(_) | What::Unknown => None,
        }
    }
    /// Everything that the statement made.
    pub fn made_by(&self, statement: &Statement) -> &[AddressId] {
        self.made.get(&statement.place).map_or(&[], Vec::as_slice)
    }
    /// The resources of a native kind that the program makes.
    pub fn natives(&self, schema: SchemaId, name: Name) -> Vec<AddressId> {
        let is = |address: &AddressId| match self.statement(*address).map(|statement| &statement.what) {
            Some(What::Native(native)) => {
                native.role == Role::Resource && native.schema == schema && native.name == name
            }
            Some(What::Kind { .. } | What::Unknown) | None => false,
        };
        self.graph.resources.iter().map(|resource| resource.address).filter(is).collect()
    }
    pub fn parent(&self, address: AddressId) -> Option<AddressId> {
        self.graph.store.step(address).parent
    }
    /// Whose code the header and the fields of this address's statement are.
    pub fn parent_this(&self, address: AddressId) -> This {
        let Some(statement) = self.statement(address) else { return This::Root };
        match (statement.scope, self.parent(address)) {
            (Scope::Implementation(_), Some(parent)) => This::Instance(parent),
            (Scope::Once(id), Some(group)) => match self.checked.onces.get(id.0 as usize) {
                Some(once) => This::Group(self.members(group, once)),
                None => This::Root,
            },
            (Scope::Platform(_), _) => This::Platform,
            (Scope::Module | Scope::Implementation(_) | Scope::Once(_), _) => This::Root,
        }
    }
    /// The members of a group: the instances of its statement whose key is the group's.
    fn members(&self, group: AddressId, once: &check::checked::Once) -> Rc<[AddressId]> {
        let store = &self.graph.store;
        let mut step = store.step(group);
        if step.name != once.name {
            // The step of the platform on which they stand.
            let Some(above) = step.parent else { return Rc::from([]) };
            step = store.step(above);
        }
        let by = once.by.as_ref();
        let Some(of) = step.parent.map(|of| store.step(of)) else { return Rc::from([]) };
        let mut all: Vec<AddressId> = self.graph.instances.iter().map(|instance| instance.address).collect();
        all.retain(|address| {
            let found = store.step(*address);
            found.name == of.name && found.parent == of.parent
        });
        if let (Some(check::code::CodeKind::SelfInput(name)), Some(key)) = (by.map(|code| code.kind.as_ref()), step.key)
        {
            let fits = |address: &AddressId| {
                let value = self.input_value(*address, *name).map(|value| store.get(store.folded(value)));
                match value {
                    Some(Value::Instance(of)) => {
                        let of = store.step(*of);
                        of.key.unwrap_or(of.name) == key
                    }
                    Some(Value::Text(text)) => text.as_ref() == key.text(),
                    Some(_) | None => false,
                }
            };
            if all.iter().any(fits) {
                all.retain(fits);
            }
        }
        all.into()
    }

    /// The instance whose inputs the code reads as its own.
    pub fn owner(&self, this: &This) -> Option<AddressId> {
        match this {
            This::Instance(address) => Some(*address),
            This::Group(members) => members.first().copied(),
            This::Root | This::Platform => None,
        }
    }

    /// The value of an input.
    pub fn input_value(&self, address: AddressId, name: Name) -> Option<ValueId> {
        self.graph.store.field(self.instance(address)?.inputs, name)
    }

    /// The implementation that an instance got.
    pub fn implementation(&self, address: AddressId) -> Option<&'a Implementation> {
        let instance = self.instance(address)?;
        let kind = self.kind(address)?;
        let wanted = instance.implementation;
        self.checked.implementations.iter().find(|implementation| {
            let platform = implementation
                .platform
                .and_then(|id| self.checked.platforms.get(id.0 as usize))
                .map(|platform| platform.name);
            let of_kind =
                self.checked.kinds.get(implementation.kind.0 as usize).is_some_and(|of| of.full_name == kind.full_name)
                    || kind.ancestors.contains(&implementation.kind);
            of_kind && implementation.name.or(platform) == wanted
        })
    }

    /// What gives an output of an instance: its implementation, else its kind by default.
    pub fn out(&self, address: AddressId, name: Name) -> Option<&'a Code> {
        let own = self.implementation(address)?.outs.iter().find(|(out, _)| *out == name);
        own.map(|(_, code)| code).or_else(|| self.default_of_out(address, name))
    }

    /// What the kind of an instance says of an output that nothing else gives.
    pub fn default_of_out(&self, address: AddressId, name: Name) -> Option<&'a Code> {
        self.kind(address)?.outs.iter().find(|out| out.name == name)?.default.as_ref()
    }

    /// Where an input of an instance was set, as deep as the path leads; several when it is put together of entries.
    pub fn settings(&self, address: AddressId, name: Name, path: &[Hop]) -> Vec<Setting<'a>> {
        let Some(statement) = self.statement(address) else { return Vec::new() };
        let mut adjusted: Vec<Setting<'a>> = Vec::new();
        for change in self.changes(address) {
            let Some((AdjustPath::Field(first), deeper)) = change.path.split_first() else { continue };
            if *first != name {
                continue;
            }
            if let Some(rest) = below(path, deeper) {
                adjusted.push(Setting {
                    how: How::Adjusted,
                    place: change.place,
                    code: Some(&change.code),
                    inside: false,
                    rest,
                });
            }
        }
        // An adjustment of the whole, or of what leads to the path, leaves nothing of what was there.
        if !adjusted.is_empty() && !path.is_empty()
            || self
                .changes(address)
                .iter()
                .any(|change| matches!(change.path.as_slice(), [AdjustPath::Field(only)] if *only == name))
        {
            return adjusted;
        }
        let Fields::Inputs(parts) = &statement.fields else { return adjusted };
        let mut given: Vec<Setting<'a>> = Vec::new();
        let mut whole = false;
        for part in parts {
            let set = |code: &'a Code, rest: &[Hop]| Setting {
                how: How::Set,
                place: code.place,
                code: Some(code),
                inside: false,
                rest: rest.to_vec(),
            };
            match part {
                InputPart::Field { name: field, code, maybe } if *field == name => {
                    // What may be absent overrides nothing for sure.
                    if !maybe {
                        given.clear();
                    }
                    given.push(set(code, path));
                    whole = true;
                }
                InputPart::Entry { field, key, code, .. } if *field == name => match path.split_first() {
                    Some((Hop::Name(wanted), rest)) if wanted == key => {
                        given.clear();
                        given.push(set(code, rest));
                        whole = true;
                    }
                    Some((Hop::Name(_), _)) => {}
                    Some((Hop::At(_) | Hop::Any, rest)) => given.push(set(code, rest)),
                    None => given.push(set(code, &[])),
                },
                InputPart::Element { field, code } if *field == name => {
                    given.push(set(code, path.get(1..).unwrap_or_default()));
                    whole = true;
                }
                InputPart::Field { .. } | InputPart::Entry { .. } | InputPart::Element { .. } => {}
            }
        }
        given.extend(adjusted);
        if !whole {
            // What is given adds to the default, or nothing is given.
            let fallback = self.fallback(address, name, path, statement.place);
            let adds = |setting: &Setting<'_>| {
                setting.how == How::Default
                    && !matches!(setting.code.map(|code| code.kind.as_ref()), Some(check::code::CodeKind::Map(parts)) if parts.is_empty())
            };
            if given.is_empty() || fallback.as_ref().is_some_and(adds) {
                given.extend(fallback);
            }
        }
        given
    }

    fn fallback(&self, address: AddressId, name: Name, path: &[Hop], place: Place) -> Option<Setting<'a>> {
        let input = self.kind(address)?.inputs.iter().find(|input| input.name == name)?;
        let value = self.input_value(address, name);
        if input.only.is_some() {
            // The instance that it means says where it stands.
            let meant = value.and_then(|value| match self.graph.store.get(self.graph.store.folded(value)) {
                Value::Instance(address) => self.instance(*address).map(|instance| instance.place),
                _ => None,
            });
            return Some(Setting {
                how: How::Only,
                place: meant.unwrap_or(place),
                code: None,
                inside: true,
                rest: path.to_vec(),
            });
        }
        Some(match &input.default {
            Some(code) => {
                Setting { how: How::Default, place: code.place, code: Some(code), inside: true, rest: path.to_vec() }
            }
            None => Setting { how: How::Absent, place: input.place, code: None, inside: true, rest: path.to_vec() },
        })
    }

    /// What `adjust` says of an address.
    pub fn changes(&self, address: AddressId) -> Vec<&'a AdjustChange> {
        if self.checked.adjusts.is_empty() {
            return Vec::new();
        }
        let steps = self.graph.store.steps(address);
        let fits = |adjust: &&'a check::checked::Adjust| {
            adjust.target.len() == steps.len()
                && adjust.target.iter().zip(&steps).all(|(wanted, found)| {
                    wanted.name == found.name
                        && match &wanted.key {
                            AdjustKey::None => found.key.is_none(),
                            AdjustKey::Any => true,
                            AdjustKey::Is(key) => found.key == Some(*key),
                        }
                })
        };
        self.checked.adjusts.iter().filter(fits).flat_map(|adjust| &adjust.changes).collect()
    }

    /// The code of a param in this environment, and the environment that gives it; none: its default.
    pub fn param(&self, id: check::checked::ParamId) -> Option<(Option<&'a Environment>, &'a Code)> {
        for environment in &self.chain {
            if let Some((_, code)) = environment.params.iter().find(|(param, _)| *param == id) {
                return Some((Some(environment), code));
            }
        }
        self.checked.params.get(id.0 as usize)?.default.as_ref().map(|code| (None, code))
    }

    /// The declared flows that are written at this place.
    pub fn flows(&self, place: Place) -> &[ValueId] {
        self.flows.get(&place).map_or(&[], |(values, _)| values.as_slice())
    }
    /// Their keys.
    pub fn keys_of_flow(&self, place: Place) -> &[Name] {
        self.flows.get(&place).map_or(&[], |(_, keys)| keys.as_slice())
    }
    /// The ends of the flow with this key that are named one by one.
    pub fn named_alone(&self, key: Name) -> [Box<[ValueId]>; 2] {
        match self.flows_of_key.get(&key).and_then(|flows| flows.first()).map(|flow| self.graph.store.get(*flow)) {
            Some(Value::Flow { alone, .. }) => alone.clone(),
            _ => Default::default(),
        }
    }
    /// Where the flow with this key is written.
    pub fn places_of_flow(&self, key: Name) -> Vec<Place> {
        self.graph.flows.iter().filter(|(found, _)| *found == key).map(|(_, place)| *place).collect()
    }
}

/// What is left of a wanted path below a change; none when the change is elsewhere. A change deeper than what is wanted is a part of it.
pub(crate) fn below(wanted: &[Hop], change: &[AdjustPath]) -> Option<Vec<Hop>> {
    let mut rest = wanted;
    for step in change {
        let Some((hop, after)) = rest.split_first() else { return Some(Vec::new()) };
        let fits = match (step, hop) {
            (AdjustPath::Field(name) | AdjustPath::Entry(name), Hop::Name(wanted)) => name == wanted,
            (AdjustPath::Field(_) | AdjustPath::Entry(_) | AdjustPath::Keyed(..), Hop::Any)
            | (AdjustPath::Keyed(..), Hop::At(_) | Hop::Name(_)) => true,
            (AdjustPath::Field(_) | AdjustPath::Entry(_), Hop::At(_)) => false,
        };
        if !fits {
            return None;
        }
        rest = after;
    }
    Some(rest.to_vec())
}

fn chain_of(checked: &Checked, name: Name) -> Vec<&Environment> {
    let find = |name: Name| checked.environments.iter().find(|environment| environment.name == name);
    let mut chain: Vec<&Environment> = Vec::new();
    let mut next = find(name);
    while let Some(environment) = next {
        if chain.iter().any(|seen| seen.name == environment.name) {
            break;
        }
        chain.push(environment);
        next = environment.like.and_then(find);
    }
    chain
}
