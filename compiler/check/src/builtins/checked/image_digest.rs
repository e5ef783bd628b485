//! `image("nginx").digest` is `none`.

use value::{Fault, Store, ValueId, scalars};

use crate::builtins::arguments::text;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "digest",
    signature: "(self: image) -> string?",
    docs: "The digest of an image; absent when it has none.",
    examples: &[
        (r#"image("nginx").digest"#, "none"),
        (
            r#"image("a@sha256:0000000000000000000000000000000000000000000000000000000000000000").digest"#,
            r#""sha256:0000000000000000000000000000000000000000000000000000000000000000""#,
        ),
    ],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let part = scalars::image(text(store, args, 0)?)?.digest.map(str::to_owned);
    Ok(part.map_or(Store::ABSENT, |part| store.text(part)))
}
