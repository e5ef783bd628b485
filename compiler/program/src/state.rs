//! Two environments that keep Terraform's state at one place would each delete what the other made.

use graph::{Complete, StatePlace};
use source::{Diagnostic, Name};

/// Tells environments that share their state.
pub(crate) fn shared(graphs: &[(Name, Option<Complete>)]) -> Vec<Diagnostic> {
    let mut taken: Vec<(String, Name, &StatePlace)> = Vec::new();
    let mut told = Vec::new();
    for (environment, graph) in graphs {
        let Some((graph, state)) = graph.as_ref().and_then(|graph| Some((graph, graph.targets.state.as_ref()?))) else {
            continue;
        };
        let text = emit::state_text(graph, state);
        match taken.iter().find(|known| known.0 == text) {
            Some((_, other, place)) => told.push(
                Diagnostic::error(
                    "same_state",
                    state.place,
                    format!("`{other}` and `{environment}` keep their state at the same place"),
                )
                .also(place.place, "the other one")
                .help("each would delete what the other made: give one of them another `key`, `prefix` or `path`"),
            ),
            None => taken.push((text, *environment, state)),
        }
    }
    told
}
