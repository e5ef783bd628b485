//! Words that begin a statement in other languages, and what is written here instead.

/// Word and help, for whoever begins a line with it.
const STATEMENTS: &[(&str, &str)] = &[
    ("apiVersion", "a manifest is `kubernetes.deployment NAME { … }`; fields are set with `=`"),
    ("class", "an interface is `kind NAME { … }`, a record type `type NAME = { … }`"),
    ("const", "a name for a value is `let NAME = VALUE`"),
    ("data", "what exists already is read: `read terraform.aws_… NAME { … }`"),
    ("def", "a function is `fn NAME(x: TYPE) -> TYPE = VALUE`"),
    ("for", "a loop stands in the head of an instance: `KIND NAME for x in xs { … }`"),
    ("from", "another folder of the project is brought in with `use NAME`"),
    ("func", "a function is `fn NAME(x: TYPE) -> TYPE = VALUE`"),
    ("function", "a function is `fn NAME(x: TYPE) -> TYPE = VALUE`"),
    ("if", "a condition stands in the head of an instance: `KIND NAME if CONDITION { … }`"),
    ("import", "another folder of the project is brought in with `use NAME`"),
    ("include", "another folder of the project is brought in with `use NAME`"),
    ("locals", "a name for a value is `let NAME = VALUE`"),
    ("metadata", "a manifest is `kubernetes.deployment NAME { … }`; fields are set with `=`"),
    ("module", "a module is a folder of the project, brought in with `use NAME`"),
    ("provider", "an environment says where things run: `on = [aws(region = \"eu-west-3\")]`"),
    ("resource", "a native resource is `terraform.aws_… NAME { … }`"),
    ("spec", "a manifest is `kubernetes.deployment NAME { … }`; fields are set with `=`"),
    ("struct", "a record type is `type NAME = { … }`"),
    ("terraform", "the project is `project NAME { edition = 1 }`; where things run says an `environment`"),
    ("var", "a name for a value is `let NAME = VALUE`, an input of the project `param NAME: TYPE`"),
    ("variable", "an input of the project is `param NAME: TYPE = VALUE`"),
];

/// What to write instead of a statement that begins with this word, where it is one of another language.
pub(crate) fn statement(head: &str) -> Option<&'static str> {
    let is_part = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let word = head.get(..head.find(|character| !is_part(character)).unwrap_or(head.len()))?;
    STATEMENTS.iter().find(|entry| entry.0 == word).map(|entry| entry.1)
}
