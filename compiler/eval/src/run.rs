//! The interpreter of elaborated code. It has no choice left: names, ports and conversions were settled by the checker. What a
//! mistake made unknown is silent; what is known only later becomes a residual or a fault.

use check::builtins::{BuiltIn, Later};
use check::checked::{FunctionId, LetId};
use check::code::{BinaryOperator, Code, CodeKind};
use source::Place;
use value::{Fault, Op, Step, Store, Value, ValueId};

use crate::budget::CALLS;
use crate::cells::CellKey;
use crate::evaluate::Evaluation;
use crate::frame::{Frame, Parent};
use crate::names::NameWithin;

/// What a condition says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Decision {
    Yes,
    No,
    Later,
    /// A mistake was told.
    Unknown,
}

impl<'a> Evaluation<'a> {
    /// The value of code.
    pub(crate) fn run(&mut self, frame: &mut Frame, code: &'a Code) -> ValueId {
        if !self.spend(1, code.place) {
            return self.unknown(code.place, "the budget is used up");
        }
        if self.budget.depth >= CALLS {
            self.exhaust(code.place, "expressions and calls are nested more than 60,000 deep");
            return self.unknown(code.place, "the budget is used up");
        }
        self.budget.depth += 1;
        let value = self.run_kind(frame, code);
        self.budget.depth -= 1;
        value
    }

    fn run_kind(&mut self, frame: &mut Frame, code: &'a Code) -> ValueId {
        let place = code.place;
        match code.kind.as_ref() {
            CodeKind::Unknown(told) => self.store.add(Value::Unknown(*told)),
            CodeKind::Const(value) => self.constant(code, value),
            CodeKind::Local(slot) => frame.get(*slot),
            CodeKind::SelfInstance => self.this_value(frame.this),
            CodeKind::SelfInput(name) => self.self_input(frame.this, *name, place),
            CodeKind::SelfOut(name) => self.self_out(frame.this, *name, place),
            CodeKind::Let(id) => self.let_value(frame.this, *id, place),
            CodeKind::Param(id) => self.param(*id, place),
            CodeKind::Environment => self.store.text(self.environment.name.text()),
            CodeKind::Statement(id) => self.statement_value(frame.this, *id, place),
            CodeKind::Field { of, name, secret } => {
                let of_value = self.run(frame, of);
                self.field(of_value, *name, *secret, place)
            }
            CodeKind::Input { of: of_code, name } => {
                let of = self.run(frame, of_code);
                // What an instance says of itself is its own; others see what answers for it.
                match of_code.kind.as_ref() {
                    CodeKind::SelfInstance => self.input_of_value(of, *name, place),
                    _ => self.input_seen(of, *name, place),
                }
            }
            CodeKind::Out { of, name } => {
                let of = self.run(frame, of);
                self.out_of_value(of, *name, place)
            }
            CodeKind::NativeField { of, name, secret } => {
                let of = self.run(frame, of);
                self.native_field(of, *name, *secret, place)
            }
            CodeKind::FirstBlock(of) => {
                let of = self.run(frame, of);
                self.first_block(of)
            }
            CodeKind::PlatformField { of, name } => {
                let of = self.run(frame, of);
                self.platform_field(of, *name, place)
            }
            CodeKind::Index { of, key } => {
                let of_value = self.run(frame, of);
                let key_value = self.run(frame, key);
                self.index(of_value, key_value, code, key.place)
            }
            CodeKind::IfPresent { of, slot, then } => {
                let value = self.run(frame, of);
                if value == Store::ABSENT || self.is_unknown(value) {
                    return value;
                }
                frame.set(*slot, value);
                self.run(frame, then)
            }
            CodeKind::Endpoint { of, port } => {
                let of = self.run(frame, of);
                self.endpoint(of, *port, place)
            }
            CodeKind::Fact { fact, of, args } => self.fact(frame, *fact, of, args, place),
            CodeKind::Tagged { tag, fields } => {
                let mut values = Vec::with_capacity(fields.len());
                for code in fields {
                    values.push(self.run(frame, code));
                }
                self.store.add(Value::Tagged { tag: *tag, fields: values.into() })
            }
            CodeKind::Call { function, args } => self.call(frame, *function, args, place),
            CodeKind::BuiltIn { builtin, args } => self.builtin(frame, builtin, args, place),
            CodeKind::All(kinds) => self.all(kinds, place),
            CodeKind::AllNative { schema, name } => self.all_native(*schema, *name, place),
            CodeKind::Record(parts) => self.record(frame, parts, place, false).0,
            CodeKind::Map(parts) => self.map(frame, parts, place, false).0,
            CodeKind::List(parts) => self.list(frame, parts, place, false).0,
            CodeKind::Text(parts) => self.text(frame, parts, place),
            CodeKind::If { condition, then, otherwise } => self.choose(frame, condition, then, otherwise, place),
            CodeKind::Match { subject, arms } => match self.chosen_arm(frame, subject, arms, place) {
                Ok(arm) => self.run(frame, arm),
                Err(unknown) => unknown,
            },
            CodeKind::Binary { operator, left, right } => self.operation(frame, *operator, left, right, place),
            CodeKind::And(left, right) => self.conjunction(frame, left, right, place),
            CodeKind::Or(left, right) => self.disjunction(frame, left, right, place),
            CodeKind::Not(of) => self.opposite(frame, of, place),
            CodeKind::Negate(of) => {
                let of = self.run(frame, of);
                self.negate(of, place)
            }
            CodeKind::Coalesce(left, right) => self.coalesce(frame, left, right, place),
            CodeKind::IsKind { of, kinds } => {
                let of = self.run(frame, of);
                if self.is_unknown(of) {
                    return of;
                }
                // A platform may be an instance.
                let instance = match self.store.get(of) {
                    Value::Platform { instance, .. } => instance.and_then(|address| self.by_address(address)),
                    _ => self.instance_of(of),
                };
                let is = instance.and_then(|id| self.kind_id_of(id)).is_some_and(|kind| kinds.contains(&kind));
                self.store.add(Value::Bool(is))
            }
            CodeKind::Flow { from, to, name } => self.flow(frame, [from, to], name.as_ref(), place),
            CodeKind::With { base, updates } => {
                let mut value = self.run(frame, base);
                for (path, code) in updates {
                    let new = self.run(frame, code);
                    value = self.with(value, path, new, place);
                }
                value
            }
            CodeKind::Convert { how, code: of } => {
                let value = self.run(frame, of);
                self.convert(frame, how, value, of.place)
            }
            CodeKind::PlatformCall { platform, inputs } => {
                let inputs = self.run(frame, inputs);
                self.platform_call(*platform, inputs, place)
            }
            CodeKind::Named { name, of } => self.named_element(frame, name, of),
            CodeKind::Listed(name) => self.listed_value(*name, place),
            CodeKind::AsPlatform { of, platform } => {
                let of = self.run(frame, of);
                self.as_platform(of, *platform)
            }
            CodeKind::File(path) => {
                let path_value = self.run(frame, path);
                self.file(path_value, path.place)
            }
            CodeKind::Template { path, values } => {
                let path_value = self.run(frame, path);
                let values_value = self.run(frame, values);
                self.template(path_value, values_value, path.place)
            }
        }
    }

    /// A constant; most are the library's, whose code runs again for each instance.
    fn constant(&mut self, code: &Code, value: &Value) -> ValueId {
        /// Constants that are remembered: those of the library, with some room.
        const MOST: usize = 3_500;
        let known = std::ptr::from_ref(code);
        if let Some(id) = self.constants.get(&known) {
            return *id;
        }
        let id = self.store.add_known(value);
        if self.constants.len() < MOST {
            self.constants.insert(known, id);
        }
        id
    }

    /// `if c then a else b`: one of both, or a residual where the condition is later.
    fn choose(
        &mut self,
        frame: &mut Frame,
        condition: &'a Code,
        then: &'a Code,
        otherwise: &'a Code,
        place: Place,
    ) -> ValueId {
        let asked = self.run(frame, condition);
        match self.decide(asked) {
            Decision::Yes => self.run(frame, then),
            Decision::No => self.run(frame, otherwise),
            Decision::Unknown => asked,
            Decision::Later => {
                let then = self.run(frame, then);
                let otherwise = self.run(frame, otherwise);
                self.residual(Op::If, &[asked, then, otherwise], place)
            }
        }
    }

    /// Both operands and what the operator says of them.
    fn operation(
        &mut self,
        frame: &mut Frame,
        operator: BinaryOperator,
        left: &'a Code,
        right: &'a Code,
        place: Place,
    ) -> ValueId {
        let left_value = self.run(frame, left);
        let right_value = self.run(frame, right);
        if let BinaryOperator::Equal | BinaryOperator::NotEqual = operator {
            // `x != none` asks for presence, which is known where the value itself is not.
            let asked = match (left_value, right_value) {
                (Store::ABSENT, value) => Some((right, value)),
                (value, Store::ABSENT) => Some((left, value)),
                (_, _) => None,
            };
            if asked.is_some_and(|(code, value)| {
                value != Store::ABSENT && !self.is_unknown(value) && self.is_present(code, value)
            }) {
                return self.store.add(Value::Bool(operator == BinaryOperator::NotEqual));
            }
        }
        self.binary(operator, left_value, right_value, place)
    }

    /// `a and b`: the right side only runs when the left one does not decide.
    fn conjunction(&mut self, frame: &mut Frame, left: &'a Code, right: &'a Code, place: Place) -> ValueId {
        let asked = self.run(frame, left);
        match self.decide(asked) {
            Decision::Yes => self.run(frame, right),
            Decision::No => self.store.add(Value::Bool(false)),
            Decision::Unknown => asked,
            Decision::Later => {
                let right = self.run(frame, right);
                let no = self.store.add(Value::Bool(false));
                self.residual(Op::If, &[asked, right, no], place)
            }
        }
    }

    /// `a or b`
    fn disjunction(&mut self, frame: &mut Frame, left: &'a Code, right: &'a Code, place: Place) -> ValueId {
        let asked = self.run(frame, left);
        match self.decide(asked) {
            Decision::Yes => self.store.add(Value::Bool(true)),
            Decision::No => self.run(frame, right),
            Decision::Unknown => asked,
            Decision::Later => {
                let right = self.run(frame, right);
                let yes = self.store.add(Value::Bool(true));
                self.residual(Op::If, &[asked, yes, right], place)
            }
        }
    }

    /// `not a`
    fn opposite(&mut self, frame: &mut Frame, of: &'a Code, place: Place) -> ValueId {
        let asked = self.run(frame, of);
        match self.decide(asked) {
            Decision::Yes => self.store.add(Value::Bool(false)),
            Decision::No => self.store.add(Value::Bool(true)),
            Decision::Unknown => asked,
            Decision::Later => {
                let (yes, no) = (self.store.add(Value::Bool(true)), self.store.add(Value::Bool(false)));
                self.residual(Op::If, &[asked, no, yes], place)
            }
        }
    }

    /// `a ?? b`
    fn coalesce(&mut self, frame: &mut Frame, left: &'a Code, right: &'a Code, place: Place) -> ValueId {
        let value = self.run(frame, left);
        if self.is_unknown(value) {
            return value;
        }
        match self.known(value) {
            Some(Store::ABSENT) => self.run(frame, right),
            Some(_) => value,
            None if self.is_present(left, value) => value,
            None => match self.run(frame, right) {
                Store::ABSENT => value,
                right => self.residual(Op::Else, &[value, right], place),
            },
        }
    }

    /// The instance, group or platform value whose code runs.
    fn this_value(&mut self, this: Parent) -> ValueId {
        match this {
            Parent::Root => Store::ABSENT,
            Parent::Instance(id) => self.instance_value(id),
            Parent::Group(group) => self.groups.get(group.0 as usize).map_or(Store::ABSENT, |group| group.list),
            Parent::Platform(value) => value,
        }
    }

    fn let_value(&mut self, this: Parent, id: LetId, place: Place) -> ValueId {
        let Some(item) = self.checked.lets.get(id.0 as usize) else { return self.unknown(place, "a `let` is missing") };
        let parent = if item.implementation.is_some() { this } else { Parent::Root };
        let key = CellKey::Let(parent, id);
        match self.cells.done(key) {
            Some(value) => value,
            None => self.cell(key, place, |me| me.run(&mut Frame::new(parent), &item.code)),
        }
    }

    fn call(&mut self, frame: &mut Frame, id: FunctionId, args: &'a [Code], place: Place) -> ValueId {
        let Some(function) = self.checked.functions.get(id.0 as usize) else {
            return self.unknown(place, "a function is missing");
        };
        let mut slots = Vec::with_capacity(args.len());
        for arg in args {
            slots.push(self.run(frame, arg));
        }
        // What a function says depends on its arguments alone. It is remembered where others are likely to ask the same: of a port, a
        // size or a setting, and of what is large, as each of three hundred instances asks of the same set of ends, or holds such a set.
        let large =
            slots.iter().any(|value| self.is_large(*value, if self.store.holds(*value).instance() { 2 } else { 0 }));
        let of_one_instance = !large && slots.iter().any(|value| self.store.holds(*value).instance());
        let known = (!of_one_instance).then(|| (id, slots.clone().into_boxed_slice()));
        if let Some(result) = known.as_ref().and_then(|known| self.calls.get(known)) {
            return *result;
        }
        let result = self.run(&mut Frame { this: Parent::Root, slots }, &function.body);
        // A mistake is told to everyone who makes it.
        if let Some(known) = known.filter(|_| large || !self.diagnostics.has_errors()) {
            self.calls.insert(known, result);
        }
        result
    }

    /// Whether it has many elements, or one of its few has, some levels down.
    fn is_large(&self, value: ValueId, levels: u8) -> bool {
        const FEW: usize = 8;
        let below = |value: &ValueId| levels > 0 && self.is_large(*value, levels - 1);
        match self.store.get(value) {
            Value::List(elements) => elements.len() > FEW || elements.iter().any(below),
            Value::Record(fields) => fields.iter().any(|(_, value)| below(value)),
            Value::Map(entries) => entries.len() > FEW,
            Value::Flow { from, to, .. } => from.len() + to.len() > FEW,
            _ => false,
        }
    }

    fn builtin(&mut self, frame: &mut Frame, builtin: &'static BuiltIn, args: &'a [Code], place: Place) -> ValueId {
        let mut values = Vec::with_capacity(args.len());
        for arg in args {
            let value = self.run(frame, arg);
            if self.is_unknown(value) {
                return value;
            }
            values.push(value);
        }
        if let Some(set) = self.asks_position(builtin.name, &values)
            && self.known(set).is_some()
        {
            let fault = self.no_position(set);
            return self.fault(place, &fault);
        }
        match builtin.later {
            Later::Op(op) if values.iter().any(|value| self.store.holds(*value).reference()) => {
                return self.residual(op, &values, place);
            }
            Later::Refused | Later::Op(_) => {
                for (value, arg) in values.iter_mut().zip(args) {
                    *value = match self.deep_known(*value) {
                        Some(known) => known,
                        None => return self.too_late(*value, arg.place),
                    };
                }
            }
            Later::Parts => {}
            // The shape decides; what is in it is passed on as it is.
            Later::Shape => {
                for (value, arg) in values.iter_mut().zip(args) {
                    *value = match self.known(*value) {
                        Some(known) => known,
                        None => return self.too_late(*value, arg.place),
                    };
                }
            }
        }
        match (builtin.evaluate)(&mut self.store, &values) {
            Ok(value) if self.spend_value(value, place) => value,
            Ok(_) => self.unknown(place, "the budget is used up"),
            Err(fault) => self.fault_of(place, &fault, values.get(..1).unwrap_or_default()),
        }
    }

    /// What a condition says, by what is known of it.
    pub(crate) fn decide(&mut self, value: ValueId) -> Decision {
        match self.known(value).map(|known| self.store.get(known)) {
            Some(Value::Bool(true)) => Decision::Yes,
            Some(Value::Bool(false)) => Decision::No,
            // The checker lets nothing else pass as a condition.
            Some(_) => Decision::Unknown,
            None => Decision::Later,
        }
    }

    /// Whether a later value is surely there. The presence of a `later T?` is known; only the maker of a native resource can
    /// leave an attribute out after all, and a residual whose condition is later can choose nothing.
    fn is_present(&self, code: &Code, value: ValueId) -> bool {
        match self.store.get(self.store.folded(value)) {
            Value::Absent => false,
            Value::Ref { path, .. } => !reads_native(code, path),
            Value::Op { op: Op::If | Op::Else, args } => match args.split_last() {
                Some((last, rest)) => {
                    let maybe_absent = |id: &ValueId| *id == Store::ABSENT;
                    !maybe_absent(last)
                        && (matches!(self.store.get(value), Value::Op { op: Op::Else, .. })
                            || !rest.iter().any(maybe_absent))
                }
                None => false,
            },
            _ => true,
        }
    }

    fn text(&mut self, frame: &mut Frame, parts: &'a [Code], place: Place) -> ValueId {
        let mut values = Vec::with_capacity(parts.len());
        let mut length = 0usize;
        let mut reference = false;
        for part in parts {
            let value = self.run(frame, part);
            if self.is_unknown(value) {
                return value;
            }
            if self.store.holds(value).reference() {
                reference = true;
            } else if let Value::Text(text) = self.store.get(value) {
                length = length.saturating_add(text.len());
            }
            values.push(value);
        }
        if !self.spend_text(length, place) {
            return self.unknown(place, "the budget is used up");
        }
        if reference {
            return self.residual(Op::Text, &values, place);
        }
        let mut text = String::with_capacity(length);
        let mut name = None;
        for value in values {
            match self.store.get(value) {
                Value::Text(part) => {
                    if self.names.is_whole(value) {
                        name = Some(NameWithin { name: value, start: text.len() as u32 });
                    }
                    text.push_str(part);
                }
                _ => match self.store.text_of(value) {
                    Ok(part) => text.push_str(&part),
                    Err(fault) => return self.fault(place, &fault),
                },
            }
        }
        let text = self.store.text(text);
        if let Some(name) = name {
            self.names.joined.insert(text, name);
        }
        text
    }

    fn file(&mut self, path: ValueId, place: Place) -> ValueId {
        if self.is_unknown(path) {
            return path;
        }
        match self.read_file(path, place) {
            Ok(text) => {
                if !self.spend_text(text.len(), place) {
                    return self.unknown(place, "the budget is used up");
                }
                self.store.text(text)
            }
            Err(unknown) => unknown,
        }
    }

    /// The text of a file, by the way from the folder in which the code stands.
    pub(crate) fn read_file(&mut self, path: ValueId, place: Place) -> Result<String, ValueId> {
        let Some(known) = self.known(path) else { return Err(self.too_late(path, place)) };
        let Value::Text(path) = self.store.get(known) else {
            return Err(self.unknown(place, "the path of a file is not a text"));
        };
        let file = place.item.file();
        let below = match file.path().rsplit_once('/') {
            Some((folder, _)) if !path.starts_with('/') => format!("{folder}/{path}"),
            Some(_) | None => path.to_string(),
        };
        let fault = match (self.files)(&below) {
            Ok(text) => return Ok(text),
            Err(cause) => Fault::new(
                "missing_file",
                format!("`{path}` cannot be read: {cause}"),
                "the path starts at the folder of the file that names it",
            ),
        };
        Err(self.fault(place, &fault))
    }
}

/// Whether code reads an attribute of a native resource, which stands at this path, and nothing stands between.
fn reads_native(code: &Code, path: &[Step]) -> bool {
    match code.kind.as_ref() {
        CodeKind::NativeField { .. } => true,
        // A field of a block that a loop goes over.
        CodeKind::Field { name, .. } if path.last() == Some(&Step::Field(*name)) => true,
        CodeKind::Field { of, .. }
        | CodeKind::Index { of, .. }
        | CodeKind::FirstBlock(of)
        | CodeKind::IfPresent { then: of, .. }
        | CodeKind::Convert { code: of, .. } => reads_native(of, path),
        _ => false,
    }
}
