//! The saved forms: `graph.json` for other programs and, beside it, `graph.places.json`, which alone changes when a comment
//! moves a line. Both have the same bytes for the same program.

use std::borrow::Cow;
use std::fmt::Write as _;

use rustc_hash::FxHashMap;
use source::{Name, Place, Sources};
use value::{AddressId, Step, Store, Value, ValueId};

use crate::{Change, EdgeKind, FORMAT, Graph, OriginId, OriginTree, Resource};

/// `graph.json`: what the environment holds. Numbers are exact; a reference is `{"$ref": …}`, a residual `{"$op": …}`.
pub fn save(graph: &Graph) -> String {
    graph.json()
}

/// `graph.places.json`: file, line and column of every instance, resource and part of a body. Equal trees stand once.
pub fn save_places(graph: &Graph, sources: &Sources) -> String {
    graph.places_json(sources)
}

/// The places of the `origins` of `graph.places.json`, in their order.
pub fn saved_places(graph: &Graph) -> Vec<Place> {
    let (_, trees) = graph.numbered();
    trees.iter().filter_map(|tree| graph.origins.place(*tree)).collect()
}

fn change_json(out: &mut Writer<'_>, change: &Change) {
    out.object(|out| {
        let (what, address) = match change {
            Change::Moved { resource, .. } => ("moved", resource),
            Change::Adopt { address, .. } => ("adopt", address),
            Change::Forget { address, .. } => ("forget", address),
            Change::Destroy { address, .. } => ("destroy", address),
        };
        out.field("change", |out| out.text(what));
        out.field("address", |out| out.address(*address));
        match change {
            Change::Moved { from, to, .. } => {
                out.field("from", |out| out.address(*from));
                out.field("to", |out| out.address(*to));
            }
            Change::Adopt { id, .. } => out.field("id", |out| out.text(id)),
            Change::Destroy { because, .. } => out.field("because", |out| out.text(because)),
            Change::Forget { .. } => {}
        }
    });
}

impl Graph {
    fn json(&self) -> String {
        let mut out = Writer { store: &self.store, out: String::new(), indent: 0 };
        out.object(|out| {
            out.field("format", |out| out.raw(FORMAT));
            out.field("project", |out| out.text(self.project.text()));
            out.field("environment", |out| out.text(self.environment.text()));
            if let Some(state) = &self.state {
                out.field("state", |out| {
                    out.object(|out| {
                        out.field("backend", |out| out.text(state.backend.text()));
                        for (name, value) in &state.settings {
                            out.field(name.text(), |out| out.value(*value));
                        }
                    });
                });
            }
            out.field("providers", |out| {
                out.list(&self.providers, |out, provider| {
                    out.object(|out| {
                        out.field("target", |out| out.text(provider.target.text()));
                        out.field("name", |out| out.text(provider.name.text()));
                        out.optional("alias", provider.alias.map(Name::text));
                        out.field("source", |out| out.text(&provider.source));
                        out.field("version", |out| out.text(&provider.version));
                        out.field("inputs", |out| out.value(provider.inputs));
                        out.field("platform", |out| out.text(provider.platform.text()));
                        out.field("platform_inputs", |out| out.value(provider.platform_inputs));
                        if let Some(host) = provider.hosted_on {
                            out.field("hosted_on", |out| out.address(host));
                        }
                    });
                });
            });
            out.field("instances", |out| {
                out.list(&self.instances, |out, instance| {
                    out.object(|out| {
                        out.field("address", |out| out.address(instance.address));
                        out.field("kind", |out| out.text(instance.kind.text()));
                        out.optional("implementation", instance.implementation.map(Name::text));
                        out.optional("platform", instance.platform.as_deref());
                        out.field("inputs", |out| out.value(instance.inputs));
                    });
                });
            });
            out.field("resources", |out| out.list(&self.resources, |out, resource| self.resource(out, resource)));
            out.field("outputs", |out| {
                out.object(|out| {
                    for output in &self.outputs {
                        out.field(output.name.text(), |out| {
                            out.object(|out| {
                                if output.secret {
                                    out.field("secret", |out| out.raw(true));
                                }
                                out.field("value", |out| out.value(output.value));
                            });
                        });
                    }
                });
            });
            out.field("deferred", |out| {
                out.list(&self.deferred, |out, deferred| {
                    out.object(|out| {
                        out.field("message", |out| out.text(&deferred.message));
                        out.field("condition", |out| out.value(deferred.condition));
                    });
                });
            });
            if !self.changes.is_empty() {
                out.field("changes", |out| out.list(&self.changes, |out, change| change_json(out, change)));
            }
        });
        out.out.push('\n');
        out.out
    }

    fn resource(&self, out: &mut Writer<'_>, resource: &Resource) {
        out.object(|out| {
            out.field("address", |out| out.address(resource.address));
            if let Some(owner) = resource.owner {
                out.field("owner", |out| out.address(owner));
            }
            out.field("target", |out| out.text(resource.kind.target.text()));
            out.field("kind", |out| out.text(resource.kind.name.text()));
            if !resource.kind.kind_name.is_empty() {
                out.field("api_version", |out| out.text(&resource.kind.api_version));
                out.field("kind_name", |out| out.text(&resource.kind.kind_name));
            }
            if resource.read {
                out.field("read", |out| out.raw(true));
            }
            if let Some(provider) = resource.provider {
                out.field("provider", |out| out.raw(provider.0));
            }
            out.field("body", |out| out.value(resource.body));
            if !resource.edges.is_empty() {
                out.field("edges", |out| {
                    out.list(&resource.edges, |out, edge| {
                        let kind = match edge.kind {
                            EdgeKind::Data => "data",
                            EdgeKind::Order => "order",
                            EdgeKind::HostedOn => "hosted_on",
                            EdgeKind::Notifies => "notifies",
                        };
                        out.object(|out| {
                            out.field("to", |out| out.address(edge.to));
                            out.field("kind", |out| out.text(kind));
                        });
                    });
                });
            }
            let life = &resource.life;
            if life.protect {
                out.field("protect", |out| out.raw(true));
            }
            if life.create_first {
                out.field("create_first", |out| out.raw(true));
            }
            if !life.ignore.is_empty() {
                out.field("ignore_drift", |out| out.list(&life.ignore, |out, field| out.text(field.text())));
            }
            if !resource.waivers.is_empty() {
                out.field("waivers", |out| {
                    out.list(&resource.waivers, |out, waiver| {
                        out.object(|out| {
                            out.field("check", |out| out.text(waiver.check.text()));
                            out.field("because", |out| out.text(&waiver.because));
                            if let Some(until) = waiver.until {
                                out.field("until", |out| out.text(&value::scalars::date_text(until)));
                            }
                        });
                    });
                });
            }
        });
    }

    fn places_json(&self, sources: &Sources) -> String {
        let mut out = Writer { store: &self.store, out: String::new(), indent: 0 };
        let (numbers, trees) = self.numbered();
        let at = |out: &mut Writer<'_>, place: Place| out.field("at", |out| out.text(&sources.show_in_project(place)));
        out.object(|out| {
            out.field("format", |out| out.raw(FORMAT));
            out.field("instances", |out| {
                out.object(|out| {
                    for instance in &self.instances {
                        out.field(&self.store.address_text(instance.address), |out| {
                            out.text(&sources.show_in_project(instance.place))
                        });
                    }
                });
            });
            out.field("resources", |out| {
                out.object(|out| {
                    for resource in &self.resources {
                        out.field(&self.store.address_text(resource.address), |out| {
                            out.object(|out| {
                                at(out, resource.place);
                                if let Some(number) = numbers.get(&resource.origin) {
                                    out.field("origin", |out| out.raw(number));
                                }
                            });
                        });
                    }
                });
            });
            out.field("origins", |out| {
                out.list(&trees, |out, tree| {
                    out.object(|out| match self.origins.get(*tree) {
                        Some(OriginTree::Leaf(place)) => at(out, *place),
                        Some(OriginTree::Each(place, each)) => {
                            at(out, *place);
                            out.field("each", |out| out.raw(numbers.get(each).copied().unwrap_or(0)));
                        }
                        Some(OriginTree::Fields(place, fields)) => {
                            at(out, *place);
                            out.field("fields", |out| {
                                out.object(|out| {
                                    for (name, tree) in fields.iter() {
                                        out.field(name.text(), |out| out.raw(numbers.get(tree).copied().unwrap_or(0)));
                                    }
                                });
                            });
                        }
                        Some(OriginTree::Elements(place, elements)) => {
                            at(out, *place);
                            out.field("elements", |out| {
                                out.list(elements, |out, tree| out.raw(numbers.get(tree).copied().unwrap_or(0)))
                            });
                        }
                        None => {}
                    });
                });
            });
        });
        out.out.push('\n');
        out.out
    }

    /// The number of every tree of the resources, and the trees by their numbers.
    fn numbered(&self) -> (FxHashMap<OriginId, usize>, Vec<OriginId>) {
        let mut numbers: FxHashMap<OriginId, usize> = FxHashMap::default();
        let mut trees: Vec<OriginId> = Vec::new();
        for resource in &self.resources {
            self.number(resource.origin, &mut numbers, &mut trees);
        }
        (numbers, trees)
    }

    /// Numbers a tree and what is below it, each once, in the order in which they are met.
    fn number(&self, tree: OriginId, numbers: &mut FxHashMap<OriginId, usize>, trees: &mut Vec<OriginId>) {
        if numbers.contains_key(&tree) {
            return;
        }
        numbers.insert(tree, trees.len());
        trees.push(tree);
        match self.origins.get(tree) {
            Some(OriginTree::Leaf(_)) | None => {}
            Some(OriginTree::Each(_, each)) => self.number(*each, numbers, trees),
            Some(OriginTree::Fields(_, fields)) => {
                fields.iter().for_each(|(_, tree)| self.number(*tree, numbers, trees))
            }
            Some(OriginTree::Elements(_, elements)) => {
                elements.iter().for_each(|tree| self.number(*tree, numbers, trees))
            }
        }
    }
}

const BLANKS: &str = "                                                                ";

/// JSON with two spaces of indentation, written as it goes.
struct Writer<'s> {
    store: &'s Store,
    out: String,
    indent: usize,
}

impl Writer<'_> {
    fn line(&mut self) {
        self.out.push('\n');
        let mut columns = 2 * self.indent;
        while columns > 0 {
            let some = columns.min(BLANKS.len());
            self.out.push_str(&BLANKS[..some]);
            columns -= some;
        }
    }
    fn comma(&mut self) {
        if !matches!(self.out.as_bytes().last(), Some(b'{' | b'[')) {
            self.out.push(',');
        }
        self.line();
    }
    fn object(&mut self, members: impl FnOnce(&mut Self)) {
        self.nested('{', '}', members);
    }
    fn list<T>(&mut self, elements: &[T], mut each: impl FnMut(&mut Self, &T)) {
        self.nested('[', ']', |out| {
            for element in elements {
                out.comma();
                each(out, element);
            }
        });
    }
    fn nested(&mut self, open: char, close: char, inside: impl FnOnce(&mut Self)) {
        self.out.push(open);
        self.indent += 1;
        let before = self.out.len();
        inside(self);
        self.indent -= 1;
        if self.out.len() > before {
            self.line();
        }
        self.out.push(close);
    }
    fn field(&mut self, name: &str, value: impl FnOnce(&mut Self)) {
        self.comma();
        self.text(name);
        self.out.push_str(": ");
        value(self);
    }
    fn optional(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.field(name, |out| out.text(text));
        }
    }
    fn raw(&mut self, value: impl std::fmt::Display) {
        // Writing to a String cannot fail.
        let _ = write!(self.out, "{value}");
    }
    fn text(&mut self, text: &str) {
        self.out.push('"');
        // Without an early end the whole text is looked at in wide steps.
        if !text
            .bytes()
            .fold(false, |found, byte| found | (byte < 0x20) | (byte == b'"') | (byte == b'\\') | (byte == 0x7f))
        {
            self.out.push_str(text);
        } else {
            self.escaped(text);
        }
        self.out.push('"');
    }
    fn escaped(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\t' => self.out.push_str("\\t"),
                '\r' => self.out.push_str("\\r"),
                control if (control as u32) < 0x20 || control == '\u{7f}' => {
                    let _ = write!(self.out, "\\u{:04x}", control as u32);
                }
                other => self.out.push(other),
            }
        }
    }
    fn address(&mut self, address: AddressId) {
        let text = self.store.address_text(address);
        self.text(&text);
    }
    fn values(&mut self, values: &[ValueId]) {
        self.list(values, |out, value| out.value(*value));
    }
    fn value(&mut self, id: ValueId) {
        let store = self.store;
        match store.get(id) {
            Value::Absent | Value::Null | Value::Unknown(_) => self.raw("null"),
            Value::Bool(answer) => self.raw(answer),
            Value::Int(number) => self.raw(number),
            Value::Decimal(number) | Value::Ratio(number) => self.raw(value::number_text(number)),
            Value::Text(text) => self.text(text),
            Value::Size(_)
            | Value::Duration(_)
            | Value::Ip(_)
            | Value::Cidr(_)
            | Value::Port { .. }
            | Value::Date(_) => self.text(&store.show(id)),
            Value::List(elements) => self.values(elements),
            Value::Record(fields) => self
                .object(|out| fields.iter().for_each(|(name, value)| out.field(name.text(), |out| out.value(*value)))),
            Value::Map(entries) => self.object(|out| {
                for (key, value) in entries.iter() {
                    let key: Cow<'_, str> = match store.get(*key) {
                        Value::Text(text) => Cow::Borrowed(text),
                        Value::Instance(address) => store.address_text(*address).into(),
                        _ => store.text_of(*key).unwrap_or_else(|_| store.show(*key)).into(),
                    };
                    out.field(&key, |out| out.value(*value));
                }
            }),
            Value::Tagged { tag, fields } => self.object(|out| {
                out.field("$case", |out| out.text(tag.text()));
                out.field("values", |out| out.values(fields));
            }),
            Value::Range(first, last) => self.object(|out| out.field("$range", |out| out.values(&[*first, *last]))),
            Value::Instance(address) => self.object(|out| out.field("$instance", |out| out.address(*address))),
            Value::Endpoint(address, port) => self.object(|out| {
                out.field("$endpoint", |out| out.address(*address));
                out.field("port", |out| out.text(port.text()));
            }),
            Value::Flow { from, to, key } => self.object(|out| {
                out.field("$flow", |out| out.value(*key));
                out.field("from", |out| out.values(from));
                out.field("to", |out| out.values(to));
            }),
            Value::Platform { platform, name, inputs, instance } => self.object(|out| {
                out.field("$platform", |out| out.text(platform.text()));
                out.optional("name", name.map(Name::text));
                out.field("inputs", |out| out.value(*inputs));
                if let Some(address) = instance {
                    out.field("instance", |out| out.address(*address));
                }
            }),
            Value::Ref { of, path, folded, secret } => self.object(|out| {
                out.field("$ref", |out| out.address(*of));
                out.field("path", |out| {
                    out.list(path, |out, step| match step {
                        Step::Field(name) => out.text(name.text()),
                        Step::Index(at) => out.raw(at),
                        Step::Key(key) => out.object(|out| out.field("key", |out| out.text(key.text()))),
                        Step::First => out.object(|out| out.field("first", |out| out.raw(true))),
                    });
                });
                if let Some(known) = folded {
                    out.field("known", |out| out.value(*known));
                }
                if *secret {
                    out.field("secret", |out| out.raw(true));
                }
            }),
            Value::Op { op, args } => self.object(|out| {
                out.field("$op", |out| out.text(op.name()));
                out.field("args", |out| out.values(args));
            }),
        }
    }
}
