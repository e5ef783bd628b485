//! Secrets of a cluster that are drawn when they are first made. They stand in no manifest, since applying one again would replace
//! what was drawn: a step of its own creates each where it is not there, and nothing changes it afterwards.
//!
//! An annotation says what is to be drawn: `infrac/drawn-value: "40"` for forty letters and digits under the key `value`.

use graph::{Graph, Resource};
use source::{Diagnostic, Name};
use value::{Store, Value, ValueId};

use super::identity::ObjectName;
use crate::index::Index;
use crate::kubernetes::cluster::{Cluster, clusters};
use crate::kubernetes::is_object;
use crate::writer::{Entry, Node, write_yaml};

/// Before the key that is drawn.
const ANNOTATION: &str = "infrac/drawn-";
/// The letters and digits that are drawn from: 62, so that a byte below 248 gives each with the same chance.
const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/// The most that one key may hold.
const LONGEST: usize = 4096;

/// A Secret that is drawn once, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Drawn {
    pub cluster: Cluster,
    pub object: ObjectName,
    /// The keys and how many characters each has.
    pub keys: Vec<(String, usize)>,
    /// Index into [`Graph::resources`].
    at: usize,
}

/// The keys of a body that are drawn; none for all other objects.
pub fn drawn_keys(store: &Store, resource: &Resource, body: ValueId) -> Vec<(String, usize)> {
    if resource.kind.kind_name.as_ref() != "Secret" || resource.kind.api_version.as_ref() != "v1" {
        return Vec::new();
    }
    let field = |of: ValueId, name: &str| store.field(of, Name::new(name)).map(|value| store.folded(value));
    let annotations = field(body, "metadata").and_then(|metadata| field(metadata, "annotations"));
    let Some(Value::Map(entries)) = annotations.map(|annotations| store.get(annotations)) else { return Vec::new() };
    let drawn = entries.iter().filter_map(|(key, length)| {
        let (Value::Text(key), Value::Text(length)) = (store.get(*key), store.get(store.folded(*length))) else {
            return None;
        };
        let length = length.parse().ok().filter(|length| (1..=LONGEST).contains(length))?;
        Some((key.strip_prefix(ANNOTATION)?.to_owned(), length))
    });
    drawn.collect()
}

/// Whether the object at a position is a Secret that is drawn.
pub fn is_drawn(index: &Index<'_>, at: usize, resource: &Resource) -> bool {
    !drawn_keys(index.store, resource, index.body(at)).is_empty()
}

/// All Secrets that are drawn, cluster by cluster.
pub fn drawn(graph: &Graph) -> Vec<Drawn> {
    clusters(graph).iter().flat_map(|cluster| drawn_in(graph, cluster)).collect()
}

/// Those of one cluster.
pub fn drawn_in(graph: &Graph, cluster: &Cluster) -> Vec<Drawn> {
    let objects = graph.resources.iter().enumerate().filter(|(_, resource)| {
        is_object(resource) && resource.provider.map(|provider| provider.0) == cluster.provider
    });
    let drawn = objects.filter_map(|(at, resource)| {
        let keys = drawn_keys(&graph.store, resource, resource.body);
        if keys.is_empty() {
            return None;
        }
        let object = ObjectName::of(&graph.store, resource.body, resource)?;
        Some(Drawn { cluster: cluster.clone(), object, keys, at })
    });
    drawn.collect()
}

/// The Secret with what was drawn, for `kubectl create`. `random` fills bytes that nobody can guess.
///
/// # Errors
///
/// That of the source of randomness.
pub fn draw<E>(graph: &Graph, drawn: &Drawn, mut random: impl FnMut(&mut [u8]) -> Result<(), E>) -> Result<String, E> {
    let Some(resource) = graph.resources.get(drawn.at) else { return Ok(String::new()) };
    let mut data: Vec<Entry<'_>> = Vec::new();
    for (key, length) in &drawn.keys {
        let text = letters(*length, &mut random)?;
        data.push((key.clone().into(), Node::text(value::ops::base64_text(&text))));
    }
    let mut quiet = Quiet;
    let body = crate::body::node(&graph.store, resource.body, &mut Vec::new(), &mut quiet);
    let mut entries = match body {
        Some(Node::Map(entries)) => entries,
        _ => Vec::new(),
    };
    entries.push(("data".into(), Node::Map(data)));
    Ok(write_yaml(String::new(), &[super::arrange(resource, entries)], false).text)
}

fn letters<E>(length: usize, random: &mut impl FnMut(&mut [u8]) -> Result<(), E>) -> Result<String, E> {
    let mut text = String::with_capacity(length);
    while text.len() < length {
        let mut bytes = [0; 64];
        random(&mut bytes)?;
        let even = bytes.iter().filter(|byte| **byte < 248);
        let letters = even.filter_map(|byte| LETTERS.get(usize::from(byte % 62))).map(|letter| char::from(*letter));
        text.extend(letters.take(length - text.len()));
    }
    Ok(text)
}

/// The body of a Secret that is drawn holds nothing but texts that are known.
struct Quiet;

impl<'g> crate::body::Leaves<'g> for Quiet {
    fn text(&mut self, text: &'g str) -> std::borrow::Cow<'g, str> {
        text.into()
    }
    fn later(&mut self, _: ValueId, _: &[value::Step]) -> Option<Node<'g>> {
        None
    }
    fn refuse(&mut self, _: &Value, _: &[value::Step]) {}
}

/// Tells annotations that ask for what cannot be drawn, and Secrets of which another part is given.
pub fn tell_undrawn(graph: &Graph, told: &mut Vec<Diagnostic>) {
    for resource in graph.resources.iter().filter(|resource| resource.kind.kind_name.as_ref() == "Secret") {
        if drawn_keys(&graph.store, resource, resource.body).is_empty() {
            continue;
        }
        let holds = |field: &str| graph.store.field(resource.body, Name::new(field)).is_some();
        if holds("data") || holds("stringData") {
            told.push(
                Diagnostic::error("secret_exposed", resource.place, "a Secret that is drawn holds nothing else")
                    .help("give what is known or handed over in another Secret"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_letter_has_the_same_chance() {
        let mut next = 0u8;
        let mut count = |bytes: &mut [u8]| -> Result<(), ()> {
            for byte in bytes {
                *byte = next;
                next = next.wrapping_add(1);
            }
            Ok(())
        };
        let text = letters(248, &mut count).unwrap();
        assert_eq!(text.len(), 248);
        assert!(LETTERS.iter().all(|letter| text.bytes().filter(|other| other == letter).count() == 4));
    }
}
