//! Which way a condition went, where that can be seen without running the program: from inputs whose values the graph holds,
//! and from literals.

use check::code::{BinaryOperator, Code, CodeKind, Fact, ListPart, MapPart, RecordPart};
use value::{Value, ValueId};

use super::path::Hop;
use super::read::value_at;
use super::walk::{Context, Walk};

/// A value as far as it is seen.
enum Seen<'a> {
    /// In the graph's store.
    Value(ValueId),
    Literal(&'a Value),
    Text(&'static str),
    /// `{}` or `[]`
    Empty,
    Absent,
}

impl<'a> Walk<'_, 'a> {
    /// Whether a condition held; none when it cannot be seen.
    pub(crate) fn decide(&self, code: &'a Code, context: &Context<'a>, depth: usize) -> Option<bool> {
        if depth > 20 {
            return None;
        }
        match code.kind.as_ref() {
            CodeKind::Const(Value::Bool(answer)) => Some(*answer),
            CodeKind::And(left, right) => {
                match (self.decide(left, context, depth + 1), self.decide(right, context, depth + 1)) {
                    (Some(false), _) | (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                }
            }
            CodeKind::Or(left, right) => {
                match (self.decide(left, context, depth + 1), self.decide(right, context, depth + 1)) {
                    (Some(true), _) | (_, Some(true)) => Some(true),
                    (Some(false), Some(false)) => Some(false),
                    _ => None,
                }
            }
            CodeKind::Not(of) => self.decide(of, context, depth + 1).map(|answer| !answer),
            CodeKind::Binary {
                operator: operator @ (BinaryOperator::Equal | BinaryOperator::NotEqual),
                left,
                right,
            } => {
                let same = self.same(&self.see(left, context, depth + 1)?, &self.see(right, context, depth + 1)?)?;
                Some(same == (*operator == BinaryOperator::Equal))
            }
            CodeKind::SelfInput(_)
            | CodeKind::Input { .. }
            | CodeKind::Let(_)
            | CodeKind::Param(_)
            | CodeKind::Local(_) => match self.see(code, context, depth + 1)? {
                Seen::Value(value) => match self.known.graph.store.get(self.known.graph.store.folded(value)) {
                    Value::Bool(answer) => Some(*answer),
                    _ => None,
                },
                Seen::Literal(Value::Bool(answer)) => Some(*answer),
                Seen::Literal(_) | Seen::Text(_) | Seen::Empty | Seen::Absent => {
                    self.decide_below(code, context, depth)
                }
            },
            _ => None,
        }
    }

    fn decide_below(&self, code: &'a Code, context: &Context<'a>, depth: usize) -> Option<bool> {
        let (inner, code) = self.behind(code, context)?;
        self.decide(code, &inner, depth + 1)
    }

    /// Whether `left ?? right` is the left; none when it cannot be seen.
    pub(crate) fn is_there(&self, code: &'a Code, context: &Context<'a>) -> Option<bool> {
        match self.see(code, context, 0)? {
            Seen::Absent => Some(false),
            Seen::Value(_) | Seen::Literal(_) | Seen::Text(_) | Seen::Empty => Some(true),
        }
    }

    /// Whether only the shape of a value matters to a comparison with this: `x != {}`, `x == none`.
    pub(crate) fn is_shape(code: &Code) -> bool {
        matches!(code.kind.as_ref(), CodeKind::Const(Value::Absent)) || is_empty(code)
    }

    fn see(&self, code: &'a Code, context: &Context<'a>, depth: usize) -> Option<Seen<'a>> {
        if depth > 20 {
            return None;
        }
        if is_empty(code) {
            return Some(Seen::Empty);
        }
        match code.kind.as_ref() {
            CodeKind::Const(Value::Absent) => Some(Seen::Absent),
            CodeKind::Const(value) => Some(Seen::Literal(value)),
            CodeKind::Environment => self.known.chain.first().map(|environment| Seen::Text(environment.name.text())),
            CodeKind::Fact { fact: Fact::Tier, .. } => {
                self.known.chain.first().map(|environment| Seen::Text(environment.tier.text()))
            }
            CodeKind::SelfInput(name) => {
                let owner = self.known.owner(&context.this)?;
                Some(self.known.input_value(owner, *name).map_or(Seen::Absent, |value| self.seen(value)))
            }
            CodeKind::Field { of, name, .. } => match self.see(of, context, depth + 1)? {
                Seen::Value(value) => value_at(self.known, value, &[Hop::Name(*name)]).map(|value| self.seen(value)),
                Seen::Literal(_) | Seen::Text(_) | Seen::Empty | Seen::Absent => None,
            },
            CodeKind::Convert { code, .. } if matches!(code.kind.as_ref(), CodeKind::SelfInput(_)) => {
                self.see(code, context, depth + 1)
            }
            _ => {
                let (inner, code) = self.behind(code, context)?;
                self.see(code, &inner, depth + 1)
            }
        }
    }

    fn seen(&self, value: ValueId) -> Seen<'a> {
        match self.known.graph.store.get(self.known.graph.store.folded(value)) {
            Value::Absent => Seen::Absent,
            _ => Seen::Value(value),
        }
    }

    /// None for what is known only later.
    fn same(&self, left: &Seen<'_>, right: &Seen<'_>) -> Option<bool> {
        let store = &self.known.graph.store;
        let scalar = |value: &Value, other: &Value| match (value, other) {
            (Value::Ref { .. } | Value::Op { .. }, _) | (_, Value::Ref { .. } | Value::Op { .. }) => None,
            (Value::Tagged { tag, fields }, Value::Text(text)) | (Value::Text(text), Value::Tagged { tag, fields })
                if fields.is_empty() =>
            {
                Some(tag.text() == text.as_ref())
            }
            (value, other) => Some(value == other),
        };
        match (left, right) {
            (Seen::Absent, Seen::Absent) | (Seen::Empty, Seen::Empty) => Some(true),
            (Seen::Absent, _) | (_, Seen::Absent) => Some(false),
            (Seen::Empty, Seen::Value(value)) | (Seen::Value(value), Seen::Empty) => {
                match store.get(store.folded(*value)) {
                    Value::List(elements) => Some(elements.is_empty()),
                    Value::Map(entries) => Some(entries.is_empty()),
                    Value::Record(fields) => Some(fields.is_empty()),
                    _ => None,
                }
            }
            (Seen::Empty, _) | (_, Seen::Empty) => None,
            (Seen::Value(left), Seen::Value(right)) => {
                scalar(store.get(store.folded(*left)), store.get(store.folded(*right)))
            }
            (Seen::Value(value), Seen::Literal(literal)) | (Seen::Literal(literal), Seen::Value(value)) => {
                scalar(store.get(store.folded(*value)), literal)
            }
            (Seen::Literal(left), Seen::Literal(right)) => scalar(left, right),
            (Seen::Text(text), other) | (other, Seen::Text(text)) => match other {
                Seen::Text(other) => Some(text == other),
                Seen::Literal(Value::Text(other)) => Some(*text == other.as_ref()),
                Seen::Literal(_) | Seen::Value(_) | Seen::Empty | Seen::Absent => None,
            },
        }
    }
}

fn is_empty(code: &Code) -> bool {
    match code.kind.as_ref() {
        CodeKind::Record(parts) => <[RecordPart]>::is_empty(parts),
        CodeKind::Map(parts) => <[MapPart]>::is_empty(parts),
        CodeKind::List(parts) => <[ListPart]>::is_empty(parts),
        CodeKind::Convert { code, .. } => is_empty(code),
        _ => false,
    }
}
