//! Plans what has to be done so that what there is becomes what a graph says, and does it. One engine, one plan and one state, whatever
//! drivers make the things. Read `wanted.rs` for what a graph asks for, `plan/` for how it becomes steps, `apply/` for how they are
//! carried out, then `ledger.rs` for what is remembered and `rehearse.rs` for doing all of it without doing anything.

mod apply;
mod event;
mod ledger;
mod look;
mod paths;
mod places;
mod plan;
mod rehearse;
mod resolve;
mod sessions;
mod stop;
mod told;
mod wanted;

pub use drivers::{Driver, differences, files, rehearsed};

pub use apply::{Applied, Applying, apply};
pub use event::{Ending, Event};
pub use ledger::{Ledger, Memory, Secrets};
pub use look::{Drift, Recovered, drift, recover};
pub use places::Places;
pub use plan::{
    Held, Left, Making, Plan, Reason, Step, What, Why, make_plan, plan_destruction, read_plan, save_plan, stale,
};
pub use rehearse::{VirtualTime, run};
pub use sessions::Drivers;
pub use stop::{Stop, Stopping};
pub use told::Told;
pub use wanted::{Node, NodeKind, Wanted};
