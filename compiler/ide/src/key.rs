//! What a word names: kept in a completion as a text, so that its page is made when somebody looks at it.

use std::fmt;

use crate::context::Owner;
use crate::own::Own;

/// What a word names, as the file that it stands in means it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Kind(String),
    /// A native kind; `true`: what exists and is read.
    Native(String, bool),
    /// A tool that native kinds are written for, or a source of them.
    Target(String),
    Platform(String),
    Type(String),
    Function(String),
    BuiltIn(String),
    Method(String),
    /// A word of the language.
    Word(String),
    /// A word of types.
    TypeWord(String),
    Annotation(String),
    Environment(String),
    Unit(String),
    Folder(String),
    Instance(String),
    /// A declaration of a folder: the folder and the name.
    Member(String, String),
    Field(Owner, Vec<String>),
    Output(String, String),
    /// A child that an implementation of this kind makes.
    Child(String, String),
    /// One of the values of a type, with what is known of it.
    Value(String, String),
    Warning(String),
    /// A field of a record whose type has no name: as it is declared, and what it is for.
    Described(String, String),
}

const BETWEEN: char = '\t';

impl Key {
    fn parts(&self) -> Vec<String> {
        let one = |tag: &str, name: &str| vec![tag.to_owned(), name.to_owned()];
        let two = |tag: &str, first: &str, second: &str| vec![tag.to_owned(), first.to_owned(), second.to_owned()];
        match self {
            Key::Kind(name) => one("kind", name),
            Key::Native(name, false) => one("native", name),
            Key::Native(name, true) => one("read", name),
            Key::Target(name) => one("target", name),
            Key::Platform(name) => one("platform", name),
            Key::Type(name) => one("type", name),
            Key::Function(name) => one("fn", name),
            Key::BuiltIn(name) => one("built-in", name),
            Key::Method(name) => one("method", name),
            Key::Word(name) => one("word", name),
            Key::TypeWord(name) => one("type-word", name),
            Key::Annotation(name) => one("annotation", name),
            Key::Environment(name) => one("environment", name),
            Key::Unit(name) => one("unit", name),
            Key::Folder(name) => one("folder", name),
            Key::Instance(name) => one("instance", name),
            Key::Warning(name) => one("warning", name),
            Key::Member(folder, name) => two("member", folder, name),
            Key::Output(kind, name) => two("output", kind, name),
            Key::Child(kind, name) => two("child", kind, name),
            Key::Described(code, docs) => two("described", &one_line(code), &one_line(docs)),
            Key::Value(text, docs) => two("value", text, docs),
            Key::Field(owner, path) => {
                let (tag, name) = match owner {
                    Owner::Kind(name) => ("field", name.as_str()),
                    Owner::Native(name, false) => ("native-field", name.as_str()),
                    Owner::Native(name, true) => ("read-field", name.as_str()),
                    Owner::Own(own) => ("own-field", own.word()),
                    Owner::Nobody => ("no-field", ""),
                };
                let mut parts = one(tag, name);
                parts.extend(path.iter().cloned());
                parts
            }
        }
    }

    /// The key that a text says, as [`fmt::Display`] wrote it.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(BETWEEN).map(str::to_owned);
        let (tag, name) = (parts.next()?, parts.next()?);
        let rest: Vec<String> = parts.collect();
        let second = || rest.first().cloned().unwrap_or_default();
        Some(match tag.as_str() {
            "kind" => Key::Kind(name),
            "native" => Key::Native(name, false),
            "read" => Key::Native(name, true),
            "target" => Key::Target(name),
            "platform" => Key::Platform(name),
            "type" => Key::Type(name),
            "fn" => Key::Function(name),
            "built-in" => Key::BuiltIn(name),
            "method" => Key::Method(name),
            "word" => Key::Word(name),
            "type-word" => Key::TypeWord(name),
            "annotation" => Key::Annotation(name),
            "environment" => Key::Environment(name),
            "unit" => Key::Unit(name),
            "folder" => Key::Folder(name),
            "instance" => Key::Instance(name),
            "warning" => Key::Warning(name),
            "member" => Key::Member(name, second()),
            "output" => Key::Output(name, second()),
            "child" => Key::Child(name, second()),
            "described" => Key::Described(name, second()),
            "value" => Key::Value(name, second()),
            "field" => Key::Field(Owner::Kind(name), rest),
            "native-field" => Key::Field(Owner::Native(name, false), rest),
            "read-field" => Key::Field(Owner::Native(name, true), rest),
            "own-field" => Key::Field(Owner::Own(Own::of(&name)?), rest),
            _ => return None,
        })
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl fmt::Display for Key {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.parts().join(&BETWEEN.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Key, Owner};

    #[test]
    fn a_key_is_read_as_it_was_written() {
        let path = vec!["root_block_device".to_owned(), "iops".to_owned()];
        let keys = [
            Key::Kind("acme.service".to_owned()),
            Key::Native("plays.host".to_owned(), true),
            Key::Field(Owner::Native("plays.host".to_owned(), false), path.clone()),
            Key::Field(Owner::Kind("store".to_owned()), path),
            Key::Member("data".to_owned(), "archive".to_owned()),
            Key::Value("a".to_owned(), String::new()),
        ];
        for key in keys {
            assert_eq!(Key::read(&key.to_string()), Some(key));
        }
        assert_eq!(Key::read("nothing"), None);
    }
}
