//! What a user writes, and what the parser, the item cut and the formatter make of it.

mod broken;
mod cutting;
mod layout;
mod mistakes;
mod programs;
mod support;
