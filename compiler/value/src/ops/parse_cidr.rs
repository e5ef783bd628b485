//! `cidr(x)` of a text.

use super::{Operation, text_argument};
use crate::{Op, ScalarKind, Store, Value, parse_exact};

pub(super) static OPERATION: Operation = Operation {
    arity: (1, Some(1)),
    docs: "Reads a text as a range of addresses; a target that has none is given the text as it is.",
    evaluate: |store, args, _| match args {
        [text] if matches!(store.get(store.folded(*text)), Value::Cidr(_)) => Ok(store.folded(*text)),
        [text] => {
            let range = parse_exact(ScalarKind::Cidr, text_argument(store, Op::ParseCidr, *text)?)?;
            Ok(store.add(range))
        }
        _ => Ok(Store::ABSENT),
    },
};
