//! An `adjust` over what an implementation set: both are named.

use crate::{answer, steady};

#[test]
fn who_set_it_and_who_lost() {
    let text = r#"
project yard { edition = 1 }
environment prod { tier = prod, on = [aws(region = "eu-west-3")] }
bucket files {}
adjust files.private { block_public_acls = false }
"#;
    let program = tests::program(&[("main.infra".to_owned(), text.to_owned())]);
    insta::assert_snapshot!(steady(&answer(&program, "files.private.block_public_acls")));
}

#[test]
fn who_took_it_out() {
    let text = r#"
project yard { edition = 1 }
environment prod { tier = prod, on = [kubernetes(context = "yard")] }
container api { image = "example.com/api:1" }
adjust api.main { spec { revisionHistoryLimit = none } }
"#;
    let program = tests::program(&[("main.infra".to_owned(), text.to_owned())]);
    assert_eq!(
        answer(&program, "api.main.spec.revisionHistoryLimit"),
        "`api.main` has nothing at `.spec.revisionHistoryLimit`\nhelp: the `adjust` at main.infra:5 takes it out\n"
    );
}
