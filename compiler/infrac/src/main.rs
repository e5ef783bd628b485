//! The command line: one file per subcommand in `commands/`, diagnostics in `report/`, plans in `plans/`, writing in `output.rs`.
//!
//! Exit codes: 0, 1 after an error, 2 when `--check` finds changes, 3 when an answer is not the one that is
//! hoped for or nobody knows what became of an operation, 4 when a plan is stale, 5 when somebody else is at it, 64 after wrong usage.

mod commands;
mod output;
mod panics;
mod plans;
mod report;

use std::process::ExitCode;

/// Values are small and many: this one serves them in half of the steps that the system's takes.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    panics::install();
    let cli = match commands::read() {
        Ok(cli) => cli,
        Err(error) => {
            // `--help` and `--version` are errors to clap, and none to the user.
            return match (error.print(), error.use_stderr()) {
                (_, true) => commands::Outcome::Usage.into(),
                (Ok(()), false) => ExitCode::SUCCESS,
                (Err(cause), false) => {
                    eprintln!("error[cannot_write]: standard output: {cause}");
                    commands::Outcome::Failed.into()
                }
            };
        }
    };
    // Deep values need more stack than a main thread is sure to have.
    let run = std::thread::Builder::new().stack_size(256 * 1024 * 1024).spawn(move || commands::run(&cli));
    match run.map(std::thread::JoinHandle::join) {
        Ok(Ok(outcome)) => outcome.into(),
        Ok(Err(_panicked)) => commands::Outcome::Failed.into(),
        Err(cause) => {
            eprintln!("error[no_thread]: cannot start: {cause}");
            commands::Outcome::Failed.into()
        }
    }
}
