//! Whether a plan still fits what is known: it is carried out once, on the state that it was made for.

use state::{Entry, State, digest_of};

use super::Plan;
use crate::told::Told;

/// A digest of what is known of a thing.
pub(crate) fn digest(entry: &Entry) -> String {
    // Where it is said is no part of it: a plan may hold that it moves.
    let entry = Entry { place: None, address: String::new(), ..entry.clone() };
    let text = serde_json::to_string(&entry).unwrap_or_default();
    digest_of(&text)
}

/// Why a plan cannot be carried out on this state.
pub fn stale(plan: &Plan, state: &State, lineage: Option<&str>) -> Option<Told> {
    let again = "plan again, and apply that";
    if state.used.contains(&plan.id) {
        return Some(Told::new("plan_used", "the plan was carried out already", again));
    }
    // Where nothing was done yet, there is nothing that could have changed.
    let is_first = plan.lineage.is_none() && state.runs.is_empty();
    if plan.lineage.as_deref() != lineage && !is_first {
        let message = match plan.lineage {
            None => "the plan was made when nothing was there, and something is there now",
            Some(_) => "the plan was made for another state",
        };
        return Some(Told::new("stale_plan", message, again));
    }
    let changed = plan.touched.iter().find(|(uid, before)| state.entries.get(uid).map(digest).as_ref() != Some(before));
    if let Some((uid, _)) = changed {
        let address = state.entries.get(uid).map(|entry| entry.address.as_str());
        let message = format!("`{}` has changed since the plan was made", address.unwrap_or("something"));
        return Some(Told::new("stale_plan", message, again));
    }
    let taken =
        plan.steps.iter().find(|step| !plan.touched.contains_key(&step.uid) && state.at(&step.address).is_some());
    taken
        .map(|step| Told::new("stale_plan", format!("`{}` has been made since the plan was made", step.address), again))
}
