//! `infrac build`: an environment becomes files for Terraform and Kubernetes, and the user is told what to run.

use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};

use emit::{Emitted, FIELD_MANAGER, Settings};
use serde_json::json;

use super::lost::{Looked, look_at_all};
use super::project::{Folder, absolute, environment, parse_param, way};
use super::remember::{Locked, Remembered, cannot_write};
use super::{Messages, Outcome, Teller, print_output, write_output};
use crate::output::{self, Changes, NewFile, Output, Place};
use crate::removed::{Removal, removals};
use crate::report::{Format, plural};

/// Values nest deeper than a thread's stack usually is. It is virtual memory: what is not used costs nothing.
const STACK: usize = 256 << 20;

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
    pub messages: Messages,
}

/// Runs it.
pub fn run(arguments: &Arguments, teller: &Teller) -> Outcome {
    let remembered = match Remembered::read(&arguments.folder, teller) {
        Ok(remembered) => remembered,
        Err(outcome) => return outcome,
    };
    let program = arguments.folder.load_after(remembered.lock.clone());
    let environment = match environment(&program, arguments.env.as_deref(), teller) {
        Ok(environment) => environment,
        Err(outcome) => return outcome,
    };
    let project = arguments.folder.absolute();
    let place = match &arguments.out {
        Some(out) => Place::new(out, environment.text()),
        None => Place::new(arguments.folder.below(""), Path::new("out").join(environment.text())),
    };
    let out = place.path();
    let state = project.join(".infrac").join(environment.text()).join("terraform.tfstate");
    let (graph, warnings) = match program.evaluate(environment, &arguments.params) {
        Ok(evaluated) => evaluated,
        Err(diagnostics) => return teller.tell(&diagnostics, program.sources()),
    };
    let looked = Looked::at(&program, &remembered.lock, &graph);
    let settings =
        Settings { state: way(&absolute(&out).join("terraform"), &state), remains: looked.compared.remains.clone() };
    // The process ends after this: its memory goes as a whole, not value by value.
    let (program, graph) = (ManuallyDrop::new(program), ManuallyDrop::new(graph));
    // Each reads the graph and needs nothing of the other.
    let (emitted, saved) = std::thread::scope(|scope| {
        let save = || (graph::save(&graph), graph::save_places(&graph, program.sources()));
        let saving = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, save);
        let emitted = emit::emit_with(&graph, &settings);
        (emitted, saving.ok().and_then(|saving| saving.join().ok()).unwrap_or_else(save))
    });
    let emitted = match emitted {
        Ok(emitted) => emitted,
        Err(mut diagnostics) => {
            diagnostics.extend(warnings);
            return teller.tell(&diagnostics, program.sources());
        }
    };
    let (data, places) = saved;
    let (next_lock, lost) = if arguments.params.is_empty() {
        let next = looked.remember(&program, &remembered.lock, &emitted);
        look_at_all(&program, &remembered.lock, next, Some(&looked))
    } else {
        look_at_all(&program, &remembered.lock, remembered.lock.clone(), None)
    };
    let lost = lost.told();
    let outcome = teller.tell(&[lost.clone(), warnings].concat(), program.sources());
    if !lost.is_empty() {
        return outcome;
    }
    if let Some(outcome) = arguments.locked.locked.then(|| remembered.stale(&next_lock, teller)).flatten() {
        return outcome;
    }
    let removals = removals(&lock::gone(&remembered.lock, &looked.now(&program), &emitted));
    let mut files: Vec<NewFile<'_>> =
        emitted.documents.iter().map(|document| NewFile { path: &document.path, text: &document.text }).collect();
    files.push(NewFile { path: "graph.json", text: &data });
    files.push(NewFile { path: "graph.places.json", text: &places });
    files.extend(removals.iter().map(|removal| NewFile { path: &removal.path, text: &removal.text }));
    if arguments.stdout {
        for file in &files {
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
        return Outcome::Done;
    }
    let built_before = out.join("graph.json").is_file();
    let state_folder = Place::new(arguments.folder.below(""), ".infrac");
    let result = if arguments.check {
        output::compare(&place, &files)
    } else {
        uninterrupted(|| {
            state_folder.check()?;
            let output = Output::begin(&place)?;
            remembered.write(&next_lock, || output.write(&files))
        })
    };
    let mut changes = match result {
        Ok(changes) => changes,
        Err(error) => return cannot_write(error, teller),
    };
    if arguments.check {
        // Places are told as the folder was called, and a comment moves them: they manage nothing.
        changes.changed.retain(|path| path != "graph.places.json");
        if remembered.changes(&next_lock) {
            changes.changed.push(lock::FILE.to_owned());
        }
        return check(&changes, arguments.messages.format, teller);
    }
    ignore_state(&state_folder);
    let state = emitted.state.clone().unwrap_or_else(|| {
        arguments.folder.below(".infrac").join(environment.text()).join("terraform.tfstate").display().to_string()
    });
    teller.say(&format!(
        "wrote {} to {}{}\n{}{}{}{}{}{}{}",
        plural(files.len(), "file"),
        out.display(),
        counts(&changes),
        commit(&remembered, &next_lock, built_before),
        next(&emitted, &out, &removals),
        deletes(&removals, &out),
        releases(&settings.remains.released),
        leaving(&emitted),
        configurations(&settings.remains.providers),
        secrets(&emitted, &state)
    ));
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
    for (sign, change, paths) in
        [("+", "added", &changes.added), ("~", "changed", &changes.changed), ("-", "removed", &changes.removed)]
    {
        for path in paths {
            write_output(&match format {
                Format::Json => format!("{}\n", json!({ "path": path, "change": change })),
                Format::Full | Format::Concise => format!("{sign} {path}\n"),
            });
        }
    }
    Outcome::Changes
}

fn counts(changes: &Changes) -> String {
    let parts = [(changes.added.len(), "new"), (changes.changed.len(), "changed"), (changes.removed.len(), "removed")];
    let words: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    if words.is_empty() { " (nothing changed)".to_owned() } else { format!(" ({})", words.join(", ")) }
}

/// The commands that bring it up, in their order.
fn next(emitted: &Emitted, out: &Path, removals: &[Removal]) -> String {
    let mut lines = Vec::new();
    let terraform = format!("terraform -chdir={}", quoted(&out.join("terraform").display().to_string()));
    if emitted.documents.iter().any(|document| document.path.starts_with("terraform/")) {
        lines.push(format!("{terraform} init"));
        lines.push(format!("{terraform} apply"));
    }
    for cluster in &emitted.clusters {
        lines.extend(cluster.cluster.sign_in.clone());
        let context = cluster
            .cluster
            .context
            .as_ref()
            .map_or_else(String::new, |context| format!(" --context {}", quoted(context)));
        if cluster.manifests > 0 {
            lines.push(format!(
                "kubectl{context} apply --server-side -k {}",
                quoted(&out.join(&cluster.cluster.folder).display().to_string())
            ));
        }
        if cluster.handed > 0 {
            // Through a pipe: what is handed over may be secret and stands in no file.
            lines.push(format!("{terraform} output -raw {} | kubectl{context} apply --server-side --field-manager={FIELD_MANAGER} -f -", cluster.cluster.output));
        }
    }
    lines.extend(removals.iter().filter(|removal| !removal.loses_data).map(|removal| delete(removal, out)));
    if lines.is_empty() {
        return String::new();
    }
    format!("\nnext:\n{}", lines.into_iter().map(|line| format!("  {line}\n")).collect::<String>())
}

/// The command that deletes what is gone.
fn delete(removal: &Removal, out: &Path) -> String {
    let context =
        removal.context.as_ref().map_or_else(String::new, |context| format!(" --context {}", quoted(context)));
    format!("kubectl{context} delete --ignore-not-found -f {}", quoted(&out.join(&removal.path).display().to_string()))
}

/// What is said of what the program lets go of.
fn releases(released: &[String]) -> String {
    if released.is_empty() {
        return String::new();
    }
    let list: String = released.iter().map(|reference| format!("  {reference}\n")).collect();
    format!(
        "\nno longer in the program; Terraform forgets them and leaves them where they are:\n{list}once that is applied everywhere, run `infrac lock --prune`\n"
    )
}

/// What is said of what is there and `destroy` or `forget` is said of: its end is two applies.
fn leaving(emitted: &Emitted) -> String {
    let said = |all: &[String], first: &str, then: &str| match all {
        [] => String::new(),
        all => format!(
            "\n{first} {}; then take it out of the program and build again: {then}\n",
            source::list_of(all.iter().map(String::as_str))
        ),
    };
    said(&emitted.leaving, "this apply lifts the protection of", "the next apply destroys it")
        + &said(&emitted.staying, "infra.lock remembers", "the next apply leaves it where it is")
}

/// What is said of configurations that the program no longer has.
fn configurations(left: &[emit::ProviderInUse]) -> String {
    if left.is_empty() {
        return String::new();
    }
    let names = left.iter().map(emit::ProviderInUse::reference).collect::<Vec<_>>();
    format!(
        "\n{} stays configured, for what was made there; once that is gone everywhere, run `infrac lock --prune`\n",
        source::list_of(names.iter().map(String::as_str))
    )
}

/// What is said of objects that the program no longer has.
fn deletes(removals: &[Removal], out: &Path) -> String {
    let mut text = String::new();
    let losing: Vec<String> = removals
        .iter()
        .filter(|removal| removal.loses_data)
        .map(|removal| format!("  {}\n", delete(removal, out)))
        .collect();
    if !losing.is_empty() {
        text.push_str(&format!(
            "\nno longer in the program, and deleting it loses data; only when that may go:\n{}",
            losing.concat()
        ));
    }
    if !removals.is_empty() {
        let count: usize = removals.iter().map(|removal| removal.count).sum();
        text.push_str(&format!(
            "\n{} of earlier builds to be deleted; once they are, run `infrac lock --prune`\n",
            plural(count, "object")
        ));
    }
    text
}

/// Who may read the state may read these.
fn secrets(emitted: &Emitted, state: &str) -> String {
    let names = source::list_of(emitted.secrets.iter().map(String::as_str));
    if names.is_empty() {
        String::new()
    } else {
        format!("\nsecrets of {names} will stand in Terraform's state, {state}: keep it from others\n")
    }
}

/// A word for the shell.
fn quoted(text: &str) -> String {
    let plain = !text.is_empty()
        && text.chars().all(|character| character.is_ascii_alphanumeric() || "-_./:@=+".contains(character));
    if plain { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// Terraform's state may hold secrets and lies in the project's folder: git is told to leave it out. No mistake when it cannot be.
fn ignore_state(folder: &Place) {
    let file = folder.path().join(".gitignore");
    if file.try_exists().is_ok_and(|there| !there) && folder.make().is_ok() {
        let _ = output::write_one(&file, "*\n");
    }
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
