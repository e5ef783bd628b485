//! The project that a command is about: its folder and its program.

use std::path::{Path, PathBuf};

use lock::Lock;
use program::Program;
use source::{Disk, Name};

use super::{Outcome, Teller};

/// Where the project lies.
#[derive(clap::Args, Debug, Clone)]
pub struct Folder {
    /// The project's folder.
    #[arg(default_value = ".", value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub folder: PathBuf,
}

impl Folder {
    /// Reads the program. Paths in messages are as the user would write them: they start with the folder that was given.
    pub fn load(&self) -> Program {
        // A lock that cannot be read is told by the commands that write it.
        let file = self.below(lock::FILE);
        // A link may lead anywhere, and a pipe would be waited for.
        let is_file = std::fs::symlink_metadata(&file).is_ok_and(|found| found.is_file());
        let text = if is_file { std::fs::read_to_string(file).unwrap_or_default() } else { String::new() };
        self.load_after(lock::read(&text).unwrap_or_default())
    }
    /// The same after earlier builds, which are known already.
    pub fn load_after(&self, lock: Lock) -> Program {
        Program::load(Disk::new("."), &self.root()).remembering(lock).on(super::waivers::today())
    }
    /// The folder as a root: empty for the current one, no `./` before and no `/` after it.
    fn root(&self) -> String {
        let text = self.folder.to_string_lossy().replace('\\', "/");
        let text = text.strip_prefix("./").unwrap_or(&text);
        let text = if text.len() > 1 { text.trim_end_matches('/') } else { text };
        if text == "." { String::new() } else { text.to_owned() }
    }
    /// A folder or file of the project, as the user would write it.
    pub fn below(&self, name: &str) -> PathBuf {
        PathBuf::from(self.root()).join(name)
    }
    /// The folder in full, so that paths between it and the output do not depend on where the command ran.
    pub fn absolute(&self) -> PathBuf {
        absolute(&self.folder)
    }
}

/// A path in full, without links and dots as far as it exists.
pub fn absolute(path: &Path) -> PathBuf {
    let full = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut missing = Vec::new();
    let mut existing = full.as_path();
    loop {
        if let Ok(real) = existing.canonicalize() {
            return missing.iter().rev().fold(real, |path, part: &&std::ffi::OsStr| path.join(part));
        }
        match (existing.file_name(), existing.parent()) {
            (Some(name), Some(parent)) => {
                missing.push(name);
                existing = parent;
            }
            _ => return full,
        }
    }
}

/// The way from one folder to a file, both in full: `../../../.infrac/prod/terraform.tfstate`, with `/` everywhere.
pub fn way(from: &Path, to: &Path) -> String {
    let (from, to): (Vec<_>, Vec<_>) = (from.components().collect(), to.components().collect());
    let shared = from.iter().zip(&to).take_while(|(left, right)| left == right).count();
    let up = std::iter::repeat_n("..".to_owned(), from.len() - shared);
    let down = to[shared..].iter().map(|part| part.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}

/// An input of the project, given on the command line.
pub fn parse_param(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write it as NAME=VALUE".to_owned()),
    }
}

/// The environment with this name; without a name the only one there is. A program with mistakes has none: they are told.
pub fn environment(program: &Program, wanted: Option<&str>, teller: &Teller) -> Result<Name, Outcome> {
    let (_, told) = program.checked();
    if program::has_errors(told) {
        return Err(teller.tell(told, program.sources()));
    }
    let all = program.environments();
    let list = source::list_of(all.iter().map(|name| name.text()));
    match wanted {
        Some(wanted) => all.iter().copied().find(|name| name.text() == wanted).ok_or_else(|| {
            let help = match source::did_you_mean(wanted, all.iter().map(|name| name.text())) {
                Some(near) => format!("did you mean `{near}`?"),
                None if all.is_empty() => format!("declare it: `environment {wanted} {{ on = […] }}`"),
                None => format!("there are {list}"),
            };
            teller.fail("unknown_environment", format!("there is no environment `{wanted}`"), help)
        }),
        None => match all.as_slice() {
            [only] => Ok(*only),
            [] => Err(teller.fail(
                "no_environment",
                "the project declares no environment",
                "declare one: `environment prod { on = […] }`",
            )),
            _ => Err(teller.fail(
                "which_environment",
                "the project has several environments",
                format!("say which with `--env`: {list}"),
            )),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_between_two_folders() {
        assert_eq!(
            way(Path::new("/a/shop/out/prod/terraform"), Path::new("/a/shop/.infrac/prod/terraform.tfstate")),
            "../../../.infrac/prod/terraform.tfstate"
        );
        assert_eq!(way(Path::new("/out/terraform"), Path::new("/a/shop/x")), "../../a/shop/x");
    }

    #[test]
    fn the_folder_is_shown_as_it_was_given() {
        let root = |text: &str| Folder { folder: text.into() }.root();
        assert_eq!(
            [root("."), root("./"), root("./shop/"), root("examples/shop"), root("/abs")],
            ["", "", "shop", "examples/shop", "/abs"]
        );
    }
}
