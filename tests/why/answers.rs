//! A dozen answers, read by hand: the question, and all that is said.

use crate::{answer, example, steady};

/// Line `text` of a file of the shop, asked for by what stands there, so that other lines may come and go.
fn line_of(program: &program::Program, file: &str, text: &str) -> String {
    let (emitted, _) = program.build(source::Name::new("prod"), &[], &emit::Settings::beside_project("prod")).unwrap();
    let document = emitted.documents.iter().find(|document| document.path == file).unwrap();
    let line = document
        .text
        .lines()
        .position(|line| line.trim().starts_with(text))
        .unwrap_or_else(|| panic!("no line of {file} begins with {text}"));
    format!("out/prod/{file}:{}", line + 1)
}

#[test]
fn lines_of_emitted_files() {
    let program = example("shop");
    let asked = [
        ("kubernetes/api.yaml", "minReplicas:"),
        ("kubernetes/api.yaml", "LOG:"),
        ("kubernetes/api.yaml", "- port: 5432"),
        ("kubernetes/api.yaml", "failureThreshold: 6"),
        ("kubernetes/api.yaml", "sizeLimit:"),
        ("kubernetes/api.yaml", "kind: Service"),
        ("terraform/main.tf.json", "\"allocated_storage\""),
        ("terraform/main.tf.json", "\"referenced_security_group_id\""),
        ("terraform/main.tf.json", "\"region\""),
    ];
    let shown: Vec<String> = asked
        .iter()
        .map(|(file, text)| format!("== {file}: {text}\n{}", answer(&program, &line_of(&program, file, text))))
        .collect();
    insta::assert_snapshot!(steady(&shown.join("\n")));
}

/// The files for other programs, and the list of the manifests.
#[test]
fn lines_that_no_resource_has_of_its_own() {
    let program = example("shop");
    let (graph, _) = program.evaluate(source::Name::new("prod"), &[]).unwrap();
    let (data, places) = (graph::save(&graph), graph::save_places(&graph, program.sources()));
    let number = |text: &str, wanted: &str| {
        text.lines()
            .position(|line| line.trim().starts_with(wanted))
            .unwrap_or_else(|| panic!("no line begins with {wanted}"))
            + 1
    };
    let mut shown = Vec::new();
    // The line after the head of each list is that of its first element.
    let lists = ["addresses", "values", "statements", "providers", "instances", "resources", "outputs"];
    let lists = lists.map(|list| (list, number(&data, &format!("\"{list}\":[")) + 1));
    for (what, line) in [("project", number(&data, "\"project\""))].into_iter().chain(lists) {
        let told = answer(&program, &format!("out/prod/graph.json:{line}"));
        // The line itself is full of numbers that other lines decide.
        let told: Vec<&str> = told.lines().filter(|line| !line.starts_with("  emitted")).collect();
        shown.push(format!("== graph.json: {what}\n{}\n", told.join("\n")));
    }
    for wanted in ["\"front[", "\"api.main\"", "\"at\": \"std/container"] {
        shown.push(format!(
            "== graph.places.json: {wanted}\n{}",
            answer(&program, &format!("out/prod/graph.places.json:{}", number(&places, wanted)))
        ));
    }
    shown.push(format!(
        "== kustomization.yaml\n{}",
        answer(&program, &line_of(&program, "kubernetes/kustomization.yaml", "- worker.yaml"))
    ));
    insta::assert_snapshot!(steady(&shown.join("\n")));
}

#[test]
fn addresses() {
    let program = example("shop");
    let asked = [
        "api",
        "front[\"a\"]",
        "api.replicas",
        "api.main.spec.template.spec.containers[0].imagePullPolicy",
        "front[\"a\"].zone",
        "site.name",
        "kubernetes.space.metadata.name",
        "api.replicsa",
        "apj.image",
    ];
    let shown: Vec<String> =
        asked.iter().map(|question| format!("== {question}\n{}", answer(&program, question))).collect();
    insta::assert_snapshot!(steady(&shown.join("\n")));
}

#[test]
fn lines_of_the_source() {
    let program = example("shop");
    let asked = [
        ("shop/services.infra", "replicas = match"),
        ("shop/services.infra", "LOG = "),
        ("shop/network.infra", "edge -> front.http"),
        ("shop/main.infra", "param domain"),
        ("shop/main.infra", "project shop"),
    ];
    let shown: Vec<String> = asked
        .iter()
        .map(|(file, text)| {
            let found = program.sources().files().find(|found| *found.shown == **file).unwrap();
            let line = found.text.lines().position(|line| line.trim().starts_with(text)).unwrap() + 1;
            format!("== {file}: {text}\n{}", answer(&program, &format!("{file}:{line}")))
        })
        .collect();
    insta::assert_snapshot!(steady(&shown.join("\n")));
}

#[test]
fn a_line_that_sets_several_things() {
    let text = r#"
project yard { edition = 1 }
environment prod { tier = prod, on = [aws(region = "eu-west-3")] }
network lan { cidr = 10.20.0.0/16 }
server proxy { memory = 2GiB, port https = 443/tcp }
firewall edge { allow = [internet -> proxy.https] }
"#;
    let program = tests::program(&[("main.infra".to_owned(), text.to_owned())]);
    let shown = ["main.infra:5", "main.infra:5:25", "main.infra:5:37", "main.infra:5:45", "main.infra:6"]
        .map(|question| format!("== {question}\n{}", answer(&program, question)));
    insta::assert_snapshot!(steady(&shown.join("\n")));
}

#[test]
fn questions_that_have_no_answer() {
    let program = example("shop");
    let asked = [
        "shop/services.infra:0",
        "shop/services.infra:5",
        "shop/services.infra:999",
        "shop/nothing.infra:3",
        "out/prod/kubernetes/api.yaml:0",
        "out/prod/kubernetes/api.yaml:99999",
        "out/prod/kubernetes/nothing.yaml:1",
        "kubernetes/api.yaml:3",
        "out/prod/kubernetes/removed.yaml:1",
        "out/prod/.infrac-files:1",
        "",
    ];
    let mut shown: Vec<String> =
        asked.iter().map(|question| format!("== {question}\n{}", answer(&program, question))).collect();
    // The folder says which environment is meant.
    match program.why("out/preprod/kubernetes/api.yaml:3", Some(source::Name::new("prod")), &[]) {
        Err(program::why::Unanswered::Question { message, help }) => {
            shown.push(format!("== --env prod\n{message}\nhelp: {help}\n"))
        }
        _ => panic!("an answer from the other environment"),
    }
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn lines_around_resources() {
    let program = example("shop");
    let (emitted, _) = program.build(source::Name::new("prod"), &[], &emit::Settings::beside_project("prod")).unwrap();
    let document = emitted.documents.iter().find(|document| document.path.ends_with(".tf.json")).unwrap();
    let head = document.text.lines().position(|line| line.trim() == "\"aws_vpc\": {").unwrap() + 1;
    insta::assert_snapshot!(steady(&answer(&program, &format!("out/prod/terraform/main.tf.json:{head}"))));
}
