//! Calls of built-ins: which of one name fits the arguments, and what becomes of a later one.

use rustc_hash::FxHashMap;
use source::Place;

use crate::builtins::{BuiltIn, Later};
use crate::calls::Argument;
use crate::checker::{Checker, Cx};
use crate::code::{Code, CodeKind, Scalar};
use crate::types::{FieldTy, RecordTy, Shape, Stage, Ty};

impl Checker<'_> {
    pub(crate) fn receives(&mut self, builtin: &'static BuiltIn, ty: &Ty) -> bool {
        let signature = self.signature(builtin.signature);
        signature.parameters.first().is_some_and(|parameter| {
            let mut variables = FxHashMap::default();
            unify(&parameter.ty, ty, &mut variables)
        })
    }

    #[expect(
        clippy::too_many_lines,
        reason = "one body read member by member; it falls apart when `check` answers declaration by declaration"
    )]
    pub(crate) fn built_in(
        &mut self,
        cx: &mut Cx,
        candidates: &[&'static BuiltIn],
        receiver: Option<(Code, Ty)>,
        args: &[Argument],
        place: Place,
    ) -> (Code, Ty) {
        let Some(first) = candidates.first().copied() else {
            let told = self.error(
                "internal",
                place,
                "a built-in got lost; this is a bug in infrac",
                "please send the program",
            );
            return self.unknown(place, told);
        };
        let mut inferred: Option<(Code, Ty)> = None;
        let mut chosen = first;
        if candidates.len() > 1 && receiver.is_none() {
            // Which one is meant is told by the first argument.
            if let Some(arg) = args.first() {
                let (code, ty) = self.infer(cx, arg.node, None);
                chosen = candidates.iter().copied().find(|builtin| self.receives(builtin, &ty)).unwrap_or(first);
                inferred = Some((code, ty));
            }
        }
        let signature = self.signature(chosen.signature);
        let mut variables: FxHashMap<char, Ty> = FxHashMap::default();
        let mut codes: Vec<Option<Code>> = vec![None; signature.parameters.len()];
        let mut deep = Stage::Known;
        let mut own = Stage::Known;
        let mut unknown = None;
        let mut position = 0;
        if let Some((code, ty)) = receiver {
            if let Some(parameter) = signature.parameters.first() {
                unify(&parameter.ty, &ty, &mut variables);
            }
            deep = deep.max(ty.deep_stage());
            own = own.max(ty.stage);
            if let Some(slot) = codes.first_mut() {
                *slot = Some(code);
            }
            position = 1;
        }
        for arg in args {
            let at = cx.place(self, arg.node);
            let index = match arg.label {
                Some(label) => match signature.parameters.iter().position(|parameter| parameter.name == label) {
                    Some(index) => index,
                    None => {
                        self.error(
                            "wrong_arguments",
                            at,
                            format!("`{}` has no parameter `{label}`", chosen.name),
                            format!("it is `{}{}`", chosen.name, chosen.signature),
                        );
                        continue;
                    }
                },
                None => {
                    position += 1;
                    position - 1
                }
            };
            let Some(parameter) = signature.parameters.get(index) else {
                self.error(
                    "wrong_arguments",
                    at,
                    format!(
                        "`{}` takes {}",
                        chosen.name,
                        crate::expressions::count(signature.parameters.len(), "argument")
                    ),
                    format!("it is `{}{}`", chosen.name, chosen.signature),
                );
                continue;
            };
            let wanted = substitute(&parameter.ty, &variables);
            let (code, ty) = match (index, inferred.take()) {
                (0, Some(inferred)) => inferred,
                // `ip(x)`, `first(list)`: what is expected of the result says nothing about the argument.
                (_, _) => self.infer(cx, arg.node, Some(&wanted)),
            };
            if let Shape::Unknown(told) = *ty.shape {
                unknown = Some(told);
            }
            if !unify(&parameter.ty, &ty, &mut variables) || !crate::expressions::has_variables(&parameter.ty) {
                let target = parameter.ty.staged_like(&ty);
                let code = self.fit(code, &ty, &target, at, cx);
                if let CodeKind::Unknown(told) = *code.kind {
                    unknown = Some(told);
                }
                if let Some(slot) = codes.get_mut(index) {
                    *slot = Some(code);
                }
            } else if let Some(slot) = codes.get_mut(index) {
                *slot = Some(code);
            }
            deep = deep.max(ty.deep_stage());
            own = own.max(ty.stage);
        }
        let mut complete = Vec::new();
        for (index, code) in codes.into_iter().enumerate() {
            let Some(parameter) = signature.parameters.get(index) else { continue };
            match (code, &parameter.default) {
                (Some(code), _) => complete.push(code),
                (None, Some(default)) => complete.push(default_code(default, place)),
                (None, None) if parameter.ty.optional => {
                    complete.push(Code::new(place, CodeKind::Const(value::Value::Absent)))
                }
                (None, None) => {
                    let told = self.error(
                        "wrong_arguments",
                        place,
                        format!("`{}` needs `{}`", chosen.name, parameter.name),
                        format!("it is `{}{}`", chosen.name, chosen.signature),
                    );
                    return self.unknown(place, told);
                }
            }
        }
        if let Some(told) = unknown {
            return self.unknown(place, told);
        }
        let mut result = substitute(&signature.result, &variables);
        match chosen.later {
            Later::Refused if deep != Stage::Known => {
                let told = if deep == Stage::Secret {
                    self.error(
                        "secret_exposed",
                        place,
                        format!("`{}` cannot look into a secret", chosen.name),
                        "pass the secret on as it is; `fingerprint(x)` is what may be shown of one",
                    )
                } else {
                    self.error(
                        "known_later",
                        place,
                        format!("`{}` needs a value that is known; this is known only after apply", chosen.name),
                        "compute with what the program says itself",
                    )
                };
                return self.unknown(place, told);
            }
            Later::Refused => {}
            Later::Shape => {
                if own != Stage::Known {
                    let told = self.error(
                        "known_later",
                        place,
                        format!("`{}` needs a collection whose size is known", chosen.name),
                        "use a collection that the program says itself",
                    );
                    return self.unknown(place, told);
                }
                // A text made of the elements is as late as they are; how many there are is not.
                if matches!(*result.shape, Shape::Scalar(scalar) if scalar.is_text()) {
                    result = result.at(deep);
                }
            }
            Later::Op(value::Op::Fingerprint) => {
                if deep != Stage::Known {
                    result = result.at(Stage::Later);
                }
            }
            Later::Op(_) | Later::Parts => result = result.at(deep),
        }
        (Code::new(place, CodeKind::BuiltIn { builtin: chosen, args: complete }), result)
    }
}

/// A literal record used through a method of maps is a map.
pub(crate) fn as_map(code: Code, ty: Ty, candidates: &[&'static BuiltIn]) -> (Code, Ty) {
    let Shape::Record(record) = &*ty.shape else { return (code, ty) };
    if !candidates.iter().any(|builtin| builtin.signature.starts_with("(self: {K")) {
        return (code, ty);
    }
    let value = record.fields.first().map_or_else(Ty::string, |field| field.ty.clone());
    let place = code.place;
    (
        Code::new(place, CodeKind::Convert { how: crate::code::Conversion::RecordToMap, code }),
        Ty::map(Ty::string(), value),
    )
}

pub(crate) fn default_code(text: &str, place: Place) -> Code {
    let value = match text {
        "true" => value::Value::Bool(true),
        "false" => value::Value::Bool(false),
        "none" => value::Value::Absent,
        _ => match text.parse::<i64>() {
            Ok(number) => value::Value::Int(number),
            Err(_) => value::Value::Text(text.trim_matches('"').into()),
        },
    };
    Code::new(place, CodeKind::Const(value))
}

pub(crate) fn is_method(builtin: &BuiltIn) -> bool {
    builtin.signature.starts_with("(self:")
}

/// Binds the variables of a pattern to what was found; false when the shapes differ.
pub(crate) fn unify(pattern: &Ty, found: &Ty, variables: &mut FxHashMap<char, Ty>) -> bool {
    match (&*pattern.shape, &*found.shape) {
        (Shape::Variable(letter), _) => {
            let bound = if pattern.optional { found.clone().present() } else { found.clone() };
            // What is unknown is silent, and anything known says more.
            if variables.get(letter).is_none_or(Ty::is_unknown) {
                variables.insert(*letter, bound);
            }
            true
        }
        // The parts of what is unknown are unknown.
        (Shape::List(of) | Shape::Range(of), Shape::Unknown(_)) => unify(of, found, variables),
        (Shape::Map { key: one, value: two } | Shape::By(one, two), Shape::Unknown(_)) => {
            unify(one, found, variables) & unify(two, found, variables)
        }
        (_, Shape::Unknown(_)) => true,
        (Shape::List(pattern), Shape::List(found)) | (Shape::Range(pattern), Shape::Range(found)) => {
            unify(pattern, found, variables)
        }
        (Shape::List(pattern), Shape::Record(_)) => {
            let _ = pattern;
            false
        }
        (Shape::Map { key, value }, Shape::Map { key: found_key, value: found_value }) => {
            unify(key, found_key, variables) & unify(value, found_value, variables)
        }
        (Shape::Map { key, value }, Shape::Record(record)) => {
            unify(key, &Ty::string(), variables) & record.fields.iter().all(|field| unify(value, &field.ty, variables))
        }
        (Shape::By(key, value), Shape::By(found_key, found_value)) => {
            unify(key, found_key, variables) & unify(value, found_value, variables)
        }
        (Shape::Union(parts), _) => parts.iter().any(|part| unify(part, found, variables)),
        (Shape::Json, _) => true,
        (Shape::Scalar(wanted), _) => match found.as_scalar() {
            Some(scalar) => {
                scalar == *wanted
                    || (*wanted == Scalar::String && scalar.is_text())
                    || (*wanted == Scalar::Decimal && scalar == Scalar::Int)
            }
            None => false,
        },
        (Shape::Endpoint, Shape::Endpoint) | (Shape::Flow, Shape::Flow) => true,
        (Shape::Ends, Shape::Ends | Shape::Instance { .. } | Shape::Endpoint) => true,
        (Shape::Record(_), Shape::Record(_)) => true,
        _ => false,
    }
}

/// The type with its variables replaced.
pub(crate) fn substitute(ty: &Ty, variables: &FxHashMap<char, Ty>) -> Ty {
    let shape = match &*ty.shape {
        Shape::Variable(letter) => {
            return match variables.get(letter) {
                Some(found) => Ty {
                    optional: ty.optional || found.optional,
                    stage: ty.stage.max(found.stage),
                    shape: found.shape.clone(),
                    sealed: false,
                },
                None => ty.clone(),
            };
        }
        Shape::List(of) => Shape::List(substitute(of, variables)),
        Shape::Range(of) => Shape::Range(substitute(of, variables)),
        Shape::Map { key, value } => {
            Shape::Map { key: substitute(key, variables), value: substitute(value, variables) }
        }
        Shape::By(key, value) => Shape::By(substitute(key, variables), substitute(value, variables)),
        Shape::Union(parts) => Shape::Union(parts.iter().map(|part| substitute(part, variables)).collect()),
        Shape::Record(record) => Shape::Record(std::rc::Rc::new(RecordTy {
            fields: record
                .fields
                .iter()
                .map(|field| FieldTy { ty: substitute(&field.ty, variables), ..field.clone() })
                .collect(),
        })),
        _ => return ty.clone(),
    };
    Ty { shape: std::rc::Rc::new(shape), ..ty.clone() }
}
