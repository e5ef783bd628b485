//! A dozen answers, read by hand: the question, and all that is said.

use crate::{answer, example, steady};

/// Line `text` of a file of the shop, asked for by what stands there, so that other lines may come and go.
fn line_of(program: &program::Program, file: &str, text: &str) -> String {
    let (emitted, _) = program.build(source::Name::new("prod"), &[], &emit::Settings::beside_project("prod")).unwrap();
    let document = emitted.documents.iter().find(|document| document.path == file).unwrap();
    let line = document.text.lines().position(|line| line.trim().starts_with(text)).unwrap_or_else(|| panic!("no line of {file} begins with {text}"));
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
    let shown: Vec<String> = asked.iter().map(|(file, text)| format!("== {file}: {text}\n{}", answer(&program, &line_of(&program, file, text)))).collect();
    insta::assert_snapshot!(steady(&shown.join("\n")));
}

#[test]
fn addresses() {
    let program = example("shop");
    let asked = ["api.replicas", "api.main.spec.template.spec.containers[0].imagePullPolicy", "front[\"a\"].zone", "site.name", "kubernetes.space.metadata.name", "api.replicsa", "apj.image"];
    let shown: Vec<String> = asked.iter().map(|question| format!("== {question}\n{}", answer(&program, question))).collect();
    insta::assert_snapshot!(steady(&shown.join("\n")));
}

#[test]
fn lines_of_the_source() {
    let program = example("shop");
    let asked = [("shop/services.infra", "replicas = match"), ("shop/services.infra", "LOG = "), ("shop/network.infra", "edge -> front.http"), ("shop/main.infra", "param domain"), ("shop/main.infra", "project shop")];
    let shown: Vec<String> = asked
        .iter()
        .map(|(file, text)| {
            let found = program.sources().files().find(|found| found.id.path() == *file).unwrap();
            let line = found.text.lines().position(|line| line.trim().starts_with(text)).unwrap() + 1;
            format!("== {file}: {text}\n{}", answer(&program, &format!("{file}:{line}")))
        })
        .collect();
    insta::assert_snapshot!(steady(&shown.join("\n")));
}
