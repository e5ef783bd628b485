//! Warnings that the project accepts with `@allow(CODE, because = "…", until = DATE)`, and what is wrong with such an `@allow`.

use check::checked::Allowance;
use source::{Diagnostic, Place, Severity};

use crate::Program;

impl Program {
    /// The same program on a day: an `@allow` whose last day is over accepts nothing. Without one, ends are not looked at.
    pub fn on(self, today: i32) -> Self {
        Self { today: Some(today), ..self }
    }

    /// The codes of all warnings that there may be, in the order of the alphabet.
    pub fn warning_codes(&self) -> Vec<&'static str> {
        self.checked().0.warning_codes.iter().map(|code| code.text()).collect()
    }

    /// What is left to tell when the project accepts some warnings. `whole`: of all environments, so that an `@allow` that
    /// accepts none of them accepts nothing.
    pub(crate) fn without_accepted(&self, told: Vec<Diagnostic>, whole: bool) -> Vec<Diagnostic> {
        let allowances = &self.checked().0.allowances;
        let mut used = vec![false; allowances.len()];
        let mut kept: Vec<Diagnostic> = Vec::new();
        let errors: Vec<Place> =
            told.iter().filter(|of| of.severity == Severity::Error).filter_map(Diagnostic::place).collect();
        for mut diagnostic in told {
            // What is wrong is told before what is unwise about it.
            if diagnostic.severity == Severity::Warning
                && diagnostic.place().is_some_and(|place| errors.iter().any(|error| is_within(&place, error)))
            {
                continue;
            }
            let found = allowances.iter().position(|allowance| covers(allowance, &diagnostic));
            if let Some((allowance, used)) = found.and_then(|at| allowances.get(at).zip(used.get_mut(at))) {
                *used = true;
                if !self.is_over(allowance.until) {
                    continue;
                }
                let until = allowance.until.map(value::scalars::date_text).unwrap_or_default();
                diagnostic = diagnostic.also(allowance.place, format!("accepted until {until}, which is over"));
            }
            kept.push(diagnostic);
        }
        if !crate::has_errors(&kept) {
            let idle = allowances.iter().zip(&used).filter(|(_, used)| whole && !**used);
            kept.extend(idle.map(|(allowance, _)| tell_idle(allowance)));
            kept.extend(self.ended());
        }
        kept
    }

    fn is_over(&self, until: Option<i32>) -> bool {
        self.today.zip(until).is_some_and(|(today, until)| until < today)
    }

    /// Findings of linters that were accepted until a day that is over.
    fn ended(&self) -> Vec<Diagnostic> {
        let checked = self.checked().0;
        let written = Self::allowing(checked).filter(|annotation| !annotation.place.item.is_of_library());
        written
            .filter_map(|annotation| {
                let waiver = self.as_written(annotation).filter(|waiver| self.is_over(waiver.until))?;
                let until = waiver.until_text().unwrap_or_default();
                let message = format!("`{}` was accepted until {until}, which is over", waiver.check);
                let told = Diagnostic::warning("allow_ended", annotation.place, message);
                Some(told.help("mend what it covers and remove it, or decide anew and move the date"))
            })
            .collect()
    }
}

fn covers(allowance: &Allowance, diagnostic: &Diagnostic) -> bool {
    diagnostic.severity == Severity::Warning
        && diagnostic.code == allowance.code.text()
        && diagnostic.labels.iter().any(|label| is_within(&allowance.covers, &label.place))
}

pub(crate) fn is_within(around: &Place, place: &Place) -> bool {
    place.item == around.item && (around.start..=around.start + around.len).contains(&place.start)
}

fn tell_idle(allowance: &Allowance) -> Diagnostic {
    let message = format!("nothing here is told as `{}`", allowance.code);
    let told = Diagnostic::warning("allow_nothing", allowance.place, message);
    told.help("what it accepted is gone: remove it").fix("remove it", allowance.place, "")
}
