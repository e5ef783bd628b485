//! `version("1.34")` is `"1.34"`.

use value::{Fault, Op, ScalarKind, Store, ValueId, parse_scalar};

use crate::builtins::arguments::text;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "version",
    signature: "(text: string) -> version",
    docs: "A text as a version: numbers separated by points, perhaps a pre-release. A later text is passed on.",
    examples: &[(r#"version("1.34")"#, r#""1.34""#), (r#"version("2.0.0-rc.1")"#, r#""2.0.0-rc.1""#)],
    evaluate,
    later: Later::Op(Op::Text),
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let checked = parse_scalar(ScalarKind::Version, text(store, args, 0)?)?;
    Ok(store.add(checked))
}
