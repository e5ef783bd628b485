//! `sha256(x)`: the digest of a text that becomes known later. Whoever can guess the text can check the guess, so it is not for
//! secrets.

use super::fingerprint::sha256;
use super::{Operation, text_or_json};
use crate::Fault;

pub(super) static OPERATION: Operation = Operation {
    arity: (1, Some(1)),
    docs: "The SHA-256 of a text, 64 hexadecimal digits.",
    evaluate: |store, args, _| {
        let value = args.first().copied().ok_or_else(|| {
            Fault::new("wrong_operands", "`sha256` does not take no arguments", "this is a bug in infrac")
        })?;
        let digest = sha256(&text_or_json(store, value)?);
        Ok(store.text(digest))
    },
};
