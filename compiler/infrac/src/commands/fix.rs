//! `infrac check --fix`: what messages offer and is safe is written into the files.

use std::path::Path;

use ide::fixes::Fixes;

use super::{Outcome, Teller};
use crate::output::{Readers, write_one};
use crate::report::plural;

/// Writes each file as a whole, with its rights.
///
/// # Errors
/// Tells which file cannot be written; those before it are.
pub fn write(fixes: &Fixes<'_>, teller: &Teller) -> Result<(), Outcome> {
    for (path, fixed) in fixes.files() {
        replace(Path::new(path), &fixed.file.text, &fixed.text()).map_err(|cause| {
            let help = "make it a file that you may write, and change it from one place at a time";
            teller.fail("cannot_write", format!("`{path}`: {cause}"), help)
        })?;
    }
    Ok(())
}

/// What is told when some were mended.
pub fn mended(count: usize) -> String {
    format!("mended {}\n", plural(count, "mistake"))
}

/// A file that is what was read.
fn replace(path: &Path, read: &str, text: &str) -> std::io::Result<()> {
    let known = std::fs::symlink_metadata(path)?;
    if !known.is_file() {
        return Err(std::io::Error::other("it is a link, not a file"));
    }
    if std::fs::read_to_string(path)? != read {
        return Err(std::io::Error::other("somebody else has changed it"));
    }
    write_one(path, text, Readers::Anybody)?;
    std::fs::set_permissions(path, known.permissions())
}
