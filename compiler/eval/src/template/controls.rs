//! What decides in a template: whatever a block or a helper is given. What is only printed decides nothing.

use handlebars::template::{BlockParam, DecoratorTemplate, HelperTemplate, Parameter, TemplateElement};
use handlebars::{Path, Template};
use serde_json::Value as Json;

use super::{CLOSE, OPEN};

/// A path that a block or a helper is given, as it is written, and the line.
#[derive(Debug)]
pub(super) struct Control {
    pub text: String,
    pub line: usize,
    names: Vec<String>,
}

/// Everything that decides, in the order in which it is written.
pub(super) fn controls(template: &Template) -> Vec<Control> {
    let mut found = Found::default();
    found.template(template);
    found.controls
}

#[derive(Default)]
struct Found {
    controls: Vec<Control>,
    /// Names that blocks give to their elements: `{{#each xs as |x|}}`.
    aliases: Vec<String>,
    line: usize,
}

impl Found {
    fn template(&mut self, template: &Template) {
        for (at, element) in template.elements.iter().enumerate() {
            if let Some(mapping) = template.mapping.get(at) {
                self.line = mapping.0;
            }
            self.element(element);
        }
    }

    fn element(&mut self, element: &TemplateElement) {
        match element {
            TemplateElement::HtmlExpression(helper)
            | TemplateElement::Expression(helper)
            | TemplateElement::HelperBlock(helper) => self.helper(helper),
            TemplateElement::DecoratorExpression(decorator)
            | TemplateElement::DecoratorBlock(decorator)
            | TemplateElement::PartialExpression(decorator)
            | TemplateElement::PartialBlock(decorator) => self.decorator(decorator),
            // Texts and comments.
            _ => {}
        }
    }

    fn helper(&mut self, helper: &HelperTemplate) {
        helper.params.iter().chain(helper.hash.values()).for_each(|parameter| self.parameter(parameter));
        let before = self.aliases.len();
        match &helper.block_param {
            Some(BlockParam::Single(one)) => self.alias(one),
            Some(BlockParam::Pair((one, two))) => [one, two].into_iter().for_each(|one| self.alias(one)),
            Some(_) | None => {}
        }
        for inner in [&helper.template, &helper.inverse].into_iter().flatten() {
            self.template(inner);
        }
        self.aliases.truncate(before);
    }

    fn decorator(&mut self, decorator: &DecoratorTemplate) {
        decorator.params.iter().chain(decorator.hash.values()).for_each(|parameter| self.parameter(parameter));
        decorator.template.iter().for_each(|inner| self.template(inner));
    }

    fn alias(&mut self, parameter: &Parameter) {
        match parameter {
            Parameter::Name(name) => self.aliases.push(name.clone()),
            Parameter::Path(Path::Relative((_, raw)) | Path::Local((_, _, raw))) => self.aliases.push(raw.clone()),
            _ => {}
        }
    }

    fn parameter(&mut self, parameter: &Parameter) {
        match parameter {
            Parameter::Path(Path::Relative((_, raw)) | Path::Local((_, _, raw))) => self.path(raw),
            Parameter::Name(raw) => self.path(raw),
            Parameter::Subexpression(inner) => self.element(inner.as_element()),
            // Literals.
            _ => {}
        }
    }

    fn path(&mut self, raw: &str) {
        let is_name = |name: &&str| !name.is_empty() && *name != "this" && !name.starts_with('@');
        let names = raw.split(['.', '/', '[', ']']).filter(is_name).filter(|name| name.parse::<u32>().is_err());
        let mut names: Vec<String> = names.map(str::to_owned).collect();
        if names.first().is_some_and(|first| self.aliases.contains(first)) {
            names.remove(0);
        }
        self.controls.push(Control { text: raw.to_owned(), line: self.line, names });
    }
}

impl Control {
    /// The marks that the path meets, from the root or from any element on the way: which element a block stands at is not followed.
    pub fn meets(&self, json: &Json, met: &mut Vec<usize>) {
        follow(json, &self.names, met);
        match json {
            Json::Array(elements) => elements.iter().for_each(|element| self.meets(element, met)),
            Json::Object(fields) => fields.values().for_each(|field| self.meets(field, met)),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
        }
    }
}

fn follow(json: &Json, names: &[String], met: &mut Vec<usize>) {
    match (json, names.split_first()) {
        (Json::String(text), None) => met.extend(mark_in(text)),
        (Json::Array(elements), Some(_)) => elements.iter().for_each(|element| follow(element, names, met)),
        (Json::Object(fields), Some((name, rest))) => {
            fields.get(name).into_iter().for_each(|field| follow(field, rest, met));
        }
        (_, _) => {}
    }
}

fn mark_in(text: &str) -> Option<usize> {
    text.strip_prefix(OPEN)?.strip_suffix(CLOSE)?.parse().ok()
}
