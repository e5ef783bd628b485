//! What environments say of themselves, before anything is evaluated.

use check::code::{Code, CodeKind, ListPart};
use source::Name;

use crate::Program;

/// An environment, as its statement says it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Environment {
    pub name: Name,
    pub tier: Name,
    /// The environment that it is like where it says nothing.
    pub like: Option<Name>,
    /// What it lists, each as it is written.
    pub platforms: Vec<String>,
    pub file: String,
    pub line: u32,
}

impl Program {
    /// All environments of a program without mistakes, by name.
    pub fn described_environments(&self) -> Vec<Environment> {
        let sources = self.sources();
        let as_written = |place| {
            let text = sources.text(place).unwrap_or_default();
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let describe = |of: &check::checked::Environment| {
            let platforms = listed(&of.on).into_iter().map(|code| as_written(code.place)).collect();
            let at = sources.absolute(of.place);
            let (file, line) = at.map_or_else(Default::default, |(file, range)| {
                (file.shown.to_string(), file.line_column(range.start as u32).line)
            });
            Environment { name: of.name, tier: of.tier, like: of.like, platforms, file, line }
        };
        let mut all: Vec<Environment> = self.checked().0.environments.iter().map(describe).collect();
        all.sort_by_key(|environment| environment.name.text());
        all
    }
}

/// The elements of a list that names them one by one; else the whole.
fn listed(on: &Code) -> Vec<&Code> {
    match &*on.kind {
        CodeKind::List(parts) => parts.iter().map(element).collect::<Option<_>>().unwrap_or_else(|| vec![on]),
        _ => vec![on],
    }
}

fn element(part: &ListPart) -> Option<&Code> {
    match part {
        ListPart::Element { code, .. } => Some(code),
        ListPart::Spread(_) | ListPart::For { .. } | ListPart::If { .. } | ListPart::By { .. } => None,
    }
}
