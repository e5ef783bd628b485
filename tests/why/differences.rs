//! `infrac diff`: each difference once, with both places.

use program::diff::Diff;
use source::Name;

use crate::{example, steady};

/// The differences of two environments of a program of one file.
fn of_text(text: &str, left: &str, right: &str, given: &[(String, String)]) -> Diff {
    let program = tests::program(&[("main.infra".to_owned(), text.to_owned())]);
    let diff = program.diff(Name::new(left), Name::new(right), false, given);
    diff.unwrap_or_else(|told| panic!("{}", tests::render(&told, program.sources())))
}

#[test]
fn the_environments_of_the_shop() {
    let program = example("shop");
    let diff = program.diff(Name::new("preprod"), Name::new("prod"), false, &[]).unwrap();
    insta::assert_snapshot!(steady(&diff.text()));
}

#[test]
fn an_environment_is_like_itself() {
    let program = example("shop");
    for native in [false, true] {
        assert!(program.diff(Name::new("prod"), Name::new("prod"), native, &[]).unwrap().is_empty());
    }
}

#[test]
fn native_resources_are_compared_when_asked() {
    let program = example("shop");
    let diff = program.diff(Name::new("preprod"), Name::new("prod"), true, &[]).unwrap();
    assert!(diff.fields.iter().any(|field| field.address == "api.growth" && field.field == "spec.maxReplicas"));
    assert!(diff.fields.iter().all(|field| field.left.at.line > 0 && field.right.at.line > 0));
}

#[test]
fn what_stands_in_one_environment_only() {
    let text = r#"
project yard { edition = 1 }
environment prod { tier = prod, on = [] }
environment test { tier = test, on = [] }
team all { mail = "all@example.com" }
team night if environment == prod { mail = "night@example.com" }
"#;
    insta::assert_snapshot!(of_text(text, "prod", "test", &[]).text());
}

/// Params, a choice, the tier, a `match` and an `if` on the environment: each with what follows, and each thing once.
#[test]
fn causes_stand_before_what_follows_from_them() {
    let text = r#"
project yard { edition = 1 }
environment prod {
  tier = prod
  on = [aws(region = "eu-west-3"), kubernetes(context = "lab", node_ranges = [10.60.0.0/16])]
  choose { secret = aws, volume = aws }
  params { copies = 5, zones = ["a", "b"] }
}
environment test {
  tier = test
  on = [aws(region = region), kubernetes(context = "lab-test", node_ranges = [10.60.0.0/16])]
  choose { secret = kubernetes, volume = kubernetes }
  params { region = "eu-west-1", zones = ["a"] }
}
param copies: int = 1
param region: string = "eu-west-3"
param zones: [string] = []
param shared: string = "all@example.com"
param log: string = match environment { prod => "warn", _ => "debug" }
team all { mail = shared }
team night if environment == prod { mail = "night@example.com" }
secret pg {}
let size = copies * 2
container api {
  image = "nginx:1.27"
  port = { http = 8080/tcp }
  replicas = size..size + count(zones)
  env = { LOG = log, PASSWORD = pg.value }
}
bucket stuff for zone in zones {}
"#;
    insta::assert_snapshot!(of_text(text, "test", "prod", &[]).text());
    // What stands on the command line is the same in both, and decides nothing.
    let given = [("copies".to_owned(), "2".to_owned())];
    let diff = of_text(text, "test", "prod", &given);
    assert!(diff.causes.iter().all(|cause| cause.what != "param copies"));
    assert!(diff.fields.iter().all(|field| field.field != "replicas.first"));
}

/// A difference that no decision is known of would be a place that the retracing lost.
#[test]
fn every_difference_of_the_shop_has_a_cause() {
    let program = example("shop");
    let diff = program.diff(Name::new("preprod"), Name::new("prod"), true, &[]).unwrap();
    let lost: Vec<_> = diff.fields.iter().filter(|field| field.causes.is_empty()).collect();
    assert!(lost.is_empty(), "{lost:#?}");
    assert!(diff.only.iter().all(|only| !only.causes.is_empty()), "{:#?}", diff.only);
}
