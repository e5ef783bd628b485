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
fn from_a_number_of_copies_to_a_range_and_back_those_that_run_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let api =
        |replicas: &str| format!("{HEAD}container api {{ image = \"example.com/api:1\", replicas = {replicas} }}\n");
    let apply = "kubectl --context shop apply --server-side -k out/prod/kubernetes";
    assert_eq!(lines(&build(folder.path(), &api("6")), "kubectl"), [apply]);

    // What runs gets another owner before its number leaves the manifest, however often that is run.
    for _ in 0..2 {
        let range = build(folder.path(), &api("6..12"));
        let [keep, then] = lines(&range, "kubectl")[..] else { panic!("{range}") };
        assert!(
            keep.contains("get Deployment.v1.apps --namespace shop-prod --field-selector metadata.name=api")
                && keep.contains("\"replicas\":{{.spec.replicas}}")
                && keep.ends_with("| kubectl --context shop apply --server-side --field-manager=infrac-scale -f -"),
            "{keep}"
        );
        assert_eq!(then, apply);
    }
    assert_eq!(run(folder.path(), &["lock", "--prune"]).status.code(), Some(0));
    assert_eq!(lines(&build(folder.path(), &api("6..12")), "kubectl"), [apply]);
    assert!(!build(folder.path(), &api("8..12")).contains("infra.lock has changed"));

    // The autoscaler goes before its number is said again, and gives nothing back by itself.
    let number = build(folder.path(), &api("7"));
    assert_eq!(
        lines(&number, "kubectl"),
        [
            "kubectl --context shop delete --ignore-not-found -f out/prod/kubernetes/removed-first.yaml",
            "kubectl --context shop apply --server-side --force-conflicts -k out/prod/kubernetes",
        ],
        "{number}"
    );
    let first = std::fs::read_to_string(folder.path().join("out/prod/kubernetes/removed-first.yaml")).unwrap();
    assert!(first.contains("kind: \"HorizontalPodAutoscaler\"") && !first.contains("kind: \"Deployment\""), "{first}");
    assert_eq!(run(folder.path(), &["lock", "--prune"]).status.code(), Some(0));
    assert_eq!(lines(&build(folder.path(), &api("9")), "kubectl"), [apply]);

    // What leaves as a whole leaves at the end.
    build(folder.path(), &api("2..3"));
    let without = build(folder.path(), &format!("{HEAD}team nobody {{ mail = \"nobody@example.com\" }}\n"));
    assert!(!without.contains("removed-first"), "{without}");
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

const FILES: &str = "project shop { edition = 1 }
environment prod { tier = prod, on = [aws(region = \"eu-west-3\"), kubernetes(context = \"shop\")] }
bucket media {}
container api { image = \"example.com/api:1\", env = { MEDIA = media.name } }
file notes { path = \"notes.txt\", content = \"known\\n\" }
file settings { path = \"conf/media.ini\", content = \"bucket = ${media.name}\\n\" }
";

fn built(folder: &Path, program: &str) -> (Option<i32>, serde_json::Value) {
    std::fs::write(folder.join("main.infra"), program).unwrap();
    let built = run(folder, &["build", "--format", "json"]);
    (built.status.code(), serde_json::from_str(text(&built.stdout)).unwrap())
}

#[test]
fn programs_are_told_what_was_written_and_what_is_to_be_run() {
    let folder = tempfile::tempdir().unwrap();
    let (code, document) = built(folder.path(), FILES);
    assert_eq!((code, &document["format"], &document["messages"]), (Some(0), &1.into(), &serde_json::json!([])));
    let built_now = &document["built"];
    assert_eq!((&built_now["environment"], &built_now["out"]), (&"prod".into(), &"out/prod".into()));
    let notes = serde_json::json!({ "path": "files/notes.txt", "change": "added" });
    assert!(built_now["files"].as_array().unwrap().contains(&notes), "{built_now:#}");
    assert_eq!(built_now["awaited"], serde_json::json!(["files/conf/media.ini"]));
    let steps: Vec<(&str, Vec<&str>)> = built_now["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| {
            let waits = step["waits_for"].as_array().unwrap().iter().map(|name| name.as_str().unwrap());
            (step["name"].as_str().unwrap(), waits.collect())
        })
        .collect();
    let wanted = [
        ("terraform/init", vec![]),
        ("terraform/apply", vec!["terraform/init"]),
        ("kubernetes/apply", vec!["terraform/apply"]),
        ("kubernetes/hand-over", vec!["kubernetes/apply"]),
        ("files/folders", vec!["terraform/apply"]),
        ("files/conf/media.ini", vec!["files/folders"]),
    ];
    assert_eq!(steps, wanted);
    let hand_over = &built_now["steps"][3];
    assert_eq!(hand_over["command"]["tool"], "kubectl");
    let printed = ["-chdir=out/prod/terraform", "output", "-raw", "kubernetes"];
    assert_eq!(hand_over["command"]["input"]["arguments"], serde_json::json!(printed));
    assert!(hand_over["note"].as_str().unwrap().contains("secrets"));

    // Nothing has changed, and then something leaves.
    let again = built(folder.path(), FILES).1;
    assert!(again["built"]["files"].as_array().unwrap().iter().all(|file| file["change"] == "same"), "{again:#}");
    let less = FILES.replace("container api", "// ").replace("file notes", "// ");
    let left = built(folder.path(), &less).1;
    assert!(left["built"]["removed"].as_array().unwrap().contains(&"files/notes.txt".into()), "{left:#}");
    let deletes = &left["built"]["deletes"][0];
    assert_eq!((&deletes["list"], &deletes["loses_data"]), (&"kubernetes/removed.yaml".into(), &false.into()));
    assert!(deletes["step"]["text"].as_str().unwrap().starts_with("kubectl --context shop delete"), "{deletes}");
    let mut notes = left["built"]["notes"].as_array().unwrap().iter().map(|note| note.as_str().unwrap());
    assert!(notes.any(|note| note.contains("run `infrac lock --prune`")), "{left:#}");
}

#[test]
fn programs_are_told_mistakes_in_the_same_document() {
    let folder = tempfile::tempdir().unwrap();
    let (code, document) = built(folder.path(), &format!("{FILES}file more {{ path = \"/etc\", content = \"\" }}\n"));
    assert_eq!((code, &document["built"]), (Some(1), &serde_json::Value::Null));
    let messages = document["messages"].as_array().unwrap();
    assert_eq!((messages.len(), &messages[0]["code"]), (1, &"wrong_file".into()), "{document:#}");
    assert_eq!(messages[0]["place"]["line"], 7);
    assert!(!folder.path().join("out").exists());
}

#[test]
fn a_file_is_written_by_whoever_knows_its_content() {
    let folder = tempfile::tempdir().unwrap();
    let said = build(folder.path(), FILES);
    let read = |path: &str| std::fs::read_to_string(folder.path().join("out/prod/files").join(path));
    assert_eq!(read("notes.txt").unwrap(), "known\n");
    let step = lines(&said, "terraform").into_iter().find(|line| line.contains("media.ini")).unwrap();
    assert!(
        step.contains("output -raw file_settings_whole_") && step.contains("| install -m 644 /dev/stdin"),
        "{said}"
    );
    // As if it had run: the file is infrac's to remove, and to replace.
    std::fs::create_dir_all(folder.path().join("out/prod/files/conf")).unwrap();
    std::fs::write(folder.path().join("out/prod/files/conf/media.ini"), "bucket = x\n").unwrap();
    build(folder.path(), FILES);
    assert_eq!(read("conf/media.ini").unwrap(), "bucket = x\n");
    build(folder.path(), &FILES.replace("${media.name}", "y"));
    assert_eq!(read("conf/media.ini").unwrap(), "bucket = y\n");
    build(folder.path(), &FILES.replace("file settings", "// "));
    assert!(!folder.path().join("out/prod/files/conf").exists());
    // Where a line comes from can be asked.
    let why = run(folder.path(), &["why", "out/prod/files/notes.txt:1"]);
    assert!(text(&why.stdout).contains("main.infra:5"), "{}", text(&why.stdout));
}

#[test]
fn files_alone_need_no_platform() {
    let folder = tempfile::tempdir().unwrap();
    let head = "project notes { edition = 1 }\nenvironment here { tier = test, on = [] }\n";
    let said = build(folder.path(), &format!("{head}file readme {{ path = \"README.md\", content = \"hello\" }}\n"));
    assert!(!said.contains("next:"), "{said}");
    assert_eq!(std::fs::read_to_string(folder.path().join("out/here/files/README.md")).unwrap(), "hello");
}

#[test]
fn environments_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let program = "project shop { edition = 1 }\nlet paris = aws(region = \"eu-west-3\")\nenvironment prod { tier = prod, on = [paris, kubernetes(context = \"shop\")] }\nenvironment test { tier = test, like = prod, on = [] }\n";
    std::fs::write(folder.path().join("main.infra"), program).unwrap();
    let said = run(folder.path(), &["environments"]);
    let wanted =
        "prod (prod), main.infra:3\n  paris\n  kubernetes(context = \"shop\")\ntest (test, like prod), main.infra:4\n";
    assert_eq!(text(&said.stdout), wanted);
    let said = run(folder.path(), &["environments", "--format", "json"]);
    let said: serde_json::Value = serde_json::from_str(text(&said.stdout)).unwrap();
    assert_eq!((said["environments"].as_array().unwrap().len(), &said["environments"][1]["like"]), (2, &"prod".into()));
    assert_eq!(said["environments"][0]["platforms"][1], "kubernetes(context = \"shop\")");
    std::fs::write(folder.path().join("main.infra"), "project").unwrap();
    assert_eq!(run(folder.path(), &["environments"]).status.code(), Some(1));
}
