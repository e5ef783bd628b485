//! What is told to the user: trouble, and which thing of the program it is about.

use drivers::Trouble;
use state::TreeStep;

/// A mistake or a failure, with the thing that it is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    pub code: &'static str,
    pub message: String,
    pub help: String,
    pub address: Option<String>,
    /// Where in its inputs.
    pub path: Vec<TreeStep>,
    /// Where the program says it: `main.infra:3:1`. None: it is not known, or no one place.
    pub place: Option<String>,
}

impl Told {
    /// About nothing in particular.
    pub fn new(code: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: help.into(), address: None, path: Vec::new(), place: None }
    }
    /// The same about a thing.
    pub fn about(self, address: impl Into<String>) -> Self {
        Self { address: Some(address.into()), ..self }
    }
    /// The same at a place.
    pub fn at(self, place: Option<&str>) -> Self {
        Self { place: place.map(str::to_owned).or(self.place), ..self }
    }
    /// What a driver says of a thing.
    pub(crate) fn of_driver(trouble: Trouble, address: &str) -> Self {
        let Trouble { code, message, help, path } = trouble;
        Self { code, message, help, address: Some(address.to_owned()), path, place: None }
    }
}
