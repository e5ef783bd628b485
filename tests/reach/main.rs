//! What `infrac reach` says: paths through the layers of small programs and of the examples, as they are printed.

mod around;

use program::Program;
use program::reach::{Verdict, matrix};
use source::{Disk, Name};
use std::path::Path;

/// A program on both layers: two machines of a loop, one with an address on the internet, two programs, a database.
const BOTH: &str = r#"
project both { edition = 1 }
environment prod {
  tier = prod
  on = [aws(region = "eu-west-3"), kubernetes(context = "here", node_ranges = [10.60.0.0/16])]
}
network lan { cidr = 10.20.0.0/16 }
server front for k in ["a", "b"] { port http = 8080/tcp }
server gate { public = true }
container api { image = "registry.example.com/api:1.0.0", port http = 9000/tcp }
container worker { image = "registry.example.com/worker:1.0.0" }
database orders {}
firewall paths {
  allow = [
    FLOWS
  ]
}
MORE
"#;

fn both(flows: &str, more: &str) -> Program {
    tests::program(&[("main.infra".to_owned(), BOTH.replace("FLOWS", flows).replace("MORE", more))])
}

/// Without the lines of the library's files: an edit of the library is none of these answers.
fn shown(text: &str) -> String {
    let line = |line: &str| match line.rfind("  std/").and_then(|at| line[at..].find(':').map(|colon| at + colon)) {
        Some(colon) => format!("{}\n", &line[..colon]),
        None => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

fn told(program: &Program, from: &str, to: &str) -> String {
    match program.reach(Name::new("prod"), &[], from, to) {
        Ok(answers) => answers.iter().map(|answer| shown(&answer.text())).collect(),
        Err(diagnostics) => tests::render(&diagnostics, program.sources()),
    }
}

fn all(program: &Program) -> String {
    match program.reach_all(Name::new("prod"), &[]) {
        Ok(answers) => shown(&matrix(&answers)),
        Err(diagnostics) => tests::render(&diagnostics, program.sources()),
    }
}

#[test]
fn a_path_crosses_the_border_both_ways() {
    let program = both("front -> api.http, api -> orders.sql", "");
    insta::assert_snapshot!(format!(
        "{}\n{}",
        told(&program, "front", "api.http"),
        told(&program, "api", "orders.sql")
    ));
}

#[test]
fn what_nobody_declares_is_closed_in_every_layer() {
    let program = both("front -> api.http", "");
    insta::assert_snapshot!(format!(
        "{}\n{}",
        told(&program, "worker", "api.http"),
        told(&program, "worker", "orders.sql")
    ));
}

#[test]
fn a_declared_flow_that_a_layer_stops_is_said() {
    let program = both("internet -> front.http, internet -> gate.ssh", "");
    insta::assert_snapshot!(all(&program));
}

#[test]
fn what_is_open_beyond_the_declared_flows_is_said() {
    // Databases of one network share its subnets: the policies of the cluster know them by these, the groups know the cluster's range.
    let program = both("worker -> orders.sql, api -> stock.sql", "database stock {}");
    insta::assert_snapshot!(all(&program));
}

#[test]
fn one_machine_of_a_loop_is_opened_alone() {
    let program = both("gate -> front[\"a\"].http, front[\"b\"] -> api.http", "");
    insta::assert_snapshot!(all(&program));
}

#[test]
fn what_cannot_be_read_makes_the_answer_unknown() {
    let program = both("front -> orders.sql", "terraform.aws_network_acl extra { vpc_id = lan.vpc_id }");
    insta::assert_snapshot!(told(&program, "front[\"a\"]", "orders.sql"));
}

/// A machine that a cloud makes and that is configured stands behind its security group and behind rules of its own.
const MADE: &str = r#"
project made { edition = 1 }
environment prod { tier = prod, on = [aws(region = "eu-west-3")] }
network lan { cidr = 10.20.0.0/16 }
external admins { ranges = [198.51.100.0/24] }
external updates { ranges = [0.0.0.0/0], port https = 443/tcp }
let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKFfTO0/PY7H3QUOEHMevvrqOEmwbDHa0eJvbNCuno7i"
server bastion { public = true, ssh_key = key }
server web { zone = "b", ssh_key = key, jump = bastion, packages = ["nginx-light"], port http = 8080/tcp }
database orders {}
firewall paths {
  allow = [admins -> bastion.ssh, bastion -> web.ssh, bastion -> web.http, web -> orders.sql, web -> updates.https]
}
"#;

#[test]
fn a_machine_of_a_cloud_has_two_layers() {
    let program = tests::program(&[("main.infra".to_owned(), MADE.to_owned())]);
    let answers = [("bastion", "web.ssh"), ("web", "orders.sql"), ("internet", "web.http"), ("orders", "web.ssh")];
    let answers: Vec<String> = answers.iter().map(|(from, to)| told(&program, from, to)).collect();
    insta::assert_snapshot!(answers.join("\n"));
}

/// A machine that watches asks the exporters of others, which its monitor opens in both layers.
#[test]
fn a_watched_machine_of_a_cloud_is_asked_through_both_layers() {
    let monitors = r#"
server watch { ssh_key = key, jump = bastion, disk = 30GiB }
team crew { mail = "crew@example.com" }
monitoring prom on watch { mail { server = "smtp.example.com", from = "alerts@example.com" } }
monitor machines { watch = web, objective = 99.5%, notify = crew }
firewall more { allow = [bastion -> watch.ssh, watch -> updates.https] }
"#;
    let program = tests::program(&[("main.infra".to_owned(), format!("{MADE}{monitors}"))]);
    let answers = [told(&program, "watch", "web.exporter"), told(&program, "bastion", "web.exporter")];
    insta::assert_snapshot!(answers.join("\n"));
}

/// A rule that is taken from one of the two layers stops the flow.
#[test]
fn a_flow_that_the_own_filter_of_a_machine_stops_is_said() {
    let closed = r#"adjust web.configuration.firewall { content = "table inet infrac {\n  chain incoming {\n    type filter hook input priority filter; policy drop;\n    ip saddr { 10.20.128.0/20 } tcp dport 22 accept\n  }\n}\n" }"#;
    let program = tests::program(&[("main.infra".to_owned(), format!("{MADE}{closed}\n"))]);
    insta::assert_snapshot!(told(&program, "bastion", "web.http"));
    let diagnostics = program.check();
    assert!(diagnostics.iter().any(|diagnostic| diagnostic.code == "stopped_flow"), "{diagnostics:?}");
}

#[test]
fn a_range_is_let_in_whole_or_not_at_all() {
    let program = both("203.0.113.0/24 -> gate.ssh", "");
    let verdict = |from: &str| program.reach(Name::new("prod"), &[], from, "gate.ssh").unwrap()[0].verdict;
    assert_eq!(
        ["203.0.113.9", "203.0.113.0/25", "203.0.112.0/23", "internet"].map(verdict),
        [Verdict::Open, Verdict::Open, Verdict::Closed, Verdict::Closed]
    );
}

#[test]
fn an_end_that_does_not_exist_is_told() {
    let program = both("", "");
    insta::assert_snapshot!(
        [told(&program, "frnt", "api.http"), told(&program, "front", "api.htp"), told(&program, "front", "api")]
            .join("\n")
    );
}

/// Nothing of the examples is stopped, and nothing is open that they do not declare.
#[test]
fn the_examples_are_as_they_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    for example in ["quickstart", "shop", "fleet"] {
        let program = Program::load(Disk::new(&folder), example);
        // Of the fleet one machine of each role stands for all.
        let asked = |environment: &Name| example != "fleet" || environment.text() == "lab";
        for environment in program.environments().into_iter().filter(asked) {
            let answers = program
                .reach_all(environment, &[])
                .unwrap_or_else(|told| panic!("{}", tests::render(&told, program.sources())));
            let other: Vec<String> = answers
                .iter()
                .filter(|path| path.is_stopped() || path.is_undeclared() || path.verdict == Verdict::Unknown)
                .map(|path| path.text())
                .collect();
            assert_eq!(other, Vec::<String>::new());
            assert!(answers.iter().any(|path| path.declared.is_some()));
        }
    }
}

/// A platform of the user's own, on which the library reads nothing, and what the user tells of its layers.
fn rack(with_layers: bool) -> Program {
    let mut files = vec![("main.infra".to_owned(), include_str!("rack/main.infra").to_owned())];
    if with_layers {
        files.push(("layers.infra".to_owned(), include_str!("rack/layers.infra").to_owned()));
    }
    tests::program(&files)
}

#[test]
fn a_project_tells_of_the_layers_of_its_platform() {
    assert!(told(&rack(false), "pages", "sessions.redis").contains("unknown"));
    let program = rack(true);
    assert_eq!(tests::render(program.check(), program.sources()), "");
    insta::assert_snapshot!(format!(
        "{}\n{}",
        told(&program, "pages", "sessions.redis"),
        told(&program, "sessions", "pages.redis")
    ));
}

#[test]
fn a_flow_that_a_layer_of_the_project_stops_is_a_mistake() {
    let main = include_str!("rack/main.infra").replace(
        "f in flows_from(self), e in ends(f.to) if e is cache",
        "f in flows_from(self), e in ends(f.to) if e is cache and f.key == \"none\"",
    );
    let layers = include_str!("rack/layers.infra").to_owned();
    let program = tests::program(&[("main.infra".to_owned(), main), ("layers.infra".to_owned(), layers)]);
    insta::assert_snapshot!(tests::render(program.check(), program.sources()));
}

/// A kind that stands on a container has the ports of the container, and names none itself.
const WRAPPED: &str = r#"
kind page is peer_end { image: image }
implement page {
  container app { image, port http = 8080/tcp }
  delegate app
}
page shop { image = "registry.example.com/shop:1.0.0" }
page blog { image = "registry.example.com/blog:1.0.0" }
"#;

#[test]
fn a_wrapper_is_reached_through_its_child() {
    let program = both("shop -> blog.http, internet -> gate.ssh", WRAPPED);
    insta::assert_snapshot!(format!(
        "{}\n{}",
        told(&program, "shop", "blog.http"),
        told(&program, "blog", "shop.http")
    ));
}
