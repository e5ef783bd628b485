//! What programs become: whole programs through the compiler, and what holds of every file that it emits.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod examples;
mod reordered;
mod written;
