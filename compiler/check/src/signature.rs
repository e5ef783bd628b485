//! Types of built-ins, read from the notation in which they are declared: `(list: [T], places: int = 0) -> T?`.

use std::rc::Rc;

use source::Name;

use crate::checker::Checker;
use crate::code::Scalar;
use crate::types::{FieldTy, RecordTy, Shape, Stage, Ty};

/// A parsed signature.
#[derive(Clone, Debug)]
pub(crate) struct Signature {
    pub parameters: Vec<SignatureParameter>,
    pub result: Ty,
}

#[derive(Clone, Debug)]
pub(crate) struct SignatureParameter {
    pub name: Name,
    pub ty: Ty,
    pub default: Option<String>,
}

impl Checker<'_> {
    /// The signature of a built-in, parsed once.
    pub(crate) fn signature(&mut self, text: &'static str) -> Rc<Signature> {
        if let Some(found) = self.built_in_signatures.get(text) {
            return found.clone();
        }
        let signature = Rc::new(parse(text));
        self.built_in_signatures.insert(text, signature.clone());
        signature
    }
}

fn parse(text: &str) -> Signature {
    let mut reader = Reader { rest: text };
    let mut parameters = Vec::new();
    reader.eat("(");
    while !reader.peek(")") && !reader.rest.is_empty() {
        let name = reader.word();
        reader.eat(":");
        let ty = reader.ty();
        let default = reader.eat("=").then(|| reader.until_comma());
        parameters.push(SignatureParameter { name: Name::new(name), ty, default });
        reader.eat(",");
    }
    reader.eat(")");
    reader.eat("->");
    Signature { parameters, result: reader.ty() }
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn blank(&mut self) {
        self.rest = self.rest.trim_start();
    }
    fn peek(&mut self, text: &str) -> bool {
        self.blank();
        self.rest.starts_with(text)
    }
    fn eat(&mut self, text: &str) -> bool {
        self.blank();
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }
    fn word(&mut self) -> &'a str {
        self.blank();
        let end = self
            .rest
            .find(|character: char| !(character.is_alphanumeric() || character == '_'))
            .unwrap_or(self.rest.len());
        let (word, rest) =
            self.rest.split_at(end.max(usize::from(end == 0 && !self.rest.is_empty())).min(self.rest.len()));
        self.rest = rest;
        word
    }
    fn until_comma(&mut self) -> String {
        self.blank();
        let end = self.rest.find([',', ')']).unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        text.trim().to_owned()
    }
    fn ty(&mut self) -> Ty {
        let mut parts = vec![self.one()];
        while self.eat("|") {
            parts.push(self.one());
        }
        if parts.len() == 1 { parts.remove(0) } else { Ty::new(Shape::Union(parts)) }
    }
    fn one(&mut self) -> Ty {
        let mut ty = self.bare();
        if self.eat("?") {
            ty = ty.maybe();
        }
        ty
    }
    fn bare(&mut self) -> Ty {
        if self.eat("(") {
            let ty = self.ty();
            self.eat(")");
            return ty;
        }
        if self.eat("[") {
            if self.rest.trim_start().starts_with("by ") {
                self.word();
                let key = self.ty();
                self.eat(":");
                let value = self.ty();
                self.eat("]");
                return Ty::list(Ty::new(Shape::By(key, value)));
            }
            let of = self.ty();
            self.eat("]");
            return Ty::list(of);
        }
        if self.eat("{") {
            let mut names = Vec::new();
            loop {
                let before = self.rest;
                let first = self.ty();
                self.eat(":");
                let second = self.ty();
                let name = before.trim_start();
                let end = name.find(':').unwrap_or(0);
                names.push((name.get(..end).unwrap_or("").trim().to_owned(), first, second));
                if !self.eat(",") {
                    break;
                }
            }
            self.eat("}");
            // `{K: V}` and `{string: T}` are maps, `{ key: K, value: V }` is a record: a record's names are no types.
            let is_map = names.len() == 1
                && names.first().is_some_and(|(name, _, _)| is_variable(name) || Scalar::named(name).is_some());
            if is_map && let Some((_, key, value)) = names.first() {
                return Ty::map(key.clone(), value.clone());
            }
            return record_of(names.into_iter().map(|(name, _, ty)| (Name::new(&name), ty)).collect());
        }
        let word = self.word();
        if is_variable(word) {
            return Ty::new(Shape::Variable(word.chars().next().unwrap_or('T')));
        }
        if let Some(scalar) = Scalar::named(word) {
            return Ty::scalar(scalar);
        }
        match word {
            "later" => self.one().at(Stage::Later),
            "secret" => self.one().at(Stage::Secret),
            "range" => {
                self.eat("<");
                let of = self.ty();
                self.eat(">");
                Ty::new(Shape::Range(of))
            }
            "endpoint" => Ty::new(Shape::Endpoint),
            "flow" => Ty::new(Shape::Flow),
            "ends" => Ty::new(Shape::Ends),
            "none" => Ty::new(Shape::None).maybe(),
            _ => Ty::new(Shape::Json),
        }
    }
}

fn is_variable(word: &str) -> bool {
    word.len() == 1 && word.chars().all(|letter| letter.is_ascii_uppercase())
}

/// A record with named fields (`enumerate`, `zip`).
fn record_of(fields: Vec<(Name, Ty)>) -> Ty {
    Ty::new(Shape::Record(Rc::new(RecordTy {
        fields: fields.into_iter().map(|(name, ty)| FieldTy { name, ty, default: None }).collect(),
    })))
}
