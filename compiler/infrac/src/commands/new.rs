//! `infrac new NAME`: a small project that builds.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Messages, Outcome, Teller, causes};

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

/// What is made.
const FILES: [&str; 2] = ["main.infra", ".gitignore"];

/// What a build and Terraform leave behind.
const IGNORED: &str = "# what `infrac build` writes\n/out/\n# what infrac and other tools keep of what they made, and the key to it: it may hold secrets\n/.infrac/\n";

/// Runs it.
pub fn run(arguments: &Arguments, teller: &Teller) -> Outcome {
    let folder = &arguments.folder;
    let name = folder.file_name().and_then(|name| name.to_str()).map(|name| name.replace('-', "_")).unwrap_or_default();
    if !is_name(&name) {
        teller.fail(
            "wrong_name",
            format!("`{}` cannot be the name of a project", folder.display()),
            "start with a small letter, go on with small letters, digits, `_` or `-`: `infrac new shop`",
        );
        return Outcome::Usage;
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
                causes::help(&cause, "give the name of a folder that does not exist yet"),
            );
        }
    }
    let made: Vec<PathBuf> = folder.ancestors().take_while(|above| is_missing(above)).map(Path::to_owned).collect();
    for (file, text) in [(FILES[0], MAIN.replace("NAME", &name)), (FILES[1], IGNORED.to_owned())] {
        if let Err(cause) = write(folder, file, &text) {
            take_back(folder, &made);
            return teller.fail(
                "cannot_write",
                format!("`{}`: {cause}", folder.join(file).display()),
                causes::help(&cause, "choose a folder that you may write to"),
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

/// Whether a folder would have to be made; no part of a path that is given stands for the folder where the command runs.
fn is_missing(folder: &Path) -> bool {
    !folder.as_os_str().is_empty() && fs::symlink_metadata(folder).is_err()
}

/// Removes what was made before something failed: the files, then the folders, innermost first, that hold nothing else.
fn take_back(folder: &Path, made: &[PathBuf]) {
    for file in FILES {
        let _ = fs::remove_file(folder.join(file));
    }
    for folder in made {
        let _ = fs::remove_dir(folder);
    }
}

fn write(folder: &Path, file: &str, text: &str) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join(file), text)
}
