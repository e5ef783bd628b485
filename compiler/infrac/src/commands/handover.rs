//! `infrac handover`: the objects of a cluster that hold what is given from outside, printed for `kubectl`.

use std::io::IsTerminal;
use std::path::PathBuf;

use emit::{Cluster, Drawn, Given, Needed};
use graph::Complete;
use source::Name;

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
    /// A file that holds the value of a secret param; one newline at its end is left out.
    #[arg(long = "param-file", value_name = "NAME=PATH", value_parser = parse_param)]
    files: Vec<(String, String)>,
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
    let mut given = Given::default();
    let mut missing = Vec::new();
    for name in &needed.inputs {
        match secret(arguments, *name, teller)? {
            Some(value) => given.inputs.push((*name, value)),
            None => missing.push(variable(*name)),
        }
    }
    if needed.key {
        match std::env::var(KEY).ok().filter(|key| !key.is_empty()) {
            Some(key) => given.key = Some(key),
            None => missing.push(KEY.to_owned()),
        }
    }
    for (at, (name, _)) in arguments.files.iter().enumerate() {
        if arguments.files.iter().take(at).any(|(other, _)| other == name) {
            return Err(teller.fail("bad_param", format!("`{name}` is given two files"), "name one file for it"));
        }
        if !needed.inputs.iter().any(|needed| needed.text() == name) {
            let names = source::list_of(needed.inputs.iter().map(|name| name.text()));
            let help = if names.is_empty() { "none is needed".to_owned() } else { format!("needed are {names}") };
            return Err(teller.fail("unknown_param", format!("no secret param `{name}` is needed here"), help));
        }
    }
    if missing.is_empty() {
        return Ok(given);
    }
    let list = source::list_of(missing.iter().map(String::as_str));
    let help = "set them in the environment of the command; a param may be read from a file: `--param-file NAME=PATH`";
    Err(teller.fail("missing_param", format!("{list} must be given"), help))
}

/// The variable of a secret param.
fn variable(name: Name) -> String {
    format!("INFRAC_PARAM_{name}")
}

/// A secret from its file, its variable or the terminal; none where nobody gives it.
fn secret(arguments: &Arguments, name: Name, teller: &Teller) -> Result<Option<String>, Outcome> {
    if let Some((_, path)) = arguments.files.iter().find(|(given, _)| given == name.text()) {
        return read(&PathBuf::from(path), teller).map(Some);
    }
    match std::env::var(variable(name)) {
        // An empty one is most likely a variable that a pipeline did not set.
        Ok(value) if value.is_empty() => return Ok(None),
        Ok(value) => return Ok(Some(value)),
        Err(std::env::VarError::NotUnicode(_)) => {
            return Err(teller.fail("bad_param", format!("{} is no text", variable(name)), "give it in UTF-8"));
        }
        Err(std::env::VarError::NotPresent) => {}
    }
    if !std::io::stdin().is_terminal() {
        return Ok(None);
    }
    rpassword::prompt_password(format!("{name}: ")).map(Some).map_err(|cause| {
        teller.fail("missing_param", format!("`{name}` was not given: {cause}"), "set its variable, or name a file")
    })
}

/// The text of a file without the newline at its end.
fn read(path: &std::path::Path, teller: &Teller) -> Result<String, Outcome> {
    let text = std::fs::read_to_string(path).map_err(|cause| {
        teller.fail(
            "cannot_read",
            format!("{}: {cause}", path.display()),
            "name a file that holds the secret and nothing else",
        )
    })?;
    Ok(text.strip_suffix('\n').map_or(text.as_str(), |text| text.strip_suffix('\r').unwrap_or(text)).to_owned())
}
