//! `image("ghcr.io/a/b:1").repository` is `"a/b"`.

use value::{Fault, Store, ValueId, scalars};

use crate::builtins::arguments::text;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "repository",
    signature: "(self: image) -> string",
    docs: "The repository of an image, without registry, tag and digest.",
    examples: &[(r#"image("ghcr.io/a/b:1").repository"#, r#""a/b""#), (r#"image("nginx").repository"#, r#""nginx""#)],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let part = scalars::image(text(store, args, 0)?)?.repository.to_owned();
    Ok(store.text(part))
}
