//! Where things come from: `infrac why`, `infrac diff` and `infrac waivers` over the examples.

mod answers;
mod artefacts;
mod coverage;
mod differences;
mod edits;
mod every_line;
mod overruled;
mod waivers;

use std::path::Path;

use program::Program;
use program::why::Unanswered;
use source::Disk;

/// An example as a user in the folder above it would load it.
pub fn example(name: &str) -> Program {
    Program::load(Disk::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples")), name)
}

/// The names of all examples.
pub fn examples() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let folders = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()).filter(|entry| entry.path().is_dir());
    let mut names: Vec<String> = folders.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    assert!(names.len() >= 2);
    names
}

/// The answer as it is printed, or what is said instead.
pub fn answer(program: &Program, question: &str) -> String {
    match program.why(question, None, &[]) {
        Ok(why) => why.text(),
        Err(Unanswered::Question { message, help }) => format!("{message}\nhelp: {help}\n"),
        Err(Unanswered::Mistakes(told)) => panic!("{}", tests::render(&told, program.sources())),
    }
}

/// The answer without the numbers of emitted lines and of lines of the library, which move with every change of it.
pub fn steady(text: &str) -> String {
    let mut steady = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(':') {
        let (before, after) = rest.split_at(at + 1);
        steady.push_str(before);
        let word = before.rsplit([' ', '\n']).next().unwrap_or_default();
        let moves = word.ends_with(".yaml:")
            || word.ends_with(".yml:")
            || word.ends_with(".json:")
            || (word.trim_start_matches('"').starts_with("std/") && word.ends_with(".infra:"));
        rest = after.trim_start_matches(|letter: char| moves && letter.is_ascii_digit());
        if rest.len() < after.len() {
            steady.push('N');
        }
    }
    steady + rest
}
