//! Holds what is remembered of an environment against a program: what has left, what is left, and what is remembered next.

use std::collections::{BTreeMap, BTreeSet};

use check::checked::{Said, SaidWhat};
use emit::{Emitted, HeldResource, Inventory, ProviderInUse, Remains};
use value::WrittenAddress;

use crate::Lock;
use crate::line::{Cluster, LeftObject, Line, What};

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
    /// What Terraform still has to know.
    pub remains: Remains,
    /// By what Terraform forgot: what it needs and the program still has.
    needed: BTreeMap<String, Vec<String>>,
}

/// Compares. Nothing may be written while something is lost.
pub fn compare(lock: &Lock, now: &Now<'_>) -> Compared {
    let mut held: Vec<&HeldResource> = Vec::new();
    let mut providers: Vec<ProviderInUse> = Vec::new();
    let mut released: BTreeSet<String> = BTreeSet::new();
    let mut needed: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for what in lock.of(now.environment) {
        match what {
            What::Held(resource) => held.push(resource),
            What::Platform(provider) | What::LeftPlatform(provider) => providers.push(provider.clone()),
            What::LeftResource(reference) => drop(released.insert(reference.clone())),
            What::LeftNeeds { by, needs } => drop(needed.insert(by.clone(), needs.clone())),
            What::Object { .. } | What::LeftObject(_) | What::Said(_) | What::Hashes(_) => {}
        }
    }
    let is_there = |reference: &String| now.inventory.resources.contains(reference);
    held.retain(|resource| !is_there(&resource.reference));
    needed.retain(|by, _| !is_there(by));
    let (mut lost, mut destroyed) = (Vec::new(), BTreeSet::new());
    for resource in &held {
        match fate(lock, now, &resource.address) {
            Some(SaidWhat::Forget { .. }) => {
                released.insert(resource.reference.clone());
                needed.insert(resource.reference.clone(), resource.needs.clone());
            }
            Some(SaidWhat::Destroy { .. }) => drop(destroyed.insert(resource.reference.clone())),
            Some(SaidWhat::Moved { .. } | SaidWhat::Adopt { .. }) | None => lost.push((*resource).clone()),
        }
    }
    released.extend(needed.values().flatten().filter(|need| !destroyed.contains(*need)).cloned());
    // What is kept for another's sake needs no word of its own.
    lost.retain(|resource| !released.contains(&resource.reference));
    released.retain(|reference| !is_there(reference));
    needed.values_mut().for_each(|needs| needs.retain(is_there));
    needed.retain(|_, needs| !needs.is_empty());
    providers.retain(|left| !now.inventory.providers.iter().any(|used| used.is_same(left)));
    providers.sort_by(|left, right| (&left.provider, &left.alias).cmp(&(&right.provider, &right.alias)));
    providers.dedup_by(|left, right| left.is_same(right));
    Compared { lost, remains: Remains { providers, released: released.into_iter().collect() }, needed }
}

/// What is said of an address that has left: in the source, else in what was recorded.
fn fate<'a>(lock: &'a Lock, now: &'a Now<'_>, address: &str) -> Option<&'a SaidWhat> {
    let address = WrittenAddress::read(address).ok()?;
    let holds = |said: &&Said| said.environment.is_none_or(|own| own.text() == now.environment);
    let own = now.said.iter().filter(holds).map(|said| &said.what);
    own.chain(lock.said(now.environment)).find(|said| match said {
        SaidWhat::Forget { address: above, .. } | SaidWhat::Destroy { address: above, .. } => {
            address.is_at_or_below(above)
        }
        SaidWhat::Moved { .. } | SaidWhat::Adopt { .. } => false,
    })
}

impl Compared {
    /// What is remembered of the environment next, in the place of all that was; statements are added by [`Lock::remember`].
    fn next(&self, lock: &Lock, now: &Now<'_>, emitted: &Emitted) -> Vec<What> {
        let mut all: Vec<What> = now.inventory.held.iter().cloned().map(What::Held).collect();
        all.extend(now.inventory.providers.iter().cloned().map(What::Platform));
        all.extend(self.remains.providers.iter().cloned().map(What::LeftPlatform));
        all.extend(self.remains.released.iter().cloned().map(What::LeftResource));
        let needed = self.needed.iter();
        all.extend(needed.map(|(by, needs)| What::LeftNeeds { by: by.clone(), needs: needs.clone() }));
        for of in &emitted.clusters {
            let cluster = Cluster {
                folder: of.cluster.folder.clone(),
                context: of.cluster.context.clone(),
                made: of.cluster.made,
            };
            all.extend(
                of.objects.iter().map(|object| What::Object { cluster: cluster.clone(), object: object.clone() }),
            );
        }
        all.extend(gone(lock, now.environment, emitted).into_iter().map(What::LeftObject));
        all
    }
}

/// The objects that earlier builds made and no cluster of the program has now.
pub fn gone(lock: &Lock, environment: &str, emitted: &Emitted) -> Vec<LeftObject> {
    let applied = |left: &LeftObject| {
        let mut objects = emitted.clusters.iter().flat_map(|cluster| &cluster.objects);
        objects.any(|object| object.name.is_same(&left.object.name))
    };
    let is_used = |cluster: &Cluster| emitted.clusters.iter().any(|used| used.cluster.folder == cluster.folder);
    let mut gone: Vec<LeftObject> = Vec::new();
    for what in lock.of(environment) {
        match what {
            // A cluster that the program made goes with all that is in it.
            What::Object { cluster, object } if !cluster.made || is_used(cluster) => {
                gone.push(LeftObject { cluster: cluster.clone(), object: object.clone() });
            }
            What::LeftObject(left) => gone.push(left.clone()),
            What::Object { .. }
            | What::Held(_)
            | What::Platform(_)
            | What::LeftPlatform(_)
            | What::LeftResource(_)
            | What::LeftNeeds { .. }
            | What::Said(_)
            | What::Hashes(_) => {}
        }
    }
    gone.retain(|left| !applied(left));
    gone.sort();
    gone.dedup();
    gone
}

impl Lock {
    /// The lock after a build of an environment.
    pub fn remember(&self, compared: &Compared, now: &Now<'_>, emitted: &Emitted) -> Self {
        let mut next = self.clone();
        next.lines.retain(|_, line| {
            line.environment.as_deref() != Some(now.environment) || matches!(line.what, What::Said(_))
        });
        // What is there again has not been let go of, unless the source says so still.
        next.lines.retain(|_, line| match &line.what {
            What::Said(what @ (SaidWhat::Forget { address, .. } | SaidWhat::Destroy { address, .. })) => {
                let is_held = |held: &HeldResource| {
                    WrittenAddress::read(&held.address).is_ok_and(|held| held.is_at_or_below(address))
                };
                now.said.iter().any(|said| said.what == *what) || !now.inventory.held.iter().any(is_held)
            }
            What::Said(SaidWhat::Moved { .. } | SaidWhat::Adopt { .. })
            | What::Held(_)
            | What::Object { .. }
            | What::Platform(_)
            | What::LeftObject(_)
            | What::LeftPlatform(_)
            | What::LeftResource(_)
            | What::LeftNeeds { .. }
            | What::Hashes(_) => true,
        });
        for what in compared.next(self, now, emitted) {
            next.add(Line { environment: Some(now.environment.to_owned()), what });
        }
        for said in now.said {
            let environment = said.environment.map(|name| name.text().to_owned());
            next.add(Line { environment, what: What::Said(said.what.clone()) });
        }
        next
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

/// Whether something of the program is at or below an address.
pub fn stands<'a>(address: &WrittenAddress, mut all: impl Iterator<Item = &'a WrittenAddress>) -> bool {
    all.any(|there| there.is_at_or_below(address))
}

/// Forgets what has left and what was said, once it is applied everywhere. A `moved` on the way to an address that stands is kept:
/// names are made of the address that was first.
pub fn prune(lock: &Lock, is_there: impl Fn(&WrittenAddress) -> bool) -> Lock {
    let mut next = lock.clone();
    let way = way(lock, is_there);
    next.lines.retain(|_, line| match &line.what {
        What::LeftObject(_) | What::LeftPlatform(_) | What::LeftResource(_) => false,
        What::Said(SaidWhat::Moved { from, to }) => way.contains(&(from, to)),
        What::Said(SaidWhat::Forget { .. } | SaidWhat::Adopt { .. } | SaidWhat::Destroy { .. }) => false,
        What::Held(_) | What::Object { .. } | What::Platform(_) | What::LeftNeeds { .. } | What::Hashes(_) => true,
    });
    next
}

/// The moves that lead to what stands, however many lie between.
fn way(lock: &Lock, is_there: impl Fn(&WrittenAddress) -> bool) -> Vec<(&WrittenAddress, &WrittenAddress)> {
    let mut left: Vec<(&WrittenAddress, &WrittenAddress)> = lock
        .lines()
        .filter_map(|line| match &line.what {
            What::Said(SaidWhat::Moved { from, to }) => Some((from, to)),
            _ => None,
        })
        .collect();
    let mut way: Vec<(&WrittenAddress, &WrittenAddress)> = Vec::new();
    loop {
        let known = way.len();
        let leads_on = |to: &WrittenAddress, way: &[(&WrittenAddress, &WrittenAddress)]| {
            way.iter().any(|(from, _)| from.is_at_or_below(to) || to.is_at_or_below(from))
        };
        let (on, off) = left.into_iter().partition(|(_, to)| is_there(to) || leads_on(to, &way));
        left = off;
        way.extend::<Vec<_>>(on);
        if way.len() == known {
            return way;
        }
    }
}
