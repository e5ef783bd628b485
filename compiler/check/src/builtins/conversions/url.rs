//! `url("https://example.com/x")` is `"https://example.com/x"`.

use value::{Fault, Op, ScalarKind, Store, ValueId, parse_scalar};

use crate::builtins::arguments::text;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "url",
    signature: "(text: string) -> url",
    docs: "A text as a location. A later text is passed on.",
    examples: &[
        (r#"url("https://example.com/x")"#, r#""https://example.com/x""#),
        (r#"url("s3://logs")"#, r#""s3://logs""#),
    ],
    evaluate,
    later: Later::Op(Op::Text),
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let checked = parse_scalar(ScalarKind::Url, text(store, args, 0)?)?;
    Ok(store.add(checked))
}
