//! Packs kinds that nobody publishes a schema of, from lines that say them:
//!
//! ```text
//! # Plays over many hosts.
//! target plays 1
//!
//! kind host
//!   name     string required
//!   groups   list string
//!   state    one of present absent
//!   variables map any
//!   address  string computed
//!   login    record required
//!     user     string required
//!     password string sensitive
//! ```
//!
//! The first line that says something names the target and the version. A field is its name, its type and what is known of it, indented by
//! two columns more than what it stands in; the fields of a record stand below it. A list or a map may be one of records. In a field that
//! is `sensitive` only secrets stand, in one that `admits_secret` they may.

use super::tree::{Field, NativeKind, Scalar, Shape};
use super::{Packed, write};
use crate::{Maker, Role, SchemaError};

const SCALARS: [(&str, Scalar); 8] = [
    ("any", Scalar::Any),
    ("bool", Scalar::Bool),
    ("cidr", Scalar::Cidr),
    ("duration", Scalar::DurationText),
    ("int", Scalar::Int),
    ("ip", Scalar::Ip),
    ("number", Scalar::Number),
    ("string", Scalar::String),
];

/// What may be known of a field.
const FLAGS: [&str; 4] = ["required", "computed", "sensitive", "admits_secret"];

const HEAD: &str = "it begins with `target NAME VERSION`";

/// Packs the kinds of a text. `place` is what messages call it.
pub fn pack_own(place: &str, text: &str) -> Result<Packed, SchemaError> {
    let lines =
        text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
    let lines: Vec<Line<'_>> = lines.map(|(at, text)| Line { number: at + 1, text }).collect();
    let refuse =
        |line: &Line<'_>, what: String| SchemaError::Document { place: format!("{place}:{}", line.number), what };
    let Some((head, rest)) = lines.split_first() else {
        return Err(SchemaError::Document { place: place.to_owned(), what: "it says nothing".to_owned() });
    };
    let words = head.words();
    let ["target", target, version] = words[..] else { return Err(refuse(head, HEAD.to_owned())) };
    let maker = Maker { target: target.to_owned(), source: String::new(), version: version.to_owned() };
    let mut kinds = Vec::new();
    let mut rest = rest;
    while let Some((line, below)) = rest.split_first() {
        let name = match (&line.words()[..], line.depth()) {
            (["kind", name], 0) => (*name).to_owned(),
            _ => return Err(refuse(line, "a kind is `kind NAME`, and its fields are indented".to_owned())),
        };
        let (fields, after) = fields(below, 1).map_err(|(line, what)| refuse(&line, what))?;
        rest = after;
        kinds.push(NativeKind { name, role: Role::Resource, deprecated: false, fields, object: None });
    }
    write::write(&maker, &kinds, Vec::new())
}

#[derive(Clone, Copy)]
struct Line<'t> {
    number: usize,
    text: &'t str,
}

impl<'t> Line<'t> {
    fn words(&self) -> Vec<&'t str> {
        self.text.split_whitespace().collect()
    }
    /// Two columns are one step.
    fn depth(&self) -> usize {
        self.text.chars().take_while(|character| *character == ' ').count().div_ceil(2)
    }
}

type Refused<'t> = (Line<'t>, String);

/// The fields that stand at a depth, and the lines after them.
fn fields<'l, 't>(mut lines: &'l [Line<'t>], depth: usize) -> Result<(Vec<Field>, &'l [Line<'t>]), Refused<'t>> {
    let mut all = Vec::new();
    while let Some((line, below)) = lines.split_first().filter(|(line, _)| line.depth() >= depth) {
        if line.depth() > depth {
            return Err((*line, "nothing stands above it that has fields".to_owned()));
        }
        let (field, after) = field(*line, below, depth)?;
        all.push(field);
        lines = after;
    }
    Ok((all, lines))
}

fn field<'l, 't>(line: Line<'t>, below: &'l [Line<'t>], depth: usize) -> Result<(Field, &'l [Line<'t>]), Refused<'t>> {
    let words = line.words();
    let Some((name, words)) = words.split_first() else { return Err((line, "a field has a name".to_owned())) };
    let is_flag = |word: &&str| FLAGS.contains(word);
    let split = words.iter().position(is_flag).unwrap_or(words.len());
    let (ty, flags) = words.split_at(split);
    if let Some(word) = flags.iter().find(|word| !is_flag(word)) {
        return Err((line, format!("`{word}` is none of `required`, `computed`, `sensitive` and `admits_secret`")));
    }
    let (shape, after) = shape(line, ty, below, depth)?;
    let says = |flag: &str| flags.contains(&flag);
    let (required, computed) = (says("required"), says("computed"));
    let plain = Field::optional(*name, shape);
    let field = Field {
        required,
        computed,
        optional: !required && !computed,
        sensitive: says("sensitive"),
        admits_secret: says("admits_secret"),
        ..plain
    };
    Ok((field, after))
}

fn shape<'l, 't>(
    line: Line<'t>,
    words: &[&str],
    below: &'l [Line<'t>],
    depth: usize,
) -> Result<(Shape, &'l [Line<'t>]), Refused<'t>> {
    match words {
        ["list", of @ ..] => shape(line, of, below, depth).map(|(of, after)| (Shape::list(of), after)),
        ["map", of @ ..] => shape(line, of, below, depth).map(|(of, after)| (Shape::Map(Box::new(of)), after)),
        ["record"] => fields(below, depth + 1).map(|(fields, after)| (Shape::Record(fields), after)),
        ["one", "of", values @ ..] if !values.is_empty() => {
            Ok((Shape::Enum(values.iter().map(|value| (*value).to_owned()).collect()), below))
        }
        [scalar] => match SCALARS.iter().find(|(name, _)| name == scalar) {
            Some((_, scalar)) => Ok((Shape::Scalar(*scalar), below)),
            None => Err((line, format!("there is no type `{scalar}`"))),
        },
        _ => Err((line, "its type is a word, `list TYPE`, `map TYPE`, `record` or `one of A B`".to_owned())),
    }
}
