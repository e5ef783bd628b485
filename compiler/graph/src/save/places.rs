//! `graph.places.json`: file, line and column of every instance, resource and part of a body. It stands beside `graph.json`, and
//! it alone changes when a comment moves a line.

use rustc_hash::FxHashMap;
use source::{Place, Sources};

use super::writer::Pretty;
use crate::{FORMAT, Graph, OriginId, OriginTree};

/// Equal trees stand once.
pub fn save_places(graph: &Graph, sources: &Sources) -> String {
    graph.places_json(sources)
}

/// The places of the `origins` of `graph.places.json`, in their order.
pub fn saved_places(graph: &Graph) -> Vec<Place> {
    let (_, trees) = graph.numbered();
    trees.iter().filter_map(|tree| graph.origins.place(*tree)).collect()
}

impl Graph {
    fn places_json(&self, sources: &Sources) -> String {
        let mut out = Pretty::default();
        let (numbers, trees) = self.numbered();
        let at = |out: &mut Pretty, place: Place| out.field("at", |out| out.text(&sources.show_in_project(place)));
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
