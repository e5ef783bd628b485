//! The program of an environment as the engine takes it: a graph that is saved and read again, and the secrets that it is given.

use engine::{Places, Wanted};
use graph::Complete;
use program::Program;
use state::{Secret, Tree};
use std::sync::Arc;

use super::{Given, Whose};
use crate::commands::given::GivenFiles;
use crate::commands::project::environment;
use crate::commands::{Outcome, Teller};

/// A program that was evaluated.
pub struct Prepared {
    pub program: Program,
    pub environment: String,
    pub graph: Complete,
    /// As they are saved.
    pub text: String,
    pub places: String,
}

/// Evaluates the program of an environment: what `infrac check` refuses is not planned.
pub fn prepare(whose: &Whose, params: &[(String, String)], teller: &Teller) -> Result<Prepared, Outcome> {
    let program = whose.folder.load();
    let environment = environment(&program, whose.env.as_deref(), teller)?;
    let evaluated = program.evaluate(environment, params);
    let (graph, warnings) = evaluated.map_err(|diagnostics| teller.tell(&diagnostics, program.sources()))?;
    let refused = emit::refused(&graph, &program.settings(&graph));
    if !refused.is_empty() {
        return Err(teller.tell(&refused, program.sources()));
    }
    teller.tell(&warnings, program.sources());
    let (text, places) = (graph::save(&graph), graph::save_places(&graph, program.sources()));
    Ok(Prepared { environment: environment.text().to_owned(), program, graph, text, places })
}

impl Prepared {
    /// What the graph asks for.
    pub fn wanted(&self, teller: &Teller) -> Result<Wanted, Outcome> {
        wanted(&self.text, &self.places, teller)
    }

    /// The secrets that are given: all that is missing is told at once.
    pub fn given(&self, wanted: &Wanted, files: &GivenFiles, teller: &Teller) -> Result<Given, Outcome> {
        given(wanted, files, teller)
    }

    /// The same for a rehearsal: nobody needs to give what nothing is made of.
    pub fn given_or_later(&self, wanted: &Wanted, files: &GivenFiles, teller: &Teller) -> Result<Given, Outcome> {
        let names: Vec<&str> = wanted.inputs.iter().map(|(name, _)| name.as_str()).collect();
        let (values, _) = files.gather(&names, teller)?;
        let later = names.into_iter().map(|name| (name.to_owned(), Tree::Later));
        Ok(later.chain(values.into_iter().map(secret)).collect())
    }
}

fn secret((name, value): (String, String)) -> (String, Tree) {
    (name, Tree::Secret(Secret(Arc::new(Tree::text(value)))))
}

/// What a saved graph asks for.
pub fn wanted(text: &str, places: &str, teller: &Teller) -> Result<Wanted, Outcome> {
    let graph = graph::read(text).map_err(|error| teller.fail("bad_graph", error.cause.clone(), error.help.clone()))?;
    Ok(Wanted::of(graph, Places::read(places)))
}

/// The secrets that a graph is given.
pub fn given(wanted: &Wanted, files: &GivenFiles, teller: &Teller) -> Result<Given, Outcome> {
    let names: Vec<&str> = wanted.inputs.iter().map(|(name, _)| name.as_str()).collect();
    let values = files.all(&names, teller)?;
    Ok(values.into_iter().map(secret).collect())
}
