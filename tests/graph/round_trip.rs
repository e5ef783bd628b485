//! Saved, read and saved again: the same bytes, for every environment of every example and for graphs at random.

use graph::{Complete, read, save};
use tests::{examples, program, render};

use crate::random::random_graph;

fn assert_round_trip(what: &str, graph: &Complete) {
    let saved = save(graph);
    let again = read(&saved).unwrap_or_else(|error| panic!("{what}: {error}\n{saved}"));
    let resaved = save(&again);
    if saved != resaved {
        let (left, right) = saved.lines().zip(resaved.lines()).find(|(left, right)| left != right).unwrap_or_default();
        panic!("{what}: read and saved again it differs\n{left}\n{right}");
    }
    assert_eq!(graph.print(), again.print(), "{what}");
    assert_eq!(
        graph.order().map(|order| order.into_iter().map(|node| graph.node_text(node)).collect::<Vec<_>>()),
        again.order().map(|order| order.into_iter().map(|node| again.node_text(node)).collect::<Vec<_>>()),
        "{what}: the order differs"
    );
}

#[test]
fn of_every_example() {
    for example in examples() {
        let program = program(&example.files);
        for environment in program.environments() {
            let (graph, _) = program
                .evaluate(environment, &[])
                .unwrap_or_else(|told| panic!("{}", render(&told, program.sources())));
            assert_round_trip(&format!("{} {environment}", example.name), &graph);
        }
    }
}

/// What is read makes the same files.
#[test]
fn what_was_read_is_emitted_as_before() {
    for example in examples() {
        let program = program(&example.files);
        for environment in program.environments() {
            let (graph, _) = program.evaluate(environment, &[]).unwrap();
            let settings = emit::Settings::beside_project(environment.text());
            let texts = |graph: &Complete| -> Vec<(String, String)> {
                let emitted = emit::emit_with(graph, &settings).unwrap();
                emitted.documents.into_iter().map(|document| (document.path, document.text)).collect()
            };
            let again = read(&save(&graph)).unwrap();
            assert_eq!(texts(&graph), texts(&again), "{} {environment}", example.name);
        }
    }
}

#[test]
fn of_graphs_at_random() {
    for seed in 0..300 {
        assert_round_trip(&format!("seed {seed}"), &random_graph(seed));
    }
}

/// The graph is not much larger than what is made of it.
#[test]
fn it_is_compact() {
    let mut large = Vec::new();
    for example in examples() {
        let program = program(&example.files);
        for environment in program.environments() {
            let (graph, _) = program.evaluate(environment, &[]).unwrap();
            let emitted = emit::emit_with(&graph, &emit::Settings::beside_project(environment.text())).unwrap();
            let others: usize = emitted.documents.iter().map(|document| document.text.len()).sum();
            let own = save(&graph).len();
            println!("{} {environment}: {own} bytes for {others}", example.name);
            // What many machines have alike is written once, and each of them stands in the graph.
            if own * 4 > others * 5 && own > 500 * graph.resources.len() {
                large.push(format!("{} {environment}: {own} bytes for {others}", example.name));
            }
        }
    }
    assert!(large.is_empty(), "{}", large.join("\n"));
}
