//! Names that a maker knows a thing by: what was made of an address, a limit and nothing else.

use std::sync::Arc;

use value::{AddressId, Step, Store, Value, ValueId};

/// A physical name in the body of a resource. A name that was recorded earlier may be put in its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PhysicalName {
    /// Where it stands in the body; the text there is the name, between `before` and `after`.
    pub path: Box<[Step]>,
    /// What stands before it in the text.
    pub before: Arc<str>,
    /// What stands behind it.
    pub after: Arc<str>,
    /// The instance, or what its group makes once, that it is the name of.
    pub of: AddressId,
    /// The name before it is cut to the limit.
    pub base: Arc<str>,
    /// The most characters that it may have.
    pub limit: u32,
    /// Without project and environment, in a room of its own.
    pub bare: bool,
}

impl PhysicalName {
    /// Whether a text holds the whole name, uncut.
    pub(crate) fn is_whole_in(&self, text: &str) -> bool {
        self.around(text) == Some(&self.base)
    }

    /// What stands in a text where the name does; none when something else stands around it.
    pub(crate) fn around<'t>(&self, text: &'t str) -> Option<&'t str> {
        text.strip_prefix(&*self.before)?.strip_suffix(&*self.after)
    }
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
