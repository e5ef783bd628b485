//! `infrac graph`: the graph of an environment as a picture or as data.

use super::project::{Folder, environment, parse_param};
use super::{Answer, Outcome, Teller};
use crate::report;

/// Prints the graph of an environment.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    folder: Folder,
    /// The environment; may be left out where there is only one.
    #[arg(long, value_name = "ENV")]
    env: Option<String>,
    /// As a drawing to look at (svg), as a picture of Mermaid or Graphviz, or as JSON.
    #[arg(long, value_enum, default_value = "mermaid")]
    format: Format,
    /// How mistakes are shown.
    #[arg(long, value_enum, default_value = "full")]
    pub messages: report::Format,
    /// An input of the project.
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parse_param)]
    params: Vec<(String, String)>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
enum Format {
    Mermaid,
    Svg,
    Dot,
    Json,
}

/// Runs it.
pub fn run(arguments: &Arguments, teller: &Teller) -> Outcome {
    let program = arguments.folder.load();
    let environment = match environment(&program, arguments.env.as_deref(), teller) {
        Ok(environment) => environment,
        Err(outcome) => return outcome,
    };
    let graph = match program.evaluate(environment, &arguments.params) {
        Ok((graph, warnings)) => {
            teller.tell(&warnings, program.sources());
            graph
        }
        Err(diagnostics) => return teller.tell(&diagnostics, program.sources()),
    };
    let text = match arguments.format {
        Format::Svg => program.picture(&graph).svg(),
        Format::Mermaid => ::graph::mermaid(&graph),
        Format::Dot => ::graph::dot(&graph),
        Format::Json => ::graph::save(&graph),
    };
    let form = if arguments.format == Format::Json { Answer::Json } else { Answer::Text };
    teller.answer(form, &text, Outcome::Done)
}
