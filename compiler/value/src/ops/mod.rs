//! The closed algebra of what may remain of a later value: one file per operation, with its arity, its documentation and its
//! value once all arguments are known. The compiler folds with it and the engine finishes with it: there is one interpreter.

mod base64;
mod choose;
mod equal;
mod fingerprint;
mod host_cidr;
mod index;
mod json;
mod lower;
mod otherwise;
mod parse_cidr;
mod parse_ip;
mod parse_json;
mod sha256;
mod text;
mod url_encode;

use crate::{Fault, Op, Store, Value, ValueId};

pub use self::base64::base64_text;
pub use self::fingerprint::{digest, sha256};
pub use self::json::json_text;

/// An operation of the algebra.
#[derive(Debug)]
pub struct Operation {
    /// Least and most number of arguments; no most when there may be any number.
    pub arity: (usize, Option<usize>),
    /// One or two sentences for the reference.
    pub docs: &'static str,
    /// The value when all arguments are known. The last argument is the environment's key for fingerprints.
    pub evaluate: Evaluate,
}

/// Store, arguments, the environment's key.
pub type Evaluate = fn(&mut Store, &[ValueId], Option<&[u8]>) -> Result<ValueId, Fault>;

/// What is known of an operation.
pub fn operation(op: Op) -> &'static Operation {
    match op {
        Op::Text => &text::OPERATION,
        Op::Json => &json::OPERATION,
        Op::Base64 => &base64::OPERATION,
        Op::ParseIp => &parse_ip::OPERATION,
        Op::ParseCidr => &parse_cidr::OPERATION,
        Op::HostCidr => &host_cidr::OPERATION,
        Op::Index => &index::OPERATION,
        Op::If => &choose::OPERATION,
        Op::Else => &otherwise::OPERATION,
        Op::Fingerprint => &fingerprint::OPERATION,
        Op::Sha256 => &sha256::OPERATION,
        Op::Lower => &lower::OPERATION,
        Op::Equal => &equal::OPERATION,
        Op::ParseJson => &parse_json::OPERATION,
        Op::UrlEncode => &url_encode::OPERATION,
    }
}

/// The operation on these arguments: its value as far as they are known, else the residual, simplified. `key` is the
/// environment's key for fingerprints; the compiler has none, so that they always remain.
pub fn apply(store: &mut Store, op: Op, args: &[ValueId], key: Option<&[u8]>) -> Result<ValueId, Fault> {
    let operation = operation(op);
    let (least, most) = operation.arity;
    if args.len() < least || most.is_some_and(|most| args.len() > most) {
        return Err(Fault::new(
            "wrong_operands",
            format!("`{}` does not take {} arguments", op.name(), args.len()),
            "this is a bug in infrac",
        ));
    }
    if let Some(unknown) = args.iter().find(|id| matches!(store.get(**id), Value::Unknown(_))) {
        return Ok(*unknown);
    }
    match op {
        // What decides is known before what is decided.
        Op::If if !is_later(store, args.first()) => choose::choose(store, args),
        Op::Else if !is_later(store, args.first()) => otherwise::otherwise(store, args),
        Op::Index if !is_later(store, args.first()) && !is_later(store, args.get(1)) => {
            (operation.evaluate)(store, args, key)
        }
        Op::Equal => match args {
            [left, right] => match crate::order::equal(store, *left, *right) {
                Some(answer) => Ok(store.add(Value::Bool(answer))),
                None => Ok(residual(store, op, args)),
            },
            _ => Ok(residual(store, op, args)),
        },
        Op::Fingerprint if key.is_none() => Ok(residual(store, op, args)),
        Op::Text => text::join(store, args),
        Op::If
        | Op::Else
        | Op::Index
        | Op::Fingerprint
        | Op::Sha256
        | Op::Json
        | Op::Base64
        | Op::ParseIp
        | Op::ParseCidr
        | Op::HostCidr
        | Op::Lower
        | Op::ParseJson
        | Op::UrlEncode => {
            if args.iter().any(|id| store.holds(*id).later()) {
                Ok(residual(store, op, args))
            } else {
                (operation.evaluate)(store, args, key)
            }
        }
    }
}

fn is_later(store: &Store, id: Option<&ValueId>) -> bool {
    id.is_none_or(|id| store.is_later(*id))
}

fn residual(store: &mut Store, op: Op, args: &[ValueId]) -> ValueId {
    store.add(Value::Op { op, args: args.into() })
}

/// What tells that a value has changed: of what is known and of what is no secret its digest, of a secret its fingerprint. What is
/// no text is told by its JSON.
pub fn print_of(store: &mut Store, value: ValueId) -> Result<ValueId, Fault> {
    let holds = store.holds(value);
    let known = store.folded(value);
    // What nobody knows yet may be a text: whoever has it, takes its JSON where it is none.
    let may_be_text = matches!(store.get(known), Value::Text(_) | Value::Ref { .. } | Value::Op { .. });
    let text = if may_be_text { value } else { apply(store, Op::Json, &[value], None)? };
    apply(store, if holds.secret() { Op::Fingerprint } else { Op::Sha256 }, &[text], None)
}

/// The known text behind an argument; of anything else its JSON, as of a number that a reference has become.
fn text_or_json(store: &Store, id: ValueId) -> Result<String, Fault> {
    let known = store.folded(id);
    match store.get(known) {
        Value::Text(text) => Ok(text.to_string()),
        _ => json_text(store, known),
    }
}

/// The known text behind an argument.
fn text_argument(store: &Store, op: Op, id: ValueId) -> Result<&str, Fault> {
    match store.get(store.folded(id)) {
        Value::Text(text) => Ok(text),
        _ => Err(Fault::new(
            "wrong_operands",
            format!("`{}` takes a text, not `{}`", op.name(), store.show_short(id)),
            "give it a text",
        )),
    }
}

#[cfg(test)]
mod tests {
    use source::Name;

    use super::*;
    use crate::{Address, Step};

    #[test]
    fn every_operation_says_what_it_is() {
        for op in Op::ALL {
            let operation = operation(op);
            assert!(operation.docs.ends_with('.'), "{}", op.name());
            assert!(operation.arity.1.is_none_or(|most| most >= operation.arity.0), "{}", op.name());
        }
    }

    #[test]
    fn known_conditions_choose_and_later_ones_remain() {
        let mut store = Store::default();
        let vm = store.address(Address { parent: None, name: Name::new("vm"), key: None });
        let later =
            store.add(Value::Ref { of: vm, path: [Step::Field(Name::new("id"))].into(), folded: None, secret: false });
        let (yes, one) = (store.add(Value::Bool(true)), store.add(Value::Int(1)));
        assert_eq!(apply(&mut store, Op::If, &[yes, later, one], None), Ok(later));
        let remains = apply(&mut store, Op::If, &[later, one, yes], None).unwrap();
        assert!(matches!(store.get(remains), Value::Op { op: Op::If, .. }));
        assert_eq!(apply(&mut store, Op::Else, &[Store::ABSENT, later], None), Ok(later));
        assert_eq!(apply(&mut store, Op::Else, &[one, later], None), Ok(one));
        assert_eq!(apply(&mut store, Op::Equal, &[later, later], None), Ok(yes));
        let list = store.list([one, later]);
        let zero = store.add(Value::Int(0));
        assert_eq!(apply(&mut store, Op::Index, &[list, zero], None), Ok(one));
        assert!(apply(&mut store, Op::Index, &[later, zero], None).is_ok_and(|id| store.is_later(id)));
        assert!(apply(&mut store, Op::If, &[yes], None).is_err());
    }
}
