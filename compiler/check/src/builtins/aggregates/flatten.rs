//! `flatten([[1, 2], [3]])` is `[1, 2, 3]`.

use value::{Fault, MOST_ELEMENTS, Store, ValueId};

use crate::builtins::arguments::elements;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "flatten",
    signature: "(list: [[T]]) -> [T]",
    docs: "The elements of lists, one list after the other.",
    examples: &[("flatten([[1, 2], [3]])", "[1, 2, 3]"), ("flatten([[], []])", "[]")],
    evaluate,
    later: Later::Shape,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let lists = elements(store, args, 0)?.to_vec();
    let mut flat = Vec::new();
    for list in lists {
        flat.extend_from_slice(elements(store, &[list], 0)?);
        if flat.len() > MOST_ELEMENTS {
            return Err(Fault::new(
                "budget",
                "this list is longer than one value may be",
                format!("a list has at most {MOST_ELEMENTS} elements"),
            ));
        }
    }
    Ok(store.list(flat))
}
