//! `infrac diff`: each difference once, with both places.

use source::Name;

use crate::{example, steady};

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
team night if environment == prod { mail = "night@example.com", escalates_to = all }
"#;
    let program = tests::program(&[("main.infra".to_owned(), text.to_owned())]);
    let diff = program
        .diff(Name::new("prod"), Name::new("test"), false, &[])
        .unwrap_or_else(|told| panic!("{}", tests::render(&told, program.sources())));
    insta::assert_snapshot!(diff.text());
}
