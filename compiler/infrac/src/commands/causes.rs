//! What to do about a file or folder that the system refuses to read or to write.

use std::io::{Error, ErrorKind};

/// The help for a cause; `otherwise` where the cause says nothing about what to do.
pub fn help(cause: &Error, otherwise: &'static str) -> &'static str {
    match cause.kind() {
        ErrorKind::NotFound => "give files or folders that exist",
        ErrorKind::PermissionDenied => "make it, and the folder that it lies in, something that you may read and write",
        ErrorKind::InvalidData => "save it as UTF-8 text",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            "make room on the disk, then run it again: nothing is left half written"
        }
        ErrorKind::ReadOnlyFilesystem => "it lies where nothing can be written: choose another place",
        _ => otherwise,
    }
}
