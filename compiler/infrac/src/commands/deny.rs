//! `--deny`: warnings that a command takes as mistakes.

use program::Program;
use source::{Diagnostic, Severity};

use super::{Outcome, Teller};

/// Which warnings are mistakes here.
#[derive(clap::Args, Debug)]
pub struct Deny {
    /// Take a warning as a mistake: `warnings` for all of them, or the code of one. May be repeated.
    #[arg(long = "deny", value_name = "CODE")]
    codes: Vec<String>,
}

impl Deny {
    /// The same messages, each warning that is denied as an error.
    pub fn apply(&self, mut told: Vec<Diagnostic>) -> Vec<Diagnostic> {
        for diagnostic in &mut told {
            let is_denied = self.codes.iter().any(|code| code == "warnings" || code == diagnostic.code);
            if diagnostic.severity == Severity::Warning && is_denied {
                diagnostic.severity = Severity::Error;
            }
        }
        told
    }

    /// Tells a code under which nothing warns: denying it would have no effect.
    pub fn look(&self, program: &Program, teller: &Teller) -> Result<(), Outcome> {
        let known = program.warning_codes();
        let is_known = |code: &String| code == "warnings" || known.contains(&code.as_str());
        let Some(code) = self.codes.iter().find(|code| !is_known(code)) else { return Ok(()) };
        let help = match source::did_you_mean(code, known.iter().copied().chain(["warnings"])) {
            Some(close) => format!("did you mean `{close}`?"),
            None => {
                format!("warnings are {}; `--deny warnings` denies them all", source::list_of(known.iter().copied()))
            }
        };
        teller.fail("unknown_name", format!("no warning has the code `{code}`"), help);
        Err(Outcome::Usage)
    }
}
