//! What becomes of one thing: what is there is held against what is wanted, and the driver says what follows.

use std::collections::BTreeSet;

use drivers::{PlanAsk, Planned, Planning, Thing};
use state::{Condition, Entry, Object, Tree, TreeStep, Uid};

use super::{Decision, Reason, Why, unfinished};
use crate::paths::put;
use crate::places::Places;
use crate::sessions::Opened;
use crate::told::Told;
use crate::wanted::Node;

/// What is known of a thing before it is decided.
pub(super) struct Known<'a> {
    pub node: &'a Node,
    pub kind: &'a str,
    pub uid: Uid,
    pub entry: Option<&'a Entry>,
    /// As it is now, with its secrets open; none: it is not there.
    pub object: Option<Object>,
    /// With their secrets open.
    pub inputs: Tree,
    /// Nothing is really made: where that would be, nobody can say.
    pub rehearsed: bool,
    /// The ids of what was made at this place.
    pub ours: &'a BTreeSet<String>,
}

/// Decides.
pub(super) async fn decide(known: Known<'_>, opened: &Opened, places: &Places) -> Result<Decision, Vec<Told>> {
    let Known { node, kind, uid, entry, object, mut inputs, rehearsed, ours } = known;
    let condition = entry.and_then(|entry| entry.current.as_ref()).map(|object| object.condition.clone());
    if let Some(prior) = &object {
        ignore(&node.life.ignore, &mut inputs, prior);
    }
    let thing = Thing { uid, address: &node.address, kind };
    let ask = PlanAsk { thing, prior: object.as_ref(), inputs: &inputs, ours };
    let planned = opened.session.plan(ask).await;
    let planned = planned
        .map_err(|all| all.into_iter().map(|trouble| Told::of_driver(trouble, &node.address)).collect::<Vec<_>>())?;
    let Planned { mut planning, attributes, locator } = planned;
    let why = |path: Vec<TreeStep>, reason: Reason| {
        let place = places.at(&node.address, &path).map(str::to_owned);
        Why { path, reason, place }
    };
    let whole = |reason: Reason| vec![why(Vec::new(), reason)];
    let mut reasons = match &planning {
        Planning::Nothing => Vec::new(),
        Planning::Create if entry.is_some_and(|entry| entry.current.is_some()) => whole(Reason::Gone),
        Planning::Create => whole(Reason::Changed),
        Planning::Update(paths) => {
            paths.iter().map(|path| why(path.clone(), reason(path, &inputs, object.as_ref()))).collect()
        }
        Planning::Replace(paths) => paths.iter().map(|path| why(path.clone(), Reason::CannotChange)).collect(),
    };
    if let Some(prior) = &object {
        if prior.realm != opened.realm && !rehearsed {
            planning = Planning::Replace(Vec::new());
            reasons = whole(Reason::Elsewhere);
        } else if let Some(unfinished) = condition.as_ref().and_then(unfinished) {
            reasons.insert(0, why(Vec::new(), unfinished));
            planning = insist(planning, condition.as_ref());
        }
    }
    let realm = opened.realm;
    Ok(Decision { uid, realm, planning, why: reasons, prior: object, inputs, planned: attributes, locator })
}

/// What did not end well is not trusted, even where it looks as it should.
fn insist(planning: Planning, condition: Option<&Condition>) -> Planning {
    match (condition, planning) {
        (Some(Condition::Tainted { .. }), Planning::Nothing | Planning::Update(_)) => Planning::Replace(Vec::new()),
        (Some(Condition::Dirty { .. }), Planning::Nothing) => Planning::Update(Vec::new()),
        (_, planning) => planning,
    }
}

/// Why something is not as it should be: where the program says what it said before, somebody else changed it.
fn reason(path: &[TreeStep], inputs: &Tree, prior: Option<&Object>) -> Reason {
    match (inputs.at(path), prior.and_then(|prior| prior.applied.at(path))) {
        (Some(now), _) if now.is_later() => Reason::KnownLater,
        (now, then) if now == then => Reason::Drifted,
        _ => Reason::Changed,
    }
}

/// What the program lets others decide stays as it is.
fn ignore(paths: &[Vec<TreeStep>], inputs: &mut Tree, prior: &Object) {
    for path in paths {
        let there = prior.attributes.at(path).or_else(|| prior.applied.at(path)).cloned();
        if let Some(there) = there {
            put(inputs, path, there);
        }
    }
}
