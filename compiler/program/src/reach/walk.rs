//! The path from one end to a port of another: each layer on it, in order, and whether it lets the connection pass.

use std::cell::RefCell;
use std::rc::Rc;

use graph::{Graph, Resource};
use ipnet::IpNet;
use rustc_hash::{FxHashMap, FxHashSet};
use source::{Name, Place};
use value::{AddressId, ValueId, within};

use super::address_set::AddressSet;
use super::groups::Opened;
use super::hosts::{self, Host, Rules};
use super::index::Index;
use super::parties::{Member, Party, Program};
use super::policy_side::Side;
use super::read::{Port, addresses, elements_at};
use super::seen::Seen;
use super::services::{self, Front};
use super::table::{Direction, GroupForm, Joint, PolicyForm, Table};
use super::{groups, policies};

/// Whether a connection passes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord)]
pub enum Verdict {
    Open,
    /// Something on the path cannot be read.
    Unknown,
    Closed,
}

impl Verdict {
    /// As it is shown.
    pub fn text(self) -> &'static str {
        match self {
            Verdict::Open => "open",
            Verdict::Unknown => "unknown",
            Verdict::Closed => "closed",
        }
    }
}

/// One layer of a path.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub layer: String,
    pub verdict: Verdict,
    pub says: String,
    pub place: Option<Place>,
    /// What opens it, when that is known.
    pub help: Option<String>,
}

impl Step {
    /// What the layer around one end of a path says of it.
    pub fn at_end(
        layer: &str,
        (direction, name): (Direction, &str),
        verdict: Verdict,
        says: &str,
        place: Option<Place>,
    ) -> Self {
        let says = format!("{} `{name}`: {says}", direction.preposition());
        Self { layer: layer.to_owned(), verdict, says, place, help: None }
    }
}

/// What a walk looks at.
pub(crate) struct World<'a> {
    pub graph: &'a Graph,
    pub table: &'a Table,
    /// All resources that have an address of their own.
    pub members: FxHashSet<AddressId>,
    /// Resources by their kind, in address order.
    kinds: FxHashMap<(&'static str, &'static str), Vec<&'a Resource>>,
    positions: FxHashMap<AddressId, usize>,
    pub index: Index<'a>,
    /// What policies say of a program, read when it is first asked for.
    sides: RefCell<FxHashMap<(AddressId, Direction), Rc<Side<'a>>>>,
    /// The ranges that services take calls from.
    sources: RefCell<FxHashMap<AddressId, Rc<AddressSet>>>,
    /// The rules of groups, by form, groups, direction and port.
    opened: RefCell<FxHashMap<OpenedBy, Rc<Opened<'a>>>>,
    /// The rules of machines, by their text.
    filters: RefCell<hosts::Read>,
}

type OpenedBy = (usize, Vec<AddressId>, Direction, Port);

impl<'a> World<'a> {
    pub fn new(graph: &'a Graph, table: &'a Table, members: FxHashSet<AddressId>) -> Self {
        let mut kinds: FxHashMap<(&'static str, &'static str), Vec<&'a Resource>> = FxHashMap::default();
        for resource in graph.resources.iter().filter(|resource| !resource.read) {
            kinds.entry((resource.kind.target.text(), resource.kind.name.text())).or_default().push(resource);
        }
        Self {
            graph,
            table,
            members,
            kinds,
            positions: graph.positions(),
            index: Index::new(graph, table),
            sides: RefCell::default(),
            sources: RefCell::default(),
            opened: RefCell::default(),
            filters: RefCell::default(),
        }
    }
    /// What the policies of a program say of one direction.
    pub fn side(&self, form: &PolicyForm, program: &Program, direction: Direction) -> Rc<Side<'a>> {
        let key = (program.resource, direction);
        if let Some(read) = self.sides.borrow().get(&key) {
            return read.clone();
        }
        let read = Rc::new(Side::new(self, form, program, direction));
        self.sides.borrow_mut().insert(key, read.clone());
        read
    }
    /// The ranges from which a service takes calls.
    pub fn sources(&self, service: &Resource, field: &str) -> Rc<AddressSet> {
        if let Some(read) = self.sources.borrow().get(&service.address) {
            return read.clone();
        }
        let mut read = AddressSet::default();
        for (position, value) in elements_at(self.graph, service.body, field).into_iter().enumerate() {
            read.add(position, &addresses(self.graph, value), &self.members);
        }
        let read = Rc::new(read);
        self.sources.borrow_mut().insert(service.address, read.clone());
        read
    }
    /// What the rules of groups let pass at a port.
    pub fn opened(
        &self,
        form: (usize, &GroupForm),
        groups: &[AddressId],
        direction: Direction,
        port: Port,
    ) -> Rc<Opened<'a>> {
        let key = (form.0, groups.to_vec(), direction, port);
        if let Some(read) = self.opened.borrow().get(&key) {
            return read.clone();
        }
        let read = Rc::new(Opened::new(self, form, groups, direction, port));
        self.opened.borrow_mut().insert(key, read.clone());
        read
    }
    /// The rules in a text; none where it is known only later.
    pub fn filter(&self, text: ValueId) -> Option<Rc<Rules>> {
        let mut filters = self.filters.borrow_mut();
        let read = || super::read::text(self.graph, text).map(|text| Rc::new(Rules::read(&text)));
        filters.entry(text).or_insert_with(read).clone()
    }
    /// All resources of a kind, written `terraform.aws_vpc`.
    pub fn of_kind(&self, kind: &str) -> impl Iterator<Item = &'a Resource> + '_ {
        let found = kind
            .split_once('.')
            .and_then(|(target, name)| self.kinds.iter().find(|(known, _)| **known == (target, name)));
        found.map(|(_, resources)| resources.as_slice()).unwrap_or_default().iter().copied()
    }
    pub fn place(&self, resource: AddressId) -> Option<Place> {
        self.positions.get(&resource).and_then(|at| self.graph.resources.get(*at)).map(|found| found.place)
    }
}

/// What of a party makes or takes the connection.
#[derive(Clone, Copy)]
enum Point<'a> {
    Member(&'a Member),
    Program(&'a Program),
    Host(&'a Host),
    Addresses,
}

fn points(party: &Party) -> Vec<Point<'_>> {
    let mut points: Vec<Point> =
        party.members.iter().map(Point::Member).chain(party.programs.iter().map(Point::Program)).collect();
    // The filter of a machine that stands in a network of the program lies on the way to it: it is no machine of its own.
    if party.members.is_empty() {
        points.extend(party.hosts.iter().map(Point::Host));
    }
    if points.is_empty() && !party.ranges.is_empty() {
        points.push(Point::Addresses);
    }
    points
}

/// The verdict of a path: closed by one layer, or else unknown by one.
pub(crate) fn verdict(steps: &[Step]) -> Verdict {
    steps.iter().map(|step| step.verdict).max().unwrap_or(Verdict::Unknown)
}

/// The layers between two ends, the first one first.
pub(crate) fn walk(world: &World, from: &Party, to: &Party, label: Name, port: Port) -> Vec<Step> {
    let mut steps = vec![Step {
        layer: "port".to_owned(),
        verdict: Verdict::Open,
        says: format!("`{}` declares `{label}` = {port}", to.name),
        place: to.place,
        help: None,
    }];
    let (callers, called) = (points(from), points(to));
    for (party, found) in [(from, &callers), (to, &called)] {
        if found.is_empty() {
            let says = format!("nothing that is written here stands for `{}`", party.name);
            steps.push(Step {
                layer: "end".to_owned(),
                verdict: Verdict::Unknown,
                says,
                place: party.place,
                help: None,
            });
            return steps;
        }
    }
    let ways: Vec<Vec<Step>> = callers
        .iter()
        .flat_map(|caller| called.iter().map(|point| between(world, (from, *caller), (to, *point), port)))
        .collect();
    let verdicts: Vec<Verdict> = ways.iter().map(|way| verdict(way)).collect();
    let alike = verdicts.iter().all(|found| Some(found) == verdicts.first());
    let shown = ways.into_iter().max_by_key(|way| verdict(way)).unwrap_or_default();
    if alike {
        steps.extend(shown);
    } else {
        // One of several programs or machines can, another cannot.
        steps.extend(shown.into_iter().map(|step| Step { verdict: step.verdict.min(Verdict::Unknown), ..step }));
    }
    steps
}

fn between(world: &World, (from, caller): (&Party, Point), (to, called): (&Party, Point), port: Port) -> Vec<Step> {
    let mut steps = Vec::new();
    let front = match called {
        Point::Program(program) => services::front(world, (&to.name, program), &Seen::of(from), port),
        Point::Member(_) | Point::Host(_) | Point::Addresses => None,
    };
    let public = match called {
        Point::Member(member) => member.called_at_public_address,
        Point::Program(_) => front.as_ref().is_some_and(|front| front.public),
        Point::Host(_) | Point::Addresses => false,
    };
    // At an address on the internet both ends are known by such addresses only.
    let by_address = public && !matches!(caller, Point::Addresses);
    let target = if public { Seen::on_the_internet(to) } else { Seen::of(to) };
    let source = if by_address { Seen::on_the_internet(from) } else { Seen::of(from) };
    if !public {
        steps.extend(way(world, (from, caller), (to, called)));
    }
    match caller {
        Point::Member(member) => {
            steps.extend(own_filters(world, Direction::Out, from, &target, port));
            let out = groups::through(world, Direction::Out, (&from.name, member), &target, port);
            // The caller's own way out is not what is wrong: the other end moved to the internet.
            let abroad = || match called {
                Point::Member(member) => member.private_help.clone(),
                Point::Program(_) | Point::Host(_) | Point::Addresses => Some(format!(
                    "`{}` stands on the internet, since somebody there calls it: call another one that only insiders call",
                    to.name
                )),
            };
            steps.extend(out.map(|step| if by_address { Step { help: abroad(), ..step } } else { step }));
        }
        Point::Program(program) => {
            steps.extend(policies::through(world, Direction::Out, (&from.name, program), &target, port))
        }
        Point::Host(host) => steps.extend(hosts::through(world, Direction::Out, (&from.name, host), &target, port)),
        Point::Addresses => {}
    }
    if by_address {
        let says = format!(
            "`{}` is called at its address on the internet: `{}` is not known there by group or private address",
            to.name, from.name
        );
        steps.push(Step { layer: "address".to_owned(), verdict: Verdict::Open, says, place: to.place, help: None });
    }
    if let Some(Front { step, .. }) = front {
        steps.push(step);
    }
    match called {
        Point::Member(member) => {
            let into = groups::through(world, Direction::In, (&to.name, member), &source, port);
            steps.extend(
                into.map(|step| if by_address { Step { help: member.private_help.clone(), ..step } } else { step }),
            );
            steps.extend(own_filters(world, Direction::In, to, &source, port));
            steps.extend(listens(world, (&to.name, member), port));
        }
        Point::Program(program) => {
            steps.extend(policies::through(world, Direction::In, (&to.name, program), &source, port))
        }
        Point::Host(host) => steps.extend(hosts::through(world, Direction::In, (&to.name, host), &source, port)),
        Point::Addresses => {}
    }
    for (name, point) in [(&from.name, caller), (&to.name, called)] {
        if let Point::Member(member) = point
            && let Some(resource) = groups::may_close(world, member)
        {
            let says = format!(
                "`{}` may keep it out of `{name}`, and is not read",
                world.graph.store.address_text(resource.address)
            );
            steps.push(Step {
                layer: "network".to_owned(),
                verdict: Verdict::Unknown,
                says,
                place: Some(resource.place),
                help: None,
            });
        }
    }
    steps
}

/// Whether there is a way at all, when that is not plain.
fn way(world: &World, (from, caller): (&Party, Point), (to, called): (&Party, Point)) -> Option<Step> {
    let step = |verdict: Verdict, says: String, place, help: Option<String>| {
        Some(Step { layer: "network".to_owned(), verdict, says, place, help })
    };
    match (caller, called) {
        (Point::Member(source), Point::Member(target)) => {
            let (here, there) = (source.network?, target.network?);
            if here == there {
                return None;
            }
            let joints = world.table.networks.iter().flat_map(|form| &form.joined_by);
            let mut joins = joints.flat_map(|joint| world.of_kind(&joint.kind).map(move |found| (joint, found)));
            let joins = joins.find(|(_, found)| [here, there].iter().all(|network| refers(found, *network)));
            let text = |address| world.graph.store.address_text(address);
            match joins {
                Some((joint, found)) => {
                    match [here, there].into_iter().find(|network| !leads_into(world, joint, found, *network)) {
                        None => step(
                            Verdict::Open,
                            format!("`{}` joins `{}` and `{}`", text(found.address), text(here), text(there)),
                            Some(found.place),
                            None,
                        ),
                        Some(network) => {
                            let help = format!(
                                "add a `{}` to the routes of `{}` that leads into `{}`",
                                joint.route,
                                text(network),
                                text(found.address)
                            );
                            step(
                                Verdict::Closed,
                                format!("no route of `{}` leads into `{}`", text(network), text(found.address)),
                                Some(found.place),
                                Some(help),
                            )
                        }
                    }
                }
                None => step(
                    Verdict::Closed,
                    format!("nothing joins `{}` and `{}`", text(here), text(there)),
                    world.place(here),
                    Some("let both stand in one network, or join the two".to_owned()),
                ),
            }
        }
        (Point::Addresses, Point::Member(target))
            if from.ranges.iter().any(|range| !is_private(range)) && !target.public =>
        {
            step(
                Verdict::Closed,
                format!("`{}` has no address on the internet", to.name),
                to.place,
                target.public_help.clone(),
            )
        }
        (
            Point::Member(_) | Point::Program(_) | Point::Host(_) | Point::Addresses,
            Point::Member(_) | Point::Program(_) | Point::Host(_) | Point::Addresses,
        ) => None,
    }
}

/// What the filters of a machine say that stands in a network of the program.
fn own_filters(world: &World, direction: Direction, party: &Party, other: &Seen, port: Port) -> Vec<Step> {
    let through = |host| hosts::through(world, direction, (&party.name, host), other, port);
    party.hosts.iter().filter_map(through).collect()
}

fn refers(resource: &Resource, to: AddressId) -> bool {
    resource.edges.iter().any(|edge| edge.resource() == Some(to))
}

/// Whether a route of a network leads into what joins it with another one.
fn leads_into(world: &World, joint: &Joint, joins: &Resource, network: AddressId) -> bool {
    world.of_kind(&joint.route).filter(|route| refers(route, joins.address)).any(|route| {
        let tables = route.edges.iter().filter_map(graph::Edge::resource).filter(|to| *to != joins.address);
        tables
            .filter_map(|to| world.positions.get(&to))
            .filter_map(|at| world.graph.resources.get(*at))
            .any(|table| refers(table, network))
    })
}

/// What a member does not listen on does not answer.
fn listens(world: &World, (name, member): (&str, &Member), port: Port) -> Option<Step> {
    let listens = member.listens.as_ref()?;
    let step = |verdict, says, place| Some(Step { layer: "listener".to_owned(), verdict, says, place, help: None });
    match listens.iter().find(|(number, _)| *number == port.first) {
        Some((_, place)) => step(Verdict::Open, format!("`{name}` listens on {port}"), Some(*place)),
        None => step(Verdict::Closed, format!("`{name}` listens on no {port}"), world.place(member.resource)),
    }
}

/// Whether all addresses of a range are private ones, which nobody has on the internet.
pub(crate) fn is_private(range: &IpNet) -> bool {
    ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"]
        .iter()
        .filter_map(|private| private.parse().ok())
        .any(|private: IpNet| within(range, &private))
}
