//! Rules by their group, policies and services by what they select: a path is walked for every pair of ends, so nothing on it may
//! look through all resources.

use graph::{Graph, ProviderId, Resource};
use rustc_hash::FxHashMap;
use value::{AddressId, ValueId};

use super::parties::Program;
use super::read::{self, at, is_kind, referred, text_at};
use super::table::{Direction, RuleKind, Table};

type ByName<'a> = FxHashMap<String, Vec<&'a Resource>>;

/// What stands where, for one graph.
#[derive(Default)]
pub(crate) struct Index<'a> {
    /// By the form that reads them, and the group.
    rules: FxHashMap<(usize, AddressId), Vec<(&'a RuleKind, &'a Resource)>>,
    policies: Vec<Selecting<'a>>,
    /// By form, cluster and name.
    namespaces: FxHashMap<(usize, Option<ProviderId>), ByName<'a>>,
    services: Vec<Selecting<'a>>,
}

impl<'a> Index<'a> {
    pub fn new(graph: &'a Graph, table: &'a Table) -> Self {
        let mut index = Self::default();
        for (position, form) in table.policies.iter().enumerate() {
            // What selects nothing by labels selects everything; a service that names no labels selects nothing.
            let match_labels = |selector: ValueId| {
                if read::elements_at(graph, selector, "matchExpressions").is_empty() {
                    at(graph, selector, "matchLabels")
                } else {
                    None
                }
            };
            index.policies.push(Selecting::new(graph, &form.kind, &form.namespace, |policy| {
                at(graph, policy.body, &form.selects).and_then(match_labels)
            }));
            index.services.push(Selecting::new(graph, &form.service.kind, &form.namespace, |service| {
                at(graph, service.body, &form.service.selects)
            }));
            for space in graph.resources.iter().filter(|found| !found.read && is_kind(found, &form.namespaces.kind)) {
                if let Some(name) = text_at(graph, space.body, &form.namespaces.name) {
                    let of_cluster = index.namespaces.entry((position, space.provider)).or_default();
                    of_cluster.entry(name).or_default().push(space);
                }
            }
        }
        for resource in graph.resources.iter().filter(|resource| !resource.read) {
            for (form, groups) in table.groups.iter().enumerate() {
                for kind in groups.rules.iter().filter(|kind| is_kind(resource, &kind.kind)) {
                    if let Some(group) = at(graph, resource.body, &kind.group).and_then(|group| referred(graph, group))
                    {
                        index.rules.entry((form, group)).or_default().push((kind, resource));
                    }
                }
            }
        }
        index
    }
    /// The rules of these groups for one direction, in address order.
    pub fn rules(
        &self,
        form: usize,
        groups: &[AddressId],
        direction: Direction,
    ) -> impl Iterator<Item = (&'a RuleKind, &'a Resource)> {
        let rules = groups.iter().filter_map(move |group| self.rules.get(&(form, *group))).flatten();
        rules.filter(move |(kind, _)| kind.direction == direction).copied()
    }
    /// The policies that may select a program, in address order.
    pub fn policies(&self, program: &Program) -> Vec<&'a Resource> {
        self.policies.get(program.form).map(|selecting| selecting.candidates(program)).unwrap_or_default()
    }
    /// The namespaces of a cluster that have a name, in address order.
    pub fn namespaces(&self, form: usize, cluster: Option<ProviderId>, name: &str) -> &[&'a Resource] {
        self.namespaces.get(&(form, cluster)).and_then(|named| named.get(name)).map(Vec::as_slice).unwrap_or_default()
    }
    /// The services that may lead to a program, in address order.
    pub fn services(&self, program: &Program) -> Vec<&'a Resource> {
        self.services.get(program.form).map(|selecting| selecting.candidates(program)).unwrap_or_default()
    }
}

/// Objects of a kind that select by labels, each under one of the labels that it asks for.
struct Selecting<'a> {
    homes: FxHashMap<(Option<ProviderId>, String), Home<'a>>,
}

#[derive(Default)]
struct Home<'a> {
    by_label: FxHashMap<(String, String), Vec<(usize, &'a Resource)>>,
    by_none: Vec<(usize, &'a Resource)>,
}

impl<'a> Selecting<'a> {
    fn new(graph: &'a Graph, kind: &str, namespace: &str, labels: impl Fn(&Resource) -> Option<ValueId>) -> Self {
        let mut homes: FxHashMap<(Option<ProviderId>, String), Home<'a>> = FxHashMap::default();
        for (position, object) in
            graph.resources.iter().enumerate().filter(|(_, resource)| !resource.read && is_kind(resource, kind))
        {
            let space = text_at(graph, object.body, namespace).unwrap_or_else(|| "default".to_owned());
            let home = homes.entry((object.provider, space)).or_default();
            match labels(object)
                .and_then(|labels| read::labels(graph, labels))
                .and_then(|labels| labels.into_iter().next())
            {
                Some(label) => home.by_label.entry(label).or_default().push((position, object)),
                None => home.by_none.push((position, object)),
            }
        }
        Self { homes }
    }
    fn candidates(&self, program: &Program) -> Vec<&'a Resource> {
        let Some(home) = self.homes.get(&(program.cluster, program.namespace.clone())) else { return Vec::new() };
        let labelled = program.labels.iter().filter_map(|label| home.by_label.get(label)).flatten();
        let mut found: Vec<(usize, &'a Resource)> = labelled.chain(&home.by_none).copied().collect();
        found.sort_by_key(|(position, _)| *position);
        found.into_iter().map(|(_, object)| object).collect()
    }
}
