//! What is run for Terraform, and what is to be known of it.

use crate::step::{Command, Run, Step};
use crate::target::Input;
use crate::terraform::remains::ProviderInUse;
use crate::terraform::{NAME, secrets, state, variables};

/// A command in the folder of the root.
pub fn command(input: &Input<'_, '_>, arguments: &[&str]) -> Command {
    let folder = format!("-chdir={}", input.settings.below_out(NAME));
    Command::new("terraform", [folder.as_str()].into_iter().chain(arguments.iter().copied()))
}

/// `init`, then `apply`.
pub fn steps(input: &Input<'_, '_>, artefact: usize) -> Vec<Step> {
    let step = |verb: &str| Step::new(format!("{NAME}/{verb}"), Run::Command(command(input, &[verb])));
    vec![step("init"), Step { variables: variables::given(input, artefact), ..step("apply") }]
}

/// What it lets go of, what stays configured, and whose secrets it will keep.
pub fn notes(input: &Input<'_, '_>, artefact: usize) -> Vec<String> {
    let remains = &input.settings.remains;
    let all = [releases(&remains.released), configurations(&remains.providers), secrets(input, artefact)];
    all.into_iter().flatten().collect()
}

fn releases(released: &[String]) -> Option<String> {
    let list: String = released.iter().map(|reference| format!("  {reference}\n")).collect();
    (!released.is_empty()).then(|| {
        format!(
            "no longer in the program; Terraform forgets them and leaves them where they are:\n{list}once that is applied everywhere, run `infrac lock --prune`\n"
        )
    })
}

fn configurations(left: &[ProviderInUse]) -> Option<String> {
    let names: Vec<String> = left.iter().map(ProviderInUse::reference).collect();
    (!left.is_empty()).then(|| {
        format!(
            "{} stays configured, for what was made there; once that is gone everywhere, run `infrac lock --prune`\n",
            source::list_of(names.iter().map(String::as_str))
        )
    })
}

/// Who may read the state may read these.
fn secrets(input: &Input<'_, '_>, artefact: usize) -> Option<String> {
    let names = secrets::in_state(input, artefact);
    let state = state::shown(input.index.graph, input.settings);
    (!names.is_empty()).then(|| {
        format!(
            "secrets of {} will stand in Terraform's state, {state}: keep it from others\n",
            source::list_of(names.iter().map(String::as_str))
        )
    })
}
