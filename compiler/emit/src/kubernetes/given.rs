//! What infrac itself hands over, where no tool of the program takes what is given from outside: objects that hold secret params.
//! They are completed when somebody asks for them, printed for `kubectl`, and stand in no file.

use std::borrow::Cow;
use std::cell::RefCell;

use graph::Complete;
use rustc_hash::FxHashMap;
use source::{Diagnostic, Name};
use value::{Fault, Op, Store, Value, ValueId};

use crate::Settings;
use crate::body::open_references;
use crate::crossing::{As, Form, Refusal, Spells};
use crate::index::Index;
use crate::kubernetes::cluster::{Cluster, cluster_of};
use crate::kubernetes::{hand_over, rank};
use crate::target::Input;
use crate::writer::{Node, write_yaml};

/// What has to be known before the objects of a cluster can be completed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Needed {
    /// Secret params, by name.
    pub inputs: Vec<Name>,
    /// Whether a fingerprint needs the environment's key.
    pub key: bool,
}

/// What is given from outside.
#[derive(Clone, Default)]
pub struct Given {
    pub inputs: Vec<(Name, String)>,
    /// The key of fingerprints.
    pub key: Option<String>,
}

/// The objects of a cluster that wait for nothing but what is given from outside, and how each is handed over.
pub fn asked(input: &Input<'_, '_>, artefact: usize) -> FxHashMap<usize, As> {
    if input.artefacts.iter().any(|artefact| artefact.target.takes_inputs()) {
        return FxHashMap::default();
    }
    let index = input.index;
    let all = input.members(artefact).filter_map(|(at, resource)| {
        // Its mistakes were told when crossings were placed.
        let takes = hand_over::share(index, at, resource, &mut Vec::new())?;
        let is_taken = input.given_to(artefact).any(|crossing| crossing.member == Some(at));
        (!is_taken).then_some((at, takes))
    });
    all.collect()
}

/// What the objects of a cluster need that are asked for; none where there are none.
pub fn needed(input: &Input<'_, '_>, artefact: usize) -> Option<Needed> {
    let store = input.index.store;
    let bodies: Vec<ValueId> = asked(input, artefact).into_keys().map(|at| input.index.body(at)).collect();
    let mut inputs: Vec<Name> = bodies
        .iter()
        .flat_map(|body| open_references(store, *body))
        .filter_map(|open| store.input_name(open.of))
        .collect();
    inputs.sort_by_key(|name| name.text());
    inputs.dedup();
    let key = bodies.iter().any(|body| store.holds(*body).keyed());
    (!bodies.is_empty()).then_some(Needed { inputs, key })
}

/// Those clusters of the graph that infrac hands something over to, each with what that needs.
pub fn handed_by_infrac(graph: &Complete, settings: &Settings) -> Vec<(Cluster, Needed)> {
    let mut told = Vec::new();
    crate::with_input(graph, settings, &mut told, |input, _| {
        let each = input.artefacts.iter().enumerate();
        each.filter_map(|(at, artefact)| Some((cluster_of(graph, &artefact.name)?, needed(input, at)?))).collect()
    })
}

/// The objects of a cluster as YAML, with what was given.
///
/// # Errors
///
/// What cannot be computed from what was given, at its place.
pub fn complete(
    graph: &Complete,
    settings: &Settings,
    cluster: &Cluster,
    given: &Given,
) -> Result<String, Vec<Diagnostic>> {
    let mut told = Vec::new();
    let text = crate::with_input(graph, settings, &mut told, |input, told| {
        let artefact = input.artefacts.iter().position(|artefact| artefact.name == cluster.folder).unwrap_or_default();
        let completed = Completed { given, store: RefCell::new(input.index.store.clone()) };
        let mut objects: Vec<(usize, String, Node<'_>)> = Vec::new();
        for (at, takes) in asked(input, artefact) {
            let Some(resource) = graph.resources.get(at) else { continue };
            let object = hand_over::object(input.index, at, resource, &completed, takes, told);
            objects.push((rank(&resource.kind.kind_name), input.index.address(resource.address), object));
        }
        objects.sort_by(|left, right| (left.0, &left.1).cmp(&(right.0, &right.1)));
        let objects: Vec<Node<'_>> = objects.into_iter().map(|object| object.2).collect();
        write_yaml(String::new(), &objects, false).text
    });
    if told.is_empty() { Ok(text) } else { Err(told) }
}

/// Later values with what was given put in.
struct Completed<'g> {
    given: &'g Given,
    /// The values of the graph, and those that are made of what was given.
    store: RefCell<Store>,
}

impl Completed<'_> {
    fn value(&self, id: ValueId) -> Result<String, Fault> {
        let key = self.given.key.as_deref().map(str::as_bytes);
        let mut store = self.store.borrow_mut();
        let known = store.replace(id, key, &mut |store, reference| {
            let Value::Ref { of, .. } = store.get(reference) else { return None };
            let name = store.input_name(*of)?;
            let (_, text) = self.given.inputs.iter().find(|(given, _)| *given == name)?;
            Some(store.text(text.as_str()))
        })?;
        store.text_of(known)
    }
}

impl Spells for Completed<'_> {
    fn spells(&self, _: Op) -> bool {
        true
    }
    fn literal<'t>(&self, text: &'t str) -> Cow<'t, str> {
        Cow::Borrowed(text)
    }
    fn encoded(&self, literal: &str) -> String {
        value::ops::base64_text(literal)
    }
    fn later(&self, _: &Index<'_>, id: ValueId, form: Form) -> Result<String, Refusal> {
        // The fault itself may show what was given.
        let text = self.value(id).map_err(|fault| Refusal {
            code: fault.code,
            message: "this cannot be made of what was given".to_owned(),
            help: "look at how the secret is used here, and at its form".to_owned(),
        })?;
        Ok(match form {
            Form::Base64 => value::ops::base64_text(&text),
            Form::Text | Form::Value => text,
        })
    }
}
