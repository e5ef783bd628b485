//! The parameters of what is called around the cursor.

use std::ops::Range;

use crate::Asked;
use crate::calls::{Called, called};
use crate::context::{Call, spot};
use crate::shape::Shapes;

/// What is called, and where the cursor is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// `subnet(bits: int, index: int) -> cidr`
    pub label: String,
    pub parameters: Vec<Parameter>,
    /// The number of the parameter under the cursor.
    pub active: Option<u32>,
    pub docs: String,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Where it stands in the label, in bytes.
    pub range: Range<u32>,
    pub docs: String,
}

/// The parameters of the innermost call around an offset; none outside of calls.
pub fn signature(asked: &Asked<'_>, offset: u32) -> Option<Signature> {
    let shapes = Shapes { program: asked.program, path: asked.path };
    let call = spot(asked, offset).call?;
    let all = called(&shapes, &call.callee);
    // Of several the most general that takes so many arguments: it is the last.
    let chosen = all.iter().rfind(|called| call.at < called.parameters.len()).or_else(|| all.last())?;
    Some(shown(chosen, &call))
}

fn shown(called: &Called, call: &Call) -> Signature {
    let label = called.label();
    let mut from = called.name.len() + 1;
    let mut parameters = Vec::new();
    for parameter in &called.parameters {
        let length = parameter.label().len();
        parameters.push(Parameter { range: from as u32..(from + length) as u32, docs: parameter.docs.clone() });
        from += length + 2;
    }
    let by_name =
        call.named.as_ref().map(|name| called.parameters.iter().position(|parameter| parameter.name == *name));
    let active = match by_name {
        Some(found) => found,
        None if called.by_name => None,
        // `x, …` takes any number.
        None => (call.at < called.parameters.len())
            .then_some(call.at)
            .or_else(|| called.parameters.last().filter(|last| last.name == "…").map(|_| called.parameters.len() - 1)),
    };
    Signature { label, parameters, active: active.map(|at| at as u32), docs: called.docs.clone() }
}
