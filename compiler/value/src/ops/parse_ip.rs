//! `ip(x)` of a text.

use super::{Operation, text_argument};
use crate::{Op, ScalarKind, Store, Value, parse_scalar};

pub(super) static OPERATION: Operation = Operation {
    arity: (1, Some(1)),
    docs: "Reads a text as an address; a target that has no addresses is given the text as it is.",
    evaluate: |store, args, _| match args {
        [text] if matches!(store.get(store.folded(*text)), Value::Ip(_)) => Ok(store.folded(*text)),
        [text] => {
            let address = parse_scalar(ScalarKind::Ip, text_argument(store, Op::ParseIp, *text)?)?;
            Ok(store.add(address))
        }
        _ => Ok(Store::ABSENT),
    },
};
