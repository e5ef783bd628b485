//! What the program says of things without touching them: moves, things that are taken over or let go, and how they live.

use std::collections::{BTreeMap, BTreeSet, btree_map};

use drivers::Made;
use state::{Change, Condition, Entry, Life, Object, Record, State, Tree, Uid};

use super::make::Making;
use super::{Decision, make};
use crate::sessions::Sessions;
use crate::told::Told;
use crate::wanted::{NodeKind, Said, Wanted};

/// The addresses that may go although they are protected, with all that is below them.
pub(super) type Allowed = BTreeSet<String>;

/// What the statements come to.
pub(super) struct Words {
    /// Carried out in memory already, so that what follows sees it.
    pub changes: Vec<Change>,
    pub allowed: Allowed,
    /// Statements about what nobody knows.
    pub idle: Vec<String>,
}

/// What the statements say.
pub(super) async fn of<'a>(
    wanted: &Wanted,
    making: &mut Making<'a>,
    sessions: &mut Sessions<'a>,
) -> Result<Words, Vec<Told>> {
    let (mut changes, mut told) = (Vec::new(), Vec::new());
    for said in &wanted.changes {
        let change = match said {
            Said::Moved { from, to } => moved(making.ledger.state(), from, to),
            Said::Adopt { address, id } => adopted(wanted, making, sessions, address, id).await,
            Said::Forget { .. } | Said::Destroy { .. } => Ok(None),
        };
        match change {
            Ok(Some(change)) => changes.push(keep(change, making).map_err(|told| vec![told])?),
            Ok(None) => {}
            Err(mistake) => told.push(mistake),
        }
    }
    let idle = idle(wanted, making.ledger.state());
    for change in forgotten(wanted, making.ledger.state()) {
        changes.push(keep(change, making).map_err(|told| vec![told])?);
    }
    let destroyed = wanted.changes.iter().filter_map(|said| match said {
        Said::Destroy { address, .. } => Some(address.clone()),
        Said::Moved { .. } | Said::Adopt { .. } | Said::Forget { .. } => None,
    });
    let allowed = making.unprotected.iter().cloned().chain(destroyed).collect();
    if told.is_empty() { Ok(Words { changes, allowed, idle }) } else { Err(told) }
}

fn keep(change: Change, making: &mut Making<'_>) -> Result<Change, Told> {
    making.ledger.append(&[Record::Change(change.clone())])?;
    Ok(change)
}

/// Whether an address is another one, or stands below it: `front` is above `front["a"].vm`.
pub(super) fn is_below(address: &str, above: &str) -> bool {
    address.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

pub(super) fn is_below_any(address: &str, all: &Allowed) -> bool {
    all.iter().any(|above| is_below(address, above))
}

fn moved(state: &State, from: &str, to: &str) -> Result<Option<Change>, Told> {
    match (state.at(from), state.at(to)) {
        (None, _) => Ok(None),
        (Some(entry), None) => Ok(Some(Change::Move { uid: entry.uid, to: to.to_owned() })),
        (Some(_), Some(_)) => {
            let message = format!("`{from}` cannot be moved: there is something at `{to}` already");
            Err(Told::new("moved_onto", message, "let that go first, or give one of them another name").about(to))
        }
    }
}

/// What has left the program and stays where it is: what the deepest word about it says so of, and all that this needs.
fn forgotten(wanted: &Wanted, state: &State) -> Vec<Change> {
    let stays: BTreeSet<&str> = wanted.resources().map(|(_, node)| &*node.address).collect();
    let leaves = |entry: &&Entry| !stays.contains(&*entry.address);
    let said = |entry: &&Entry| matches!(deepest(wanted, &entry.address), Some(Said::Forget { .. }));
    let mut open: Vec<&Entry> = state.entries.values().filter(leaves).filter(said).collect();
    let mut found: BTreeMap<Uid, String> =
        open.iter().map(|entry| (entry.uid, "the program says `forget`".to_owned())).collect();
    while let Some(entry) = open.pop() {
        for edge in entry.objects().flat_map(|object| &object.edges) {
            let Some(needed) = state.entries.get(&edge.to).filter(leaves) else { continue };
            if let btree_map::Entry::Vacant(vacant) = found.entry(needed.uid) {
                vacant.insert(format!("`{}`, which is forgotten, needs it", entry.address));
                open.push(needed);
            }
        }
    }
    let by_address = state.addresses.values().filter_map(|uid| Some((*uid, found.remove(uid)?)));
    by_address.map(|(uid, because)| Change::Forget { uid, because }).collect()
}

/// Of the words about what leaves, the one that is nearest to a thing.
fn deepest<'w>(wanted: &'w Wanted, address: &str) -> Option<&'w Said> {
    let about = wanted.changes.iter().filter(|said| said.leaving().is_some_and(|above| is_below(address, above)));
    about.max_by_key(|said| said.leaving().map(str::len))
}

/// Words about what leaves that are about nothing.
fn idle(wanted: &Wanted, state: &State) -> Vec<String> {
    let known: Vec<&str> =
        state.addresses.keys().map(String::as_str).chain(wanted.resources().map(|(_, node)| &*node.address)).collect();
    let said = wanted.changes.iter().filter_map(Said::leaving);
    said.filter(|said| !known.iter().any(|address| is_below(address, said))).map(str::to_owned).collect()
}

async fn adopted<'a>(
    wanted: &Wanted,
    making: &mut Making<'a>,
    sessions: &mut Sessions<'a>,
    address: &str,
    id: &str,
) -> Result<Option<Change>, Told> {
    let node = wanted.resources().find(|(_, node)| node.address == address).map(|(_, node)| node);
    let Some(node) = node.filter(|node| making.drivers.has(&node.target)) else { return Ok(None) };
    let NodeKind::Resource { kind, .. } = &node.kind else { return Ok(None) };
    if making.ledger.state().at(address).is_some() {
        return Ok(None);
    }
    let opened = sessions.open(&node.target, "", &Tree::Null, making.ledger.state(), making.entropy).await?;
    let uid = Uid::new(making.entropy);
    let imported = opened.session.import(drivers::Thing { uid, address, kind }, id).await;
    let Made { native_id, attributes } = imported.map_err(|trouble| Told::of_driver(trouble, address))?;
    let object = Object {
        incarnation: 1,
        config: opened.config,
        realm: opened.realm,
        native_id,
        names: Vec::new(),
        edges: Vec::new(),
        made_by: None,
        schema_version: 0,
        attributes: making.ledger.seal(&attributes)?,
        private: None,
        // Nobody asked for it as it is.
        applied: Tree::Null,
        condition: Condition::Ok,
    };
    let entry = Entry {
        uid,
        address: address.to_owned(),
        driver: node.target.clone(),
        kind: kind.clone(),
        place: wanted.places.of(address).map(str::to_owned),
        life: Life::default(),
        current: Some(object),
        deposed: Vec::new(),
        frozen: None,
    };
    Ok(Some(Change::Adopt { entry: Box::new(entry) }))
}

/// How things live and what they need, where nothing else of them changes: a change of a life alone is kept.
pub(super) fn of_lives(
    wanted: &Wanted,
    decisions: &[Option<Decision>],
    state: &State,
    mut changes: Vec<Change>,
) -> Vec<Change> {
    for (node, decision) in wanted.nodes.iter().zip(decisions) {
        let Some(decision) = decision.as_ref().filter(|decision| decision.is_nothing()) else { continue };
        let Some(entry) = state.entries.get(&decision.uid) else { continue };
        if entry.life != node.life {
            let place = wanted.places.of(&node.address).map(str::to_owned);
            changes.push(Change::Life { uid: entry.uid, life: node.life.clone(), place });
        }
        let edges = make::edges_of(wanted, node, decisions);
        if entry.current.as_ref().is_some_and(|object| object.edges != edges) {
            changes.push(Change::Edges { uid: entry.uid, edges });
        }
    }
    changes
}
