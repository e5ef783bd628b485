//! Sets of a maker, read back: each value once, and no order.

use serde_json::{Value, json};

use crate::written::emitted;

const PROGRAM: &str = r#"
project yard { edition = 1 }
environment prod { tier = prod, on = [aws(region = "eu-west-3")] }
terraform.aws_db_subnet_group one { name = "one", subnet_ids = ["a", "b", "a"] }
terraform.aws_db_subnet_group other { name = "other", subnet_ids = ["b", "a"] }
terraform.aws_db_subnet_group third { name = "third", subnet_ids = ["b", "c"] }

output many = count(one.subnet_ids)
output each = [for id in one.subnet_ids: "<${id}>"]
output same = one.subnet_ids == other.subnet_ids
output written = one.subnet_ids == ["b", "a"]
output differs = one.subnet_ids != third.subnet_ids
output lists = ["a", "b"] == ["b", "a"]
"#;

#[test]
fn a_set_has_each_value_once_and_no_order() {
    let files = emitted(&[("main.infra".to_owned(), PROGRAM.to_owned())]);
    let (_, text) = files.into_iter().find(|(path, _)| path == "terraform/main.tf.json").unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    let value = |name: &str| document["output"][name]["value"].clone();
    assert_eq!(value("many"), json!(2));
    assert_eq!(value("each"), json!(["<a>", "<b>"]));
    assert_eq!(value("same"), json!(true));
    assert_eq!(value("written"), json!(true));
    assert_eq!(value("differs"), json!(true));
    assert_eq!(value("lists"), json!(false));
}
