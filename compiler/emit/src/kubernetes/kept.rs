//! Settings and files of a pod that stand in a Secret of its own cluster. The pod names the Secret and the key, so that the value passes
//! through no tool. A text around such a value names a setting that is made for it: `postgres://app:$(INFRAC_KEPT_1)@db`. Nothing stands
//! around one in a file: the volume says the value for the name of the Secret and for the key, and is given both.
//!
//! Rules of expansion: <https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/>.
//! A setting must be defined before it is named, `$$` is a `$`.

use graph::{Graph, Resource};
use source::{Diagnostic, Name};
use value::{AddressId, Op, Step, Store, Value, ValueId};

use crate::index::place_for_user;

/// The body with its settings and files from Secrets named; what cannot be named is told.
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

/// A Secret and a key in it.
struct Entry {
    secret: ValueId,
    key: ValueId,
}

impl Placing<'_, '_> {
    fn within(&mut self, store: &mut Store, value: ValueId) -> ValueId {
        if !store.holds(value).secret() {
            return value;
        }
        match store.get(value).clone() {
            Value::Record(_) if store.field(value, Name::new("secretName")).is_some() => self.volume(store, value),
            Value::Record(fields) => {
                let fields = fields.iter().map(|(name, field)| match (name.text(), store.get(*field).clone()) {
                    ("env", Value::List(elements)) => (*name, self.settings(store, &elements)),
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

    /// The source of a volume, with the Secret and the key in the place of the value that stands there.
    fn volume(&mut self, store: &mut Store, source: ValueId) -> ValueId {
        let [secret_name, items, key] = ["secretName", "items", "key"].map(Name::new);
        let Some(value) = store.field(source, secret_name).filter(|value| store.holds(*value).secret()) else {
            return source;
        };
        let listed = store.field(source, items).map(|listed| store.get(listed).clone());
        let Some(Value::List(listed)) = listed else { return source };
        let entry = match store.get(value).clone() {
            Value::Ref { of, path, .. } => self.kept(store, of, &path),
            _ => {
                let file = listed.first().and_then(|item| store.field(*item, Name::new("path")));
                let file = file.and_then(|file| store.text_of(file).ok()).unwrap_or_default();
                let message = format!(
                    "a secret that the cluster keeps is a file as it is: in `{file}` something stands around it"
                );
                self.tell(
                    &message,
                    "give it a file of its own, or a setting in `env`; or let the program read the secret itself",
                );
                // Told: nobody asks for the value once more.
                let nothing = store.text("");
                Some(Entry { secret: nothing, key: nothing })
            }
        };
        let Some(entry) = entry else { return source };
        let listed = listed.iter().map(|item| match store.field(*item, key) {
            Some(of) if of == value => with_field(store, *item, key, entry.key),
            _ => *item,
        });
        let listed: Vec<ValueId> = listed.collect();
        let listed = store.list(listed);
        let source = with_field(store, source, secret_name, entry.secret);
        with_field(store, source, items, listed)
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
                    Some(entry) => {
                        let from = entry.reference(store);
                        all.push(setting_of(store, name, "valueFrom", from));
                    }
                    None => all.push(*element),
                },
                Value::Op { op: Op::Text, args } => {
                    let mut text = String::new();
                    for part in args {
                        let Value::Ref { of, path, .. } = store.get(part).clone() else {
                            match store.text_of(part) {
                                Ok(known) => text.push_str(&known.replace('$', "$$")),
                                Err(_) => {
                                    self.tell("only texts stand around a secret that the cluster keeps", ELSEWHERE)
                                }
                            }
                            continue;
                        };
                        let Some(entry) = self.kept(store, of, &path) else { continue };
                        let from = entry.reference(store);
                        let helper = self.helper(store, elements, &mut made);
                        text.push_str(&format!("$({helper})"));
                        let helper = store.text(helper);
                        all.push(setting_of(store, helper, "valueFrom", from));
                    }
                    let text = store.text(text);
                    all.push(setting_of(store, name, "value", text));
                }
                _ => self
                    .tell("the cluster puts a secret that it keeps in place as it is, or inside of a text", ELSEWHERE),
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

    /// Where an object of this cluster and this namespace keeps a value.
    fn kept(&mut self, store: &mut Store, of: AddressId, path: &[Step]) -> Option<Entry> {
        let secret = self.graph.resource(of).filter(|secret| secret.kind.target == self.resource.kind.target)?;
        let [Step::Field(data), Step::Key(key)] = path else { return None };
        if secret.kind.kind_name.as_ref() != "Secret" || data.text() != "data" {
            return None;
        }
        let name = metadata(store, secret.body, "name")?;
        let here = metadata(store, self.resource.body, "namespace");
        if secret.provider != self.resource.provider || metadata(store, secret.body, "namespace") != here {
            self.tell("a pod takes secrets from its own namespace of its own cluster only", ELSEWHERE);
            return None;
        }
        Some(Entry { secret: name, key: store.text(key.text()) })
    }

    fn tell(&mut self, message: &str, help: &str) {
        let place = place_for_user(self.graph, self.resource, &[]);
        self.told.push(Diagnostic::error("secret_exposed", place, message).help(help));
    }
}

/// What helps where a pod cannot be given a secret by its cluster.
const ELSEWHERE: &str = "let the program read the secret itself, or keep it where the program runs";

impl Entry {
    /// The source of a setting.
    fn reference(&self, store: &mut Store) -> ValueId {
        let reference = store.record(vec![(Name::new("name"), self.secret), (Name::new("key"), self.key)]);
        store.record(vec![(Name::new("secretKeyRef"), reference)])
    }
}

/// A record with another value in one of its fields.
fn with_field(store: &mut Store, record: ValueId, name: Name, value: ValueId) -> ValueId {
    let Value::Record(fields) = store.get(record).clone() else { return record };
    let fields = fields.iter().map(|field| if field.0 == name { (name, value) } else { *field }).collect();
    store.record(fields)
}

fn setting_of(store: &mut Store, name: ValueId, field: &str, value: ValueId) -> ValueId {
    store.record(vec![(Name::new("name"), name), (Name::new(field), value)])
}

fn metadata(store: &Store, body: ValueId, field: &str) -> Option<ValueId> {
    let metadata = store.field(body, Name::new("metadata"))?;
    let value = store.field(metadata, Name::new(field))?;
    Some(store.folded(value))
}
