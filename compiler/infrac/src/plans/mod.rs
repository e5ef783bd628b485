//! Shows plans and what happens while one is carried out: for people at a terminal, in a merge request, and for programs.

mod json;
mod live;
mod markdown;
mod text;
mod values;

pub use json::{drift as drift_in_json, plan as plan_in_json};
pub use live::{ERASE, Live};
pub use markdown::markdown;
pub use text::{drift as drift_in_text, plan as plan_in_text, summary};
pub use values::{path_text, shown};

use engine::{Plan, Step, What};
use state::{Action, Tree, TreeStep};

/// A thing of a plan with all that happens to it.
pub struct Thing<'p> {
    pub sort: Sort,
    /// The step that says what it becomes; of what goes the step that takes it away.
    pub step: &'p Step,
    /// What is there now.
    pub before: Option<&'p Tree>,
    /// What it becomes; none: nothing.
    pub after: Option<&'p Tree>,
}

/// What happens to a thing, the worst first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Sort {
    Destroy,
    Replace,
    Change,
    Create,
}

impl Sort {
    /// The sign before a line.
    pub fn sign(self) -> &'static str {
        match self {
            Sort::Destroy => "-",
            Sort::Replace => "-/+",
            Sort::Change => "~",
            Sort::Create => "+",
        }
    }
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Sort::Destroy => "destroy",
            Sort::Replace => "replace",
            Sort::Change => "change",
            Sort::Create => "create",
        }
    }
}

/// The things of a plan: the worst first, in the order of the steps among equals. A replacement is one thing.
pub fn things(plan: &Plan) -> Vec<Thing<'_>> {
    let mut things: Vec<Thing<'_>> = plan.steps.iter().filter_map(|step| thing(plan, step)).collect();
    things.sort_by_key(|thing| (thing.sort, thing.step.id));
    things
}

fn thing<'p>(plan: &'p Plan, step: &'p Step) -> Option<Thing<'p>> {
    // Nobody asked for what was taken over as it was.
    let applied =
        |step: &'p Step| step.before.as_ref().map(|before| &before.applied).filter(|tree| **tree != Tree::Null);
    match (step.action, step.what) {
        (Action::Create, What::Replacement(gone)) => {
            let before = plan.step(gone).and_then(applied);
            Some(Thing { sort: Sort::Replace, step, before, after: Some(&step.inputs) })
        }
        // It is shown with what takes its place.
        (Action::Delete, What::Replacement(_)) => None,
        (Action::Delete, What::Alone | What::Deposed) => {
            Some(Thing { sort: Sort::Destroy, step, before: applied(step), after: None })
        }
        (Action::Create, _) => Some(Thing { sort: Sort::Create, step, before: None, after: Some(&step.inputs) }),
        (Action::Update, _) => {
            Some(Thing { sort: Sort::Change, step, before: applied(step), after: Some(&step.inputs) })
        }
    }
}

impl Thing<'_> {
    /// What differs between what was asked for and what is asked for now; all of it where there is only one of them.
    pub fn paths(&self) -> Vec<Vec<TreeStep>> {
        let top = |tree: &Tree| match tree {
            Tree::Map(entries) => entries.keys().map(|key| vec![TreeStep::Key(key.clone())]).collect(),
            _ => vec![Vec::new()],
        };
        match (self.before, self.after) {
            (Some(before), Some(after)) => engine::differences(before, after),
            (None, Some(one)) | (Some(one), None) => top(one),
            (None, None) => Vec::new(),
        }
    }
}
