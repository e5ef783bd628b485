//! `if` and `??` over later values. Terraform's `c ? a : b` gives both sides one type: of `"x"` and `1` it makes `"1"`, of two
//! records with different fields a map of texts. Where the sides are not surely alike they meet as JSON texts, which keeps each as it is and
//! still evaluates only the side that is taken.

use value::{Op, Value, ValueId};

use crate::index::Index;

/// `condition ? this : other`, each side as it would be alone.
pub fn choice(index: &Index<'_>, condition: &str, (this, this_text): Side, (other, other_text): Side) -> String {
    if are_alike(&shape(index, this), &shape(index, other)) {
        format!("({condition} ? {this_text} : {other_text})")
    } else {
        format!("jsondecode({condition} ? jsonencode({this_text}) : jsonencode({other_text}))")
    }
}

/// A value and its expression.
pub type Side = (ValueId, String);

/// What Terraform sees of the type of an expression.
#[derive(PartialEq, Eq, Debug)]
enum Shape {
    /// Whatever a resource gives.
    Given,
    Null,
    Text,
    Number,
    Bool,
    /// With the one shape of all elements; none for an empty list, which is a list of anything.
    List(Option<Box<Shape>>),
    /// A list of several shapes.
    Tuple,
    Object(Vec<(String, Shape)>),
}

fn are_alike(this: &Shape, other: &Shape) -> bool {
    use Shape::{Given, List, Null, Text, Tuple};
    match (this, other) {
        (Null, _) | (_, Null) => true,
        // Most of what is given is a text, and then a text it stays; beside anything else it would make texts of that.
        (Given, Given | Text) | (Text, Given) => true,
        (List(None), List(Some(inner))) | (List(Some(inner)), List(None)) => **inner != Tuple && is_uniform(inner),
        (this, other) => this == other && is_uniform(this),
    }
}

/// Whether nothing in it is converted when it meets its like: no null and no mixed list within.
fn is_uniform(shape: &Shape) -> bool {
    match shape {
        Shape::Given | Shape::Text | Shape::Number | Shape::Bool | Shape::List(None) => true,
        Shape::List(Some(inner)) => is_uniform(inner),
        Shape::Object(fields) => fields.iter().all(|(_, field)| is_uniform(field)),
        Shape::Null | Shape::Tuple => false,
    }
}

fn shape(index: &Index<'_>, id: ValueId) -> Shape {
    match index.store.get(id) {
        Value::Absent | Value::Null => Shape::Null,
        Value::Bool(_) => Shape::Bool,
        Value::Int(_) | Value::Decimal(_) => Shape::Number,
        Value::Text(_) | Value::Ip(_) | Value::Cidr(_) => Shape::Text,
        Value::List(elements) => {
            let shapes = elements.iter().map(|element| shape(index, *element));
            match shapes.reduce(joined) {
                Some(Shape::Tuple) => Shape::Tuple,
                one => Shape::List(one.map(Box::new)),
            }
        }
        Value::Record(fields) => {
            object(fields.iter().map(|(name, field)| (name.text().to_owned(), shape(index, *field))).collect())
        }
        Value::Map(entries) => {
            let key = |key: ValueId| match index.store.get(key) {
                Value::Text(text) => Some(text.to_string()),
                _ => None,
            };
            let fields = entries.iter().map(|(name, field)| Some((key(*name)?, shape(index, *field))));
            fields.collect::<Option<Vec<_>>>().map_or(Shape::Tuple, object)
        }
        Value::Op { op: Op::If, args } => either(index, args.get(1), args.get(2)),
        Value::Op { op: Op::Else, args } => either(index, args.first(), args.get(1)),
        Value::Op { op: Op::Equal, .. } => Shape::Bool,
        Value::Op { op: Op::Index | Op::ParseJson, .. } => Shape::Given,
        Value::Op { op: Op::ParseIp | Op::ParseCidr, .. } => Shape::Text,
        Value::Op { op, .. } if op.gives_text() => Shape::Text,
        _ => Shape::Given,
    }
}

/// The shape of a choice.
fn either(index: &Index<'_>, this: Option<&ValueId>, other: Option<&ValueId>) -> Shape {
    let (Some(this), Some(other)) = (this, other) else { return Shape::Given };
    joined(shape(index, *this), shape(index, *other))
}

/// One shape for two values; a mixed list where they are not alike.
fn joined(this: Shape, other: Shape) -> Shape {
    match (this, other) {
        (Shape::Given, side) | (side, Shape::Given) if are_alike(&Shape::Given, &side) => side,
        (this, other) if this == other => this,
        _ => Shape::Tuple,
    }
}

fn object(mut fields: Vec<(String, Shape)>) -> Shape {
    fields.sort_by(|(left, _), (right, _)| left.cmp(right));
    Shape::Object(fields)
}
