//! What a program allows itself: every `@allow(CHECK, because = "…", until = …)`, with the resources that it covers and its end; of
//! a warning of infrac's there are none. What has an end of its own stands beside them: a field of its kind has `@role(until)`.
//! Nothing here knows today's date: whoever asks says it.

mod text;

use std::collections::BTreeMap;

use check::checked::{Annotation, Checked};
use check::code::CodeKind;
use source::{Diagnostic, Name};
use value::Value;

use crate::Program;
use crate::why::Spot;

/// One waiver, wherever it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Waiver {
    pub at: Spot,
    /// The check that is not followed, such as `CKV_AWS_144`; of what has an end of its own its kind.
    pub check: String,
    pub because: String,
    /// The last day on which it holds, in days since 1970-01-01; none: for ever.
    pub until: Option<i32>,
    /// The addresses of the native resources that it covers, by environment; empty: it covers nothing.
    pub covers: Vec<(Name, Vec<String>)>,
    /// Whether it is a warning of infrac's and no finding of a linter.
    pub warning: bool,
}

impl Waiver {
    /// Whether its last day is over.
    pub fn expired(&self, today: i32) -> bool {
        self.until.is_some_and(|until| until < today)
    }
    fn cover(&mut self, environment: Name, address: String) {
        match self.covers.last_mut() {
            Some((last, addresses)) if *last == environment => addresses.push(address),
            Some(_) | None => self.covers.push((environment, vec![address])),
        }
    }
    /// Its last day as `2027-03-31`.
    pub fn until_text(&self) -> Option<String> {
        self.until.map(value::scalars::date_text)
    }
}

/// A date such as `2027-03-31` in days since 1970-01-01; the error says what is wrong with it.
pub fn parse_date(text: &str) -> Result<i32, String> {
    match value::parse_scalar(value::ScalarKind::Date, text) {
        Ok(Value::Date(days)) => Ok(days),
        Ok(_) => Err("write it as 2027-03-31".to_owned()),
        Err(fault) => Err(format!("{}: {}", fault.message, fault.help)),
    }
}

impl Program {
    /// The waivers of these environments, in the order of their places; or all mistakes.
    pub fn waivers(&self, environments: &[Name], params: &[(String, String)]) -> Result<Vec<Waiver>, Vec<Diagnostic>> {
        let mut found: BTreeMap<(Spot, String), Waiver> = BTreeMap::new();
        for environment in environments {
            let (graph, _) = self.graph(*environment, params)?;
            for resource in &graph.resources {
                let address = graph.store.address_text(resource.address);
                for waiver in &resource.waivers {
                    let at = Spot::of(self.sources(), waiver.place);
                    let entry = found.entry((at.clone(), waiver.check.text().to_owned())).or_insert_with(|| Waiver {
                        at,
                        check: waiver.check.text().to_owned(),
                        because: waiver.because.clone(),
                        until: waiver.until,
                        covers: Vec::new(),
                        warning: false,
                    });
                    entry.cover(*environment, address.clone());
                }
            }
            for ending in self.endings(&graph) {
                let waiver = ending.waiver(self);
                let key = (waiver.at.clone(), waiver.check.clone());
                found.entry(key).or_insert(waiver).cover(*environment, ending.address);
            }
        }
        for waiver in self.written(self.checked().0) {
            found.entry((waiver.at.clone(), waiver.check.clone())).or_insert(waiver);
        }
        Ok(found.into_values().collect())
    }

    /// The waivers in the user's own files as they are written: one that covers nothing is in no graph.
    fn written(&self, checked: &Checked) -> Vec<Waiver> {
        let of_linters = Self::allowing(checked).filter_map(|annotation| self.as_written(annotation));
        let of_warnings = checked.allowances.iter().map(|allowance| Waiver {
            at: Spot::of(self.sources(), allowance.place),
            check: allowance.code.text().to_owned(),
            because: allowance.because.clone(),
            until: allowance.until,
            covers: Vec::new(),
            warning: true,
        });
        of_linters.chain(of_warnings).filter(|waiver| !waiver.at.library).collect()
    }

    /// The annotations that accept a finding of a linter.
    pub(crate) fn allowing(checked: &Checked) -> impl Iterator<Item = &Annotation> {
        let annotations = checked
            .statements
            .iter()
            .flat_map(|statement| &statement.annotations)
            .chain(checked.adjusts.iter().flat_map(|adjust| &adjust.annotations));
        annotations.filter(|annotation| annotation.name.text() == "allow")
    }

    pub(crate) fn as_written(&self, annotation: &Annotation) -> Option<Waiver> {
        let argument = |wanted: Option<&str>| {
            let (_, code) = annotation.args.iter().find(|(name, _)| name.map(Name::text) == wanted)?;
            match code.kind.as_ref() {
                CodeKind::Const(value) => Some(value.clone()),
                _ => None,
            }
        };
        let text = |value: Option<Value>| match value {
            Some(Value::Text(text)) => Some(text.into_string()),
            _ => None,
        };
        let until = match argument(Some("until")) {
            Some(Value::Date(days)) => Some(days),
            _ => None,
        };
        Some(Waiver {
            at: Spot::of(self.sources(), annotation.place),
            check: text(argument(None))?,
            because: text(argument(Some("because"))).unwrap_or_default(),
            until,
            covers: Vec::new(),
            warning: false,
        })
    }
}
