//! What environments emit, kept while the program is the same: it is asked for often, and takes as long as two builds.

use std::sync::{Arc, Mutex, PoisonError};

use program::Program;
use program::why::Artefacts;
use source::{Diagnostic, Name};

use crate::told::Told;

/// So many are kept.
const KEPT: usize = 4;

/// Those that were asked for last.
#[derive(Clone, Default)]
pub struct Kept(Arc<Mutex<Vec<One>>>);

struct One {
    program: Arc<Program>,
    artefacts: Arc<Artefacts>,
}

impl Kept {
    /// What an environment of a program emits.
    ///
    /// # Errors
    /// All mistakes, when there are some.
    pub fn of(&self, told: &Told, environment: Name) -> Result<Arc<Artefacts>, Vec<Diagnostic>> {
        let is_it = |one: &&One| Arc::ptr_eq(&one.program, &told.program) && one.artefacts.environment == environment;
        let known = self.locked().iter().find(is_it).map(|one| Arc::clone(&one.artefacts));
        if let Some(known) = known {
            return Ok(known);
        }
        let artefacts = Arc::new(told.program.artefacts(environment, &[])?);
        let mut kept = self.locked();
        kept.truncate(KEPT - 1);
        kept.insert(0, One { program: Arc::clone(&told.program), artefacts: Arc::clone(&artefacts) });
        Ok(artefacts)
    }

    /// Forgets what other programs than these emit.
    pub fn keep_only(&self, programs: &[Arc<Program>]) {
        self.locked().retain(|one| programs.iter().any(|program| Arc::ptr_eq(program, &one.program)));
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Vec<One>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
