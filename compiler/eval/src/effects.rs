//! Whether anything comes of what annotations ask for. What the tool of a target does of it is said by the library, as a fact of
//! native kinds (`@native(TARGET, "annotations")`): what none of the targets does, and what is asked of nothing, is an error.

use std::collections::BTreeSet;

use check::checked::{Annotation, NativeKind};
use graph::{Edge, EdgeKind};
use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use schema::Role;
use source::{Diagnostic, Diagnostics, Name, Place, list_of};
use value::AddressId;

use crate::annotations::{Notes, NotesMemo};
use crate::evaluate::Evaluation;
use crate::frame::InstanceId;

/// What came of annotations in an environment.
#[derive(Clone, Default, Debug)]
pub(crate) struct Effects {
    asked: IndexMap<(Name, Place), Effect, FxBuildHasher>,
    /// Fields whose drift is to be ignored: whether a resource has them.
    drifts: IndexMap<(Name, Place), bool, FxBuildHasher>,
    /// What each target does.
    does: FxHashMap<Name, Vec<String>>,
    /// What was told as soon as it was met; of a loop's instances only the first.
    told: FxHashSet<Place>,
}

/// What came of one.
#[derive(Clone, Default, Debug)]
struct Effect {
    done: bool,
    /// Of which it was asked, and which do not do it.
    refused: BTreeSet<&'static str>,
}

impl Effects {
    /// A field whose drift is to be ignored, met or not met in a resource.
    pub fn drift(&mut self, field: Name, place: Place, met: bool) {
        *self.drifts.entry((field, place)).or_default() |= met;
    }

    /// `@name` of an instance: whether anything reads it.
    pub fn name(&mut self, annotation: &Annotation, read: bool) {
        self.asked.entry((annotation.name, annotation.place)).or_default().done |= read;
    }

    /// What is asked of something from which perhaps nothing is made.
    pub fn ask(&mut self, notes: &Notes) {
        for (name, place) in &notes.said {
            self.asked.entry((*name, *place)).or_default();
        }
    }

    /// Takes over what came of the same annotations in another environment.
    pub fn merge(&mut self, other: Self) {
        for (key, effect) in other.asked {
            let own = self.asked.entry(key).or_default();
            own.done |= effect.done;
            own.refused.extend(effect.refused);
        }
        for ((field, place), met) in other.drifts {
            self.drift(field, place, met);
        }
    }

    /// Tells the annotations of which nothing came, wherever they were asked.
    pub fn tell(self, diagnostics: &mut Diagnostics) {
        // What no target does is told once, not again for each of its fields.
        let is_refused = |place: &Place| {
            self.asked.iter().any(|((_, asked), effect)| {
                !effect.done
                    && asked.item == place.item
                    && (asked.start..asked.start + asked.len).contains(&place.start)
            })
        };
        for ((path, place), _) in self.drifts.iter().filter(|((_, place), met)| !**met && !is_refused(place)) {
            let message = format!("nothing that is made here has a field `{path}` whose drift could be ignored");
            let _ = diagnostics.tell(
                Diagnostic::error("unknown_field", *place, message)
                    .help("name a field of one of its native resources, as `infrac graph` lists them"),
            );
        }
        for ((name, place), effect) in self.asked {
            if effect.done {
                continue;
            }
            let (message, help) = if name.text() == "name" {
                (
                    "`@name` has no effect: nothing asks for this name".to_owned(),
                    "a native resource is called what its own fields say, such as `name = name_of(self)`: set them, or remove it".to_owned(),
                )
            } else if effect.refused.is_empty() {
                (
                    format!("`@{name}` has no effect: nothing is made here that it could be said of"),
                    "write it before what becomes native resources, or remove it".to_owned(),
                )
            } else {
                let targets = list_of(effect.refused.iter().copied());
                (format!("`@{name}` has no effect in {targets}"), "remove it".to_owned())
            };
            let _ = diagnostics.tell(Diagnostic::error("no_effect", place, message).help(help));
        }
    }
}

impl Evaluation<'_> {
    /// Whether the tool of a target does what an annotation asks for.
    fn does(&mut self, target: Name, annotation: &str, effects: &mut Effects) -> bool {
        let said = effects.does.entry(target).or_insert_with(|| self.said_of_natives("annotations", target.text()));
        said.iter().any(|does| does == annotation)
    }

    /// Notes what annotations right before an instance ask for, whether or not anything is made of it.
    pub(crate) fn ask_effects(&mut self, id: InstanceId, memo: &mut NotesMemo, effects: &mut Effects) {
        let own: &[Annotation] = self.statement_of(id).map_or(&[], |statement| &statement.annotations);
        if !own.is_empty() || self.adjustments_of(id).iter().any(|adjust| !adjust.annotations.is_empty()) {
            effects.ask(&self.notes(id, memo));
        }
        for annotation in own.iter().filter(|annotation| annotation.name.text() == "name") {
            effects.name(annotation, self.names.given.contains(&id));
        }
    }

    /// Notes what comes of the annotations on and above a native resource, but for order.
    pub(crate) fn note_effects(&mut self, noted: &Notes, native: &NativeKind, effects: &mut Effects) {
        for (name, place) in &noted.said {
            // Whether there is an order is known where its edges are made.
            if name.text() == "after" {
                continue;
            }
            let is_changed = native.role != Role::Data || name.text() == "allow";
            let does = self.does(native.target, name.text(), effects);
            if name.text() == "notify" && !does && effects.told.insert(*place) {
                self.tell_not_notified(native.target, *place);
            }
            let effect = effects.asked.entry((*name, *place)).or_default();
            effect.done |= is_changed && does;
            if is_changed && !does {
                effect.refused.insert(native.target.text());
            }
        }
    }

    fn tell_not_notified(&mut self, target: Name, place: Place) {
        let message = format!("`{target}` tells nothing of what it changes");
        let help = "remove `@notify`; what must follow a change refers to a value of what changes";
        let _ = self.tell(Diagnostic::error("no_effect", place, message).help(help));
    }

    /// Edges to what `@after` names.
    pub(crate) fn order_edges(
        &mut self,
        id: InstanceId,
        noted: &Notes,
        native: &NativeKind,
        beneath: &FxHashMap<InstanceId, Vec<AddressId>>,
        effects: &mut Effects,
    ) -> Vec<Edge> {
        let mut edges = Vec::new();
        for (before, place) in &noted.after {
            let from = edges.len();
            self.edges_to(&[*before], EdgeKind::Order, beneath, &mut edges);
            let made: Vec<&Edge> = edges.get(from..).unwrap_or_default().iter().collect();
            let done = !made.is_empty();
            // Between targets the steps keep the order; inside of one its tool does, or does not.
            let same =
                made.iter().filter_map(|edge| edge.resource()).filter_map(|to| self.by_address(to)).find(|other| {
                    *other != id && self.native_of(*other).is_some_and(|other| other.target == native.target)
                });
            if let Some(other) = same.filter(|_| !self.does(native.target, "after", effects))
                && effects.told.insert(*place)
            {
                self.tell_unordered(id, other, native.target, *place);
            }
            effects.asked.entry((Name::new("after"), *place)).or_default().done |= done;
        }
        edges
    }

    fn tell_unordered(&mut self, id: InstanceId, other: InstanceId, target: Name, place: Place) {
        let message = format!("`{target}` cannot make `{}` after `{}`", self.path_text(id), self.path_text(other));
        let help = format!(
            "all that goes to `{target}` is applied at once: leave `@after` out, and let one wait for the other when it runs"
        );
        let _ = self.tell(Diagnostic::error("no_effect", place, message).help(help));
    }
}
