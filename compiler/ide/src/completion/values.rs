//! Values: those that a type has, its default, functions, and what goes on with a value. Names of values are not among them: what type
//! each has is not known here, and a list of all would be noise.

use check::builtins::{self, BuiltIn};
use check::language;
use value::scalars::{DURATION_UNITS, SIZE_UNITS};

use super::{Candidate, Class, escaped, kinds, statements};
use crate::calls;
use crate::context::{Callee, Spot, Trail, inputs_of};
use crate::key::Key;
use crate::names;
use crate::shape::{Form, Shape, Shapes};

/// What may begin a value.
pub(super) fn start(shapes: &Shapes<'_>, trail: &Trail, spot: &Spot) -> Vec<Candidate> {
    if let Some(units) = units(shapes, trail, spot) {
        return units;
    }
    let mut found = of_type(shapes, trail);
    found.extend(default(shapes, trail));
    if statements::is_in_quotes(spot) {
        found.retain(|candidate| candidate.label.starts_with('"'));
        return found;
    }
    if shapes.is_optional(&trail.shape) {
        found.push(Candidate::new("none", Class::Keyword, 25).detail("absent"));
    }
    // Of a closed list nothing else is likely, and all is possible.
    let closed = matches!(&trail.shape, Shape::Own(_)) && !found.is_empty();
    if closed {
        return found;
    }
    found.extend(functions(shapes));
    for (word, snippet, rank) in [
        ("if", "if $1 then $2 else $3", 35),
        ("match", "match $1 {\n\t$0\n}", 38),
        ("not", "not $0", 60),
        ("self", "self", 60),
        ("environment", "environment", 60),
    ] {
        found.push(statements::keyword(word, rank).insert(snippet.to_owned()));
    }
    if shapes.choices(&trail.shape).is_empty() && trail.shape == Shape::Unknown {
        found.extend(
            kinds::own_values(shapes, &crate::own::Own::Platform)
                .into_iter()
                .map(|platform| Candidate { rank: 55, ..platform }),
        );
        for word in ["true", "false", "none"] {
            found.push(Candidate::new(word, Class::Keyword, 65));
        }
    }
    found
}

/// The values of a type that has a closed list of them.
pub(super) fn of_type(shapes: &Shapes<'_>, trail: &Trail) -> Vec<Candidate> {
    if let Shape::Own(of) = &trail.shape {
        return kinds::own_values(shapes, of);
    }
    let is_platform = matches!(&trail.shape, Shape::Type(text) if text.trim_end_matches('?').trim() == "platform");
    if is_platform {
        return kinds::own_values(shapes, &crate::own::Own::Platform);
    }
    shapes
        .choices(&trail.shape)
        .into_iter()
        .enumerate()
        .map(|(at, choice)| {
            // In the order of their declaration.
            Candidate::new(&choice.text, Class::Value, 5 + at.min(6) as u8)
                .insert(choice.snippet)
                .detail(&choice.docs)
                .key(Key::Value(choice.text.clone(), choice.docs))
        })
        .collect()
}

/// The default of the field, as it is documented.
fn default(shapes: &Shapes<'_>, trail: &Trail) -> Option<Candidate> {
    let (last, before) = trail.path.split_last()?;
    let mut shape = match &trail.owner {
        crate::context::Owner::Kind(name) => Shape::Inputs(name.clone()),
        _ => return None,
    };
    for step in before {
        let record = shapes.record_in(&shape);
        shape = shapes.slot(&record, step)?.shape;
    }
    let text = shapes.slot(&shapes.record_in(&shape), last)?.default?;
    let is_short = text.len() <= 40 && !text.contains('\n');
    let mut found = Candidate::new(&text, Class::Value, 4).detail("the default").insert(escaped(&text));
    found.preselect = true;
    is_short.then_some(found)
}

/// `30` of a duration: with each of its units.
fn units(shapes: &Shapes<'_>, trail: &Trail, spot: &Spot) -> Option<Vec<Candidate>> {
    let digits = spot.text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    if !digits.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let form = match shapes.form(&trail.shape) {
        Form::Other(name) => name,
        _ => String::new(),
    };
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'_'));
    let sizes = SIZE_UNITS.iter().map(|(unit, _)| (*unit, "size"));
    let times = DURATION_UNITS.iter().map(|(unit, _)| (*unit, "duration"));
    let found = sizes.chain(times).filter(|(_, of)| form.is_empty() || form == *of).map(|(unit, of)| {
        // Who writes a size thinks of powers of two, who writes a time of seconds to days.
        let usual = matches!(unit, "MiB" | "GiB" | "TiB" | "s" | "min" | "h" | "d");
        Candidate::new(&format!("{digits}{unit}"), Class::Unit, if usual { 10 } else { 20 })
            .detail(of)
            .key(Key::Unit(unit.to_owned()))
    });
    Some(if is_plain { found.collect() } else { Vec::new() })
}

/// Everything that can be called and is no method.
fn functions(shapes: &Shapes<'_>) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    for named in names::declared(shapes.program.input(), shapes.path, "fn") {
        let Some(called) = calls::declared(&named) else { continue };
        let candidate = function(&named.name, &called, if named.library { 45 } else { 40 });
        found.push(candidate.key(Key::Function(named.name.clone())));
    }
    for of in language::FUNCTIONS.iter().filter(|function| function.name != "inputs") {
        let called = calls::from_signature(of.name, of.signature, of.docs);
        found.push(function(of.name, &called, 50).key(Key::BuiltIn(of.name.to_owned())));
    }
    for of in builtins::all().iter().filter(|of| !of.is_method()) {
        found.push(function(of.name, &calls::built_in(of), 50).key(Key::BuiltIn(of.name.to_owned())));
    }
    found
}

fn function(name: &str, called: &calls::Called, rank: u8) -> Candidate {
    let insert = if called.parameters.is_empty() { format!("{name}()") } else { format!("{name}($1)") };
    let label = called.label();
    let detail = label.strip_prefix(name).unwrap_or(&label);
    Candidate::new(name, Class::Function, rank).detail(detail).insert(insert)
}

/// What may stand behind a value.
pub(super) fn behind() -> Vec<Candidate> {
    let words = ["and", "or", "in", "is", "div", "mod", "then", "else", "with"];
    words.iter().map(|word| statements::keyword(word, 20)).collect()
}

/// Behind a dot: what a literal has, or what a folder holds.
pub(super) fn dotted(shapes: &Shapes<'_>, before: &[String], literal: Option<&'static str>) -> Vec<Candidate> {
    if let Some(literal) = literal {
        let methods = builtins::all().iter().filter(|of| of.is_method() && takes(of, literal));
        return methods.map(|of| method(of)).collect();
    }
    let input = shapes.program.input();
    if before.len() == 1 && before.first().is_some_and(|word| word == "std") {
        let functions = names::declared(input, shapes.path, "fn").into_iter().filter(|named| named.library);
        let functions = functions.filter_map(|named| {
            let called = calls::declared(&named)?;
            Some(function(&named.name, &called, 20).key(Key::Function(named.name.clone())))
        });
        let kinds = names::declared(input, shapes.path, "kind").into_iter().filter(|named| named.library);
        let kinds = kinds.map(|named| Candidate::new(&named.name, Class::Kind, 40).key(Key::Kind(named.name.clone())));
        return functions.chain(kinds).collect();
    }
    if before.is_empty() {
        return Vec::new();
    }
    let of_folder = names::of_folder(input, before).into_iter().map(|(word, name, _)| {
        Candidate::new(&name, kinds::class_of(&word), 10).detail(&word).key(Key::Member(before.join("."), name.clone()))
    });
    let below = names::folders(input).into_iter().filter_map(|folder| {
        let next = folder.strip_prefix(before)?.first()?.clone();
        Some(Candidate::new(&next, Class::Folder, 15).key(Key::Folder(format!("{}.{next}", before.join(".")))))
    });
    let mut found: Vec<Candidate> = of_folder.chain(below).collect();
    // `terraform.…` in `all(…)`
    found.extend(
        kinds::below(shapes, before, true, false).into_iter().map(|candidate| Candidate { fill: None, ..candidate }),
    );
    found
}

fn takes(of: &BuiltIn, literal: &str) -> bool {
    let receiver = of.signature.trim_start_matches("(self: ");
    receiver.strip_prefix(literal).is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_alphanumeric()))
}

fn method(of: &BuiltIn) -> Candidate {
    let called = calls::built_in(of);
    let insert = if called.parameters.is_empty() { of.name.to_owned() } else { format!("{}($1)", of.name) };
    let label = called.label();
    Candidate::new(of.name, Class::Method, 10)
        .detail(label.strip_prefix(of.name).unwrap_or(&label))
        .insert(insert)
        .key(Key::Method(of.name.to_owned()))
}

/// An argument: its name, or its value.
pub(super) fn argument(
    shapes: &Shapes<'_>,
    callee: &Callee,
    given: &[String],
    at: usize,
    spot: &Spot,
) -> Vec<Candidate> {
    let mut found = Vec::new();
    match callee {
        Callee::Word { name, .. } if name == "all" || name == "inputs" => {
            let all = kinds::below(shapes, &[], name == "all", false);
            return all.into_iter().map(|candidate| Candidate { fill: None, ..candidate }).collect();
        }
        Callee::Word { name, wanted, .. } => {
            if let Some(case) = shapes.case_parameter(&wanted.shape, name, at) {
                return start(shapes, &Trail { shape: case, ..Trail::nowhere() }, spot);
            }
            if let Some(inputs) = inputs_of(shapes, name, wanted) {
                for mut field in super::fields::fields(shapes, &inputs, given, false) {
                    let slot = shapes.slot(&inputs.shape, &field.label);
                    let value = slot.map(|slot| super::fields::value(shapes, &slot, &shapes.form(&slot.shape), 1));
                    field.insert = format!("{} = {}", field.label, value.unwrap_or_default());
                    field.class = Class::Argument;
                    found.push(field);
                }
                return found;
            }
        }
        Callee::Annotation(name) => return of_annotation(shapes, name, given, at),
        Callee::Method(_) => {}
    }
    let called = calls::called(shapes, callee);
    let position = called.iter().find_map(|called| called.parameters.get(at));
    let trail = position.map_or_else(Trail::nowhere, |parameter| Trail::of_type(&parameter.ty));
    found.extend(start(shapes, &trail, spot));
    // Those with a default are given by their names.
    let labelled = called.iter().flat_map(|called| &called.parameters).filter(|parameter| parameter.default.is_some());
    for parameter in labelled {
        let mut candidate = Candidate::new(&parameter.name, Class::Argument, 15)
            .detail(&parameter.label())
            .insert(format!("{} = $1", parameter.name));
        candidate.taken = given.contains(&parameter.name);
        found.push(candidate);
    }
    found
}

fn of_annotation(shapes: &Shapes<'_>, name: &str, given: &[String], at: usize) -> Vec<Candidate> {
    use crate::own::Own;
    let labelled = |label: &str, insert: &str| {
        let mut candidate = Candidate::new(label, Class::Argument, 10).insert(insert.to_owned());
        candidate.taken = given.iter().any(|given| given == label);
        candidate
    };
    match (name, at) {
        ("allow", 0) => kinds::own_values(shapes, &Own::Warning),
        ("allow", _) => vec![labelled("because", "because = \"$1\""), labelled("until", "until = $1")],
        ("replace", _) => vec![labelled("first", "first = \"create\"")],
        ("role", 0) => kinds::own_values(shapes, &Own::Role),
        ("protect", 0) => {
            let mut found = functions(shapes);
            found.extend([Candidate::new("true", Class::Value, 10), Candidate::new("false", Class::Value, 10)]);
            found
        }
        ("after" | "notify", _) => {
            let all = names::instances(shapes.program.input(), shapes.path).into_iter();
            all.map(|(named, kind)| {
                Candidate::new(&named.name, Class::Instance, 10).detail(&kind).key(Key::Instance(named.name.clone()))
            })
            .collect()
        }
        _ => Vec::new(),
    }
}
