//! Objects of a cluster that the program no longer has: `kubectl apply` leaves them where they are, so they are written down for
//! `kubectl delete`. What holds data stands in a file of its own.

use serde_json::json;

use crate::Settings;
use crate::kubernetes::numbers::goes_first;
use crate::kubernetes::steps::kubectl;
use crate::kubernetes::{NAME, ObjectName};
use crate::left::{ClusterName, LeftObject, Removal};
use crate::step::{Run, Step};

/// The files and commands for what has left.
pub fn removals(left: &[LeftObject], settings: &Settings) -> Vec<Removal> {
    let is_own = |cluster: &ClusterName| cluster.folder.split('/').next() == Some(NAME);
    let all = left.iter().map(|left| &left.cluster);
    let mut clusters: Vec<&ClusterName> = all.filter(|cluster| is_own(cluster)).collect();
    clusters.sort_by_key(|cluster| (&cluster.folder, &cluster.context));
    clusters.dedup_by_key(|cluster| (&cluster.folder, &cluster.context));
    let mut removals = Vec::new();
    for (at, cluster) in clusters.iter().enumerate() {
        // Clusters that shared a folder one after the other have a number each.
        let before = clusters.iter().take(at).filter(|other| other.folder == cluster.folder).count();
        let number = if before == 0 { String::new() } else { format!("-{}", before + 1) };
        for (loses_data, first) in [(false, true), (false, false), (true, false)] {
            let mut objects: Vec<&ObjectName> = left
                .iter()
                .filter(|gone| gone.cluster.folder == cluster.folder && gone.cluster.context == cluster.context)
                .filter(|gone| gone.object.keeps_data == loses_data)
                .filter(|gone| loses_data || goes_first(gone, left) == first)
                .map(|gone| &gone.object.name)
                .collect();
            objects.sort_by(|left, right| (right.rank(), left).cmp(&(left.rank(), right)));
            objects.dedup();
            if !objects.is_empty() {
                let of = match (loses_data, first) {
                    (true, _) => "-data",
                    (false, true) => "-first",
                    (false, false) => "",
                };
                let list = format!("removed{of}{number}");
                let path = format!("{}/{list}.yaml", cluster.folder);
                let file = settings.below_out(&path);
                let delete = kubectl(cluster.context.as_deref(), &["delete", "--ignore-not-found", "-f", &file]);
                removals.push(Removal {
                    path,
                    text: manifest(&objects),
                    step: Step::new(format!("{}/{list}", cluster.folder), Run::Command(delete)),
                    count: objects.len(),
                    loses_data,
                    first,
                });
            }
        }
    }
    removals
}

/// As much of each object as `kubectl delete` needs.
fn manifest(objects: &[&ObjectName]) -> String {
    let documents: Vec<String> = objects
        .iter()
        .map(|object| {
            let namespace = object
                .namespace
                .as_ref()
                .map_or_else(String::new, |namespace| format!("  namespace: {}\n", json!(namespace)));
            format!(
                "apiVersion: {}\nkind: {}\nmetadata:\n  name: {}\n{namespace}",
                json!(object.api_version),
                json!(object.kind),
                json!(object.name)
            )
        })
        .collect();
    documents.join("---\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::left::{EmittedObject, Number};

    #[test]
    fn what_holds_data_stands_apart_and_each_cluster_has_its_own() {
        let left = |kind: &str, name: &str, context: &str| {
            let name = ObjectName {
                api_version: "v1".to_owned(),
                kind: kind.to_owned(),
                namespace: Some("shop".to_owned()),
                name: name.to_owned(),
            };
            let cluster =
                ClusterName { folder: "kubernetes".to_owned(), context: Some(context.to_owned()), made: false };
            LeftObject {
                cluster,
                object: EmittedObject {
                    keeps_data: kind == "PersistentVolumeClaim",
                    name,
                    address: String::new(),
                    number: Number::Others,
                },
            }
        };
        let left =
            [left("Service", "b", "new"), left("Service", "a", "old"), left("PersistentVolumeClaim", "disk", "old")];
        let removals = removals(&left, &Settings::beside_project("prod"));
        let shown: Vec<(String, usize)> =
            removals.iter().map(|removal| (removal.step.to_string(), removal.count)).collect();
        assert_eq!(
            shown,
            [("new", "removed"), ("old", "removed-2"), ("old", "removed-data-2")].map(|(context, list)| (
                format!("kubectl --context {context} delete --ignore-not-found -f out/prod/kubernetes/{list}.yaml"),
                1
            ))
        );
        assert_eq!(
            removals[0].text,
            "apiVersion: \"v1\"\nkind: \"Service\"\nmetadata:\n  name: \"b\"\n  namespace: \"shop\"\n"
        );
    }
}
