//! `image("ghcr.io/a/b:1").registry` is `"ghcr.io"`.

use value::{Fault, Store, ValueId, scalars};

use crate::builtins::arguments::text;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "registry",
    signature: "(self: image) -> string?",
    docs: "The registry of an image; absent when the runtime's own is meant.",
    examples: &[(r#"image("ghcr.io/a/b:1").registry"#, r#""ghcr.io""#), (r#"image("nginx").registry"#, "none")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let part = scalars::image(text(store, args, 0)?)?.registry.map(str::to_owned);
    Ok(part.map_or(Store::ABSENT, |part| store.text(part)))
}
