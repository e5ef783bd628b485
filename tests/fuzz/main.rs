//! Fuzzing that needs no fuzzer: what is written by hand is changed a little, in many ways, and every reader of infrac's is given it.
//!
//! A target tries so many inputs of one seed, always the same; `SEED=7` makes others, `SECONDS_EACH=600` goes on for so long. What
//! fails is told with its seed and number, made as small as can be, and belongs into `found/TARGET` once it is mended: what stands
//! there is tried first. The last input stands in a file as well, for what takes the whole process with it.

mod changes;
mod corpus;
mod handshakes;
mod packs;
mod programs;
mod round;
mod saved;
mod texts;
