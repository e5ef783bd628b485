//! For every line of every file that the examples emit, `why` names places that exist.

use program::why::{Answer, Spot};
use source::Sources;

use crate::{example, examples};

#[test]
fn every_emitted_line_of_the_examples_names_a_place() {
    // A fleet has the kinds of lines that the shop's machines and monitors have, and minutes of them; and so has what is there to try it.
    for name in examples().into_iter().filter(|name| name != "fleet") {
        let program = example(&name);
        for environment in program.environments().into_iter().filter(|environment| environment.text() != "preprod") {
            let answers = program
                .why_every_line(environment, &[])
                .unwrap_or_else(|_| panic!("{name} {environment} cannot be emitted"));
            let (emitted, _) =
                program.build(environment, &[], &emit::Settings::beside_project(environment.text())).unwrap();
            let (graph, _) = program.evaluate(environment, &[]).unwrap();
            let saved = [graph::save(&graph), graph::save_places(&graph, program.sources())];
            let texts = emitted.documents.iter().map(|document| &document.text).chain(&saved);
            let lines: usize = texts.map(|text| text.lines().count()).sum();
            assert_eq!(answers.len(), lines, "{name} {environment}: a line has no answer");
            for answer in &answers {
                let shown = format!("{name} {environment}: {:?}", answer.emitted);
                every_place_exists(answer, program.sources(), &shown);
                // What the library makes is made for something of the user's.
                if let Some(last) = answer.owners.last() {
                    assert!(!last.at.library, "{shown} ends in the library: {last:?}");
                }
            }
        }
    }
}

fn every_place_exists(answer: &Answer, sources: &Sources, shown: &str) {
    let of_owners = answer
        .owners
        .iter()
        .flat_map(|owner| std::iter::once(&owner.at).chain(owner.implementation.iter().map(|(_, at)| at)));
    let of_reads =
        answer.reads.iter().chain(&answer.exists).chain(&answer.spelt).chain(&answer.overruled).map(|read| &read.at);
    for at in std::iter::once(&answer.written.at).chain(of_owners).chain(of_reads) {
        assert!(exists(at, sources), "{shown}: {at} does not exist");
    }
    assert!(!answer.written.source.is_empty(), "{shown}: {} is an empty line", answer.written.at);
}

fn exists(at: &Spot, sources: &Sources) -> bool {
    sources.files().find(|file| *file.shown == *at.file).is_some_and(|file| (1..=file.line_count()).contains(&at.line))
}
