//! The language server as an editor meets it: what it says of itself, of texts that change under it, and of messages that make no sense.
//! `truth.rs` holds it against `infrac check` after random edits.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod actions;
mod commands;
mod editor;
mod features;
mod messages;
mod oracle;
mod positions;
mod rough;
mod session;
mod truth;

#[expect(dead_code, reason = "the fuzz tests use more of it")]
#[path = "../fuzz/changes.rs"]
mod changes;
#[expect(dead_code, reason = "the fuzz tests use more of it")]
#[path = "../fuzz/corpus.rs"]
mod corpus;
