//! `fingerprint("a")` is `fingerprint("a") (known after apply)`.

use value::{Fault, Op, Store, ValueId, ops};

use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "fingerprint",
    signature: "(value: T) -> later string",
    docs: "A keyed hash of a value: it changes when the value does and says nothing about it. It is made when it is applied, and is the only way out of secrecy.",
    examples: &[
        (r#"fingerprint("a")"#, r#"fingerprint("a") (known after apply)"#),
        ("fingerprint([1])", "fingerprint([1]) (known after apply)"),
    ],
    evaluate,
    later: Later::Op(Op::Fingerprint),
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    ops::apply(store, Op::Fingerprint, args, None)
}
