//! `template("x.hbs", { … })`: a Handlebars file with values. A later value may stand where it is printed, never where it
//! decides: it is a mark in the rendered text, and the text becomes a residual around it.

mod budget;
mod controls;

use handlebars::{Handlebars, Template, no_escape};
use rustc_hash::FxHashSet;
use serde_json::Value as Json;
use source::{Diagnostic, Place};
use value::{Op, Store, Value, ValueId};

use crate::budget::TEXT;
use crate::evaluate::Evaluation;
use budget::{Bounded, Budget, Spent, counted, is_too_deep};
use controls::controls;

/// Marks around the number of a value that is passed on; private characters that no file has a reason to hold.
const OPEN: char = '\u{F8F0}';
const CLOSE: char = '\u{F8F1}';

/// A step of a template takes as long as this many of the program's.
const STEPS_EACH: u64 = 25;

/// The values that are passed on, by the number in their mark.
#[derive(Default)]
struct Leaves {
    marked: Vec<ValueId>,
    /// Those that decide something: they are known, and stand in the text as they are.
    deciding: FxHashSet<ValueId>,
}

impl Evaluation<'_> {
    /// The rendered text.
    pub(crate) fn template(&mut self, path: ValueId, values: ValueId, place: Place) -> ValueId {
        if self.is_unknown(path) || self.is_unknown(values) {
            return if self.is_unknown(path) { path } else { values };
        }
        let text = match self.read_file(path, place) {
            Ok(text) => text,
            Err(unknown) => return unknown,
        };
        let shown = self.store.show(path);
        let no_template = |reason: &str| {
            Diagnostic::error("bad_template", place, format!("{shown} is no template: {reason}"))
                .help("templates are Handlebars files")
        };
        if text.contains([OPEN, CLOSE]) {
            return self.tell(no_template("it holds private characters, U+F8F0 or U+F8F1"));
        }
        if text.len() > budget::LONGEST {
            return self.tell(no_template("it is longer than 1 MiB"));
        }
        if is_too_deep(&text) {
            return self.tell(no_template(Spent::Depth.message()));
        }
        let template = match Template::compile(&text) {
            Ok(template) => template,
            Err(error) => return self.tell(no_template(&error.reason().to_string())),
        };
        let parts = self.lengths.of(&self.store, values);
        if parts.parts > budget::PARTS || parts.bytes > TEXT {
            self.exhaust(place, "a template is given values of more than 1,000,000 parts or 64 MiB");
            return self.unknown(place, "the budget is used up");
        }
        let (json, marked) = match self.template_values(values, &template, &shown, place) {
            Ok(values) => values,
            Err(unknown) => return unknown,
        };
        let rendered = match self.rendered(template, &json, parts.parts, &shown, place) {
            Ok(rendered) => rendered,
            Err(unknown) => return unknown,
        };
        if marked.is_empty() {
            return self.store.text(rendered);
        }
        let mut parts = Vec::new();
        for (at, piece) in rendered.split([OPEN, CLOSE]).enumerate() {
            if at % 2 == 0 {
                parts.push(self.store.text(piece));
            } else if let Some(value) = piece.parse::<usize>().ok().and_then(|at| marked.get(at)) {
                parts.push(*value);
            }
        }
        self.residual(Op::Text, &parts, place)
    }

    /// The text of a template with its values, within the budget.
    fn rendered(
        &mut self,
        mut template: Template,
        json: &Json,
        parts: usize,
        shown: &str,
        place: Place,
    ) -> Result<String, ValueId> {
        counted(&mut template, parts);
        let budget = Budget::new(budget::STEPS.min(self.steps_left() / STEPS_EACH));
        let before = budget.left();
        let mut registry = Handlebars::new();
        budget.register(&mut registry);
        registry.register_escape_fn(no_escape);
        registry.set_strict_mode(true);
        registry.register_template("template", template);
        let mut output = Bounded { text: Vec::new(), budget: &budget };
        let result = registry.render_to_write("template", json, &mut output);
        let text = String::from_utf8_lossy(&output.text).into_owned();
        if let Some(spent) = budget.spent() {
            self.exhaust(place, &format!("{shown} cannot be rendered: {}", spent.message()));
            return Err(self.unknown(place, "the budget is used up"));
        }
        if let Err(error) = result {
            return Err(self.tell(
                Diagnostic::error("bad_template", place, format!("{shown} cannot be rendered: {error}"))
                    .help("give every value that the template reads"),
            ));
        }
        let steps = (before - budget.left()).saturating_mul(STEPS_EACH);
        if !self.spend(usize::try_from(steps).unwrap_or(usize::MAX), place) || !self.spend_text(text.len(), place) {
            return Err(self.unknown(place, "the budget is used up"));
        }
        Ok(text)
    }

    /// The values as the template sees them, and those that it passes on. What decides has to be known.
    fn template_values(
        &mut self,
        values: ValueId,
        template: &Template,
        shown: &str,
        place: Place,
    ) -> Result<(Json, Vec<ValueId>), ValueId> {
        let mut leaves = Leaves::default();
        let mut json = self.template_value(values, &mut leaves);
        let mut decided = false;
        for control in controls(template) {
            let mut met = Vec::new();
            control.meets(&json, &mut met);
            for leaf in met.iter().filter_map(|mark| leaves.marked.get(*mark).copied()).collect::<Vec<_>>() {
                if self.known(leaf).is_none() {
                    let message = format!(
                        "`{}` decides in line {} of {shown}, and is known only after apply",
                        control.text, control.line
                    );
                    return Err(self.tell(
                        Diagnostic::error("later_value", place, message)
                            .help("a later value can be printed by a template, `{{x}}`, nothing more"),
                    ));
                }
                decided |= leaves.deciding.insert(leaf);
            }
        }
        if decided {
            leaves.marked.clear();
            json = self.template_value(values, &mut leaves);
        }
        Ok((json, leaves.marked))
    }

    /// A value as a template sees it; what is passed on as a reference is put aside and leaves a mark.
    fn template_value(&mut self, value: ValueId, leaves: &mut Leaves) -> Json {
        let mark = |leaves: &mut Leaves| {
            leaves.marked.push(value);
            Json::String(format!("{OPEN}{}{CLOSE}", leaves.marked.len() - 1))
        };
        let passed_on = self.store.holds(value).reference() && !leaves.deciding.contains(&value);
        let Some(known) = self.known(value) else { return mark(leaves) };
        match self.store.get(known).clone() {
            Value::Absent | Value::Null => Json::Null,
            Value::Bool(_) | Value::Int(_) if passed_on => mark(leaves),
            Value::Bool(answer) => Json::Bool(answer),
            Value::Int(number) => Json::from(number),
            Value::List(elements) => {
                Json::Array(elements.iter().map(|element| self.template_value(*element, leaves)).collect())
            }
            Value::Record(fields) => Json::Object(
                fields
                    .iter()
                    .map(|(name, value)| (name.text().to_owned(), self.template_value(*value, leaves)))
                    .collect(),
            ),
            Value::Map(entries) => {
                let entries = entries.iter().map(|(key, value)| {
                    let key = self.store.text_of(*key).unwrap_or_else(|_| self.store.show(*key));
                    (key, self.template_value(*value, leaves))
                });
                Json::Object(entries.collect())
            }
            Value::Port { first, last, protocol } => {
                let mut port = serde_json::Map::new();
                port.insert("first".to_owned(), Json::from(first));
                port.insert("last".to_owned(), Json::from(last));
                port.insert("protocol".to_owned(), Json::from(protocol.text()));
                Json::Object(port)
            }
            Value::Unknown(_)
            | Value::Decimal(_)
            | Value::Ratio(_)
            | Value::Text(_)
            | Value::Size(_)
            | Value::Duration(_)
            | Value::Ip(_)
            | Value::Cidr(_)
            | Value::Date(_)
            | Value::Tagged { .. }
            | Value::Range(..)
            | Value::Instance(_)
            | Value::Endpoint(..)
            | Value::Flow { .. }
            | Value::Platform { .. }
            | Value::Ref { .. }
            | Value::Op { .. } => match scalar_text(&self.store, known) {
                text if passed_on || text.contains([OPEN, CLOSE]) && !leaves.deciding.contains(&value) => mark(leaves),
                text => Json::String(text),
            },
        }
    }
}

fn scalar_text(store: &Store, value: ValueId) -> String {
    store.text_of(value).unwrap_or_else(|_| store.show(value))
}
