//! What is told to the user: one message, one place that matters most, what to do. Rendering is somebody else's work.
//! An unknown value or type can only be made from the [`Told`] that telling returns, so nothing is ever wrong in silence.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};

use crate::Place;

/// The stable name of a kind of mistake, as in `infrac explain unknown_field`.
pub type Code = &'static str;

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord, Hash)]
pub enum Severity {
    Error,
    Warning,
    Note,
}

/// A place and what is to be said about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    pub place: Place,
    pub text: String,
}

/// A replacement of text at a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    pub place: Place,
    pub text: String,
}

/// A change that mends the mistake.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    pub title: String,
    pub edits: Vec<Edit>,
    /// Whether it says what was written in the language's own words, so that it can be applied unseen. A guess is not safe.
    pub safe: bool,
}

/// A message for the user. The first label is the primary place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    pub code: Code,
    pub severity: Severity,
    pub message: String,
    pub labels: Vec<Label>,
    pub help: Vec<String>,
    pub fix: Option<Fix>,
    /// Texts that may be secrets: whoever shows this diagnostic, or another one beside it, leaves them out.
    pub withheld: Vec<String>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: Code, place: Place, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            labels: vec![Label { place, text: String::new() }],
            help: Vec::new(),
            fix: None,
            withheld: Vec::new(),
        }
    }
    /// A warning at a place.
    pub fn warning(code: Code, place: Place, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, place, message) }
    }
    /// An error that has no place in a file (a missing folder, say).
    pub fn placeless(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            labels: Vec::new(),
            help: Vec::new(),
            fix: None,
            withheld: Vec::new(),
        }
    }
    /// The text under the primary place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        if let Some(first) = self.labels.first_mut() {
            first.text = text.into();
        }
        self
    }
    /// Another place that explains the mistake.
    #[must_use]
    pub fn also(mut self, place: Place, text: impl Into<String>) -> Self {
        self.labels.push(Label { place, text: text.into() });
        self
    }
    /// A text that is not for others, wherever it stands.
    #[must_use]
    pub fn withhold(mut self, text: impl Into<String>) -> Self {
        self.withheld.extend(Some(text.into()).filter(|text| !text.is_empty()));
        self
    }
    /// What to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }
    /// A change that may be what was meant: somebody has to look at it.
    #[must_use]
    pub fn fix(mut self, title: impl Into<String>, place: Place, text: impl Into<String>) -> Self {
        self.fix = Some(Fix { title: title.into(), edits: vec![Edit { place, text: text.into() }], safe: false });
        self
    }
    /// A change that says the same in the language's own words: `infrac check --fix` applies it.
    #[must_use]
    pub fn safe_fix(self, title: impl Into<String>, place: Place, text: impl Into<String>) -> Self {
        let mut fixed = self.fix(title, place, text);
        if let Some(fix) = &mut fixed.fix {
            fix.safe = true;
        }
        fixed
    }
    /// The primary place.
    pub fn place(&self) -> Option<Place> {
        self.labels.first().map(|label| label.place)
    }
}

/// Proof that the user was told of a mistake.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Told(());

/// A list of diagnostics that is being written.
#[derive(Clone, Default, Debug)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    /// Where in the list those stand that may be the same, by a hash of what they say.
    alike: FxHashMap<u64, Vec<usize>>,
}

impl Diagnostics {
    /// Tells the user. The same message at the same place is told once.
    pub fn tell(&mut self, diagnostic: Diagnostic) -> Told {
        let mut hasher = FxHasher::default();
        (diagnostic.code, diagnostic.place(), &diagnostic.message).hash(&mut hasher);
        let alike = self.alike.entry(hasher.finish()).or_default();
        if !alike.iter().any(|at| self.list.get(*at) == Some(&diagnostic)) {
            alike.push(self.list.len());
            self.list.push(diagnostic);
        }
        Told(())
    }
    /// All that was told, in the order of telling.
    pub fn list(&self) -> &[Diagnostic] {
        &self.list
    }
    /// The proof for a fault that an earlier phase has told already.
    pub fn told_before(&self) -> Option<Told> {
        self.has_errors().then_some(Told(()))
    }
    /// Whether one of them is an error.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }
    /// Takes the list out.
    pub fn into_list(self) -> Vec<Diagnostic> {
        self.list
    }
    /// Adds all of another list.
    pub fn append(&mut self, other: Vec<Diagnostic>) {
        for diagnostic in other {
            let _ = self.tell(diagnostic);
        }
    }
}
