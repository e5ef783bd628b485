//! Statements and members: which words may begin one in a body, and how each is written. Annotations too.

use check::language::{ANNOTATIONS, Before};

use super::{Candidate, Class, fields, kinds, values};
use crate::context::{Body, Spot, Trail};
use crate::key::Key;
use crate::shape::{Form, Shapes};

/// A word of the language with what follows it.
struct Statement {
    word: &'static str,
    snippet: &'static str,
    rank: u8,
}

const fn statement(word: &'static str, snippet: &'static str, rank: u8) -> Statement {
    Statement { word, snippet, rank }
}

/// At the top of a file.
const FILE: [Statement; 20] = [
    statement("adjust", "adjust ${1:address} {\n\t$0\n}", 45),
    statement("adopt", "adopt ${1:address} = \"${2:identifier}\" in ${3:environment}", 48),
    statement("destroy", "destroy \"${1:address}\" because \"$2\"", 48),
    statement("environment", "environment ${1:prod} {\n\ttier = ${2|prod,preprod,test|}\n\ton = [$3]\n\t$0\n}", 40),
    statement("fn", "fn ${1:name}(${2:x}: ${3:string}) -> ${4:string} = $0", 42),
    statement("forget", "forget \"${1:address}\" because \"$2\"", 48),
    statement("implement", "implement ${1:kind} on ${2:platform} {\n\t$0\n}", 42),
    statement("kind", "kind ${1:name} {\n\t$0\n}", 41),
    statement("let", "let ${1:name} = $0", 40),
    statement("moved", "moved ${1:old} to ${2:new}", 46),
    statement("output", "output ${1:name} = $0", 41),
    statement("param", "param ${1:name}: ${2:string}", 41),
    statement("platform", "platform ${1:name} {\n\t$0\n}", 43),
    statement("private", "private $0", 47),
    statement("project", "project ${1:name} { edition = 1 }", 42),
    statement("read", "read ${1:kind} ${2:name} {\n\t$0\n}", 44),
    statement("type", "type ${1:name} = $0", 42),
    statement("use", "use ${1:folder}", 42),
    statement("check", "check ${1:condition} else \"$2\"", 90),
    statement("once", "once ${1:name} {\n\t$0\n}", 90),
];

/// In an implementation; the last only outside of a `once`.
const IMPLEMENT: [Statement; 8] = [
    statement("let", "let ${1:name} = $0", 40),
    statement("check", "check ${1:condition} else \"$2\"", 40),
    statement("read", "read ${1:kind} ${2:name} {\n\t$0\n}", 44),
    statement("if", "if $1: $0", 60),
    statement("out", "out ${1:name} = $0", 40),
    statement("once", "once ${1:name} {\n\t$0\n}", 42),
    statement("delegate", "delegate $0", 42),
    statement("moved", "moved ${1:old} to ${2:new}", 48),
];

const KIND: [Statement; 3] = [
    statement("out", "out ${1:name}: ${2:later string}", 20),
    statement("check", "check ${1:condition} else \"$2\"", 20),
    statement("...inputs", "...inputs(${1:kind})", 30),
];

const PLATFORM: [Statement; 4] = [
    statement("provider", "provider ${1:name} {\n\t$0\n}", 20),
    statement("out", "out ${1:name} = $0", 25),
    statement("check", "check ${1:condition} else \"$2\"", 25),
    statement("let", "let ${1:name} = $0", 25),
];

fn offered(statements: &[Statement]) -> impl Iterator<Item = Candidate> + '_ {
    statements.iter().map(|statement| keyword(statement.word, statement.rank).insert(statement.snippet.to_owned()))
}

/// A word of the language.
pub(super) fn keyword(word: &str, rank: u8) -> Candidate {
    Candidate::new(word, Class::Keyword, rank).key(Key::Word(word.trim_start_matches('.').to_owned()))
}

/// What may begin a member of a body.
pub(super) fn member(shapes: &Shapes<'_>, body: &Body, given: &[String], typed: &str) -> Vec<Candidate> {
    match body {
        Body::File => {
            // `check` and `once` stand in bodies alone.
            let mut found: Vec<Candidate> = offered(&FILE).filter(|candidate| candidate.rank < 90).collect();
            // A project is named once.
            let is_named = !crate::names::declared(shapes.program.input(), shapes.path, "project").is_empty();
            for project in found.iter_mut().filter(|candidate| candidate.label == "project" && is_named) {
                project.rank = 80;
            }
            found.extend(kinds::declared(shapes, true));
            found.extend(kinds::targets(shapes, 50));
            found.extend(kinds::natives(shapes, typed));
            found
        }
        Body::Implement { once, .. } => {
            let statements = if *once { IMPLEMENT.get(..4).unwrap_or(&[]) } else { &IMPLEMENT[..] };
            let mut found: Vec<Candidate> = offered(statements).collect();
            found.extend(kinds::declared(shapes, true));
            found.extend(kinds::targets(shapes, 28));
            found.extend(kinds::natives(shapes, typed));
            found
        }
        Body::Kind => offered(&KIND).collect(),
        Body::Platform => {
            let mut found: Vec<Candidate> = offered(&PLATFORM).collect();
            found.extend(kinds::declared(shapes, true));
            found.extend(kinds::targets(shapes, 28));
            found.extend(kinds::natives(shapes, typed));
            found
        }
        Body::Fields(trail) => in_record(shapes, trail, given),
        Body::Adjust(trail) => fields::fields(shapes, trail, given, true),
        Body::Arms { subject, .. } => arms(shapes, subject),
        Body::RecordType => Vec::new(),
    }
}

fn in_record(shapes: &Shapes<'_>, trail: &Trail, given: &[String]) -> Vec<Candidate> {
    let mut found = fields::fields(shapes, trail, given, false);
    if matches!(shapes.form(&trail.shape), Form::Record) && !matches!(trail.owner, crate::context::Owner::Own(_)) {
        found.push(keyword("if", 80).insert("if $1: $0".to_owned()));
    }
    found
}

fn arms(shapes: &Shapes<'_>, subject: &crate::shape::Shape) -> Vec<Candidate> {
    let trail = Trail { shape: subject.clone(), ..Trail::nowhere() };
    let mut found: Vec<Candidate> = values::of_type(shapes, &trail)
        .into_iter()
        .map(|candidate| {
            // `http($1)` of a value is `http(path)` of a pattern.
            let insert = candidate.insert.replace("\"${1}\"", "${1:x}");
            candidate.insert(format!("{insert} => $0"))
        })
        .collect();
    found.push(Candidate::new("_", Class::Keyword, 60).insert("_ => $0".to_owned()).detail("whatever else"));
    found
}

/// Annotations, those first that mean something where they stand.
pub(super) fn annotations(body: &Body) -> Vec<Candidate> {
    ANNOTATIONS
        .iter()
        .map(|form| {
            let fits = match (body, form.before) {
                (Body::Kind, Before::Fields) => true,
                (Body::Kind, _) | (_, Before::Fields) => false,
                (Body::File, Before::Functions) => true,
                (Body::File | Body::Implement { .. } | Body::Platform, Before::Instances | Before::Instance) => true,
                _ => false,
            };
            let rank = match (fits, form.before) {
                (true, Before::Functions) => 30,
                (true, _) => 10,
                (false, _) => 50,
            };
            let insert = match form.name {
                "allow" => "allow(${1:code}, because = \"$2\")".to_owned(),
                "replace" => "replace(first = \"create\")".to_owned(),
                "name" | "deprecated" => format!("{}(\"$1\")", form.name),
                name if form.takes => format!("{name}($1)"),
                name => name.to_owned(),
            };
            Candidate::new(form.name, Class::Annotation, rank)
                .detail(form.signature)
                .insert(insert)
                .key(Key::Annotation(form.name.to_owned()))
        })
        .collect()
}

/// Whether a place asks for a value that is written as a text.
pub(super) fn is_in_quotes(spot: &Spot) -> bool {
    spot.text.starts_with('"')
}
