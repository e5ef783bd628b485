//! What goes wrong with a state, and what to do then. No text here holds a secret, a key, or a part of one: causes are named by
//! where they are, never by what stands there.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::Holder;

/// Why a state was not read or not written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StateError {
    /// The machine did not do what it was asked for.
    Io { doing: &'static str, path: PathBuf, kind: io::ErrorKind, cause: String },
    /// There is no space. Nothing of what was asked for was written; what is known of operations that are open still fits.
    Full { path: PathBuf },
    /// The folder or file may not be changed by this user.
    NotAllowed { path: PathBuf },
    /// Somebody else writes. None: who it is was not noted.
    Busy { holder: Option<Box<Holder>> },
    /// Somebody else has taken the state over since this run began.
    Taken { path: PathBuf, epoch: u64 },
    /// Something failed earlier in this run, so that what is on the disk is not known: nothing more is written.
    Broken { why: String },
    /// A file does not say what infrac wrote. `seq` is the number of the record there.
    Damaged { path: PathBuf, offset: u64, seq: Option<u64>, what: &'static str },
    /// The head names a file that is not there.
    Missing { path: PathBuf },
    /// There are files of a state and no head.
    NoHead { path: PathBuf },
    /// A file belongs to another state.
    Foreign { path: PathBuf, expected: String, found: String },
    /// A newer infrac wrote this.
    Newer { path: PathBuf, format: u16 },
    /// The key is not the one that the state was sealed with.
    WrongKey,
    /// This needs the key of the state.
    NoKey { to: &'static str },
    /// What was given as a key is none. `from` says where it came from.
    BadKey { from: String },
    /// A sealed value cannot be opened: it was changed, or is of another state.
    BadSeal { key: u32 },
    /// A record holds a secret that is not sealed.
    OpenSecret,
    /// A record cannot be read as it would be written: it is nested too deep, or too long.
    Unwritable { why: &'static str },
    /// A record does not fit what was before it. `seq` is its number.
    Wrong { seq: u64, why: String },
}

/// Why a state was not opened.
pub type OpenError = StateError;
/// Why something was not written.
pub type WriteError = StateError;

impl StateError {
    /// An error of the machine while it did something to a file.
    pub(crate) fn io(doing: &'static str, path: &Path, cause: &io::Error) -> Self {
        use io::ErrorKind::{PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
        let path = path.to_owned();
        match cause.kind() {
            StorageFull | QuotaExceeded => StateError::Full { path },
            PermissionDenied | ReadOnlyFilesystem => StateError::NotAllowed { path },
            kind => StateError::Io { doing, path, kind, cause: cause.to_string() },
        }
    }

    /// A word for it that does not change.
    pub fn code(&self) -> &'static str {
        match self {
            StateError::Io { .. } => "state_io",
            StateError::Full { .. } => "state_full",
            StateError::NotAllowed { .. } => "state_not_allowed",
            StateError::Busy { .. } => "state_busy",
            StateError::Taken { .. } => "state_taken",
            StateError::Broken { .. } => "state_broken",
            StateError::Damaged { .. } => "state_damaged",
            StateError::Missing { .. } => "state_missing",
            StateError::NoHead { .. } => "state_no_head",
            StateError::Foreign { .. } => "state_foreign",
            StateError::Newer { .. } => "state_newer",
            StateError::WrongKey => "state_wrong_key",
            StateError::NoKey { .. } => "state_no_key",
            StateError::BadKey { .. } => "state_bad_key",
            StateError::BadSeal { .. } => "state_bad_seal",
            StateError::OpenSecret => "state_open_secret",
            StateError::Unwritable { .. } => "state_unwritable",
            StateError::Wrong { .. } => "state_wrong",
        }
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            StateError::Io { .. } => {
                "see what the machine says of that disk, then run this again: what was acknowledged is kept"
            }
            StateError::Full { .. } => "make space, then run this again: what was acknowledged is kept",
            StateError::NotAllowed { .. } => {
                "run this as the user who owns the folder, or give yourself the right to write there"
            }
            StateError::Busy { .. } => "wait until that run has ended, or end it",
            StateError::Taken { .. } => "this run writes nothing more; see what the other one did, then run this again",
            StateError::Broken { .. } => "run this again: what was acknowledged is kept, what was not is looked at",
            StateError::Damaged { .. } | StateError::Missing { .. } | StateError::NoHead { .. } => {
                "nothing was changed; keep a copy of the folder, then bring back the whole folder from a backup: \
                 an older file among newer ones would be refused as well"
            }
            StateError::Foreign { .. } => "nothing was changed; bring back the file that belongs here",
            StateError::Newer { .. } => "use an infrac that is at least as new as the one that wrote it",
            StateError::WrongKey => "give the key that this state was made with; nothing was written",
            StateError::NoKey { .. } => "give the key of this state",
            StateError::BadKey { .. } => "a key is 32 bytes, as 64 hexadecimal digits or in Base64",
            StateError::BadSeal { .. } => "bring back the whole folder from a backup",
            StateError::OpenSecret => "this is a bug in infrac; nothing was written",
            StateError::Unwritable { .. } => "nothing was written; a value this large or this deep belongs in a file",
            StateError::Wrong { .. } => "this is a bug in infrac, or the journal was put together by hand",
        }
    }
}

impl fmt::Display for StateError {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StateError::Io { doing, path, cause, .. } => write!(to, "cannot {doing} `{}`: {cause}", path.display()),
            StateError::Full { path } => write!(to, "no space is left for `{}`", path.display()),
            StateError::NotAllowed { path } => write!(to, "`{}` may not be changed", path.display()),
            StateError::Busy { holder: Some(holder) } => write!(to, "the state is being written by {holder}"),
            StateError::Busy { holder: None } => to.write_str("the state is being written by another run"),
            StateError::Taken { path, epoch } => {
                write!(to, "another run has taken over `{}` since epoch {epoch}", path.display())
            }
            StateError::Broken { why } => write!(to, "nothing more is written in this run: {why}"),
            StateError::Damaged { path, offset, seq, what } => {
                write!(to, "`{}` is damaged at byte {offset}", path.display())?;
                seq.map_or(Ok(()), |seq| write!(to, ", record {seq}"))?;
                write!(to, ": {what}")
            }
            StateError::Missing { path } => write!(to, "`{}` is gone, and the head names it", path.display()),
            StateError::NoHead { path } => write!(to, "`{}` holds a state without its head", path.display()),
            StateError::Foreign { path, expected, found } => {
                write!(to, "`{}` belongs to {found}, not to {expected}", path.display())
            }
            StateError::Newer { path, format } => {
                write!(to, "`{}` was made by a newer infrac: its format is {format}", path.display())
            }
            StateError::WrongKey => to.write_str("the key does not open this state"),
            StateError::NoKey { to: what } => write!(to, "the key is needed to {what}"),
            StateError::BadKey { from } => write!(to, "what {from} gives is no key"),
            StateError::BadSeal { key } => write!(to, "a value sealed with key {key} cannot be opened"),
            StateError::OpenSecret => to.write_str("a secret was about to be written in clear"),
            StateError::Unwritable { why } => write!(to, "a record is {why}"),
            StateError::Wrong { seq, why } => write!(to, "record {seq} does not fit: {why}"),
        }
    }
}

impl std::error::Error for StateError {}
