//! What a user writes, and what the parser, the item cut and the formatter make of it.

#![expect(clippy::unwrap_used, reason = "a test may stop where it is")]

mod broken;
mod cutting;
mod layout;
mod mistakes;
mod programs;
mod support;
