//! A plan for programs. A secret is `{"secret": true}`, what is known later `{"later": true}`.

use engine::{Drift, Plan, Reason, Why};
use serde_json::{Value as Json, json};
use state::{Change, Tree, TreeStep};

use super::{Thing, path_text, things};

/// The form of the document.
const FORMAT: u32 = 1;

/// The whole plan.
pub fn plan(plan: &Plan) -> Json {
    let [replaced, created, changed, destroyed] = plan.counts();
    json!({
        "format": FORMAT,
        "plan": plan.id.to_string(),
        "project": plan.project,
        "environment": plan.environment,
        "has_changes": plan.has_changes(),
        "counts": {
            "create": created, "change": changed, "replace": replaced, "destroy": destroyed, "unchanged": plan.unchanged,
        },
        "things": things(plan).iter().map(thing).collect::<Vec<_>>(),
        "changes": plan.changes.iter().filter_map(|one| change(one, plan)).collect::<Vec<_>>(),
        "outputs": plan.outputs.iter().map(|(name, (before, after))| {
            json!({ "name": name, "before": before.as_ref().map(value), "after": after.as_ref().map(value) })
        }).collect::<Vec<_>>(),
        "drift": drift(&plan.drifted),
        "frozen": plan.held.iter().map(|held| json!({ "address": held.address, "because": held.because })).collect::<Vec<_>>(),
        "idle": plan.idle,
        "left": plan.left.iter().map(|left| json!({ "target": left.target, "addresses": left.addresses })).collect::<Vec<_>>(),
        "unresolved": plan.unresolved.iter().map(|(address, why)| json!({ "address": address, "why": why })).collect::<Vec<_>>(),
    })
}

fn thing(thing: &Thing<'_>) -> Json {
    let step = thing.step;
    let path = |path: &Vec<TreeStep>| Json::from(path_text(path));
    json!({
        "address": step.address,
        "target": step.driver,
        "kind": step.kind,
        "at": step.place,
        "action": thing.sort.word(),
        "step": step.id.0,
        "after": step.after.iter().map(|step| step.0).collect::<Vec<_>>(),
        "why": step.why.iter().map(why).collect::<Vec<_>>(),
        "paths": thing.paths().iter().map(path).collect::<Vec<_>>(),
        "before": thing.before.map(value),
        "after_apply": thing.after.map(value),
    })
}

fn why(why: &Why) -> Json {
    let reason = match &why.reason {
        Reason::Changed => "changed",
        Reason::Drifted => "drifted",
        Reason::CannotChange => "cannot_change",
        Reason::KnownLater => "known_later",
        Reason::Left => "left",
        Reason::Replaced { .. } => "replaced",
        Reason::Destroyed => "destroyed",
        Reason::Gone => "gone",
        Reason::Unfinished { .. } => "unfinished",
        Reason::Elsewhere => "elsewhere",
    };
    json!({ "path": path_text(&why.path), "reason": reason, "at": why.place })
}

/// What was changed behind infrac's back.
pub fn drift(all: &[Drift]) -> Json {
    let one = |drift: &Drift| {
        json!({
            "address": drift.address,
            "kind": drift.kind,
            "at": drift.place,
            "gone": drift.now.is_none(),
            "paths": drift.paths().iter().map(|path| path_text(path)).collect::<Vec<_>>(),
            "before": value(&drift.before),
            "now": drift.now.as_ref().map(value),
        })
    };
    all.iter().map(one).collect()
}

fn change(change: &Change, plan: &Plan) -> Option<Json> {
    let called = |uid: &state::Uid| plan.called.get(uid).cloned().unwrap_or_default();
    Some(match change {
        Change::Move { uid, to } => json!({ "change": "move", "from": called(uid), "address": to }),
        Change::Forget { uid, because } => json!({ "change": "forget", "address": called(uid), "because": because }),
        Change::Adopt { entry } => json!({ "change": "adopt", "address": entry.address }),
        Change::Life { uid, life, .. } => json!({ "change": "life", "address": called(uid), "protect": life.protect }),
        Change::Freeze { uid, freeze } => {
            json!({ "change": "freeze", "address": called(uid), "because": freeze.because })
        }
        Change::Thaw { uid } => json!({ "change": "thaw", "address": called(uid) }),
        Change::Edges { .. } => return None,
    })
}

fn value(tree: &Tree) -> Json {
    match tree {
        Tree::Null => Json::Null,
        Tree::Bool(truth) => Json::from(*truth),
        Tree::Number(number) => serde_json::from_str(number).unwrap_or_else(|_| Json::from(&**number)),
        Tree::Text(text) => Json::from(&**text),
        Tree::List(elements) => elements.iter().map(value).collect(),
        Tree::Map(entries) => entries.iter().map(|(key, entry)| (key.to_string(), value(entry))).collect(),
        Tree::Later => json!({ "later": true }),
        Tree::Secret(_) | Tree::Sealed(_) => json!({ "secret": true }),
    }
}
