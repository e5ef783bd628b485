//! Names that a maker knows a thing by: what was made of an address, a limit and nothing else.

use std::sync::Arc;

use value::{AddressId, Step, Store, Value, ValueId};

/// A physical name in the body of a resource. A name that was recorded earlier may be put in its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PhysicalName {
    /// Where it stands in the body; the text there is the name.
    pub path: Box<[Step]>,
    /// The instance, or what its group makes once, that it is the name of.
    pub of: AddressId,
    /// The name before it is cut to the limit.
    pub base: Arc<str>,
    /// The most characters that it may have.
    pub limit: u32,
    /// Without project and environment, in a room of its own.
    pub bare: bool,
}

/// The text at a path of a body.
pub fn text_at<'s>(store: &'s Store, body: ValueId, path: &[Step]) -> Option<&'s str> {
    let mut at = body;
    for step in path {
        at = match (store.get(at), step) {
            (Value::Record(_), Step::Field(name)) => store.field(at, *name)?,
            (Value::List(elements), Step::Index(position)) => *elements.get(*position as usize)?,
            (Value::Map(entries), Step::Key(name)) => {
                let is_it = |key: ValueId| matches!(store.get(key), Value::Text(text) if text.as_ref() == name.text());
                entries.iter().find(|(key, _)| is_it(*key))?.1
            }
            _ => return None,
        };
    }
    match store.get(at) {
        Value::Text(text) => Some(text),
        _ => None,
    }
}
