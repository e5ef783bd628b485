//! `"${a}:${b}"`: texts joined.

use super::Operation;
use crate::collections::LONGEST_TEXT;
use crate::{Fault, Op, Store, Value, ValueId};

pub(super) static OPERATION: Operation = Operation {
    arity: (0, None),
    docs: "Joins the texts of its arguments; each has one form as a text.",
    evaluate: |store, args, _| join(store, args),
};

/// Neighbours that are known are joined at once, inner texts are taken apart, so that equal texts are equal residuals.
pub(super) fn join(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let mut parts: Vec<ValueId> = Vec::with_capacity(args.len());
    let mut known = String::new();
    let mut open: Vec<ValueId> = args.iter().rev().copied().collect();
    // With a later neighbour a folded reference stays one: it says what has to be there before.
    let later = args.iter().any(|id| store.holds(*id).later());
    while let Some(part) = open.pop() {
        match store.get(part) {
            Value::Op { op: Op::Text, args } => open.extend(args.iter().rev().copied()),
            Value::Ref { folded, secret, .. } if *secret || folded.is_none() || later => {
                flush(store, &mut known, &mut parts);
                parts.push(part);
            }
            Value::Op { .. } => {
                flush(store, &mut known, &mut parts);
                parts.push(part);
            }
            _ => {
                known.push_str(&store.text_of(part)?);
                if known.len() > LONGEST_TEXT {
                    return Err(Fault::new(
                        "budget",
                        "this text is longer than one value may be",
                        format!("a text has at most {LONGEST_TEXT} bytes"),
                    ));
                }
            }
        }
    }
    if parts.is_empty() {
        return Ok(store.text(known));
    }
    flush(store, &mut known, &mut parts);
    match parts.as_slice() {
        // One part alone is that text already, unless it is something that only has a text.
        [part] if !matches!(store.get(*part), Value::Ref { .. } | Value::Op { .. }) => Ok(*part),
        _ => Ok(store.add(Value::Op { op: Op::Text, args: parts.into() })),
    }
}

fn flush(store: &mut Store, known: &mut String, parts: &mut Vec<ValueId>) {
    if !known.is_empty() {
        parts.push(store.text(std::mem::take(known)));
    }
}
