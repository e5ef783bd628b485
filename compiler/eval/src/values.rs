//! What is wrong with values, asked of a program in which the checker found mistakes: those are no reason to be silent about a size
//! that is out of bounds elsewhere. Only what follows from the values that a statement itself gives is looked at: what stands where
//! and what it becomes depends on all the others, and one of them is broken.

use check::checked::{Checked, Fields};
use rustc_hash::FxHashSet;
use source::{Diagnostic, Diagnostics, ItemId, Name, Severity, Stop};

use crate::evaluate::{Evaluation, Files, Options, Work, evaluate_one};
use crate::frame::{Frame, InstanceId, Parent};

/// Faults of values. Others, such as an instance that is missing, may follow from what the checker told.
const FAULTS: [&str; 12] = [
    "bad_json",
    "bad_scalar",
    "check_failed",
    "different_lengths",
    "division_by_zero",
    "duplicate_key",
    "empty_range",
    "inexact",
    "missing_file",
    "no_such_key",
    "out_of_range",
    "overflow",
];

/// Tells what is wrong with the values of the statements in which the checker found nothing, in every environment.
pub fn evaluate_values(checked: &Checked, files: Files<'_>, diagnostics: &mut Diagnostics, stop: &Stop) {
    let before = diagnostics.clone();
    let errors = before.list().iter().filter(|told| told.severity == Severity::Error);
    let broken: FxHashSet<ItemId> = errors.flat_map(|told| told.labels.first()).map(|label| label.place.item).collect();
    let mut names: Vec<Name> = checked.environments.iter().map(|environment| environment.name).collect();
    names.sort_by_key(|name| name.text());
    for name in names {
        if stop.is_stopped() {
            return;
        }
        let recorded = crate::moves::Recorded::default();
        let options = Options { environment: name, params: Vec::new(), recorded, stop: stop.clone() };
        let evaluated = evaluate_one(checked, &options, files, &before, Work::Values(&broken));
        let told = evaluated.diagnostics.into_list();
        // What was told before is among it, and is not told again.
        diagnostics.append(told.into_iter().filter(|told| is_sure(told, &broken)).collect());
    }
}

/// Whether a fault is one of a value, and nothing that it shows is broken.
fn is_sure(told: &Diagnostic, broken: &FxHashSet<ItemId>) -> bool {
    let mut shown = told.labels.iter().map(|label| label.place.item).filter(|item| !item.is_of_library()).peekable();
    FAULTS.contains(&told.code) && shown.peek().is_some() && shown.all(|item| !broken.contains(&item))
}

impl Evaluation<'_> {
    /// Computes and checks what the statements of modules give, but for broken ones.
    pub(crate) fn check_values(&mut self, broken: &FxHashSet<ItemId>) {
        for id in self.relations.module_statements.clone() {
            let is_broken = self
                .checked
                .statements
                .get(id.0 as usize)
                .is_none_or(|statement| broken.contains(&statement.place.item));
            if is_broken {
                continue;
            }
            for instance in self.expand(Parent::Root, id).iter() {
                self.check_given(*instance);
            }
        }
        self.tell_failures();
    }

    fn check_given(&mut self, id: InstanceId) {
        let (Some(statement), Some(place)) = (self.statement_of(id), self.place_of(id)) else { return };
        if let Fields::Native(code) = &statement.fields {
            let slots = self.instances.get(id.0 as usize).map(|instance| instance.slots.clone()).unwrap_or_default();
            let _ = self.run(&mut Frame::with(Parent::Root, &slots), code);
            return;
        }
        let Some(kind) = self.kind_of(id) else { return };
        let mut holds = true;
        for input in kind.inputs.iter() {
            if !self.gives(id, input.name) {
                continue;
            }
            let value = self.input(id, input.name, place);
            if value != value::Store::ABSENT && !self.is_unknown(value) {
                for check in &input.constraints {
                    holds &= self.check(
                        &mut Frame::new(Parent::Instance(id)),
                        check,
                        self.input_place(id, input.name),
                        Some(id),
                    );
                }
            }
        }
        for check in kind.checks.iter().filter(|_| holds) {
            let _ = self.check(&mut Frame::new(Parent::Instance(id)), check, None, Some(id));
        }
    }
}
