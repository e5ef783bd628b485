//! Methods of texts.

mod contains;
mod cut;
mod ends_with;
mod is_empty;
mod length;
mod lines;
mod looks_secret;
mod lower;
mod pad_left;
mod replace;
mod slug;
mod split;
mod starts_with;
mod trim;
mod upper;
mod without_prefix;
mod without_suffix;

use value::{Fault, LONGEST_TEXT, MOST_ELEMENTS, Store, ValueId};

use super::BuiltIn;

pub(super) static ALL: &[&BuiltIn] = &[
    &upper::BUILT_IN,
    &lower::BUILT_IN,
    &trim::BUILT_IN,
    &starts_with::BUILT_IN,
    &ends_with::BUILT_IN,
    &contains::BUILT_IN,
    &replace::BUILT_IN,
    &split::BUILT_IN,
    &lines::BUILT_IN,
    &length::BUILT_IN,
    &is_empty::BUILT_IN,
    &slug::BUILT_IN,
    &looks_secret::BUILT_IN,
    &pad_left::BUILT_IN,
    &cut::BUILT_IN,
    &without_prefix::BUILT_IN,
    &without_suffix::BUILT_IN,
];

/// A list of texts.
fn pieces<'a>(store: &mut Store, pieces: impl Iterator<Item = &'a str>) -> Result<ValueId, Fault> {
    let mut list = Vec::new();
    for piece in pieces {
        if list.len() == MOST_ELEMENTS {
            return Err(Fault::new(
                "budget",
                "this list is longer than one value may be",
                format!("a list has at most {MOST_ELEMENTS} elements"),
            ));
        }
        list.push(store.text(piece));
    }
    Ok(store.list(list))
}

fn too_long() -> Fault {
    Fault::new(
        "budget",
        "this text is longer than one value may be",
        format!("a text has at most {LONGEST_TEXT} bytes"),
    )
}
