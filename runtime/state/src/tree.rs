//! Values as a state and a plan hold them. A secret is either open, in memory only, or sealed: writing an open one fails, so that no
//! record and no plan can hold one in clear.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::de::Error as _;
use serde::ser::{Error as _, SerializeMap};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value in the vocabulary of a driver.
#[derive(Clone, PartialEq, Debug)]
pub enum Tree {
    Null,
    Bool(bool),
    /// Its shortest decimal form: `12`, `0.5`, `1e30`.
    Number(Arc<str>),
    Text(Arc<str>),
    List(Vec<Tree>),
    Map(BTreeMap<Arc<str>, Tree>),
    /// Known only when what it comes from was made.
    Later,
    /// A secret that can be read.
    Secret(Secret),
    /// A secret that can be compared, and read with the key.
    Sealed(Sealed),
}

/// A secret in memory: never shown, never written.
#[derive(Clone, PartialEq)]
pub struct Secret(pub Arc<Tree>);

/// A secret as it is kept.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Sealed {
    /// Which of the state's keys it was sealed with.
    pub key: u32,
    /// Its keyed fingerprint, in hexadecimal digits: equal for equal secrets of one state.
    pub print: String,
    /// Nonce and sealed bytes, in Base64.
    pub bytes: String,
}

/// One step of a path into a tree.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum TreeStep {
    Index(u32),
    Key(Arc<str>),
}

impl fmt::Debug for Secret {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("(secret)")
    }
}

impl fmt::Display for TreeStep {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TreeStep::Index(at) => write!(to, "[{at}]"),
            TreeStep::Key(key) => write!(to, ".{key}"),
        }
    }
}

impl Tree {
    /// A text.
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Tree::Text(text.into())
    }
    /// The entry of a map.
    pub fn get(&self, key: &str) -> Option<&Tree> {
        match self {
            Tree::Map(entries) => entries.get(key),
            _ => None,
        }
    }
    /// What stands at a path.
    pub fn at(&self, path: &[TreeStep]) -> Option<&Tree> {
        path.iter().try_fold(self, |at, step| match (at, step) {
            (Tree::List(elements), TreeStep::Index(position)) => elements.get(*position as usize),
            (Tree::Map(entries), TreeStep::Key(key)) => entries.get(key),
            _ => None,
        })
    }
    /// The text that it is, if it is one that can be read.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Tree::Text(text) => Some(text),
            Tree::Secret(Secret(value)) => value.as_text(),
            _ => None,
        }
    }
    /// Whether a part of it is known only later.
    pub fn is_later(&self) -> bool {
        self.any(&|part| matches!(part, Tree::Later))
    }
    /// Whether a part of it is a secret.
    pub fn is_secret(&self) -> bool {
        self.any(&|part| matches!(part, Tree::Secret(_) | Tree::Sealed(_)))
    }
    fn any(&self, is_it: &dyn Fn(&Tree) -> bool) -> bool {
        match self {
            Tree::List(elements) => elements.iter().any(|element| element.any(is_it)),
            Tree::Map(entries) => entries.values().any(|entry| entry.any(is_it)),
            part => is_it(part),
        }
    }
    /// The same tree with each leaf that `by` has something for replaced by it.
    ///
    /// # Errors
    /// The first that `by` returns.
    pub fn replaced<E>(&self, by: &mut dyn FnMut(&Tree) -> Result<Option<Tree>, E>) -> Result<Tree, E> {
        Ok(match self {
            Tree::List(elements) => {
                Tree::List(elements.iter().map(|element| element.replaced(by)).collect::<Result<_, E>>()?)
            }
            Tree::Map(entries) => {
                let entries = entries.iter().map(|(key, entry)| Ok((key.clone(), entry.replaced(by)?)));
                Tree::Map(entries.collect::<Result<_, E>>()?)
            }
            leaf => by(leaf)?.unwrap_or_else(|| leaf.clone()),
        })
    }
}

/// The words that mark what JSON has no form for. A map is marked as well, so that no key of a user is taken for one.
const NUMBER: &str = "number";
const MAP: &str = "map";
const LATER: &str = "later";
const SEALED: &str = "sealed";

fn marked<S: Serializer>(to: S, mark: &str, value: &(impl Serialize + ?Sized)) -> Result<S::Ok, S::Error> {
    let mut map = to.serialize_map(Some(1))?;
    map.serialize_entry(mark, value)?;
    map.end()
}

impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Tree::Null => to.serialize_unit(),
            Tree::Bool(truth) => to.serialize_bool(*truth),
            Tree::Text(text) => to.serialize_str(text),
            Tree::List(elements) => elements.serialize(to),
            Tree::Number(number) => match number.parse::<i64>() {
                Ok(whole) if *whole.to_string() == **number => to.serialize_i64(whole),
                _ => marked(to, NUMBER, &**number),
            },
            Tree::Map(entries) => marked(to, MAP, entries),
            Tree::Later => marked(to, LATER, &true),
            Tree::Sealed(sealed) => marked(to, SEALED, sealed),
            Tree::Secret(_) => {
                Err(S::Error::custom("a secret was about to be written in clear; this is a bug in infrac"))
            }
        }
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Visitor)
    }
}

struct Visitor;

impl<'de> serde::de::Visitor<'de> for Visitor {
    type Value = Tree;
    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a value of a state")
    }
    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }
    fn visit_bool<E>(self, truth: bool) -> Result<Tree, E> {
        Ok(Tree::Bool(truth))
    }
    fn visit_i64<E>(self, number: i64) -> Result<Tree, E> {
        Ok(Tree::Number(number.to_string().into()))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Tree, E> {
        Ok(Tree::Number(number.to_string().into()))
    }
    fn visit_str<E>(self, text: &str) -> Result<Tree, E> {
        Ok(Tree::text(text))
    }
    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut elements: A) -> Result<Tree, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element()? {
            list.push(element);
        }
        Ok(Tree::List(list))
    }
    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
        let mark: Option<String> = map.next_key()?;
        let tree = match mark.as_deref() {
            Some(NUMBER) => Tree::Number(map.next_value::<String>()?.into()),
            Some(MAP) => Tree::Map(map.next_value()?),
            Some(LATER) => map.next_value::<bool>().map(|_| Tree::Later)?,
            Some(SEALED) => Tree::Sealed(map.next_value()?),
            other => return Err(A::Error::custom(format!("a value is marked as {other:?}"))),
        };
        match map.next_key::<String>()? {
            None => Ok(tree),
            Some(_) => Err(A::Error::custom("a value is marked twice")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_again(tree: &Tree) -> Tree {
        let text = serde_json::to_string(tree).expect("it can be written");
        serde_json::from_str(&text).expect("it can be read")
    }

    #[test]
    fn a_value_is_read_as_it_was_written() {
        let sealed = Sealed { key: 1, print: "ab".into(), bytes: "AA==".into() };
        let keys = [("map", Tree::Null), ("sealed", Tree::Bool(true)), ("", Tree::Later)];
        let map = keys.into_iter().map(|(key, value)| (key.into(), value)).collect();
        let numbers = ["0", "-1", "9223372036854775807", "9223372036854775808", "0.5", "1e30", "-0"];
        let numbers = numbers.into_iter().map(|number| Tree::Number(number.into())).collect();
        let tree = Tree::List(vec![Tree::Map(map), Tree::List(numbers), Tree::Sealed(sealed), Tree::text("\u{0}é")]);
        assert_eq!(read_again(&tree), tree);
    }

    #[test]
    fn an_open_secret_is_never_written_or_shown() {
        let secret = Tree::List(vec![Tree::Secret(Secret(Arc::new(Tree::text("hunter2"))))]);
        assert!(serde_json::to_string(&secret).is_err());
        assert!(!format!("{secret:?}").contains("hunter2"));
    }
}
