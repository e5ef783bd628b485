//! Functions by which a library tells the compiler about native kinds: `@lower(TARGET, FORM)`, `@native(OF, FACT)`. What a project
//! misspells there would have no effect, so it is told.

use schema::Role;
use source::{Diagnostic, Name, Place};
use syntax::{Kind as Node, Tree};
use value::Value;

use crate::checked::FunctionId;
use crate::checker::Checker;
use crate::code::{CodeKind, ListPart, Scalar};
use crate::declare::TypeName;
use crate::types::Ty;

/// What is told of native kinds of a target.
const OF_KINDS: [&str; 2] = ["stateful", "outside"];
/// What is told of a target as a whole: a value of the library's type of this name.
const OF_TARGETS: [&str; 2] = ["layers", "coverage"];
/// What is told of a provider; a target that has one only is one itself.
const OF_PROVIDERS: [&str; 3] = ["credentials", "identity", "limits"];
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
        self.spellings();
        for told in self.native_facts.clone() {
            let Some(place) = self.place_of_annotation(told.function) else { continue };
            let (target, has_provider) = match told.of.text().split_once('.') {
                Some((target, _)) => (target, true),
                None => (told.of.text(), false),
            };
            if !self.is_target(target, place) {
                continue;
            }
            let known = match (has_provider, self.input.has_providers(target)) {
                (true, _) => OF_PROVIDERS.to_vec(),
                (false, true) => [&OF_KINDS[..], &OF_TARGETS].concat(),
                (false, false) => [&OF_KINDS[..], &OF_TARGETS, &OF_PROVIDERS].concat(),
            };
            let fact = told.facts.text();
            if !self.is_one_of(fact, &known, "fact", place) {
                continue;
            }
            if OF_KINDS.contains(&fact) {
                self.kinds_exist(target, told.function);
            }
            if OF_TARGETS.contains(&fact) {
                self.is_of_type(fact, told.function, place);
            }
        }
    }

    /// Tells what spells nothing, and two functions for one form of one scalar: which of them would spell it?
    fn spellings(&mut self) {
        let mut seen: Vec<((Name, Name, Scalar), Place)> = Vec::new();
        for ((target, form), function) in self.lowerings.clone() {
            let Some(place) = self.place_of_annotation(function) else { continue };
            let Some(scalar) = self.spells(function) else {
                let help = "it takes the one value that it spells: `fn NAME(x: duration) -> … = …`";
                self.error("wrong_arguments", place, "this function spells no scalar", help);
                continue;
            };
            let key = (target, form, scalar);
            let Some((_, first)) = seen.iter().find(|(other, _)| *other == key) else {
                seen.push((key, place));
                continue;
            };
            let shown = self.show(&Ty::scalar(scalar));
            let message = format!("a {shown} is spelled twice for `{form}` of `{target}`");
            let told = Diagnostic::error("declared_twice", place, message).also(*first, "the first time here");
            self.told.tell(told.help("remove one of the two"));
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

    /// The function gives what the library's type of this name says.
    fn is_of_type(&mut self, name: &str, function: FunctionId, place: Place) {
        let of_library = self.std_module.and_then(|module| self.type_in(module, Name::new(name)));
        let Some(TypeName::Type(index)) = of_library else { return };
        let (wanted, found) = (self.declared_type(index, place), self.function_info(function).result.clone());
        if found != wanted && !found.is_unknown() && !wanted.is_unknown() {
            let shown = self.show(&found);
            self.error(
                "type_mismatch",
                place,
                format!(
                    "what is told as `{name}` is a value of the type `{name}`; this function gives {}",
                    crate::types::with_article(&shown)
                ),
                format!("give the function this type: `-> {name}`"),
            );
        }
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
