//! Physical names: `shop-prod-front-a` from project, environment and address, cut to a limit with a stable hash. Two instances
//! of one kind with the same name are an error that names both; `@name("…")` gives one.

use std::collections::hash_map::Entry;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest, Sha256};
use source::{Diagnostic, Name, Place};
use value::{AddressId, Value, ValueId, WrittenStep};

use crate::evaluate::Evaluation;
use crate::frame::{Frame, GroupId, InstanceId};

/// How long a name may be, and whether project and environment are left out of it (where they have a room of their own).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct NameForm {
    pub limit: usize,
    pub bare: bool,
}

/// Names that were given, by kind.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    taken: FxHashMap<(Name, String), AddressId>,
    /// What each name was made of, by its text.
    pub made: FxHashMap<ValueId, Vec<MadeName>>,
    /// The name in texts that were joined with one.
    pub joined: FxHashMap<ValueId, NameWithin>,
    /// The instances of which `@name` was read.
    pub given: FxHashSet<InstanceId>,
}

impl Names {
    /// Whether a text is a name with project and environment.
    pub fn is_whole(&self, text: ValueId) -> bool {
        self.made.get(&text).is_some_and(|made| made.iter().any(|made| !made.form.bare))
    }
}

/// A name in a text, and its first byte there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NameWithin {
    pub name: ValueId,
    pub start: u32,
}

/// What a name was made of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct MadeName {
    pub of: AddressId,
    pub base: Arc<str>,
    pub form: NameForm,
}

impl Evaluation<'_> {
    /// The name of an instance.
    pub(crate) fn physical_name(&mut self, id: InstanceId, form: NameForm, place: Place) -> Result<String, ValueId> {
        let Some(instance) = self.instances.get(id.0 as usize) else { return Ok(String::new()) };
        let address = instance.address;
        let kind = match (self.kind_of(id), self.native_of(id)) {
            (Some(kind), _) => kind.full_name,
            (None, Some(native)) => native.name,
            (None, None) => Name::new(""),
        };
        let (base, name) = match self.given_name(id)? {
            Some((given, at)) => {
                self.look_at_given(&given, form, at)?;
                (given.clone(), given)
            }
            None => {
                let base = self.full_name(address, form.bare);
                let name = cut(&base, form.limit);
                (base, name)
            }
        };
        self.remember_name(&name, MadeName { of: address, base: base.into(), form });
        self.claim(kind, name, address, place)
    }

    /// The name of what a group shares: `shop-prod-front-lan`.
    pub(crate) fn group_name(&mut self, group: GroupId, form: NameForm, place: Place) -> Result<String, ValueId> {
        let Some(address) = self.groups.get(group.0 as usize).map(|group| group.address) else {
            return Ok(String::new());
        };
        let base = self.full_name(address, form.bare);
        let name = cut(&base, form.limit);
        self.remember_name(&name, MadeName { of: address, base: base.into(), form });
        self.claim(Name::new("once"), name, address, place)
    }

    fn remember_name(&mut self, name: &str, made: MadeName) {
        let name = self.store.text(name);
        match self.names.made.entry(name) {
            Entry::Vacant(new) => {
                new.insert(vec![made]);
            }
            Entry::Occupied(mut known) if !known.get().contains(&made) => known.get_mut().push(made),
            Entry::Occupied(_) => {}
        }
    }

    fn claim(&mut self, kind: Name, name: String, address: AddressId, place: Place) -> Result<String, ValueId> {
        let other = *self.names.taken.entry((kind, name.clone())).or_insert(address);
        if other == address {
            return Ok(name);
        }
        if let Some(told) = self.tell_name_kept(other, address) {
            return Err(told);
        }
        let message = format!(
            "`{}` and `{}` are both named `{name}`",
            self.store.address_text(other),
            self.store.address_text(address)
        );
        let places =
            [other, address].map(|address| self.by_address(address).and_then(|id| self.place_of(self.outermost(id))));
        let mut told = Diagnostic::error("same_name", places[1].unwrap_or(place), message)
            .help("rename one of them, or give it a name: `@name(\"…\")`");
        if let Some(other) = places[0].filter(|other| Some(*other) != places[1]) {
            told = told.also(other, "the other one");
        }
        Err(self.tell(told))
    }

    /// Project, environment and the steps of the address that it had first; what was recorded of it wins.
    fn full_name(&self, address: AddressId, bare: bool) -> String {
        let mut parts = Vec::new();
        parts.extend(self.checked.project.as_ref().map(|project| slug(project.name.text())));
        parts.push(slug(self.environment.name.text()));
        if let Some(recorded) = self.recorded_name(address) {
            let before = format!("{}-", parts.join("-"));
            return if bare { recorded.strip_prefix(&before).unwrap_or(recorded) } else { recorded }.to_owned();
        }
        if bare {
            parts.clear();
        }
        let mut named = Vec::new();
        let mut at = Some(address);
        while let Some(here) = at {
            at = self.store.step(here).parent;
            // Where nothing stands the step only tells addresses apart: the name of a `once`, the platform of an instance.
            named.push(at.is_none() || self.by_address(here).is_some());
        }
        named.reverse();
        let first = self.named(address).steps;
        let own = self.store.written(address).steps;
        for (depth, step) in first.iter().enumerate() {
            if depth == 0 || is_named(step, depth, &first, &own, &named) {
                parts.push(slug(step.name.text()));
            }
            parts.extend(step.key.map(|key| slug(key.text())));
        }
        parts.retain(|part| !part.is_empty());
        parts.join("-")
    }

    /// Tells a given name that nothing can have: an empty one, one of other letters than names are made of, one that is too long for
    /// what asks for it.
    fn look_at_given(&mut self, given: &str, form: NameForm, place: Place) -> Result<(), ValueId> {
        let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "-_./".contains(letter);
        let (message, help) = if given.is_empty() {
            (
                "an empty name is none".to_owned(),
                "give it a name, or remove `@name`: then it has one of its own".to_owned(),
            )
        } else if let Some(wrong) = given.chars().find(|letter| !is_letter(*letter)) {
            let shown = wrong.escape_debug();
            (
                format!("`{shown}` does not stand in a name"),
                "names are made of letters, digits, `-`, `_`, `.` and `/`".to_owned(),
            )
        } else if given.len() > form.limit {
            (
                format!("this name has {} letters, and what is named takes {} at most", given.len(), form.limit),
                "give it a shorter one".to_owned(),
            )
        } else {
            return Ok(());
        };
        Err(self.tell(Diagnostic::error("wrong_name", place, message).help(help)))
    }

    /// `@name("…")`, and where it is given.
    fn given_name(&mut self, id: InstanceId) -> Result<Option<(String, Place)>, ValueId> {
        let (Some(statement), Some(instance)) = (self.statement_of(id), self.instances.get(id.0 as usize)) else {
            return Ok(None);
        };
        let wanted = Name::new("name");
        let Some(code) = statement
            .annotations
            .iter()
            .find(|annotation| annotation.name == wanted)
            .and_then(|annotation| annotation.args.first())
        else {
            return Ok(None);
        };
        let mut frame = Frame::with(instance.parent, &instance.slots);
        self.names.given.insert(id);
        let value = self.run(&mut frame, &code.1);
        match self.known(value).map(|known| self.store.get(known)) {
            Some(Value::Text(text)) => Ok(Some((text.to_string(), code.1.place))),
            Some(Value::Unknown(_)) => Err(value),
            Some(_) => Ok(None),
            None => Err(self.too_late(value, code.1.place)),
        }
    }
}

/// Whether a step of the address that something had first stands in its name. It has the steps of its own address, seen from the end;
/// where a platform or a group has come or gone, those of the same name.
fn is_named(step: &WrittenStep, depth: usize, first: &[WrittenStep], own: &[WrittenStep], named: &[bool]) -> bool {
    if crate::moves::is_platform(step) {
        return false;
    }
    let by_name = own.iter().position(|own| own.name == step.name).filter(|_| first.len() != own.len());
    let same = by_name.or_else(|| (depth + own.len()).checked_sub(first.len()));
    same.and_then(|at| named.get(at)).copied().unwrap_or(true)
}

/// Lowercase letters and digits, all else one `-`.
pub(crate) fn slug(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii_alphanumeric() {
            out.push(character.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}

/// A name of at most `limit` characters: what is cut off is told apart by six digits of a hash of the whole.
pub(crate) fn cut(name: &str, limit: usize) -> String {
    if name.len() <= limit {
        return name.to_owned();
    }
    let digest = Sha256::digest(name.as_bytes());
    let hash: String = digest.iter().take(3).map(|byte| format!("{byte:02x}")).collect();
    let kept = name.get(..limit.saturating_sub(hash.len() + 1)).unwrap_or_default().trim_end_matches('-');
    if kept.is_empty() {
        hash.get(..limit.min(hash.len())).unwrap_or_default().to_owned()
    } else {
        format!("{kept}-{hash}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_lowercase_words_with_dashes() {
        assert_eq!(slug("front[\"A b\"].vm"), "front-a-b-vm");
        assert_eq!(slug("__"), "");
    }

    #[test]
    fn a_long_name_keeps_its_start_and_a_stable_hash() {
        let long = "shop-prod-a-very-long-name-that-no-load-balancer-takes";
        assert_eq!(cut(long, 32), "shop-prod-a-very-long-nam-716cb8");
        assert_eq!(cut(long, 32), cut(long, 32));
        assert_ne!(cut(long, 32), cut(&format!("{long}s"), 32));
        assert_eq!(cut("short", 32), "short");
        assert!(cut(long, 4).len() <= 4);
    }
}
