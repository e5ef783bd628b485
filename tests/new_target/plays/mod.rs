//! A target of its own: one play over all hosts of an environment. It takes values from other tools as variables, and hands over what it
//! has found out, by name.

use std::borrow::Cow;
use std::collections::BTreeSet;

use emit::Settings;
use emit::body::{Leaves, node};
use emit::crossing::{As, Crossing, Form, Hands, Refusal, Spells};
use emit::document::{Document, Subject};
use emit::index::Index;
use emit::step::{Command, Run, Step, Variable};
use emit::target::{Artefact, Input, Target};
use emit::writer::{Node, write_yaml};
use graph::Resource;
use source::{Diagnostic, Name};
use value::{Op, Store, Value, ValueId};

pub struct Plays;

impl Target for Plays {
    fn name(&self) -> &'static str {
        "plays"
    }
    fn hands(&self) -> Option<&'static dyn Hands> {
        Some(&Facts)
    }
    fn artefacts(&self, index: &Index<'_>, _: &Settings) -> Vec<Artefact> {
        let all = index.graph.resources.iter().enumerate();
        let members: Vec<usize> = all.filter(|(_, resource)| is_own(resource)).map(|(at, _)| at).collect();
        let play = Artefact { target: &Plays, name: "plays".to_owned(), members };
        (!play.members.is_empty()).then_some(play).into_iter().collect()
    }
    fn receives<'g>(&self, input: &Input<'_, 'g>, to: usize, told: &mut Vec<Diagnostic>) -> Vec<Crossing<'g>> {
        let mut all = Vec::new();
        for (at, resource) in input.members(to) {
            let Some(address) = address_of(input.index, at) else { continue };
            let path = [value::Step::Field(Name::new("address"))];
            let Some(source) = input.source(resource, &path, address, told) else { continue };
            let value = Node::text(source.hands.later(input.index, address, Form::Text).unwrap());
            let (from, of, name) = (source.artefact, source.of, variable(input.index, resource));
            all.push(Crossing { from, to, member: Some(at), of, name, takes: As::Variable, value, secret: false });
        }
        all
    }
    fn documents(&self, input: &Input<'_, '_>, artefact: usize, told: &mut Vec<Diagnostic>) -> Vec<Document> {
        let hosts = input.members(artefact).filter_map(|(at, resource)| {
            let mut leaves = Known { index: input.index, resource, told };
            let host = node(input.index.store, input.index.body(at), &mut Vec::new(), &mut leaves)?;
            Some(host.of(Subject::Resource(at as u32)))
        });
        let hosts = Node::map([("hosts", Node::List(hosts.collect()))]);
        vec![write_yaml("plays/site.yaml".to_owned(), &[hosts], input.settings.lines)]
    }
    fn steps(&self, input: &Input<'_, '_>, artefact: usize) -> Vec<Step> {
        let names: BTreeSet<(&str, usize)> =
            input.given_to(artefact).map(|crossing| (crossing.name.as_str(), crossing.from)).collect();
        let from = |name: &str, from: usize| {
            let from = &input.artefacts[from];
            Some(from.target.hands()?.print(input, from, name))
        };
        let variables = names.into_iter().map(|(name, at)| Variable { name: name.to_owned(), from: from(name, at) });
        let run = Command::new("plays", ["run".to_owned(), input.settings.below_out("plays/site.yaml")]);
        vec![Step { variables: variables.collect(), ..Step::new("plays/run", Run::Command(run)) }]
    }
}

fn is_own(resource: &Resource) -> bool {
    resource.kind.target.text() == "plays"
}

/// The address of a host, where another tool decides it.
fn address_of(index: &Index<'_>, at: usize) -> Option<ValueId> {
    let address = index.store.field(index.body(at), Name::new("address"))?;
    index.store.holds(address).reference().then_some(address)
}

fn variable(index: &Index<'_>, resource: &Resource) -> String {
    index.address(resource.address).replace(['.', '"', '[', ']'], "_") + "_address"
}

struct Known<'i, 'g> {
    index: &'i Index<'g>,
    resource: &'g Resource,
    told: &'i mut Vec<Diagnostic>,
}

impl<'g> Leaves<'g> for Known<'_, 'g> {
    fn text(&mut self, text: &'g str) -> Cow<'g, str> {
        text.into()
    }
    fn later(&mut self, _: ValueId, _: &[value::Step]) -> Option<Node<'g>> {
        Some(Node::text(format!("{{{{ {} }}}}", variable(self.index, self.resource))))
    }
    fn refuse(&mut self, value: &Value, path: &[value::Step]) {
        self.told.push(self.index.not_lowered(self.resource, path, value));
    }
}

/// What was found out about hosts.
struct Facts;

impl Spells for Facts {
    fn spells(&self, op: Op) -> bool {
        op == Op::Text
    }
    fn literal<'t>(&self, text: &'t str) -> Cow<'t, str> {
        text.into()
    }
    fn encoded(&self, literal: &str) -> String {
        format!("{{{{ base64 {literal} }}}}")
    }
    fn later(&self, index: &Index<'_>, id: ValueId, _: Form) -> Result<String, Refusal> {
        match index.store.get(id) {
            Value::Ref { of, path, .. } => {
                Ok(format!("{{{{ {}{} }}}}", index.address(*of), emit::body::path_text(path)))
            }
            Value::Op { op: Op::Text, args } => args.iter().map(|part| self.later(index, *part, Form::Text)).collect(),
            Value::Text(text) => Ok(text.to_string()),
            other => panic!("{other:?} of {:?}", Store::ABSENT),
        }
    }
}

impl Hands for Facts {
    fn print(&self, _: &Input<'_, '_>, _: &Artefact, name: &str) -> Command {
        Command::new("plays", ["facts", name])
    }
}
