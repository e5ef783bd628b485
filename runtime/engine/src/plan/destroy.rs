//! The plan of taking everything away. It needs no program: what is there, what it needs and how it lives stands in the state.

use std::collections::BTreeMap;

use state::{PlanId, State};

use super::make::{Making, seal};
use super::order::{Draft, protected};
use super::{FORMAT, Plan, Reason, digest};
use crate::sessions::no_driver;
use crate::told::Told;

/// Plans to destroy everything that is managed.
///
/// # Errors
/// Something is protected or frozen.
pub fn plan_destruction(project: &str, environment: &str, making: Making<'_>) -> Result<Plan, Vec<Told>> {
    let state: State = making.ledger.state().clone();
    let mut draft = Draft::default();
    let mut told = Vec::new();
    for entry in state.entries.values().filter(|entry| !super::make::is_open(&state, entry.uid)) {
        told.extend(protected(Some(entry), &making.unprotected, "destroyed"));
        if let Some(freeze) = super::make::frozen(entry, making.today) {
            let message = format!("`{}` is frozen: {}", entry.address, freeze.because);
            let help = format!("lift that first: `infrac state thaw '{}'`", entry.address);
            told.push(Told::new("frozen", message, help).about(&*entry.address).at(entry.place.as_deref()));
        }
        if !making.drivers.has(&entry.driver) {
            told.push(no_driver(&entry.driver).about(&*entry.address).at(entry.place.as_deref()));
        }
        draft.delete_all(entry, &Reason::Destroyed);
    }
    if !told.is_empty() {
        return Err(told);
    }
    draft.wait_to_go(&state);
    let steps = draft.ordered().map_err(|told| vec![told])?;
    let touched = state.entries.values().map(|entry| (entry.uid, digest(entry))).collect();
    let mut plan = Plan {
        format: FORMAT,
        id: PlanId::new(making.entropy),
        lineage: None,
        project: project.to_owned(),
        environment: environment.to_owned(),
        made_at: making.clock.now(),
        engine: env!("CARGO_PKG_VERSION").to_owned(),
        destroys: true,
        changes: Vec::new(),
        outputs: BTreeMap::new(),
        called: BTreeMap::new(),
        steps,
        drifted: Vec::new(),
        touched,
        unchanged: 0,
        held: Vec::new(),
        idle: Vec::new(),
        left: Vec::new(),
        unresolved: super::make::unresolved(&state),
        graph: String::new(),
        places: String::new(),
        inputs: BTreeMap::new(),
    };
    seal(&mut plan, &*making.ledger).map_err(|told| vec![told])?;
    Ok(plan)
}
