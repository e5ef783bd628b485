//! The language server. `session.rs` is the whole of it: one loop owns what is open and which programs there are; `checker.rs` checks
//! them on a thread of its own, `answers.rs` answers requests on another, one file each in `requests/`. What is answered is computed in
//! `ide` and `program`; here it is put into the protocol's words, and nowhere else.

mod answers;
mod artefacts;
mod asking;
mod capabilities;
mod changes;
mod checker;
mod client;
mod documents;
mod early;
mod encoding;
mod pages;
mod projects;
mod published;
mod requests;
mod session;
mod told;
mod transport;
mod uri;
mod watch;
mod workspace;

pub use session::{Ended, Settings, serve};
pub use transport::{over, stdio};
