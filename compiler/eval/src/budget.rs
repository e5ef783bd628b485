//! The budget: every program ends, and says which statement took too much. The numbers are part of the language.

use source::{Diagnostic, Place};
use value::{Value, ValueId};

use crate::evaluate::Evaluation;

/// Instances of all kinds together.
pub(crate) const INSTANCES: usize = 1_000_000;
/// Evaluated pieces of code.
pub(crate) const STEPS: u64 = 100_000_000;
/// Bytes of text in one value.
pub(crate) const TEXT: usize = 64 << 20;
/// Bytes of text made in all; keeps doubling texts from filling the memory one step before the limit of one value.
pub(crate) const ALL_TEXT: usize = 512 << 20;
/// Different values.
const VALUES: usize = 5_000_000;
/// Elements of one list or loop.
pub(crate) const ELEMENTS: usize = 5_000_000;
/// Ends that all flows name, those of one flow counted once: rules are made for each of them at both sides.
pub(crate) const FLOW_ENDS: usize = 250_000;
/// Cells that wait for each other.
pub(crate) const DEPTH: usize = 20_000;
/// Calls and nested expressions that wait for each other. What the stack holds (see `evaluate.rs`) is more than this.
pub(crate) const CALLS: u32 = 60_000;
/// Instances above an instance.
pub(crate) const LEVELS: u16 = 256;

/// What was used so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Budget {
    pub steps: u64,
    pub text: usize,
    pub depth: u32,
    pub flow_ends: usize,
    /// Told once; from then on everything is unknown and evaluation runs out.
    pub exhausted: bool,
}

impl Evaluation<'_> {
    /// Counts work; false when there is no more of it to be had.
    pub(crate) fn spend(&mut self, steps: usize, place: Place) -> bool {
        self.budget.steps += steps as u64;
        if self.budget.exhausted {
            return false;
        }
        if self.stop.is_stopped() {
            // What is told from here on is read by nobody.
            self.exhaust(place, "it is not wanted any more");
            return false;
        }
        if self.budget.steps > STEPS {
            self.exhaust(place, "evaluation takes more than 100,000,000 steps");
            return false;
        }
        if self.store.len() > VALUES {
            self.exhaust(place, "evaluation makes more than 5,000,000 different values");
            return false;
        }
        true
    }

    /// The steps that are left.
    pub(crate) fn steps_left(&self) -> u64 {
        STEPS.saturating_sub(self.budget.steps)
    }

    /// Counts the bytes of a text that was or will be made.
    pub(crate) fn spend_text(&mut self, bytes: usize, place: Place) -> bool {
        self.budget.text = self.budget.text.saturating_add(bytes);
        if self.budget.exhausted {
            return false;
        }
        if bytes > TEXT {
            self.exhaust(place, "a text is longer than 64 MiB");
            return false;
        }
        if self.budget.text > ALL_TEXT {
            self.exhaust(place, "evaluation makes more than 512 MiB of text");
            return false;
        }
        true
    }

    /// Counts the ends of a flow.
    pub(crate) fn spend_ends(&mut self, ends: usize, place: Place) -> bool {
        self.budget.flow_ends = self.budget.flow_ends.saturating_add(ends);
        if !self.budget.exhausted && self.budget.flow_ends > FLOW_ENDS {
            self.exhaust_for(
                place,
                "the flows of the program name more than 250,000 ends",
                "name sets instead of pairs: `front -> api.http` is one flow, however many `front` and `api` are",
            );
        }
        !self.budget.exhausted
    }

    /// Counts what a built-in function made.
    pub(crate) fn spend_value(&mut self, value: ValueId, place: Place) -> bool {
        let (steps, bytes) = match self.store.get(value) {
            Value::Text(text) => (0, text.len()),
            Value::List(elements) => (elements.len(), 0),
            Value::Map(entries) => (entries.len(), 0),
            Value::Record(fields) => (fields.len(), 0),
            Value::Op { args, .. } => (args.len(), 0),
            Value::Absent
            | Value::Null
            | Value::Unknown(_)
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Decimal(_)
            | Value::Ratio(_)
            | Value::Size(_)
            | Value::Duration(_)
            | Value::Ip(_)
            | Value::Cidr(_)
            | Value::Port { .. }
            | Value::Date(_)
            | Value::Tagged { .. }
            | Value::Range(..)
            | Value::Instance(_)
            | Value::Endpoint(..)
            | Value::Flow { .. }
            | Value::Platform { .. }
            | Value::Ref { .. } => (0, 0),
        };
        self.spend(steps, place) && (bytes < 1024 || self.spend_text(bytes, place))
    }

    /// Tells once that the budget is used up.
    pub(crate) fn exhaust(&mut self, place: Place, message: &str) {
        self.exhaust_for(place, message, "make it smaller: a loop or a text grows faster than it looks");
    }

    fn exhaust_for(&mut self, place: Place, message: &str, help: &str) {
        if self.budget.exhausted {
            return;
        }
        self.budget.exhausted = true;
        // A function or an implementation is right by itself: what asked too much of it is to be changed.
        let told = match self.asked_by() {
            Some((asked, name)) if asked.item != place.item => Diagnostic::error("budget", asked, message)
                .label(format!("while evaluating `{name}`"))
                .also(place, "it grows here"),
            Some((asked, name)) if asked != place => {
                Diagnostic::error("budget", place, message).also(asked, format!("while evaluating `{name}`"))
            }
            Some(_) | None => Diagnostic::error("budget", place, message),
        };
        let _ = self.tell(told.help(help));
    }
}
