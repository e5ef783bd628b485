//! Where things come from: of an emitted line, an address or a field of the source, which places decided it. `ask.rs` finds out
//! what is meant, with `asked.rs` for the source; `line.rs`, `saved.rs` and `field.rs` answer, `text.rs` prints.
//!
//! Backwards, from a line to what it reads, `walk.rs` follows code, with `collections.rs`, `facts.rs`, `decide.rs`, `instances.rs` and
//! `flows.rs`. Forwards, from a value to the lines that it reaches, `trace.rs` runs the program once more with the places beside
//! the values (`replay/`): that is exact, and the test edits examples at random to see that it is.

mod artefacts;
mod ask;
mod asked;
mod collections;
mod decide;
mod facts;
mod field;
mod flows;
mod instances;
mod known;
mod line;
mod path;
mod read;
mod replay;
mod saved;
mod spot;
mod standing;
mod text;
mod trace;
mod walk;

pub use artefacts::{Artefact, ArtefactLine, Artefacts, At, Origin};
pub use ask::{Unanswered, Why};
pub use field::{FieldAnswer, Reached, ValueIn};
pub use known::How;
pub use line::{Answer, Emitted, Owner};
pub use read::ReadAt;
pub use spot::{Spot, is_library};
pub use standing::Standing;
pub use trace::{Bearing, Trace, TracedLine};

pub(crate) use asked::declared;
pub(crate) use known::Known;
pub(crate) use line::written_at;
pub(crate) use path::{Hop, parse as parse_path, step_text as hop_path};
pub(crate) use read::reads_of;
pub(crate) use replay::{Deps, ListedInputs, Replay};
pub(crate) use walk::Walk;
