//! `"The Shop, Paris".slug` is `"the-shop-paris"`.

use value::{Fault, Store, ValueId};

use crate::builtins::arguments::text;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "slug",
    signature: "(self: string) -> string",
    docs: "The text as a name for machines: small letters and digits of ASCII, one `-` for whatever is between.",
    examples: &[(r#""The Shop, Paris".slug"#, r#""the-shop-paris""#), (r#""a_b".slug"#, r#""a-b""#)],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let mut slug = String::new();
    for letter in text(store, args, 0)?.chars() {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-').to_owned();
    Ok(store.text(slug))
}
