//! Fields: those that are missing first, with the form in which each is written.

use super::{Candidate, Class, escaped};
use crate::context::{Body, Owner, Trail};
use crate::key::Key;
use crate::own::Own;
use crate::shape::{Form, Shape, Shapes, Slot};

/// The fields of a record; those that are given already are taken.
pub(crate) fn fields(shapes: &Shapes<'_>, trail: &Trail, given: &[String], adjusts: bool) -> Vec<Candidate> {
    shapes
        .slots(&trail.shape)
        .into_iter()
        .filter(|slot| !slot.decided)
        .map(|slot| candidate(shapes, trail, slot, given, adjusts))
        .collect()
}

/// The fields of a record in a record: `backup.…`.
pub(super) fn below(shapes: &Shapes<'_>, body: &Body, before: &[String]) -> Vec<Candidate> {
    let (Body::Fields(trail) | Body::Adjust(trail)) = body else { return Vec::new() };
    let mut found = trail.clone();
    for step in before {
        if step.starts_with('[') {
            found.shape = shapes.element(&found.shape);
            continue;
        }
        let record = shapes.record_in(&found.shape);
        found.shape = shapes.slot(&record, step).map_or(Shape::Unknown, |slot| slot.shape);
        found.path.push(step.clone());
    }
    found.shape = shapes.record_in(&found.shape);
    // What other members set says nothing of this path: each may set another part of the record.
    fields(shapes, &found, &[], matches!(body, Body::Adjust(_)))
}

fn candidate(shapes: &Shapes<'_>, trail: &Trail, slot: Slot, given: &[String], adjusts: bool) -> Candidate {
    let form = shapes.form(&slot.shape);
    let entries = matches!(form, Form::Map | Form::Records);
    let is_given = |given: &String| {
        let name = given.trim_end_matches([' ', '{']);
        // Entries and blocks may be said again: `port http = …`, `filter { … }`.
        let again = entries && (given.ends_with(' ') || given.ends_with('{'));
        name == slot.name && !again
    };
    let rank = match (slot.required && !adjusts, slot.from.is_some(), slot.deprecated) {
        (_, _, true) => 60,
        (true, _, _) => 10,
        (false, false, _) => 20,
        (false, true, _) => 30,
    };
    let mut path = trail.path.clone();
    path.push(slot.name.clone());
    let shown = if is_word(&slot.name) { slot.name.clone() } else { crate::shape::quoted(&slot.name) };
    let mut found = Candidate::new(&shown, Class::Field, rank).detail(&detail(&slot)).insert(format!(
        "{}{}",
        escaped(&shown),
        written(shapes, &slot, &form)
    ));
    found.key = Some(match &trail.owner {
        Owner::Nobody => Key::Described(crate::page::declared_as(&slot), slot.docs.clone()),
        owner => Key::Field(owner.clone(), path),
    });
    found.taken = given.iter().any(is_given);
    found.deprecated = slot.deprecated;
    found.preselect = slot.required && !adjusts;
    found
}

pub(crate) fn is_word(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !name.starts_with(|first: char| first.is_ascii_digit())
}

fn detail(slot: &Slot) -> String {
    let default = slot.default.as_ref().map_or_else(String::new, |default| format!(" = {default}"));
    let required = if slot.required { ", required" } else { "" };
    format!("{}{default}{required}", slot.ty)
}

/// What follows a field's name, with a tab stop for its value.
pub(super) fn written(shapes: &Shapes<'_>, slot: &Slot, form: &Form) -> String {
    match form {
        Form::Record | Form::Records => " {\n\t$0\n}".to_owned(),
        _ => format!(" = {}", value(shapes, slot, form, 1)),
    }
}

/// A value to be filled in.
pub(super) fn value(shapes: &Shapes<'_>, slot: &Slot, form: &Form, stop: usize) -> String {
    // Which environment it is like is asked for where it stands: not itself.
    let choices = match slot.shape {
        Shape::Own(Own::EnvironmentName) => Vec::new(),
        _ => shapes.choices(&slot.shape),
    };
    let plain = choices.iter().all(|choice| !choice.text.contains([',', '|', '$', '}', '\\']));
    if !choices.is_empty() && plain && choices.iter().all(|choice| choice.snippet == choice.text) {
        let texts: Vec<&str> = choices.iter().map(|choice| choice.text.as_str()).collect();
        return format!("${{{stop}|{}|}}", texts.join(","));
    }
    match form {
        Form::Text => format!("\"${stop}\""),
        Form::List => format!("[${stop}]"),
        Form::Map | Form::Record => format!("{{ ${stop} }}"),
        Form::Records => format!("[{{ ${stop} }}]"),
        _ => format!("${stop}"),
    }
}

/// The outputs of a kind, which its implementations give.
pub(super) fn outputs(shapes: &Shapes<'_>, kind: &str) -> Vec<Candidate> {
    let Some(described) = shapes.described(kind) else { return Vec::new() };
    let found = described.outputs.iter().map(|output| {
        Candidate::new(&output.name, Class::Field, 10)
            .detail(&output.ty)
            .insert(format!("{} = $1", output.name))
            .key(Key::Output(kind.to_owned(), output.name.clone()))
    });
    found.collect()
}

/// The inputs of a kind that are instances.
pub(super) fn needs(shapes: &Shapes<'_>, kind: &str) -> Vec<Candidate> {
    let inputs = shapes.slots(&Shape::Inputs(kind.to_owned()));
    let instances = inputs.into_iter().filter(|slot| matches!(shapes.form(&slot.shape), Form::Instance(_)));
    let owner = Owner::Kind(kind.to_owned());
    instances
        .map(|slot| {
            let key = Key::Field(owner.clone(), vec![slot.name.clone()]);
            Candidate::new(&slot.name, Class::Field, 10).detail(&slot.ty).key(key)
        })
        .collect()
}
