//! `a ?? b`.

use super::Operation;
use crate::{Fault, Store, ValueId};

pub(super) static OPERATION: Operation = Operation {
    arity: (2, Some(2)),
    docs: "The first argument when it is present, else the second.",
    evaluate: |store, args, _| otherwise(store, args),
};

pub(super) fn otherwise(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    match args {
        [first, second] => Ok(if store.folded(*first) == Store::ABSENT { *second } else { *first }),
        _ => Ok(Store::ABSENT),
    }
}
