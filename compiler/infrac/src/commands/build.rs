//! `infrac build`: an environment becomes files for other tools, and the user is told what to run.

use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};

use emit::{Kept, Settings};
use serde_json::{Value as Json, json};

use super::built::Built;
use super::deny::Deny;
use super::project::{Folder, absolute, environment, parse_param, way};
use super::remember::{Locked, Remembered, cannot_write};
use super::{Answer, Messages, Outcome, Teller, print_output, unignored};
use crate::output::{self, Changes, Files, NewFile, Output, Place};
use crate::report::Format;
use program::lost::{Looked, look_at, look_at_all};

/// Values nest deeper than a thread's stack usually is. It is virtual memory: what is not used costs nothing.
const STACK: usize = 256 << 20;

/// The form of the document for programs.
const FORMAT: u32 = 1;

/// Writes what the tools need for one environment.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    folder: Folder,
    /// The environment; may be left out where there is only one.
    #[arg(long, value_name = "ENV")]
    env: Option<String>,
    /// The folder to write into [default: out in the project's folder].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print the files instead of writing them.
    #[arg(long, conflicts_with = "check")]
    stdout: bool,
    /// Write nothing; say what would change and end with 2 when something would.
    #[arg(long)]
    check: bool,
    /// An input of the project.
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parse_param)]
    params: Vec<(String, String)>,
    #[command(flatten)]
    locked: Locked,
    #[command(flatten)]
    deny: Deny,
    #[command(flatten)]
    pub messages: Messages,
}

/// Runs it. For programs one document tells what was written and what is to be done, or the mistakes.
pub fn run(arguments: &Arguments, teller: &Teller) -> Outcome {
    let (outcome, built) = match build(arguments, teller) {
        Ok(built) => (Outcome::Done, built),
        Err(outcome) => (outcome, Json::Null),
    };
    if arguments.messages.format == Format::Json && !arguments.stdout && !arguments.check {
        let mut document = json!({ "format": FORMAT, "built": built });
        document["messages"] = teller.told().into();
        return teller.answer(Answer::Json, &format!("{document:#}\n"), outcome);
    }
    outcome
}

/// What was built; else how it ended, with a mistake or because nothing was to be written.
fn build(arguments: &Arguments, teller: &Teller) -> Result<Json, Outcome> {
    let remembered = match arguments.check || arguments.stdout {
        true => Remembered::read(&arguments.folder, teller)?,
        false => Remembered::read_alone(&arguments.folder, teller)?,
    };
    let program = arguments.folder.load_after(remembered.lock.clone());
    arguments.deny.look(&program, teller)?;
    let environment = environment(&program, arguments.env.as_deref(), teller)?;
    let project = arguments.folder.absolute();
    let place = match &arguments.out {
        Some(out) => Place::new(out, environment.text()),
        None => Place::new(arguments.folder.below(""), Path::new("out").join(environment.text())),
    };
    let out = place.path();
    let kept = Kept {
        shown: arguments.folder.below(".infrac").join(environment.text()).display().to_string(),
        from_out: way(&absolute(&out), &project.join(".infrac").join(environment.text())),
    };
    // What `infrac check` refuses is not built, whichever environment it is about.
    let (mut graphs, warnings) =
        program.evaluate_all(&arguments.params).map_err(|diagnostics| teller.tell(&diagnostics, program.sources()))?;
    let Some(at) = graphs.iter().position(|(name, _)| *name == environment) else {
        return Err(teller.fail(
            "internal",
            "the environment has no graph; this is a bug in infrac",
            "send the program",
        ));
    };
    let (_, graph) = graphs.swap_remove(at);
    let warnings = arguments.deny.apply(warnings);
    if program::has_errors(&warnings) {
        return Err(teller.tell(&warnings, program.sources()));
    }
    let looked = Looked::at(&program, &remembered.lock, &graph);
    let project = arguments.folder.folder.display().to_string();
    let params = arguments.params.clone();
    let settings = Settings {
        out: out.display().to_string(),
        project,
        params,
        kept,
        remains: looked.compared.remains.clone(),
        lines: false,
    };
    // The process ends after this: its memory goes as a whole, not value by value.
    let (program, graph) = (ManuallyDrop::new(program), ManuallyDrop::new(graph));
    // Each reads the graph and needs nothing of the other.
    let (emitted, saved) = std::thread::scope(|scope| {
        let save = || (graph::save(&graph), graph::save_places(&graph, program.sources()));
        let saving = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, save);
        let emitted = emit::emit_with(&graph, &settings);
        (emitted, saving.ok().and_then(|saving| saving.join().ok()).unwrap_or_else(save))
    });
    let emitted =
        emitted.map_err(|diagnostics| teller.tell(&[diagnostics, warnings.clone()].concat(), program.sources()))?;
    let (data, places) = saved;
    let (next_lock, lost) = if arguments.params.is_empty() {
        let next = looked.remember(&program, &remembered.lock, &emitted);
        look_at(&program, &remembered.lock, next, &graphs, Some(&looked))
    } else {
        look_at_all(&program, &remembered.lock, remembered.lock.clone())
    };
    let lost = lost.told();
    let outcome = teller.tell(&[lost.clone(), warnings].concat(), program.sources());
    if !lost.is_empty() {
        return Err(outcome);
    }
    if let Some(outcome) = arguments.locked.locked.then(|| remembered.stale(&next_lock, teller)).flatten() {
        return Err(outcome);
    }
    let mut emitted = emitted;
    let now = looked.now(&program);
    let removals = emit::removals(&lock::gone(&remembered.lock, &now, &emitted), &settings);
    let taken_over = lock::taken_over(&remembered.lock, &now, &emitted);
    emit::prepare(&mut emitted.steps, &taken_over, &removals);
    let mut files: Vec<NewFile<'_>> = emitted.documents.iter().map(new_file).collect();
    files.push(NewFile::new("graph.json", &data));
    files.push(NewFile::new("graph.places.json", &places));
    files.extend(removals.iter().map(|removal| NewFile::new(&removal.path, &removal.text)));
    if arguments.stdout {
        return Err(print(&files, teller));
    }
    let set = Files { written: &files, awaited: &emitted.awaited };
    let built_before = out.join("graph.json").is_file();
    let state_folder = Place::new(arguments.folder.below(""), ".infrac");
    let result = if arguments.check {
        output::compare(&place, &set)
    } else {
        uninterrupted(|| {
            state_folder.check()?;
            let output = Output::begin(&place)?;
            remembered.write(&next_lock, || output.write(&set))
        })
    };
    let mut changes = result.map_err(|error| cannot_write(error, teller))?;
    if arguments.check {
        // Places are told as the folder was called, and a comment moves them: they manage nothing.
        changes.changed.retain(|path| path != "graph.places.json");
        if remembered.changes(&next_lock) {
            changes.changed.push(lock::FILE.to_owned());
        }
        return Err(check(&changes, arguments.messages.format, teller));
    }
    let built = Built {
        environment: environment.text(),
        out: &out,
        files: &files,
        changes: &changes,
        emitted: &emitted,
        removals: &removals,
        lock: commit(&remembered, &next_lock, built_before),
    };
    teller.say(&built.text());
    let keeps = emitted.documents.iter().any(|document| document.text.contains(&settings.kept.from_out));
    if keeps && unignored::is_taken_in(&arguments.folder.absolute()) {
        teller.say(unignored::NOTE);
    }
    Ok(built.json())
}

fn new_file(document: &emit::Document) -> NewFile<'_> {
    NewFile { path: &document.path, text: &document.text, mode: document.mode }
}

/// Prints the files instead.
fn print(files: &[NewFile<'_>], teller: &Teller) -> Outcome {
    for file in files {
        if let Err(cause) = print_output(&format!("==> {} <==\n{}", file.path, file.text)) {
            // A reader that has seen enough is no failure.
            return match cause.kind() {
                std::io::ErrorKind::BrokenPipe => Outcome::Done,
                _ => teller.fail(
                    "cannot_write",
                    format!("standard output: {cause}"),
                    "make room there, or write to a folder with `--out`",
                ),
            };
        }
    }
    Outcome::Done
}

/// What is to be done with the lock.
fn commit(remembered: &Remembered, next: &lock::Lock, built_before: bool) -> &'static str {
    match (remembered.changes(next), remembered.is_missing() && built_before) {
        (false, _) => "",
        (true, false) => "infra.lock has changed: commit it\n",
        (true, true) => {
            "infra.lock was missing beside what was built before, and is made anew: restore the one that was committed, or commit it\n"
        }
    }
}

/// What would change, a line a file.
fn check(changes: &Changes, format: Format, teller: &Teller) -> Outcome {
    if changes.is_empty() {
        teller.say("nothing would change\n");
        return Outcome::Done;
    }
    let all = [("+", "added", &changes.added), ("~", "changed", &changes.changed), ("-", "removed", &changes.removed)];
    let lines = all.into_iter().flat_map(|(sign, change, paths)| {
        paths.iter().map(move |path| match format {
            Format::Json => format!("{}\n", json!({ "path": path, "change": change })),
            _ => format!("{sign} {path}\n"),
        })
    });
    let form = if format == Format::Json { Answer::Json } else { Answer::Text };
    teller.answer(form, &lines.collect::<String>(), Outcome::Changes)
}

/// Runs what must not stop half way: Ctrl-C and a polite end wait until it is done, and then end the process.
fn uninterrupted<T>(work: impl FnOnce() -> T) -> T {
    use std::sync::atomic::{AtomicBool, Ordering};
    static ASKED: AtomicBool = AtomicBool::new(false);
    static BUSY: AtomicBool = AtomicBool::new(true);
    // Where no handler can be set the next build still mends what a broken one left.
    let _ = ctrlc::set_handler(|| {
        if BUSY.load(Ordering::SeqCst) {
            ASKED.store(true, Ordering::SeqCst);
        } else {
            std::process::exit(130);
        }
    });
    let done = work();
    BUSY.store(false, Ordering::SeqCst);
    if ASKED.load(Ordering::SeqCst) {
        std::process::exit(130);
    }
    done
}
