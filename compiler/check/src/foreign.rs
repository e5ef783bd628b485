//! Words of other languages that stand where a name of ours is looked up, and how the same is said here. They are looked at only
//! when there is no such name.

use source::Diagnostic;

/// Where a word stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Position {
    Type,
    Kind,
    Function,
    Value,
    Field,
    Pattern,
}

/// How it is said here.
pub(crate) fn said_here(position: Position, word: &str) -> Option<&'static str> {
    let words = match position {
        Position::Type => TYPES,
        Position::Kind => KINDS,
        Position::Function => FUNCTIONS,
        Position::Value => VALUES,
        Position::Field => FIELDS,
        Position::Pattern => PATTERNS,
    };
    words.iter().find(|entry| entry.0 == word).map(|entry| entry.1)
}

/// The message with how it is said here; where a word of ours stands for the other one as it is, with that change.
pub(crate) fn translated(told: Diagnostic, position: Position, word: &str, help: &str) -> Diagnostic {
    let told = told.help(help);
    let same = SAME.iter().find(|same| same.0 == position && same.1 == word);
    match (same, told.place()) {
        (Some((_, _, ours)), Some(place)) if place.len as usize == word.len() => {
            told.safe_fix(format!("write `{ours}`"), place, *ours)
        }
        _ => told,
    }
}

const SAME: &[(Position, &str, &str)] = &[
    (Position::Type, "boolean", "bool"),
    (Position::Type, "integer", "int"),
    (Position::Type, "double", "decimal"),
    (Position::Type, "float", "decimal"),
    (Position::Type, "str", "string"),
    (Position::Type, "text", "string"),
    (Position::Pattern, "default", "_"),
    (Position::Pattern, "else", "_"),
    (Position::Pattern, "otherwise", "_"),
    (Position::Function, "base64encode", "base64"),
    (Position::Function, "float", "decimal"),
    (Position::Function, "jsondecode", "parse_json"),
    (Position::Function, "jsonencode", "json"),
    (Position::Function, "yamlencode", "yaml"),
    (Position::Value, "False", "false"),
    (Position::Value, "None", "none"),
    (Position::Value, "True", "true"),
    (Position::Value, "nil", "none"),
    (Position::Value, "undefined", "none"),
];

const TYPES: &[(&str, &str)] = &[
    ("any", "say what it is; a JSON document is `json`"),
    ("array", "a list is `[T]`, such as `[string]`"),
    ("boolean", "write `bool`"),
    ("dict", "a map is `{string: T}`"),
    ("double", "a number with a fraction is a `decimal`"),
    ("enum", "one of several is `\"a\" | \"b\"`"),
    ("float", "a number with a fraction is a `decimal`"),
    ("integer", "a whole number is an `int`"),
    ("list", "a list is `[T]`, such as `[string]`"),
    ("map", "a map is `{string: T}`"),
    ("number", "a number is an `int` or a `decimal`"),
    ("object", "a record is `{ name: TYPE, … }`"),
    ("optional", "what may be absent is `T?`, such as `string?`"),
    ("set", "a list is `[T]`, such as `[string]`"),
    ("str", "write `string`"),
    ("text", "write `string`"),
];

const PATTERNS: &[(&str, &str)] = &[
    ("default", "all others are `_ => …`"),
    ("else", "all others are `_ => …`"),
    ("other", "all others are `_ => …`"),
    ("others", "all others are `_ => …`"),
    ("otherwise", "all others are `_ => …`"),
];

const KINDS: &[(&str, &str)] = &[
    ("data", "what exists already is read: `read terraform.aws_… NAME { … }`"),
    ("locals", "a name for a value is a `let NAME = …`"),
    ("module", "a module is a folder, brought in with `use NAME`"),
    ("resource", "a native resource is `terraform.aws_… NAME { … }`"),
    ("variable", "an input of the project is a `param NAME: TYPE = …`"),
];

const FUNCTIONS: &[(&str, &str)] = &[
    ("base64encode", "write `base64(text)`"),
    ("bool", "compare: `x == \"true\"`"),
    ("cidrhost", "write `lan.cidr.host(5)`"),
    ("cidrsubnet", "write `lan.cidr.subnet(8, 3)`"),
    ("coalesce", "write `a ?? b`"),
    ("concat", "texts and lists are joined with `++`: `a ++ b`"),
    ("element", "write `list[0]`"),
    ("env", "a program reads no environment variables; an input of the project is a `param`"),
    ("float", "write `decimal(x)`"),
    ("format", "put values into a text: `\"${a}-${b}\"`"),
    ("formatlist", "put values into texts: `[for x in xs: \"${x}-b\"]`"),
    ("getenv", "a program reads no environment variables; an input of the project is a `param`"),
    ("jsondecode", "write `parse_json(text)`"),
    ("jsonencode", "write `json(value)`"),
    ("len", "write `x.length`"),
    ("list", "write `[a, b]`"),
    ("lookup", "write `map.get(key) ?? other`"),
    ("map", "write `[for x in xs: x.name]`, or `{ a = 1 }` for a map"),
    ("merge", "maps and records are joined with `++`: `a ++ b`"),
    ("range", "a loop names what there is: `for zone in [\"a\", \"b\"]`"),
    ("set", "write `distinct(list)`"),
    ("size", "write `x.length`"),
    ("sprintf", "put values into a text: `\"${a}-${b}\"`"),
    ("str", "put it into a text: `\"${x}\"`"),
    ("string", "put it into a text: `\"${x}\"`"),
    ("templatefile", "write `template(\"file\", { name = value })`"),
    ("tolist", "write the list itself"),
    ("tonumber", "write `int(text)` or `decimal(text)`"),
    ("toset", "a loop goes over a list: write it without `toset`"),
    ("tostring", "put it into a text: `\"${x}\"`"),
    ("try", "write `a ?? b`"),
    ("yamlencode", "write `yaml(value)`"),
];

const VALUES: &[(&str, &str)] = &[
    ("False", "write `false`"),
    ("None", "write `none`"),
    ("True", "write `true`"),
    ("data", "what exists is declared with `read KIND NAME { … }` and read by its name"),
    ("each", "a loop names its variable: `for zone in zones`, then `zone`"),
    ("input", "inside of `implement` an input is read by its own name"),
    ("inputs", "inside of `implement` an input is read by its own name"),
    ("kubernetes", "an instance is read by its own name, without its kind: `NAME.metadata`"),
    ("local", "a `let` is read by its own name, without `local.`"),
    ("module", "a folder that `use` brings in is read by its own name"),
    ("nil", "write `none`"),
    ("no", "write `false`, or `\"no\"` for a text"),
    ("off", "write `false`, or `\"off\"` for a text"),
    ("tcp", "a port is written `443/tcp`; a computed one is `tcp(n)`"),
    ("terraform", "an instance is read by its own name, without its kind: `NAME.id`"),
    ("this", "inside of `implement` the instance is `self`"),
    ("udp", "a port is written `53/udp`; a computed one is `udp(n)`"),
    ("undefined", "write `none`"),
    ("var", "a `param` is read by its own name, without `var.`"),
    ("yes", "write `true`, or `\"yes\"` for a text"),
];

const FIELDS: &[(&str, &str)] = &[
    (
        "count",
        "a loop stands in the head: `KIND NAME for zone in [\"a\", \"b\"] { … }`, a condition `KIND NAME if CONDITION { … }`",
    ),
    ("depends_on", "what is referred to comes first by itself; any other order is `@after(x)` before the statement"),
    ("for_each", "a loop stands in the head: `KIND NAME for x in xs { … }`"),
    (
        "lifecycle",
        "write `@protect(true)`, `@replace(first = \"create\")` or `@ignore_drift(field)` before the statement",
    ),
    ("provider", "where it stands is said in the head: `KIND NAME on aws(region = \"eu-west-3\") { … }`"),
];
