//! `address.cidr`: the range that holds one address.

use ipnet::IpNet;

use super::Operation;
use crate::{Fault, ScalarKind, Store, Value, parse_scalar};

pub(super) static OPERATION: Operation = Operation {
    arity: (1, Some(1)),
    docs: "The range of this address alone: `10.0.0.5` gives `10.0.0.5/32`.",
    evaluate: |store, args, _| match args {
        [address] => {
            let value = match store.get(store.folded(*address)) {
                Value::Ip(address) => Value::Ip(*address),
                // What was read from a text after it was applied.
                Value::Text(text) => parse_scalar(ScalarKind::Ip, text)?,
                _ => Value::Absent,
            };
            match value {
                Value::Ip(address) => Ok(store.add(Value::Cidr(IpNet::from(address)))),
                _ => Err(Fault::new(
                    "wrong_operands",
                    format!("`{}` is not an address", store.show_short(*address)),
                    "give it an ip",
                )),
            }
        }
        _ => Ok(Store::ABSENT),
    },
};
