//! What several machines have alike stands once; from where on they differ there is a variable, which each of them sets.

use std::borrow::Cow;
use std::collections::BTreeMap;

use graph::Resource;
use source::{Diagnostic, Name};
use value::{Step, Store, Value, ValueId};

use super::texts::Texts;
use super::{jinja, variables};
use crate::body::{Leaves, node, path_text};
use crate::document::Subject;
use crate::target::Input;
use crate::writer::{Entry, Node};

/// The variables that a machine sets.
pub type Variables<'g> = BTreeMap<String, Node<'g>>;

/// The bodies of some resources, each of which stands on another machine.
pub struct Alike<'i, 'g> {
    pub input: &'i Input<'i, 'g>,
    /// A machine, and the position of the resource.
    pub of: &'i [(usize, usize)],
    /// What variables begin with; no other task has it.
    pub prefix: String,
    /// By machine.
    pub variables: &'i mut [Variables<'g>],
    pub texts: &'i mut Texts<'g>,
    pub told: &'i mut Vec<Diagnostic>,
    /// Whether a secret was met.
    pub secret: bool,
}

impl<'g> Alike<'_, 'g> {
    /// What the bodies say.
    pub fn bodies(&mut self) -> Vec<Entry<'g>> {
        let bodies: Vec<ValueId> = self.of.iter().map(|(_, at)| self.input.index.body(*at)).collect();
        self.entries(&bodies, &mut Vec::new())
    }

    fn entries(&mut self, records: &[ValueId], path: &mut Vec<Step>) -> Vec<Entry<'g>> {
        let store = self.input.index.store;
        let mut names: Vec<Name> = records.iter().flat_map(|record| fields(store, *record)).collect();
        names.sort_by(|left, right| left.text().cmp(right.text()));
        names.dedup();
        let mut entries = Vec::with_capacity(names.len());
        for name in names {
            let values: Vec<ValueId> =
                records.iter().map(|record| store.field(*record, name).unwrap_or(Store::ABSENT)).collect();
            path.push(Step::Field(name));
            if let Some(value) = self.value(&values, path) {
                entries.push((Cow::Borrowed(name.text()), value));
            }
            path.pop();
        }
        entries
    }

    fn value(&mut self, values: &[ValueId], path: &mut Vec<Step>) -> Option<Node<'g>> {
        let first = *values.first()?;
        let subject = Subject::Resource(self.of.first()?.1 as u32);
        if values.iter().all(|value| *value == first) {
            let at = *self.of.first()?;
            let same = self.one(at.1, first, path)?;
            return Some(Node::At(subject, path.clone(), Box::new(same)));
        }
        let store = self.input.index.store;
        let names = |value: &ValueId| matches!(store.get(*value), Value::Record(_)).then(|| fields(store, *value));
        let shape = names(&first).map(Iterator::collect::<Vec<_>>);
        let is_alike = |value: &ValueId| names(value).map(Iterator::collect::<Vec<_>>) == shape;
        if shape.is_some() && values.iter().all(is_alike) {
            return Some(Node::At(subject, path.clone(), Box::new(Node::Map(self.entries(values, path)))));
        }
        if let Some(keys) = same_keys(store, values) {
            let mut entries = Vec::with_capacity(keys.len());
            for key in keys {
                let values: Vec<ValueId> = values.iter().filter_map(|value| store.entry(*value, key)).collect();
                let Value::Text(name) = store.get(key) else { continue };
                path.push(Step::Key(Name::new(name)));
                entries.extend(self.value(&values, path).map(|value| (Cow::Borrowed(&**name), value)));
                path.pop();
            }
            return Some(Node::At(subject, path.clone(), Box::new(Node::Map(entries))));
        }
        let text = self.variable(values, path);
        Some(Node::At(subject, path.clone(), Box::new(Node::text(text))))
    }

    /// A variable that each machine sets to its own value; where one has none, the option is left out there.
    fn variable(&mut self, values: &[ValueId], path: &mut Vec<Step>) -> String {
        let name = format!("{}_{}", self.prefix, word(&path_text(path)));
        let mut absent = false;
        let of = self.of;
        for ((machine, at), value) in of.iter().copied().zip(values) {
            let own = self.one(at, *value, path);
            absent |= own.is_none();
            if let (Some(own), Some(variables)) = (own, self.variables.get_mut(machine)) {
                let own = Node::At(Subject::Resource(at as u32), path.clone(), Box::new(own));
                variables.insert(name.clone(), own);
            }
        }
        jinja::variable(&if absent { format!("{name} | default(omit)") } else { name })
    }

    /// The value of one of them.
    fn one(&mut self, at: usize, value: ValueId, path: &mut Vec<Step>) -> Option<Node<'g>> {
        let resource = self.input.index.graph.resources.get(at)?;
        let mut leaves =
            Templates { input: self.input, at, resource, texts: self.texts, told: self.told, secret: false };
        let own = node(self.input.index.store, value, path, &mut leaves);
        self.secret |= leaves.secret;
        own
    }
}

/// The keys of maps that all have the same ones, which are texts.
fn same_keys(store: &Store, maps: &[ValueId]) -> Option<Vec<ValueId>> {
    let keys = |map: &ValueId| match store.get(*map) {
        Value::Map(entries) => Some(entries.iter().map(|entry| entry.0).collect::<Vec<_>>()),
        _ => None,
    };
    let first = keys(maps.first()?)?;
    let is_text = first.iter().all(|key| matches!(store.get(*key), Value::Text(_)));
    (is_text && maps.iter().all(|map| keys(map).as_ref() == Some(&first))).then_some(first)
}

fn fields(store: &Store, record: ValueId) -> impl Iterator<Item = Name> + use<'_> {
    let fields = match store.get(record) {
        Value::Record(fields) => &fields[..],
        _ => &[],
    };
    fields.iter().map(|field| field.0)
}

/// A text as a part of the name of a variable.
pub fn word(text: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric();
    let letters = text.chars().map(|letter| if is_plain(letter) { letter.to_ascii_lowercase() } else { '_' });
    let mut word = String::new();
    for letter in letters {
        if letter != '_' || !word.ends_with('_') {
            word.push(letter);
        }
    }
    word.trim_matches('_').to_owned()
}

/// The leaves of a body in the files of Ansible.
pub struct Templates<'i, 'g> {
    pub input: &'i Input<'i, 'g>,
    pub at: usize,
    pub resource: &'g Resource,
    pub texts: &'i mut Texts<'g>,
    pub told: &'i mut Vec<Diagnostic>,
    pub secret: bool,
}

impl<'g> Leaves<'g> for Templates<'_, 'g> {
    fn text(&mut self, text: &'g str) -> Cow<'g, str> {
        text.into()
    }
    fn value(&mut self, text: &'g str, path: &[Step]) -> Node<'g> {
        match jinja::is_template(text) {
            true => self.texts.refer(Subject::Resource(self.at as u32), path, text),
            false => Node::text(text),
        }
    }
    fn later(&mut self, id: ValueId, path: &[Step]) -> Option<Node<'g>> {
        let index = self.input.index;
        self.secret |= index.store.holds(id).secret();
        if !variables::of_params(index, id) {
            return Some(Node::text(jinja::variable(&variables::given(index, self.resource, path, id))));
        }
        let subject = Subject::Resource(self.at as u32);
        let texts = &mut self.texts;
        match jinja::expression(index, id, &mut |known| texts.read(subject, path, known.into())) {
            Ok(expression) => Some(Node::text(jinja::variable(&expression))),
            Err(op) => {
                let (field, address) = (path_text(path), index.address(self.resource.address));
                let message = format!(
                    "`{field}` of `{address}` is made of a secret by `{}`, which has no spelling in Ansible",
                    op.name()
                );
                let help = "use the secret as it is, in a text, or as `base64(…)`";
                self.told.push(index.error("not_lowered", self.resource, path, message).help(help));
                None
            }
        }
    }
    fn refuse(&mut self, value: &Value, path: &[Step]) {
        self.told.push(self.input.index.not_lowered(self.resource, path, value));
    }
}
