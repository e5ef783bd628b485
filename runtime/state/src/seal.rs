//! Sealing, leaf by leaf: what is secret in a tree is closed and all around it stays readable, so that a state can be shown and
//! compared without its key. A sealed leaf is bound to its state, its key and its fingerprint.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use zeroize::Zeroizing;

use crate::digest::{hex, keyed};
use crate::keys::{Chance, Keys, close, unclose};
use crate::{Entropy, Lineage, Sealed, Secret, StateError, Tree};

/// Seals and opens the secrets of one state.
pub struct Sealer {
    lineage: Lineage,
    pub(crate) keys: Keys,
    chance: Chance,
}

impl fmt::Debug for Sealer {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "(sealer of {})", self.lineage)
    }
}

/// What kind of bytes is sealed: one is never taken for the other.
#[derive(Clone, Copy)]
enum What {
    Leaf,
    Bytes,
}

/// How many digits of a fingerprint are kept: 128 bits.
const DIGITS: usize = 32;

impl Sealer {
    pub(crate) fn new(lineage: Lineage, keys: Keys, chance: Chance) -> Self {
        Self { lineage, keys, chance }
    }

    /// The same tree with all its secrets sealed.
    ///
    /// # Errors
    /// A secret is too long for the cipher: 256 GiB.
    pub fn seal(&self, tree: &Tree) -> Result<Tree, StateError> {
        tree.replaced(&mut |leaf| match leaf {
            Tree::Secret(secret) => {
                self.close(What::Leaf, &canonical(secret)?).map(|sealed| Some(Tree::Sealed(sealed)))
            }
            _ => Ok(None),
        })
    }

    /// The same tree with all that is sealed in it readable, as secrets.
    ///
    /// # Errors
    /// Something sealed was changed, or is of another state.
    pub fn open(&self, tree: &Tree) -> Result<Tree, StateError> {
        tree.replaced(&mut |leaf| {
            let Tree::Sealed(sealed) = leaf else { return Ok(None) };
            let text = self.unclose(What::Leaf, sealed)?;
            let value = serde_json::from_slice(&text).map_err(|_| StateError::BadSeal { key: sealed.key })?;
            Ok(Some(Tree::Secret(Secret(Arc::new(value)))))
        })
    }

    /// The keyed fingerprint of a secret: equal for equal secrets of one state, and without its key of no use to guess one.
    ///
    /// # Errors
    /// The secret cannot be written as JSON: a bug in infrac.
    pub fn print(&self, secret: &Secret) -> Result<String, StateError> {
        Ok(self.print_of(What::Leaf, &canonical(secret)?))
    }

    /// Bytes of a driver, sealed.
    ///
    /// # Errors
    /// They are too many for the cipher: 256 GiB.
    pub fn seal_bytes(&self, bytes: &[u8]) -> Result<Sealed, StateError> {
        self.close(What::Bytes, bytes)
    }

    /// The bytes that [`Sealer::seal_bytes`] was given; they are wiped when dropped.
    ///
    /// # Errors
    /// What is sealed was changed, or is of another state.
    pub fn open_bytes(&self, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, StateError> {
        self.unclose(What::Bytes, sealed)
    }

    /// The same keys, with nonces drawn from elsewhere.
    #[must_use]
    pub fn drawing_from(self, entropy: Box<dyn Entropy>) -> Self {
        Self { chance: Chance::new(entropy), ..self }
    }

    fn close(&self, what: What, text: &[u8]) -> Result<Sealed, StateError> {
        let print = self.print_of(what, text);
        let newest = self.keys.data.last().ok_or(StateError::NoKey { to: "seal a secret" })?;
        let about = self.about(what, newest.0, &print);
        let bytes = close(&newest.1, &mut self.chance.clone(), &about, text);
        let bytes = bytes.ok_or(StateError::Unwritable { why: "too long to be sealed" })?;
        Ok(Sealed { key: newest.0, print, bytes: BASE64.encode(bytes) })
    }

    fn unclose(&self, what: What, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, StateError> {
        let key = self.keys.data.iter().find(|(number, _)| *number == sealed.key);
        let bytes = BASE64.decode(&sealed.bytes).ok();
        let about = self.about(what, sealed.key, &sealed.print);
        let opened = key.zip(bytes).and_then(|((_, key), bytes)| unclose(key, &about, &bytes));
        opened.ok_or(StateError::BadSeal { key: sealed.key })
    }

    fn about(&self, what: What, key: u32, print: &str) -> Vec<u8> {
        format!("infrac {} 1 {} {key} {print}", what.name(), self.lineage).into_bytes()
    }

    fn print_of(&self, what: What, text: &[u8]) -> String {
        // No JSON begins with a zero: bytes of a driver never have the fingerprint of a leaf.
        let mark: &[u8] = match what {
            What::Leaf => b"",
            What::Bytes => b"\0",
        };
        let mut digits = hex(&keyed(&self.keys.print, &[mark, text]));
        digits.truncate(DIGITS);
        digits
    }
}

impl What {
    fn name(self) -> &'static str {
        match self {
            What::Leaf => "leaf",
            What::Bytes => "bytes",
        }
    }
}

/// The one text that stands for a secret.
fn canonical(secret: &Secret) -> Result<Zeroizing<Vec<u8>>, StateError> {
    let text = serde_json::to_vec(&bare(&secret.0));
    text.map(Zeroizing::new).map_err(|_| StateError::OpenSecret)
}

/// What is secret as a whole needs no secrets inside.
fn bare(tree: &Tree) -> Tree {
    match tree {
        Tree::Secret(Secret(inner)) => bare(inner),
        Tree::List(elements) => Tree::List(elements.iter().map(bare).collect()),
        Tree::Map(entries) => Tree::Map(entries.iter().map(|(key, entry)| (key.clone(), bare(entry))).collect()),
        leaf => leaf.clone(),
    }
}
