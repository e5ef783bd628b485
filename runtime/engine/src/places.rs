//! Where the program says what: `graph.places.json` as it stands beside a saved graph, read again.

use std::collections::BTreeMap;

use serde::Deserialize;
use state::TreeStep;

/// File, line and column of each resource and of the parts of its body.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Places {
    #[serde(default)]
    instances: BTreeMap<String, String>,
    #[serde(default)]
    resources: BTreeMap<String, Of>,
    #[serde(default)]
    origins: Vec<Origin>,
}

#[derive(Clone, Debug, Deserialize)]
struct Of {
    at: String,
    origin: Option<usize>,
}

#[derive(Clone, Debug, Deserialize)]
struct Origin {
    at: String,
    each: Option<usize>,
    #[serde(default)]
    fields: BTreeMap<String, usize>,
    #[serde(default)]
    elements: Vec<usize>,
}

impl Places {
    /// Reads them; a text that is none has no places.
    pub fn read(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }
    /// Where the program says a resource: `main.infra:3:1`. Of what the library makes, where the program says what it is made for.
    pub fn of(&self, address: &str) -> Option<&str> {
        let own = self.resources.get(address)?.at.as_str();
        if is_of_the_program(own) {
            return Some(own);
        }
        let above = address.match_indices('.').rev().filter_map(|(end, _)| address.get(..end));
        let mut above = above.filter_map(|above| self.instances.get(above)).map(String::as_str);
        above.find(|place| is_of_the_program(place)).or(Some(own))
    }
    /// Where a part of it is said; as near to it as is known.
    pub fn at(&self, address: &str, path: &[TreeStep]) -> Option<&str> {
        let of = self.resources.get(address)?;
        if path.is_empty() {
            return self.of(address);
        }
        let Some(mut origin) = of.origin.and_then(|origin| self.origins.get(origin)) else { return Some(&of.at) };
        for step in path {
            let next = match step {
                TreeStep::Key(key) => origin.fields.get(&**key).copied(),
                TreeStep::Index(position) => origin.elements.get(*position as usize).copied(),
            };
            let Some(next) = next.or(origin.each).and_then(|next| self.origins.get(next)) else { break };
            origin = next;
        }
        if is_of_the_program(&origin.at) { Some(&origin.at) } else { self.of(address) }
    }
}

/// Whether a place is not one of the library.
fn is_of_the_program(place: &str) -> bool {
    !place.starts_with("std/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_has_the_nearest_place() {
        let places = Places::read(
            r#"{"instances": {"x": "main.infra:7:7", "x.y": "std/file.infra:1:1"},
                "resources": {"x.y.z": {"at": "std/file.infra:9:9", "origin": 4}, "a": {"at": "main.infra:1:1", "origin": 0}, "b": {"at": "main.infra:9:1"}},
                "origins": [{"at": "main.infra:1:1", "fields": {"x": 1, "y": 2}},
                            {"at": "main.infra:2:3", "each": 3}, {"at": "main.infra:4:3", "elements": [3]}, {"at": "main.infra:5:5"}, {"at": "std/file.infra:9:9", "fields": {"q": 3}}]}"#,
        );
        let key = |key: &str| TreeStep::Key(key.into());
        let at = |path: &[TreeStep]| places.at("a", path).unwrap().to_owned();
        assert_eq!(at(&[key("x"), TreeStep::Index(7)]), "main.infra:5:5");
        assert_eq!(at(&[key("y"), TreeStep::Index(0), key("z")]), "main.infra:5:5");
        assert_eq!(at(&[key("z")]), "main.infra:1:1");
        assert_eq!(places.at("b", &[key("z")]), Some("main.infra:9:1"));
        assert_eq!(places.of("c"), None);
        assert_eq!(places.of("x.y.z"), Some("main.infra:7:7"));
        assert_eq!(places.at("x.y.z", &[key("q")]), Some("main.infra:5:5"));
        assert_eq!(places.at("x.y.z", &[key("p")]), Some("main.infra:7:7"));
    }
}
