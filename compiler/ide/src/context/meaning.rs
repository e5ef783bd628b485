//! What names around a place mean, as far as the program and the text itself tell without types: parameters of what is called, what an
//! address leads to, the type of an input.

use schema::Role;

use super::groups::Piece;
use super::{Body, Callee, Owner, Reader, Trail, Words};
use crate::calls;
use crate::names;
use crate::own::Own;
use crate::shape::Shape;

impl Reader<'_> {
    /// What is expected of an argument, by its name or its place.
    pub(super) fn parameter(&self, callee: &Callee, name: Option<&str>, at: usize) -> Trail {
        match callee {
            Callee::Annotation(annotation) => match (annotation.as_str(), name) {
                ("protect", None) => Trail::of_type("bool"),
                ("allow", None) => Trail { shape: Shape::Own(Own::Warning), ..Trail::nowhere() },
                ("allow", Some("because")) => Trail::of_type("string"),
                ("allow", Some("until")) => Trail::of_type("date"),
                ("replace", Some("first")) => Trail { shape: Shape::Own(Own::First), ..Trail::nowhere() },
                ("role", None) => Trail { shape: Shape::Own(Own::Role), ..Trail::nowhere() },
                _ => Trail::nowhere(),
            },
            Callee::Method(_) => self.parameter_of(callee, name, at),
            Callee::Word { name: called, wanted, .. } => {
                if let Some(case) = self.shapes.case_parameter(&wanted.shape, called, at) {
                    return Trail { shape: case, ..Trail::nowhere() };
                }
                let record = self.inputs_of(called, wanted);
                match (record, name) {
                    (Some(record), Some(name)) => self.at(&record, &[name.to_owned()]),
                    (Some(_), None) => Trail::nowhere(),
                    (None, _) => self.parameter_of(callee, name, at),
                }
            }
        }
    }

    /// What is given by name to a platform, or to a place where state is kept.
    pub(super) fn inputs_of(&self, called: &str, wanted: &Trail) -> Option<Trail> {
        inputs_of(&self.shapes, called, wanted)
    }

    fn parameter_of(&self, callee: &Callee, name: Option<&str>, at: usize) -> Trail {
        let called = calls::called(&self.shapes, callee);
        let found = called.iter().find_map(|called| match name {
            Some(name) => called.parameters.iter().find(|parameter| parameter.name == name),
            None => called.parameters.get(at),
        });
        found.map_or_else(Trail::nowhere, |parameter| Trail::of_type(&parameter.ty))
    }

    pub(super) fn is_function(&self, name: &str) -> bool {
        let plain = name.strip_prefix("std.").unwrap_or(name);
        names::find(self.shapes.program.input(), self.shapes.path, "fn", plain).is_some()
            && (name.starts_with("std.") || plain.contains('.'))
    }

    /// The children that the implementation around a body makes, as the text says them.
    pub(super) fn children_here(&self, body: &Body) -> Vec<String> {
        if !matches!(body, Body::Implement { .. }) {
            return Vec::new();
        }
        let bodies =
            self.groups.all.iter().filter(|group| group.opener == "{" && group.parent.is_some_and(|(of, _)| of == 0));
        let named = bodies.flat_map(|group| &group.members).filter_map(|member| {
            let words = Words::new(self, &member.pieces);
            let (path, length, dotted) = words.path();
            let is_statement = path.first().is_some_and(|first| names::STATEMENTS.contains(&first.as_str()));
            (!dotted && !is_statement).then(|| words.word(length).map(str::to_owned)).flatten()
        });
        named.collect()
    }

    /// What stands at an address: the fields of the last instance on its way.
    pub(super) fn addressed(&self, path: &[String]) -> Trail {
        let steps: Vec<&str> = path.iter().map(String::as_str).filter(|step| !step.starts_with('[')).collect();
        match kind_at(&self.shapes, &steps) {
            Some(kind) => self.instance(&kind, false),
            None => Trail::nowhere(),
        }
    }

    /// The arguments of a provider.
    pub(super) fn provider(&self, name: &str) -> Trail {
        let input = self.shapes.program.input();
        let found = input.schemas.iter().enumerate().find_map(|(at, named)| {
            let prefix = named.prefix.text();
            let whole = format!("{}.{prefix}", named.target.text());
            let kind = named.schema.kind(prefix, Role::Provider).filter(|_| whole == name)?;
            Some(Shape::Row { schema: at, row: kind.row() })
        });
        let owner = Owner::Native(name.to_owned(), false);
        found.map_or_else(Trail::nowhere, |shape| Trail { owner, path: Vec::new(), shape })
    }

    /// The type of a bare name where the head around it says it: a parameter, or an input of what is implemented.
    pub(super) fn type_of_name(&self, name: &str, offset: usize) -> Shape {
        let Some(root) = self.groups.group(0) else { return Shape::Unknown };
        let around = root.members.iter().rfind(|member| member.start <= offset);
        let Some(around) = around else { return Shape::Unknown };
        let words = Words::new(self, &around.pieces);
        let words = if words.word(0) == Some("private") { words.from(1) } else { words };
        match (words.word(0), words.word(1)) {
            (Some("implement"), Some(_)) => {
                let kind = words.from(1).path().0.join(".");
                let shape = Shape::Inputs(kind);
                self.shapes.slot(&shape, name).map_or(Shape::Unknown, |slot| slot.shape)
            }
            (Some("fn"), _) => {
                let parameters = around.pieces.iter().find_map(|piece| match piece {
                    Piece::Group { id, .. } if self.opener(*id) == "(" => self.groups.group(*id),
                    _ => None,
                });
                let found = parameters.and_then(|group| {
                    group
                        .members
                        .iter()
                        .map(|member| Words::new(self, &member.pieces))
                        .find(|words| words.word(0) == Some(name))
                });
                found.map_or(Shape::Unknown, |words| {
                    let end = words.find_sign("=").unwrap_or(words.len());
                    Shape::Type(words.to(end).from(2).written().to_owned())
                })
            }
            (Some("kind" | "platform"), Some(of)) => {
                let shape = Shape::Inputs(of.to_owned());
                self.shapes.slot(&shape, name).map_or(Shape::Unknown, |slot| slot.shape)
            }
            _ => Shape::Unknown,
        }
    }
}

/// What is given by name to a platform, or to a place where state is kept.
pub(crate) fn inputs_of(shapes: &crate::shape::Shapes<'_>, called: &str, wanted: &Trail) -> Option<Trail> {
    if wanted.shape == Shape::Own(Own::State) {
        let backend = check::backends().find(|backend| backend.0 == called)?;
        return Some(Trail::own(Own::Backend(backend.0)));
    }
    names::find(shapes.program.input(), shapes.path, "platform", called)?;
    let shape = Shape::Inputs(called.to_owned());
    Some(Trail { owner: Owner::Kind(called.to_owned()), path: Vec::new(), shape })
}

/// The kind of what stands at an address, keys left out.
pub(crate) fn kind_at(shapes: &crate::shape::Shapes<'_>, steps: &[&str]) -> Option<String> {
    let input = shapes.program.input();
    let (first, rest) = steps.split_first()?;
    let instances = names::instances(input, shapes.path);
    let whole = |(named, _): &&(names::Named<'_>, String)| named.name.rsplit('.').next() == Some(*first);
    let mut kind = match instances.iter().find(whole) {
        Some((_, kind)) => kind.clone(),
        // What a platform makes stands at the platform's name.
        None => names::find(input, shapes.path, "platform", first)?.name,
    };
    let mut once: Option<&str> = None;
    for step in rest {
        let children = names::children(input, &kind);
        let child = children.iter().find(|child| child.name == *step && child.once.as_deref() == once)?;
        if child.kind.is_empty() {
            once = Some(step);
        } else {
            once = None;
            kind = child.kind.clone();
        }
    }
    once.is_none().then_some(kind)
}
