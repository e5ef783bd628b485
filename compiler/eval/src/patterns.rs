//! `match`: the first arm whose pattern fits. An environment that is like another takes the other's arm where it has none.

use check::code::{Code, Pattern};
use source::{Diagnostic, Name, Place};
use value::{Value, ValueId};

use crate::evaluate::Evaluation;
use crate::frame::Frame;

type Arm = (Vec<Pattern>, Code);

impl<'a> Evaluation<'a> {
    /// The code of the arm that fits; its variables are put into their slots.
    pub(crate) fn chosen_arm(
        &mut self,
        frame: &mut Frame,
        subject: &'a Code,
        arms: &'a [Arm],
        place: Place,
    ) -> Result<&'a Code, ValueId> {
        let value = self.run(frame, subject);
        if self.is_unknown(value) {
            return Err(value);
        }
        let Some(known) = self.known(value) else { return Err(self.too_late(value, subject.place)) };
        if let Some(arm) = self.environment_arm(arms) {
            return Ok(arm);
        }
        for (patterns, code) in arms {
            for pattern in patterns {
                if self.fits(frame, pattern, known) {
                    return Ok(code);
                }
            }
        }
        let message = format!("no arm fits `{}`", self.store.show_short(known));
        Err(self.tell(Diagnostic::error("no_arm", place, message).help("add an arm for it, or `_` for all others")))
    }

    /// The arm of the nearest environment of the chain that has one.
    fn environment_arm(&self, arms: &'a [Arm]) -> Option<&'a Code> {
        let is = |pattern: &Pattern, wanted: Name| matches!(pattern, Pattern::Environment(name) if *name == wanted);
        self.chain.iter().find_map(|environment| {
            arms.iter()
                .find(|(patterns, _)| patterns.iter().any(|pattern| is(pattern, environment.name)))
                .map(|(_, code)| code)
        })
    }

    fn fits(&mut self, frame: &mut Frame, pattern: &Pattern, subject: ValueId) -> bool {
        match pattern {
            Pattern::Any => true,
            Pattern::Environment(_) => false,
            Pattern::Value(wanted) => {
                let wanted = self.store.add(wanted.clone());
                value::equal(&self.store, wanted, subject) == Some(true)
            }
            Pattern::Case { tag, slots } => {
                let fields = match self.store.get(subject) {
                    Value::Tagged { tag: found, fields } if found == tag => fields.clone(),
                    // A case without fields may be written as its name.
                    Value::Text(text) if slots.is_empty() && text.as_ref() == tag.text() => return true,
                    _ => return false,
                };
                for (slot, field) in slots.iter().zip(fields.iter()) {
                    if let Some(slot) = slot {
                        frame.set(*slot, *field);
                    }
                }
                true
            }
            Pattern::Kind { kinds, slot } => {
                // What stands on an instance reads it: `match platform_of(self) { server s => … }`.
                let subject = match self.store.get(subject) {
                    Value::Platform { instance: Some(host), .. } => {
                        let host = Value::Instance(*host);
                        self.store.add(host)
                    }
                    _ => subject,
                };
                let fits = self
                    .instance_of(subject)
                    .and_then(|id| self.kind_id_of(id))
                    .is_some_and(|kind| kinds.contains(&kind));
                if let (true, Some(slot)) = (fits, slot) {
                    frame.set(*slot, subject);
                }
                fits
            }
            Pattern::Platform(platform) => {
                let Some(wanted) = self.checked.platforms.get(platform.0 as usize) else { return false };
                let standing = match self.instance_of(subject) {
                    Some(id) => match self.place_of(id) {
                        Some(place) => self.home(id, place),
                        None => return false,
                    },
                    None => subject,
                };
                self.platform_of_value(standing).is_some_and(|found| found.name == wanted.name)
            }
        }
    }
}
