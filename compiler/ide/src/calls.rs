//! What can be called, with its parameters: built-ins, functions of the language, the library's and the project's own, platforms,
//! annotations.

use check::builtins::{self, BuiltIn};
use check::language;
use syntax::{Kind as Node, Tree};

use crate::context::{Callee, inputs_of};
use crate::names;
use crate::shape::{Shape, Shapes};

/// Something that can be called.
#[derive(Clone, Debug)]
pub(crate) struct Called {
    pub name: String,
    pub parameters: Vec<Parameter>,
    /// What it gives; empty where that is not said.
    pub result: String,
    pub docs: String,
    /// Whether all of its parameters are given by name.
    pub by_name: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    pub name: String,
    pub ty: String,
    pub default: Option<String>,
    pub docs: String,
}

impl Called {
    /// `subnet(bits: int, index: int) -> cidr`
    pub(crate) fn label(&self) -> String {
        let parameters: Vec<String> = self.parameters.iter().map(Parameter::label).collect();
        let result = if self.result.is_empty() { String::new() } else { format!(" -> {}", self.result) };
        format!("{}({}){result}", self.name, parameters.join(", "))
    }
}

impl Parameter {
    pub(crate) fn label(&self) -> String {
        let ty = if self.ty.is_empty() { String::new() } else { format!(": {}", self.ty) };
        let default = self.default.as_ref().map_or_else(String::new, |default| format!(" = {default}"));
        format!("{}{ty}{default}", self.name)
    }
}

/// What is called by this name; several where the first argument decides.
pub(crate) fn called(shapes: &Shapes<'_>, callee: &Callee) -> Vec<Called> {
    match callee {
        Callee::Annotation(name) => language::ANNOTATIONS
            .iter()
            .filter(|form| form.name == name && !form.signature.is_empty())
            .map(|form| from_signature(&format!("@{name}"), form.signature, form.docs))
            .collect(),
        Callee::Method(name) => {
            builtins::named(name).iter().filter(|of| of.is_method()).map(|of| built_in(of)).collect()
        }
        Callee::Word { name, wanted, .. } => {
            if let Some(case) = shapes.case(&wanted.shape, name) {
                return vec![from_signature(name, case.trim_start_matches(name.as_str()), "")];
            }
            if let Some(inputs) = inputs_of(shapes, name, wanted) {
                return vec![platform(shapes, name, &inputs.shape)];
            }
            function(shapes, name)
        }
    }
}

fn function(shapes: &Shapes<'_>, name: &str) -> Vec<Called> {
    let plain = name.strip_prefix("std.").unwrap_or(name);
    if let Some(found) = names::find(shapes.program.input(), shapes.path, "fn", name) {
        return declared(&found).into_iter().collect();
    }
    let known = builtins::named(plain).iter().filter(|of| !of.is_method()).map(|of| built_in(of));
    let own = language::FUNCTIONS.iter().filter(|function| function.name == plain);
    known.chain(own.map(|of| from_signature(of.name, of.signature, of.docs))).collect()
}

/// A built-in; of a method without what stands before its dot.
pub(crate) fn built_in(of: &BuiltIn) -> Called {
    let mut called = from_signature(of.name, of.signature, of.docs);
    if of.is_method() && !called.parameters.is_empty() {
        called.parameters.remove(0);
    }
    called
}

/// A `fn` as it is declared.
pub(crate) fn declared(found: &names::Named<'_>) -> Option<Called> {
    let tree = found.item.tree();
    let node = tree.child(Tree::ROOT, Node::Fn)?;
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let parameters = tree.all(node, Node::Parameter).map(|parameter| {
        let mut values = tree.children(parameter).skip(1).map(|child| one_line(tree.text(child)));
        Parameter {
            name: tree.child(parameter, Node::Name).map_or_else(String::new, |name| tree.name(name)),
            ty: values.next().unwrap_or_default(),
            default: values.next(),
            docs: String::new(),
        }
    });
    let result = tree.children(node).find(|child| !matches!(tree.kind(*child), Node::Name | Node::Parameter));
    Some(Called {
        name: found.name.clone(),
        parameters: parameters.collect(),
        result: result.map_or_else(String::new, |ty| one_line(tree.text(ty))),
        docs: names::documentation(found.item),
        by_name: false,
    })
}

fn platform(shapes: &Shapes<'_>, name: &str, inputs: &Shape) -> Called {
    let parameters = shapes.slots(inputs).into_iter().map(|slot| Parameter {
        name: slot.name,
        ty: slot.ty,
        default: slot.default,
        docs: slot.docs,
    });
    Called {
        name: name.to_owned(),
        parameters: parameters.collect(),
        result: String::new(),
        docs: names::find(shapes.program.input(), shapes.path, "platform", name)
            .map_or_else(String::new, |found| names::documentation(found.item)),
        by_name: true,
    }
}

/// `(x: int, y: int = 1) -> int`
pub(crate) fn from_signature(name: &str, signature: &str, docs: &str) -> Called {
    let inner = signature.strip_prefix('(').unwrap_or(signature);
    let end = split(inner, ')').first().map_or(inner.len(), |first| first.len());
    let (parameters, rest) = inner.split_at_checked(end).unwrap_or((inner, ""));
    let parameters = split(parameters, ',').into_iter().map(str::trim).filter(|part| !part.is_empty()).map(|part| {
        let (head, default) = match split(part, '=').as_slice() {
            [head, default] => (head.trim(), Some(default.trim().to_owned())),
            _ => (part, None),
        };
        let (name, ty) = head.split_once(':').unwrap_or((head, ""));
        // `postgres(string)`: a case names no parameters.
        Parameter { name: name.trim().to_owned(), ty: ty.trim().to_owned(), default, docs: String::new() }
    });
    Called {
        name: name.to_owned(),
        parameters: parameters.collect(),
        result: rest.trim_start_matches(')').trim().trim_start_matches("->").trim().to_owned(),
        docs: docs.to_owned(),
        by_name: false,
    }
}

/// Cuts at a sign outside of brackets.
fn split(text: &str, at: char) -> Vec<&str> {
    let mut depth = 0i32;
    let mut begin = 0;
    let mut parts = Vec::new();
    let mut last = ' ';
    for (offset, letter) in text.char_indices() {
        if letter == at && depth == 0 {
            parts.push(text.get(begin..offset).unwrap_or(""));
            begin = offset + letter.len_utf8();
        } else if matches!(letter, '(' | '[' | '{' | '<') {
            depth += 1;
        } else if matches!(letter, ')' | ']' | '}') || (letter == '>' && last != '-') {
            depth -= 1;
        }
        last = letter;
    }
    parts.push(text.get(begin..).unwrap_or(""));
    parts
}
