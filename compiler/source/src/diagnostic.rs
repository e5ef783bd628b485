//! What is told to the user: one message, one place that matters most, what to do. Rendering is somebody else's work.
//! An unknown value or type can only be made from the [`Told`] that telling returns, so nothing is ever wrong in silence.

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
    /// A change that mends it.
    #[must_use]
    pub fn fix(mut self, title: impl Into<String>, place: Place, text: impl Into<String>) -> Self {
        self.fix = Some(Fix { title: title.into(), edits: vec![Edit { place, text: text.into() }] });
        self
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
}

impl Diagnostics {
    /// Tells the user. The same message at the same place is told once.
    pub fn tell(&mut self, diagnostic: Diagnostic) -> Told {
        if !self.list.contains(&diagnostic) {
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
