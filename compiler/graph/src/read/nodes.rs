//! Providers, instances, resources and the rest of a saved graph, from its tables.

use std::sync::Arc;

use source::{FileId, ItemId, Name, Place};
use value::{AddressId, Store, Value, ValueId};

use super::ReadError;
use super::json::Json;
use super::values::{Values, date, steps};
use crate::save::{USUAL_LIMIT, usual_provider};
use crate::{
    Change, Chosen, CredentialFrom, CredentialRef, Deferred, Edge, EdgeKind, Effects, Home, IdentityRead, Input,
    Instance, Life, Named, NativeKind, NodeId, OriginId, Output, PhysicalName, Provider, ProviderId, Resource,
    StatePlace, Waiver, data_edges, sort_edges, text_at,
};

/// A place in the file itself: the program's own are not saved with the graph.
pub(super) fn place(at: usize) -> Place {
    let item = ItemId::new(FileId::new("graph.json"), "", 0);
    Place { item, start: u32::try_from(at).unwrap_or(u32::MAX), len: 1 }
}

/// What all that one statement makes has in common.
struct Statement {
    made_by: Arc<str>,
    kind: Arc<NativeKind>,
    read: bool,
    effects: Effects,
}

/// Reads nodes with the tables that they mention.
pub(super) struct Nodes<'t> {
    values: Values<'t>,
    origin: OriginId,
    platforms: Vec<Arc<str>>,
    chosen: Vec<Arc<[Chosen]>>,
    waivers: Vec<Waiver>,
    statements: Vec<Statement>,
}

type Read<T> = Result<T, ReadError>;

impl<'t> Nodes<'t> {
    /// With no tables yet.
    pub fn new(values: Values<'t>, origin: OriginId) -> Self {
        Self { values, origin, platforms: Vec::new(), chosen: Vec::new(), waivers: Vec::new(), statements: Vec::new() }
    }
    /// The store with all that was read.
    pub fn into_store(self) -> Store {
        self.values.store
    }

    /// The tables.
    pub fn read_tables(&mut self, tables: [&Json<'t>; 4]) -> Read<()> {
        let [platforms, chosen, waivers, statements] = tables;
        let text = self.values.text;
        for platform in text.list(platforms)? {
            self.platforms.push(text.text(platform)?.into());
        }
        for path in text.list(chosen)? {
            let chosen = text.list(path)?.iter().map(|chosen| {
                let [kind, implementation, package] = text.exactly(chosen)?;
                Ok(Chosen {
                    kind: text.name(kind)?,
                    implementation: text.optional_name(implementation)?,
                    package: text.optional_name(package)?,
                })
            });
            self.chosen.push(chosen.collect::<Read<Vec<_>>>()?.into());
        }
        for waiver in text.list(waivers)? {
            let read = self.waiver(waiver)?;
            self.waivers.push(read);
        }
        for statement in text.list(statements)? {
            let read = self.statement(statement)?;
            self.statements.push(read);
        }
        Ok(())
    }

    fn statement(&self, json: &Json<'t>) -> Read<Statement> {
        let text = self.values.text;
        let fields = text.fields(json)?;
        let optional = |name: &str| fields.take(name).map_or(Ok(""), |json| text.text(json));
        let secret_fields = match fields.take("secret_fields") {
            Some(names) => text.list(names)?.iter().map(|name| text.name(name)).collect::<Read<Arc<[Name]>>>()?,
            None => Arc::from([]),
        };
        let (kind, api_version) = (fields.name("kind")?, optional("api_version")?);
        let provider = match fields.take("provider") {
            Some(provider) => text.name(provider)?,
            None => Name::new(usual_provider(kind.text(), api_version)),
        };
        let statement = Statement {
            made_by: fields.text("made_by")?.into(),
            kind: Arc::new(NativeKind {
                target: fields.name("target")?,
                name: kind,
                provider,
                api_version: api_version.into(),
                kind_name: optional("kind_name")?.into(),
                namespaced: fields.flag("namespaced")?,
                secret: fields.flag("secret")?,
                secret_fields,
            }),
            read: fields.flag("read")?,
            effects: Effects { stateful: fields.flag("stateful")?, outside: fields.flag("outside")? },
        };
        fields.end(&[
            "made_by",
            "target",
            "kind",
            "provider",
            "api_version",
            "kind_name",
            "namespaced",
            "secret",
            "secret_fields",
            "read",
            "stateful",
            "outside",
        ])?;
        Ok(statement)
    }

    /// A provider; there are so many.
    pub fn provider(&mut self, json: &Json<'t>, providers: usize) -> Read<Provider> {
        let text = self.values.text;
        let fields = text.fields(json)?;
        let inputs = self.values.value(fields.need("inputs")?)?;
        let mut edges = data_edges(&self.values.store, inputs);
        edges.extend(self.edges(fields.take("edges"), providers)?);
        sort_edges(&self.values.store, &mut edges);
        let credentials = fields.take("credentials").map_or(Ok(&[][..]), |json| text.list(json))?;
        let proof = fields.take("proof").map_or(Ok(&[][..]), |json| text.list(json))?;
        let provider = Provider {
            target: fields.name("target")?,
            name: fields.name("name")?,
            alias: fields.take("alias").map(|alias| text.name(alias)).transpose()?,
            source: fields.text("source")?.into(),
            version: fields.text("version")?.into(),
            inputs,
            credentials: credentials.iter().map(|json| self.credential(json)).collect::<Read<Arc<[_]>>>()?,
            proof: proof
                .iter()
                .map(|json| {
                    let [kind, field] = text.exactly(json)?;
                    Ok(IdentityRead { kind: text.name(kind)?, field: text.name(field)? })
                })
                .collect::<Read<Arc<[_]>>>()?,
            platform: fields.name("platform")?,
            platform_inputs: self.values.value(fields.need("platform_inputs")?)?,
            hosted_on: fields.take("hosted_on").map(|host| self.values.address(host)).transpose()?,
            edges,
            place: place(json.at),
        };
        fields.end(&[
            "target",
            "name",
            "alias",
            "source",
            "version",
            "inputs",
            "credentials",
            "proof",
            "platform",
            "platform_inputs",
            "hosted_on",
            "edges",
        ])?;
        Ok(provider)
    }

    fn credential(&self, json: &Json<'t>) -> Read<CredentialRef> {
        let text = self.values.text;
        let [from, name] = text.exactly(json)?;
        let from = match text.text(from)? {
            "variable" => CredentialFrom::Variable,
            "file" => CredentialFrom::File,
            "input" => CredentialFrom::Input,
            _ => return text.refuse(from.at, "`variable`, `file` or `input` belongs here"),
        };
        Ok(CredentialRef { from, name: text.text(name)?.into() })
    }

    fn edges(&self, json: Option<&Json<'t>>, providers: usize) -> Read<Vec<Edge>> {
        let text = self.values.text;
        let edge = |json: &Json<'t>| {
            let (kind, to) = match text.list(json)? {
                [kind, to] => (kind, NodeId::Resource(self.values.address(to)?)),
                [kind, word, to] if text.text(word)? == "provider" => {
                    let number: usize = text.int(to)?;
                    if number >= providers {
                        return text.refuse(to.at, format!("there is no provider {number}: there are {providers}"));
                    }
                    (kind, NodeId::Provider(ProviderId(number as u32)))
                }
                _ => return text.refuse(json.at, "an edge is its kind and what it leads to"),
            };
            let kind = match text.text(kind)? {
                "order" => EdgeKind::Order,
                "hosted_on" => EdgeKind::HostedOn,
                "notifies" => EdgeKind::Notifies,
                _ => return text.refuse(kind.at, "`order`, `hosted_on` or `notifies` belongs here"),
            };
            Ok(Edge { to, kind, path: Box::default() })
        };
        json.map_or(Ok(&[][..]), |json| text.list(json))?.iter().map(edge).collect()
    }

    fn platform(&self, json: Option<&Json<'t>>) -> Read<Option<Arc<str>>> {
        json.map(|json| self.values.text.index(json, &self.platforms, "platform").cloned()).transpose()
    }

    /// An instance.
    pub fn instance(&mut self, json: &Json<'t>) -> Read<Instance> {
        let text = self.values.text;
        let fields = text.fields(json)?;
        let instance = Instance {
            address: self.values.address(fields.need("address")?)?,
            kind: fields.name("kind")?,
            implementation: fields.take("implementation").map(|name| text.name(name)).transpose()?,
            platform: self.platform(fields.take("platform"))?,
            place: place(json.at),
            inputs: self.values.value(fields.need("inputs")?)?,
        };
        fields.end(&["address", "kind", "implementation", "platform", "inputs"])?;
        Ok(instance)
    }

    /// A resource; there are so many providers.
    pub fn resource(&mut self, json: &Json<'t>, providers: usize) -> Read<Resource> {
        let text = self.values.text;
        let fields = text.fields(json)?;
        let address = self.values.address(fields.need("address")?)?;
        let body = self.values.value(fields.need("body")?)?;
        if !matches!(self.values.store.get(body), Value::Record(_)) {
            return text.refuse(json.at, "the body of a resource is a record");
        }
        let mut edges = data_edges(&self.values.store, body);
        edges.extend(self.edges(fields.take("edges"), providers)?);
        edges.retain(|edge| edge.to != NodeId::Resource(address));
        sort_edges(&self.values.store, &mut edges);
        let provider = fields.take("provider").map(|json| (json, text.int::<u32>(json)));
        let provider = match provider {
            Some((_, Ok(number))) if (number as usize) < providers => Some(ProviderId(number)),
            Some((json, _)) => {
                return text.refuse(json.at, format!("there is no such provider: there are {providers}"));
            }
            None => None,
        };
        let owner = fields.take("owner").map(|owner| self.values.address(owner)).transpose()?;
        let names = fields.take("names").map_or(Ok(&[][..]), |json| text.list(json))?;
        let ignore = fields.take("ignore").map_or(Ok(&[][..]), |json| text.list(json))?;
        let waivers = fields.take("waivers").map_or(Ok(&[][..]), |json| text.list(json))?;
        let statement = text.index(fields.need("statement")?, &self.statements, "statement")?;
        let resource = Resource {
            address,
            made_by: statement.made_by.clone(),
            seq: fields.take("seq").map_or(Ok(0), |seq| text.int(seq))?,
            owner,
            home: Home {
                platform: self.platform(fields.take("platform"))?,
                host: fields.take("host").map(|host| self.values.address(host)).transpose()?,
            },
            kind: statement.kind.clone(),
            read: statement.read,
            provider,
            body,
            origin: self.origin,
            place: place(json.at),
            edges,
            life: Life {
                protect: fields.flag("protect")?,
                create_first: fields.flag("create_first")?,
                ignore: ignore.iter().map(|path| steps(text, path)).collect::<Read<_>>()?,
            },
            chosen: text.index(fields.need("chosen")?, &self.chosen, "choice")?.clone(),
            effects: statement.effects,
            names: names.iter().map(|name| self.physical_name(name, owner, body)).collect::<Read<_>>()?,
            waivers: waivers
                .iter()
                .map(|number| text.index(number, &self.waivers, "waiver").cloned())
                .collect::<Read<_>>()?,
        };
        fields.end(&[
            "address",
            "statement",
            "seq",
            "owner",
            "platform",
            "host",
            "provider",
            "chosen",
            "body",
            "edges",
            "names",
            "protect",
            "create_first",
            "ignore",
            "waivers",
        ])?;
        Ok(resource)
    }

    fn physical_name(&self, json: &Json<'t>, owner: Option<AddressId>, body: ValueId) -> Read<PhysicalName> {
        let text = self.values.text;
        let fields = text.fields(json)?;
        let path = steps(text, fields.need("path")?)?;
        let of = match (fields.take("of"), owner) {
            (Some(of), _) => self.values.address(of)?,
            (None, Some(owner)) => owner,
            (None, None) => return text.refuse(json.at, "`of` is missing"),
        };
        let part = |name: &str| fields.take(name).map_or(Ok(""), |part| text.text(part));
        let mut name = PhysicalName {
            before: part("before")?.into(),
            after: part("after")?.into(),
            base: Arc::default(),
            path,
            of,
            limit: fields.take("limit").map_or(Ok(USUAL_LIMIT), |limit| text.int(limit))?,
            bare: fields.flag("bare")?,
        };
        let written = text_at(&self.values.store, body, &name.path);
        name.base = match (fields.take("base"), written.and_then(|text| name.around(text))) {
            (Some(base), _) => text.text(base)?.into(),
            (None, Some(base)) => base.into(),
            (None, None) => return text.refuse(json.at, "there is no name at this path"),
        };
        fields.end(&["path", "before", "after", "of", "base", "limit", "bare"])?;
        Ok(name)
    }

    fn waiver(&self, json: &Json<'t>) -> Read<Waiver> {
        let text = self.values.text;
        let fields = text.fields(json)?;
        let waiver = Waiver {
            check: fields.name("check")?,
            because: fields.text("because")?.to_owned(),
            until: fields.take("until").map(|until| date(text, until)).transpose()?,
            place: place(json.at),
        };
        fields.end(&["check", "because", "until"])?;
        Ok(waiver)
    }

    /// What is given from outside: its name.
    pub fn input(&mut self, json: &Json<'t>) -> Read<Input> {
        let name = self.values.text.name(json)?;
        Ok(Input { name, address: self.values.store.input(name), place: place(json.at) })
    }

    /// An output.
    pub fn output(&mut self, json: &Json<'t>) -> Read<Output> {
        let fields = self.values.text.fields(json)?;
        let output = Output {
            name: fields.name("name")?,
            value: self.values.value(fields.need("value")?)?,
            secret: fields.flag("secret")?,
            place: place(json.at),
        };
        fields.end(&["name", "value", "secret"])?;
        Ok(output)
    }

    /// A check on later values.
    pub fn deferred(&mut self, json: &Json<'t>) -> Read<Deferred> {
        let fields = self.values.text.fields(json)?;
        let deferred = Deferred {
            condition: self.values.value(fields.need("condition")?)?,
            message: fields.text("message")?.to_owned(),
            place: place(json.at),
        };
        fields.end(&["message", "condition"])?;
        Ok(deferred)
    }

    /// A change of what is managed.
    pub fn change(&self, json: &Json<'t>) -> Read<Change> {
        let text = self.values.text;
        let fields = text.fields(json)?;
        let place = Some(place(json.at));
        let address = |json: &Json<'t>| self.values.address(json);
        let change = match (fields.take("moved"), fields.take("adopt"), fields.take("forget"), fields.take("destroy")) {
            (Some(resource), None, None, None) => Change::Moved {
                resource: address(resource)?,
                from: address(fields.need("from")?)?,
                to: address(fields.need("to")?)?,
                place,
            },
            (None, Some(adopted), None, None) => {
                Change::Adopt { address: address(adopted)?, id: fields.text("id")?.to_owned(), place }
            }
            (None, None, Some(left), None) => Change::Forget { address: address(left)?, place },
            (None, None, None, Some(left)) => {
                Change::Destroy { address: address(left)?, because: fields.text("because")?.to_owned(), place }
            }
            _ => return text.refuse(json.at, "a change is `moved`, `adopt`, `forget` or `destroy`"),
        };
        fields.end(&["moved", "from", "to", "adopt", "id", "forget", "destroy", "because"])?;
        Ok(change)
    }

    /// What had another address first.
    pub fn named(&self, json: &Json<'t>) -> Read<Named> {
        let [address, first] = self.values.text.exactly(json)?;
        Ok(Named { address: self.values.address(address)?, first: self.values.address(first)? })
    }

    /// Where Terraform keeps its state.
    pub fn state(&mut self, json: &Json<'t>) -> Read<StatePlace> {
        let text = self.values.text;
        let fields = text.fields(json)?;
        let backend = fields.name("backend")?;
        let mut settings = Vec::new();
        for (name, value) in text.members(fields.need("settings")?)? {
            settings.push((Name::new(name), self.values.value(value)?));
        }
        fields.end(&["backend", "settings"])?;
        Ok(StatePlace { backend, settings, place: place(json.at) })
    }
}
