//! The members of bodies: statements, fields, arms, parameters. What may stand behind their first words, and in their brackets.

use super::expression::{expression, read_types};
use super::words::Words;
use super::{Body, Callee, Inside, Owner, Reader, Trail, What};
use crate::own::Own;
use crate::shape::{Form, Shape};

/// What the words of a member say of what follows them.
pub(crate) struct Read {
    what: What,
    brace: Option<Inside>,
    bracket: Option<Inside>,
    paren: Option<Inside>,
}

impl Read {
    pub(super) fn new(what: What) -> Self {
        Self { what, brace: None, bracket: None, paren: None }
    }
    pub(super) fn nothing() -> Self {
        Self::new(What::Nothing)
    }
    pub(super) fn brace(self, inside: Inside) -> Self {
        Self { brace: Some(inside), ..self }
    }
    pub(super) fn bracket(self, inside: Inside) -> Self {
        Self { bracket: Some(inside), ..self }
    }
    pub(super) fn paren(self, inside: Inside) -> Self {
        Self { paren: Some(inside), ..self }
    }
    pub(super) fn what(self) -> What {
        self.what
    }
    /// What stands in a bracket that opens here.
    pub(super) fn inside(self, reader: &Reader<'_>, opener: &str) -> Inside {
        let value = |what: &What| match what {
            What::Value(trail) => trail.clone(),
            _ => Trail::nowhere(),
        };
        match opener {
            "{" => self.brace.unwrap_or_else(|| Inside::Body(Body::Fields(reader.record(&value(&self.what))))),
            "[" => self.bracket.unwrap_or_else(|| Inside::Elements(reader.element_of(&value(&self.what)))),
            _ => self.paren.unwrap_or_else(|| Inside::Single(value(&self.what))),
        }
    }
}

const HEADER: [&str; 4] = ["for", "if", "key", "on"];
const LOOPED: &[&str] = &["if", "key", "on"];

/// A member of a body.
pub(super) fn member(reader: &Reader<'_>, body: &Body, words: Words<'_>, given: Vec<String>) -> Read {
    if words.sign(0) == Some("@") {
        let Some(name) = words.word(1) else { return Read::new(What::Annotation(body.clone())) };
        let behind = if words.group(2) == Some("(") { 3 } else { 2 };
        let rest = words.from(behind);
        let read = member(reader, body, rest, given);
        let is_call = words.len() == 2;
        return if is_call { read.paren(Inside::Arguments(Callee::Annotation(name.to_owned()))) } else { read };
    }
    if words.is_empty() {
        return Read::new(What::Member { body: body.clone(), given });
    }
    match body {
        Body::File | Body::Implement { .. } | Body::Kind | Body::Platform => statement(reader, body, words, given),
        Body::Fields(trail) | Body::Adjust(trail) => field(reader, body, trail, words),
        Body::Arms { subject, value } => arm(reader, subject, value, words),
        Body::RecordType => typed(reader, words),
    }
}

fn statement(reader: &Reader<'_>, body: &Body, words: Words<'_>, given: Vec<String>) -> Read {
    // A field of any name: `type: string`.
    if words.sign(1) == Some(":") {
        return typed(reader, words);
    }
    if words.sign(0) == Some("...") {
        return expression(reader, words.from(1), &Trail::nowhere());
    }
    let Some(first) = words.word(0) else { return expression(reader, words, &Trail::nowhere()) };
    match first {
        "private" if words.len() == 1 => Read::new(What::Member { body: body.clone(), given }),
        "private" => statement(reader, body, words.from(1), given),
        "let" | "param" | "output" => typed(reader, words.from(1)),
        "out" => match body {
            Body::Implement { kind, .. } if words.len() == 1 => Read::new(What::OutName(kind.clone())),
            _ => typed(reader, words.from(1)),
        },
        "type" if words.sign(2) == Some("=") => read_types(words.from(3)),
        "fn" => function(reader, words),
        "use" => used(words),
        "kind" => kind(words),
        "implement" => implement(words),
        "platform" => named(words, Body::Platform),
        "environment" => named(words, Body::Fields(Trail::own(Own::Environment))),
        "project" => named(words, Body::Fields(Trail::own(Own::Project))),
        "adjust" | "moved" | "forget" | "adopt" | "destroy" => about_address(reader, first, words.from(1)),
        "check" | "require" => condition(reader, words.from(1)),
        "once" => once(reader, body, words),
        "delegate" if words.len() == 1 => Read::new(What::Child(reader.children_here(body))),
        "provider" => provider(reader, words.from(1)),
        "read" => instance(reader, words.from(1), true),
        "if" | "for" => conditional(reader, words, &Trail::nowhere(), |rest| statement(reader, body, rest, Vec::new())),
        "type" | "delegate" | "package" | "policy" | "test" | "given" | "refuses" | "deviation" => Read::nothing(),
        _ => instance(reader, words, false),
    }
}

/// A keyword, a new name, a body.
fn named(words: Words<'_>, body: Body) -> Read {
    if words.len() <= 2 { Read::nothing().brace(Inside::Body(body)) } else { Read::nothing() }
}

/// `name: TYPE = VALUE where …`, and the same without a type.
fn typed(reader: &Reader<'_>, words: Words<'_>) -> Read {
    let nowhere = Trail::nowhere();
    match words.sign(1) {
        Some("=") => expression(reader, words.from(2), &nowhere),
        Some(":") => {
            let rest = words.from(2);
            if let Some(at) = rest.last_word(&["where", "else", "warn"]).filter(|_| rest.find_word("where").is_some()) {
                return expression(reader, rest.from(at + 1), &nowhere).with_words(&["else"]);
            }
            match rest.find_sign("=") {
                Some(at) => {
                    let trail = Trail::of_type(rest.to(at).written());
                    expression(reader, rest.from(at + 1), &trail).with_words(&["where"])
                }
                None => read_types(rest).with_words(&["where"]),
            }
        }
        _ => Read::nothing(),
    }
}

/// A parameter of a `fn`.
pub(super) fn parameter(reader: &Reader<'_>, words: Words<'_>) -> Read {
    typed(reader, words)
}

fn function(reader: &Reader<'_>, words: Words<'_>) -> Read {
    if words.len() == 2 {
        return Read::nothing().paren(Inside::Parameters);
    }
    let Some(arrow) = words.find_sign("->") else { return Read::nothing() };
    let rest = words.from(arrow + 1);
    match rest.find_sign("=") {
        Some(at) => expression(reader, rest.from(at + 1), &Trail::of_type(rest.to(at).written())),
        None => read_types(rest),
    }
}

fn used(words: Words<'_>) -> Read {
    let rest = words.from(1);
    let (path, length, dotted) = rest.path();
    if dotted || rest.is_empty() {
        return Read::new(What::Folder(path));
    }
    let behind = length == rest.len();
    Read::new(if behind { What::Keywords(&["as"]) } else { What::Nothing })
}

fn kind(words: Words<'_>) -> Read {
    let body = Inside::Body(Body::Kind);
    let Some(is) = words.find_word("is") else {
        let words = if words.len() == 2 { What::Keywords(&["is"]) } else { What::Nothing };
        return Read::new(words).brace(body);
    };
    let begin = (is + 1..words.len()).rev().find(|at| words.sign(*at) == Some(",")).unwrap_or(is);
    let rest = words.from(begin + 1);
    let what = match (rest.word(0), rest.len()) {
        (Some("platform"), 1) => What::PlatformName,
        (_, 0) => What::Kind { before: Vec::new(), native: false, read: false },
        _ => match rest.path() {
            (before, _, true) => What::Kind { before, native: false, read: false },
            _ => What::Nothing,
        },
    };
    Read::new(what).brace(body)
}

fn implement(words: Words<'_>) -> Read {
    let rest = words.from(1);
    let (path, length, dotted) = rest.path();
    if dotted || rest.is_empty() {
        return Read::new(What::Kind { before: path, native: false, read: false });
    }
    let kind = path.join(".");
    let body = Inside::Body(Body::Implement { kind: kind.clone(), once: false });
    let behind = rest.from(length);
    let what = match behind.last_word(&["on", "needs", "as"]) {
        None if behind.is_empty() => What::Keywords(&["on", "needs", "as"]),
        None => What::Nothing,
        Some(at) => {
            let said = behind.from(at + 1);
            let ends = said.len().checked_sub(1).map(|last| said.sign(last));
            match (behind.word(at), said.is_empty(), ends) {
                (Some("on"), true, _) => What::PlatformName,
                (Some("needs"), true, _) | (Some("needs"), _, Some(Some(","))) => What::Needs(kind),
                (Some("as"), true, _) => What::Nothing,
                _ => What::Keywords(&["needs", "as", "on"]),
            }
        }
    };
    Read::new(what).brace(body)
}

fn about_address(reader: &Reader<'_>, keyword: &str, words: Words<'_>) -> Read {
    if let Some(at) = words.last_word(&["in"]) {
        return Read::new(if at + 1 == words.len() { What::Environment } else { What::Nothing });
    }
    if let Some(at) = words.last_word(&["because"]) {
        return Read::new(if at + 1 == words.len() { What::Nothing } else { What::Keywords(&["in"]) });
    }
    if let Some(at) = words.find_sign("=") {
        return Read::new(if at + 1 == words.len() { What::Nothing } else { What::Keywords(&["in"]) });
    }
    let to = words.find_word("to").filter(|_| keyword == "moved");
    let words = to.map_or(words, |at| words.from(at + 1));
    let (path, length, dotted) = words.path();
    if dotted || words.is_empty() {
        return Read::new(What::Address { before: path }).bracket(Inside::Key);
    }
    let what = match (keyword, to) {
        _ if length < words.len() => What::Nothing,
        ("moved", None) => What::Keywords(&["to"]),
        ("forget" | "destroy", _) => What::Keywords(&["because", "in"]),
        ("moved", Some(_)) => What::Keywords(&["in"]),
        _ => What::Nothing,
    };
    let read = Read::new(what).bracket(Inside::Key);
    if keyword == "adjust" { read.brace(Inside::Body(Body::Adjust(reader.addressed(&path)))) } else { read }
}

/// `check EXPR else EXPR`, `check EXPR warn CODE EXPR`.
fn condition(reader: &Reader<'_>, words: Words<'_>) -> Read {
    match words.last_word(&["warn"]) {
        Some(_) => Read::nothing(),
        None => {
            let trail = Trail::of_type("bool");
            expression(reader, words, &trail).with_words(&["else", "warn"])
        }
    }
}

fn once(reader: &Reader<'_>, body: &Body, words: Words<'_>) -> Read {
    let kind = match body {
        Body::Implement { kind, .. } => kind.clone(),
        _ => String::new(),
    };
    let inside = Inside::Body(Body::Implement { kind, once: true });
    let read = match words.find_word("by") {
        Some(at) => expression(reader, words.from(at + 1), &Trail::nowhere()),
        None if words.len() == 2 => Read::new(What::Keywords(&["by"])),
        None => Read::nothing(),
    };
    read.brace(inside)
}

fn provider(reader: &Reader<'_>, words: Words<'_>) -> Read {
    let (path, _, dotted) = words.path();
    if dotted || words.is_empty() {
        return Read::new(What::Provider(path));
    }
    let name = path.join(".");
    Read::nothing().brace(Inside::Body(Body::Fields(reader.provider(&name))))
}

/// `KIND NAME HEADER`
fn instance(reader: &Reader<'_>, words: Words<'_>, read: bool) -> Read {
    let (path, length, dotted) = words.path();
    if dotted || words.is_empty() {
        return Read::new(What::Kind { before: path, native: true, read });
    }
    if words.sign(length) == Some("=") {
        return expression(reader, words.from(length + 1), &Trail::nowhere());
    }
    let name = path.join(".");
    let inside = Inside::Body(Body::Fields(reader.instance(&name, read)));
    let rest = words.from(length);
    if rest.is_empty() {
        // `all(server)` or `f(x)` that stands alone.
        let callee = Callee::Word { name, wanted: Trail::nowhere() };
        return Read::nothing().brace(inside).paren(Inside::Arguments(callee));
    }
    header(reader, rest.from(1)).brace(inside)
}

fn header(reader: &Reader<'_>, words: Words<'_>) -> Read {
    let nowhere = Trail::nowhere();
    let Some(at) = words.last_word(&HEADER) else {
        return Read::new(if words.is_empty() { What::Keywords(&HEADER) } else { What::Nothing });
    };
    let rest = words.from(at + 1);
    match words.word(at) {
        Some("for") => match rest.find_word("in") {
            Some(at) => expression(reader, rest.from(at + 1), &nowhere).with_words(LOOPED),
            None if rest.is_empty() || rest.sign(rest.len() - 1) == Some(",") => Read::nothing(),
            None => Read::new(What::Keywords(&["in"])),
        },
        Some("on") if rest.is_empty() => Read::new(What::Place),
        Some("on") => {
            let trail = Trail::own(Own::Platform);
            expression(reader, rest, &trail).with_words(LOOPED)
        }
        Some("if") => expression(reader, rest, &Trail::of_type("bool")).with_words(LOOPED),
        _ => expression(reader, rest, &nowhere).with_words(LOOPED),
    }
}

/// `if c: …` and `for x in xs: …`: what stands behind the colon.
pub(super) fn conditional(
    reader: &Reader<'_>,
    words: Words<'_>,
    trail: &Trail,
    behind: impl FnOnce(Words<'_>) -> Read,
) -> Read {
    if let Some(at) = words.find_sign(":") {
        return behind(words.from(at + 1));
    }
    let nowhere = Trail::nowhere();
    match words.word(0) {
        // Without a colon it may be `if c then a else b`.
        Some("if") if words.find_word("then").is_some() => expression(reader, words, trail),
        Some("if") => expression(reader, words.from(1), &Trail::of_type("bool")).with_words(&["then"]),
        _ => match words.last_word(&["in", "if", "by"]) {
            Some(at) => expression(reader, words.from(at + 1), &nowhere).with_words(&["if", "by"]),
            None if words.len() == 1 || words.sign(words.len() - 1) == Some(",") => Read::nothing(),
            None => Read::new(What::Keywords(&["in"])),
        },
    }
}

fn field(reader: &Reader<'_>, body: &Body, trail: &Trail, words: Words<'_>) -> Read {
    let nowhere = Trail::nowhere();
    if words.sign(0) == Some("...") {
        return expression(reader, words.from(1), &nowhere);
    }
    let is_field = matches!(words.sign(1), Some("=" | "?=" | "."));
    if !is_field && matches!(words.word(0), Some("if" | "for")) {
        return conditional(reader, words, &nowhere, |rest| {
            let has_fields = matches!(reader.shapes.form(&trail.shape), Form::Record);
            if rest.is_empty() && has_fields {
                return Read::new(What::Member { body: body.clone(), given: Vec::new() });
            }
            // `for n in names: n => …`: the key is a value.
            if !has_fields && rest.find_sign("=>").is_none() && rest.find_sign("=").is_none() {
                return expression(reader, rest, &nowhere);
            }
            field(reader, body, trail, rest)
        });
    }
    if let Some(at) = words.find_sign("=>") {
        return expression(reader, words.from(at + 1), &reader.element_of(trail));
    }
    let (path, length, dotted) = words.path();
    if dotted {
        return Read::new(What::Path { body: body.clone(), before: path });
    }
    if path.is_empty() {
        return expression(reader, words, &nowhere);
    }
    let found = reader.at(trail, &path);
    let rest = words.from(length);
    match rest.sign(0) {
        Some("=" | "?=" | ":") => return expression(reader, rest.from(1), &found),
        _ if rest.is_empty() => {
            // A field with a block, or a call in a list of expressions.
            let callee = Callee::Word { name: path.join("."), wanted: nowhere };
            let inside = Inside::Body(Body::Fields(reader.record(&found)));
            return Read::nothing().brace(inside).paren(Inside::Arguments(callee));
        }
        _ => {}
    }
    // `port http = 8080/tcp`, `user alice { … }`: an entry of a map.
    if rest.word(0).or_else(|| rest.quoted(0)).is_some() && path.len() == 1 {
        let mut entry = reader.element_of(&found);
        entry.path.push(rest.word(0).or_else(|| rest.quoted(0)).unwrap_or_default().to_owned());
        return match rest.sign(1) {
            Some("=" | "?=" | ":") => expression(reader, rest.from(2), &entry),
            _ => Read::nothing().brace(Inside::Body(Body::Fields(reader.record(&entry)))),
        };
    }
    Read::nothing()
}

fn arm(reader: &Reader<'_>, subject: &Shape, value: &Trail, words: Words<'_>) -> Read {
    if let Some(at) = words.find_sign("=>") {
        return expression(reader, words.from(at + 1), value);
    }
    match (words.word(0), words.len()) {
        (Some("on"), 1) => Read::new(What::PlatformName),
        (_, 0) => Read::new(What::Value(Trail { shape: subject.clone(), ..Trail::nowhere() })),
        _ => Read::nothing(),
    }
}

impl Read {
    /// The same with words of the language that may go on with what is complete.
    pub(super) fn with_words(self, words: &'static [&'static str]) -> Self {
        match self.what {
            What::Operand => Self { what: What::Keywords(words), ..self },
            _ => self,
        }
    }
}

impl Reader<'_> {
    /// The fields that stand in the braces of a value.
    pub(super) fn record(&self, trail: &Trail) -> Trail {
        Trail { shape: self.shapes.record_in(&trail.shape), ..trail.clone() }
    }

    /// An element of a list or a map.
    pub(super) fn element_of(&self, trail: &Trail) -> Trail {
        Trail { shape: self.shapes.element(&trail.shape), ..trail.clone() }
    }

    /// A field of a field.
    pub(super) fn at(&self, trail: &Trail, path: &[String]) -> Trail {
        let mut found = trail.clone();
        for step in path {
            found.shape = match (self.shapes.form(&found.shape), step.starts_with('[')) {
                (_, true) | (Form::Map, false) => self.shapes.element(&found.shape),
                _ => {
                    let record = self.shapes.record_in(&found.shape);
                    self.shapes.slot(&record, step).map_or(Shape::Unknown, |slot| slot.shape)
                }
            };
            if !step.starts_with('[') {
                found.path.push(step.clone());
            }
        }
        found
    }

    /// The fields of an instance.
    pub(super) fn instance(&self, kind: &str, read: bool) -> Trail {
        match self.shapes.native(kind, read) {
            Some(shape) => Trail { owner: Owner::Native(kind.to_owned(), read), path: Vec::new(), shape },
            None => {
                let shape = Shape::Inputs(kind.to_owned());
                Trail { owner: Owner::Kind(kind.to_owned()), path: Vec::new(), shape }
            }
        }
    }
}
