//! `infrac explain`: a kind with its fields, from the library, from the project and from a maker's schema; and what was meant by a
//! word that is none.

use crate::{code, run, text};

#[test]
fn a_kind_is_explained_with_its_fields_and_where_it_is_implemented() {
    let folder = tempfile::tempdir().unwrap();
    let answer = run(folder.path(), &["explain", "server"]);
    assert_eq!(answer.status.code(), Some(0), "{}", text(&answer.stderr));
    for part in [
        "# server: a kind of the standard library",
        "server front for zone",
        "cpu: int?",
        "(between 1 and 64 virtual CPUs)",
        "address: later string",
        "aws  std/server.infra:",
        "type peer = { cidrs: [later cidr] = [], within",
    ] {
        assert!(text(&answer.stdout).contains(part), "{part}\n{}", text(&answer.stdout));
    }
    assert!(text(&run(folder.path(), &["explain", "aws"]).stdout).contains("region: string  (required)"));
    assert!(text(&run(folder.path(), &["explain", "no_port"]).stdout).starts_with("# no_port: "));
}

#[test]
fn a_kind_of_the_project_is_explained_where_it_is_declared() {
    let folder = tempfile::tempdir().unwrap();
    let program = "project shop { edition = 1 }\n\n/// Takes messages.\nkind queue {\n  /// How long they wait.\n  keep: duration = 4d where keep <= 14d else \"two weeks at most\"\n  name: string\n}\nimplement queue on aws {}\n";
    std::fs::write(folder.path().join("queue.infra"), program).unwrap();
    let answer = run(folder.path(), &["explain", "queue"]);
    let wanted = "# queue: a kind of this project\n\nTakes messages.\n\nfields:\n  keep: duration = 4d\n      How long they wait. (two weeks at most)\n  name: string  (required)\n\nimplemented on:\n  aws  queue.infra:9\n";
    assert_eq!(text(&answer.stdout), wanted);
    assert_eq!(code(tempfile::tempdir().unwrap().path(), &["explain", "queue"]), 1);
}

#[test]
fn a_native_kind_is_explained_level_by_level() {
    let folder = tempfile::tempdir().unwrap();
    let shown = |word: &str| text(&run(folder.path(), &["explain", word]).stdout).to_owned();
    let vpc = shown("terraform.aws_vpc");
    assert!(
        vpc.contains("# terraform.aws_vpc: a native kind of the provider hashicorp/aws")
            && vpc.contains("cidr_block: cidr\n")
            && vpc.contains("with `read terraform.aws_vpc NAME { … }`"),
        "{vpc}"
    );
    // Terraform takes whole objects there, which is no reason to write all of one.
    let route = shown("terraform.aws_route_table.route");
    assert!(route.contains("  cidr_block: cidr\n") && !route.contains("(required)"), "{route}");
    assert!(shown("kubernetes.deployment").contains("infrac explain kubernetes.deployment.metadata"));
    let container = shown("kubernetes.deployment.spec.template.spec.containers");
    assert!(container.contains("name: string  (required)"), "{container}");
}

#[test]
fn a_word_that_means_nothing_is_told_with_what_is_near() {
    let folder = tempfile::tempdir().unwrap();
    for (word, near) in [
        ("bukcet", "`bucket`"),
        ("no_prot", "`no_port`"),
        ("terraform.aws_s3_bukket", "`terraform.aws_s3_bucket`"),
        ("kubernetes.deployment.spec.templat", "`kubernetes.deployment.spec.template`"),
    ] {
        let answer = run(folder.path(), &["explain", word]);
        assert_eq!(answer.status.code(), Some(1));
        assert!(text(&answer.stderr).contains(&format!("did you mean {near}?")), "{}", text(&answer.stderr));
    }
    let all = run(folder.path(), &["explain"]);
    assert!(["\n  server\n", "\n  no_port\n", "terraform.aws_"].iter().all(|part| text(&all.stdout).contains(part)));
}
