//! What two environments decide differently, and which of it a value was made of. The environments' own statements decide:
//! params, choices, platforms and the tier; and code that asks which environment it is. What a value was made of is retraced
//! (`why/replay`), so a consequence stands below each decision that went into it, however far away.

use check::checked::{Choice, Environment, ParamId};
use source::{Name, Place};
use value::AddressId;

use super::compare::SHOWN;
use super::{Cause, Decided};
use crate::why::{Deps, Hop, Known, ListedInputs, Replay, Spot};

/// The decisions, and how to find them in a value.
pub(super) struct Causes<'k, 'a> {
    left: Replay<'k, 'a>,
    right: Replay<'k, 'a>,
    found: Vec<Decision>,
}

/// A decision and where it stands on each side: what was made of something within, follows from it.
struct Decision {
    cause: Cause,
    left: Place,
    right: Place,
    /// Whether it is about which environment it is: what only asks for that, stands at one place and is found there.
    names: bool,
}

impl<'k, 'a> Causes<'k, 'a> {
    /// What the environments say of themselves. `given`: the params of the command line, which are the same in both.
    pub fn new(left: &'k Known<'a>, right: &'k Known<'a>, given: &[Name]) -> Self {
        let mut causes = Self { left: Replay::new(left, false), right: Replay::new(right, false), found: Vec::new() };
        causes.params(given);
        causes.choices();
        causes.tiers();
        causes.states();
        causes
    }

    /// All that were found.
    pub fn told(self) -> Vec<Cause> {
        self.found.into_iter().map(|decision| decision.cause).collect()
    }

    /// One more, with the places that say it.
    pub fn add(&mut self, what: String, left: (Decided, Place), right: (Decided, Place)) {
        let cause = Cause { what, left: left.0, right: right.0 };
        self.found.push(Decision { cause, left: left.1, right: right.1, names: false });
    }

    fn params(&mut self, given: &[Name]) {
        for (at, param) in self.left.known.checked.params.iter().enumerate() {
            if param.secret || given.contains(&param.name) {
                continue;
            }
            let id = ParamId(at as u32);
            let [one, other] = [self.left.known, self.right.known].map(|known| known.param(id).map(|(_, code)| code));
            let places = [one, other].map(|code| code.map_or(param.place, |code| code.place));
            // What both read at the same place differs because of what stands there.
            if places[0] == places[1] {
                continue;
            }
            let values = [(&mut self.left, one), (&mut self.right, other)].map(|(replay, code)| {
                let value = replay.loose(code?).value;
                let shown = value.map(|value| replay.store.show_within(value, SHOWN));
                shown.or_else(|| replay.known.sources.text(code?.place).map(str::to_owned))
            });
            self.decision(format!("param {}", param.name), values, places);
        }
    }

    fn choices(&mut self) {
        let chosen = |known: &'k Known<'a>| -> Vec<&Choice> {
            known.chain.iter().flat_map(|environment| &environment.choose).collect()
        };
        let (left, right) = (chosen(self.left.known), chosen(self.right.known));
        let mut kinds: Vec<_> = left.iter().chain(&right).map(|choice| choice.kind).collect();
        kinds.sort_by_key(|kind| kind.0);
        kinds.dedup();
        for kind in kinds {
            let Some(name) = self.left.known.checked.kinds.get(kind.0 as usize).map(|kind| kind.name) else { continue };
            let sides = [(self.left.known, &left), (self.right.known, &right)].map(|(known, choices)| {
                let choice = choices.iter().find(|choice| choice.kind == kind);
                let text = choice.and_then(|choice| known.sources.text(choice.chosen)).map(str::to_owned);
                Some((text, choice.map(|choice| choice.place).or_else(|| statement(known))?))
            });
            if let [Some((one, left)), Some((other, right))] = sides {
                self.decision(format!("choose {name}"), [one, other], [left, right]);
            }
        }
    }

    fn tiers(&mut self) {
        self.said("tier", |known, environment| {
            (Some(environment.tier.text().to_owned()), known.tier.unwrap_or(environment.place))
        });
    }

    /// Where Terraform keeps its state.
    fn states(&mut self) {
        self.said("state", |known, environment| {
            let state = environment.state.as_ref().map(|state| state.place);
            (state.and_then(|place| known.sources.text(place)).map(str::to_owned), state.unwrap_or(environment.place))
        });
    }

    /// A decision that each environment takes for itself: what it says, and where.
    fn said(&mut self, what: &str, of: impl Fn(&Known<'a>, &Environment) -> (Option<String>, Place)) {
        let sides = [self.left.known, self.right.known].map(|known| Some(of(known, known.chain.first()?)));
        if let [Some((one, left)), Some((other, right))] = sides {
            self.decision(what.to_owned(), [one, other], [left, right]);
        }
    }

    /// A decision, when the two differ.
    fn decision(&mut self, what: String, [one, other]: [Option<String>; 2], [left, right]: [Place; 2]) {
        if one != other {
            let spot = |place| Spot::of(self.left.known.sources, place);
            let (one, other) = (Decided { value: one, at: spot(left) }, Decided { value: other, at: spot(right) });
            self.add(what, (one, left), (other, right));
        }
    }

    /// Why only one of them has something.
    pub fn of_presence(&mut self, sides: [Option<AddressId>; 2]) -> Vec<usize> {
        self.of_each(sides, |replay, address| replay.there(address).and(&replay.placed(address)))
    }

    /// Where an instance stands on each side: the listed platform and its implementation, `dublin`, `aws.fifo`.
    pub fn stands(&mut self, [left, right]: [AddressId; 2]) -> [Option<String>; 2] {
        let stands = |replay: &mut Replay<'k, 'a>, address| {
            let made_by = replay.known.instance(address)?.implementation.map(|name| name.text().to_owned());
            let platform = replay.known.implementation(address).and_then(|of| of.platform);
            let platform = platform.and_then(|id| replay.known.checked.platforms.get(id.0 as usize));
            let own = platform.is_some_and(|platform| Some(platform.name.text()) == made_by.as_deref());
            match (replay.stands_on_listed(address).filter(|_| platform.is_some()), own) {
                (Some(listed), true) => Some(listed.text().to_owned()),
                (Some(listed), false) => Some(format!("{listed}.{}", made_by.unwrap_or_default())),
                (None, _) => made_by,
            }
        };
        [stands(&mut self.left, left), stands(&mut self.right, right)]
    }

    /// Why an instance stands elsewhere or is made in another way.
    pub fn of_choice(&mut self, [left, right]: [AddressId; 2]) -> Vec<usize> {
        let causes = self.of_each([Some(left), Some(right)], |replay, address| replay.placed(address));
        if causes.is_empty() { self.of_place(left) } else { causes }
    }

    /// That another platform is listed under the name of the one on which something stands.
    fn of_place(&mut self, address: AddressId) -> Vec<usize> {
        let name = self.left.stands_on_listed(address).map(|name| platform_cause(name.text()));
        self.found.iter().position(|found| Some(&found.cause.what) == name.as_ref()).into_iter().collect()
    }

    /// Why a field of an instance differs, of the sides that have it.
    pub fn of_input(&mut self, sides: [Option<AddressId>; 2], path: &[Hop]) -> Vec<usize> {
        self.of_each(sides, |replay, address| replay.input_at(address, path))
    }

    /// Why a field of a resource differs, of the sides that have it.
    pub fn of_body(&mut self, sides: [Option<AddressId>; 2], path: &[Hop]) -> Vec<usize> {
        let causes = self.of_each(sides, |replay, address| replay.body_at(address, path).and(&replay.placed(address)));
        match sides.into_iter().flatten().next() {
            Some(address) if causes.is_empty() => self.of_place(address),
            _ => causes,
        }
    }

    /// Why an output differs, of the sides that have it.
    pub fn of_output(&mut self, sides: [Option<Place>; 2]) -> Vec<usize> {
        self.of_each(sides, |replay, place| {
            let output = replay.known.checked.outputs.iter().find(|output| output.place == place);
            output.map_or_else(Deps::default, |output| replay.loose(&output.code).all())
        })
    }

    /// The decisions that went into what each side has.
    fn of_each<T>(
        &mut self,
        [left, right]: [Option<T>; 2],
        made_of: impl Fn(&mut Replay<'k, 'a>, T) -> Deps,
    ) -> Vec<usize> {
        let left = left.map_or_else(Deps::default, |of| made_of(&mut self.left, of));
        let right = right.map_or_else(Deps::default, |of| made_of(&mut self.right, of));
        self.of(&left, &right)
    }

    /// What each side lists.
    pub fn listed(&mut self) -> [Vec<ListedInputs>; 2] {
        [self.left.listed_inputs(), self.right.listed_inputs()]
    }

    /// The decisions that went into one of two values; code that asks for the environment becomes one.
    pub fn of(&mut self, left: &Deps, right: &Deps) -> Vec<usize> {
        let [left, right] = [left, right].map(places);
        let within = |places: &[Place], of: Place| places.iter().any(|place| holds(of, *place));
        let mut causes: Vec<usize> = (0..)
            .zip(&self.found)
            .filter(|(_, decision)| !decision.names)
            .filter(|(_, decision)| within(&left, decision.left) || within(&right, decision.right))
            .map(|(at, _)| at)
            .collect();
        let asked: Vec<Place> = left.iter().chain(&right).copied().filter(|place| self.asks(*place)).collect();
        for place in asked {
            causes.extend(self.environment([place, place]));
        }
        if causes.is_empty()
            && let (Some(one), Some(other)) = (statement(self.left.known), statement(self.right.known))
            && (left.contains(&one) || right.contains(&other))
        {
            causes.extend(self.environment([one, other]));
        }
        causes.sort_unstable();
        causes.dedup();
        causes
    }

    /// Whether the word `environment` stands there.
    fn asks(&self, place: Place) -> bool {
        self.left.known.sources.text(place) == Some("environment")
    }

    /// The decision of the environments' names, as it is asked for at these places; none when they have one name.
    fn environment(&mut self, [left, right]: [Place; 2]) -> Option<usize> {
        let spots = [left, right].map(|place| Spot::of(self.left.known.sources, place));
        let is_line = |spot: &Spot, other: &Spot| (&spot.file, spot.line) == (&other.file, other.line);
        let at = |found: &Decision| {
            found.names && is_line(&found.cause.left.at, &spots[0]) && is_line(&found.cause.right.at, &spots[1])
        };
        if self.left.known.graph.environment == self.right.known.graph.environment {
            return None;
        }
        if !self.found.iter().any(at) {
            let names = [self.left.known, self.right.known].map(|known| known.graph.environment.text().to_owned());
            self.decision("environment".to_owned(), names.map(Some), [left, right]);
            self.found.last_mut()?.names = true;
        }
        self.found.iter().position(at)
    }
}

/// What a platform that is listed in one environment only, or is another one there, is called.
pub(super) fn platform_cause(name: &str) -> String {
    format!("platform {name}")
}

/// The statement of the environment.
fn statement(known: &Known<'_>) -> Option<Place> {
    known.chain.first().map(|environment: &&Environment| environment.place)
}

fn places(deps: &Deps) -> Vec<Place> {
    let mut places = Vec::new();
    deps.each(true, |place, _| places.push(place));
    places
}

/// Whether a place lies within another.
fn holds(outer: Place, inner: Place) -> bool {
    outer.item == inner.item && outer.start <= inner.start && inner.start + inner.len <= outer.start + outer.len
}
