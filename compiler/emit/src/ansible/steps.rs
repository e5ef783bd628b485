//! What is run: the collections are brought, then the playbook goes over all machines.

use super::configuration::collections;
use super::{NAME, below, variables};
use crate::step::{Command, Run, Step};
use crate::target::Input;

/// The steps of the playbook.
pub fn steps(input: &Input<'_, '_>, artefact: usize) -> Vec<Step> {
    let path = |file: &str| input.settings.below_out(&below(file));
    let settings = format!("ANSIBLE_CONFIG={}", path("ansible.cfg"));
    let step = |verb: &str, command| Step::new(format!("{NAME}/{verb}"), Run::Command(command));
    let mut steps = Vec::new();
    if !collections(input, artefact).is_empty() {
        let bring = ["collection", "install", "-r", &path("requirements.yml")];
        steps.push(step("collections", Command::new("ansible-galaxy", bring)));
    }
    let play = Command::new("env", [settings.as_str(), "ansible-playbook", &path("playbook.yml")]);
    steps.push(Step { variables: variables::of_the_run(input, artefact), ..step("apply", play) });
    steps
}
