//! What editors are told: a text with marks in it, the answer drawn out, in snapshots.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod harness;

mod completion;
mod completion_tasks;
mod definition;
mod deleted_tokens;
mod folding;
mod formatting;
mod hover;
mod links;
mod outline;
mod selection;
mod signature;
mod symbols;
mod tokens;

mod any_place;
mod any_text;
