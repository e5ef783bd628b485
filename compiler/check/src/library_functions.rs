//! Functions by which a library tells the compiler about native kinds: `@lower(TARGET, FORM)`, `@native(OF, FACT)`. What a project
//! misspells there would have no effect, so it is told.

use schema::Role;
use source::Place;
use syntax::{Kind as Node, Tree};
use value::Value;

use crate::checked::FunctionId;
use crate::checker::Checker;
use crate::code::{CodeKind, ListPart};

/// What is told of native kinds of a target.
const OF_KINDS: [&str; 2] = ["stateful", "outside"];
/// What is told of a provider; a target that has one only is one itself.
const OF_PROVIDERS: [&str; 2] = ["credentials", "identity"];
/// How schemas want a scalar to be spelled.
const FORMS: [&str; 15] = [
    "string",
    "number",
    "int",
    "bool",
    "int_or_string",
    "quantity",
    "duration",
    "milliseconds",
    "seconds",
    "minutes",
    "hours",
    "days",
    "bytes",
    "mebibytes",
    "gibibytes",
];

impl Checker<'_> {
    /// Looks at those of the project, after their bodies were checked.
    pub(crate) fn library_functions(&mut self) {
        for ((target, form), function) in self.lowerings.clone() {
            let Some(place) = self.place_of_annotation(function) else { continue };
            if self.is_target(target.text(), place) {
                self.is_one_of(form.text(), &FORMS, "form", place);
            }
        }
        for told in self.native_facts.clone() {
            let Some(place) = self.place_of_annotation(told.function) else { continue };
            let (target, has_provider) = match told.of.text().split_once('.') {
                Some((target, _)) => (target, true),
                None => (told.of.text(), false),
            };
            if !self.is_target(target, place) {
                continue;
            }
            let known = match (has_provider, target) {
                (true, _) => OF_PROVIDERS.to_vec(),
                (false, "terraform") => OF_KINDS.to_vec(),
                (false, _) => [OF_KINDS, OF_PROVIDERS].concat(),
            };
            let fact = told.facts.text();
            if self.is_one_of(fact, &known, "fact", place) && OF_KINDS.contains(&fact) {
                self.kinds_exist(target, told.function);
            }
        }
    }

    /// The annotation of a function of the project.
    fn place_of_annotation(&self, function: FunctionId) -> Option<Place> {
        let (_, at) = *self.function_items.get(function.0 as usize)?;
        if !self.is_project(at) {
            return None;
        }
        let tree = self.item(at).tree();
        let annotation = tree.child(Tree::ROOT, Node::Annotation)?;
        Some(self.place(at, &tree, annotation))
    }

    fn is_target(&mut self, name: &str, place: Place) -> bool {
        let mut targets: Vec<&str> = self.input.schemas.iter().map(|schema| schema.target.text()).collect();
        targets.sort_unstable();
        targets.dedup();
        self.is_one_of(name, &targets, "target", place)
    }

    fn is_one_of(&mut self, name: &str, known: &[&str], what: &str, place: Place) -> bool {
        let is_known = known.contains(&name);
        if !is_known {
            let (message, lead) = (format!("there is no {what} `{name}`"), format!("{what}s are"));
            self.unknown_name("unknown_name", place, &message, name, known, &lead);
        }
        is_known
    }

    /// A list that is written down names kinds of the target.
    fn kinds_exist(&mut self, target: &str, function: FunctionId) {
        let Some(function) = self.out.functions.get(function.0 as usize) else { return };
        let CodeKind::List(parts) = function.body.kind.as_ref() else { return };
        let mut named = Vec::new();
        for part in parts {
            if let ListPart::Element { code, .. } = part
                && let CodeKind::Const(Value::Text(name)) = code.kind.as_ref()
            {
                named.push((name.to_string(), code.place));
            }
        }
        let input = self.input;
        let of_target = || input.schemas.iter().filter(|named| named.target.text() == target);
        for (name, place) in named {
            if of_target().any(|named| named.schema.kind(&name, Role::Resource).is_some()) {
                continue;
            }
            let message = format!("there is no native kind `{target}.{name}`");
            let near: Vec<String> = of_target()
                .flat_map(|named| named.schema.kinds())
                .filter(|kind| source::did_you_mean(&name, [kind.name()]).is_some())
                .map(|kind| kind.name().to_owned())
                .collect();
            let near: Vec<&str> = near.iter().map(String::as_str).collect();
            self.unknown_name("unknown_name", place, &message, &name, &near, "near are");
        }
    }
}
