//! Objects of a cluster that earlier builds wrote into a folder and this one does not: `kubectl apply` leaves them where they are, so
//! they are written down for `kubectl delete`. What is applied is remembered in `.infrac-objects`, a file of the same set; what is gone
//! stands in `removed.yaml` until its user deletes that file, or until it comes back. What holds data stands in a file of its own.

use std::path::Path;

use emit::{Emitted, EmittedObject, ObjectName};
use serde_json::{Value, json};

/// The file that remembers what was written for clusters.
pub const MEMORY: &str = ".infrac-objects";

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

/// What one build remembers for the next of a cluster.
#[derive(Clone, Debug, Default)]
struct Remembered {
    folder: String,
    context: Option<String>,
    /// The program makes the cluster itself: when that goes, everything in it goes.
    made: bool,
    applied: Vec<EmittedObject>,
    gone: Vec<EmittedObject>,
}

/// What is gone since earlier builds into this folder, and the text of what the next one has to know.
pub fn removals(folder: &Path, emitted: &Emitted) -> (Vec<Removal>, String) {
    let before = std::fs::read_to_string(folder.join(MEMORY)).ok().and_then(|text| read(&text)).unwrap_or_default();
    let is_applied = |object: &EmittedObject| {
        emitted.clusters.iter().flat_map(|cluster| &cluster.objects).any(|applied| applied.name.is_same(&object.name))
    };
    let mut now: Vec<Remembered> = emitted
        .clusters
        .iter()
        .map(|cluster| Remembered {
            folder: cluster.cluster.folder.clone(),
            context: cluster.cluster.context.clone(),
            made: cluster.cluster.made,
            applied: cluster.objects.clone(),
            gone: Vec::new(),
        })
        .collect();
    for (at, old) in before.iter().enumerate() {
        let mut gone: Vec<EmittedObject> = old.applied.clone();
        // A list that its user deleted was worked off.
        gone.extend(
            old.gone.iter().filter(|object| folder.join(path(&before, at, object.keeps_data)).exists()).cloned(),
        );
        gone.retain(|object| !is_applied(object));
        gone.sort_by(|left, right| (right.name.rank(), &left.name).cmp(&(left.name.rank(), &right.name)));
        gone.dedup();
        match now.iter_mut().find(|cluster| cluster.context == old.context) {
            Some(cluster) => cluster.gone = gone,
            None if gone.is_empty() || old.made => {}
            None => now.push(Remembered { applied: Vec::new(), gone, ..old.clone() }),
        }
    }
    let mut removals = Vec::new();
    for (at, cluster) in now.iter().enumerate() {
        for loses_data in [false, true] {
            let objects: Vec<&ObjectName> = cluster
                .gone
                .iter()
                .filter(|object| object.keeps_data == loses_data)
                .map(|object| &object.name)
                .collect();
            if !objects.is_empty() {
                removals.push(Removal {
                    path: path(&now, at, loses_data),
                    text: manifest(&objects),
                    context: cluster.context.clone(),
                    count: objects.len(),
                    loses_data,
                });
            }
        }
    }
    (removals, text(&now))
}

/// Clusters that shared a folder one after the other have a number each.
fn path(clusters: &[Remembered], at: usize, loses_data: bool) -> String {
    let folder = clusters.get(at).map_or("", |cluster| cluster.folder.as_str());
    let before = clusters.iter().take(at).filter(|cluster| cluster.folder == folder).count();
    let number = if before == 0 { String::new() } else { format!("-{}", before + 1) };
    format!("{folder}/removed{}{number}.yaml", if loses_data { "-data" } else { "" })
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

fn text(clusters: &[Remembered]) -> String {
    let objects = |objects: &[EmittedObject]| -> Value {
        objects
            .iter()
            .map(|object| {
                json!([
                    object.name.api_version,
                    object.name.kind,
                    object.name.namespace,
                    object.name.name,
                    object.keeps_data
                ])
            })
            .collect()
    };
    let clusters: Vec<Value> = clusters
        .iter()
        .map(|cluster| json!({ "folder": cluster.folder, "context": cluster.context, "made": cluster.made, "applied": objects(&cluster.applied), "gone": objects(&cluster.gone) }))
        .collect();
    format!("{}\n", json!({ "clusters": clusters }))
}

/// A file that was changed by hand is as good as none.
fn read(written: &str) -> Option<Vec<Remembered>> {
    let whole: Value = serde_json::from_str(written).ok()?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let objects = |list: &Value| -> Option<Vec<EmittedObject>> {
        let object = |fields: &Value| {
            let name = ObjectName {
                api_version: text(&fields[0])?,
                kind: text(&fields[1])?,
                namespace: text(&fields[2]),
                name: text(&fields[3])?,
            };
            Some(EmittedObject { name, keeps_data: fields[4].as_bool()? })
        };
        list.as_array()?.iter().map(object).collect()
    };
    let cluster = |value: &Value| {
        Some(Remembered {
            folder: text(&value["folder"])?,
            context: text(&value["context"]),
            made: value["made"].as_bool()?,
            applied: objects(&value["applied"])?,
            gone: objects(&value["gone"])?,
        })
    };
    whole["clusters"].as_array()?.iter().map(cluster).collect()
}

#[cfg(test)]
mod tests {
    use emit::{Cluster, EmittedCluster};

    use super::*;

    fn object(kind: &str, name: &str) -> EmittedObject {
        let name = ObjectName {
            api_version: "apps/v1".to_owned(),
            kind: kind.to_owned(),
            namespace: Some("shop".to_owned()),
            name: name.to_owned(),
        };
        EmittedObject { keeps_data: name.kind == "PersistentVolumeClaim", name }
    }
    fn emitted(clusters: &[(Option<&str>, &[EmittedObject])]) -> Emitted {
        let cluster = |(context, objects): &(Option<&str>, &[EmittedObject])| EmittedCluster {
            cluster: Cluster {
                provider: None,
                folder: "kubernetes".to_owned(),
                output: "kubernetes".to_owned(),
                context: context.map(str::to_owned),
                sign_in: None,
                made: false,
            },
            manifests: objects.len(),
            handed: 0,
            objects: objects.to_vec(),
        };
        Emitted {
            documents: Vec::new(),
            clusters: clusters.iter().map(cluster).collect(),
            state: None,
            secrets: Vec::new(),
            protected: Vec::new(),
            leaving: Vec::new(),
        }
    }
    /// Writes as a build does.
    fn build(folder: &Path, clusters: &[(Option<&str>, &[EmittedObject])]) -> Vec<Removal> {
        let (removals, memory) = removals(folder, &emitted(clusters));
        std::fs::create_dir_all(folder.join("kubernetes")).unwrap();
        for name in ["removed.yaml", "removed-data.yaml"] {
            let _ = std::fs::remove_file(folder.join("kubernetes").join(name));
        }
        for removal in &removals {
            std::fs::write(folder.join(&removal.path), &removal.text).unwrap();
        }
        std::fs::write(folder.join(MEMORY), memory).unwrap();
        removals
    }
    fn counts(removals: &[Removal]) -> Vec<(&str, usize)> {
        removals.iter().map(|removal| (removal.path.as_str(), removal.count)).collect()
    }

    #[test]
    fn what_is_gone_is_told_until_its_list_is_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let (a, b, disk) =
            (object("Deployment", "a"), object("Deployment", "b"), object("PersistentVolumeClaim", "disk"));
        assert!(build(folder.path(), &[(Some("shop"), &[a.clone(), b.clone(), disk])]).is_empty());
        let without = build(folder.path(), &[(Some("shop"), std::slice::from_ref(&a))]);
        assert_eq!(counts(&without), [("kubernetes/removed.yaml", 1), ("kubernetes/removed-data.yaml", 1)]);
        assert_eq!(
            without[0].text,
            "apiVersion: \"apps/v1\"\nkind: \"Deployment\"\nmetadata:\n  name: \"b\"\n  namespace: \"shop\"\n"
        );
        assert_eq!(build(folder.path(), &[(Some("shop"), std::slice::from_ref(&a))]), without);
        std::fs::remove_file(folder.path().join("kubernetes/removed-data.yaml")).unwrap();
        assert_eq!(
            counts(&build(folder.path(), &[(Some("shop"), std::slice::from_ref(&a))])),
            [("kubernetes/removed.yaml", 1)]
        );
        assert!(build(folder.path(), &[(Some("shop"), &[a, b])]).is_empty());
    }

    #[test]
    fn the_last_object_of_a_cluster_is_told_with_its_context() {
        let folder = tempfile::tempdir().unwrap();
        build(folder.path(), &[(Some("shop"), &[object("Deployment", "a")])]);
        let gone = build(folder.path(), &[]);
        assert_eq!((counts(&gone), gone[0].context.as_deref()), (vec![("kubernetes/removed.yaml", 1)], Some("shop")));
    }

    #[test]
    fn what_moved_to_another_context_is_not_deleted() {
        let folder = tempfile::tempdir().unwrap();
        build(folder.path(), &[(None, &[object("Deployment", "a")])]);
        assert!(build(folder.path(), &[(Some("shop"), &[object("Deployment", "a")])]).is_empty());
    }
}
