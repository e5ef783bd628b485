//! Who can reach what: a connection is followed through every layer of the graph, and what is found is held against the flows
//! that the program declares. Rules are read from the native resources, so a mistake of the library shows as well.
//! Read `table.rs` for what the library says of its layers, `parties.rs` for the ends, `walk.rs` for the path; then `groups.rs`,
//! `policies.rs`, `services.rs` and `hosts.rs` for one layer each, `declared.rs` for the flows.

mod address_set;
mod around;
mod by_filter;
mod declared;
mod groups;
mod hosts;
mod index;
mod likeness;
mod parties;
mod policies;
mod policy_side;
mod read;
mod seen;
mod services;
mod stopped;
mod table;
mod text;
mod undeclared;
mod walk;

use check::checked::Checked;
use graph::Graph;
use rustc_hash::FxHashSet;
use source::{Diagnostic, Name};

use crate::Program;
use crate::why::Spot;
pub use around::Around;
use declared::Declared;
pub(crate) use declared::{End, flows as declared_flows};
use parties::Party;
pub use read::Port;
pub(crate) use read::ports;
use read::{Addresses, range_of_text};
use table::Table;
pub use text::matrix;
pub use walk::Verdict;
use walk::{World, verdict, walk};

/// What became of a connection from one end to a port of another.
#[derive(Clone, Debug)]
pub struct Answer {
    pub from: String,
    pub to: String,
    pub label: Name,
    pub port: Port,
    pub verdict: Verdict,
    pub layers: Vec<Layer>,
    /// The flow that names both ends.
    pub declared: Option<Spot>,
    /// No flow names both ends, but each is let in or out by a range that the other lies in.
    pub by_ranges: bool,
}

/// One layer on the path.
#[derive(Clone, Debug)]
pub struct Layer {
    pub name: String,
    pub verdict: Verdict,
    pub says: String,
    pub at: Option<Spot>,
}

impl Answer {
    /// A declared flow that some layer stops.
    pub fn is_stopped(&self) -> bool {
        self.declared.is_some() && self.verdict == Verdict::Closed
    }
    /// An open path that no flow asks for.
    pub fn is_undeclared(&self) -> bool {
        self.declared.is_none() && !self.by_ranges && self.verdict == Verdict::Open
    }
}

impl Program {
    /// What becomes of a connection from `from` (an instance, `internet`, an address, a range) to `to` (`orders.sql`): one answer for each
    /// instance that they stand for; or all mistakes.
    pub fn reach(
        &self,
        environment: Name,
        params: &[(String, String)],
        from: &str,
        to: &str,
    ) -> Result<Vec<Answer>, Vec<Diagnostic>> {
        let (graph, _) = self.graph(environment, params)?;
        let scene = Scene::of(&graph, self.checked().0, self.layers(environment)?);
        let world = scene.world();
        let callers = scene.callers(from).map_err(|mistake| vec![mistake])?;
        let endpoints = scene.endpoints(to).map_err(|mistake| vec![mistake])?;
        let pairs = callers
            .iter()
            .flat_map(|caller| endpoints.iter().map(move |(called, label, port)| (caller, *called, *label, *port)));
        Ok(pairs.map(|(caller, called, label, port)| scene.answer(&world, self, caller, called, label, port)).collect())
    }

    /// The same for all instances and the internet, to all ports; or all mistakes. In the order of the ports' addresses.
    pub fn reach_all(&self, environment: Name, params: &[(String, String)]) -> Result<Vec<Answer>, Vec<Diagnostic>> {
        let (graph, _) = self.graph(environment, params)?;
        let scene = Scene::of(&graph, self.checked().0, self.layers(environment)?);
        let world = scene.world();
        let callers = scene.all_callers();
        let mut answers = Vec::new();
        for (called, label, port) in scene.all_endpoints() {
            for caller in &callers {
                let same = caller.instance.is_some() && caller.instance == called.instance;
                // What passes between two ends elsewhere is not ours.
                let elsewhere = !caller.ranges.is_empty() && !called.ranges.is_empty();
                if !same && !elsewhere {
                    answers.push(scene.answer(&world, self, caller, called, label, port));
                }
            }
        }
        Ok(answers)
    }
}

impl Program {
    /// The layers of which the library and the project tell; or what is wrong with them.
    fn layers(&self, environment: Name) -> Result<Table, Vec<Diagnostic>> {
        let mut table = Table::default();
        for (place, text) in eval::layers(self.checked().0, environment, &*self.read)? {
            table.add(&text).map_err(|cause| {
                let message = format!("these layers cannot be read: {cause}");
                vec![Diagnostic::error("bad_layers", place, message).help("give them the type `layers` of the library")]
            })?;
        }
        Ok(table)
    }

    /// One error for each declared flow that some layer stops, between any of its ends; and where there is none, a warning for each rule
    /// of the program's own that lets somebody pass without a flow.
    pub(crate) fn flows_told(&self, environment: Name, graph: &Graph) -> Vec<Diagnostic> {
        if !declared::has_flows(graph) && !undeclared::may_be(graph) {
            return Vec::new();
        }
        let table = match self.layers(environment) {
            Ok(table) => table,
            Err(told) => return told,
        };
        let scene = Scene::of(graph, self.checked().0, table);
        let stopped = stopped::stopped(&scene, environment);
        if stopped.is_empty() { undeclared::undeclared(&scene, environment) } else { stopped }
    }
}

struct Scene<'a> {
    graph: &'a Graph,
    parties: Vec<Party>,
    declared: Declared,
    table: Table,
}

impl<'a> Scene<'a> {
    fn of(graph: &'a Graph, checked: &Checked, table: Table) -> Self {
        let parties = parties::parties(graph, checked, &table);
        Self { graph, declared: Declared::new(graph, &parties), parties, table }
    }

    fn world(&self) -> World<'_> {
        let members =
            self.parties.iter().flat_map(|party| party.members.iter().map(|member| member.resource)).collect();
        World::new(self.graph, &self.table, members)
    }

    fn answer(&self, world: &World, program: &Program, from: &Party, to: &Party, label: Name, port: Port) -> Answer {
        let steps = walk(world, from, to, label, port);
        let said = self.declared.said(&self.parties, (from, to), (label, port));
        let spot = |place| Spot::of(program.sources(), place);
        Answer {
            from: from.name.clone(),
            to: to.name.clone(),
            label,
            port,
            verdict: verdict(&steps),
            layers: steps
                .into_iter()
                .map(|step| Layer {
                    name: step.layer,
                    verdict: step.verdict,
                    says: step.says,
                    at: step.place.map(spot),
                })
                .collect(),
            declared: said.flow.map(spot),
            by_ranges: said.by_ranges,
        }
    }

    /// The parties that a name stands for: one, or all that a loop made, or the one that a bundle stands for.
    fn named(&self, name: &str) -> Vec<&Party> {
        let exact: Vec<&Party> = self
            .parties
            .iter()
            .filter(|party| party.name == name && (!party.is_empty() || !self.has_parts(party)))
            .collect();
        if !exact.is_empty() {
            return exact;
        }
        let looped: Vec<&Party> = self
            .parties
            .iter()
            .filter(|party| {
                party
                    .name
                    .strip_prefix(name)
                    .is_some_and(|rest| rest.starts_with('[') && rest.ends_with(']') && !rest.contains("]."))
                    && !party.is_empty()
            })
            .collect();
        if !looped.is_empty() {
            return looped;
        }
        self.parties
            .iter()
            .filter(|party| {
                party.name.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')) && !party.is_empty()
            })
            .collect()
    }

    /// Whether parties beneath it are what can be called in its place.
    fn has_parts(&self, party: &Party) -> bool {
        self.parties.iter().any(|other| {
            other.name.strip_prefix(&party.name).is_some_and(|rest| rest.starts_with('.')) && !other.is_empty()
        })
    }

    fn callers(&self, from: &str) -> Result<Vec<Party>, Diagnostic> {
        if from == "internet" {
            return Ok(vec![Party::internet()]);
        }
        if let Addresses::Range(range) = range_of_text(from) {
            return Ok(vec![Party::of_ranges(from, vec![range])]);
        }
        let found: Vec<Party> = self.named(from).into_iter().cloned().collect();
        if found.is_empty() { Err(self.no_party(from)) } else { Ok(found) }
    }

    fn endpoints(&self, to: &str) -> Result<Vec<(&Party, Name, Port)>, Diagnostic> {
        let Some((name, label)) = to.rsplit_once('.').filter(|(name, _)| !name.is_empty()) else {
            return Err(Diagnostic::placeless("wrong_endpoint", format!("`{to}` names no port"))
                .help("write it as `INSTANCE.PORT`, such as `orders.sql`"));
        };
        let parties = self.named(name);
        if parties.is_empty() {
            return Err(self.no_party(name));
        }
        let found: Vec<(&Party, Name, Port)> = parties
            .iter()
            .flat_map(|party| {
                party
                    .ports
                    .iter()
                    .filter(|(known, _)| known.text() == label)
                    .map(|(known, port)| (*party, *known, *port))
            })
            .collect();
        if found.is_empty() {
            let labels =
                source::list_of(parties.iter().flat_map(|party| party.ports.iter().map(|(known, _)| known.text())));
            let help = if labels.is_empty() { "it has no ports".to_owned() } else { format!("its ports are {labels}") };
            return Err(Diagnostic::placeless("no_port", format!("`{name}` has no port `{label}`")).help(help));
        }
        Ok(found)
    }

    fn no_party(&self, name: &str) -> Diagnostic {
        let names = || self.parties.iter().filter(|party| !party.is_empty()).map(|party| party.name.as_str());
        let help = match source::did_you_mean(name, names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}, `internet`, addresses and ranges", source::list_of(names())),
        };
        Diagnostic::placeless("no_such_end", format!("nothing that can call or be called has the name `{name}`"))
            .help(help)
    }

    /// All instances, the internet, and the ranges that flows name.
    fn all_callers(&self) -> Vec<Party> {
        let mut callers: Vec<Party> =
            self.parties.iter().filter(|party| party.has_points() || self.is_end(party)).cloned().collect();
        callers.push(Party::internet());
        let mut names: FxHashSet<String> = callers.iter().map(|party| party.name.clone()).collect();
        for end in self.declared.flows.iter().flat_map(|flow| &flow.from) {
            if let End::Range(range, name) = end
                && names.insert(name.clone())
            {
                callers.push(Party::of_ranges(name, vec![*range]));
            }
        }
        callers
    }

    fn is_end(&self, party: &Party) -> bool {
        party.instance.is_some_and(|instance| self.declared.is_caller(instance))
    }

    fn all_endpoints(&self) -> Vec<(&Party, Name, Port)> {
        let called = self.parties.iter().filter(|party| !party.is_empty() || !self.has_parts(party));
        called.flat_map(|party| party.ports.iter().map(move |(label, port)| (party, *label, *port))).collect()
    }
}
