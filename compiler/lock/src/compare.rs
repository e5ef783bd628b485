//! Holds what is remembered of an environment against a program: what has left, what is left, and what is remembered next.

use std::collections::{BTreeMap, BTreeSet};

use check::checked::{Said, SaidWhat};
use emit::{
    ClusterName, Emitted, Ground, HeldResource, Inventory, LeftObject, Number, ProviderInUse, Remains, StateAt,
};

use crate::Lock;
use crate::line::{Line, What};
use crate::said::{fate, gives_way, is_below};

/// A program as it is now, in one environment.
pub struct Now<'a> {
    pub environment: &'a str,
    pub inventory: &'a Inventory,
    /// The statements of the source.
    pub said: &'a [Said],
}

/// What comes of it.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Compared {
    /// Held, no longer in the program, and nothing says what becomes of it.
    pub lost: Vec<HeldResource>,
    /// Is to be destroyed and has left, though its maker still refuses to delete it.
    pub guarded: Vec<HeldResource>,
    /// Held and in the program, but somewhere else.
    pub displaced: Vec<Displaced>,
    /// Held and in the program, and what it stands on has left or is made once more.
    pub undermined: Vec<Undermined>,
    /// Where the state was, and where the program looks for it, which is elsewhere.
    pub state: Option<(StateAt, StateAt)>,
    /// What Terraform still has to know.
    pub remains: Remains,
    /// Held, no longer in the program, and something is said of it.
    left: Vec<HeldResource>,
    /// By what was forgotten and pruned: what it needs.
    needed: BTreeMap<String, Vec<String>>,
    /// Where a state is that the program has nothing for any more.
    stays: Option<StateAt>,
}

/// A held resource whose configuration says another place than the one where it was made.
#[derive(Clone, PartialEq, Debug)]
pub struct Displaced {
    pub held: HeldResource,
    /// `region`
    pub input: &'static str,
    pub before: String,
    pub now: String,
}

/// A held resource whose ground gives way.
#[derive(Clone, PartialEq, Debug)]
pub struct Undermined {
    pub held: HeldResource,
    /// How Terraform calls the ground.
    pub reference: String,
    pub address: String,
    /// The input that it never changes, with the value before and now; none: it has left.
    pub change: Option<(String, String, String)>,
}

/// Compares. Nothing may be written while something is lost, guarded, displaced or undermined.
pub fn compare(lock: &Lock, now: &Now<'_>) -> Compared {
    let mut held: Vec<&HeldResource> = Vec::new();
    let mut providers: Vec<ProviderInUse> = Vec::new();
    let mut compared = Compared::default();
    for what in lock.of(now.environment) {
        match what {
            What::Held(resource) | What::LeftHeld(resource) => held.push(resource),
            What::Platform(provider) | What::LeftPlatform(provider) => providers.push(provider.clone()),
            What::LeftNeeds { by, needs } => drop(compared.needed.insert(by.clone(), needs.clone())),
            What::State(at) => {
                compared.state = now.inventory.state.clone().filter(|now| now != at).map(|now| (at.clone(), now));
                compared.stays = Some(at.clone()).filter(|_| now.inventory.state.is_none());
            }
            What::Object { .. } | What::LeftObject(_) | What::Said(_) | What::Hashes(_) => {}
        }
    }
    compared.displaced = held.iter().filter_map(|held| displaced(held, &providers, now.inventory)).collect();
    let is_there = |reference: &String| now.inventory.resources.contains(reference);
    let stays: Vec<HeldResource> = held.iter().copied().filter(|held| is_there(&held.reference)).cloned().collect();
    held.retain(|resource| !is_there(&resource.reference));
    compared.needed.retain(|by, _| !is_there(by));
    let mut released: BTreeSet<String> = compared.needed.values().flatten().cloned().collect();
    for resource in held.into_iter().cloned() {
        match fate(lock, now.environment, now.said, &resource.address) {
            Some(SaidWhat::Forget { .. }) => {
                released.insert(resource.reference.clone());
                released.extend(resource.needs.iter().cloned());
                compared.left.push(resource);
            }
            Some(SaidWhat::Destroy { .. }) if resource.guarded => compared.guarded.push(resource),
            Some(SaidWhat::Destroy { .. }) => compared.left.push(resource),
            Some(SaidWhat::Moved { .. } | SaidWhat::Adopt { .. }) | None => compared.lost.push(resource),
        }
    }
    // What is kept for another's sake needs no word of its own.
    for kept in [&mut compared.lost, &mut compared.guarded] {
        let (needed, others) =
            kept.drain(..).partition(|resource: &HeldResource| released.contains(&resource.reference));
        *kept = others;
        compared.left.extend::<Vec<_>>(needed);
    }
    compared.undermined = undermined(lock, now, &stays);
    // What is told for its own sake, or let go of, is not told for another's.
    let told = compared.lost.iter().chain(&compared.guarded).chain(&compared.left);
    let told: BTreeSet<&String> = told.map(|resource| &resource.reference).chain(&released).collect();
    compared.undermined.retain(|undermined| !told.contains(&undermined.reference));
    released.retain(|reference| !is_there(reference));
    providers.retain(|left| !now.inventory.providers.iter().any(|used| used.is_same(left)));
    providers.sort_by(|left, right| (&left.provider, &left.alias).cmp(&(&right.provider, &right.alias)));
    providers.dedup_by(|left, right| left.is_same(right));
    compared.remains = Remains { providers, released: released.into_iter().collect() };
    compared
}

/// What stays while that on which it stands does not, and nothing is said of either.
fn undermined(lock: &Lock, now: &Now<'_>, stays: &[HeldResource]) -> Vec<Undermined> {
    let grounds: BTreeMap<&String, &Ground> = now.inventory.held.iter().flat_map(|held| &held.grounds).collect();
    let mut all = Vec::new();
    for held in stays.iter().filter(|held| fate(lock, now.environment, now.said, &held.address).is_none()) {
        for (reference, before) in &held.grounds {
            let change = match grounds.get(reference) {
                Some(now) => before.fixed.iter().find_map(|(input, value)| {
                    let now = now.fixed.get(input).filter(|now| *now != value)?;
                    Some((input.clone(), value.clone(), now.clone()))
                }),
                None => None,
            };
            if (change.is_some() || !now.inventory.resources.contains(reference))
                && fate(lock, now.environment, now.said, &before.address).is_none()
            {
                let (reference, address) = (reference.clone(), before.address.clone());
                all.push(Undermined { held: held.clone(), reference, address, change });
            }
        }
    }
    all
}

/// Whether the configuration of a held resource says another place than before.
fn displaced(held: &HeldResource, before: &[ProviderInUse], now: &Inventory) -> Option<Displaced> {
    let there = now.held.iter().find(|there| there.reference == held.reference)?;
    let called =
        |all: &[ProviderInUse], on: &Option<String>| all.iter().find(|used| Some(used.reference()) == *on).cloned();
    let (before, now) = (called(before, &held.on)?, called(&now.providers, &there.on)?);
    let (input, before, now) = before.elsewhere(&now)?;
    Some(Displaced { held: held.clone(), input, before: before.to_string(), now: now.to_string() })
}

impl Compared {
    /// What is remembered of the environment next, in the place of all that was; statements are added by [`Lock::remember`].
    fn next(&self, lock: &Lock, now: &Now<'_>, emitted: &Emitted) -> Vec<What> {
        let mut all: Vec<What> = now.inventory.held.iter().cloned().map(What::Held).collect();
        all.extend(now.inventory.providers.iter().cloned().map(What::Platform));
        all.extend(self.remains.providers.iter().cloned().map(What::LeftPlatform));
        all.extend(self.left.iter().cloned().map(What::LeftHeld));
        let moved = now.inventory.moved.iter().cloned();
        all.extend(moved.map(|(from, to)| What::Said(SaidWhat::Moved { from, to })));
        all.extend(now.inventory.state.clone().or_else(|| self.stays.clone()).map(What::State));
        let needed = self.needed.iter();
        all.extend(needed.map(|(by, needs)| What::LeftNeeds { by: by.clone(), needs: needs.clone() }));
        let said = said_numbers(lock, now.environment);
        for of in &emitted.clusters {
            let cluster = &of.cluster;
            let remembered = of.objects.iter().map(|object| {
                let mut object = object.clone();
                if object.number == Number::Others && said.contains(&object.name.key()) {
                    object.number = Number::TakenOver;
                }
                What::Object { cluster: cluster.clone(), object }
            });
            all.extend(remembered);
        }
        all.extend(gone(lock, now, emitted).into_iter().map(What::LeftObject));
        all
    }
}

/// The objects of which the program said, in a build that may be the last one applied, how many copies run.
fn said_numbers<'a>(lock: &'a Lock, environment: &'a str) -> BTreeSet<ObjectKey<'a>> {
    let said = lock.of(environment).filter_map(|what| match what {
        What::Object { object, .. } if object.number != Number::Others => Some(object.name.key()),
        _ => None,
    });
    said.collect()
}

/// What two objects of a cluster must not share.
type ObjectKey<'a> = (&'a str, &'a str, Option<&'a str>, &'a str);

/// The objects whose number of copies something else decides from now on.
pub fn taken_over(lock: &Lock, now: &Now<'_>, emitted: &Emitted) -> Vec<LeftObject> {
    let objects = emitted.clusters.iter().flat_map(|of| of.objects.iter().map(|object| (&of.cluster, object)));
    let said = said_numbers(lock, now.environment);
    let taken = objects.filter(|(_, object)| object.number == Number::Others && said.contains(&object.name.key()));
    taken.map(|(cluster, object)| LeftObject { cluster: cluster.clone(), object: object.clone() }).collect()
}

/// The objects that earlier builds made and no cluster of the program has now. What is forgotten is left where it is; the data of what
/// is destroyed may go.
pub fn gone(lock: &Lock, now: &Now<'_>, emitted: &Emitted) -> Vec<LeftObject> {
    let objects = emitted.clusters.iter().flat_map(|cluster| &cluster.objects);
    let names: BTreeSet<ObjectKey<'_>> = objects.map(|object| object.name.key()).collect();
    let applied = |left: &LeftObject| names.contains(&left.object.name.key());
    let is_used = |cluster: &ClusterName| emitted.clusters.iter().any(|used| used.cluster.folder == cluster.folder);
    let moved = moved_clusters(lock, now);
    let mut gone: Vec<LeftObject> = Vec::new();
    for what in lock.of(now.environment) {
        match what {
            // A cluster that the program made goes with all that is in it.
            What::Object { cluster, object } => {
                let mut cluster = cluster.clone();
                let named = cluster.folder.split_once('/');
                let now = named.and_then(|(target, name)| Some(format!("{target}/{}", moved.get(name)?)));
                if let Some(folder) = now.filter(|_| !is_used(&cluster)) {
                    cluster.folder = folder;
                }
                if !cluster.made || is_used(&cluster) {
                    gone.push(LeftObject { cluster, object: object.clone() });
                }
            }
            What::LeftObject(left) => gone.push(left.clone()),
            What::Held(_)
            | What::Platform(_)
            | What::LeftPlatform(_)
            | What::LeftHeld(_)
            | What::LeftNeeds { .. }
            | What::State(_)
            | What::Said(_)
            | What::Hashes(_) => {}
        }
    }
    gone.retain_mut(|left| match fate(lock, now.environment, now.said, &left.object.address) {
        Some(SaidWhat::Forget { .. }) => false,
        Some(SaidWhat::Destroy { .. }) => {
            left.object.keeps_data = false;
            !applied(left)
        }
        Some(SaidWhat::Moved { .. } | SaidWhat::Adopt { .. }) | None => !applied(left),
    });
    gone.sort();
    gone.dedup();
    gone
}

/// What is called otherwise at the top, by the name that it had.
fn moved_clusters(lock: &Lock, now: &Now<'_>) -> BTreeMap<String, String> {
    let own = now.said.iter().filter(|said| said.environment.is_none_or(|own| own.text() == now.environment));
    let all = own.map(|said| &said.what).chain(lock.said(now.environment));
    let names = all.filter_map(|said| match said {
        SaidWhat::Moved { from, to } if from.steps.len() == 1 && to.steps.len() == 1 => {
            Some((from.to_string(), to.to_string()))
        }
        _ => None,
    });
    names.collect()
}

impl Lock {
    /// The lock after a build of an environment.
    pub fn remember(&self, compared: &Compared, now: &Now<'_>, emitted: &Emitted) -> Self {
        let mut next = self.clone();
        next.lines.retain(|_, line| {
            line.environment.as_deref() != Some(now.environment) || matches!(line.what, What::Said(_))
        });
        next.lines.retain(|_, line| match &line.what {
            What::Said(what) => !gives_way(what, line.environment.as_deref(), now.said),
            _ => true,
        });
        // What is there again has not been let go of, unless the source says so still.
        next.lines.retain(|_, line| match &line.what {
            What::Said(what @ (SaidWhat::Forget { address, .. } | SaidWhat::Destroy { address, .. })) => {
                let is_held = |held: &HeldResource| {
                    is_below(&held.address, address)
                        || held.grounds.values().any(|ground| is_below(&ground.address, address))
                };
                now.said.iter().any(|said| said.what == *what) || !now.inventory.held.iter().any(is_held)
            }
            What::Said(SaidWhat::Moved { .. } | SaidWhat::Adopt { .. })
            | What::Held(_)
            | What::Object { .. }
            | What::Platform(_)
            | What::LeftObject(_)
            | What::LeftPlatform(_)
            | What::LeftHeld(_)
            | What::LeftNeeds { .. }
            | What::State(_)
            | What::Hashes(_) => true,
        });
        let made = compared.next(self, now, emitted).into_iter();
        let made = made.map(|what| Line { environment: Some(now.environment.to_owned()), what });
        // Most of them are in order already: all at once they are put in faster than one by one.
        next.lines.append(&mut made.map(|line| (line.key(), line)).collect());
        for said in now.said {
            let environment = said.environment.map(|name| name.text().to_owned());
            next.add(Line { environment, what: What::Said(said.what.clone()) });
        }
        next
    }

    /// Without where the state of an environment lies, when that is known.
    pub fn without_state(&self, environment: &str) -> Option<Self> {
        let mut next = self.clone();
        let is_it =
            |line: &Line| line.environment.as_deref() == Some(environment) && matches!(line.what, What::State(_));
        next.lines.retain(|_, line| !is_it(line));
        (next.lines.len() < self.lines.len()).then_some(next)
    }

    /// Without an environment of which nothing is held.
    pub fn without(&self, environment: &str) -> Self {
        let mut next = self.clone();
        next.lines.retain(|_, line| line.environment.as_deref() != Some(environment));
        next
    }

    /// The environments of which something is remembered.
    pub fn environments(&self) -> BTreeSet<&str> {
        self.lines().filter_map(|line| line.environment.as_deref()).collect()
    }
}
