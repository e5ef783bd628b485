//! One file that changes as a whole, beside no others.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

/// Replaces the file, or leaves it as it is. A link in its place is replaced and never written through.
pub fn write_one(path: &Path, text: &str) -> std::io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let staged = path.with_file_name(name);
    // What a build that was killed left there.
    let _ = fs::remove_file(&staged);
    let result = (|| {
        let mut file = File::create_new(&staged)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&staged, path)
    })();
    if result.is_err() {
        let _ = fs::remove_file(&staged);
    }
    result
}
