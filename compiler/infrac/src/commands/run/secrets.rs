//! Sealing as the engine asks for it.

use std::sync::Arc;

use engine::{Ledger, Secrets, Told};
use state::{Journal, Record, Sealed, Sealer, State, StateError, Tree};

/// Seals with the key of a state.
pub struct Sealing(pub Arc<Sealer>);

/// There is no key: a secret is only known to be one. What was sealed cannot be opened.
pub struct Masked;

/// A state that is written.
pub struct Kept {
    pub journal: Journal,
}

/// Seals with the key, where there is one.
pub fn secrets_of(sealer: Option<Sealer>) -> Box<dyn Secrets> {
    match sealer {
        Some(sealer) => Box::new(Sealing(Arc::new(sealer))),
        None => Box::new(Masked),
    }
}

fn told(error: &StateError) -> Told {
    Told::new(error.code(), error.to_string(), error.help())
}

impl Secrets for Sealing {
    fn seal(&self, tree: &Tree) -> Result<Tree, Told> {
        self.0.seal(tree).map_err(|error| told(&error))
    }
    fn open(&self, tree: &Tree) -> Result<Tree, Told> {
        self.0.open(tree).map_err(|error| told(&error))
    }
}

impl Secrets for Masked {
    fn seal(&self, tree: &Tree) -> Result<Tree, Told> {
        let mask = || Tree::Sealed(Sealed { key: 0, print: String::new(), bytes: String::new() });
        tree.replaced(&mut |leaf| Ok(matches!(leaf, Tree::Secret(_)).then(mask)))
    }
    fn open(&self, tree: &Tree) -> Result<Tree, Told> {
        match tree.is_secret() {
            true => Err(told(&StateError::NoKey { to: "read what is sealed" })),
            false => Ok(tree.clone()),
        }
    }
}

impl Secrets for Kept {
    fn seal(&self, tree: &Tree) -> Result<Tree, Told> {
        match self.journal.sealer() {
            Some(sealer) => Sealing(sealer).seal(tree),
            None => Err(told(&StateError::NoKey { to: "seal secrets" })),
        }
    }
    fn open(&self, tree: &Tree) -> Result<Tree, Told> {
        match self.journal.sealer() {
            Some(sealer) => Sealing(sealer).open(tree),
            None => Masked.open(tree),
        }
    }
}

impl Ledger for Kept {
    fn state(&self) -> &State {
        self.journal.state()
    }
    fn append(&mut self, records: &[Record]) -> Result<(), Told> {
        self.journal.append(records).map_err(|error| told(&error))
    }
}
