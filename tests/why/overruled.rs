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
