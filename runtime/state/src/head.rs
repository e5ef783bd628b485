//! The head of a state: which snapshot and which log it is, since when, and the wrapped keys. It is small and replaced as a whole.
//! A line of JSON, and a line with the sum over it; in every format to come as well, so that a newer one is told from a damaged one.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::digest::{hex, sha256};
use crate::frame::{End, Sum};
use crate::keys::{Keys, WrappedKeys};
use crate::{FORMAT, Kek, Lineage, StateError};

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Head {
    pub(crate) format: u16,
    /// Bits of which an infrac must know each that is set.
    pub(crate) must_understand: u64,
    pub(crate) lineage: Lineage,
    /// Which snapshot and log.
    pub(crate) generation: u64,
    /// How many times the state was opened for writing.
    pub(crate) epoch: u64,
    /// The sum over the snapshot.
    pub(crate) snapshot: String,
    pub(crate) log: Vouched,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) keys: Option<WrappedKeys>,
    /// Made with the key from outside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) mac: Option<String>,
}

/// What is known to be in the log: it may hold more, and never less.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Vouched {
    pub(crate) bytes: u64,
    pub(crate) seq: u64,
    pub(crate) chain: String,
}

/// What any format has.
#[derive(Deserialize)]
struct AnyHead {
    format: u16,
    must_understand: u64,
}

/// The bits of `must_understand` that this infrac knows.
const UNDERSTOOD: u64 = 0;

/// The names of the files in the folder of a state.
pub(crate) fn path(folder: &Path) -> PathBuf {
    folder.join("head")
}
pub(crate) fn snapshot_path(folder: &Path, generation: u64) -> PathBuf {
    folder.join(format!("snapshot-{generation}"))
}
pub(crate) fn log_path(folder: &Path, generation: u64) -> PathBuf {
    folder.join(format!("log-{generation}"))
}

impl Vouched {
    pub(crate) fn of(end: &End) -> Self {
        Self { bytes: end.bytes, seq: end.seq, chain: hex(&end.chain) }
    }
    pub(crate) fn is_at(&self, bytes: u64, seq: u64, chain: &Sum) -> bool {
        (self.bytes, self.seq) == (bytes, seq) && self.chain == hex(chain)
    }
}

impl Head {
    /// The bytes of the file.
    ///
    /// # Errors
    /// It cannot be written as JSON: a bug in infrac.
    pub(crate) fn bytes(&self) -> Result<Vec<u8>, StateError> {
        let mut bytes = serde_json::to_vec(self).map_err(|_| StateError::Unwritable { why: "no head" })?;
        let sum = hex(&sha256(&[&bytes]));
        bytes.push(b'\n');
        bytes.extend(sum.bytes());
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// # Errors
    /// It was changed, or a newer infrac wrote it.
    pub(crate) fn read(bytes: &[u8], path: &Path) -> Result<Self, StateError> {
        let damaged = |what| StateError::Damaged { path: path.to_owned(), offset: 0, seq: None, what };
        let at = bytes.iter().position(|byte| *byte == b'\n').ok_or(damaged("the head is cut"))?;
        let (json, sum) = bytes.split_at(at);
        if sum != format!("\n{}\n", hex(&sha256(&[json]))).as_bytes() {
            return Err(damaged("the head was changed after it was written"));
        }
        let any: AnyHead = serde_json::from_slice(json).map_err(|_| damaged("this is no head of a state"))?;
        if any.format != FORMAT || any.must_understand & !UNDERSTOOD != 0 {
            return Err(StateError::Newer { path: path.to_owned(), format: any.format });
        }
        serde_json::from_slice(json).map_err(|_| damaged("this is no head of a state"))
    }

    /// What the key vouches for: that this snapshot is this state's in this generation, with these keys.
    fn mac_with(&self, kek: &Kek) -> Result<String, StateError> {
        let keys = serde_json::to_vec(&self.keys).map_err(|_| StateError::Unwritable { why: "no head" })?;
        let text = format!("{} {} {} ", self.lineage, self.generation, self.snapshot);
        Ok(hex(&kek.mac(&[text.as_bytes(), &keys])))
    }

    /// Vouches for it.
    pub(crate) fn sign(&mut self, kek: &Kek) -> Result<(), StateError> {
        self.mac = Some(self.mac_with(kek)?);
        Ok(())
    }

    /// The state's own keys; none when it has none.
    ///
    /// # Errors
    /// The key is another one, or what it vouches for was changed.
    pub(crate) fn open(&self, kek: &Kek, path: &Path) -> Result<Option<Keys>, StateError> {
        let Some(wrapped) = &self.keys else { return Ok(None) };
        let keys = wrapped.unwrap_with(kek, self.lineage)?;
        if self.mac.as_deref() != Some(&self.mac_with(kek)?) {
            let what = "the key does not vouch for this head: it was put together by somebody who has no key";
            return Err(StateError::Damaged { path: path.to_owned(), offset: 0, seq: None, what });
        }
        Ok(Some(keys))
    }
}
