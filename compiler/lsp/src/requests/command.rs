//! `workspace/executeCommand`: what the file becomes. `infrac.artefact` says which lines of which emitted files the value at the cursor
//! reaches, `infrac.origins` the way back, `infrac.reach` who calls whom there, `infrac.graph` draws an environment.
//!
//! Each takes one object. `uri` and `position` say where, `environment` which; without it the first by the alphabet is meant, and
//! `environments` of every answer lists them. Emitted files are documents of their own: `infrac-artefact:`.

use std::path::PathBuf;
use std::sync::Arc;

use gen_lsp_types as lsp;
use lsp_server::{ErrorCode, RequestId};
use program::why::{At, Unanswered};
use serde::Deserialize;
use serde_json::{Value, json};
use source::{Diagnostic, FileId, Name};

use super::asking;
use crate::artefacts::Kept;
use crate::asking::Asking;
use crate::client::{Refused, refused};
use crate::encoding::Lines;
use crate::session::Session;
use crate::told::Told;
use crate::uri;

/// The commands, as the server says that it has them.
pub const COMMANDS: [&str; 4] = ["infrac.artefact", "infrac.origins", "infrac.reach", "infrac.graph"];

/// Of so many emitted files it is told that they are others.
const LOOKED_AT: usize = 64;

#[derive(Deserialize)]
struct Argument {
    uri: String,
    #[serde(default)]
    position: lsp::Position,
    environment: Option<String>,
}

/// The document that a command is about, when it is one.
pub fn about(params: &lsp::ExecuteCommandParams) -> Option<String> {
    let given = params.arguments.as_ref()?.first()?;
    given.get("uri").and_then(Value::as_str).map(str::to_owned)
}

/// Puts it in the queue.
pub fn ask(session: &Session, id: RequestId, params: &lsp::ExecuteCommandParams) -> Result<(), Refused> {
    let wrong = |what: String| refused(ErrorCode::InvalidParams, what);
    let given = params.arguments.as_ref().and_then(|all| all.first()).cloned().unwrap_or_default();
    let given: Argument = serde_json::from_value(given).map_err(|cause| wrong(cause.to_string()))?;
    let kept = session.artefacts.clone();
    if params.command == "infrac.origins" {
        let Some((told, environment, path)) = emitted(session, &given.uri) else {
            return Err(wrong(format!("`{}` is no emitted file", given.uri)));
        };
        let line = given.position.line as usize + 1;
        session.slow.ask(id, Box::new(move || origins(&kept, &told, environment, &path, line)));
        return Ok(());
    }
    let work = match params.command.as_str() {
        "infrac.artefact" => artefact,
        "infrac.reach" => reach,
        "infrac.graph" => graph,
        other => return Err(wrong(format!("there is no command `{other}`"))),
    };
    let asking = asking(session, &given.uri)?;
    session.slow.ask(
        id,
        Box::new(move || {
            let told = asking.told.as_ref().ok_or_else(|| wrong("the document belongs to no program".to_owned()))?;
            let environments = told.program.environments();
            let wanted = given.environment.as_deref();
            let chosen = environments.iter().find(|name| wanted.is_none_or(|wanted| name.text() == wanted));
            let Some(environment) = chosen.copied() else {
                let names = source::list_of(environments.iter().map(|name| name.text()));
                return Err(wrong(if names.is_empty() {
                    "the program has no environment".to_owned()
                } else {
                    format!("the environments are {names}")
                }));
            };
            let mut answer = work(&kept, told, environment, &asking, given.position)?;
            answer["environment"] = environment.text().into();
            answer["environments"] = environments.iter().map(|name| name.text()).collect();
            Ok(answer)
        }),
    );
    Ok(())
}

/// The text of an emitted file; puts it in the queue.
pub fn text(session: &mut Session, id: RequestId, address: &str) -> Result<(), Refused> {
    let gone = format!("there is no emitted file `{address}`");
    let Some((told, environment, path)) = emitted(session, address) else {
        return Err(refused(ErrorCode::InvalidParams, gone));
    };
    // Those that were looked at long ago are closed by now; who looks again is told again.
    if session.looked_at.len() >= LOOKED_AT {
        session.looked_at.clear();
    }
    session.looked_at.insert(address.to_owned());
    let kept = session.artefacts.clone();
    session.slow.ask(
        id,
        Box::new(move || {
            let artefacts = kept.of(&told, environment).map_err(|told| mistaken(&told))?;
            let found = artefacts.files.iter().find(|file| file.path == path);
            let found = found.ok_or_else(|| refused(ErrorCode::RequestFailed, gone))?;
            Ok(json!({ "text": found.text }))
        }),
    );
    Ok(())
}

/// The program, the environment and the path of an emitted file.
fn emitted(session: &Session, address: &str) -> Option<(Arc<Told>, Name, String)> {
    let (folder, environment, path) = uri::emitted(address)?;
    let told = session.workspace.projects.get(&folder)?.told.clone()?;
    Some((told, Name::new(&environment), path))
}

type Work = Result<Value, Refused>;

fn at(asking: &Asking, position: lsp::Position) -> At {
    At { file: FileId::new(&asking.path), byte: asking.offset(position) as usize }
}

fn artefact(kept: &Kept, told: &Arc<Told>, environment: Name, asking: &Asking, position: lsp::Position) -> Work {
    let artefacts = kept.of(told, environment).map_err(|told| mistaken(&told))?;
    let address = |path: &str| uri::of_emitted(&told.view.folder, environment.text(), path);
    let reached = artefacts.reached_from(&told.program, at(asking, position));
    let lines: Vec<Value> = reached
        .iter()
        .map(|line| {
            json!({
                "uri": address(&line.path),
                "path": line.path,
                "line": line.line.saturating_sub(1),
                "address": line.address,
                "field": line.field,
            })
        })
        .collect();
    let files: Vec<Value> =
        artefacts.files.iter().map(|file| json!({ "uri": address(&file.path), "path": file.path })).collect();
    Ok(json!({ "lines": lines, "files": files }))
}

fn origins(kept: &Kept, told: &Arc<Told>, environment: Name, path: &str, line: usize) -> Work {
    let artefacts = kept.of(told, environment).map_err(|told| mistaken(&told))?;
    let found = artefacts.origins(&told.program, path, line);
    let places = found.iter().filter_map(|origin| {
        let file = told.program.sources().file(origin.file)?;
        let range = Lines::of(&file.text).range(&file.text, origin.bytes.clone(), told.view.encoding);
        Some(json!({ "uri": told.view.uri(origin.file)?, "range": range }))
    });
    Ok(json!({ "places": places.collect::<Vec<_>>() }))
}

fn reach(_: &Kept, told: &Arc<Told>, environment: Name, asking: &Asking, position: lsp::Position) -> Work {
    match told.program.reach_of(environment, &[], at(asking, position)) {
        Ok(around) => Ok(json!({ "title": around.title, "text": source::visible(&around.text()) })),
        Err(Unanswered::Mistakes(told)) => Err(mistaken(&told)),
        Err(Unanswered::Question { message, help }) => {
            Err(refused(ErrorCode::RequestFailed, format!("{message}: {help}")))
        }
    }
}

fn graph(_: &Kept, told: &Arc<Told>, environment: Name, _: &Asking, _: lsp::Position) -> Work {
    let picture = told.program.picture_of(environment, &[]).map_err(|told| mistaken(&told))?;
    Ok(json!({ "title": picture.title, "svg": picture.svg() }))
}

/// A program with mistakes becomes nothing.
fn mistaken(told: &[Diagnostic]) -> Refused {
    let first = told.first().map_or_else(String::new, |first| {
        let withheld = source::Withheld::of(told);
        format!(", the first of them: {}", source::on_one_line(&withheld.out_of(first).message))
    });
    let count = told.iter().filter(|one| one.severity == source::Severity::Error).count();
    refused(ErrorCode::RequestFailed, format!("the program has mistakes ({count}){first}"))
}

/// The folder of the program that an emitted file is of.
pub fn folder_of(address: &str) -> Option<PathBuf> {
    uri::emitted(address).map(|(folder, _, _)| folder)
}
