//! `infrac lsp`: the language server, over the standard streams.

use super::Outcome;
use super::waivers::today;

/// Serves an editor: it starts this itself.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Over the standard streams: there is no other way, and editors say it nevertheless.
    #[arg(long, hide = true)]
    stdio: bool,
}

/// Runs it until the editor ends it.
pub fn run(arguments: &Arguments) -> Outcome {
    let Arguments { stdio: _ } = arguments;
    match ::lsp::serve(::lsp::stdio(), ::lsp::Settings { version: env!("CARGO_PKG_VERSION"), today }) {
        ::lsp::Ended::AsAsked => Outcome::Done,
        ::lsp::Ended::Early => Outcome::Failed,
    }
}
