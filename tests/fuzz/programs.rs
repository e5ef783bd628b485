//! Whole programs: checked, evaluated, emitted, and what was emitted read again by readers that are not ours.

use program::Program;
use tests::told;

use crate::changes::{Draws, changed};
use crate::corpus::PROGRAMS;
use crate::round::fuzz;
use crate::texts::mistakes;

/// A changed program.
fn make(draws: &mut Draws) -> Vec<u8> {
    let text = draws.one(&PROGRAMS);
    let other = draws.one(&PROGRAMS);
    changed(draws, text, other).into_bytes()
}

fn program(text: &str) -> Program {
    tests::program(&[("main.infra".to_owned(), text.to_owned())])
}

/// All files of all environments by path; none where one of them cannot be built.
fn built(program: &Program) -> Option<Vec<(String, String)>> {
    let mut files = Vec::new();
    for environment in program.environments() {
        let settings = emit::Settings::beside_project(environment.text());
        let (emitted, _) = program.build(environment, &[], &settings).ok()?;
        files.extend(
            emitted
                .documents
                .iter()
                .map(|document| (format!("{environment}/{}", document.path), document.text.to_string())),
        );
    }
    Some(files)
}

/// A program without a mistake is built, in every environment.
fn checked(input: &[u8]) -> Result<bool, String> {
    let text = String::from_utf8_lossy(input);
    let program = program(&text);
    let mistaken = program::has_errors(&told(&program));
    if !mistaken && built(&program).is_none() {
        return Err("it has no mistake, and is not built".to_owned());
    }
    Ok(!mistaken)
}

/// What was emitted is JSON without a name said twice, and YAML.
fn emitted(input: &[u8]) -> Result<bool, String> {
    let text = String::from_utf8_lossy(input);
    let Some(files) = built(&program(&text)) else { return Ok(false) };
    for (path, text) in &files {
        if path.ends_with(".json") {
            let value: serde_json::Value = serde_json::from_str(text).map_err(|error| format!("{path}: {error}"))?;
            if names_in(&value) != names_written(text) {
                return Err(format!("{path}: a name stands twice in one object"));
            }
        } else if path.ends_with(".yaml") {
            serde_saphyr::from_multiple::<serde_json::Value>(text).map_err(|error| format!("{path}: {error}"))?;
        }
    }
    Ok(true)
}

/// How many members there are: of two with one name a reader keeps one.
fn names_in(value: &serde_json::Value) -> usize {
    match value {
        serde_json::Value::Object(members) => members.len() + members.values().map(names_in).sum::<usize>(),
        serde_json::Value::Array(elements) => elements.iter().map(names_in).sum(),
        _ => 0,
    }
}

/// The colons outside of texts.
fn names_written(json: &str) -> usize {
    let (mut inside, mut escaped, mut colons) = (false, false, 0);
    for sign in json.chars() {
        match sign {
            _ if escaped => escaped = false,
            '\\' if inside => escaped = true,
            '"' => inside = !inside,
            ':' if !inside => colons += 1,
            _ => {}
        }
    }
    colons
}

/// Laying out what can be read changes neither what is told nor what is written.
fn laid_out(input: &[u8]) -> Result<bool, String> {
    let text = String::from_utf8_lossy(input);
    if !mistakes(&text).is_empty() {
        return Ok(false);
    }
    let (before, after) = (program(&text), program(&syntax::format(&text)));
    let said = |program: &Program| -> Vec<String> {
        told(program).iter().map(|one| format!("{}: {}", one.code, one.message)).collect()
    };
    let (told, still) = (said(&before), said(&after));
    if told.len() != still.len() || told.iter().any(|one| !still.contains(one)) {
        return Err(format!("before it was laid out: {told:#?}, now: {still:#?}"));
    }
    if built(&before).map(without_places) != built(&after).map(without_places) {
        return Err("laid out it is built otherwise".to_owned());
    }
    Ok(told.is_empty())
}

fn without_places(files: Vec<(String, String)>) -> Vec<(String, String)> {
    files.into_iter().filter(|(path, _)| !path.ends_with("graph.places.json")).collect()
}

#[test]
fn whatever_a_program_says_is_told_or_built() {
    fuzz("check", 80, &make, &checked);
}

#[test]
fn what_is_emitted_reads_back() {
    fuzz("emit", 60, &make, &emitted);
}

#[test]
fn laying_out_changes_no_meaning() {
    fuzz("meaning", 60, &make, &laid_out);
}
