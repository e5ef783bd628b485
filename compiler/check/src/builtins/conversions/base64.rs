//! `base64("infra")` is `"aW5mcmE="`.

use value::{Fault, Op, Store, ValueId, ops};

use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "base64",
    signature: "(text: string) -> string",
    docs: "A text in base64 with padding, as Kubernetes' secrets and cloud-init want it.",
    examples: &[(r#"base64("infra")"#, r#""aW5mcmE=""#), (r#"base64("")"#, r#""""#)],
    evaluate,
    later: Later::Op(Op::Base64),
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    ops::apply(store, Op::Base64, args, None)
}
