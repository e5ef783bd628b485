//! Instances that have an effect until a day: a kind says with `@role(until)` which of its fields is the last one. `infrac waivers` lists
//! them, and on the days after it they are warned of.

use graph::Graph;
use source::{Diagnostic, Name, Place};
use value::Value;

use crate::Program;
use crate::waivers::Waiver;
use crate::why::Spot;

/// An instance with an end.
pub(crate) struct Ending {
    pub address: String,
    /// Its kind, as a user writes it.
    pub kind: String,
    pub place: Place,
    /// The reason that it gives, in the field with `@role(because)`.
    pub because: String,
    /// The last day on which it has an effect, in days since 1970-01-01.
    pub until: i32,
}

impl Program {
    /// Warnings of what has no effect any more: not of its environment, but of the day on which it is looked at.
    pub(crate) fn ended_instances(&self, graph: &Graph) -> Vec<Diagnostic> {
        let Some(today) = self.today else { return Vec::new() };
        let over = self.endings(graph).into_iter().filter(|ending| ending.until < today);
        over.map(|ending| {
            let until = value::scalars::date_text(ending.until);
            let message = format!("`{}` had an effect until {until}, which is over", ending.address);
            Diagnostic::warning("ended", ending.place, message).help("remove it, or decide anew and move the date")
        })
        .collect()
    }

    pub(crate) fn endings(&self, graph: &Graph) -> Vec<Ending> {
        let checked = self.checked().0;
        let with_end: Vec<(Name, Name, Option<Name>)> = checked
            .kinds
            .iter()
            .filter_map(|kind| {
                let because = kind.input_with_role("because").map(|input| input.name);
                Some((kind.full_name, kind.input_with_role("until")?.name, because))
            })
            .collect();
        let ending = |instance: &graph::Instance| {
            let (kind, until, because) = with_end.iter().find(|(kind, ..)| *kind == instance.kind)?;
            let value = |field: Name| Some(graph.store.get(graph.store.field(instance.inputs, field)?));
            let Value::Date(until) = value(*until)? else { return None };
            let because = match because.and_then(value) {
                Some(Value::Text(text)) => text.to_string(),
                _ => String::new(),
            };
            Some(Ending {
                address: graph.store.address_text(instance.address),
                kind: kind.text().rsplit('.').next().unwrap_or_default().to_owned(),
                place: instance.place,
                because,
                until: *until,
            })
        };
        graph.instances.iter().filter_map(ending).collect()
    }
}

impl Ending {
    /// As `infrac waivers` lists it.
    pub(crate) fn waiver(&self, program: &Program) -> Waiver {
        Waiver {
            at: Spot::of(program.sources(), self.place),
            check: self.kind.clone(),
            because: self.because.clone(),
            until: Some(self.until),
            covers: Vec::new(),
            warning: false,
        }
    }
}
