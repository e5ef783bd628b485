//! `template("x.hbs", { … })`: a Handlebars file with values. A later value may stand where it is printed, never where it
//! decides: it is a mark in the rendered text, and the text becomes a residual around it.

use handlebars::template::{Parameter, TemplateElement};
use handlebars::{Handlebars, Path, Template, no_escape};
use serde_json::Value as Json;
use source::{Diagnostic, Place};
use value::{Op, Store, Value, ValueId};

use crate::evaluate::Evaluation;

/// Marks around the number of a later value; private characters that no file has a reason to hold.
const OPEN: char = '\u{F8F0}';
const CLOSE: char = '\u{F8F1}';

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
        let template = match Template::compile(&text) {
            Ok(template) => template,
            Err(error) => {
                return self.tell(
                    Diagnostic::error("bad_template", place, format!("{shown} is no template: {}", error.reason()))
                        .help("templates are Handlebars files"),
                );
            }
        };
        let mut later = Vec::new();
        let json = self.template_value(values, &mut later);
        if let Some(control) = controls(&template).into_iter().find(|path| decides_later(&json, path)) {
            let message = format!("`{control}` decides in {shown}, and is known only after apply");
            return self.tell(
                Diagnostic::error("later_value", place, message)
                    .help("a later value can be printed by a template, nothing more"),
            );
        }
        let mut registry = Handlebars::new();
        registry.register_escape_fn(no_escape);
        registry.set_strict_mode(true);
        registry.register_template("template", template);
        let rendered = match registry.render("template", &json) {
            Ok(rendered) => rendered,
            Err(error) => {
                return self.tell(
                    Diagnostic::error("bad_template", place, format!("{shown} cannot be rendered: {error}"))
                        .help("give every value that the template reads"),
                );
            }
        };
        if !self.spend_text(rendered.len(), place) {
            return self.unknown(place, "the budget is used up");
        }
        if later.is_empty() {
            return self.store.text(rendered);
        }
        let mut parts = Vec::new();
        for (at, piece) in rendered.split([OPEN, CLOSE]).enumerate() {
            if at % 2 == 0 {
                parts.push(self.store.text(piece));
            } else if let Some(value) = piece.parse::<usize>().ok().and_then(|at| later.get(at)) {
                parts.push(*value);
            }
        }
        self.residual(Op::Text, &parts, place)
    }

    /// A value as a template sees it; what is later is put aside and leaves a mark.
    fn template_value(&mut self, value: ValueId, later: &mut Vec<ValueId>) -> Json {
        let Some(known) = self.known(value) else {
            later.push(value);
            return Json::String(format!("{OPEN}{}{CLOSE}", later.len() - 1));
        };
        match self.store.get(known).clone() {
            Value::Absent | Value::Null => Json::Null,
            Value::Bool(answer) => Json::Bool(answer),
            Value::Int(number) => Json::from(number),
            Value::List(elements) => {
                Json::Array(elements.iter().map(|element| self.template_value(*element, later)).collect())
            }
            Value::Record(fields) => Json::Object(
                fields
                    .iter()
                    .map(|(name, value)| (name.text().to_owned(), self.template_value(*value, later)))
                    .collect(),
            ),
            Value::Map(entries) => {
                let entries = entries.iter().map(|(key, value)| {
                    let key = self.store.text_of(*key).unwrap_or_else(|_| self.store.show(*key));
                    (key, self.template_value(*value, later))
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
            | Value::Op { .. } => Json::String(scalar_text(&self.store, known)),
        }
    }
}

fn scalar_text(store: &Store, value: ValueId) -> String {
    store.text_of(value).unwrap_or_else(|_| store.show(value))
}

/// The paths that decide something: arguments of `if`, `unless`, `each`, `with` and other blocks.
fn controls(template: &Template) -> Vec<String> {
    let mut found = Vec::new();
    for element in &template.elements {
        if let TemplateElement::HelperBlock(block) = element {
            for parameter in &block.params {
                if let Parameter::Path(path) = parameter {
                    found.push(match path {
                        Path::Relative((_, raw)) | Path::Local((_, _, raw)) => raw.clone(),
                    });
                }
            }
            for inner in [&block.template, &block.inverse].into_iter().flatten() {
                found.extend(controls(inner));
            }
        }
    }
    found
}

/// Whether a path, from the root or from any element on the way, meets a mark of a later value.
fn decides_later(json: &Json, path: &str) -> bool {
    let names: Vec<&str> = path.split(['.', '/']).filter(|name| !name.is_empty() && *name != "this").collect();
    meets(json, &names)
        || match json {
            Json::Array(elements) => elements.iter().any(|element| decides_later(element, path)),
            Json::Object(fields) => fields.values().any(|field| decides_later(field, path)),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => false,
        }
}

fn meets(json: &Json, names: &[&str]) -> bool {
    match (json, names.split_first()) {
        (Json::String(text), None) => text.contains(OPEN),
        (Json::Object(fields), Some((name, rest))) => fields.get(*name).is_some_and(|field| meets(field, rest)),
        (_, _) => false,
    }
}
