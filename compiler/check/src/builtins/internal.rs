//! Built-ins that no program names: what the checker makes of `internet` and of the cases of tagged unions.

use source::Name;
use value::{Fault, Store, Value, ValueId};

use super::arguments::text;
use super::{BuiltIn, Later};

/// `internet` as an end of a flow.
pub fn internet() -> &'static BuiltIn {
    static INTERNET: BuiltIn = BuiltIn {
        name: "internet",
        signature: "() -> ends",
        docs: "Every address that is not inside.",
        examples: &[],
        evaluate: |store, _| Ok(store.add(Value::Tagged { tag: Name::new("internet"), fields: [].into() })),
        later: Later::Shape,
    };
    &INTERNET
}

/// `postgres("16")`: the first argument is the tag as a text, the others are its fields.
pub fn tagged() -> &'static BuiltIn {
    static TAGGED: BuiltIn = BuiltIn {
        name: "tagged",
        signature: "(tag: string) -> json",
        docs: "A case of a tagged union.",
        examples: &[],
        evaluate: case,
        later: Later::Shape,
    };
    &TAGGED
}

fn case(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let tag = Name::new(text(store, args, 0)?);
    let fields = args.get(1..).unwrap_or(&[]).into();
    Ok(store.add(Value::Tagged { tag, fields }))
}
