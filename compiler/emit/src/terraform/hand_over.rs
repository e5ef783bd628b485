//! What Terraform hands over after its apply: an output for each name. Objects are a list in a local value, so that every later leaf is
//! an ordinary expression and every line keeps its origin; the output is a line of JSON for each. One list of them all would not do:
//! the reader of a cluster checks a list against its own schema, not the server's, and refuses patches in it.

use std::borrow::Cow;

use source::Diagnostic;
use value::{Op, Value, ValueId};

use crate::crossing::{As, Crossing, Form, Hands, Refusal, Spells};
use crate::index::Index;
use crate::step::Command;
use crate::target::{Artefact, Input};
use crate::terraform::expression::{escape, expression, in_quotes, template};
use crate::terraform::steps::command;
use crate::writer::{Entry, Node};

/// Outputs.
pub struct Outputs;

impl Spells for Outputs {
    fn spells(&self, _: Op) -> bool {
        // What Terraform has no function for is not an operation on later values.
        true
    }
    fn literal<'t>(&self, text: &'t str) -> Cow<'t, str> {
        escape(text)
    }
    fn encoded(&self, literal: &str) -> String {
        format!("${{base64encode(\"{}\")}}", in_quotes(literal))
    }
    fn later(&self, index: &Index<'_>, id: ValueId, form: Form) -> Result<String, Refusal> {
        match form {
            Form::Base64 => Ok(format!("${{base64encode({})}}", expression(index, id)?)),
            // An expression alone would keep a number a number.
            Form::Text if !is_text(index, id) => Ok(format!("${{tostring({})}}", expression(index, id)?)),
            Form::Text | Form::Value => template(index, id),
        }
    }
}

impl Hands for Outputs {
    fn print(&self, input: &Input<'_, '_>, _: &Artefact, name: &str) -> Command {
        command(input, &["output", "-raw", name])
    }
}

fn is_text(index: &Index<'_>, id: ValueId) -> bool {
    match index.store.get(id) {
        Value::Op { op, .. } => op.gives_text(),
        _ => false,
    }
}

/// The local values and the outputs of what is handed over.
pub fn outputs<'g>(
    input: &Input<'_, 'g>,
    artefact: usize,
    told: &mut Vec<Diagnostic>,
) -> (Vec<Entry<'g>>, Vec<Entry<'g>>) {
    let mut by_name: Vec<(&str, Vec<&Crossing<'g>>)> = Vec::new();
    for crossing in input.given_by(artefact) {
        match by_name.iter_mut().find(|entry| entry.0 == crossing.name) {
            Some((_, crossings)) => crossings.push(crossing),
            None => by_name.push((&crossing.name, vec![crossing])),
        }
    }
    let (mut locals, mut outputs) = (Vec::new(), Vec::new());
    for (name, crossings) in by_name {
        let Some(first) = crossings.first() else { continue };
        tell_reserved(input, first, told);
        let value = match first.takes {
            As::Output | As::Patch => {
                let objects = crossings.iter().map(|crossing| crossing.value.clone()).collect();
                locals.push((Cow::Owned(name.to_owned()), Node::List(objects)));
                Node::text(format!("${{join(\"\\n\", [for object in local.{name} : jsonencode(object)])}}"))
            }
            As::Variable | As::File => first.value.clone(),
        };
        let sensitive = crossings.iter().any(|crossing| crossing.secret).then_some(("sensitive", Node::Bool(true)));
        let output = Node::map(sensitive.into_iter().chain([("value", value)]));
        outputs.push((Cow::Owned(name.to_owned()), output));
    }
    (locals, outputs)
}

fn tell_reserved(input: &Input<'_, '_>, crossing: &Crossing<'_>, told: &mut Vec<Diagnostic>) {
    let own = input.index.graph.outputs.iter().find(|output| output.name.text() == crossing.name);
    let Some(output) = own else { return };
    let to = input.artefacts.get(crossing.to).map_or("", |artefact| artefact.name.as_str());
    let message = format!("the output `{}` has the name of what is handed over to `{to}`", crossing.name);
    told.push(Diagnostic::error("reserved_output", output.place, message).help("give the output another name"));
}
