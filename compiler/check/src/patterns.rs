//! The patterns of a `match`: what each may be, and what they cover together.

use std::cell::OnceCell;

use rustc_hash::FxHashSet;
use source::{Diagnostic, Name};
use syntax::{Kind as Node, NodeId};
use value::Value;

use crate::checker::{Checker, Cx, Narrowed};
use crate::code::{Pattern, Scalar};
use crate::declare::TypeName;
use crate::types::{Shape, Ty};

/// What is matched, with what all of its arms ask about it: a type may have many thousand members.
pub(crate) struct Subject<'a> {
    pub ty: &'a Ty,
    /// As it is written.
    pub text: String,
    scalar: Option<Scalar>,
    /// The literals that its type consists of.
    cases: FxHashSet<Value>,
    speaks_quoted: bool,
    words: OnceCell<Vec<String>>,
}

impl<'a> Subject<'a> {
    pub(crate) fn of(ty: &'a Ty, text: String) -> Self {
        let mut cases = FxHashSet::default();
        literal_values(ty, &mut cases);
        Self { ty, text, scalar: ty.as_scalar(), cases, speaks_quoted: speaks_quoted(ty), words: OnceCell::new() }
    }
    /// The literals as words.
    fn words(&self) -> Vec<&str> {
        self.words.get_or_init(|| literals(self.ty)).iter().map(String::as_str).collect()
    }
}

impl Checker<'_> {
    /// A pattern, and the name of the one thing that it covers.
    pub(crate) fn pattern(
        &mut self,
        cx: &mut Cx,
        node: NodeId,
        matched: &Subject<'_>,
    ) -> (Option<Pattern>, Option<String>) {
        let subject = matched.ty;
        let tree = cx.tree.clone();
        let place = cx.place(self, node);
        let Some(inner) = tree.children(node).next() else { return (None, None) };
        let text = tree.text(inner).to_owned();
        match tree.kind(inner) {
            Node::Ident if text == "_" => (Some(Pattern::Any), None),
            Node::Ident | Node::PatternCase => {
                let name = match tree.kind(inner) {
                    Node::PatternCase => tree.child(inner, Node::Name).map(|name| tree.name(name)).unwrap_or_default(),
                    _ => text.clone(),
                };
                match &*subject.shape {
                    Shape::Environment => {
                        let names: Vec<Name> =
                            self.loose.environments.iter().map(|environment| environment.0).collect();
                        let names: Vec<&str> = names.iter().map(|name| name.text()).collect();
                        if !names.contains(&name.as_str()) {
                            self.unknown_name(
                                "unknown_environment",
                                place,
                                &format!("there is no environment `{name}`"),
                                &name,
                                &names,
                                "there are",
                            );
                            return (None, Some(name));
                        }
                        (Some(Pattern::Environment(Name::new(&name))), Some(name))
                    }
                    Shape::Tagged(tagged) => {
                        let Some(case) = tagged.cases.iter().find(|case| case.0.text() == name) else {
                            let names: Vec<&str> = tagged.cases.iter().map(|case| case.0.text()).collect();
                            self.unknown_name(
                                "unknown_case",
                                place,
                                &format!("there is no case `{name}`"),
                                &name,
                                &names,
                                "the cases are",
                            );
                            return (None, Some(name));
                        };
                        let variables: Vec<NodeId> = tree.all(inner, Node::Name).skip(1).collect();
                        if tree.kind(inner) == Node::PatternCase && variables.len() != case.1.len() {
                            let message =
                                format!("`{name}` has {}, and {} named", parts(case.1.len()), are(variables.len()));
                            let help = format!("write `{}`, with `_` for what is not needed", arm_of(subject, &name));
                            self.error("pattern", place, message, help);
                        }
                        let mut slots = Vec::new();
                        for (at, (variable, ty)) in variables.iter().zip(&case.1).enumerate() {
                            let word = tree.name(*variable);
                            if word != "_" && variables.iter().take(at).any(|before| tree.name(*before) == word) {
                                let place = cx.place(self, *variable);
                                self.error(
                                    "shadowed",
                                    place,
                                    format!("`{word}` hides another `{word}`"),
                                    "give each part a name of its own, or write `_`",
                                );
                            }
                            slots.push(Some(cx.bind(Name::new(&word), ty.clone())));
                        }
                        (Some(Pattern::Case { tag: case.0, slots }), Some(name))
                    }
                    Shape::Unknown(_) => (None, None),
                    _ => {
                        self.error(
                            "pattern",
                            place,
                            format!("`{name}` is no pattern here: a pattern never binds a bare word"),
                            "match a literal in quotes, `KIND name`, `on PLATFORM` or `_`",
                        );
                        (None, None)
                    }
                }
            }
            Node::PatternKind => {
                let path = tree.child(inner, Node::Path).map(|path| tree.text(path).to_owned()).unwrap_or_default();
                match self.lookup_type_text(cx.at.scope, &path) {
                    Some(TypeName::Kind(kind)) => {
                        let ty = self.shape_of_instance(kind);
                        let slot = tree.child(inner, Node::Name).map(|name| cx.bind(Name::new(&tree.name(name)), ty));
                        cx.narrowed.push((matched.text.clone(), Narrowed::Kind(kind)));
                        let kinds = self.subkinds(kind);
                        (Some(Pattern::Kind { kinds, slot }), None)
                    }
                    _ => {
                        self.unknown_type(cx.at.scope, &path, place, "kind");
                        (None, None)
                    }
                }
            }
            Node::PatternOn => {
                let path = tree.child(inner, Node::Path).map(|path| tree.text(path).to_owned()).unwrap_or_default();
                match self.lookup_type_text(cx.at.scope, &path) {
                    Some(TypeName::Platform(platform)) => {
                        cx.narrowed.push((matched.text.clone(), Narrowed::Platform(platform)));
                        (Some(Pattern::Platform(platform)), None)
                    }
                    _ => {
                        self.unknown_type(cx.at.scope, &path, place, "platform");
                        (None, None)
                    }
                }
            }
            Node::NoneValue => (Some(Pattern::Value(Value::Absent)), Some("none".to_owned())),
            _ => match self.literal(cx, inner) {
                Some(value) => {
                    let shown = match &value {
                        Value::Text(text) => text.to_string(),
                        Value::Bool(truth) => truth.to_string(),
                        Value::Int(number) => number.to_string(),
                        _ => text,
                    };
                    if matches!(&*subject.shape, Shape::Union(_))
                        && !matched.cases.is_empty()
                        && !matched.cases.contains(&value)
                    {
                        let spelt = spelt(&value, &shown);
                        self.unknown_name(
                            "unknown_case",
                            place,
                            &format!("`{spelt}` is never the case"),
                            &shown,
                            &matched.words(),
                            "the cases are",
                        );
                        return (Some(Pattern::Value(value)), Some(shown));
                    }
                    let covers = if matched.speaks_quoted { spelt(&value, &shown) } else { shown };
                    (self.literal_of(value, matched, place).map(Pattern::Value), Some(covers))
                }
                None => {
                    if tree.children(inner).any(|part| tree.kind(part) == Node::Interpolation) {
                        self.error(
                            "pattern",
                            place,
                            "a text in a pattern stands there as it is, without `${…}`",
                            "compare instead: `if x == \"…\" then … else …`",
                        );
                    }
                    (None, None)
                }
            },
        }
    }

    /// A literal as a value of what is matched; told where it can never be one.
    fn literal_of(&mut self, value: Value, matched: &Subject<'_>, place: source::Place) -> Option<Value> {
        let subject = matched.ty;
        let open = matches!(
            &*subject.shape,
            Shape::Unknown(_) | Shape::Json | Shape::Variable(_) | Shape::Null | Shape::None | Shape::Native(_)
        );
        let any_of_several = matches!(&*subject.shape, Shape::Union(_)) && matched.scalar.is_none();
        if open || any_of_several {
            return Some(value);
        }
        let found = Ty::new(Shape::Literal(value.clone()));
        match (&value, matched.scalar, found.as_scalar()) {
            (Value::Text(text), Some(wanted), _) if !matches!(*subject.shape, Shape::Environment) => {
                self.parse_text(wanted, text, place).ok()
            }
            (_, Some(wanted), Some(given)) if wanted == given => Some(value),
            (_, Some(Scalar::Decimal), Some(Scalar::Int)) => Some(value),
            _ => {
                let (given, wanted) = (self.show(&found), self.show(&subject.clone().present()));
                let message =
                    format!("this is never `{given}`: what is matched is {}", crate::types::with_article(&wanted));
                self.error("pattern", place, message, "match what it may be, or `_`");
                None
            }
        }
    }

    pub(crate) fn exhaustive(&mut self, subject: &Ty, covered: &FxHashSet<String>, place: source::Place) {
        let missing: Vec<String> = match &*subject.shape {
            Shape::Environment => {
                let like: Vec<(Name, Option<Name>)> =
                    self.out.environments.iter().map(|environment| (environment.name, environment.like)).collect();
                like.iter()
                    .filter(|(name, _)| {
                        let mut name = Some(*name);
                        let mut steps = 0;
                        while let Some(current) = name {
                            if covered.contains(current.text()) || steps > like.len() {
                                return false;
                            }
                            steps += 1;
                            name = like.iter().find(|entry| entry.0 == current).and_then(|entry| entry.1);
                        }
                        true
                    })
                    .map(|(name, _)| name.text().to_owned())
                    .collect()
            }
            Shape::Tagged(tagged) => tagged
                .cases
                .iter()
                .map(|case| case.0.text().to_owned())
                .filter(|case| !covered.contains(case))
                .collect(),
            Shape::Union(_) if is_of_literals(subject) => {
                arms(subject).into_iter().filter(|literal| !covered.contains(literal)).collect()
            }
            Shape::Scalar(Scalar::Bool) => ["true", "false"]
                .iter()
                .map(|literal| (*literal).to_owned())
                .filter(|literal| !covered.contains(literal))
                .collect(),
            _ => {
                self.error(
                    "match_not_exhaustive",
                    place,
                    "this `match` does not say what happens otherwise",
                    "add an arm `_ => …`",
                );
                return;
            }
        };
        if !missing.is_empty() {
            let list = source::list_of(missing.iter().map(String::as_str));
            self.told.tell(
                Diagnostic::error("match_not_exhaustive", place, format!("this `match` does not cover {list}")).help(
                    format!(
                        "add an arm for it: `{} => …`, or `_ => …` for all others",
                        arm_of(subject, missing.first().map_or("", String::as_str))
                    ),
                ),
            );
        }
    }
}

/// How the arm of a case is written.
fn arm_of(subject: &Ty, case: &str) -> String {
    match &*subject.shape {
        Shape::Tagged(tagged) => match tagged.cases.iter().find(|other| other.0.text() == case) {
            Some((_, fields)) if !fields.is_empty() => {
                format!("{case}({})", ["x", "y", "z"].iter().take(fields.len()).copied().collect::<Vec<_>>().join(", "))
            }
            _ => case.to_owned(),
        },
        Shape::Union(_) if !speaks_quoted(subject) => format!("\"{case}\""),
        _ => case.to_owned(),
    }
}

fn parts(count: usize) -> String {
    match count {
        0 => "no parts".to_owned(),
        1 => "one part".to_owned(),
        _ => format!("{count} parts"),
    }
}

fn are(count: usize) -> String {
    match count {
        0 => "none is".to_owned(),
        1 => "one is".to_owned(),
        _ => format!("{count} are"),
    }
}

/// A literal as the language spells it.
fn spelt(value: &Value, shown: &str) -> String {
    if matches!(value, Value::Text(_)) { value::quoted(shown) } else { shown.to_owned() }
}

/// Whether a text has to stand in quotes to be told from what else the type may be: `5` and `"5"` of `int | string`.
fn speaks_quoted(ty: &Ty) -> bool {
    match &*ty.shape {
        Shape::Union(parts) => parts.iter().any(speaks_quoted),
        Shape::Literal(value) => !matches!(value, Value::Text(_)),
        Shape::Scalar(scalar) => matches!(scalar, Scalar::Int | Scalar::Decimal | Scalar::Bool),
        _ => false,
    }
}

/// The literals that a type consists of.
fn literal_values(ty: &Ty, into: &mut FxHashSet<Value>) {
    match &*ty.shape {
        Shape::Literal(value) => into.extend([value.clone()]),
        Shape::Union(parts) => parts.iter().for_each(|part| literal_values(part, into)),
        _ => {}
    }
}

/// The literals that a type consists of as words; texts without their quotes.
pub(crate) fn literals(ty: &Ty) -> Vec<String> {
    words(ty, false)
}

/// What an arm says for each of the literals that a type consists of.
fn arms(ty: &Ty) -> Vec<String> {
    words(ty, speaks_quoted(ty))
}

fn words(ty: &Ty, quoted: bool) -> Vec<String> {
    match &*ty.shape {
        Shape::Literal(Value::Text(text)) if quoted => vec![value::quoted(text)],
        Shape::Literal(Value::Text(text)) => vec![text.to_string()],
        Shape::Literal(Value::Int(number)) => vec![number.to_string()],
        Shape::Literal(Value::Bool(truth)) => vec![truth.to_string()],
        Shape::Union(parts) => parts.iter().flat_map(|part| words(part, quoted)).collect(),
        _ => Vec::new(),
    }
}

/// Whether a type consists of literals and nothing else.
fn is_of_literals(ty: &Ty) -> bool {
    match &*ty.shape {
        Shape::Literal(_) => true,
        Shape::Union(parts) => parts.iter().all(is_of_literals),
        _ => false,
    }
}
