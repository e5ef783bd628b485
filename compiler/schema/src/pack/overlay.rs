//! The overlay: what a maker's schema says too weakly, in lines of a small text file.
//!
//! ```text
//! # an address, wherever it stands
//! **.cidr_block = cidr
//! aws_instance.private_ip = ip
//! ```
//!
//! The left side is a path of names from the kind down, lists and maps counted as their elements; `*` stands for any
//! run within a name, `**` for one or more whole names. The right side is a scalar, or `plain` for the type that the
//! maker published, `computed` for a field that cannot be set, `sensitive` for one that must not be shown. The last
//! line that matches decides.

use super::tree::{Field, NativeKind, Scalar, Shape};
use crate::SchemaError;

/// Refinements of a maker's schema.
#[derive(Debug, Clone, Default)]
pub struct Overlay {
    rules: Vec<Rule>,
}

#[derive(Debug, Clone)]
struct Rule {
    line: usize,
    path: Vec<String>,
    says: Refinement,
    matched: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refinement {
    Scalar(Scalar),
    Computed,
    Sensitive,
    Plain,
}

const SCALARS: [(&str, Scalar); 13] = [
    ("ip", Scalar::Ip),
    ("cidr", Scalar::Cidr),
    ("json", Scalar::Json),
    ("int", Scalar::Int),
    ("duration", Scalar::DurationText),
    ("milliseconds", Scalar::DurationMilliseconds),
    ("seconds", Scalar::DurationSeconds),
    ("minutes", Scalar::DurationMinutes),
    ("hours", Scalar::DurationHours),
    ("days", Scalar::DurationDays),
    ("bytes", Scalar::SizeBytes),
    ("mebibytes", Scalar::SizeMebibytes),
    ("gibibytes", Scalar::SizeGibibytes),
];

impl Overlay {
    /// Reads an overlay. Empty lines and lines that start with `#` say nothing.
    pub fn parse(text: &str) -> Result<Self, SchemaError> {
        let mut rules = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let line_number = number + 1;
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            rules
                .push(Rule::parse(line, line_number).map_err(|what| SchemaError::Overlay { line: line_number, what })?);
        }
        Ok(Self { rules })
    }

    /// Refines kinds in place; answers with the lines that matched no field.
    pub(crate) fn apply(mut self, kinds: &mut [NativeKind]) -> Vec<usize> {
        for native in kinds {
            let mut path = vec![native.name.clone()];
            self.refine_fields(&mut path, &mut native.fields);
        }
        self.rules.iter().filter(|rule| !rule.matched).map(|rule| rule.line).collect()
    }

    fn refine_fields(&mut self, path: &mut Vec<String>, fields: &mut [Field]) {
        for field in fields {
            path.push(field.name.clone());
            match self.decide(path, &field.shape) {
                Some(Refinement::Scalar(scalar)) => {
                    if let Some(leaf) = leaf(&mut field.shape) {
                        *leaf = scalar;
                    }
                }
                Some(Refinement::Computed) => {
                    (field.required, field.optional, field.computed) = (false, false, true);
                }
                Some(Refinement::Sensitive) => field.sensitive = true,
                Some(Refinement::Plain) | None => {}
            }
            if let Some(inner) = inner_fields(&mut field.shape) {
                self.refine_fields(path, inner);
            }
            path.pop();
        }
    }

    fn decide(&mut self, path: &[String], shape: &Shape) -> Option<Refinement> {
        let native = leaf_of(shape);
        let mut decided = None;
        for rule in &mut self.rules {
            let fits = match rule.says {
                Refinement::Scalar(scalar) => native.is_some_and(|native| refines(scalar, native)),
                Refinement::Computed | Refinement::Sensitive | Refinement::Plain => true,
            };
            if fits && path_matches(&rule.path, path) {
                rule.matched = true;
                decided = Some(rule.says);
            }
        }
        decided
    }
}

impl Rule {
    fn parse(line: &str, number: usize) -> Result<Self, String> {
        let (path, says) = line.split_once('=').ok_or_else(|| "there is no `=`".to_owned())?;
        let path: Vec<String> = path.trim().split('.').map(str::to_owned).collect();
        if path.len() < 2 || path.iter().any(String::is_empty) {
            return Err("its left side is not a path such as `kind.field`".to_owned());
        }
        let says = match says.trim() {
            "computed" => Refinement::Computed,
            "sensitive" => Refinement::Sensitive,
            "plain" => Refinement::Plain,
            other => match SCALARS.iter().find(|(name, _)| *name == other) {
                Some((_, scalar)) => Refinement::Scalar(*scalar),
                None => return Err(format!("`{other}` is no type that a field can have")),
            },
        };
        Ok(Self { line: number, path, says, matched: false })
    }
}

/// Whether a field of this native type can be spelt as this scalar.
fn refines(scalar: Scalar, native: Scalar) -> bool {
    match scalar {
        Scalar::Ip | Scalar::Cidr | Scalar::Json | Scalar::DurationText => native == Scalar::String,
        _ => matches!(native, Scalar::Number | Scalar::Int),
    }
}

/// The scalar at the bottom of lists, sets and maps.
fn leaf_of(shape: &Shape) -> Option<Scalar> {
    match shape {
        Shape::Scalar(scalar) => Some(*scalar),
        Shape::List { of, .. } | Shape::Set(of) | Shape::Map(of) => leaf_of(of),
        Shape::Record(_) | Shape::Enum(_) => None,
    }
}

fn leaf(shape: &mut Shape) -> Option<&mut Scalar> {
    match shape {
        Shape::Scalar(scalar) => Some(scalar),
        Shape::List { of, .. } | Shape::Set(of) | Shape::Map(of) => leaf(of),
        Shape::Record(_) | Shape::Enum(_) => None,
    }
}

fn inner_fields(shape: &mut Shape) -> Option<&mut [Field]> {
    match shape {
        Shape::Record(fields) => Some(fields),
        Shape::List { of, .. } | Shape::Set(of) | Shape::Map(of) => inner_fields(of),
        Shape::Scalar(_) | Shape::Enum(_) => None,
    }
}

fn path_matches(pattern: &[String], path: &[String]) -> bool {
    // Most rules fail at the last name, so that is looked at first.
    let (Some((last, pattern)), Some((name, path))) = (pattern.split_last(), path.split_last()) else {
        return pattern.is_empty() && path.is_empty();
    };
    if last == "**" {
        return (0..=path.len()).any(|keep| path_matches(pattern, path.get(..keep).unwrap_or_default()));
    }
    name_matches(last.as_bytes(), name.as_bytes()) && path_matches(pattern, path)
}

fn name_matches(pattern: &[u8], name: &[u8]) -> bool {
    match pattern.split_first() {
        None => name.is_empty(),
        Some((b'*', rest)) => (0..=name.len()).any(|skip| name_matches(rest, name.get(skip..).unwrap_or_default())),
        Some((wanted, rest)) => {
            name.split_first().is_some_and(|(found, name)| found == wanted && name_matches(rest, name))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, path: &str) -> bool {
        let split = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<_>>();
        path_matches(&split(pattern), &split(path))
    }

    #[test]
    fn stars_match_within_a_name_and_two_stars_match_names() {
        assert!(matches("aws_vpc.cidr_block", "aws_vpc.cidr_block"));
        assert!(matches("**.cidr_block", "aws_vpc.cidr_block"));
        assert!(matches("**.cidr_block", "aws_x.inner.deep.cidr_block"));
        assert!(matches("aws_*.cidr_*", "aws_vpc.cidr_ipv4"));
        assert!(matches("a.**.c", "a.b.b.c"));
        assert!(!matches("a.**.c", "a.c"));
        assert!(!matches("**.cidr_block", "aws_vpc.ipv6_cidr_block"));
        assert!(!matches("*.cidr_block", "aws_x.inner.cidr_block"));
    }

    #[test]
    fn a_line_that_cannot_be_read_is_told_with_its_number() {
        let told = |text: &str| Overlay::parse(text).unwrap_err().to_string();
        assert_eq!(told("# fine\n\nfield\n"), "line 3 of the overlay: there is no `=`");
        assert_eq!(told("a.b = adress"), "line 1 of the overlay: `adress` is no type that a field can have");
        assert_eq!(told("a = ip"), "line 1 of the overlay: its left side is not a path such as `kind.field`");
    }
}
