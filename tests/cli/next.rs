//! What `infrac build` tells its user to do next: delete what the program no longer has, know where secrets stand, and where the state is.

use std::path::Path;

use crate::{run, text};

const HEAD: &str = "project shop { edition = 1 }\nenvironment prod {\n  tier = prod\n  on = [aws(region = \"eu-west-3\"), kubernetes(context = \"shop\", node_ranges = [10.60.0.0/16])]\n  choose { volume = kubernetes }\n}\n";

fn build(folder: &Path, program: &str) -> String {
    std::fs::write(folder.join("main.infra"), program).unwrap();
    let built = run(folder, &["build"]);
    assert_eq!(built.status.code(), Some(0), "{}", text(&built.stderr));
    text(&built.stderr).to_owned()
}

/// The lines that begin with this word, without their indentation.
fn lines<'a>(said: &'a str, word: &str) -> Vec<&'a str> {
    said.lines().map(str::trim).filter(|line| line.starts_with(word)).collect()
}

#[test]
fn what_the_program_no_longer_has_is_deleted_by_a_command_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let api = "container api { image = \"example.com/api:1\", port http = 80/tcp }\n";
    let job = "volume disk { size = 1GiB }\ncontainer job { image = \"example.com/job:1\", replicas = 1, volumes = { \"/data\" = disk } }\n";
    let first = build(folder.path(), &format!("{HEAD}{api}{job}"));
    assert!(!first.contains("delete"), "{first}");

    let without = build(folder.path(), &format!("{HEAD}{api}"));
    let deletes = [
        "kubectl --context shop delete --ignore-not-found -f out/prod/kubernetes/removed.yaml",
        "kubectl --context shop delete --ignore-not-found -f out/prod/kubernetes/removed-data.yaml",
    ];
    assert_eq!(lines(&without, "kubectl --context shop delete"), deletes, "{without}");
    let removed = std::fs::read_to_string(folder.path().join("out/prod/kubernetes/removed.yaml")).unwrap();
    assert!(
        removed.contains("kind: \"Deployment\"\nmetadata:\n  name: \"job\"\n  namespace: \"shop-prod\"")
            && !removed.contains("PersistentVolumeClaim")
            && !removed.contains("\"api\""),
        "{removed}"
    );
    let kept = std::fs::read_to_string(folder.path().join("out/prod/kubernetes/removed-data.yaml")).unwrap();
    assert!(kept.contains("kind: \"PersistentVolumeClaim\"\nmetadata:\n  name: \"disk\""), "{kept}");
    // Whoever builds twice before running it is told twice.
    assert_eq!(lines(&build(folder.path(), &format!("{HEAD}{api}")), "kubectl --context shop delete"), deletes);
    assert_eq!(run(folder.path(), &["build", "--check"]).status.code(), Some(0));

    // It comes back: nothing is deleted.
    let back = build(folder.path(), &format!("{HEAD}{api}{job}"));
    assert!(!back.contains("delete") && !folder.path().join("out/prod/kubernetes/removed.yaml").exists(), "{back}");

    // The last object of the cluster goes: there is nothing to apply, and something to delete.
    let last = build(folder.path(), &format!("{HEAD}bucket media {{}}\n"));
    assert_eq!(lines(&last, "kubectl"), deletes, "{last}");
    assert_eq!(run(folder.path(), &["lock", "--prune"]).status.code(), Some(0));
    assert!(!build(folder.path(), &format!("{HEAD}bucket media {{}}\n")).contains("kubectl"));
}

#[test]
fn an_instance_may_be_called_like_the_list_of_what_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let container = |name: &str| format!("container {name} {{ image = \"example.com/{name}:1\" }}\n");
    build(folder.path(), &format!("{HEAD}{}{}", container("removed"), container("api")));
    build(folder.path(), &format!("{HEAD}{}", container("removed")));
    let read = |file: &str| std::fs::read_to_string(folder.path().join("out/prod/kubernetes").join(file)).unwrap();
    assert!(read("removed.yaml").contains("\"api\"") && !read("removed.yaml").contains("\"removed\""));
    assert!(read("kustomization.yaml").contains("removed-"));
}

#[test]
fn secrets_in_the_state_are_told_and_only_then() {
    let folder = tempfile::tempdir().unwrap();
    let none = build(folder.path(), &format!("{HEAD}bucket media {{}}\n"));
    assert!(!none.contains("secrets"), "{none}");
    let other = tempfile::tempdir().unwrap();
    let some = build(
        other.path(),
        &format!(
            "{HEAD}network lan {{ cidr = 10.0.0.0/16 }}\ndatabase orders {{}}\nsecret stripe on aws {{}}\ncontainer api {{ image = \"example.com/api:1\", env = {{ U = orders.url }} }}\n"
        ),
    );
    assert!(some.contains("secrets of `orders`, `stripe` will stand in Terraform's state, .infrac/prod/terraform.tfstate: keep it from others"), "{some}");
}

#[test]
fn the_state_stands_where_the_environment_says() {
    let folder = tempfile::tempdir().unwrap();
    let head = HEAD.replace(
        "  choose",
        "  state = s3(bucket = \"shop-state\", region = \"eu-west-3\", use_lockfile = false)\n  choose",
    );
    build(folder.path(), &format!("{head}bucket media {{}}\n"));
    let written = std::fs::read_to_string(folder.path().join("out/prod/terraform/main.tf.json")).unwrap();
    let written: serde_json::Value = serde_json::from_str(&written).unwrap();
    let wanted = serde_json::json!({ "s3": { "bucket": "shop-state", "region": "eu-west-3", "key": "shop/prod/terraform.tfstate", "encrypt": true, "use_lockfile": false } });
    assert_eq!(written["terraform"]["backend"], wanted);
}
