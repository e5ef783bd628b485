//! Each annotation before each thing that takes it, and what comes of it in the files. Where it takes none, the corpus of mistakes
//! has a program (`several/annotations_that_nothing_reads`).

use emit::Settings;
use source::Name;

/// An annotation, and what stands in the block of the resource because of it.
const ANNOTATIONS: [(&str, &str); 5] = [
    ("@protect", "\"prevent_destroy\": true"),
    ("@replace(first = \"create\")", "\"create_before_destroy\": true"),
    ("@ignore_drift(tags)", "\"ignore_changes\": ["),
    ("@after(before)", "\"depends_on\": ["),
    ("@allow(CKV_AWS_1, because = \"it is a test\")", "checkov:skip=CKV_AWS_1:it is a test"),
];

/// Programs in which `@@` is the place of the annotation.
const PLACES: [(&str, &str); 10] = [
    ("a resource", "@@ terraform.aws_sqs_queue jobs { name = \"jobs\" }"),
    ("a loop", "@@ terraform.aws_sqs_queue jobs for n in [\"a\"] { name = n }"),
    (
        "an instance",
        "kind work {}
implement work on aws { terraform.aws_sqs_queue main { name = \"jobs\" } }
@@ work jobs {}",
    ),
    (
        "a child",
        "kind work {}
implement work on aws {
  @@ terraform.aws_sqs_queue main { name = \"jobs\" }
}
work jobs {}",
    ),
    (
        "an implementation",
        "kind work {}
@@ implement work on aws { terraform.aws_sqs_queue main { name = \"jobs\" } }
work jobs {}",
    ),
    (
        "a `once` of an implementation",
        "kind work {}
@@ implement work on aws { once common { terraform.aws_sqs_queue main { name = \"jobs\" } } }
work jobs {}",
    ),
    (
        "a `once`",
        "kind work {}
implement work on aws {
  @@ once common { terraform.aws_sqs_queue main { name = \"jobs\" } }
}
work jobs {}",
    ),
    (
        "a child of a `once`",
        "kind work {}
implement work on aws {
  once common {
    @@ terraform.aws_sqs_queue main { name = \"jobs\" }
  }
}
work jobs {}",
    ),
    (
        "what a platform makes",
        "platform yard {
  provider terraform.aws { region = \"eu-west-3\" }
  @@ terraform.aws_sqs_queue jobs { name = \"jobs\" }
}
kind box is platform yard {}
implement box on aws {}
kind work {}
implement work on yard { terraform.aws_sns_topic main { name = \"news\" } }
box small {}
work news on small {}",
    ),
    (
        "an `adjust`",
        "kind work {}
implement work on aws { terraform.aws_sqs_queue main { name = \"jobs\" } }
work jobs {}
@@ adjust jobs.main { delay_seconds = 3 }",
    ),
];

const PROJECT: &str = "project shop { edition = 1 }
environment prod { tier = prod, on = [aws(region = \"eu-west-3\"), kubernetes(context = \"shop\")] }
terraform.aws_sns_topic before { name = \"before\" }
";

/// What becomes of a program, which has no mistake.
fn emitted(text: &str) -> emit::Emitted {
    let program = tests::program(&[("main.infra".to_owned(), format!("{PROJECT}{text}\n"))]);
    assert!(program.check().is_empty(), "{text}\n{}", tests::render(program.check(), program.sources()));
    let built = program.build(Name::new("prod"), &[], &Settings::beside_project("prod"));
    let (emitted, _) = built.unwrap_or_else(|told| panic!("{text}\n{}", tests::render(&told, program.sources())));
    emitted
}

fn document(emitted: &emit::Emitted, path: &str) -> String {
    emitted.documents.iter().find(|document| document.path == path).map(|document| document.text.clone()).unwrap()
}

/// The blocks of a type in `main.tf.json`.
fn blocks(text: &str, section: &str, kind: &str) -> String {
    let main = document(&emitted(text), "terraform/main.tf.json");
    let main: serde_json::Value = serde_json::from_str(&main).unwrap();
    serde_json::to_string_pretty(&main[section][kind]).unwrap()
}

#[test]
fn each_annotation_shows_before_each_thing_that_takes_it() {
    for (place, program) in PLACES {
        for (annotation, shown) in ANNOTATIONS {
            let block = blocks(&program.replace("@@ ", &format!("{annotation}\n")), "resource", "aws_sqs_queue");
            assert!(block.contains(shown), "{annotation} before {place} is not in\n{block}");
        }
        let without = blocks(&program.replace("@@ ", ""), "resource", "aws_sqs_queue");
        assert!(ANNOTATIONS.iter().all(|(_, shown)| !without.contains(shown)), "{place}\n{without}");
    }
}

#[test]
fn what_is_read_waits_and_has_waivers() {
    for (annotation, shown) in [ANNOTATIONS[3], ANNOTATIONS[4]] {
        let text = format!(
            "{annotation}
read terraform.aws_caller_identity me {{}}
output account = me.account_id"
        );
        let block = blocks(&text, "data", "aws_caller_identity");
        assert!(block.contains(shown), "{annotation} is not in\n{block}");
    }
}

#[test]
fn a_name_is_that_of_its_instance() {
    let text = "kind work {}
implement work on aws { terraform.aws_sqs_queue main { name = name_of(self) } }
@name(\"orders\")
work jobs {}";
    assert!(blocks(text, "resource", "aws_sqs_queue").contains("\"name\": \"orders\""));
}

#[test]
fn an_object_of_a_cluster_is_protected_and_has_waivers() {
    let text = "@protect @allow(CKV_K8S_21, because = \"it is the only one\")
kubernetes.config_map settings { metadata { name = \"settings\", namespace = \"shop\" } }";
    let emitted = emitted(text);
    let objects = &emitted.clusters[0].objects;
    let kept: Vec<&str> =
        objects.iter().filter(|object| object.keeps_data).map(|object| object.address.as_str()).collect();
    assert!(kept.contains(&"settings"), "{objects:?}");
    assert!(document(&emitted, "kubernetes/settings.yaml").contains("CKV_K8S_21=it is the only one"));
}

#[test]
fn what_stands_on_a_resource_waits_for_it() {
    let text = "platform outer { provider terraform.aws { region = \"eu-west-3\" } }
kind box is platform outer {}
implement box on aws { terraform.aws_sqs_queue main { name = \"box\" } }
kind work {}
implement work on outer { terraform.aws_sns_topic main { name = \"work\" } }
box small {}
work news on small {}";
    let block = blocks(text, "resource", "aws_sns_topic");
    assert!(block.contains("\"depends_on\": [\n      \"aws_sqs_queue.small_main\"\n    ]"), "{block}");
}

#[test]
fn a_cluster_that_stands_on_another_comes_after_it() {
    let program = tests::program(&[(
        "main.infra".to_owned(),
        "project shop { edition = 1 }
environment prod { tier = prod, on = [outer = kubernetes(context = \"outer\")] }
kind room is platform kubernetes {}
implement room on kubernetes {
  kubernetes.namespace main { metadata { name = \"room\" } }
}
room inner {}
kubernetes.config_map settings on inner { metadata { name = \"settings\", namespace = \"shop\" } }
"
        .to_owned(),
    )]);
    let built = program.build(Name::new("prod"), &[], &Settings::beside_project("prod"));
    let (emitted, _) = built.unwrap_or_else(|told| panic!("{}", tests::render(&told, program.sources())));
    let steps: Vec<&str> = emitted.steps.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(steps, ["kubernetes/outer/apply", "kubernetes/inner/apply"]);
    assert_eq!(emitted.steps[1].waits_for, ["kubernetes/outer/apply"]);
}
