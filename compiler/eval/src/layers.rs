//! What the library and the project say of the layers of targets: `@native(TARGET, "layers") fn …() -> layers = { … }`.

use check::checked::Checked;
use source::{Diagnostic, Diagnostics, Name, Place};
use value::ops::json_text;

use crate::evaluate::{Evaluation, Files, Options, Work, evaluate_one};
use crate::frame::{Frame, Parent};

/// The value of each such function as JSON, with the place of its body, in the order of their declaration; or what is wrong with them.
pub fn layers(checked: &Checked, environment: Name, files: Files<'_>) -> Result<Vec<(Place, String)>, Vec<Diagnostic>> {
    let (recorded, stop) = Default::default();
    let options = Options { environment, params: Vec::new(), recorded, stop };
    let evaluated = evaluate_one(checked, &options, files, &Diagnostics::default(), Work::Layers);
    if evaluated.diagnostics.has_errors() { Err(evaluated.diagnostics.into_list()) } else { Ok(evaluated.layers) }
}

impl Evaluation<'_> {
    pub(crate) fn layers(&mut self) -> Vec<(Place, String)> {
        let checked = self.checked;
        let mut found = Vec::new();
        for told in checked.native_facts.iter().filter(|told| told.facts.text() == "layers") {
            let Some(function) = checked.functions.get(told.function.0 as usize) else { continue };
            let place = function.body.place;
            let value = self.run(&mut Frame::new(Parent::Root), &function.body);
            let Some(known) = self.deep_known(value) else {
                let _ = self.too_late(value, place);
                continue;
            };
            match json_text(&self.store, known) {
                Ok(text) => found.push((place, text)),
                Err(fault) => {
                    let _ = self.fault(place, &fault);
                }
            }
        }
        found
    }
}
