//! `infrac handover`: the objects of a cluster that hold what is given from outside, printed for `kubectl`.

use emit::{Cluster, Drawn, Given, Needed};
use graph::Complete;
use source::Name;

use super::given::{GivenFiles, tell_missing};
use super::project::{Folder, environment, parse_param};
use super::{Answer, Outcome, Teller, print_output};

/// The variable with the key of fingerprints.
const KEY: &str = "INFRAC_FINGERPRINT_KEY";

/// Prints the objects of a cluster that hold secrets given from outside.
///
/// Only for programs without Terraform, which hands over where it is. A secret param `token` is read from the variable
/// INFRAC_PARAM_token, from a file (`--param-file token=PATH`), or asked for at the terminal. The key of fingerprints is
/// INFRAC_FINGERPRINT_KEY: any long random text, always the same for an environment.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    folder: Folder,
    /// The environment; may be left out where there is only one.
    #[arg(long, value_name = "ENV")]
    env: Option<String>,
    /// The cluster, where several are handed something: the folder of its manifests below `kubernetes`.
    #[arg(long, value_name = "NAME")]
    cluster: Option<String>,
    /// Print this Secret instead, with what it holds drawn anew: for `kubectl create`, once.
    #[arg(long, value_name = "SECRET", conflicts_with = "files")]
    draw: Option<String>,
    #[command(flatten)]
    files: GivenFiles,
    /// An input of the project.
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parse_param)]
    params: Vec<(String, String)>,
    /// How mistakes are shown.
    #[arg(long, value_enum, default_value = "text")]
    pub format: Answer,
}

/// Runs it.
pub fn run(arguments: &Arguments, teller: &Teller) -> Outcome {
    match hand_over(arguments, teller) {
        Ok(outcome) | Err(outcome) => outcome,
    }
}

fn hand_over(arguments: &Arguments, teller: &Teller) -> Result<Outcome, Outcome> {
    let program = arguments.folder.load();
    let environment = environment(&program, arguments.env.as_deref(), teller)?;
    let (graph, _) = program
        .evaluate(environment, &arguments.params)
        .map_err(|diagnostics| teller.tell(&diagnostics, program.sources()))?;
    let settings = program.settings(&graph);
    let refused = emit::refused(&graph, &settings);
    if !refused.is_empty() {
        return Err(teller.tell(&refused, program.sources()));
    }
    if let Some(name) = &arguments.draw {
        return draw(&emit::drawn(&graph), name, arguments.cluster.as_deref(), &graph, teller);
    }
    let all = emit::handed_by_infrac(&graph, &settings);
    let (cluster, needed) = chosen(&all, arguments.cluster.as_deref(), teller)?;
    let given = given(arguments, needed, teller)?;
    let text = emit::complete(&graph, &settings, cluster, &given)
        .map_err(|diagnostics| teller.tell(&diagnostics, program.sources()))?;
    print(&text, teller)
}

/// Prints a Secret that is made once.
fn draw(
    all: &[Drawn],
    wanted: &str,
    cluster: Option<&str>,
    graph: &Complete,
    teller: &Teller,
) -> Result<Outcome, Outcome> {
    let is_meant =
        |drawn: &&Drawn| drawn.object.name == wanted && cluster.is_none_or(|cluster| drawn.cluster.name() == cluster);
    let mut meant = all.iter().filter(is_meant);
    let (Some(drawn), None) = (meant.next(), meant.next()) else {
        let names = source::list_of(all.iter().map(|drawn| drawn.object.name.as_str()));
        let help = if names.is_empty() {
            "the program has no `secret` of a cluster that is generated".to_owned()
        } else {
            format!("there are {names}; of several clusters, say which with `--cluster`")
        };
        return Err(teller.fail("nothing_drawn", format!("`{wanted}` is no one Secret that is drawn"), help));
    };
    let text = emit::draw(graph, drawn, getrandom::fill).map_err(|cause| {
        teller.fail("no_randomness", format!("nothing can be drawn: {cause}"), "the system gives no random bytes")
    })?;
    print(&text, teller)
}

fn print(text: &str, teller: &Teller) -> Result<Outcome, Outcome> {
    print_output(text).map(|()| Outcome::Done).map_err(|cause| {
        teller.fail(
            "cannot_write",
            format!("standard output: {cause}"),
            "pipe it into the command that `infrac build` prints",
        )
    })
}

/// The cluster that is meant: the only one, or the one of that name.
fn chosen<'a>(
    all: &'a [(Cluster, Needed)],
    wanted: Option<&str>,
    teller: &Teller,
) -> Result<(&'a Cluster, &'a Needed), Outcome> {
    let names = source::list_of(all.iter().map(|(cluster, _)| cluster.name()));
    match (wanted, all) {
        (_, []) => Err(teller.fail(
            "nothing_handed_over",
            "there is nothing to hand over",
            "all objects stand in manifests, or another tool hands over: run the steps that `infrac build` prints",
        )),
        (None, [(cluster, needed)]) => Ok((cluster, needed)),
        (None, _) => Err(teller.fail(
            "which_cluster",
            "several clusters are handed something",
            format!("say which with `--cluster`: {names}"),
        )),
        (Some(wanted), _) => {
            let found = all.iter().find(|(cluster, _)| cluster.name() == wanted);
            found.map(|(cluster, needed)| (cluster, needed)).ok_or_else(|| {
                teller.fail(
                    "which_cluster",
                    format!("nothing is handed over to a cluster `{wanted}`"),
                    format!("there are {names}"),
                )
            })
        }
    }
}

/// What is given: all that is missing is told at once.
fn given(arguments: &Arguments, needed: &Needed, teller: &Teller) -> Result<Given, Outcome> {
    let names: Vec<&str> = needed.inputs.iter().map(|name| name.text()).collect();
    let (values, mut missing) = arguments.files.gather(&names, teller)?;
    let inputs = values.into_iter().map(|(name, value)| (Name::new(&name), value)).collect();
    let mut given = Given { inputs, ..Given::default() };
    if needed.key {
        match std::env::var(KEY).ok().filter(|key| !key.is_empty()) {
            Some(key) => given.key = Some(key),
            None => missing.push(KEY.to_owned()),
        }
    }
    if missing.is_empty() { Ok(given) } else { Err(tell_missing(&missing, teller)) }
}
