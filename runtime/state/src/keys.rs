//! The keys of a state. One key comes from outside and opens nothing but the state's own keys, which lie wrapped in its head: so it
//! can be changed by writing the head anew, and the old one opens nothing any more.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::digest::{hex, keyed};
use crate::replace::{Failure, replace};
use crate::{Entropy, Files, Lineage, StateError};

/// The key that comes from outside: 32 bytes, never shown, and wiped when dropped.
#[derive(Clone)]
pub struct Kek(Zeroizing<[u8; 32]>);

impl fmt::Debug for Kek {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("(key)")
    }
}

/// Where the key comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum KeySource {
    /// A file, which is made when it is missing.
    File(PathBuf),
    /// A variable of the environment, by its name.
    Variable(String),
    /// A command, word by word; the key is what it prints.
    Command(Vec<String>),
}

impl fmt::Display for KeySource {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeySource::File(path) => write!(to, "`{}`", path.display()),
            KeySource::Variable(name) => write!(to, "the variable `{name}`"),
            // Its other words may be anybody's business.
            KeySource::Command(words) => write!(to, "the command `{}`", words.first().map_or("", String::as_str)),
        }
    }
}

impl KeySource {
    /// The key, from the file itself, or from the text that the caller read from the variable or the command.
    ///
    /// # Errors
    /// The file cannot be read or made, or what is given is no key. No part of it is in the error.
    pub fn key(
        &self,
        files: &dyn Files,
        entropy: &mut dyn Entropy,
        text: Option<&str>,
    ) -> Result<GivenKey, StateError> {
        match (self, text) {
            (KeySource::File(path), None) => Kek::from_file(files, entropy, path),
            (_, text) => {
                let kek = Kek::from_text(text.unwrap_or_default(), &self.to_string())?;
                Ok(GivenKey { kek, made: false })
            }
        }
    }
}

/// A key, and whether it was made just now: that has to be said, since it is the only copy.
#[derive(Debug)]
pub struct GivenKey {
    pub kek: Kek,
    pub made: bool,
}

impl Kek {
    /// Draws a new one.
    pub fn new(entropy: &mut dyn Entropy) -> Self {
        let mut key = Zeroizing::new([0; 32]);
        entropy.fill(&mut *key);
        Self(key)
    }

    /// The key of these bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Reads 64 hexadecimal digits, or Base64 of 32 bytes; space around them is let be. `from` says in an error where it came from.
    ///
    /// # Errors
    /// It is neither. No part of it is in the error.
    pub fn from_text(text: &str, from: &str) -> Result<Self, StateError> {
        let text = text.trim();
        let bytes = Zeroizing::new(if text.len() == 64 { unhex(text) } else { BASE64.decode(text).ok() });
        let key = bytes.as_deref().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        key.map(Self::from_bytes).ok_or_else(|| StateError::BadKey { from: from.to_owned() })
    }

    /// Reads the key in a file, which is made when it is missing, for this user only.
    ///
    /// # Errors
    /// The file cannot be read or made, or holds no key.
    pub fn from_file(files: &dyn Files, entropy: &mut dyn Entropy, path: &Path) -> Result<GivenKey, StateError> {
        match files.read(path) {
            Ok(bytes) => {
                let bytes = Zeroizing::new(bytes);
                let text = std::str::from_utf8(&bytes).unwrap_or_default();
                let kek = Kek::from_text(text, &format!("`{}`", path.display()))?;
                Ok(GivenKey { kek, made: false })
            }
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Self::make(files, entropy, path),
            Err(cause) => Err(StateError::io("read the key", path, &cause)),
        }
    }

    /// Makes the key's file as a whole, so that a run that is killed leaves none that is none. Of two runs at once one makes it.
    fn make(files: &dyn Files, entropy: &mut dyn Entropy, path: &Path) -> Result<GivenKey, StateError> {
        let failed = |cause: io::Error| StateError::io("make the key", path, &cause);
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        files.make_folder(folder).map_err(failed)?;
        let lock = files.try_lock(&folder.join(format!("{name}.lock"))).map_err(failed)?;
        let Some(_lock) = lock else { return Err(StateError::Busy { holder: None }) };
        if files.read(path).is_ok() {
            return Self::from_file(files, entropy, path);
        }
        let kek = Self::new(entropy);
        let line = Zeroizing::new(format!("{}\n", hex(&*kek.0)));
        replace(files, folder, &name, line.as_bytes(), true).map_err(Failure::error)?;
        Ok(GivenKey { kek, made: true })
    }

    /// What only a holder of the key can say of a text that is kept outside the state.
    pub fn vouch_for(&self, text: &str) -> String {
        let key = Zeroizing::new(keyed(&self.0, &[b"infrac text 1"]));
        hex(&keyed(&key, &[text.as_bytes()]))
    }

    /// What vouches for the head.
    pub(crate) fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        let key = Zeroizing::new(keyed(&self.0, &[b"infrac head 1"]));
        keyed(&key, parts)
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let pair = |pair: &[u8]| match pair {
        [high, low] => Some((digit(high)? << 4 | digit(low)?) as u8),
        _ => None,
    };
    text.as_bytes().chunks(2).map(pair).collect()
}

/// Where nonces and keys are drawn from, by whoever needs one.
#[derive(Clone)]
pub(crate) struct Chance(Arc<Mutex<Box<dyn Entropy>>>);

impl Chance {
    pub(crate) fn new(entropy: Box<dyn Entropy>) -> Self {
        Self(Arc::new(Mutex::new(entropy)))
    }
}

impl Entropy for Chance {
    fn fill(&mut self, bytes: &mut [u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill(bytes);
    }
}

/// The state's own keys, wrapped.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct WrappedKeys {
    /// New values are sealed with the last one; each has its number.
    data: Vec<(u32, String)>,
    print: String,
}

/// The state's own keys.
pub(crate) struct Keys {
    pub(crate) data: Vec<(u32, Zeroizing<[u8; 32]>)>,
    pub(crate) print: Zeroizing<[u8; 32]>,
}

/// A sealed text: its nonce and the sealed bytes. `about` is bound to it, and has to be given again to open it.
pub(crate) fn close(key: &[u8; 32], entropy: &mut dyn Entropy, about: &[u8], text: &[u8]) -> Option<Vec<u8>> {
    let mut nonce = [0; 24];
    entropy.fill(&mut nonce);
    let cipher = XChaCha20Poly1305::new(key.into());
    let sealed = cipher.encrypt((&nonce).into(), Payload { msg: text, aad: about }).ok()?;
    Some([&nonce[..], &sealed].concat())
}

/// Opens what [`close`] made; none when anything of it is not as it was.
pub(crate) fn unclose(key: &[u8; 32], about: &[u8], bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, sealed) = bytes.split_first_chunk::<24>()?;
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher.decrypt(nonce.into(), Payload { msg: sealed, aad: about }).ok().map(Zeroizing::new)
}

fn about(lineage: Lineage, name: &str) -> Vec<u8> {
    format!("infrac key 1 {lineage} {name}").into_bytes()
}

impl Keys {
    pub(crate) fn new(entropy: &mut dyn Entropy) -> Self {
        let mut draw = || {
            let mut key = Zeroizing::new([0; 32]);
            entropy.fill(&mut *key);
            key
        };
        Self { data: vec![(1, draw())], print: draw() }
    }

    /// The keys as they lie in the head.
    pub(crate) fn wrap(
        &self,
        kek: &Kek,
        lineage: Lineage,
        entropy: &mut dyn Entropy,
    ) -> Result<WrappedKeys, StateError> {
        let mut one = |name: &str, key: &[u8; 32]| {
            let sealed = close(&kek.0, entropy, &about(lineage, name), key);
            sealed.map(|sealed| BASE64.encode(sealed)).ok_or(StateError::Unwritable { why: "too long to be sealed" })
        };
        let data = self.data.iter().map(|(number, key)| Ok((*number, one(&number.to_string(), key)?)));
        Ok(WrappedKeys { data: data.collect::<Result<_, StateError>>()?, print: one("print", &self.print)? })
    }
}

impl WrappedKeys {
    /// # Errors
    /// The key is another one.
    pub(crate) fn unwrap_with(&self, kek: &Kek, lineage: Lineage) -> Result<Keys, StateError> {
        let one = |name: &str, wrapped: &str| {
            let bytes = BASE64.decode(wrapped).ok();
            let key = bytes.and_then(|bytes| unclose(&kek.0, &about(lineage, name), &bytes));
            let key = key.and_then(|key| <[u8; 32]>::try_from(key.as_slice()).ok());
            key.map(Zeroizing::new).ok_or(StateError::WrongKey)
        };
        let data = self.data.iter().map(|(number, wrapped)| Ok((*number, one(&number.to_string(), wrapped)?)));
        Ok(Keys { data: data.collect::<Result<_, StateError>>()?, print: one("print", &self.print)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_in_both_forms_and_a_wrong_one_is_not_repeated() {
        let hexadecimal = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1F";
        let base64 = " AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n";
        for text in [hexadecimal, base64] {
            let key = Kek::from_text(text, "a test").unwrap();
            assert_eq!(key.0.to_vec(), (0..32).collect::<Vec<u8>>());
            assert_eq!(format!("{key:?}"), "(key)");
        }
        for text in ["", "hunter2", &hexadecimal[1..], &hexadecimal.replace('a', "x"), "AAECAwQFBgcICQoLDA0ODw==", "é"]
        {
            let error = Kek::from_text(text, "a test").unwrap_err();
            assert!(matches!(error, StateError::BadKey { .. }));
            assert!(text.is_empty() || !format!("{error} {error:?} {}", error.help()).contains(text));
        }
    }
}
