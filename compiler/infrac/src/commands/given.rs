//! Secret params: from their files, their variables or the terminal, never from an argument.

use std::io::IsTerminal;
use std::path::Path;

use super::project::parse_param;
use super::{Outcome, Teller};

/// Where secret params stand in files.
#[derive(clap::Args, Debug)]
pub struct GivenFiles {
    /// A file that holds the value of a secret param; one newline at its end is left out.
    #[arg(long = "param-file", value_name = "NAME=PATH", value_parser = parse_param)]
    files: Vec<(String, String)>,
}

/// Values by name, and the variables of those that nobody gives.
type Gathered = (Vec<(String, String)>, Vec<String>);

/// The variable of a secret param.
fn variable(name: &str) -> String {
    format!("INFRAC_PARAM_{name}")
}

impl GivenFiles {
    /// Their values by name; all that is missing is told at once.
    pub fn all(&self, names: &[&str], teller: &Teller) -> Result<Vec<(String, String)>, Outcome> {
        let (given, missing) = self.gather(names, teller)?;
        if missing.is_empty() { Ok(given) } else { Err(tell_missing(&missing, teller)) }
    }

    /// The values that are given, by name, and the variables of those that are not.
    pub fn gather(&self, names: &[&str], teller: &Teller) -> Result<Gathered, Outcome> {
        let (mut given, mut missing) = (Vec::new(), Vec::new());
        for name in names {
            match self.secret(name, teller)? {
                Some(value) => given.push(((*name).to_owned(), value)),
                None => missing.push(variable(name)),
            }
        }
        for (at, (name, _)) in self.files.iter().enumerate() {
            if self.files.iter().take(at).any(|(other, _)| other == name) {
                return Err(teller.fail("bad_param", format!("`{name}` is given two files"), "name one file for it"));
            }
            if !names.contains(&name.as_str()) {
                let list = source::list_of(names.iter().copied());
                let help = if list.is_empty() { "none is needed".to_owned() } else { format!("needed are {list}") };
                let message = format!("no secret param `{name}` is needed here");
                return Err(teller.fail("unknown_param", message, help));
            }
        }
        Ok((given, missing))
    }

    /// A secret from its file, its variable or the terminal; none where nobody gives it.
    fn secret(&self, name: &str, teller: &Teller) -> Result<Option<String>, Outcome> {
        if let Some((_, path)) = self.files.iter().find(|(given, _)| given == name) {
            return read(Path::new(path), teller).map(Some);
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
}

/// Tells which variables are not set.
pub fn tell_missing(missing: &[String], teller: &Teller) -> Outcome {
    let list = source::list_of(missing.iter().map(String::as_str));
    let help = "set them in the environment of the command; a param may be read from a file: `--param-file NAME=PATH`";
    teller.fail("missing_param", format!("{list} must be given"), help)
}

/// The text of a file without the newline at its end.
fn read(path: &Path, teller: &Teller) -> Result<String, Outcome> {
    let text = std::fs::read_to_string(path).map_err(|cause| {
        teller.fail(
            "cannot_read",
            format!("{}: {cause}", path.display()),
            "name a file that holds the secret and nothing else",
        )
    })?;
    Ok(text.strip_suffix('\n').map_or(text.as_str(), |text| text.strip_suffix('\r').unwrap_or(text)).to_owned())
}
