//! What can be said of who calls whom at a place in the source: the flow that stands there, the port, or the instance.

use check::checked::{Checked, Kind, Statement};
use graph::Graph;
use source::{Name, Sources};
use value::AddressId;

use super::declared::End;
use super::parties::Party;
use super::text::matrix;
use super::{Answer, Scene};
use crate::Program;
use crate::why::{At, Hop, Known, Unanswered, declared};

/// What stands at a place, and what becomes of its connections.
#[derive(Clone, Debug)]
pub struct Around {
    /// `flow api -> orders.sql`, `orders.sql`, `api`
    pub title: String,
    pub answers: Vec<Answer>,
    /// A flow is followed layer by layer; of a port and an instance it is told who reaches whom.
    is_flow: bool,
}

/// What stands there.
enum Meant {
    Flow { text: String, place: source::Place },
    Port { of: Vec<AddressId>, label: Name },
    Instances(Vec<AddressId>),
}

impl Around {
    /// As `infrac reach` prints it.
    pub fn text(&self) -> String {
        if self.is_flow { self.answers.iter().map(Answer::text).collect() } else { matrix(&self.answers) }
    }
}

impl Program {
    /// What reaches, and what is reached by, the end that stands at a place: a flow of a list, a port, or an instance with all of its
    /// ports; or why that cannot be said.
    pub fn reach_of(&self, environment: Name, params: &[(String, String)], at: At) -> Result<Around, Unanswered> {
        let (graph, _) = self.graph(environment, params)?;
        let checked = self.checked().0;
        let scene = Scene::of(&graph, checked, self.layers(environment)?);
        let Some(meant) = meant_at(checked, self.sources(), &graph, at) else { return Err(nothing()) };
        let world = scene.world();
        let mut answers = Vec::new();
        for (caller, called, label, port) in scene.pairs_of(&meant) {
            // What is called by itself passes no layer, and what passes between two ends elsewhere is not ours.
            let same = caller.instance.is_some() && caller.instance == called.instance;
            if !same && (caller.ranges.is_empty() || called.ranges.is_empty()) {
                answers.push(scene.answer(&world, self, &caller, called, label, port));
            }
        }
        if answers.is_empty() {
            return Err(nothing());
        }
        let (title, is_flow) = match &meant {
            Meant::Flow { text, .. } => (format!("flow {text}"), true),
            Meant::Port { of, label } => (format!("{}.{label}", addresses(&graph, of)), false),
            Meant::Instances(of) => (addresses(&graph, of), false),
        };
        Ok(Around { title, answers, is_flow })
    }
}

fn nothing() -> Unanswered {
    Unanswered::Question {
        message: "nothing that can call or be called is named here".to_owned(),
        help: "ask at a flow, at a port or in an instance that has one".to_owned(),
    }
}

fn addresses(graph: &Graph, of: &[AddressId]) -> String {
    of.iter().map(|address| graph.store.address_text(*address)).collect::<Vec<_>>().join(", ")
}

impl Scene<'_> {
    /// The connections that are meant: who calls, who is called, at which port.
    fn pairs_of(&self, meant: &Meant) -> Vec<(Party, &Party, Name, super::Port)> {
        let is_one = |party: &Party, of: &[AddressId]| party.instance.is_some_and(|instance| of.contains(&instance));
        let mut pairs = Vec::new();
        match meant {
            Meant::Flow { place, .. } => {
                for flow in self.declared.flows.iter().filter(|flow| flow.place == *place) {
                    let callers: Vec<Party> = flow.from.iter().filter_map(|end| self.calling(end)).collect();
                    for (party, label, port) in self.called_by(&flow.to) {
                        pairs.extend(callers.iter().cloned().map(|caller| (caller, party, label, port)));
                    }
                }
            }
            Meant::Port { of, label } => {
                let ends = self.all_endpoints().into_iter();
                for (party, _, port) in ends.filter(|(party, known, _)| known == label && is_one(party, of)) {
                    pairs.extend(self.all_callers().into_iter().map(|caller| (caller, party, *label, port)));
                }
            }
            Meant::Instances(of) => {
                let callers = self.all_callers();
                for (party, label, port) in self.all_endpoints() {
                    let mine = is_one(party, of);
                    let callers = callers.iter().filter(|caller| mine || is_one(caller, of)).cloned();
                    pairs.extend(callers.map(|caller| (caller, party, label, port)));
                }
            }
        }
        pairs
    }

    fn calling(&self, end: &End) -> Option<Party> {
        match end {
            End::Instance(address) | End::Endpoint(address, _) => {
                self.parties.iter().find(|party| party.instance == Some(*address)).cloned()
            }
            End::Range(range, name) => Some(Party::of_ranges(name, vec![*range])),
        }
    }

    fn called_by(&self, ends: &[End]) -> Vec<(&Party, Name, super::Port)> {
        let port = |end: &End| {
            let End::Endpoint(address, label) = end else { return None };
            let party = self.parties.iter().find(|party| party.instance == Some(*address))?;
            let (_, port) = party.ports.iter().find(|(known, _)| known == label)?;
            Some((party, *label, *port))
        };
        ends.iter().filter_map(port).collect()
    }
}

/// The flow around a place, else the port, else the instance.
fn meant_at(checked: &Checked, sources: &Sources, graph: &Graph, at: At) -> Option<Meant> {
    let holds = |place: source::Place| {
        let (file, range) = sources.absolute(place)?;
        (file.id == at.file && range.start <= at.byte && at.byte <= range.end).then_some(range.len())
    };
    let flows = graph.flows.iter().filter_map(|(_, place)| Some((holds(*place)?, *place)));
    if let Some((_, place)) = flows.min_by_key(|(length, _)| *length) {
        return Some(Meant::Flow { text: sources.text(place).unwrap_or_default().to_owned(), place });
    }
    let known = Known::new(checked, graph, sources);
    let all = declared(checked, sources, at.file);
    // The name of a port is declared by itself, within the port.
    let inside = all.iter().filter(|declared| declared.whole.contains(&at.byte) && declared.input.is_some());
    let input = inside.min_by_key(|declared| declared.whole.len()).and_then(|declared| declared.input.as_ref());
    let header = || {
        let around = checked.statements.iter().filter_map(|statement| Some((holds(statement.place)?, statement)));
        around.min_by_key(|(length, _)| *length).map(|(_, statement)| statement)
    };
    let statement: &Statement = input.map(|(statement, ..)| *statement).or_else(header)?;
    let of = known.made_by(statement).to_vec();
    let ports = of.first().and_then(|address| known.kind(*address)).and_then(Kind::ports).map(|input| input.name);
    Some(match input {
        Some((_, name, path))
            if Some(*name) == ports
                && let Some(Hop::Name(label)) = path.first() =>
        {
            Meant::Port { of, label: *label }
        }
        Some(_) | None => Meant::Instances(of),
    })
}
