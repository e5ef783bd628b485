//! `image("nginx:1.27").tag` is `"1.27"`.

use value::{Fault, Store, ValueId, scalars};

use crate::builtins::arguments::text;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "tag",
    signature: "(self: image) -> string?",
    docs: "The tag of an image; absent when it has none.",
    examples: &[(r#"image("nginx:1.27").tag"#, r#""1.27""#), (r#"image("nginx").tag"#, "none")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let part = scalars::image(text(store, args, 0)?)?.tag.map(str::to_owned);
    Ok(part.map_or(Store::ABSENT, |part| store.text(part)))
}
