//! `infrac reach`: whether one end can call a port of another, layer by layer; `--matrix` for all of them.

use program::reach::{Answer as Reached, Verdict, matrix};
use serde_json::json;

use super::project::{Folder, environment, parse_param};
use super::{Answer, Outcome, Teller};

/// Says who can call what, and which layer lets it through or stops it.
///
///     infrac reach api orders.sql --env prod
///     infrac reach internet 'front["a"].ssh' examples/shop --env prod
///     infrac reach --matrix examples/shop --env prod
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub struct Arguments {
    /// Who calls (an instance, `internet`, an address, a range), what is called (`INSTANCE.PORT`), and the project's folder [default: .].
    #[arg(value_name = "FROM TO [DIR]", num_args = 0..=3)]
    ends: Vec<String>,
    /// All instances and the internet, to all ports; takes the project's folder only. Fails when a declared flow is stopped, or
    /// something is open that nobody declared.
    #[arg(long)]
    matrix: bool,
    /// The environment; may be left out where there is only one.
    #[arg(long, value_name = "ENV")]
    env: Option<String>,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Answer,
    /// An input of the project.
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parse_param)]
    params: Vec<(String, String)>,
}

/// Runs it. The answer is no when a path is closed or unknown, or open though nobody declared it.
pub fn run(arguments: &Arguments, teller: &Teller) -> Outcome {
    let ends = &arguments.ends;
    let (pair, folder) = match (arguments.matrix, ends.as_slice()) {
        (true, []) => (None, "."),
        (true, [folder]) => (None, folder.as_str()),
        (false, [from, to]) => (Some((from, to)), "."),
        (false, [from, to, folder]) => (Some((from, to)), folder.as_str()),
        (true | false, _) => {
            teller.fail(
                "which_ends",
                "two ends are needed, or `--matrix`",
                "`infrac reach api orders.sql`, or `infrac reach --matrix`",
            );
            return Outcome::Usage;
        }
    };
    let program = Folder { folder: folder.into() }.load();
    let environment = match environment(&program, arguments.env.as_deref(), teller) {
        Ok(environment) => environment,
        Err(outcome) => return outcome,
    };
    let reached = match pair {
        Some((from, to)) => program.reach(environment, &arguments.params, from, to),
        None => program.reach_all(environment, &arguments.params),
    };
    let reached = match reached {
        Ok(reached) => reached,
        Err(diagnostics) => return teller.tell(&diagnostics, program.sources()),
    };
    let text = match (arguments.format, pair) {
        (Answer::Json, _) => format!("{:#}\n", json!({ "paths": reached.iter().map(path).collect::<Vec<_>>() })),
        (Answer::Text, Some(_)) => reached.iter().map(Reached::text).collect(),
        (Answer::Text, None) => matrix(&reached),
    };
    let well = match pair {
        Some(_) => reached.iter().all(|path| path.verdict == Verdict::Open && !path.is_undeclared()),
        None => !reached.iter().any(|path| path.is_stopped() || path.is_undeclared()),
    };
    teller.answer(arguments.format, &text, if well { Outcome::Done } else { Outcome::No })
}

fn path(path: &Reached) -> serde_json::Value {
    let layers = path.layers.iter().map(|layer| json!({ "layer": layer.name, "verdict": layer.verdict.text(), "says": layer.says, "at": layer.at.as_ref().map(ToString::to_string) }));
    json!({
        "from": path.from,
        "to": path.to,
        "label": path.label.text(),
        "port": path.port.to_string(),
        "verdict": path.verdict.text(),
        "declared": path.declared.as_ref().map(ToString::to_string),
        "by_ranges": path.by_ranges,
        "layers": layers.collect::<Vec<_>>(),
    })
}
