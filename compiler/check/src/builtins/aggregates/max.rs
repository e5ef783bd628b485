//! `max([3, 1, 2])` is `3`.

use value::{Fault, Store, ValueId, compare};

use crate::builtins::arguments::elements;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "max",
    signature: "(list: [T]) -> T?",
    docs: "The largest element of a list of numbers, sizes, durations, dates, texts or addresses; absent when it is empty.",
    examples: &[("max([3, 1, 2])", "3"), ("max([1GiB, 512MiB])", "1GiB")],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let mut best = Store::ABSENT;
    for (nth, element) in elements(store, args, 0)?.iter().enumerate() {
        if nth == 0 || compare(store, *element, best)?.is_gt() {
            best = *element;
        }
    }
    Ok(best)
}
