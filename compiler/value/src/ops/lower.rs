//! `text.lower`.

use super::{Operation, text_argument};
use crate::{Op, Store};

pub(super) static OPERATION: Operation = Operation {
    arity: (1, Some(1)),
    docs: "The text in small letters.",
    evaluate: |store, args, _| match args {
        [text] => {
            let lower = text_argument(store, Op::Lower, *text)?.to_lowercase();
            Ok(store.text(lower))
        }
        _ => Ok(Store::ABSENT),
    },
};
