//! Graphs built by hand: a small language of methods, so that a test reads like the program it stands for.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, and each uses a part of it"
)]

use std::sync::Arc;

use graph::{
    Complete, Deferred, Edge, EdgeKind, Effects, Graph, Home, Life, NativeKind, OriginTree, Origins, Output, Provider,
    ProviderId, Resource, Targets, Waiver,
};
use source::{FileId, ItemId, Name, Place};
use value::{Address, AddressId, Op, Step, Store, Value, ValueId};

pub struct Builder {
    pub graph: Graph,
}

/// A place in the file that the graph is said to come from.
pub fn place(head: &str) -> Place {
    Place { item: ItemId::new(FileId::new("main.infra"), head, 0), start: 0, len: 6 }
}

impl Builder {
    pub fn new() -> Self {
        let graph = Graph {
            project: Name::new("shop"),
            environment: Name::new("prod"),
            store: Store::default(),
            origins: Origins::default(),
            providers: Vec::new(),
            instances: Vec::new(),
            resources: Vec::new(),
            inputs: Vec::new(),
            outputs: Vec::new(),
            deferred: Vec::new(),
            flows: Vec::new(),
            changes: Vec::new(),
            named: Vec::new(),
            targets: Targets::default(),
        };
        Self { graph }
    }
    pub fn text(&mut self, text: &str) -> ValueId {
        self.graph.store.text(text)
    }
    pub fn int(&mut self, number: i64) -> ValueId {
        self.graph.store.add(Value::Int(number))
    }
    pub fn bool(&mut self, value: bool) -> ValueId {
        self.graph.store.add(Value::Bool(value))
    }
    pub fn list<const N: usize>(&mut self, elements: [ValueId; N]) -> ValueId {
        self.graph.store.list(elements)
    }
    pub fn record<const N: usize>(&mut self, fields: [(&str, ValueId); N]) -> ValueId {
        self.graph.store.record(fields.into_iter().map(|(name, value)| (Name::new(name), value)).collect())
    }
    pub fn map<const N: usize>(&mut self, entries: [(&str, ValueId); N]) -> ValueId {
        let entries = entries.into_iter().map(|(key, value)| (self.graph.store.text(key), value)).collect();
        self.graph.store.map(entries)
    }
    pub fn op<const N: usize>(&mut self, op: Op, args: [ValueId; N]) -> ValueId {
        self.graph.store.add(Value::Op { op, args: args.into() })
    }
    /// `front["a"].vm`: a step may carry a key after a `/`.
    pub fn address(&mut self, steps: &[&str]) -> AddressId {
        let mut parent = None;
        for step in steps {
            let (name, key) = step.split_once('/').map_or((*step, None), |(name, key)| (name, Some(Name::new(key))));
            parent = Some(self.graph.store.address(Address { parent, name: Name::new(name), key }));
        }
        parent.unwrap()
    }
    pub fn reference(&mut self, of: AddressId, path: &[Step]) -> ValueId {
        self.graph.store.add(Value::Ref { of, path: path.into(), folded: None, secret: false })
    }
    pub fn secret(&mut self, of: AddressId, field: &str) -> ValueId {
        self.graph.store.add(Value::Ref {
            of,
            path: [Step::Field(Name::new(field))].into(),
            folded: None,
            secret: true,
        })
    }
    pub fn field(&mut self, of: AddressId, field: &str) -> ValueId {
        self.reference(of, &[Step::Field(Name::new(field))])
    }
    pub fn folded(&mut self, of: AddressId, field: &str, known: ValueId) -> ValueId {
        self.graph.store.add(Value::Ref {
            of,
            path: [Step::Field(Name::new(field))].into(),
            folded: Some(known),
            secret: false,
        })
    }
    pub fn provider(&mut self, target: &str, name: &str, alias: Option<&str>, inputs: ValueId) -> ProviderId {
        self.graph.providers.push(Provider {
            target: Name::new(target),
            name: Name::new(name),
            alias: alias.map(Name::new),
            source: format!("hashicorp/{name}").into(),
            version: "5.100.0".into(),
            inputs,
            credentials: Arc::from([]),
            proof: Arc::from([]),
            platform: Name::new(name),
            platform_inputs: inputs,
            hosted_on: None,
            edges: Vec::new(),
            place: place("environment prod"),
        });
        ProviderId(self.graph.providers.len() as u32 - 1)
    }
    pub fn aws(&mut self) -> ProviderId {
        let region = self.text("eu-west-3");
        let inputs = self.record([("region", region)]);
        self.provider("terraform", "aws", None, inputs)
    }
    pub fn kubernetes(&mut self) -> ProviderId {
        let context = self.text("shop");
        let inputs = self.record([("context", context)]);
        self.provider("kubernetes", "kubernetes", None, inputs)
    }
    pub fn terraform(&mut self, provider: ProviderId, address: AddressId, kind: &str, body: ValueId) -> &mut Resource {
        let kind = NativeKind {
            target: Name::new("terraform"),
            name: Name::new(kind),
            provider: Name::new("aws"),
            api_version: "".into(),
            kind_name: "".into(),
            namespaced: false,
            secret: false,
            secret_fields: Arc::from([]),
        };
        self.resource(provider, address, kind, body)
    }
    pub fn object(
        &mut self,
        provider: ProviderId,
        address: AddressId,
        api_version: &str,
        kind: &str,
        body: ValueId,
    ) -> &mut Resource {
        let kind = NativeKind {
            target: Name::new("kubernetes"),
            name: Name::new(&kind.to_lowercase()),
            provider: Name::new(""),
            api_version: api_version.into(),
            kind_name: kind.into(),
            namespaced: true,
            secret: false,
            secret_fields: Arc::from([]),
        };
        self.resource(provider, address, kind, body)
    }
    fn resource(&mut self, provider: ProviderId, address: AddressId, kind: NativeKind, body: ValueId) -> &mut Resource {
        let head = self.graph.store.address_text(address);
        let origin = self.origin(&head, body);
        self.graph.resources.push(Resource {
            address,
            made_by: head.as_str().into(),
            seq: 0,
            owner: None,
            home: Home::default(),
            kind: Arc::new(kind),
            read: false,
            provider: Some(provider),
            body,
            origin,
            place: place(&head),
            edges: Vec::new(),
            life: Life::default(),
            chosen: Arc::from([]),
            effects: Effects::default(),
            names: Vec::new(),
            waivers: Vec::new(),
        });
        self.graph.resources.last_mut().unwrap()
    }
    /// Every field says its own name as the item it stands in.
    fn origin(&mut self, head: &str, body: ValueId) -> graph::OriginId {
        let children: Vec<(Name, ValueId)> = match self.graph.store.get(body) {
            Value::Record(fields) => fields.to_vec(),
            _ => Vec::new(),
        };
        let fields =
            children.into_iter().map(|(name, value)| (name, self.origin(&format!("{head}.{name}"), value))).collect();
        self.graph.origins.add(OriginTree::Fields(place(head), fields))
    }
    pub fn metadata(&mut self, name: &str) -> ValueId {
        let name = self.text(name);
        let namespace = self.text("shop-prod");
        self.record([("name", name), ("namespace", namespace)])
    }
    pub fn output(&mut self, name: &str, value: ValueId, secret: bool) {
        self.graph.outputs.push(Output {
            name: Name::new(name),
            value,
            secret,
            place: place(&format!("output {name}")),
        });
    }
    pub fn deferred(&mut self, condition: ValueId, message: &str) {
        self.graph.deferred.push(Deferred { condition, message: message.to_owned(), place: place("require") });
    }
    /// The graph as emitters take it.
    pub fn complete(&self) -> Complete {
        Complete::new(self.graph.clone()).unwrap_or_else(|refused| panic!("{:?}", refused.1))
    }
    /// The text of a document, which must exist.
    pub fn emitted(&self, path: &str) -> String {
        let emitted = emit::emit_with(&self.complete(), &emit::Settings::beside_project("prod")).unwrap();
        let paths: Vec<&str> = emitted.documents.iter().map(|document| document.path.as_str()).collect();
        emitted
            .documents
            .iter()
            .find(|document| document.path == path)
            .unwrap_or_else(|| panic!("no {path} among {paths:?}"))
            .text
            .clone()
    }
    pub fn refused(&self) -> Vec<String> {
        let told = emit::emit_with(&self.complete(), &emit::Settings::beside_project("prod")).unwrap_err();
        told.into_iter()
            .map(|told| {
                let places: Vec<&str> = told.labels.iter().map(|label| label.place.item.head()).collect();
                format!("{} at {}: {}; {}", told.code, places.join(", "), told.message, told.help.join("; "))
            })
            .collect()
    }
}

pub fn order(to: AddressId) -> Edge {
    Edge::to_resource(to, EdgeKind::Order)
}

pub fn waiver(check: &str, because: &str) -> Waiver {
    Waiver { check: Name::new(check), because: because.to_owned(), until: None, place: place("waiver") }
}
