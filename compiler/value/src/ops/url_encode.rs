//! `url_encode(x)`: percent-encoding, by RFC 3986, section 2.

use super::{Operation, text_argument};
use crate::collections::LONGEST_TEXT;
use crate::{Fault, Op, Store};

pub(super) static OPERATION: Operation = Operation {
    arity: (1, Some(1)),
    docs: "A text as a part of a location: letters, digits and `-._~` stay, all else is percent-encoded.",
    evaluate: |store, args, _| match args {
        [text] => {
            let text = text_argument(store, Op::UrlEncode, *text)?;
            if text.len() > LONGEST_TEXT / 3 {
                return Err(Fault::new(
                    "budget",
                    "this text is longer than one value may be",
                    format!("a text has at most {LONGEST_TEXT} bytes"),
                ));
            }
            let encoded = encode(text);
            Ok(store.text(encoded))
        }
        _ => Ok(Store::ABSENT),
    },
};

fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_reserved_is_encoded() {
        assert_eq!(encode("a-Z_0.9~"), "a-Z_0.9~");
        assert_eq!(encode("p@ss w/+é"), "p%40ss%20w%2F%2B%C3%A9");
    }
}
