//! What makes things: one folder per driver behind one trait. A driver is asked what there is, what would become of it, and to do
//! it; it never decides whether. Read `driver.rs` for the trait, then `files/`, which needs nothing, and `rehearsed/`, which makes
//! nothing.

mod difference;
mod driver;
pub mod files;
pub mod rehearsed;

pub use difference::differences;
pub use driver::{
    ApplyAsk, Done, Driver, Finding, Later, Made, Opening, PlanAsk, Planned, Planning, Read, RecoverAsk, Session,
    Thing, Trouble,
};
