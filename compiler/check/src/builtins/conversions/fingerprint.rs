//! `fingerprint("a")` is the digest of the text.

use value::{Fault, Op, Store, ValueId, ops};

use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "fingerprint",
    signature: "(value: T) -> string",
    docs: "64 hexadecimal digits that change when the value does. Of a secret it is a keyed hash, made when it is applied, which says nothing about the secret: the only way out of secrecy. Of anything else it is the SHA-256 of the text, or of the JSON of what is no text.",
    examples: &[
        (r#"fingerprint("a")"#, "\"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb\""),
        (r#"fingerprint([1]) == fingerprint("[1]")"#, "true"),
    ],
    evaluate,
    later: Later::Op(Op::Fingerprint),
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let value = args.first().copied().unwrap_or(Store::ABSENT);
    ops::print_of(store, value)
}
