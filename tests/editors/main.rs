//! The grammars and queries of the editors: right by themselves, and of one mind with the compiler.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod agreement;
mod classes;
mod corpus;
mod highlights;
mod queries;
mod texts;
