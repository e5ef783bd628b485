//! What programs become: whole programs through the compiler, and what holds of every file that it emits.

mod examples;
mod reordered;
mod written;
