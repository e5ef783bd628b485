//! `(512MiB).kubernetes` is `"512Mi"`.

use value::{Fault, Store, ValueId, size_text};

use crate::builtins::arguments::size;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "kubernetes",
    signature: "(self: size) -> string",
    docs: "The size as a quantity of Kubernetes, in the largest unit that leaves no rest.",
    examples: &[("(512MiB).kubernetes", r#""512Mi""#), ("(10GB).kubernetes", r#""10G""#)],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    // Kubernetes leaves the `B` out: `512Mi`, `10G`, `1k`, and bytes have no letter.
    let quantity = size_text(size(store, args, 0)?).trim_end_matches('B').to_owned();
    Ok(store.text(quantity))
}
