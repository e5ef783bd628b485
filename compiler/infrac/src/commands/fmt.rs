//! `infrac fmt`: source files in the one true layout.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::{Answer, Messages, Outcome, Teller};

/// Lays out source files.
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
        if let Err(cause) = sources_below(path, &mut files) {
            return teller.fail(
                "cannot_read",
                format!("`{}`: {cause}", path.display()),
                "give files or folders that exist",
            );
        }
    }
    files.sort();
    files.dedup();
    let mut outcome = Outcome::Done;
    for file in files {
        match lay_out(&file, arguments.check) {
            Ok(false) => {}
            Ok(true) => {
                if arguments.check && outcome == Outcome::Done {
                    outcome = Outcome::Changes;
                }
                let name = format!("{}\n", file.strip_prefix(".").unwrap_or(&file).display());
                outcome = teller.answer(Answer::Text, &name, outcome);
            }
            Err(cause) => {
                outcome = teller.fail(
                    "cannot_format",
                    format!("`{}`: {cause}", file.display()),
                    "make it a file of UTF-8 text that you may write",
                )
            }
        }
    }
    outcome
}

fn standard_input(teller: &Teller) -> Outcome {
    let mut text = String::new();
    match std::io::stdin().lock().read_to_string(&mut text) {
        Ok(_) => teller.print(&syntax::format(&text), Outcome::Done),
        Err(cause) => teller.fail("cannot_format", format!("the standard input: {cause}"), "give UTF-8 text"),
    }
}

/// Whether the file was, or would be, changed.
fn lay_out(file: &Path, check: bool) -> std::io::Result<bool> {
    let before = fs::read_to_string(file)?;
    let after = syntax::format(&before);
    if before == after {
        return Ok(false);
    }
    if !check {
        // Written beside it and renamed: a full disk never costs the user a source.
        let beside = file.with_extension("infra-new");
        let written = fs::write(&beside, after)
            .and_then(|()| fs::set_permissions(&beside, fs::metadata(file)?.permissions()))
            .and_then(|()| fs::rename(&beside, file));
        if let Err(cause) = written {
            let _ = fs::remove_file(&beside);
            return Err(cause);
        }
    }
    Ok(true)
}

/// The `.infra` files of a folder, without hidden folders, links and what builds wrote.
fn sources_below(path: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if !fs::metadata(path)?.is_dir() {
        found.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let (kind, name) = (entry.file_type()?, entry.file_name());
        let name = name.to_string_lossy();
        if kind.is_dir() && !name.starts_with('.') && name != "out" && name != "target" {
            sources_below(&entry.path(), found)?;
        } else if kind.is_file() && name.ends_with(".infra") {
            found.push(entry.path());
        }
    }
    Ok(())
}
