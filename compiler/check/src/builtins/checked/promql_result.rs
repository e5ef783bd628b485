//! `promql("up == 0").result` is `"vector"`.

use value::{Fault, Store, ValueId, scalars};

use crate::builtins::arguments::text;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "result",
    signature: "(self: promql) -> string",
    docs: "What a query gives: a `vector` (a value of each series), a `scalar` (one number), a `matrix` (values over a time) or a `string`.",
    examples: &[(r#"promql("up == 0").result"#, r#""vector""#), (r#"promql("up[5m]").result"#, r#""matrix""#)],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let result = scalars::promql_result(text(store, args, 0)?)?;
    Ok(store.text(result))
}
