//! Addresses that things had before: `moved`, of the program and of implementations. Names and keys are made of the address that
//! something had first, so a new address replaces nothing; the graph and its labels have the new one.

use check::checked::{Checked, Said, SaidPlaces, SaidWhat};
use graph::{Change, Named};
use rustc_hash::FxHashMap;
use source::{Diagnostic, Diagnostics, Name, Place};
use value::{AddressId, Value, ValueId, WrittenAddress, WrittenStep};

use crate::cells::CellKey;
use crate::evaluate::Evaluation;
use crate::frame::InstanceId;

/// What was recorded of an environment by earlier builds.
#[derive(Clone, Debug, Default)]
pub struct Recorded {
    /// Statements that stand in the source no more.
    pub said: Vec<Said>,
    /// What the formula of a name gave when it was made, before any cut, by address: it wins over the formula.
    pub names: FxHashMap<String, String>,
    /// Addresses at which something stood that is remembered. A statement that was not recorded yet is not about that.
    pub stood: Vec<WrittenAddress>,
}

/// One `moved`.
#[derive(Clone, Copy, Debug)]
struct Rule<'a> {
    from: &'a WrittenAddress,
    to: &'a WrittenAddress,
    place: Option<Place>,
    /// No earlier build had it.
    is_new: bool,
}

/// An earlier address, and the statement that says so.
struct Earlier {
    address: WrittenAddress,
    place: Option<Place>,
}

/// What is said that holds in the environment.
pub(crate) struct Moves<'a> {
    said: Vec<&'a Said>,
    rules: Vec<Rule<'a>>,
    /// Whether any implementation moves its children.
    children: bool,
    stood: &'a [WrittenAddress],
    leaving: Vec<&'a WrittenAddress>,
    /// Statements that matched something, by their position among those of the source.
    pub matched: Vec<bool>,
}

impl<'a> Moves<'a> {
    /// Of the source and of what was recorded.
    pub fn new(checked: &'a Checked, recorded: &'a Recorded, environment: Name) -> Self {
        let own = checked.said.iter();
        let older = recorded.said.iter().filter(|said| {
            let repeats = |own: &Said| own.what == said.what && own.holds_in(environment);
            !checked.said.iter().any(repeats)
        });
        let said: Vec<&Said> = own.chain(older).filter(|said| said.holds_in(environment)).collect();
        let rules = said.iter().filter_map(|said| match &said.what {
            SaidWhat::Moved { from, to } => {
                let is_new = !recorded.said.iter().any(|known| known.what == said.what);
                Some(Rule { from, to, place: said.places.map(|places| places.whole), is_new })
            }
            SaidWhat::Forget { .. } | SaidWhat::Adopt { .. } | SaidWhat::Destroy { .. } => None,
        });
        let leaving = said.iter().filter_map(|said| match &said.what {
            SaidWhat::Destroy { address, .. } => Some(address),
            SaidWhat::Moved { .. } | SaidWhat::Forget { .. } | SaidWhat::Adopt { .. } => None,
        });
        Self {
            rules: rules.collect(),
            children: checked.implementations.iter().any(|implementation| !implementation.moved.is_empty()),
            stood: &recorded.stood,
            leaving: leaving.collect(),
            matched: vec![false; checked.said.len()],
            said,
        }
    }

    /// Whether every address is the first one.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty() && !self.children
    }

    /// One step back, by the statement that names most of the address.
    fn back(&self, address: &WrittenAddress) -> Option<Earlier> {
        let mut found: Vec<(usize, Earlier)> = Vec::new();
        for rule in &self.rules {
            if rule.is_new && self.stood_at(address, rule.to.steps.len()) {
                continue;
            }
            if let Some(address) = back(rule.from, rule.to, &address.steps) {
                found.push((rule.to.steps.len(), Earlier { address, place: rule.place }));
            }
        }
        found.into_iter().max_by_key(|(steps, _)| *steps).map(|(_, earlier)| earlier)
    }

    /// Whether something stood at the first steps of an address before the program of now.
    fn stood_at(&self, address: &WrittenAddress, steps: usize) -> bool {
        let whole = WrittenAddress { steps: address.steps.iter().take(steps).copied().collect() };
        self.stood.iter().any(|stood| stood.is_at_or_below(&whole))
    }
}

/// The address before a move from `from` to `to`; none when the address is not at or below `to`. A step without a key stands for all
/// elements, which keep their keys.
fn back(from: &WrittenAddress, to: &WrittenAddress, steps: &[WrittenStep]) -> Option<WrittenAddress> {
    let mut rest = steps.iter().copied().peekable();
    let mut kept: Vec<(usize, Name)> = Vec::new();
    let mut platform = None;
    for (at, wanted) in to.steps.iter().enumerate() {
        // Between a group and its children there may be the name of the platform that they stand on.
        if at > 0 && wanted.name.text() != ON {
            platform = rest.next_if(is_platform).map(|step| (at, step)).or(platform);
        }
        let step = rest.next().filter(|step| step.name == wanted.name)?;
        match (wanted.key, step.key) {
            (None, Some(key)) => kept.push((at, key)),
            (wanted, key) if wanted == key => {}
            (_, _) => return None,
        }
    }
    let mut earlier = from.steps.clone();
    for (at, key) in kept {
        // Both ends are held against each other from behind: `a.b.c` and `d.c` share the last step.
        let step = (at + from.steps.len()).checked_sub(to.steps.len()).and_then(|at| earlier.get_mut(at))?;
        if step.key.is_some() {
            return None;
        }
        step.key = Some(key);
    }
    if let Some((at, step)) = platform {
        let at = (at + from.steps.len()).checked_sub(to.steps.len()).filter(|at| *at > 0)?;
        earlier.insert(at, step);
    }
    earlier.extend(rest);
    Some(WrittenAddress { steps: earlier })
}

/// Of an element of a loop, the loop.
pub(crate) fn without_key(mut address: WrittenAddress) -> WrittenAddress {
    if let Some(last) = address.steps.last_mut() {
        last.key = None;
    }
    address
}

/// The step with the name of a platform below a group: `front.shared.on["dublin"]`.
const ON: &str = "on";

pub(crate) fn is_platform(step: &WrittenStep) -> bool {
    step.name.text() == ON && step.key.is_some()
}

impl<'a> Evaluation<'a> {
    /// The loop or statement that makes an instance, as that was called first; what one of its elements was called is another thing.
    pub(crate) fn named_loop(&self, address: AddressId) -> WrittenAddress {
        let mut at = without_key(self.store.written(address));
        for _ in 0..=self.moves.rules.len() {
            match self.moves.back(&at) {
                Some(earlier) => at = earlier.address,
                None => break,
            }
        }
        at
    }

    /// The name that was recorded of something, under whichever address it had then.
    pub(crate) fn recorded_name(&self, address: AddressId) -> Option<&'a str> {
        if self.recorded_names.is_empty() {
            return None;
        }
        let recorded = |address: &str| self.recorded_names.get(address).map(String::as_str);
        recorded(&self.store.address_text(address)).or_else(|| {
            if self.moves.is_empty() {
                return None;
            }
            self.earlier(address).iter().rev().find_map(|earlier| recorded(&earlier.address.to_string()))
        })
    }

    /// The address that something had first.
    pub(crate) fn named(&self, address: AddressId) -> WrittenAddress {
        if self.moves.is_empty() {
            return self.store.written(address);
        }
        self.earlier(address).into_iter().next().map_or_else(|| self.store.written(address), |first| first.address)
    }

    /// The text of it.
    pub(crate) fn named_text(&self, address: AddressId) -> String {
        if self.moves.is_empty() { self.store.address_text(address) } else { self.named(address).to_string() }
    }

    /// Whether `destroy` is said of an instance or of what it stands in.
    pub(crate) fn leaves(&self, id: InstanceId) -> bool {
        let Some(instance) = self.instances.get(id.0 as usize) else { return false };
        !self.moves.leaving.is_empty() && {
            let written = self.store.written(instance.address);
            self.moves.leaving.iter().any(|above| written.is_at_or_below(above))
        }
    }

    /// One step back.
    fn before(&self, address: &WrittenAddress) -> Option<Earlier> {
        // What is said of a group where it stands on a platform wins over what is said of the platform.
        let is_of_group = self
            .moves
            .rules
            .iter()
            .any(|rule| rule.to.steps.last().is_some_and(is_platform) && address.steps.starts_with(&rule.to.steps));
        if is_of_group {
            return self.moves.back(address);
        }
        self.before_platform(address).or_else(|| self.moves.back(address))
    }

    /// One step back of what is made once on a platform that the environment called otherwise.
    fn before_platform(&self, address: &WrittenAddress) -> Option<Earlier> {
        let platforms = self.moves.rules.iter().filter_map(|rule| {
            let ([to], [from]) = (rule.to.steps.as_slice(), rule.from.steps.as_slice()) else { return None };
            let listed = self.listed.iter().find(|listed| listed.name == to.name)?;
            let Value::Platform { platform, .. } = self.store.get(listed.value) else { return None };
            Some((crate::listed::own_name(*platform), from.name, to.name, listed.value, rule.place))
        });
        for (own, from, to, value, place) in platforms {
            let mut earlier = address.clone();
            let on = WrittenStep { name: Name::new(ON), key: Some(from) };
            // What stands on one that is called like its platform has no step for it.
            if to == own {
                let Some(group) = self.group_above(address, value) else { continue };
                earlier.steps.insert(group, on);
            } else {
                let is_there = |step: &WrittenStep| is_platform(step) && step.key == Some(to);
                let Some(at) = address.steps.iter().rposition(is_there) else { continue };
                if from == own {
                    earlier.steps.remove(at);
                } else {
                    earlier.steps.splice(at..=at, [on]);
                }
            }
            return Some(Earlier { address: earlier, place });
        }
        None
    }

    /// How many steps lead to the group above an address that stands on a platform value.
    fn group_above(&self, address: &WrittenAddress, platform: ValueId) -> Option<usize> {
        let stands = |group: &&crate::frame::Group| {
            group.members.first().and_then(|member| self.cells.done(CellKey::Home(*member))) == Some(platform)
        };
        self.groups.iter().filter(stands).find_map(|group| {
            let group = self.store.written(group.address).steps;
            let is_called = address.steps.get(group.len()).is_some_and(is_platform);
            (address.steps.starts_with(&group) && !is_called).then_some(group.len())
        })
    }

    /// All addresses that something had, the first one first, without the one that it has unless it came back to that. An implementation may have renamed its
    /// children before or after the program moved the whole, so both are there.
    fn earlier(&self, address: AddressId) -> Vec<Earlier> {
        let own = self.store.written(address);
        let mut below = vec![Earlier { address: own.clone(), place: None }];
        if self.moves.children {
            self.earlier_children(address, &mut below);
        }
        let mut all: Vec<Earlier> = Vec::new();
        let mut returned = false;
        for own in below {
            let mut chain = vec![own];
            while let Some(next) = chain.last().and_then(|last| self.before(&last.address)) {
                // A circle with what was recorded ends where it closes; one step of a way is one statement.
                let closes = chain.iter().any(|known| known.address == next.address);
                returned |= chain.first().is_some_and(|first| first.address == next.address);
                if closes || chain.len() > self.moves.rules.len() {
                    break;
                }
                chain.push(next);
            }
            for earlier in chain {
                if !all.iter().any(|known| known.address == earlier.address) {
                    all.push(earlier);
                }
            }
        }
        all.retain(|earlier| earlier.address != own);
        if returned {
            all.push(Earlier { address: own, place: None });
        }
        all.reverse();
        all
    }

    /// What implementations call their children no more, the deepest first.
    fn earlier_children(&self, address: AddressId, found: &mut Vec<Earlier>) {
        let mut owner = Some(address);
        let mut depth = self.store.steps(address).len();
        while let Some(at) = owner {
            let children = self.moved_children(at);
            let implementation = children.and_then(|id| self.implementation(id));
            while let Some(last) = found.last() {
                let Some((above, below)) = last.address.steps.split_at_checked(depth) else { break };
                let moves = implementation.map_or(&[][..], |implementation| &implementation.moved);
                let earlier = moves.iter().find_map(|child| Some((back(&child.from, &child.to, below)?, child.place)));
                let Some((earlier, place)) = earlier else { break };
                let address = WrittenAddress { steps: above.iter().copied().chain(earlier.steps).collect() };
                if found.iter().any(|known| known.address == address) {
                    break;
                }
                found.push(Earlier { address, place: Some(place) });
            }
            owner = self.store.step(at).parent;
            depth = depth.saturating_sub(1);
        }
    }

    /// The implementation whose children stand below an address: that of an instance, or of a statement's groups.
    fn moved_children(&self, address: AddressId) -> Option<check::checked::ImplementationId> {
        if let Some(id) = self.by_address(address) {
            return self.instances.get(id.0 as usize)?.implementation;
        }
        let of_statement = |group: &&crate::frame::Group| {
            let step = self.store.step(group.address);
            let above = if step.name.text() == ON {
                step.parent.and_then(|on| self.store.step(on).parent)
            } else {
                step.parent
            };
            above == Some(address)
        };
        let group = self.groups.iter().find(of_statement)?;
        self.checked.onces.get(group.once.0 as usize).map(|once| once.implementation)
    }

    /// What is said, held against what there is; then the changes of the environment.
    pub(crate) fn changes(&mut self) -> (Vec<Change>, Vec<Named>) {
        // Where something is wrong, what is missing says nothing.
        if self.diagnostics.has_errors() || self.moves.said.is_empty() && !self.moves.children {
            return (Vec::new(), Vec::new());
        }
        let standing = self.standing();
        self.tell_said(&standing);
        let named = self.named_addresses(&standing);
        let mut changes = Vec::new();
        for (id, address, _) in &standing {
            if id.and_then(|id| self.native_of(id)).is_none() {
                continue;
            }
            let own = self.store.written(*address);
            let mut chain = self.earlier(*address);
            // No circle is taken: of one that came back, the way back.
            chain.retain(|earlier| earlier.address != own);
            chain.push(Earlier { address: self.store.written(*address), place: None });
            for hop in chain.windows(2) {
                let [before, after] = hop else { continue };
                let from = self.store.address_of(&before.address);
                let to = self.store.address_of(&after.address);
                if let (Some(from), Some(to)) = (from, to) {
                    changes.push(Change::Moved { resource: *address, from, to, place: before.place });
                }
            }
        }
        for said in self.moves.said.clone() {
            let Some(address) = self.store.address_of(said.address()) else { continue };
            let place = said.places.map(|places| places.whole);
            match &said.what {
                SaidWhat::Moved { .. } => {}
                SaidWhat::Forget { .. } => changes.push(Change::Forget { address, place }),
                SaidWhat::Adopt { id, .. } => changes.push(Change::Adopt { address, id: id.clone(), place }),
                SaidWhat::Destroy { because, .. } => {
                    changes.push(Change::Destroy { address, because: because.clone(), place });
                }
            }
        }
        (changes, named)
    }

    /// Every instance and every group, by address.
    fn standing(&self) -> Vec<(Option<InstanceId>, AddressId, WrittenAddress)> {
        let instances = self.instances.iter().enumerate();
        let instances = instances.map(|(at, instance)| (Some(InstanceId(at as u32)), instance.address));
        let groups = self.groups.iter().map(|group| (None, group.address));
        let mut all: Vec<_> =
            instances.chain(groups).map(|(id, address)| (id, address, self.store.written(address))).collect();
        all.sort_by(|left, right| self.store.compare_addresses(left.1, right.1));
        all
    }

    /// What had another address first; two that had the same one are told.
    fn named_addresses(&mut self, standing: &[(Option<InstanceId>, AddressId, WrittenAddress)]) -> Vec<Named> {
        if self.moves.is_empty() {
            return Vec::new();
        }
        let mut first_of: FxHashMap<WrittenAddress, (AddressId, Option<InstanceId>)> = FxHashMap::default();
        let mut all = Vec::new();
        for (id, address, own) in standing {
            let first = self.named(*address);
            if let Some((other, other_id)) = first_of.insert(first.clone(), (*address, *id)) {
                let (reused, holder) =
                    if *own == first { ((*address, *id), other) } else { ((other, other_id), *address) };
                let _ = self.tell_reused(reused.1, &first, holder, reused.0);
            }
            if *own != first
                && let Some(first) = self.store.address_of(&first)
            {
                all.push(Named { address: *address, first });
            }
        }
        all.extend(self.named_loops(standing));
        all
    }

    /// Loops that had another address first.
    fn named_loops(&mut self, standing: &[(Option<InstanceId>, AddressId, WrittenAddress)]) -> Vec<Named> {
        let mut loops: Vec<(AddressId, WrittenAddress)> = Vec::new();
        for (_, address, own) in standing {
            if self.store.step(*address).key.is_none() {
                continue;
            }
            let first = self.named_loop(*address);
            let own = without_key(own.clone());
            if first != own
                && let Some(at) = self.store.address_of(&own)
                && loops.last().is_none_or(|(last, _)| *last != at)
            {
                loops.push((at, first));
            }
        }
        let named = loops
            .into_iter()
            .filter_map(|(address, first)| Some(Named { address, first: self.store.address_of(&first)? }));
        named.collect()
    }

    /// Tells that two would get one name because one of them was moved.
    pub(crate) fn tell_name_kept(&mut self, left: AddressId, right: AddressId) -> Option<ValueId> {
        let first = self.named(left);
        if self.moves.is_empty() || first != self.named(right) {
            return None;
        }
        let (reused, holder) = if self.store.written(left) == first { (left, right) } else { (right, left) };
        Some(self.tell_reused(self.by_address(reused), &first, holder, reused))
    }

    fn tell_reused(
        &mut self,
        reused: Option<InstanceId>,
        first: &WrittenAddress,
        holder: AddressId,
        own: AddressId,
    ) -> ValueId {
        if let Some(told) = self.tell_moved_is_there(own) {
            return told;
        }
        let message = format!(
            "`{}` was called `{first}` first and keeps its names, which `{}` would get as well",
            self.store.address_text(holder),
            self.store.address_text(own)
        );
        let help = "give what is new an address that was never used";
        let told = match reused.and_then(|id| self.place_of(self.outermost(id))) {
            Some(place) => Diagnostic::error("reused_name", place, message),
            None => Diagnostic::placeless("reused_name", message),
        };
        self.tell(told.help(help))
    }

    /// Tells that a `moved` of the source names something as gone that stands here; once for the statement.
    fn tell_moved_is_there(&mut self, own: AddressId) -> Option<ValueId> {
        let written = self.store.written(own);
        let (from, places) = self.moves.said.iter().find_map(|said| match &said.what {
            SaidWhat::Moved { from, .. } if written.is_at_or_below(from) => Some((from, said.places?)),
            _ => None,
        })?;
        let message = format!("`{from}` is still in the program");
        let told = Diagnostic::error("still_there", places.address, message)
            .help("`moved` names an address that is no more; give what is new another name");
        Some(self.tell(told))
    }

    fn tell_said(&mut self, standing: &[(Option<InstanceId>, AddressId, WrittenAddress)]) {
        let listed: Vec<WrittenAddress> = self
            .listed
            .iter()
            .map(|listed| WrittenAddress { steps: vec![WrittenStep { name: listed.name, key: None }] })
            .collect();
        let stands = |address: &WrittenAddress| {
            listed.contains(address) || standing.iter().any(|(_, _, own)| own.is_at_or_below(address))
        };
        for said in self.moves.said.clone() {
            let Some(places) = said.places else { continue };
            match &said.what {
                SaidWhat::Moved { from, to } => {
                    if stands(from) {
                        let message = format!("`{from}` is still in the program");
                        let help = "`moved` names an address that is no more; give what is new another name";
                        self.tell_there(from, standing, places, message, help);
                    }
                    let moved = |own: &WrittenAddress| back(from, to, &own.steps).is_some();
                    let ends = listed.contains(to)
                        || standing.iter().any(|(_, _, own)| moved(own) || self.went_through(own, to));
                    self.said_matches(said, ends, to, places.to.unwrap_or(places.whole));
                }
                // Both may be said of what is there, and of what earlier builds made.
                SaidWhat::Forget { address, .. } | SaidWhat::Destroy { address, .. } => {
                    self.said_matches(said, true, address, places.address);
                }
                SaidWhat::Adopt { address, .. } => {
                    let found = standing.iter().find(|(_, _, own)| own == address).and_then(|(id, _, _)| *id);
                    self.said_matches(said, found.is_some(), address, places.address);
                    if let Some(id) = found {
                        self.tell_not_adoptable(id, address, places.address);
                    }
                }
            }
        }
    }

    /// Whether something was at this address between its first one and its own.
    fn went_through(&self, own: &WrittenAddress, address: &WrittenAddress) -> bool {
        let mut at = own.clone();
        for _ in 0..=self.moves.rules.len() {
            let Some(earlier) = self.before(&at) else { return false };
            if earlier.address.is_at_or_below(address) {
                return true;
            }
            at = earlier.address;
        }
        false
    }

    /// Remembers that a statement is about something here. What names its environment has to be; the others in one of them.
    fn said_matches(&mut self, said: &'a Said, found: bool, address: &WrittenAddress, place: Place) {
        let at = self.checked.said.iter().position(|other| std::ptr::eq(other, said));
        if let Some(matched) = at.and_then(|at| self.moves.matched.get_mut(at)) {
            *matched |= found;
        }
        if !found && said.environment.is_some() {
            let message = format!("nothing stands at `{address}` in `{}`", self.environment.name);
            let _ = self.tell(unknown_address(place, message));
        }
    }

    fn tell_there(
        &mut self,
        address: &WrittenAddress,
        standing: &[(Option<InstanceId>, AddressId, WrittenAddress)],
        places: SaidPlaces,
        message: String,
        help: &'static str,
    ) {
        let found = standing.iter().find(|(_, _, own)| own.is_at_or_below(address)).and_then(|(id, _, _)| *id);
        let mut told = Diagnostic::error("still_there", places.address, message).help(help);
        if let Some(place) = found.and_then(|id| self.place_of(id)) {
            told = told.also(place, "it is here");
        }
        let _ = self.tell(told);
    }

    fn tell_not_adoptable(&mut self, id: InstanceId, address: &WrittenAddress, place: Place) {
        let (message, help) = match self.native_of(id) {
            None => {
                let below = self.instances.iter().map(|instance| self.store.written(instance.address));
                let mut natives: Vec<String> = below
                    .filter(|own| own.steps.len() > address.steps.len() && own.is_at_or_below(address))
                    .map(|own| own.to_string())
                    .collect();
                natives.sort();
                let listed = source::list_of(natives.iter().take(6).map(String::as_str));
                let help = match natives.is_empty() {
                    true => "adopt a native resource".to_owned(),
                    false => format!("adopt what it is made of, each by its own id: {listed}"),
                };
                (format!("`{address}` is no native resource"), help)
            }
            Some(native) if native.role == schema::Role::Data => (
                format!("`{address}` is only read"),
                "what is read stays another's: nothing is to be adopted".to_owned(),
            ),
            Some(native) if native.provider.text().is_empty() => (
                format!("`{address}` is made by no provider"),
                "remove this: applying it takes over what is there".to_owned(),
            ),
            Some(_) => return,
        };
        let _ = self.tell(Diagnostic::error("not_adoptable", place, message).help(help));
    }
}

fn unknown_address(place: Place, message: String) -> Diagnostic {
    Diagnostic::error("unknown_address", place, message)
        .help("`infrac graph` lists the addresses; a loop's elements are `x[\"key\"]`")
}

/// Tells the statements that are about nothing in any environment.
pub(crate) fn tell_unmatched(checked: &Checked, matched: &[bool], diagnostics: &mut Diagnostics) {
    for (said, matched) in checked.said.iter().zip(matched) {
        let (Some(places), false) = (said.places, *matched || said.environment.is_some()) else { continue };
        let (address, place) = match &said.what {
            SaidWhat::Moved { to, .. } => (to, places.to.unwrap_or(places.whole)),
            SaidWhat::Forget { address, .. } | SaidWhat::Adopt { address, .. } | SaidWhat::Destroy { address, .. } => {
                (address, places.address)
            }
        };
        let message = format!("nothing stands at `{address}` in any environment");
        let _ = diagnostics.tell(unknown_address(place, message));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn before(from: &str, to: &str, address: &str) -> Option<String> {
        let read = |text: &str| WrittenAddress::read(text).unwrap();
        back(&read(from), &read(to), &read(address).steps).map(|earlier| earlier.to_string())
    }

    #[test]
    fn what_was_moved_is_followed_back_with_all_below_it() {
        assert_eq!(before("a", "b", "b.vm").as_deref(), Some("a.vm"));
        assert_eq!(before("a", "b", "c.vm"), None);
        assert_eq!(before("front", "web", "web[\"a\"].vm").as_deref(), Some("front[\"a\"].vm"));
        assert_eq!(before("front[\"a\"]", "front[\"x\"]", "front[\"x\"].vm").as_deref(), Some("front[\"a\"].vm"));
        assert_eq!(before("front[\"a\"]", "front[\"x\"]", "front[\"y\"].vm"), None);
        assert_eq!(before("one", "web[\"a\"]", "web[\"a\"]").as_deref(), Some("one"));
        assert_eq!(before("front.vm", "front.machine", "front[\"a\"].machine").as_deref(), Some("front[\"a\"].vm"));
        assert_eq!(before("front[\"a\"]", "web", "web[\"b\"]"), None, "one element is not all of them");
    }
}
