//! Objects of a cluster that the program no longer has: `kubectl apply` leaves them where they are, so they are written down for
//! `kubectl delete`. What holds data stands in a file of its own.

use emit::ObjectName;
use lock::{Cluster, LeftObject};
use serde_json::json;

/// What is to be deleted in a cluster, and how.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Removal {
    /// `kubernetes/removed.yaml`
    pub path: String,
    pub text: String,
    /// The context of the cluster.
    pub context: Option<String>,
    pub count: usize,
    /// Whether deleting it loses data.
    pub loses_data: bool,
}

/// The files and commands for what has left.
pub fn removals(left: &[LeftObject]) -> Vec<Removal> {
    let mut clusters: Vec<&Cluster> = left.iter().map(|left| &left.cluster).collect();
    clusters.sort_by_key(|cluster| (&cluster.folder, &cluster.context));
    clusters.dedup_by_key(|cluster| (&cluster.folder, &cluster.context));
    let mut removals = Vec::new();
    for (at, cluster) in clusters.iter().enumerate() {
        // Clusters that shared a folder one after the other have a number each.
        let before = clusters.iter().take(at).filter(|other| other.folder == cluster.folder).count();
        let number = if before == 0 { String::new() } else { format!("-{}", before + 1) };
        for loses_data in [false, true] {
            let mut objects: Vec<&ObjectName> = left
                .iter()
                .filter(|left| left.cluster.folder == cluster.folder && left.cluster.context == cluster.context)
                .filter(|left| left.object.keeps_data == loses_data)
                .map(|left| &left.object.name)
                .collect();
            objects.sort_by(|left, right| (right.rank(), left).cmp(&(left.rank(), right)));
            objects.dedup();
            if !objects.is_empty() {
                removals.push(Removal {
                    path: format!("{}/removed{}{number}.yaml", cluster.folder, if loses_data { "-data" } else { "" }),
                    text: manifest(&objects),
                    context: cluster.context.clone(),
                    count: objects.len(),
                    loses_data,
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
    use emit::EmittedObject;

    use super::*;

    #[test]
    fn what_holds_data_stands_apart_and_each_cluster_has_its_own() {
        let left = |kind: &str, name: &str, context: &str| {
            let name = ObjectName {
                api_version: "v1".to_owned(),
                kind: kind.to_owned(),
                namespace: Some("shop".to_owned()),
                name: name.to_owned(),
            };
            let cluster = Cluster { folder: "kubernetes".to_owned(), context: Some(context.to_owned()), made: false };
            LeftObject {
                cluster,
                object: EmittedObject { keeps_data: kind == "PersistentVolumeClaim", name, address: String::new() },
            }
        };
        let removals = removals(&[
            left("Service", "b", "new"),
            left("Service", "a", "old"),
            left("PersistentVolumeClaim", "disk", "old"),
        ]);
        let shown: Vec<(&str, Option<&str>, usize)> =
            removals.iter().map(|removal| (removal.path.as_str(), removal.context.as_deref(), removal.count)).collect();
        assert_eq!(
            shown,
            [
                ("kubernetes/removed.yaml", Some("new"), 1),
                ("kubernetes/removed-2.yaml", Some("old"), 1),
                ("kubernetes/removed-data-2.yaml", Some("old"), 1)
            ]
        );
        assert_eq!(
            removals[0].text,
            "apiVersion: \"v1\"\nkind: \"Service\"\nmetadata:\n  name: \"b\"\n  namespace: \"shop\"\n"
        );
    }
}
