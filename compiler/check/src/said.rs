//! What becomes of what is managed: `moved`, `forget`, `adopt`, `destroy`. Read and held against each other here; whether an address
//! stands in the program is known to evaluation, because keys and platforms decide it.

use rustc_hash::FxHashMap;
use source::{Diagnostic, Name, Place};
use syntax::{Kind as Node, NodeId};
use value::{WrittenAddress, WrittenStep};

use crate::checker::{Checker, Context, Cx};
use crate::declare::{ItemAt, ValueName};
use crate::implementations::ImplementationInfo;

/// One such statement, from the source or from what was recorded of earlier sources.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    pub what: SaidWhat,
    /// `in ENV`; none: in all of them.
    pub environment: Option<Name>,
    /// None: it was recorded and stands in the source no more.
    pub places: Option<SaidPlaces>,
}

/// What is said.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum SaidWhat {
    /// What was at `from` is at `to`.
    Moved { from: WrittenAddress, to: WrittenAddress },
    /// It is left where it is and managed no more.
    Forget { address: WrittenAddress, because: Option<String> },
    /// It exists outside the program and is managed from now on.
    Adopt { address: WrittenAddress, id: String },
    /// Nothing stands in the way of its end.
    Destroy { address: WrittenAddress, because: String },
}

/// Where a statement stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SaidPlaces {
    pub whole: Place,
    /// The address that is no more, or the only one.
    pub address: Place,
    /// The new address of `moved`.
    pub to: Option<Place>,
}

/// `moved CHILD to CHILD` in an implementation: addresses below its instances.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChildMoved {
    pub from: WrittenAddress,
    pub to: WrittenAddress,
    pub place: Place,
}

impl Said {
    /// Whether it holds in an environment.
    pub fn holds_in(&self, environment: Name) -> bool {
        self.environment.is_none_or(|own| own == environment)
    }

    /// Whether there is an environment in which both hold.
    fn meets(&self, other: &Self) -> bool {
        match (self.environment, other.environment) {
            (Some(own), Some(other)) => own == other,
            (None, _) | (_, None) => true,
        }
    }

    /// The address that it takes out of the program or into it.
    pub fn address(&self) -> &WrittenAddress {
        match &self.what {
            SaidWhat::Moved { from: address, .. }
            | SaidWhat::Forget { address, .. }
            | SaidWhat::Adopt { address, .. }
            | SaidWhat::Destroy { address, .. } => address,
        }
    }

    fn word(&self) -> &'static str {
        match self.what {
            SaidWhat::Moved { .. } => "moved",
            SaidWhat::Forget { .. } => "forget",
            SaidWhat::Adopt { .. } => "adopt",
            SaidWhat::Destroy { .. } => "destroy",
        }
    }
}

/// A text that a statement holds, and what is told when nothing stands in it.
struct SaidText {
    name: &'static str,
    empty: &'static str,
    help: &'static str,
}

const ID: SaidText =
    SaidText { name: "an id", empty: "missing_part", help: "write the id that the resource has where it exists" };
const REASON: SaidText =
    SaidText { name: "a reason", empty: "missing_reason", help: "say in a few words why it leaves" };

impl Checker<'_> {
    /// Reads all of them and holds them against each other.
    pub(crate) fn said(&mut self) {
        let mut all = Vec::new();
        for at in self.loose.said.clone() {
            let cx = self.cx(at, Context::Module);
            let node = cx.tree.children(syntax::Tree::ROOT).find(|node| cx.tree.kind(*node) != Node::Annotation);
            if let Some(node) = node.filter(|_| self.is_project(at) && cx.tree.errors.is_empty()) {
                all.extend(self.one_said(&cx, node));
            }
        }
        self.tell_still_there(&all);
        self.tell_moved_twice(&all);
        self.tell_contradictions(&all);
        self.out.said = all;
    }

    fn one_said(&mut self, cx: &Cx, node: NodeId) -> Option<Said> {
        let tree = cx.tree.clone();
        let whole = cx.place(self, node);
        let (environment, known) = self.said_in(cx, node);
        let sides: Vec<NodeId> =
            tree.children(node).filter(|side| matches!(tree.kind(*side), Node::Text | Node::Address)).collect();
        let first = *sides.first()?;
        let address_place = cx.place(self, first);
        let mut places = SaidPlaces { whole, address: address_place, to: None };
        let what = match tree.kind(node) {
            Node::Moved => {
                let second = *sides.get(1)?;
                let from = self.old_address(cx, first)?;
                places.to = Some(cx.place(self, second));
                let to = self.new_address(cx, second)?;
                if self.moved_folder(cx.at, &from, &to, &places) {
                    return None;
                }
                SaidWhat::Moved { from, to }
            }
            Node::Forget => {
                SaidWhat::Forget { address: self.old_address(cx, first)?, because: self.because(cx, node)? }
            }
            Node::Destroy => {
                let address = self.old_address(cx, first)?;
                let Some(because) = self.because(cx, node)? else {
                    self.error(
                        "missing_reason",
                        whole,
                        "`destroy` needs a reason",
                        format!("write `destroy {} because \"…\"`", tree.text(first)),
                    );
                    return None;
                };
                SaidWhat::Destroy { address, because }
            }
            Node::Adopt => {
                let address = self.new_address(cx, first)?;
                let id = tree.children(node).nth(1)?;
                let text = self.said_text(cx, id, &ID)?;
                if environment.is_none() && known {
                    let written = tree.text(node);
                    self.error(
                        "missing_part",
                        whole,
                        "`adopt` names no environment",
                        format!("an id is that of one: write `{written} in ENV`"),
                    );
                    return None;
                }
                SaidWhat::Adopt { address, id: text }
            }
            _ => return None,
        };
        known.then_some(Said { what, environment, places: Some(places) })
    }

    /// `in ENV`, and whether there is such an environment.
    fn said_in(&mut self, cx: &Cx, node: NodeId) -> (Option<Name>, bool) {
        let tree = cx.tree.clone();
        let Some(name) = tree.child(node, Node::InEnvironment).and_then(|part| tree.child(part, Node::Name)) else {
            return (None, true);
        };
        let environment = Name::new(&tree.name(name));
        let names: Vec<Name> = self.loose.environments.iter().map(|environment| environment.0).collect();
        if names.contains(&environment) {
            return (Some(environment), true);
        }
        let place = cx.place(self, name);
        let names: Vec<&str> = names.iter().map(|name| name.text()).collect();
        let message = format!("there is no environment `{environment}`");
        self.unknown_name("unknown_name", place, &message, environment.text(), &names, "the environments are");
        (None, false)
    }

    /// The reason, if there is one; none when it is no plain text (told).
    fn because(&mut self, cx: &Cx, node: NodeId) -> Option<Option<String>> {
        let Some(reason) = cx.tree.child(node, Node::Because) else { return Some(None) };
        let text = cx.tree.children(reason).next()?;
        self.said_text(cx, text, &REASON).map(Some)
    }

    /// A text without interpolation: what is said is recorded as it stands.
    fn said_text(&mut self, cx: &Cx, node: NodeId, part: &SaidText) -> Option<String> {
        let text = if cx.tree.kind(node) == Node::Text { self.plain_text(cx, node) } else { None };
        let place = cx.place(self, node);
        match text {
            None => {
                let message = format!("{} is a text that stands there as it is", part.name);
                self.error("type_mismatch", place, message, "write it in quotes, without `${…}`");
                None
            }
            Some(text) if text.trim().is_empty() => {
                self.error(part.empty, place, format!("{} must not be empty", part.name), part.help);
                None
            }
            text => text,
        }
    }

    /// The address of what is no more: a text.
    fn old_address(&mut self, cx: &Cx, node: NodeId) -> Option<WrittenAddress> {
        let tree = &cx.tree;
        if tree.kind(node) == Node::Address {
            let (place, text) = (cx.place(self, node), tree.text(node).to_owned());
            self.error(
                "bad_address",
                place,
                "what leaves the program is named by a text",
                format!("write `\"{}\"`", text.replace('"', "\\\"")),
            );
            return None;
        }
        self.address_in_text(cx, node)
    }

    fn address_in_text(&mut self, cx: &Cx, node: NodeId) -> Option<WrittenAddress> {
        let Some(text) = self.plain_text(cx, node) else {
            let place = cx.place(self, node);
            self.error("bad_address", place, "an address stands there as it is", "write it without `${…}`");
            return None;
        };
        match WrittenAddress::read(&text) {
            Ok(address) => Some(address),
            Err(wrong) => {
                let whole = cx.place(self, node);
                let source = cx.tree.text(node);
                let start = source_offset(source, wrong.start);
                let end = source_offset(source, wrong.start + wrong.len);
                let place = Place { start: whole.start + start as u32, len: (end - start) as u32, ..whole };
                self.error(
                    "bad_address",
                    place,
                    format!("this is no address: {}", wrong.what),
                    "an address is `front`, `front[\\\"a\\\"]` or `front[\\\"a\\\"].vm`",
                );
                None
            }
        }
    }

    /// The address of what is there: names and keys.
    fn new_address(&mut self, cx: &Cx, node: NodeId) -> Option<WrittenAddress> {
        let tree = &cx.tree;
        let place = cx.place(self, node);
        if tree.kind(node) == Node::Text {
            let help = match self.plain_text(cx, node) {
                Some(text) => format!("write `{text}`"),
                None => "write its address".to_owned(),
            };
            self.error("bad_address", place, "what is in the program is named without quotes", help);
            return None;
        }
        self.address_in_tree(cx, node)
    }

    fn address_in_tree(&mut self, cx: &Cx, node: NodeId) -> Option<WrittenAddress> {
        let tree = &cx.tree;
        let mut steps: Vec<WrittenStep> = Vec::new();
        for child in tree.children(node) {
            let name = match tree.kind(child) {
                Node::Name => Some(child),
                Node::AddressName => tree.child(child, Node::Name),
                _ => None,
            };
            if let Some(name) = name {
                steps.push(WrittenStep { name: Name::new(&tree.name(name)), key: None });
                continue;
            }
            let key = tree.children(child).next().and_then(|key| match tree.kind(key) {
                Node::Text => self.plain_text(cx, key),
                Node::Number => Some(tree.text(key).to_owned()),
                _ => None,
            });
            match (steps.last_mut().filter(|last| last.key.is_none()), key) {
                (Some(last), Some(key)) => last.key = Some(Name::new(&key)),
                (_, _) => {
                    let place = cx.place(self, child);
                    let help = "leave the key out to name all elements, or write one key: `front[\"a\"]`";
                    self.error("bad_address", place, "this is no key of an element", help);
                    return None;
                }
            }
        }
        Some(WrittenAddress { steps })
    }

    /// `moved "data" to storage` of a folder: no address holds its name, so nothing else has to be done.
    fn moved_folder(&mut self, at: ItemAt, from: &WrittenAddress, to: &WrittenAddress, places: &SaidPlaces) -> bool {
        let Some(first) = to.steps.first().map(|step| step.name) else { return false };
        if matches!(self.modules[at.scope.0].values.get(&first), Some(ValueName::Statement(_))) {
            return false;
        }
        let (old, new) = (from.to_string(), to.to_string());
        if self.lookup_module(at.scope, &new).is_some() {
            if self.lookup_module(at.scope, &old).is_some() {
                let message = format!("the folder `{old}` is still there");
                self.error("still_there", places.address, message, "`moved` names the folder that is no more");
            }
            return true;
        }
        let folder = to.steps.len() > 1 && self.lookup_module(at.scope, first.text()).is_some();
        if folder {
            let place = places.to.unwrap_or(places.whole);
            let rest = new.split_once('.').map_or("", |(_, rest)| rest).to_owned();
            let help = format!("write `{rest}`");
            self.error("unknown_address", place, "no address holds the name of a folder", help);
        }
        folder
    }

    /// Tells what is in the program whatever the environment; evaluation finds what depends on one.
    fn tell_still_there(&mut self, all: &[Said]) {
        for said in all {
            let (SaidWhat::Moved { from, to }, Some(places)) = (&said.what, said.places) else { continue };
            let [WrittenStep { name, key: None }] = from.steps.as_slice() else { continue };
            // In a circle everything is still there, and it is told as one.
            let is_new = |other: &Said| matches!(&other.what, SaidWhat::Moved { to, .. } if to == from);
            if from == to || all.iter().any(is_new) {
                continue;
            }
            let Some(place) = self.stands_everywhere(*name) else { continue };
            self.told.tell(
                Diagnostic::error("still_there", places.address, format!("`{from}` is still in the program"))
                    .help("`moved` names an address that is no more; give what is new another name")
                    .also(place, "it is here"),
            );
        }
    }

    /// Where an instance is named that is there whatever the environment.
    fn stands_everywhere(&self, name: Name) -> Option<Place> {
        let found = self.modules.iter().filter_map(|module| module.values.get(&name));
        let at = found
            .filter_map(|value| match value {
                ValueName::Statement(id) => self.statements.get(id.0 as usize).map(|statement| statement.at),
                ValueName::Let(_)
                | ValueName::Param(_)
                | ValueName::Function(_)
                | ValueName::Environment(_)
                | ValueName::Module(_) => None,
            })
            .find(|at| self.is_project(*at))?;
        let tree = self.item(at).tree();
        let instance = tree.child(syntax::Tree::ROOT, Node::Instance)?;
        let depends = [Node::IfHeader, Node::ForHeader].iter().any(|header| tree.child(instance, *header).is_some());
        if depends { None } else { self.name_place(at, name) }
    }

    fn tell_moved_twice(&mut self, all: &[Said]) {
        let moves: Vec<(&WrittenAddress, &WrittenAddress, &Said)> = all
            .iter()
            .filter_map(|said| match &said.what {
                SaidWhat::Moved { from, to } => Some((from, to, said)),
                SaidWhat::Forget { .. } | SaidWhat::Adopt { .. } | SaidWhat::Destroy { .. } => None,
            })
            .collect();
        for (at, (from, to, said)) in moves.iter().enumerate() {
            let Some(places) = said.places else { continue };
            let earlier = moves.iter().take(at).filter(|(_, _, other)| other.meets(said));
            for (other_from, other_to, other) in earlier {
                let (place, message) = if other_from == from {
                    (places.address, format!("`{from}` moved twice"))
                } else if other_to == to {
                    (places.to.unwrap_or(places.whole), format!("two were moved to `{to}`"))
                } else {
                    continue;
                };
                let mut told = Diagnostic::error("moved_twice", place, message)
                    .help("one address becomes one other: remove one of the two");
                if let Some(first) = other.places {
                    told = told.also(first.whole, "the other one");
                }
                self.told.tell(told);
            }
        }
        // In a circle every address is told to be gone and to be there.
        let mut told: Vec<usize> = Vec::new();
        for (start, (from, ..)) in moves.iter().enumerate() {
            let mut round = vec![start];
            while let Some(last) = round.last().and_then(|last| moves.get(*last)) {
                let next = moves.iter().position(|(next, _, said)| *next == last.1 && said.meets(last.2));
                match next {
                    Some(next) if next == start => break,
                    Some(next) if !round.contains(&next) => round.push(next),
                    Some(_) | None => {
                        round.clear();
                    }
                }
            }
            if round.is_empty() || told.contains(&start) {
                continue;
            }
            told.extend(&round);
            self.tell_circle(from, round.iter().filter_map(|at| moves.get(*at)).map(|found| found.2).collect());
        }
    }

    fn tell_circle(&mut self, from: &WrittenAddress, round: Vec<&Said>) {
        let mut places = round.iter().filter_map(|said| said.places);
        let Some(first) = places.next() else { return };
        let message = match round.len() {
            1 => format!("`{from}` is moved to itself"),
            2 => "these two change places".to_owned(),
            _ => format!("`{from}` comes back to where it was"),
        };
        let mut told = Diagnostic::error("moved_circle", first.whole, message)
            .help("names are kept, so each of them would get the other's: give one a name that was never used");
        for other in places.take(6) {
            told = told.also(other.whole, "and this");
        }
        self.told.tell(told);
    }

    /// Two statements about one address.
    fn tell_contradictions(&mut self, all: &[Said]) {
        let mut by_address: FxHashMap<&WrittenAddress, Vec<&Said>> = FxHashMap::default();
        for said in all {
            let Some(places) = said.places else { continue };
            let others = by_address.entry(said.address()).or_default();
            let both_moved = |other: &Said| {
                matches!(said.what, SaidWhat::Moved { .. }) && matches!(other.what, SaidWhat::Moved { .. })
            };
            if let Some(other) = others.iter().find(|other| other.meets(said) && !both_moved(other)) {
                let message = if other.word() == said.word() {
                    format!("`{}` of `{}` stands here twice", said.word(), said.address())
                } else {
                    format!("`{}` is said of `{}`, and `{}`", said.word(), said.address(), other.word())
                };
                let mut told = Diagnostic::error("said_twice", places.address, message)
                    .help("one thing becomes of it: remove one of the two");
                if let Some(first) = other.places {
                    told = told.also(first.whole, "the other one");
                }
                self.told.tell(told);
            }
            others.push(said);
        }
    }

    /// `moved` inside an implementation.
    pub(crate) fn children_moved(&mut self, cx: &Cx, info: &ImplementationInfo) -> Vec<ChildMoved> {
        let mut moves: Vec<ChildMoved> = Vec::new();
        for node in &info.moved {
            let tree = cx.tree.clone();
            let sides: Vec<NodeId> =
                tree.children(*node).filter(|side| matches!(tree.kind(*side), Node::Text | Node::Address)).collect();
            let [old, new] = sides.as_slice() else { continue };
            let from = match tree.kind(*old) {
                Node::Text => self.address_in_text(cx, *old),
                _ => self.address_in_tree(cx, *old),
            };
            let (Some(from), Some(to)) = (from, self.new_address(cx, *new)) else { continue };
            let (old_place, new_place) = (cx.place(self, *old), cx.place(self, *new));
            if let Some(part) = tree.child(*node, Node::InEnvironment) {
                let place = cx.place(self, part);
                self.error("misplaced", place, "an implementation is the same in all environments", "remove `in …`");
            }
            let mut children: Vec<&str> = info.children.iter().map(|child| child.0.text()).collect();
            children.extend(info.onces.iter().map(|once| once.name.text()));
            let first = |address: &WrittenAddress| address.steps.first().map_or("", |step| step.name.text()).to_owned();
            if !stands(info, &to) {
                let message = format!("there is no child `{to}`");
                self.unknown_name("unknown_address", new_place, &message, &first(&to), &children, "the children are");
                continue;
            }
            if stands(info, &from) {
                let message = format!("the child `{from}` is still there");
                self.error("still_there", old_place, message, "`moved` names the child that is no more");
                continue;
            }
            if let Some(other) = moves.iter().find(|other| other.from == from || other.to == to) {
                let message = if other.from == from {
                    format!("`{from}` moved twice")
                } else {
                    format!("two were moved to `{to}`")
                };
                self.told.tell(
                    Diagnostic::error("moved_twice", old_place, message)
                        .also(other.place, "the other one")
                        .help("one child becomes one other: remove one of the two"),
                );
                continue;
            }
            moves.push(ChildMoved { from, to, place: cx.place(self, *node) });
        }
        moves
    }
}

/// Whether an implementation has such a child; deeper steps are those of the child's own implementation.
fn stands(info: &ImplementationInfo, address: &WrittenAddress) -> bool {
    let mut names = address.steps.iter().map(|step| step.name);
    let Some(first) = names.next() else { return false };
    if info.children.iter().any(|child| child.0 == first) {
        return true;
    }
    let child = names.next();
    let mut onces = info.onces.iter().filter(|once| once.name == first);
    onces.any(|once| child.is_none_or(|child| once.children.iter().any(|found| found.0 == child)))
}

/// Where the byte at `offset` of a text stands in its literal.
fn source_offset(literal: &str, offset: usize) -> usize {
    let raw = literal.starts_with('r');
    let open = literal.len() - literal.trim_start_matches('r').trim_start_matches('"').len();
    // An empty text has no more than its two quotes.
    let open = if literal.len() <= 3 { open.min(1 + usize::from(raw)) } else { open };
    let mut at = open;
    let mut passed = 0;
    let mut characters = literal.get(open..).unwrap_or("").chars();
    while passed < offset {
        let Some(character) = characters.next() else { break };
        at += character.len_utf8();
        if character == '\\' && !raw {
            at += characters.next().map_or(0, char::len_utf8);
            passed += 1;
        } else {
            passed += character.len_utf8();
        }
    }
    at
}
