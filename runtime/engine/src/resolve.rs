//! Values of a graph as drivers take them: references become what they refer to, residuals are finished by the one interpreter, and
//! what a secret went into is one.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use source::Name;
use state::{Secret, Tree, TreeStep};
use value::{AddressId, Fault, Store, Value, ValueId};

use crate::told::Told;
use crate::wanted::step_of;

/// What a reference refers to.
pub(crate) enum Found<'a> {
    Known(&'a Tree),
    Later,
}

/// Answers references.
pub(crate) type Lookup<'a> = dyn Fn(AddressId, &[TreeStep]) -> Found<'a> + 'a;

/// Finishes values. What it was told once it knows.
pub(crate) struct Resolver {
    store: Store,
    /// The environment's key for fingerprints.
    key: Option<Vec<u8>>,
    /// What references came to, and whether that is secret.
    known: FxHashMap<ValueId, (ValueId, bool)>,
}

impl Resolver {
    pub fn new(store: Store, key: Option<Vec<u8>>) -> Self {
        Self { store, key, known: FxHashMap::default() }
    }

    /// A value as far as it is known.
    ///
    /// # Errors
    /// An operation has no result for what came out.
    pub fn tree(&mut self, id: ValueId, lookup: &Lookup<'_>) -> Result<Tree, Told> {
        let told = |fault: Fault| Told::new(fault.code, fault.message, fault.help);
        self.part(id, lookup).map_err(told)
    }

    fn part(&mut self, id: ValueId, lookup: &Lookup<'_>) -> Result<Tree, Fault> {
        // What is known is not copied first: it may be large.
        if !self.store.holds(id).reference() {
            return tree_of(&self.store, id);
        }
        match self.store.get(id).clone() {
            Value::Record(fields) => {
                let parts = fields.iter().map(|(name, part)| Ok((name.text().into(), self.part(*part, lookup)?)));
                parts.collect::<Result<_, Fault>>().map(Tree::Map)
            }
            Value::Map(entries) => {
                let mut parts = std::collections::BTreeMap::new();
                for (key, part) in entries {
                    parts.insert(self.store.text_of(key)?.into(), self.part(part, lookup)?);
                }
                Ok(Tree::Map(parts))
            }
            Value::List(elements) => {
                elements.iter().map(|part| self.part(*part, lookup)).collect::<Result<_, Fault>>().map(Tree::List)
            }
            Value::Ref { .. } | Value::Op { .. } => self.finished(id, lookup),
            _ => tree_of(&self.store, id),
        }
    }

    /// A reference or a residual.
    fn finished(&mut self, id: ValueId, lookup: &Lookup<'_>) -> Result<Tree, Fault> {
        let mut secret = self.store.holds(id).secret();
        let (known, key) = (&mut self.known, self.key.as_deref());
        let value = self.store.replace(id, key, &mut |store, reference| {
            let (value, is_secret) = match known.get(&reference) {
                Some(known) => *known,
                None => {
                    let Value::Ref { of, path, .. } = store.get(reference).clone() else { return None };
                    let path: Vec<TreeStep> = path.iter().map(step_of).collect();
                    let Found::Known(tree) = lookup(of, &path) else { return None };
                    // A value that is known only in part is known when all of it is.
                    if tree.is_later() {
                        return None;
                    }
                    let found = (value_of(store, tree), tree.is_secret());
                    known.insert(reference, found);
                    found
                }
            };
            secret |= is_secret;
            Some(value)
        })?;
        if self.store.holds(value).later() {
            return Ok(Tree::Later);
        }
        let tree = tree_of(&self.store, value)?;
        Ok(if secret { Tree::Secret(Secret(Arc::new(tree))) } else { tree })
    }

    /// The values, with those that came out.
    pub fn into_store(self) -> Store {
        self.store
    }
}

/// A known value as drivers take it.
fn tree_of(store: &Store, id: ValueId) -> Result<Tree, Fault> {
    let id = store.folded(id);
    Ok(match store.get(id) {
        Value::Absent | Value::Null => Tree::Null,
        Value::Bool(truth) => Tree::Bool(*truth),
        Value::Int(number) => Tree::Number(number.to_string().into()),
        Value::Decimal(number) | Value::Ratio(number) => Tree::Number(value::number_text(number).into()),
        Value::Text(text) => Tree::text(&**text),
        Value::List(elements) => {
            Tree::List(elements.iter().map(|part| tree_of(store, *part)).collect::<Result<_, _>>()?)
        }
        Value::Record(fields) => {
            let fields = fields.iter().map(|(name, part)| Ok((name.text().into(), tree_of(store, *part)?)));
            Tree::Map(fields.collect::<Result<_, Fault>>()?)
        }
        Value::Map(entries) => {
            let entries = entries.iter().map(|(key, part)| Ok((store.text_of(*key)?.into(), tree_of(store, *part)?)));
            Tree::Map(entries.collect::<Result<_, Fault>>()?)
        }
        Value::Unknown(_) | Value::Ref { .. } | Value::Op { .. } => Tree::Later,
        Value::Size(_)
        | Value::Duration(_)
        | Value::Ip(_)
        | Value::Cidr(_)
        | Value::Port { .. }
        | Value::Date(_)
        | Value::Tagged { .. }
        | Value::Range(..)
        | Value::Instance(_)
        | Value::Endpoint(..)
        | Value::Flow { .. }
        | Value::Platform { .. } => Tree::text(store.text_of(id)?),
    })
}

/// What a driver shows, as a value that operations take. A secret is a plain value here: who asks knows that it is one.
fn value_of(store: &mut Store, tree: &Tree) -> ValueId {
    match tree {
        Tree::Null | Tree::Later | Tree::Sealed(_) => store.add(Value::Null),
        Tree::Bool(truth) => store.add(Value::Bool(*truth)),
        Tree::Number(number) => match (number.parse::<i64>(), value::number(number)) {
            (Ok(whole), _) => store.add(Value::Int(whole)),
            (Err(_), Ok(exact)) => store.add(exact),
            (Err(_), Err(_)) => store.text(&**number),
        },
        Tree::Text(text) => store.text(&**text),
        Tree::Secret(Secret(tree)) => value_of(store, tree),
        Tree::List(elements) => {
            let elements: Vec<ValueId> = elements.iter().map(|element| value_of(store, element)).collect();
            store.list(elements)
        }
        Tree::Map(entries) => {
            let fields = entries.iter().map(|(key, entry)| (Name::new(key), value_of(store, entry)));
            let fields = fields.collect();
            store.record(fields)
        }
    }
}
