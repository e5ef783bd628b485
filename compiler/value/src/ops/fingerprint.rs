//! `fingerprint(s)` of a secret: a keyed hash, the only way out of secrecy. Whoever reads it learns that a secret changed, and
//! nothing else, as long as the key is not known.
//!
//! It is `sha256(key:sha256(key:text))`, the nested hash that HMAC is made of, with a key in front of both texts instead of two
//! pads: Terraform has `sha256` and no HMAC, and the same value has to come out wherever it is computed.

use sha2::{Digest, Sha256};

use super::{Operation, text_or_json};
use crate::{Fault, Store};

pub(super) static OPERATION: Operation = Operation {
    arity: (1, Some(1)),
    docs: "A keyed hash of a text, 64 hexadecimal digits; it changes when the text does and says nothing about it.",
    evaluate: |store, args, key| match (args, key) {
        ([value], Some(key)) => {
            let print = keyed(key, &text_or_json(store, *value)?);
            Ok(store.text(print))
        }
        (_, None) => Err(Fault::new(
            "later_value",
            "a fingerprint is made when it is applied",
            "the environment's key is not known before",
        )),
        (_, Some(_)) => Ok(Store::ABSENT),
    },
};

/// The first 16 hexadecimal digits of a text's SHA-256: not for secrets, which could be guessed from it.
pub fn digest(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes())[..8])
}

/// A text's SHA-256 in 64 hexadecimal digits.
pub fn sha256(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

fn keyed(key: &[u8], text: &str) -> String {
    let once = |text: &str| hex(&Sha256::new().chain_update(key).chain_update(b":").chain_update(text).finalize());
    once(&once(text))
}

fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests() {
        // FIPS 180-4's example `abc`.
        assert_eq!(digest("abc"), "ba7816bf8f01cfea");
        assert_eq!(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn a_fingerprint_is_the_nested_hash() {
        let inner = sha256("key:secret");
        assert_eq!(keyed(b"key", "secret"), sha256(&format!("key:{inner}")));
        assert_ne!(keyed(b"other", "secret"), keyed(b"key", "secret"));
    }
}
