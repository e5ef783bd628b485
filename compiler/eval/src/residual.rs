//! What is known only later: references and residuals. "Fold for deciding, refer for passing": a reference to a value that
//! an instance sets itself is known when something is decided by it, and stays a reference where it is passed on.

use source::Place;
use value::{Fault, Op, Step, Store, Value, ValueId};

use crate::evaluate::Evaluation;

impl Evaluation<'_> {
    /// The value itself, when it is known; what is in it may be later. None: it is known only later.
    pub(crate) fn known(&mut self, value: ValueId) -> Option<ValueId> {
        let folded = self.store.folded(value);
        match self.store.get(folded) {
            Value::Ref { .. } => None,
            Value::Op { .. } => self.deep_known(folded),
            Value::List(_) | Value::Map(_) if folded != value => Some(self.blocks_behind(value, folded)),
            _ => Some(folded),
        }
    }

    /// The value with every reference in it folded, when all of it is known.
    pub(crate) fn deep_known(&mut self, value: ValueId) -> Option<ValueId> {
        if !self.store.holds(value).reference() {
            return Some(value);
        }
        if let Some(done) = self.folds.get(&value) {
            return *done;
        }
        let folded = fold(&mut self.store, value).ok().filter(|folded| !self.store.holds(*folded).later());
        self.folds.insert(value, folded);
        folded
    }

    /// An operation on values of which at least one is later, or a reference that is passed on.
    pub(crate) fn residual(&mut self, op: Op, args: &[ValueId], place: Place) -> ValueId {
        if let Some(unknown) = args.iter().find(|arg| self.is_unknown(**arg)) {
            return *unknown;
        }
        let mut result = match (op, args) {
            (Op::Fingerprint, [value]) => value::ops::print_of(&mut self.store, *value),
            _ => value::ops::apply(&mut self.store, op, args, None),
        };
        // A text or document that is known already but says a reference stays one where it is passed on, as the reference would.
        if let Ok(known) = result {
            let passes_on =
                matches!(op, Op::Text | Op::Json | Op::Base64 | Op::Lower | Op::ParseIp | Op::ParseCidr | Op::HostCidr);
            if passes_on
                && !matches!(self.store.get(known), Value::Op { .. })
                && args.iter().any(|arg| self.store.holds(*arg).reference())
            {
                result = self.merged(op, args);
            }
        }
        match result {
            Ok(value) if self.spend_value(value, place) => value,
            Ok(_) => self.unknown(place, "the budget is used up"),
            Err(fault) => self.fault(place, &fault),
        }
    }

    /// The operation as a residual; of a text, known neighbours are joined and inner texts taken apart.
    fn merged(&mut self, op: Op, args: &[ValueId]) -> Result<ValueId, Fault> {
        if op != Op::Text {
            return Ok(self.store.add(Value::Op { op, args: args.into() }));
        }
        let mut parts: Vec<ValueId> = Vec::with_capacity(args.len());
        let mut known = String::new();
        let mut open: Vec<ValueId> = args.iter().rev().copied().collect();
        while let Some(part) = open.pop() {
            match self.store.get(part) {
                Value::Op { op: Op::Text, args } => open.extend(args.iter().rev()),
                Value::Op { .. } | Value::Ref { .. } => {
                    if !known.is_empty() {
                        parts.push(self.store.text(std::mem::take(&mut known)));
                    }
                    parts.push(part);
                }
                _ => known.push_str(&self.store.text_of(part)?),
            }
        }
        if !known.is_empty() {
            parts.push(self.store.text(known));
        }
        Ok(self.store.add(Value::Op { op, args: parts.into() }))
    }

    /// Something later stands where only a known value can: the checker refuses most of it, the rest ends here.
    pub(crate) fn too_late(&mut self, value: ValueId, place: Place) -> ValueId {
        if self.is_unknown(value) {
            return value;
        }
        let what = match self.store.later_references(value).next() {
            Some(reference) => format!("`{}`", self.reference_text(reference)),
            None => "this value".to_owned(),
        };
        let secret = self.store.holds(value).secret();
        let fault = if secret {
            Fault::new(
                "later_value",
                format!("{what} is secret: nothing can be decided by it"),
                "a secret can only be passed on; `fingerprint(…)` tells when it changes",
            )
        } else {
            Fault::new(
                "later_value",
                format!("{what} is known only after it was applied"),
                "decide by something that the program itself says",
            )
        };
        self.fault(place, &fault)
    }

    /// `vm.network[0].id`: a reference as the user would write it.
    pub(crate) fn reference_text(&self, reference: ValueId) -> String {
        match self.store.get(reference) {
            Value::Ref { of, path, .. } => {
                let input = self.store.input_name(*of).map(|name| name.text().to_owned());
                let mut text = input.unwrap_or_else(|| self.store.address_text(*of));
                for step in path.iter() {
                    match step {
                        Step::Field(name) => text.push_str(&format!(".{name}")),
                        Step::Index(at) | Step::Element(at) => text.push_str(&format!("[{at}]")),
                        Step::Key(key) => text.push_str(&format!("[\"{key}\"]")),
                        Step::First => {}
                    }
                }
                text
            }
            _ => self.store.show(reference),
        }
    }

    /// What a reference is known to be, from what the instance sets there: known at every depth, or a collection whose parts
    /// tell for themselves. Nobody decides by a secret, even by one that the program passes on itself.
    pub(crate) fn read_back(&mut self, set: Option<ValueId>, secret: bool) -> (Option<ValueId>, bool) {
        let Some(set) = set else { return (None, secret) };
        if secret {
            return (None, true);
        }
        if let Some(known) = self.deep_known(set) {
            return (Some(known), false);
        }
        let set = self.store.folded(set);
        match self.store.get(set) {
            Value::List(_) | Value::Record(_) | Value::Map(_) => (Some(set), false),
            _ => (None, self.store.holds(set).secret()),
        }
    }

    /// A reference one step further into the resource; `folded` is what is known there.
    pub(crate) fn extend(
        &mut self,
        reference: ValueId,
        step: Step,
        folded: Option<ValueId>,
        now_secret: bool,
    ) -> ValueId {
        let Value::Ref { of, path, secret, .. } = self.store.get(reference) else { return reference };
        let (of, secret) = (*of, *secret || now_secret);
        let mut longer = Vec::with_capacity(path.len() + 1);
        longer.extend_from_slice(path);
        longer.push(step);
        let folded = folded.map(|set| self.without_repeats(of, &longer, set));
        let (folded, secret) = self.read_back(folded, secret);
        self.store.add(Value::Ref { of, path: longer.into(), folded, secret })
    }
}

/// Every reference that has a known value replaced by it, at every depth.
fn fold(store: &mut Store, value: ValueId) -> Result<ValueId, Fault> {
    store.replace(value, None, &mut |store, reference| {
        let known = store.folded(reference);
        if known == reference { None } else { Some(fold(store, known).unwrap_or(known)) }
    })
}
