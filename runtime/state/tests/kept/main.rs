//! What is said to be kept is kept: whatever call fails, wherever the machine stops, whatever byte of a file changes.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod calls;
mod changed;
mod folds;
mod killed;
mod script;
mod secrets;
mod space;
mod writers;
