//! Where things come from: of an emitted line, an address or a field of the source, which places decided it. `ask.rs` finds out
//! what is meant, `line.rs` and `field.rs` answer, `text.rs` prints; `known.rs` and `walk.rs` follow code to what it
//! reads, with `decide.rs`, `instances.rs` and `flows.rs`.

mod ask;
mod decide;
mod field;
mod flows;
mod instances;
mod known;
mod line;
mod path;
mod read;
mod spot;
mod text;
mod walk;

pub use ask::{Unanswered, Why};
pub use field::{FieldAnswer, Reached, ValueIn};
pub use known::How;
pub use line::{Answer, Emitted, Owner};
pub use read::ReadAt;
pub use spot::{Spot, is_library};

pub(crate) use known::Known;
pub(crate) use line::written_at;
pub(crate) use path::{Hop, parse as parse_path, step_text as hop_path};
pub(crate) use read::reads_of;
pub(crate) use walk::Walk;
