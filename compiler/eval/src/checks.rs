//! What must hold of an instance: constraints of its inputs, checks of its kind and implementation, what it needs on its
//! platform. A failure says the value of each part; what is known only later is left to the plan.

use check::checked::{CheckCode, Implementation};
use check::code::{Code, CodeKind};
use rustc_hash::FxHashMap;
use source::{Diagnostic, Name, Place};
use value::{Store, Value, ValueId};

use crate::evaluate::Evaluation;
use crate::frame::{Frame, InstanceId, Parent};
use crate::run::Decision;

/// A check that failed, as it will be told.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Failure {
    place: Place,
    asked: Place,
    message: String,
    parts: Vec<String>,
    /// Texts that no message shows.
    withheld: Vec<String>,
    /// The code of the warning that it is; none: an error.
    warning: Option<Name>,
}

/// How much of a value is told beside a failed check, in bytes: a whole script would hide the message.
const LONGEST_PART: usize = 160;
/// Messages of one check at one place; a table with a thousand wrong rows has one mistake in it.
const MOST_OF_ONE_CHECK: usize = 10;

impl<'a> Evaluation<'a> {
    /// Computes the inputs of an instance of a declared kind and checks it; false when something does not hold.
    pub(crate) fn check_declared(&mut self, id: InstanceId) -> bool {
        let (Some(kind), Some(place)) = (self.kind_of(id), self.place_of(id)) else { return false };
        let home = self.home(id, place);
        let mut holds = true;
        for input in &kind.inputs {
            let value = self.input(id, input.name, place);
            if value != Store::ABSENT && !self.is_unknown(value) {
                for check in &input.constraints {
                    holds &= self.check(
                        &mut Frame::new(Parent::Instance(id)),
                        check,
                        self.input_place(id, input.name),
                        Some(id),
                    );
                }
            }
        }
        // What follows from a wrong input is no mistake of its own.
        if !holds || self.is_unknown(home) {
            return false;
        }
        for check in &kind.checks {
            holds &= self.check(&mut Frame::new(Parent::Instance(id)), check, None, Some(id));
        }
        if !holds {
            return false;
        }
        let Some(implementation) = self.implementation_of(id, place) else { return false };
        if !self.has_what_it_needs(id, implementation, home) || !self.has_the_ports_of_its_child(id, place) {
            return false;
        }
        for check in &implementation.checks {
            holds &= self.check(&mut Frame::new(Parent::Instance(id)), check, None, Some(id));
        }
        holds
    }

    /// Computes the outputs of an instance, so that every mistake in them is told, and checks what its kind says of them.
    pub(crate) fn complete_declared(&mut self, id: InstanceId) {
        let Some(implementation) = self.place_of(id).and_then(|place| self.implementation_of(id, place)) else {
            return;
        };
        for (name, code) in &implementation.outs {
            let _ = self.out(id, *name, code.place);
        }
        let Some(kind) = self.kind_of(id) else { return };
        for out in kind.outs.iter().filter(|out| !out.constraints.is_empty()) {
            let given = implementation.outs.iter().find(|(name, _)| *name == out.name).map(|(_, code)| code.place);
            let value = self.out(id, out.name, given.unwrap_or(implementation.place));
            if value != Store::ABSENT && !self.is_unknown(value) {
                for check in &out.constraints {
                    self.check(&mut Frame::new(Parent::Instance(id)), check, given, Some(id));
                }
            }
        }
    }

    /// A condition that must hold; false when it does not. `at`: where the mistake was made, when it is known better than by the instance's statement.
    pub(crate) fn check(
        &mut self,
        frame: &mut Frame,
        check: &'a CheckCode,
        at: Option<Place>,
        id: Option<InstanceId>,
    ) -> bool {
        let asked = self.run(frame, &check.condition);
        match self.decide(asked) {
            Decision::Yes | Decision::Unknown => true,
            // A warning asks for a look at the program; what an apply finds is no part of it.
            Decision::Later if check.warning.is_some() => true,
            Decision::Later => {
                let message = self.run(frame, &check.message);
                let message = self.store.text_of(message).unwrap_or_else(|_| self.store.show(message));
                self.deferred.push(graph::Deferred { condition: asked, message, place: check.place });
                true
            }
            Decision::No => {
                let message = self.run(frame, &check.message);
                let message = self.store.text_of(message).unwrap_or_else(|_| self.store.show(message));
                let mut parts: Vec<(String, ValueId)> = Vec::new();
                self.parts(frame, &check.condition, &mut parts);
                let given = id.and_then(|id| self.given_part(id, &parts));
                let withheld: Vec<String> =
                    parts.iter().filter_map(|(name, value)| self.secret_part(name, *value)).collect();
                let parts: Vec<String> =
                    parts.into_iter().map(|(name, value)| format!("`{name}` is {}", self.part_text(value))).collect();
                let place = at.or(given).or_else(|| id.and_then(|id| self.place_of(id))).unwrap_or(check.place);
                let warning = check.warning;
                let failure = Failure { place, asked: check.place, message, parts, withheld, warning };
                self.failures.entry(failure).or_default().extend(id);
                warning.is_some()
            }
        }
    }

    /// Tells the checks that failed: those of a loop's instances that say the same are one mistake.
    pub(crate) fn tell_failures(&mut self) {
        let mut counts: FxHashMap<(Place, Place), usize> = FxHashMap::default();
        for (failure, ids) in std::mem::take(&mut self.failures) {
            let count = counts.entry((failure.place, failure.asked)).or_default();
            *count += 1;
            if *count > MOST_OF_ONE_CHECK {
                continue;
            }
            let told = match failure.warning {
                Some(code) => Diagnostic::warning(code.text(), failure.place, failure.message),
                None => Diagnostic::error("check_failed", failure.place, failure.message),
            };
            let mut told = failure.withheld.into_iter().fold(told, Diagnostic::withhold);
            if !failure.parts.is_empty() {
                told = told.help(failure.parts.join(", "));
            }
            if let Some(id) = ids.first() {
                told = self.made_for(told, *id, failure.place);
                if let Some(label) =
                    told.labels.iter_mut().find(|label| ids.len() > 1 && label.text.starts_with("for `"))
                {
                    label.text.push_str(&format!(" and {} more", ids.len() - 1));
                }
            }
            let _ = self.tell(told.also(failure.asked, "asked for here"));
        }
    }

    /// Where a statement of a module gives the one value that a condition is about.
    fn given_part(&self, id: InstanceId, parts: &[(String, ValueId)]) -> Option<Place> {
        use check::checked::{Fields, InputPart};
        if self.outermost(id) != id {
            return None;
        }
        let Fields::Inputs(inputs) = &self.statement_of(id)?.fields else { return None };
        let is_asked = |field: Name| parts.iter().any(|(name, _)| name.split('.').next() == Some(field.text()));
        let mut given = inputs.iter().filter_map(|part| match part {
            InputPart::Field { name: field, code, .. }
            | InputPart::Entry { field, code, .. }
            | InputPart::Element { field, code }
                if is_asked(*field) =>
            {
                Some(code.place)
            }
            InputPart::Field { .. } | InputPart::Entry { .. } | InputPart::Element { .. } => None,
        });
        given.next().filter(|_| given.next().is_none())
    }

    /// A text that its name calls a secret: no message shows it.
    fn secret_part(&self, name: &str, value: ValueId) -> Option<String> {
        match self.store.get(value) {
            Value::Text(text) if source::looks_secret(name, text) => Some(text.to_string()),
            _ => None,
        }
    }

    fn part_text(&self, value: ValueId) -> String {
        match self.store.get(value) {
            Value::Absent => "absent".to_owned(),
            Value::Instance(_) | Value::Platform { .. } => self.shown(value),
            _ => self.store.show_within(value, LONGEST_PART),
        }
    }

    /// The parts of a condition that have a name, and their values.
    fn parts(&mut self, frame: &mut Frame, code: &'a Code, out: &mut Vec<(String, ValueId)>) {
        if let Some(name) = self.part_name(code) {
            let value = self.run(frame, code);
            if !out.iter().any(|(other, _)| *other == name) {
                out.push((name, value));
            }
            return;
        }
        match code.kind.as_ref() {
            CodeKind::Binary { left, right, .. }
            | CodeKind::And(left, right)
            | CodeKind::Or(left, right)
            | CodeKind::Coalesce(left, right) => {
                self.parts(frame, left, out);
                self.parts(frame, right, out);
            }
            CodeKind::Not(of)
            | CodeKind::Negate(of)
            | CodeKind::Convert { code: of, .. }
            | CodeKind::IsKind { of, .. }
            | CodeKind::FirstBlock(of) => self.parts(frame, of, out),
            CodeKind::Field { of, .. }
            | CodeKind::Input { of, .. }
            | CodeKind::Out { of, .. }
            | CodeKind::NativeField { of, .. }
            | CodeKind::Index { of, .. } => self.parts(frame, of, out),
            CodeKind::BuiltIn { args, .. } | CodeKind::Call { args, .. } => {
                args.iter().for_each(|arg| self.parts(frame, arg, out))
            }
            CodeKind::If { condition, then, otherwise } => {
                for code in [condition, then, otherwise] {
                    self.parts(frame, code, out);
                }
            }
            CodeKind::Fact { of, .. } => self.parts(frame, of, out),
            _ => {}
        }
    }

    /// `backup.keep`: the name of a part of a condition, when its code is a path.
    fn part_name(&self, code: &Code) -> Option<String> {
        match code.kind.as_ref() {
            CodeKind::SelfInput(name) => Some(name.text().to_owned()),
            CodeKind::SelfOut(name) => Some(format!("self.{name}")),
            CodeKind::Let(id) => self.checked.lets.get(id.0 as usize).map(|item| item.name.text().to_owned()),
            CodeKind::Param(id) => self.checked.params.get(id.0 as usize).map(|param| param.name.text().to_owned()),
            CodeKind::Statement(id) => {
                self.checked.statements.get(id.0 as usize).map(|statement| statement.name.text().to_owned())
            }
            CodeKind::Field { of, name, .. }
            | CodeKind::Input { of, name }
            | CodeKind::Out { of, name }
            | CodeKind::NativeField { of, name, .. } => self.part_name(of).map(|of| format!("{of}.{name}")),
            CodeKind::BuiltIn { builtin, args } => match args.as_slice() {
                // A method without arguments reads like a field.
                [of] if builtin.signature.starts_with("(self") => {
                    self.part_name(of).map(|of| format!("{of}.{}", builtin.name))
                }
                _ => None,
            },
            CodeKind::FirstBlock(of) | CodeKind::Convert { code: of, .. } => self.part_name(of),
            _ => None,
        }
    }

    /// Whether the statement of an instance gives an input by name.
    pub(crate) fn gives(&self, id: InstanceId, name: Name) -> bool {
        use check::checked::{Fields, InputPart};
        let Some(Fields::Inputs(parts)) = self.statement_of(id).map(|statement| &statement.fields) else {
            return false;
        };
        parts.iter().any(|part| match part {
            InputPart::Field { name: field, .. }
            | InputPart::Entry { field, .. }
            | InputPart::Element { field, .. } => *field == name,
        })
    }

    /// Where an instance gives an input, when it does.
    pub(crate) fn input_place(&self, id: InstanceId, name: Name) -> Option<Place> {
        use check::checked::{Fields, InputPart};
        let Fields::Inputs(parts) = &self.statement_of(id)?.fields else { return None };
        parts.iter().rev().find_map(|part| match part {
            InputPart::Field { name: field, code, .. }
            | InputPart::Entry { field, code, .. }
            | InputPart::Element { field, code }
                if *field == name =>
            {
                Some(code.place)
            }
            InputPart::Field { .. } | InputPart::Entry { .. } | InputPart::Element { .. } => None,
        })
    }

    /// `needs network`: the instance in this input lives on the same platform value.
    fn has_what_it_needs(&mut self, id: InstanceId, implementation: &'a Implementation, home: ValueId) -> bool {
        let mut has = true;
        for need in &implementation.needs {
            let value = self.input(id, *need, implementation.place);
            let Some(known) = self.known(value) else { continue };
            let needed: Vec<ValueId> = match self.store.get(known) {
                Value::List(elements) => elements.to_vec(),
                Value::Map(entries) => entries.iter().map(|(_, value)| *value).collect(),
                _ => vec![known],
            };
            for value in needed {
                let Some(other) = self.instance_of(value) else { continue };
                let there = self.home(other, implementation.place);
                if there == home || self.is_unknown(there) {
                    continue;
                }
                let place = self.input_place(id, *need).or_else(|| self.place_of(id)).unwrap_or(implementation.place);
                let message = format!(
                    "`{}` stands on `{}`, `{}` on `{}`",
                    self.path_text(id),
                    self.platform_text(home),
                    self.path_text(other),
                    self.platform_text(there)
                );
                let told = Diagnostic::error("needs_platform", place, message)
                    .also(implementation.place, format!("`{need}` must live on the same platform"))
                    .help(format!(
                        "give a `{need}` on `{}`, or put `{}` on `{}`",
                        self.platform_text(home),
                        self.path_text(id),
                        self.platform_text(there)
                    ));
                let told = self.made_for(told, id, place);
                let _ = self.tell(told);
                has = false;
            }
        }
        has
    }
}
