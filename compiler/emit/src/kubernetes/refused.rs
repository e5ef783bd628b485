//! Values that a cluster refuses, or takes for what nobody means: told before it is asked, where they are written.

mod choices;
mod ports;
mod words;

use graph::Resource;
use source::{Diagnostic, Name};
use value::{Op, ScalarKind, Step, Store, Value, ValueId};

use crate::index::Index;
use crate::kubernetes::is_object;

/// The most that the data of one ConfigMap or Secret may hold. Kubernetes, `core/validation`: `MaxSecretSize`.
const MOST_DATA: usize = 1 << 20;

/// Tells them.
pub fn tell_refused(index: &Index<'_>, told: &mut Vec<Diagnostic>) {
    for (at, resource) in index.graph.resources.iter().enumerate().filter(|(_, resource)| is_object(resource)) {
        let mut looking = Looking { index, resource, told, path: Vec::new() };
        let body = index.body(at);
        looking.whole(body);
        // What stands in custom resources is for whoever defined them to say, and data is data.
        let metadata = Name::new("metadata");
        if is_built_in(&resource.kind.api_version) && !holds_data(&resource.kind.kind_name) {
            looking.within(body);
        } else if let Some(below) = index.store.field(body, metadata) {
            looking.path.push(Step::Field(metadata));
            looking.within(below);
        }
    }
}

fn is_built_in(api_version: &str) -> bool {
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    !group.contains('.') || group.ends_with(".k8s.io") && !group.ends_with(".x-k8s.io")
}

fn holds_data(kind: &str) -> bool {
    matches!(kind, "ConfigMap" | "Secret")
}

struct Looking<'i, 'g> {
    index: &'i Index<'g>,
    resource: &'g Resource,
    told: &'i mut Vec<Diagnostic>,
    path: Vec<Step>,
}

impl<'g> Looking<'_, 'g> {
    fn store(&self) -> &'g Store {
        self.index.store
    }

    fn tell(&mut self, code: &'static str, message: String, help: &str) {
        self.told.push(self.index.error(code, self.resource, &self.path, message).help(help.to_owned()));
    }

    /// What the last step but so many is called; nothing where it is a place in a list.
    fn called(&self, back: usize) -> &'static str {
        match self.path.iter().rev().nth(back) {
            Some(Step::Field(name) | Step::Key(name)) => name.text(),
            Some(Step::Index(_) | Step::First | Step::Element(_)) | None => "",
        }
    }

    /// What is asked of the object as a whole.
    fn whole(&mut self, body: ValueId) {
        let kind = self.resource.kind.kind_name.as_ref();
        if matches!(kind, "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet") {
            self.selector(body);
        }
        if kind == "Service" && is_built_in(&self.resource.kind.api_version) {
            self.ports(body);
        }
        if !holds_data(kind) {
            return;
        }
        let mut size = 0;
        let mut largest = (0, "");
        for field in ["data", "stringData", "binaryData"] {
            let Some(data) = self.store().field(body, Name::new(field)) else { continue };
            self.path.push(Step::Field(Name::new(field)));
            for (key, value) in self.entries(data) {
                if !words::is_data_key(key) {
                    self.tell(
                        "wrong_name",
                        format!("`{}` cannot be a key of a {kind}", shown(key)),
                        "a cluster takes letters, digits, `-`, `_` and `.`, 253 at most",
                    );
                }
                let length = self.known_length(value);
                size += length;
                if length > largest.0 {
                    largest = (length, key);
                }
            }
            self.path.pop();
        }
        if size > MOST_DATA {
            let (length, key) = largest;
            let message = format!("the data of this {kind} has {size} bytes, {length} of them in `{}`", shown(key));
            self.tell(
                "too_long",
                message,
                "a cluster takes 1 MiB in one object: put large files into an image or a volume",
            );
        }
    }

    /// How many bytes of a text are known: all of them, or those around what is later.
    fn known_length(&self, value: ValueId) -> usize {
        match self.store().get(value) {
            Value::Text(text) => text.len(),
            Value::Op { op: Op::Text, args } => args.iter().map(|part| self.known_length(*part)).sum(),
            _ => 0,
        }
    }

    /// Whether what it selects is what it makes: its pods have the labels by which it finds them.
    fn selector(&mut self, body: ValueId) {
        let selects = ["spec", "selector", "matchLabels"];
        let (Some(selected), Some(labels)) =
            (self.at(body, &selects), self.at(body, &["spec", "template", "metadata", "labels"]))
        else {
            return;
        };
        let labels = self.entries(labels);
        for (key, wanted) in self.entries(selected) {
            let found = labels.iter().find(|label| label.0 == key).map(|label| label.1);
            let is_text = |value: ValueId| matches!(self.store().get(value), Value::Text(_));
            if found.is_some_and(|found| found == wanted || !is_text(found) || !is_text(wanted)) {
                continue;
            }
            self.path = selects.iter().map(|step| Step::Field(Name::new(step))).collect();
            self.path.push(Step::Key(Name::new(key)));
            let message =
                format!("its template does not give its pods the label `{}` by which it selects them", shown(key));
            self.tell("bad_scalar", message, "say the same in `spec.template.metadata.labels`");
            self.path.clear();
        }
    }

    /// What stands at a path of fields.
    fn at(&self, of: ValueId, path: &[&str]) -> Option<ValueId> {
        path.iter().try_fold(of, |at, step| self.store().field(at, Name::new(step)))
    }

    fn entries(&self, of: ValueId) -> Vec<(&'g str, ValueId)> {
        let store = self.store();
        match store.get(of) {
            Value::Record(fields) => fields.iter().map(|(name, value)| (name.text(), *value)).collect(),
            Value::Map(entries) => entries
                .iter()
                .filter_map(|(key, value)| match store.get(*key) {
                    Value::Text(text) => Some((text.as_ref(), *value)),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    fn within(&mut self, value: ValueId) {
        let store = self.store();
        match store.get(value) {
            Value::Record(fields) => {
                for (name, below) in fields {
                    self.step(Step::Field(*name), *below);
                }
            }
            Value::Map(entries) => {
                for (key, below) in entries.iter() {
                    if let Value::Text(key) = store.get(*key) {
                        self.step(Step::Key(Name::new(key)), *below);
                    }
                }
            }
            Value::List(elements) => {
                for (at, element) in elements.iter().enumerate() {
                    self.step(Step::Index(u32::try_from(at).unwrap_or(u32::MAX)), *element);
                }
            }
            _ => {}
        }
    }

    fn step(&mut self, step: Step, value: ValueId) {
        let above = self.called(0);
        self.path.push(step);
        self.entry(above, self.called(0), value);
        self.within(value);
        self.path.pop();
    }

    /// One entry, by the name of what it stands in and its own.
    fn entry(&mut self, above: &str, name: &str, value: ValueId) {
        match (above, self.store().get(value)) {
            ("labels" | "matchLabels", Value::Text(text)) => {
                self.key(name);
                if !words::is_label_value(text) {
                    self.tell(
                        "bad_scalar",
                        format!("`{}` cannot be the value of a label", shown(text)),
                        "a cluster takes letters, digits, `-`, `_` and `.`, a letter or a digit first and last, 63 at most",
                    );
                }
            }
            ("annotations", _) => self.key(name),
            ("requests" | "limits" | "capacity" | "hard", found) => self.amount(name, found),
            (_, Value::Int(number)) => self.number(name, *number),
            (_, Value::Text(text)) => self.text(above, name, text),
            _ => {}
        }
    }

    /// A key of labels and annotations.
    fn key(&mut self, key: &str) {
        if !words::is_qualified(key) {
            self.tell(
                "wrong_name",
                format!("`{}` cannot be the key of a label or an annotation", shown(key)),
                "a cluster takes a name of 63 letters, digits, `-`, `_` and `.`, perhaps behind a domain: `example.com/owner`",
            );
        }
    }

    /// How much of a resource of machines.
    fn amount(&mut self, of: &str, found: &Value) {
        let negative = match found {
            Value::Int(number) => *number < 0,
            Value::Text(text) => match value::quantity(text) {
                None => {
                    let message = format!("`{}` is not a quantity", shown(text));
                    return self.tell(
                        "bad_scalar",
                        message,
                        "write a number, perhaps with a unit: `\"250m\"`, `\"512Mi\"`",
                    );
                }
                // Parts of a byte: whoever writes them means `M` or `Mi`.
                Some((number, unit @ ("m" | "u" | "n"))) if words::is_bytes(of) => {
                    let message = format!("`{text}` of {of} is a part of a byte");
                    let help = format!("`{unit}` divides; say `{number}Mi`, or `{number}MiB` without quotes");
                    return self.tell("bad_scalar", message, &help);
                }
                Some((number, _)) => number.starts_with('-'),
            },
            _ => return,
        };
        if negative {
            self.tell(
                "bad_scalar",
                format!("there is no amount of {of} below nothing"),
                "write how much is meant, or leave it out",
            );
        }
    }

    fn number(&mut self, name: &str, number: i64) {
        match name {
            // No port of the machine at all.
            "hostPort" | "nodePort" if number == 0 => {}
            "containerPort" | "hostPort" | "nodePort" | "targetPort" | "port" | "endPort"
                if !(1..=65535).contains(&number) =>
            {
                self.tell("bad_scalar", format!("{number} is not a port"), "ports are numbered from 1 to 65535");
            }
            // Below nothing it is nothing: the API says so of this one.
            "tolerationSeconds" => {}
            name if name.ends_with("Seconds") && number < 0 => {
                self.tell(
                    "bad_scalar",
                    format!("no time is {number} seconds"),
                    "write how much is meant, or leave it out",
                );
            }
            "replicas" | "minReplicas" | "maxReplicas" | "parallelism" | "completions" if number < 0 => {
                self.tell(
                    "bad_scalar",
                    format!("there are no {number} of something"),
                    "write how many there are to be",
                );
            }
            _ => {}
        }
    }

    fn text(&mut self, above: &str, name: &str, text: &str) {
        match (self.resource.kind.kind_name.as_ref(), name) {
            ("CronJob", "schedule") => {
                if !text.starts_with('@')
                    && let Err(fault) = value::parse_exact(ScalarKind::Cron, text)
                {
                    self.tell(fault.code, fault.message, &fault.help);
                }
            }
            (_, "sizeLimit" | "divisor") => {
                self.amount(if name == "sizeLimit" { "storage" } else { "" }, &Value::Text(text.into()))
            }
            (_, "namespace") if above == "metadata" && !words::is_label(text) => {
                self.tell(
                    "wrong_name",
                    format!("`{}` cannot be the name of a namespace", shown(text)),
                    "a cluster takes small letters, digits and `-`, 63 at most",
                );
            }
            (_, "name") if self.called(2) == "env" && !words::is_variable(text) => {
                self.tell(
                    "wrong_name",
                    format!("`{}` cannot be the name of a variable", shown(text)),
                    "a cluster takes the printed characters of ASCII without `=`: `LOG_LEVEL`",
                );
            }
            (kind, _) => {
                let Some(taken) = choices::taken(kind, above, name) else { return };
                if !taken.contains(&text) {
                    let message = format!("`{}` is none of what `{name}` takes", shown(text));
                    self.tell("bad_scalar", message, &format!("one of {}", source::list_of(taken.iter().copied())));
                }
            }
        }
    }
}

/// As much of a text as a message takes.
fn shown(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}
