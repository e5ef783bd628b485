//! One file that changes as a whole, beside no others.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

/// Who may read a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Readers {
    /// Whoever the system lets.
    Anybody,
    /// Nobody but who wrote it.
    Owner,
}

/// Replaces the file, or leaves it as it is. A link in its place is replaced and never written through.
pub fn write_one(path: &Path, text: &str, readers: Readers) -> std::io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let staged = path.with_file_name(name);
    // What a build that was killed left there.
    let _ = fs::remove_file(&staged);
    let result = (|| {
        let mut file = create_new(&staged, readers)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&staged, path)
    })();
    if result.is_err() {
        let _ = fs::remove_file(&staged);
    }
    result
}

#[cfg(unix)]
fn create_new(path: &Path, readers: Readers) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let mode = if readers == Readers::Owner { 0o600 } else { 0o666 };
    File::options().write(true).create_new(true).mode(mode).open(path)
}
#[cfg(not(unix))]
fn create_new(path: &Path, _: Readers) -> std::io::Result<File> {
    File::create_new(path)
}
