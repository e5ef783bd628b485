//! `infrac completions SHELL`: the script by which a shell completes the command line.

use clap::{CommandFactory, ValueEnum};
use clap_complete::{Generator, Shell};
use clap_complete_nushell::Nushell;

use super::{Cli, Outcome, Teller};

/// Prints the script by which a shell completes commands, options and files.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  infrac completions bash > ~/.local/share/bash-completion/completions/infrac\n  infrac completions zsh > \"${fpath[1]}/_infrac\"\n  infrac completions fish > ~/.config/fish/completions/infrac.fish"
)]
pub struct Arguments {
    /// The shell.
    #[arg(value_enum, value_name = "SHELL")]
    shell: Known,
}

/// Shells whose scripts can be written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Known {
    Bash,
    Elvish,
    Fish,
    Nushell,
    #[value(name = "powershell")]
    PowerShell,
    Zsh,
}

/// Runs it.
pub fn run(arguments: &Arguments, teller: &Teller) -> Outcome {
    let script = match arguments.shell {
        Known::Bash => script(Shell::Bash),
        Known::Elvish => script(Shell::Elvish),
        Known::Fish => script(Shell::Fish),
        Known::Nushell => script(Nushell),
        Known::PowerShell => script(Shell::PowerShell),
        Known::Zsh => script(Shell::Zsh),
    };
    teller.print(&script, Outcome::Done)
}

fn script(shell: impl Generator) -> String {
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "infrac", &mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}
