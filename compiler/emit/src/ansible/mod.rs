//! Ansible: machines become an inventory, what stands on them becomes tasks. What many machines have alike is one task of their role; only
//! what differs from one to the next stands in the variables of a host.

mod alike;
mod configuration;
mod inventory;
mod jinja;
mod machines;
mod plays;
mod roles;
mod sequence;
mod steps;
mod texts;
mod variables;

use source::Diagnostic;

use crate::Settings;
use crate::crossing::Crossing;
use crate::document::Document;
use crate::index::Index;
use crate::step::Step;
use crate::target::{Artefact, Input, Target};

const NAME: &str = "ansible";

/// All machines of an environment are one artefact: one playbook.
pub struct Ansible;

impl Target for Ansible {
    fn name(&self) -> &'static str {
        NAME
    }
    fn artefacts(&self, index: &Index<'_>, _: &Settings) -> Vec<Artefact> {
        Artefact::whole(&Ansible, index)
    }
    fn receives<'g>(&self, input: &Input<'_, 'g>, artefact: usize, told: &mut Vec<Diagnostic>) -> Vec<Crossing<'g>> {
        variables::receives(input, artefact, told)
    }
    fn documents(&self, input: &Input<'_, '_>, artefact: usize, told: &mut Vec<Diagnostic>) -> Vec<Document> {
        let plays = plays::plays(input, artefact, told);
        let (mut facts, mut texts) = (roles::Facts::new(&plays), texts::Texts::default());
        let mut documents = roles::documents(input, &plays, &mut facts, &mut texts, told);
        documents.push(inventory::inventory(input, &plays, &mut texts, told));
        documents.extend(inventory::known_hosts(input, &plays));
        documents.extend(roles::host_variables(input, &plays, &mut facts));
        documents.extend(texts.documents(input));
        documents.extend(variables::document(input, artefact));
        documents.extend(configuration::documents(input, artefact, &plays));
        documents.into_iter().filter(|_| input.write).collect()
    }
    fn steps(&self, input: &Input<'_, '_>, artefact: usize) -> Vec<Step> {
        steps::steps(input, artefact)
    }
}

/// The path of a file of the artefact below the folder of the environment.
fn below(path: &str) -> String {
    format!("{NAME}/{path}")
}
