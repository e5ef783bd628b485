//! What programs become: whole programs through the compiler, and what holds of every file that it emits.

mod annotations;
mod blocks;
mod choices;
mod examples;
mod machines;
mod monitors;
mod mounts;
mod reordered;
mod sets;
mod spelling;
mod texts;
mod written;
