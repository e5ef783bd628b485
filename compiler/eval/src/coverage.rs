//! What could be watched, and by whom it is: `@native(TARGET, "coverage") fn …() -> coverage = [for …]` of the library and the project.

use check::checked::Checked;
use rustc_hash::FxHashSet;
use source::{Diagnostic, Diagnostics, Place};
use value::{Store, Value, ValueId};

use crate::evaluate::{Evaluation, Files, Options, Work, evaluate_one};
use crate::frame::{Frame, InstanceId, Parent};

/// Something that could be watched.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Watchable {
    pub address: String,
    /// Its statement.
    pub place: Place,
    /// The addresses of what watches it; empty: nothing does.
    pub by: Vec<String>,
    /// Whether something has to.
    pub required: bool,
    /// What a user writes to have it watched, one statement a line.
    pub lines: String,
}

/// All that an environment has of it, in the order in which it is told; or what is wrong with those who tell.
pub fn coverage(checked: &Checked, options: &Options, files: Files<'_>) -> Result<Vec<Watchable>, Vec<Diagnostic>> {
    let evaluated = evaluate_one(checked, options, files, &Diagnostics::default(), Work::Coverage);
    if evaluated.diagnostics.has_errors() { Err(evaluated.diagnostics.into_list()) } else { Ok(evaluated.coverage) }
}

impl Evaluation<'_> {
    pub(crate) fn coverage(&mut self) -> Vec<Watchable> {
        let checked = self.checked;
        let mut found = Vec::new();
        for told in checked.native_facts.iter().filter(|told| told.facts.text() == "coverage") {
            let Some(function) = checked.functions.get(told.function.0 as usize) else { continue };
            let value = self.run(&mut Frame::new(Parent::Root), &function.body);
            let Some(known) = self.deep_known(value) else {
                let _ = self.too_late(value, function.body.place);
                continue;
            };
            let all = elements(&self.store, known).iter();
            let all: Vec<(InstanceId, Watchable)> = all.filter_map(|one| self.watchable(*one)).collect();
            let begun: FxHashSet<Place> =
                all.iter().filter(|(_, one)| !one.by.is_empty()).map(|(_, one)| one.place).collect();
            found.extend(all.into_iter().map(|(thing, one)| {
                let lines = self.filled(&one.lines, thing, begun.contains(&one.place));
                Watchable { lines, ..one }
            }));
        }
        found
    }

    /// What one record of the list tells. The library's own programs are no concern of who uses it.
    fn watchable(&self, told: ValueId) -> Option<(InstanceId, Watchable)> {
        let Value::Record(fields) = self.store.get(told) else { return None };
        let field = |name: &str| fields.iter().find(|(field, _)| field.text() == name).map(|(_, value)| *value);
        let thing = self.instance_of(field("thing")?)?;
        let place = self.place_of(thing).filter(|place| !place.item.is_of_library())?;
        let watchable = Watchable {
            address: self.shown(field("thing")?),
            place,
            by: elements(&self.store, field("by")?).iter().filter_map(|by| text(&self.store, *by)).collect(),
            required: matches!(self.store.get(field("required")?), Value::Bool(true)),
            lines: text(&self.store, field("lines")?)?,
        };
        Some((thing, watchable))
    }

    /// The lines with what the thing is called: where a loop makes it, they are written for all that it makes, or for the one when others
    /// are watched already; where it is not in every environment, for where it is.
    fn filled(&self, lines: &str, thing: InstanceId, begun: bool) -> String {
        let Some(statement) = self.statement_of(thing) else { return String::new() };
        let key = self.instances.get(thing.0 as usize).and_then(|instance| instance.key);
        let own = statement.name.text();
        let only_there = if statement.condition.is_some() { format!(" if {own} != none") } else { String::new() };
        let (name, one, header, all, condition) = match key {
            Some(key) if begun => {
                let one = format!("{own}[{:?}]", key.text());
                (format!("{own}_{}", as_name(key.text())), one.clone(), String::new(), one, String::new())
            }
            Some(_) => {
                let header = format!(" for key, watched in {own}");
                (own.to_owned(), "watched".to_owned(), header, own.to_owned(), String::new())
            }
            None => (own.to_owned(), own.to_owned(), only_there.clone(), own.to_owned(), only_there),
        };
        let filled = lines.replace("{name}", &name).replace("{header}", &header).replace("{one}", &one);
        filled.replace("{all}", &all).replace("{if}", &condition)
    }
}

/// What of a key may stand in a name.
fn as_name(key: &str) -> String {
    key.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' }).collect()
}

fn elements(store: &Store, value: ValueId) -> &[ValueId] {
    match store.get(value) {
        Value::List(elements) => elements,
        _ => &[],
    }
}

fn text(store: &Store, value: ValueId) -> Option<String> {
    match store.get(value) {
        Value::Text(text) => Some(text.to_string()),
        _ => None,
    }
}
