//! `a == b`.

use super::Operation;
use crate::order::equal;
use crate::{Fault, Value};

pub(super) static OPERATION: Operation = Operation {
    arity: (2, Some(2)),
    docs: "Whether two values are equal; a reference stands for what it refers to.",
    evaluate: |store, args, _| match args {
        [left, right] => match equal(store, *left, *right) {
            Some(answer) => Ok(store.add(Value::Bool(answer))),
            None => Err(Fault::new(
                "later_value",
                "only applying tells whether these are equal",
                "decide by something that is known before",
            )),
        },
        _ => Ok(store.add(Value::Bool(false))),
    },
};
