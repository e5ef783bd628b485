//! `infrac new NAME`: a small project that builds.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Messages, Outcome, Teller};

/// Makes a folder with a small project that builds.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The folder to make; its last part is the project's name.
    folder: PathBuf,
    #[command(flatten)]
    pub messages: Messages,
}

/// The project's one source file; `NAME` stands for its name.
const MAIN: &str = include_str!("new/main.infra");

/// What a build and Terraform leave behind.
const IGNORED: &str =
    "# what `infrac build` writes\n/out/\n# what tools keep of what they made, which may hold secrets\n/.infrac/\n";

/// Runs it.
pub fn run(arguments: &Arguments, teller: &Teller) -> Outcome {
    let folder = &arguments.folder;
    let name = folder.file_name().and_then(|name| name.to_str()).map(|name| name.replace('-', "_")).unwrap_or_default();
    if !is_name(&name) {
        return teller.fail(
            "wrong_name",
            format!("`{}` cannot be the name of a project", folder.display()),
            "start with a small letter, go on with small letters, digits, `_` or `-`: `infrac new shop`",
        );
    }
    match fs::read_dir(folder).map(|mut entries| entries.next().is_some()) {
        Ok(true) => {
            return teller.fail(
                "folder_in_use",
                format!("`{}` is there and not empty", folder.display()),
                "give the name of a folder that does not exist yet",
            );
        }
        Ok(false) => {}
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {}
        Err(cause) => {
            return teller.fail(
                "cannot_write",
                format!("`{}`: {cause}", folder.display()),
                "give the name of a folder that does not exist yet",
            );
        }
    }
    for (file, text) in [("main.infra", MAIN.replace("NAME", &name)), (".gitignore", IGNORED.to_owned())] {
        if let Err(cause) = write(folder, file, &text) {
            return teller.fail(
                "cannot_write",
                format!("`{}`: {cause}", folder.join(file).display()),
                "choose a folder that you may write to",
            );
        }
    }
    teller.say(&format!("made {0}\n\nnext:\n  cd {0}\n  infrac build --env prod\n", folder.display()));
    Outcome::Done
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.len() <= 40
        && name
            .chars()
            .all(|character| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '_')
}

fn write(folder: &Path, file: &str, text: &str) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join(file), text)
}
