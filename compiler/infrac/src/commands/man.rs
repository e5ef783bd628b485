//! `infrac man`: manual pages, one for the command and one for each of its subcommands.

use std::path::{Path, PathBuf};

use clap::CommandFactory;
use clap_mangen::Man;

use super::{Cli, Outcome, Teller};
use crate::output::{Readers, write_one};
use crate::report::plural;

/// Prints the manual page, or writes the pages of all commands into a folder.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  infrac man | man -l -\n  infrac man --out ~/.local/share/man/man1")]
pub struct Arguments {
    /// Write one page for each command into this folder, which is made when it is not there.
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    out: Option<PathBuf>,
}

/// Runs it.
pub fn run(arguments: &Arguments, teller: &Teller) -> Outcome {
    let pages = match pages() {
        Ok(pages) => pages,
        Err(cause) => {
            return teller.fail(
                "internal",
                format!("the pages cannot be made: {cause}; this is a bug in infrac"),
                "please tell us",
            );
        }
    };
    let Some(folder) = &arguments.out else {
        let first = pages.first().map_or("", |(_, text)| text.as_str());
        return teller.print(first, Outcome::Done);
    };
    for (name, text) in &pages {
        if let Err(cause) = write(folder, name, text) {
            return teller.fail(
                "cannot_write",
                format!("`{}`: {cause}", folder.join(name).display()),
                "choose a folder that you may write to",
            );
        }
    }
    teller.say(&format!("wrote {} to {}\n", plural(pages.len(), "page"), folder.display()));
    Outcome::Done
}

fn write(folder: &Path, name: &str, text: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    write_one(&folder.join(name), text, Readers::Anybody)
}

/// The pages by the names of their files: the command's own first, then `infrac-build.1` and its like.
fn pages() -> std::io::Result<Vec<(String, String)>> {
    let mut whole = Cli::command().disable_help_subcommand(true);
    whole.build();
    let mut pages = Vec::new();
    let mut open = vec![whole];
    while let Some(command) = open.pop() {
        let mut bytes = Vec::new();
        let name = command.get_display_name().unwrap_or("infrac").to_owned();
        let below = command.get_subcommands().filter(|below| !below.is_hide_set()).cloned();
        let mut below: Vec<clap::Command> = below.collect();
        below.reverse();
        open.append(&mut below);
        let title = name.to_uppercase();
        let source = format!("infrac {}", env!("CARGO_PKG_VERSION"));
        Man::new(command).title(title).source(source).manual("infrac").render(&mut bytes)?;
        pages.push((format!("{name}.1"), tidied(&String::from_utf8_lossy(&bytes))));
    }
    Ok(pages)
}

/// The page as readers take it: its date is empty and not left out, which would make one of the version; no line is broken beside
/// an empty one.
fn tidied(page: &str) -> String {
    let lines: Vec<&str> = page.lines().collect();
    let is_empty = |at: Option<usize>| at.and_then(|at| lines.get(at)).is_some_and(|line| matches!(*line, "" | ".sp"));
    let is_lost = |at: usize| lines.get(at) == Some(&".br") && (is_empty(at.checked_sub(1)) || is_empty(Some(at + 1)));
    let kept =
        lines.iter().enumerate().filter(|(at, _)| !is_lost(*at)).map(|(_, line)| match line.strip_prefix(".TH ") {
            Some(head) => format!(".TH {}\n", head.replacen(" 1  ", " 1 \"\" ", 1)),
            None => format!("{line}\n"),
        });
    kept.collect()
}
