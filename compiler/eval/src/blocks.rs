//! Blocks of native resources that stand in a list, a set or a map. A loop over them goes over references: what the block sets is
//! known, what its maker decides in it is later. A set has no positions, so nothing can be asked for the first of one.

use check::checked::NativeKind;
use rustc_hash::FxHashSet;
use schema::FieldType;
use source::Name;
use value::{AddressId, Fault, Step, Value, ValueId};

use crate::evaluate::Evaluation;

/// Built-ins that ask for elements by their position.
const BY_POSITION: [&str; 5] = ["drop", "first", "get", "last", "take"];

impl Evaluation<'_> {
    /// The collection that is known behind a reference, with each block in it as a reference of its own.
    pub(crate) fn blocks_behind(&mut self, reference: ValueId, known: ValueId) -> ValueId {
        if let Some(done) = self.blocks.get(&reference) {
            return *done;
        }
        let blocks = match self.store.get(known).clone() {
            Value::List(elements) if elements.iter().any(|element| self.has_parts(*element)) => {
                let is_set = self.is_set(reference);
                let blocks = (0u32..).zip(elements.iter()).map(|(at, element)| {
                    let step = if is_set { Step::Element(at) } else { Step::Index(at) };
                    self.block_behind(reference, step, *element)
                });
                let blocks: Vec<ValueId> = blocks.collect();
                self.store.list(blocks)
            }
            Value::Map(entries) if entries.iter().any(|(_, entry)| self.has_parts(*entry)) => {
                let blocks = entries.iter().map(|(key, entry)| match self.store.get(*key) {
                    Value::Text(text) => {
                        let step = Step::Key(Name::new(text));
                        (*key, self.block_behind(reference, step, *entry))
                    }
                    _ => (*key, *entry),
                });
                let blocks: Vec<(ValueId, ValueId)> = blocks.collect();
                self.store.map(blocks)
            }
            _ => known,
        };
        self.blocks.insert(reference, blocks);
        blocks
    }

    fn block_behind(&mut self, reference: ValueId, step: Step, element: ValueId) -> ValueId {
        if self.has_parts(element) { self.extend(reference, step, Some(element), false) } else { element }
    }

    fn has_parts(&self, value: ValueId) -> bool {
        matches!(self.store.get(self.store.folded(value)), Value::Record(_) | Value::List(_) | Value::Map(_))
    }

    /// A field that is reached through a set: what is known of it is passed on as it is, for a set is only looked through for
    /// what its maker decides.
    pub(crate) fn through_set(&self, field: ValueId) -> ValueId {
        match self.store.get(field) {
            Value::Ref { path, folded: Some(known), secret: false, .. }
                if !self.has_parts(*known) && path.iter().any(|step| matches!(step, Step::Element(_))) =>
            {
                *known
            }
            _ => field,
        }
    }

    /// Whether the maker decides about the blocks of a field when a body has none of them: it decides something in each.
    pub(crate) fn decides_blocks(&self, native: &NativeKind, name: Name) -> bool {
        let Some(schema) = self.checked.schemas.get(native.schema.0 as usize) else { return false };
        let Some(member) = self.members(native).find(|member| member.name == name.text()) else { return false };
        match member.ty {
            FieldType::List(of) | FieldType::Set(of) if member.block => match schema.ty(of) {
                FieldType::Record(row) => schema.members(row).any(|member| member.computed),
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether a block is not there where the program does not write it: within a block that it writes as one of several, makers add
    /// none. Those of a resource they may.
    pub(crate) fn is_left_out(&self, within: ValueId, name: Name) -> bool {
        let Value::Ref { path, .. } = self.store.get(within) else { return false };
        path.iter().any(|step| matches!(step, Step::Index(_) | Step::Element(_) | Step::Key(_)))
            && self.member_within(within, name).is_some_and(|member| member.block)
    }

    /// Whether a field is written as null where the program does not set it: its maker decides it then.
    pub(crate) fn is_nullable(&self, within: ValueId, name: Name) -> bool {
        self.member_within(within, name).is_some_and(|member| member.nullable)
    }

    /// What the maker says of a field of what a reference leads to.
    fn member_within(&self, within: ValueId, name: Name) -> Option<schema::Member<'_>> {
        let Value::Ref { of, path, .. } = self.store.get(within) else { return None };
        let Some(FieldType::Record(row)) = self.native_type(*of, path) else { return None };
        let native = self.native_of(self.by_address(*of)?)?;
        self.checked.schemas.get(native.schema.0 as usize)?.member(row, name.text())
    }

    /// What is set at a path, read back: a set of values has each of them once.
    pub(crate) fn without_repeats(&mut self, of: AddressId, path: &[Step], set: ValueId) -> ValueId {
        let Value::List(elements) = self.store.get(self.store.folded(set)) else { return set };
        if elements.len() < 2
            || elements.iter().any(|element| self.has_parts(*element))
            || !matches!(self.native_type(of, path), Some(FieldType::Set(_)))
        {
            return set;
        }
        let mut seen = FxHashSet::default();
        let once: Vec<ValueId> =
            elements.iter().copied().filter(|element| seen.insert(self.store.folded(*element))).collect();
        if once.len() == elements.len() { set } else { self.store.list(once) }
    }

    /// Whether a reference is to a set of its maker's.
    pub(crate) fn is_set(&self, reference: ValueId) -> bool {
        match self.store.get(reference) {
            Value::Ref { of, path, .. } => matches!(self.native_type(*of, path), Some(FieldType::Set(_))),
            _ => false,
        }
    }

    /// What the maker of a native resource says stands at a path in it.
    fn native_type(&self, of: AddressId, path: &[Step]) -> Option<FieldType> {
        let native = self.native_of(self.by_address(of)?)?;
        let schema = self.checked.schemas.get(native.schema.0 as usize)?;
        let row = schema.kind(native.name.text(), native.role)?.row();
        path.iter().try_fold(FieldType::Record(row), |at, step| match (at, step) {
            (FieldType::Record(row), Step::Field(name)) => Some(schema.member(row, name.text())?.ty),
            (FieldType::List(of) | FieldType::Set(of), Step::Index(_) | Step::Element(_)) => Some(schema.ty(of)),
            (FieldType::Map(of), Step::Key(_) | Step::Field(_)) => Some(schema.ty(of)),
            // A block that stands once is a record already.
            (at, Step::First) => Some(at),
            (_, _) => None,
        })
    }

    /// Why an element of a set cannot be had by its position.
    pub(crate) fn no_position(&self, set: ValueId) -> Fault {
        let text = self.reference_text(set);
        let field = match self.store.get(self.store.folded(set)) {
            Value::List(elements) => elements.first().and_then(|element| self.field_that_tells(*element)),
            _ => None,
        };
        let help = match field {
            Some((name, is)) => format!("select by a field: `first([for b in {text} if b.{name} == {is}: b])`"),
            None => format!("go over all of it: `[for x in {text}: …]`"),
        };
        Fault::new("no_position", format!("`{text}` is a set: it has no order, and no first element"), help)
    }

    /// A field of a block with its value, for an example.
    fn field_that_tells(&self, block: ValueId) -> Option<(String, String)> {
        let Value::Record(fields) = self.store.get(self.store.folded(block)) else { return None };
        let plain = |value: ValueId| {
            let value = self.store.folded(value);
            matches!(self.store.get(value), Value::Text(_) | Value::Int(_)).then(|| self.store.show(value))
        };
        fields.iter().find_map(|(name, value)| Some((name.text().to_owned(), plain(*value)?)))
    }

    /// Whether a built-in asks a set for elements by their position.
    pub(crate) fn asks_position(&self, built_in: &str, values: &[ValueId]) -> Option<ValueId> {
        let set = values.first().copied()?;
        (BY_POSITION.contains(&built_in) && self.is_set(set)).then_some(set)
    }
}
