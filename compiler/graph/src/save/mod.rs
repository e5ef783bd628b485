//! The saved form, `graph.json`, for the engine and other programs: one node a line, values and addresses that several nodes share once,
//! in tables. The same graph has the same bytes, and what was read is saved as it was. Places stand beside it, in
//! `graph.places.json`.

mod places;
mod table;
mod values;
mod writer;

use std::sync::Arc;

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;
use source::Name;
use value::AddressId;
use value::scalars::date_text;

pub use places::{save_places, saved_places};
pub(crate) use values::is_word;

use crate::{
    Change, Chosen, CredentialFrom, Edge, EdgeKind, Effects, FORMAT, Graph, Instance, NativeKind, NodeId, Output,
    Provider, Resource, Waiver, text_at,
};
use table::Tables;
use values::{Spelling, address_text, steps};
use writer::Compact;

/// The limit of a name that says none.
pub(crate) const USUAL_LIMIT: u32 = 63;

/// The provider of a kind that says none: a kind that belongs to one begins with its name.
pub(crate) fn usual_provider<'k>(kind: &'k str, api_version: &str) -> &'k str {
    if api_version.is_empty() { kind.split('_').next().unwrap_or_default() } else { "" }
}

/// `graph.json`: what the environment holds.
pub fn save(graph: &Graph) -> String {
    text(graph, true)
}

/// The same; without the order of the statements, where nothing waits for it.
pub(crate) fn text(graph: &Graph, seq: bool) -> String {
    let tables = Tables::of(graph);
    let mut saving = Saving {
        graph,
        spelling: Spelling { store: &graph.store, tables: &tables },
        seq,
        platforms: IndexSet::default(),
        chosen: IndexSet::default(),
        waivers: IndexSet::default(),
        statements: IndexSet::default(),
    };
    saving.collect();
    saving.write()
}

type Table<T> = IndexSet<T, FxBuildHasher>;

/// What one statement makes has this in common.
#[derive(PartialEq, Eq, Hash)]
struct StatementLine {
    made_by: Arc<str>,
    kind: Arc<NativeKind>,
    read: bool,
    effects: Effects,
}

struct Saving<'g> {
    graph: &'g Graph,
    spelling: Spelling<'g>,
    seq: bool,
    platforms: Table<Arc<str>>,
    chosen: Table<Arc<[Chosen]>>,
    waivers: Table<WaiverLine<'g>>,
    statements: Table<StatementLine>,
}

fn statement_of(resource: &Resource) -> StatementLine {
    StatementLine {
        made_by: resource.made_by.clone(),
        kind: resource.kind.clone(),
        read: resource.read,
        effects: resource.effects,
    }
}

impl Saving<'_> {
    fn collect(&mut self) {
        for instance in &self.graph.instances {
            self.platforms.extend(instance.platform.clone());
        }
        for resource in &self.graph.resources {
            self.platforms.extend(resource.home.platform.clone());
            self.chosen.insert(resource.chosen.clone());
            self.waivers.extend(resource.waivers.iter().map(waiver_line));
            self.statements.insert(statement_of(resource));
        }
    }

    fn write(&self) -> String {
        let graph = self.graph;
        let mut out = Compact::default();
        out.nested('{', '}', |out| {
            let member = |out: &mut Compact, name: &str, text: &str| {
                out.comma();
                out.out.push('\n');
                out.text_field(name, text);
            };
            out.out.push('\n');
            out.field("format", |out| out.raw(FORMAT));
            member(out, "project", graph.project.text());
            member(out, "environment", graph.environment.text());
            lines(out, "addresses", &self.spelling.tables.addresses, |out, address| {
                out.text(&address_text(&graph.store, *address));
            });
            lines(out, "values", &self.spelling.tables.values, |out, value| self.spelling.spelt(out, *value));
            lines(out, "platforms", &self.platforms, |out, platform| out.text(platform));
            lines(out, "chosen", &self.chosen, |out, chosen| {
                out.list(chosen.iter(), |out, chosen| {
                    let names = [Some(chosen.kind), chosen.implementation, chosen.package];
                    out.list(names, |out, name| match name {
                        Some(name) => out.text(name.text()),
                        None => out.raw("null"),
                    });
                });
            });
            lines(out, "waivers", &self.waivers, waiver);
            lines(out, "statements", &self.statements, statement);
            lines(out, "providers", &graph.providers, |out, provider| self.provider(out, provider));
            lines(out, "instances", &graph.instances, |out, instance| self.instance(out, instance));
            lines(out, "resources", &graph.resources, |out, resource| self.resource(out, resource));
            lines(out, "inputs", &graph.inputs, |out, input| out.text(input.name.text()));
            lines(out, "outputs", &graph.outputs, |out, output| self.output(out, output));
            lines(out, "deferred", &graph.deferred, |out, deferred| {
                out.nested('{', '}', |out| {
                    out.text_field("message", &deferred.message);
                    out.field("condition", |out| self.spelling.value(out, deferred.condition));
                });
            });
            lines(out, "changes", &graph.changes, |out, change| self.change(out, change));
            lines(out, "named", &graph.named, |out, named| {
                out.list([named.address, named.first], |out, address| self.spelling.address(out, address));
            });
            lines(out, "state", graph.targets.state.as_slice(), |out, state| {
                out.nested('{', '}', |out| {
                    out.text_field("backend", state.backend.text());
                    out.field("settings", |out| {
                        out.nested('{', '}', |out| {
                            for (name, value) in &state.settings {
                                out.field(name.text(), |out| self.spelling.value(out, *value));
                            }
                        });
                    });
                });
            });
            out.out.push('\n');
        });
        out.out.push('\n');
        out.out
    }

    fn provider(&self, out: &mut Compact, provider: &Provider) {
        out.nested('{', '}', |out| {
            out.text_field("target", provider.target.text());
            out.text_field("name", provider.name.text());
            if let Some(alias) = provider.alias {
                out.text_field("alias", alias.text());
            }
            out.text_field("source", &provider.source);
            out.text_field("version", &provider.version);
            out.field("inputs", |out| self.spelling.value(out, provider.inputs));
            if !provider.credentials.is_empty() {
                out.field("credentials", |out| {
                    out.list(provider.credentials.iter(), |out, credential| {
                        let from = match credential.from {
                            CredentialFrom::Variable => "variable",
                            CredentialFrom::File => "file",
                            CredentialFrom::Input => "input",
                        };
                        out.list([from, &credential.name], |out, text| out.text(text));
                    });
                });
            }
            if !provider.proof.is_empty() {
                out.field("proof", |out| {
                    out.list(provider.proof.iter(), |out, read| {
                        out.list([read.kind, read.field], |out, name| out.text(name.text()));
                    });
                });
            }
            out.text_field("platform", provider.platform.text());
            out.field("platform_inputs", |out| self.spelling.value(out, provider.platform_inputs));
            if let Some(host) = provider.hosted_on {
                out.field("hosted_on", |out| self.spelling.address(out, host));
            }
            self.edges(out, &provider.edges);
        });
    }

    fn instance(&self, out: &mut Compact, instance: &Instance) {
        out.nested('{', '}', |out| {
            out.field("address", |out| self.spelling.address(out, instance.address));
            out.text_field("kind", instance.kind.text());
            if let Some(implementation) = instance.implementation {
                out.text_field("implementation", implementation.text());
            }
            self.number(out, "platform", instance.platform.as_ref().and_then(|text| self.platforms.get_index_of(text)));
            out.field("inputs", |out| self.spelling.value(out, instance.inputs));
        });
    }

    fn resource(&self, out: &mut Compact, resource: &Resource) {
        out.nested('{', '}', |out| {
            out.field("address", |out| self.spelling.address(out, resource.address));
            self.number(out, "statement", self.statements.get_index_of(&statement_of(resource)));
            if self.seq && resource.seq > 0 {
                out.field("seq", |out| out.number(resource.seq as usize));
            }
            if let Some(owner) = resource.owner {
                out.field("owner", |out| self.spelling.address(out, owner));
            }
            let platform = resource.home.platform.as_ref().and_then(|text| self.platforms.get_index_of(text));
            self.number(out, "platform", platform);
            if let Some(host) = resource.home.host {
                out.field("host", |out| self.spelling.address(out, host));
            }
            self.number(out, "provider", resource.provider.map(|provider| provider.0 as usize));
            self.number(out, "chosen", self.chosen.get_index_of(&resource.chosen));
            out.field("body", |out| self.spelling.value(out, resource.body));
            self.edges(out, &resource.edges);
            self.names(out, resource);
            life(out, resource);
            if !resource.waivers.is_empty() {
                let numbers =
                    resource.waivers.iter().filter_map(|waiver| self.waivers.get_index_of(&waiver_line(waiver)));
                out.field("waivers", |out| out.list(numbers, |out, number| out.number(number)));
            }
        });
    }

    fn number(&self, out: &mut Compact, name: &str, number: Option<usize>) {
        if let Some(number) = number {
            out.field(name, |out| out.number(number));
        }
    }

    /// Edges of data stand in the values already.
    fn edges(&self, out: &mut Compact, edges: &[Edge]) {
        let said: Vec<&Edge> = edges.iter().filter(|edge| edge.kind != EdgeKind::Data).collect();
        if said.is_empty() {
            return;
        }
        out.field("edges", |out| {
            out.list(said, |out, edge| {
                out.nested('[', ']', |out| {
                    out.text(match edge.kind {
                        EdgeKind::Data => "data",
                        EdgeKind::Order => "order",
                        EdgeKind::HostedOn => "hosted_on",
                        EdgeKind::Notifies => "notifies",
                    });
                    match edge.to {
                        NodeId::Resource(to) => {
                            out.out.push(',');
                            self.spelling.address(out, to);
                        }
                        NodeId::Provider(to) => out.raw(format_args!(",\"provider\",{}", to.0)),
                    }
                });
            });
        });
    }

    fn names(&self, out: &mut Compact, resource: &Resource) {
        if resource.names.is_empty() {
            return;
        }
        out.field("names", |out| {
            out.list(&resource.names, |out, name| {
                out.nested('{', '}', |out| {
                    out.field("path", |out| steps(out, &name.path));
                    if Some(name.of) != resource.owner {
                        out.field("of", |out| self.spelling.address(out, name.of));
                    }
                    for (field, text) in [("before", &name.before), ("after", &name.after)] {
                        if !text.is_empty() {
                            out.text_field(field, text);
                        }
                    }
                    // A name that was not cut is what stands there.
                    let text = text_at(&self.graph.store, resource.body, &name.path);
                    if !text.is_some_and(|text| name.is_whole_in(text)) {
                        out.text_field("base", &name.base);
                    }
                    if name.limit != USUAL_LIMIT {
                        out.field("limit", |out| out.raw(name.limit));
                    }
                    out.flag("bare", name.bare);
                });
            });
        });
    }

    fn output(&self, out: &mut Compact, output: &Output) {
        out.nested('{', '}', |out| {
            out.text_field("name", output.name.text());
            out.field("value", |out| self.spelling.value(out, output.value));
            out.flag("secret", output.secret);
        });
    }

    fn change(&self, out: &mut Compact, change: &Change) {
        let address = |out: &mut Compact, name: &str, address: AddressId| {
            out.field(name, |out| self.spelling.address(out, address));
        };
        out.nested('{', '}', |out| match change {
            Change::Moved { resource, from, to, .. } => {
                address(out, "moved", *resource);
                address(out, "from", *from);
                address(out, "to", *to);
            }
            Change::Adopt { address: adopted, id, .. } => {
                address(out, "adopt", *adopted);
                out.text_field("id", id);
            }
            Change::Forget { address: left, .. } => address(out, "forget", *left),
            Change::Destroy { address: left, because, .. } => {
                address(out, "destroy", *left);
                out.text_field("because", because);
            }
        });
    }
}

/// A member that is a list with an element a line.
fn lines<T>(
    out: &mut Compact,
    name: &str,
    elements: impl IntoIterator<Item = T>,
    mut each: impl FnMut(&mut Compact, T),
) {
    out.comma();
    out.out.push('\n');
    out.field(name, |out| {
        out.nested('[', ']', |out| {
            let before = out.out.len();
            for element in elements {
                if out.out.len() > before {
                    out.out.push(',');
                }
                out.out.push('\n');
                each(out, element);
            }
            if out.out.len() > before {
                out.out.push('\n');
            }
        });
    });
}

fn statement(out: &mut Compact, statement: &StatementLine) {
    let kind = &statement.kind;
    out.nested('{', '}', |out| {
        out.text_field("made_by", &statement.made_by);
        out.text_field("target", kind.target.text());
        out.text_field("kind", kind.name.text());
        if kind.provider.text() != usual_provider(kind.name.text(), &kind.api_version) {
            out.text_field("provider", kind.provider.text());
        }
        for (name, text) in [("api_version", &kind.api_version), ("kind_name", &kind.kind_name)] {
            if !text.is_empty() {
                out.text_field(name, text);
            }
        }
        out.flag("namespaced", kind.namespaced);
        out.flag("secret", kind.secret);
        if !kind.secret_fields.is_empty() {
            out.field("secret_fields", |out| {
                out.list(kind.secret_fields.iter(), |out, name| out.text(name.text()));
            });
        }
        out.flag("read", statement.read);
        out.flag("stateful", statement.effects.stateful);
        out.flag("outside", statement.effects.outside);
    });
}

fn life(out: &mut Compact, resource: &Resource) {
    out.flag("protect", resource.life.protect);
    out.flag("create_first", resource.life.create_first);
    if !resource.life.ignore.is_empty() {
        out.field("ignore", |out| out.list(&resource.life.ignore, |out, path| steps(out, path)));
    }
}

/// A waiver without its place.
type WaiverLine<'g> = (Name, &'g str, Option<i32>);

fn waiver_line(waiver: &Waiver) -> WaiverLine<'_> {
    (waiver.check, &waiver.because, waiver.until)
}

fn waiver(out: &mut Compact, (check, because, until): &WaiverLine<'_>) {
    out.nested('{', '}', |out| {
        out.text_field("check", check.text());
        out.text_field("because", because);
        if let Some(until) = until {
            out.text_field("until", &date_text(*until));
        }
    });
}
