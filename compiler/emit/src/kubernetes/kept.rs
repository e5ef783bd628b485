//! Settings of a pod that stand in a Secret of its own cluster. The pod names the Secret and the key, so that the value passes
//! through no tool. A text around such a value names a setting that is made for it: `postgres://app:$(INFRAC_KEPT_1)@db`.
//!
//! Rules of expansion: <https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/>.
//! A setting must be defined before it is named, `$$` is a `$`.

use graph::{Graph, Resource};
use source::{Diagnostic, Name};
use value::{AddressId, Op, Step, Store, Value, ValueId};

use crate::index::place_for_user;

/// The body with its settings from Secrets named; what cannot be named is told.
pub fn put_in_place(
    graph: &Graph,
    store: &mut Store,
    resource: &Resource,
    body: ValueId,
    told: &mut Vec<Diagnostic>,
) -> ValueId {
    if !store.holds(body).secret() {
        return body;
    }
    Placing { graph, resource, told }.within(store, body)
}

struct Placing<'g, 't> {
    graph: &'g Graph,
    resource: &'g Resource,
    told: &'t mut Vec<Diagnostic>,
}

impl Placing<'_, '_> {
    fn within(&mut self, store: &mut Store, value: ValueId) -> ValueId {
        if !store.holds(value).secret() {
            return value;
        }
        match store.get(value).clone() {
            Value::Record(fields) => {
                let fields = fields.iter().map(|(name, field)| match store.get(*field).clone() {
                    Value::List(elements) if name.text() == "env" => (*name, self.settings(store, &elements)),
                    _ => (*name, self.within(store, *field)),
                });
                let fields = fields.collect();
                store.record(fields)
            }
            Value::List(elements) => {
                let elements: Vec<ValueId> = elements.iter().map(|element| self.within(store, *element)).collect();
                store.list(elements)
            }
            _ => value,
        }
    }

    fn settings(&mut self, store: &mut Store, elements: &[ValueId]) -> ValueId {
        let mut all = Vec::with_capacity(elements.len());
        let mut made = 0;
        for element in elements {
            let setting = ["name", "value"].map(|field| store.field(*element, Name::new(field)));
            let [Some(name), Some(value)] = setting else {
                all.push(*element);
                continue;
            };
            if !store.holds(value).secret() {
                all.push(*element);
                continue;
            }
            match store.get(value).clone() {
                Value::Ref { of, path, .. } => match self.kept(store, of, &path) {
                    Some(from) => all.push(entry(store, name, "valueFrom", from)),
                    None => all.push(*element),
                },
                Value::Op { op: Op::Text, args } => {
                    let mut text = String::new();
                    for part in args {
                        let Value::Ref { of, path, .. } = store.get(part).clone() else {
                            match store.text_of(part) {
                                Ok(known) => text.push_str(&known.replace('$', "$$")),
                                Err(_) => self.tell("only texts stand around a secret that the cluster keeps"),
                            }
                            continue;
                        };
                        let Some(from) = self.kept(store, of, &path) else { continue };
                        let helper = self.helper(store, elements, &mut made);
                        text.push_str(&format!("$({helper})"));
                        let helper = store.text(helper);
                        all.push(entry(store, helper, "valueFrom", from));
                    }
                    let text = store.text(text);
                    all.push(entry(store, name, "value", text));
                }
                _ => self.tell("the cluster puts a secret that it keeps in place as it is, or inside of a text"),
            }
        }
        store.list(all)
    }

    /// The next name for a setting that holds a part of a text; none that the program gives itself.
    fn helper(&self, store: &Store, elements: &[ValueId], made: &mut u32) -> String {
        let is_given = |name: &str| {
            let names = elements.iter().filter_map(|element| store.field(*element, Name::new("name")));
            names.into_iter().any(|given| matches!(store.get(given), Value::Text(text) if text.as_ref() == name))
        };
        loop {
            *made += 1;
            let helper = format!("INFRAC_KEPT_{made}");
            if !is_given(&helper) {
                return helper;
            }
        }
    }

    /// `secretKeyRef` of a value that an object of this cluster and this namespace keeps.
    fn kept(&mut self, store: &mut Store, of: AddressId, path: &[Step]) -> Option<ValueId> {
        let secret = self.graph.resource(of).filter(|secret| secret.kind.target == self.resource.kind.target)?;
        let [Step::Field(data), Step::Key(key)] = path else { return None };
        if secret.kind.kind_name.as_ref() != "Secret" || data.text() != "data" {
            return None;
        }
        let name = metadata(store, secret.body, "name")?;
        let here = metadata(store, self.resource.body, "namespace");
        if secret.provider != self.resource.provider || metadata(store, secret.body, "namespace") != here {
            self.tell("a pod takes secrets from its own namespace of its own cluster only");
            return None;
        }
        let key = store.text(key.text());
        let reference = store.record(vec![(Name::new("name"), name), (Name::new("key"), key)]);
        Some(store.record(vec![(Name::new("secretKeyRef"), reference)]))
    }

    fn tell(&mut self, message: &str) {
        self.told.push(
            Diagnostic::error("secret_exposed", place_for_user(self.graph, self.resource, &[]), message)
                .help("let the program read the secret itself, or keep it where the program runs"),
        );
    }
}

fn entry(store: &mut Store, name: ValueId, field: &str, value: ValueId) -> ValueId {
    store.record(vec![(Name::new("name"), name), (Name::new(field), value)])
}

fn metadata(store: &Store, body: ValueId, field: &str) -> Option<ValueId> {
    let metadata = store.field(body, Name::new("metadata"))?;
    let value = store.field(metadata, Name::new(field))?;
    Some(store.folded(value))
}
