//! What the tests of whole programs share: programs held in memory, the examples, the binary, and diagnostics as text.
//! Each test binary is one subject: a folder beside this one, named in the manifest.

mod binary;
mod examples;
mod told;

pub use binary::infrac;
pub use examples::{Example, examples};
pub use told::{At, render, told, where_told};

use program::Program;
use source::Memory;

/// The program made of these files.
pub fn program(files: &[(String, String)]) -> Program {
    Program::load(Memory::new(files.iter().cloned()), "")
}
