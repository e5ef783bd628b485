//! What can go wrong between us and a provider's process.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// Why a provider did not give its schemas.
#[derive(Debug)]
pub enum PluginError {
    /// The process could not be started.
    Start {
        /// The binary.
        binary: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// It ended before it was ready. Most programs that are not providers do.
    Ended {
        /// The binary.
        binary: PathBuf,
        /// The last lines of what it wrote to its standard error.
        said: String,
    },
    /// It printed something else than a provider prints.
    Handshake {
        /// The binary.
        binary: PathBuf,
        /// What does not hold, in a few words.
        what: String,
    },
    /// It speaks a version of the protocol that is not spoken here.
    Protocol {
        /// The version that it chose.
        found: String,
    },
    /// It listens where another machine may be: nothing was connected to.
    Elsewhere {
        /// The binary.
        binary: PathBuf,
        /// The address that it named.
        address: String,
    },
    /// It took too long.
    Slow {
        /// The binary.
        binary: PathBuf,
        /// How long it was given.
        limit: Duration,
    },
    /// A call failed.
    Call {
        /// What the call was for: `the schemas`.
        what: &'static str,
        /// What came back.
        reason: String,
    },
    /// What it answered cannot be packed.
    Schema(schema::SchemaError),
    /// The user interrupted the command; the provider was stopped.
    Interrupted,
}

impl PluginError {
    /// What the user can do about it, as one line.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Start { .. } => "give the path of a provider's binary, made executable for this machine",
            Self::Ended { .. } | Self::Handshake { .. } => {
                "give a provider's binary: its file name starts with `terraform-provider-`"
            }
            Self::Protocol { .. } => "use a release of the provider that speaks protocol 5 or 6",
            Self::Elsewhere { .. } => {
                "nothing was connected to; take the provider's binary from where its maker publishes it"
            }
            Self::Slow { .. } => "try again when the machine is less busy",
            Self::Call { .. } => "try another release of the provider",
            Self::Schema(error) => error.help(),
            Self::Interrupted => "run the command again",
        }
    }
}

impl fmt::Display for PluginError {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start { binary, reason } => {
                write!(to, "cannot start `{}`: {reason}", binary.display())
            }
            Self::Ended { binary, said } if said.is_empty() => {
                write!(to, "`{}` ended and is not a provider", binary.display())
            }
            Self::Ended { binary, said } => write!(to, "`{}` ended before it was ready: {said}", binary.display()),
            Self::Handshake { binary, what } => {
                write!(to, "`{}` is not a provider: {what}", binary.display())
            }
            Self::Protocol { found } => {
                write!(to, "this provider speaks protocol `{found}`, not 5 or 6")
            }
            Self::Elsewhere { binary, address } => {
                let binary = binary.display();
                write!(to, "`{binary}` listens on `{address}`: only a socket or loopback of this machine may be asked")
            }
            Self::Slow { binary, limit } => {
                write!(to, "`{}` gave no answer within {} seconds", binary.display(), limit.as_secs())
            }
            Self::Call { what, reason } => write!(to, "the provider did not give {what}: {reason}"),
            Self::Schema(error) => error.fmt(to),
            Self::Interrupted => write!(to, "interrupted"),
        }
    }
}

impl std::error::Error for PluginError {}

impl From<schema::SchemaError> for PluginError {
    fn from(error: schema::SchemaError) -> Self {
        Self::Schema(error)
    }
}
