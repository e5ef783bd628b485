//! `infrac fmt`: source files in the one true layout.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::{Answer, Messages, Outcome, Teller, causes};

/// Lays out source files. What cannot be read is told and stays as it is.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Files and folders; `-` reads the standard input and prints.
    #[arg(default_value = ".", value_name = "PATHS")]
    paths: Vec<PathBuf>,
    /// Write nothing; list the files that would change and end with 2 when there are any.
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    pub messages: Messages,
}

/// Runs it.
pub fn run(arguments: &Arguments, teller: &Teller) -> Outcome {
    if arguments.paths == [PathBuf::from("-")] {
        return standard_input(teller);
    }
    let mut files = Vec::new();
    for path in &arguments.paths {
        if let Err((path, cause)) = sources_below(path, &mut files) {
            return teller.fail("cannot_read", format!("`{}`: {cause}", path.display()), help(&cause));
        }
    }
    files.sort();
    files.dedup();
    let mut outcome = Outcome::Done;
    for file in files {
        let shown = file.strip_prefix(".").unwrap_or(&file).display().to_string();
        match lay_out(&file, arguments.check) {
            Ok(laid_out) => {
                if unreadable(&shown, &laid_out.after, teller) {
                    outcome = Outcome::Failed;
                }
                if laid_out.changed {
                    if arguments.check && outcome == Outcome::Done {
                        outcome = Outcome::Changes;
                    }
                    outcome = teller.answer(Answer::Text, &format!("{shown}\n"), outcome);
                }
            }
            Err(cause) => outcome = teller.fail("cannot_format", format!("`{shown}`: {cause}"), help(&cause)),
        }
    }
    outcome
}

fn standard_input(teller: &Teller) -> Outcome {
    let mut text = String::new();
    match std::io::stdin().lock().read_to_string(&mut text) {
        Ok(_) => {
            let text = syntax::format(&text);
            let failed = unreadable("-", &text, teller);
            teller.print(&text, if failed { Outcome::Failed } else { Outcome::Done })
        }
        Err(cause) => teller.fail("cannot_format", format!("the standard input: {cause}"), "give UTF-8 text"),
    }
}

/// Tells what in a text that was laid out cannot be read, and so stands there as it was.
fn unreadable(shown: &str, text: &str, teller: &Teller) -> bool {
    let (told, sources) = program::unreadable(shown, &program::cut::CutFile::new(text.into()));
    !told.is_empty() && teller.tell(&told, &sources) == Outcome::Failed
}

/// What to do about a file or folder that cannot be read or written.
fn help(cause: &std::io::Error) -> &'static str {
    causes::help(cause, "give files of text, or folders of them, that you may read and write")
}

/// A file in the one true layout.
struct LaidOut {
    after: String,
    /// Whether it was, or would be, changed.
    changed: bool,
}

/// Lays out a file; with `check` it stays as it is.
fn lay_out(file: &Path, check: bool) -> std::io::Result<LaidOut> {
    let before = fs::read_to_string(file)?;
    let after = syntax::format(&before);
    let changed = before != after;
    if changed && !check {
        // Written beside it and renamed: a full disk never costs the user a source.
        let beside = file.with_extension("infra-new");
        let written = fs::write(&beside, &after)
            .and_then(|()| fs::set_permissions(&beside, fs::metadata(file)?.permissions()))
            .and_then(|()| fs::rename(&beside, file));
        if let Err(cause) = written {
            let _ = fs::remove_file(&beside);
            return Err(cause);
        }
    }
    Ok(LaidOut { after, changed })
}

/// The `.infra` files of a folder, without hidden folders, links and what builds wrote; else what cannot be read, and why.
fn sources_below(path: &Path, found: &mut Vec<PathBuf>) -> Result<(), (PathBuf, std::io::Error)> {
    let at = |cause| (path.to_owned(), cause);
    if !fs::metadata(path).map_err(at)?.is_dir() {
        found.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path).map_err(at)? {
        let entry = entry.map_err(at)?;
        let (kind, name) = (entry.file_type().map_err(at)?, entry.file_name());
        let name = name.to_string_lossy();
        if kind.is_dir() && !name.starts_with('.') && name != "out" && name != "target" {
            sources_below(&entry.path(), found)?;
        } else if kind.is_file() && name.ends_with(".infra") {
            found.push(entry.path());
        }
    }
    Ok(())
}
