//! `if c then a else b`.

use super::Operation;
use crate::{Fault, Store, Value, ValueId};

pub(super) static OPERATION: Operation = Operation {
    arity: (3, Some(3)),
    docs: "The second argument when the first is true, else the third.",
    evaluate: |store, args, _| choose(store, args),
};

pub(super) fn choose(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    match args {
        [condition, then, otherwise] => match store.get(store.folded(*condition)) {
            Value::Bool(true) => Ok(*then),
            Value::Bool(false) => Ok(*otherwise),
            _ => Err(Fault::new(
                "wrong_operands",
                format!("`if` decides by true or false, not by `{}`", store.show_short(*condition)),
                "compare it with something",
            )),
        },
        _ => Ok(Store::ABSENT),
    }
}
