//! `image("registry.example.com/a:1")` is `"registry.example.com/a:1"`.

use value::{Fault, Op, ScalarKind, Store, ValueId, parse_scalar};

use crate::builtins::arguments::text;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "image",
    signature: "(text: string) -> image",
    docs: "A text as the reference of a container image. A later text is passed on.",
    examples: &[
        (r#"image("registry.example.com/a:1")"#, r#""registry.example.com/a:1""#),
        (r#"image("nginx")"#, r#""nginx""#),
    ],
    evaluate,
    later: Later::Op(Op::Text),
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let checked = parse_scalar(ScalarKind::Image, text(store, args, 0)?)?;
    Ok(store.add(checked))
}
