//! What is remembered, as the engine uses it: a state that grows by records, and secrets that are sealed before they are in one.

use state::{Object, Record, State, Tree};

use crate::told::Told;

/// Seals secrets, and opens them.
pub trait Secrets {
    /// The same value with its secrets sealed.
    ///
    /// # Errors
    /// There is no key.
    fn seal(&self, tree: &Tree) -> Result<Tree, Told>;
    /// The same value with its secrets open.
    ///
    /// # Errors
    /// There is no key, or another one.
    fn open(&self, tree: &Tree) -> Result<Tree, Told>;
}

/// Where a run writes what it does.
pub trait Ledger: Secrets {
    /// What is known by now.
    fn state(&self) -> &State;
    /// Adds records; they are here to stay when this returns.
    ///
    /// # Errors
    /// They could not be written: nothing may begin any more.
    fn append(&mut self, records: &[Record]) -> Result<(), Told>;

    /// An object with its secrets open.
    ///
    /// # Errors
    /// As [`Secrets::open`].
    fn open_object(&self, object: &Object) -> Result<Object, Told> {
        let mut opened = object.clone();
        opened.attributes = self.open(&object.attributes)?;
        opened.applied = self.open(&object.applied)?;
        Ok(opened)
    }
}

/// A ledger that nobody keeps: of a preview or a rehearsal.
pub struct Memory<'a> {
    state: State,
    secrets: &'a dyn Secrets,
}

impl<'a> Memory<'a> {
    /// Begins with a state as it is.
    pub fn of(state: State, secrets: &'a dyn Secrets) -> Self {
        Self { state, secrets }
    }
    /// Another one that begins with what this one knows.
    pub fn copy(&self) -> Self {
        Self { state: self.state.clone(), secrets: self.secrets }
    }
}

impl Secrets for Memory<'_> {
    fn seal(&self, tree: &Tree) -> Result<Tree, Told> {
        self.secrets.seal(tree)
    }
    fn open(&self, tree: &Tree) -> Result<Tree, Told> {
        self.secrets.open(tree)
    }
}

impl Ledger for Memory<'_> {
    fn state(&self) -> &State {
        &self.state
    }
    fn append(&mut self, records: &[Record]) -> Result<(), Told> {
        let wrong = |wrong: state::Wrong| Told::new("internal", wrong.0, "this is a bug in infrac");
        records.iter().try_for_each(|record| self.state.add(record).map_err(wrong))
    }
}
