//! `cron("30 3 * * *")` is `"30 3 * * *"`.

use value::{Fault, Op, ScalarKind, Store, ValueId, parse_scalar};

use crate::builtins::arguments::text;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "cron",
    signature: "(text: string) -> cron",
    docs: "A text as a schedule in the five fields of cron. A later text is passed on.",
    examples: &[
        (r#"cron("30 3 * * *")"#, r#""30 3 * * *""#),
        (r#"cron("*/5 * * * mon-fri")"#, r#""*/5 * * * mon-fri""#),
    ],
    evaluate,
    later: Later::Op(Op::Text),
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let checked = parse_scalar(ScalarKind::Cron, text(store, args, 0)?)?;
    Ok(store.add(checked))
}
