//! The graph of what was evaluated: instances and resources in address order, their edges, provider configurations, outputs.

use std::sync::Arc;

use check::checked::What;
use graph::{Edge, EdgeKind, Graph, NativeKind, Resource};
use rustc_hash::FxHashMap;
use schema::Role;
use source::{Diagnostic, Name, Place};
use value::{AddressId, Value, ValueId};

use crate::annotations::{Drifts, NotesMemo};
use crate::cells::CellKey;
use crate::evaluate::Evaluation;
use crate::frame::{Frame, InstanceId, Parent};

impl Evaluation<'_> {
    /// Everything that was evaluated as a graph. None when it would not be complete.
    pub(crate) fn assemble(&mut self) -> Option<Graph> {
        if self.budget.exhausted {
            return None;
        }
        let outputs = self.outputs();
        let state = self.state();
        let (providers, provider_ids) = self.assemble_providers();
        // Expanding is over: what mistakes there are have been told.
        let sorted = self.in_address_order();
        let beneath = self.natives_beneath(&sorted);
        let mut notes = NotesMemo::default();
        let mut drifts = Drifts::default();
        let mut kinds: FxHashMap<*const check::checked::NativeKind, Arc<NativeKind>> = FxHashMap::default();
        let mut platforms: FxHashMap<ValueId, Arc<str>> = FxHashMap::default();
        let (mut instances, mut resources) = (Vec::new(), Vec::new());
        for id in sorted {
            let Some(statement) = self.statement_of(id) else { continue };
            let Some(instance) = self.instances.get(id.0 as usize) else { continue };
            let (address, parent) = (instance.address, instance.parent);
            match &statement.what {
                What::Native(native) => {
                    let Some(body) = self.bodies.get(&id).copied() else { continue };
                    let kind = kinds
                        .entry(std::ptr::from_ref(native))
                        .or_insert_with(|| {
                            Arc::new(NativeKind {
                                target: native.target,
                                name: native.name,
                                provider: native.provider,
                                api_version: native.api_version.clone(),
                                kind_name: native.kind_name.clone(),
                                namespaced: native.namespaced,
                                secret: self.secret_members(native, true).next().is_some(),
                                secret_fields: self.secret_members(native, false).collect(),
                            })
                        })
                        .clone();
                    let noted = self.notes(id, &mut notes);
                    let mut edges: Vec<Edge> = Vec::new();
                    for reference in self.store.references(body.value) {
                        if let Value::Ref { of, .. } = self.store.get(reference) {
                            edges.push(Edge { to: *of, kind: EdgeKind::Data });
                        }
                    }
                    self.edges_to(&noted.after, EdgeKind::Order, &beneath, &mut edges);
                    self.edges_to(&noted.notifies, EdgeKind::Notifies, &beneath, &mut edges);
                    let home = self.home(id, statement.place);
                    match self.store.get(home) {
                        Value::Platform { instance: Some(host), .. } => {
                            let host = self.by_address(*host);
                            self.edges_to(host.as_slice(), EdgeKind::HostedOn, &beneath, &mut edges);
                        }
                        Value::Instance(host) => edges.push(Edge { to: *host, kind: EdgeKind::HostedOn }),
                        _ => {}
                    }
                    edges.retain(|edge| edge.to != address);
                    edges.sort_by(|left, right| {
                        self.store.compare_addresses(left.to, right.to).then(left.kind.cmp(&right.kind))
                    });
                    edges.dedup();
                    let provider = self.providers.of.get(&id).and_then(|key| provider_ids.get(key)).copied();
                    resources.push(Resource {
                        address,
                        owner: self
                            .owner_of(parent)
                            .and_then(|owner| self.instances.get(owner.0 as usize))
                            .map(|owner| owner.address),
                        kind,
                        read: native.role == Role::Data,
                        provider,
                        body: body.value,
                        origin: body.origin,
                        place: statement.place,
                        edges,
                        life: if native.role == Role::Data {
                            noted.life.clone()
                        } else {
                            self.life(&noted, native, &mut drifts)
                        },
                        waivers: noted.waivers.clone(),
                    });
                }
                What::Kind { kind, .. } => {
                    let Some(kind) = self.kind(*kind) else { continue };
                    let home = self.home(id, statement.place);
                    let platform = match self.store.get(home) {
                        Value::Platform { .. } => Some(match platforms.get(&home) {
                            Some(text) => text.clone(),
                            None => {
                                let text: Arc<str> = self.platform_text(home).into();
                                platforms.insert(home, text.clone());
                                text
                            }
                        }),
                        _ => None,
                    };
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
        self.tell_drifts(drifts);
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
            state,
            store: std::mem::take(&mut self.store),
            origins: std::mem::take(&mut self.origins),
            providers,
            instances,
            resources,
            outputs,
            deferred,
            flows,
            changes,
            named,
        };
        self.prove(graph)
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
        let mut ids: Vec<InstanceId> = (0..self.instances.len()).map(|at| InstanceId(at as u32)).collect();
        ids.sort_by_cached_key(|id| {
            let steps = self
                .instances
                .get(id.0 as usize)
                .map(|instance| self.store.steps(instance.address))
                .unwrap_or_default();
            steps.into_iter().map(|step| (step.name.text(), step.key.map(Name::text))).collect::<Vec<_>>()
        });
        ids
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

    /// A graph that holds nothing unknown and whose resources can be put in an order.
    fn prove(&mut self, graph: Graph) -> Option<Graph> {
        let holds_unknown = |value: ValueId| graph.store.holds(value).unknown();
        let unknown = graph
            .resources
            .iter()
            .filter(|resource| holds_unknown(resource.body))
            .map(|resource| resource.place)
            .chain(graph.outputs.iter().filter(|output| holds_unknown(output.value)).map(|output| output.place))
            .next();
        if let Some(place) = unknown {
            let _ = self.diagnostics.tell(
                Diagnostic::error(
                    "internal",
                    place,
                    "a value is unknown though no mistake was told; this is a bug in infrac",
                )
                .help("please report the program that did this"),
            );
            return None;
        }
        if let Err(circle) = graph.order() {
            let names: Vec<String> = circle
                .iter()
                .filter_map(|at| graph.resources.get(*at))
                .map(|resource| format!("`{}`", graph.store.address_text(resource.address)))
                .collect();
            let places: Vec<_> =
                circle.iter().filter_map(|at| graph.resources.get(*at)).map(|resource| resource.place).collect();
            if let (Some(first), Some(place)) = (names.first(), places.first()) {
                let mut told = Diagnostic::error("circle", *place, format!("{first} has to be there before itself"))
                    .help(format!("the circle is {} → {first}", names.join(" → ")))
                    .help("take one of the references, `on` or `@after` out of the circle");
                for place in places.iter().skip(1).take(6).filter(|other| *other != place) {
                    told = told.also(*place, "on the way");
                }
                let _ = self.diagnostics.tell(told);
            }
            return None;
        }
        Some(graph)
    }
}
