//! A block of a set: Terraform keeps sets in an order of its own, so the block is found by a field in which it differs from the
//! others: `one([for block in aws_instance.vm.ebs_block_device : block if block.device_name == "sdh"])`.

use source::Name;
use value::{Step, Store, Value, ValueId};

use crate::body::path_text;
use crate::crossing::Refusal;
use crate::index::Index;
use crate::terraform::expression::expression;

/// The block that stands at this position of what a resource's body says of the set at a path; none where no other stands there.
pub(super) fn block_of_set(
    index: &Index<'_>,
    resource: usize,
    path: &[Step],
    set: &str,
    position: u32,
) -> Result<Option<String>, Refusal> {
    let blocks = blocks_at(index.store, index.body(resource), path);
    let Some(block) = blocks.get(position as usize) else { return Ok(None) };
    let others: Vec<ValueId> = blocks.iter().filter(|other| *other != block).copied().collect();
    if others.is_empty() {
        return Ok(Some(format!("one({set}[*])")));
    }
    match differing(index.store, *block, &others) {
        Some((field, is)) => {
            let is = expression(index, is)?;
            Ok(Some(format!("one([for block in {set} : block if block.{field} == {is}])")))
        }
        None => Err(Refusal {
            code: "no_position",
            message: format!("nothing tells the blocks of `{}` apart", path_text(path)),
            help: "they are a set: give each a field of its own value, such as a name, by which one can be found"
                .to_owned(),
        }),
    }
}

/// The blocks that a body says at a path.
fn blocks_at(store: &Store, body: ValueId, path: &[Step]) -> Vec<ValueId> {
    let mut at = Some(body);
    for step in path {
        at = at.map(|at| store.folded(at)).and_then(|at| match (store.get(at), step) {
            (Value::Record(_), Step::Field(name)) => store.field(at, *name),
            (Value::Record(_), Step::First) => Some(at),
            (Value::List(elements), Step::First) => elements.first().copied(),
            (Value::List(elements), Step::Index(nth) | Step::Element(nth)) => elements.get(*nth as usize).copied(),
            (Value::Map(entries), Step::Key(name) | Step::Field(name)) => entries
                .iter()
                .find(|(key, _)| matches!(store.get(*key), Value::Text(text) if text.as_ref() == name.text()))
                .map(|(_, entry)| *entry),
            (_, _) => None,
        });
    }
    match at.map(|at| store.get(store.folded(at))) {
        Some(Value::List(elements)) => elements.to_vec(),
        _ => Vec::new(),
    }
}

/// A field of a block, with its value, in which all others have another one: better one that is known than one that is later.
fn differing(store: &Store, block: ValueId, others: &[ValueId]) -> Option<(Name, ValueId)> {
    let Value::Record(fields) = store.get(store.folded(block)) else { return None };
    let differs = |name: Name, is: ValueId, known: bool| {
        is_leaf(store, is, known)
            && others.iter().all(|other| {
                let other = store.field(store.folded(*other), name).map(|other| store.folded(other));
                other.is_some_and(|other| other != is && is_leaf(store, other, known))
            })
    };
    let folded = || fields.iter().map(|(name, is)| (*name, store.folded(*is)));
    let of_the_program = folded().find(|(name, is)| differs(*name, *is, true));
    of_the_program.or_else(|| folded().find(|(name, is)| differs(*name, *is, false)))
}

/// Whether a value can be compared: one of the program's own, or one that is known only later.
fn is_leaf(store: &Store, value: ValueId, known: bool) -> bool {
    match store.get(value) {
        Value::Text(_) | Value::Int(_) | Value::Bool(_) | Value::Decimal(_) | Value::Ip(_) | Value::Cidr(_) => known,
        Value::Ref { .. } | Value::Op { .. } => !known && !store.holds(value).secret(),
        _ => false,
    }
}
