//! What a user writes, and what the parser, the item cut and the formatter make of it.

mod broken;
mod layout;
mod programs;
mod support;
