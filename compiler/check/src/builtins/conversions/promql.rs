//! `promql("up == 0")` is `"up == 0"`.

use value::{Fault, Op, ScalarKind, Store, ValueId, parse_scalar};

use crate::builtins::arguments::text;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "promql",
    signature: "(text: string) -> promql",
    docs: "A text as a query of Prometheus, which is read as Prometheus reads it. A later text is passed on.",
    examples: &[(r#"promql("up == 0")"#, r#""up == 0""#), (r#"promql("sum(rate(x[5m]))")"#, r#""sum(rate(x[5m]))""#)],
    evaluate,
    later: Later::Op(Op::Text),
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let checked = parse_scalar(ScalarKind::Promql, text(store, args, 0)?)?;
    Ok(store.add(checked))
}
