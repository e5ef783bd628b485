//! The reader of saved graphs: what is damaged is refused with a place, or read as a graph that is whole.

use std::sync::LazyLock;

use crate::changes::{Draws, damaged};
use crate::corpus::PROGRAMS;
use crate::round::fuzz;

/// Graphs of some sound programs of the corpus.
static GRAPHS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut saved = Vec::new();
    for text in PROGRAMS.iter().rev().step_by(9).take(30) {
        let program = tests::program(&[("main.infra".to_owned(), text.clone())]);
        let graphs =
            program.environments().into_iter().filter_map(|environment| program.evaluate(environment, &[]).ok());
        saved.extend(graphs.map(|(graph, _)| graph::save(&graph)));
    }
    assert!(!saved.is_empty(), "no program of the corpus is sound");
    saved
});

fn make(draws: &mut Draws) -> Vec<u8> {
    let graph = draws.one(&GRAPHS);
    damaged(draws, graph.as_bytes())
}

fn read(input: &[u8]) -> Result<bool, String> {
    let text = String::from_utf8_lossy(input);
    let graph = match graph::read(&text) {
        Ok(graph) => graph,
        Err(error) if error.line >= 1 && error.line <= text.lines().count() + 1 && error.column >= 1 => {
            return Ok(false);
        }
        Err(error) => return Err(format!("refused at no place: {error}")),
    };
    let saved = graph::save(&graph);
    let again = graph::read(&saved).map_err(|error| format!("what was saved is refused: {error}"))?;
    if graph::save(&again) == saved { Ok(true) } else { Err("saved again it is another text".to_owned()) }
}

#[test]
fn a_damaged_graph_is_refused_or_whole() {
    fuzz("saved", 500, &make, &read);
}
