//! `base64(x)`: RFC 4648, section 4, with padding.

use super::{Operation, text_argument};
use crate::{Op, Store, ValueId};

pub(super) static OPERATION: Operation = Operation {
    arity: (1, Some(1)),
    docs: "Encodes the bytes of a text in base64 with padding, as Kubernetes' secrets and cloud-init want them.",
    evaluate: |store: &mut Store, args: &[ValueId], _| {
        let encoded = match args {
            [text] => encode(text_argument(store, Op::Base64, *text)?.as_bytes()),
            _ => String::new(),
        };
        Ok(store.text(encoded))
    },
};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The bytes of a text in base64.
pub fn base64_text(text: &str) -> String {
    encode(text.as_bytes())
}

fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let digit = (bits >> (18 - 6 * place)) & 63;
            let letter = ALPHABET.get(digit as usize).copied().unwrap_or(b'=');
            out.push(if place <= group.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_standard() {
        for (plain, encoded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(encode(plain.as_bytes()), encoded);
        }
        assert_eq!(encode(&[0xff, 0xfe, 0xfd]), "//79");
    }
}
