//! What a user writes, and what the parser, the item cut and the formatter make of it.

mod broken;
mod programs;
mod support;
