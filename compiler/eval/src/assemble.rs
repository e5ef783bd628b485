//! The graph of what was evaluated: instances and resources in address order, their edges, provider configurations, outputs.

use std::sync::Arc;

use check::checked::What;
use graph::{Complete, Edge, EdgeKind, Graph, Home, Incomplete, NodeId, Provider, Resource, Targets};
use rustc_hash::FxHashMap;
use schema::Role;
use source::{Diagnostic, Name, Place};
use value::{AddressId, Value, ValueId};

use crate::annotations::NotesMemo;
use crate::cells::CellKey;
use crate::effects::Effects;
use crate::evaluate::Evaluation;
use crate::frame::{Frame, InstanceId, Parent};
use crate::natives::Body;
use crate::standing::{NativeKinds, Standing};

impl Evaluation<'_> {
    /// Everything that was evaluated as a graph. None when it would not be complete.
    pub(crate) fn assemble(&mut self) -> Option<Complete> {
        if self.budget.exhausted {
            return None;
        }
        let outputs = self.outputs();
        if self.budget.exhausted {
            return None;
        }
        let state = self.state();
        let (mut providers, provider_ids) = self.assemble_providers();
        // Expanding is over: what mistakes there are have been told.
        let sorted = self.in_address_order();
        let beneath = self.natives_beneath(&sorted);
        let mut notes = NotesMemo::default();
        let mut effects = Effects::default();
        let mut kinds = NativeKinds::default();
        let mut standing = Standing::new(self);
        let mut platforms: FxHashMap<ValueId, Arc<str>> = FxHashMap::default();
        let (mut instances, mut resources) = (Vec::new(), Vec::new());
        if !self.diagnostics.has_errors() {
            self.tell_without_flow(&sorted);
        }
        self.host_edges(&mut providers, &beneath);
        for id in sorted {
            let Some(statement) = self.statement_of(id) else { continue };
            let Some(instance) = self.instances.get(id.0 as usize) else { continue };
            let (address, parent) = (instance.address, instance.parent);
            self.ask_effects(id, &mut notes, &mut effects);
            match &statement.what {
                What::Native(native) => {
                    let Some(body) = self.bodies.get(&id).copied() else { continue };
                    if !self.spend_written(body.value, statement.place) {
                        return None;
                    }
                    let (kind, lasting) = kinds.of(self, native);
                    let noted = self.notes(id, &mut notes);
                    self.note_effects(&noted, native, &mut effects);
                    let provider = self.providers.of.get(&id).and_then(|key| provider_ids.get(key)).copied();
                    let home = self.home(id, statement.place);
                    let mut edges = graph::data_edges(&self.store, body.value);
                    self.tell_reads_itself(&edges, address, body, statement.place);
                    edges.extend(self.order_edges(id, &noted, native, &beneath, &mut effects));
                    self.edges_to(&noted.notify, EdgeKind::Notifies, &beneath, &mut edges);
                    let (home, host) = self.stands(home, &mut platforms);
                    // What a host is made of does not wait for it.
                    let is_of_host = host.and_then(|host| beneath.get(&host)).is_some_and(|all| all.contains(&address));
                    if !is_of_host && (provider.is_none() || home.platform.is_none()) {
                        // What stands on a platform waits for its provider, which waits for the host.
                        self.edges_to(host.as_slice(), EdgeKind::HostedOn, &beneath, &mut edges);
                    }
                    edges.retain(|edge| edge.to != NodeId::Resource(address));
                    graph::sort_edges(&self.store, &mut edges);
                    let life = if native.role == Role::Data {
                        noted.life.clone()
                    } else {
                        self.life(&noted, native, &mut effects)
                    };
                    let names = self.names_in(address, body.value, life.protect || lasting.stateful);
                    resources.push(Resource {
                        address,
                        made_by: standing.made_by(self, statement),
                        seq: standing.seq(self, id),
                        owner: self
                            .owner_of(parent)
                            .and_then(|owner| self.instances.get(owner.0 as usize))
                            .map(|owner| owner.address),
                        home,
                        kind,
                        read: native.role == Role::Data,
                        provider,
                        body: body.value,
                        origin: body.origin,
                        place: statement.place,
                        edges,
                        life,
                        chosen: standing.chosen(self, id),
                        effects: lasting,
                        names,
                        waivers: noted.waivers.clone(),
                    });
                }
                What::Kind { kind, .. } => {
                    let Some(kind) = self.kind(*kind) else { continue };
                    let home = self.home(id, statement.place);
                    let platform = self.stands(home, &mut platforms).0.platform;
                    let implementation = self.implementation_of(id, statement.place).and_then(|implementation| {
                        let platform = implementation
                            .platform
                            .and_then(|id| self.checked.platforms.get(id.0 as usize))
                            .map(|platform| platform.name);
                        implementation.name.or(platform)
                    });
                    let inputs: Vec<(Name, ValueId)> = kind
                        .inputs
                        .iter()
                        .map(|input| (input.name, self.input(id, input.name, statement.place)))
                        .collect();
                    let inputs = self.store.record(inputs);
                    instances.push(graph::Instance {
                        address,
                        kind: kind.full_name,
                        implementation,
                        platform,
                        place: statement.place,
                        inputs,
                    });
                }
                What::Unknown => {}
            }
        }
        self.effects = effects;
        let (changes, named) = self.changes();
        if self.diagnostics.has_errors() {
            return None;
        }
        let mut deferred = std::mem::take(&mut self.deferred);
        deferred.sort_by(|left, right| {
            left.message.cmp(&right.message).then_with(|| self.store.compare_content(left.condition, right.condition))
        });
        let mut flows: Vec<(Name, Place)> = self.flow_places.drain(..).collect();
        flows.sort_by_key(|(key, place)| (key.text(), place.item.file().path(), place.item.head(), place.start));
        let graph = Graph {
            project: self.checked.project.as_ref().map_or_else(|| Name::new(""), |project| project.name),
            environment: self.environment.name,
            store: std::mem::take(&mut self.store),
            origins: std::mem::take(&mut self.origins),
            providers,
            instances,
            resources,
            inputs: self.inputs_read(),
            outputs,
            deferred,
            flows,
            changes,
            named,
            targets: Targets { state },
        };
        self.prove(graph)
    }

    /// Nothing that a resource becomes is there when it is made.
    fn tell_reads_itself(&mut self, edges: &[Edge], address: AddressId, body: Body, statement: Place) {
        let Some(edge) = edges.iter().find(|edge| edge.to == NodeId::Resource(address)) else { return };
        let place = self.origins.place_at(body.origin, &edge.path).unwrap_or(statement);
        let message = format!("`{}` reads itself here", self.store.address_text(address));
        let _ = self.diagnostics.tell(
            Diagnostic::error("circle", place, message)
                .help("what it becomes is known when it was made: take it from what decides it, or read it elsewhere"),
        );
    }

    /// Where something stands, as it is shown, and the instance that it stands on.
    fn stands(&self, home: ValueId, platforms: &mut FxHashMap<ValueId, Arc<str>>) -> (Home, Option<InstanceId>) {
        match self.store.get(home) {
            Value::Platform { instance, .. } => {
                let text = platforms.entry(home).or_insert_with(|| self.platform_text(home).into()).clone();
                (Home { platform: Some(text), host: *instance }, instance.and_then(|host| self.by_address(host)))
            }
            Value::Instance(host) => (Home { platform: None, host: Some(*host) }, self.by_address(*host)),
            _ => (Home::default(), None),
        }
    }

    /// What a provider waits for: what the platform is made of, when the program makes it.
    fn host_edges(&self, providers: &mut [Provider], beneath: &FxHashMap<InstanceId, Vec<AddressId>>) {
        for provider in providers {
            let host = provider.hosted_on.and_then(|host| self.by_address(host));
            self.edges_to(host.as_slice(), EdgeKind::HostedOn, beneath, &mut provider.edges);
            graph::sort_edges(&self.store, &mut provider.edges);
        }
    }

    /// Where Terraform keeps its state, when the environment says so.
    fn state(&mut self) -> Option<graph::StatePlace> {
        let state = self.environment.state.as_ref()?;
        let settings =
            state.settings.iter().map(|(name, code)| (*name, self.run(&mut Frame::new(Parent::Root), code))).collect();
        Some(graph::StatePlace { backend: state.backend, settings, place: state.place })
    }

    fn outputs(&mut self) -> Vec<graph::Output> {
        let checked = self.checked;
        let mut outputs = Vec::with_capacity(checked.outputs.len());
        for (at, output) in checked.outputs.iter().enumerate() {
            let value = self.cell(CellKey::Output(at as u32), output.place, |me| {
                me.run(&mut Frame::new(Parent::Root), &output.code)
            });
            if !self.spend_written(value, output.place) {
                break;
            }
            outputs.push(graph::Output {
                name: output.name,
                value,
                secret: output.secret || self.store.holds(value).secret(),
                place: output.place,
            });
        }
        outputs.sort_by_key(|output| output.name.text());
        outputs
    }

    /// All instances that were completed, in address order.
    fn in_address_order(&self) -> Vec<InstanceId> {
        let instances = self.instances.iter().enumerate();
        let mut all: Vec<(AddressId, InstanceId)> =
            instances.map(|(at, instance)| (instance.address, InstanceId(at as u32))).collect();
        all.sort_by(|left, right| self.store.compare_addresses(left.0, right.0));
        all.into_iter().map(|(_, id)| id).collect()
    }

    /// The native resources at or beneath each instance.
    fn natives_beneath(&self, sorted: &[InstanceId]) -> FxHashMap<InstanceId, Vec<AddressId>> {
        let mut beneath: FxHashMap<InstanceId, Vec<AddressId>> = FxHashMap::default();
        for id in sorted {
            if self.native_of(*id).is_none() {
                continue;
            }
            let Some(instance) = self.instances.get(id.0 as usize) else { continue };
            beneath.entry(*id).or_default().push(instance.address);
            let mut parent = instance.parent;
            loop {
                let owners: Vec<InstanceId> = match parent {
                    Parent::Root | Parent::Platform(_) => break,
                    Parent::Instance(owner) => vec![owner],
                    // What is made once belongs to all members.
                    Parent::Group(group) => {
                        self.groups.get(group.0 as usize).map(|group| group.members.clone()).unwrap_or_default()
                    }
                };
                let Some(first) = owners.first().copied() else { break };
                for owner in owners {
                    beneath.entry(owner).or_default().push(instance.address);
                }
                parent = self.instances.get(first.0 as usize).map_or(Parent::Root, |owner| owner.parent);
            }
        }
        beneath
    }

    /// A graph that holds nothing unknown and whose nodes can be put in an order.
    fn prove(&mut self, graph: Graph) -> Option<Complete> {
        let (graph, cause) = match Complete::new(graph) {
            Ok(complete) => return Some(complete),
            Err(incomplete) => *incomplete,
        };
        let place_of = |node: &NodeId| match node {
            NodeId::Resource(address) => {
                graph.resource(*address).map(|resource| users_place(&graph, *address, resource.place))
            }
            NodeId::Provider(id) => graph.providers.get(id.0 as usize).map(|provider| provider.place),
        };
        match cause {
            Incomplete::Circle(circle) => {
                let names: Vec<String> = circle.iter().map(|node| format!("`{}`", graph.node_text(*node))).collect();
                let places: Vec<Place> = circle.iter().filter_map(place_of).collect();
                if let (Some(first), Some(place)) = (names.first(), places.first()) {
                    let mut told =
                        Diagnostic::error("circle", *place, format!("{first} has to be there before itself"))
                            .help(format!("the circle is {} → {first}", names.join(" → ")))
                            .help("take one of the references, `on` or `@after` out of the circle");
                    for place in places.iter().skip(1).take(6).filter(|other| *other != place) {
                        told = told.also(*place, "on the way");
                    }
                    let _ = self.diagnostics.tell(told);
                }
            }
            Incomplete::Unknown(node) => {
                self.tell_bug(node.as_ref().and_then(place_of), "a value is unknown though no mistake was told");
            }
            Incomplete::Nowhere(node) | Incomplete::Twice(node) => {
                self.tell_bug(place_of(&node), "the parts of the graph do not fit together");
            }
        }
        None
    }

    fn tell_bug(&mut self, place: Option<Place>, what: &str) {
        let place = place.unwrap_or(self.environment.place);
        let _ = self.diagnostics.tell(
            Diagnostic::error("internal", place, format!("{what}; this is a bug in infrac"))
                .help("please report the program that did this"),
        );
    }
}

/// Where the user wrote what became a resource: for what an implementation of the library wrote, the instance that it is for.
fn users_place(graph: &Graph, address: AddressId, place: Place) -> Place {
    let mut place = place;
    let mut above = Some(address);
    while let Some(address) = above.filter(|_| place.item.is_of_library()) {
        let instance = graph.instances.iter().find(|instance| instance.address == address);
        place = instance.map_or(place, |instance| instance.place);
        above = graph.store.step(address).parent;
    }
    place
}
