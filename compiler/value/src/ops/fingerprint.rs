//! `fingerprint(s)`: a keyed hash, the only way out of secrecy. Whoever reads it learns that a secret changed, and nothing else.

use sha2::{Digest, Sha256};

use super::{Operation, json::json_text};
use crate::{Fault, Store, Value};

pub(super) static OPERATION: Operation = Operation {
    arity: (1, Some(1)),
    docs: "A keyed hash of a value, 32 hexadecimal digits; it changes when the value does and says nothing about it.",
    evaluate: |store, args, key| match (args, key) {
        ([value], Some(key)) => {
            let known = store.folded(*value);
            let text = match store.get(known) {
                Value::Text(text) => text.to_string(),
                _ => json_text(store, known)?,
            };
            let hash = hmac(key, text.as_bytes());
            let digits: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
            Ok(store.text(digits))
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
    Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// HMAC-SHA-256, by RFC 2104: a block has 64 bytes, a longer key is hashed first.
fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut block = [0u8; 64];
    let hashed: [u8; 32];
    let key = if key.len() > 64 {
        hashed = Sha256::digest(key).into();
        &hashed[..]
    } else {
        key
    };
    for (slot, byte) in block.iter_mut().zip(key) {
        *slot = *byte;
    }
    let inner = Sha256::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(block.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_has_sixteen_digits() {
        // FIPS 180-4's example `abc`.
        assert_eq!(digest("abc"), "ba7816bf8f01cfea");
    }

    #[test]
    fn the_examples_of_the_standard() {
        let hex = |bytes: [u8; 32]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        // RFC 4231, cases 2 and 6.
        assert_eq!(
            hex(hmac(b"Jefe", b"what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(
            hex(hmac(&[0xaa; 131], b"Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }
}
