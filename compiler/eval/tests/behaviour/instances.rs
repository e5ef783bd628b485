//! Statements, loops, references, kinds with implementations.

use crate::from_text::{addresses, body, graph, refusal};

const START: &str = r#"
project shop { edition = 1 }
environment test { tier = test, on = [cloud(region = "eu-west-3")] }
"#;

#[test]
fn a_native_resource_refers_to_another() {
    let graph = graph(&format!(
        r#"{START}
terraform.aws_vpc main {{ cidr_block = 10.0.0.0/16 }}
terraform.aws_subnet a {{ vpc_id = main.id, cidr_block = 10.0.1.0/24 }}
"#
    ));
    assert_eq!(addresses(&graph), ["a", "main"]);
    assert_eq!(body(&graph, "main"), r#"{ cidr_block = "10.0.0.0/16" }"#);
    assert_eq!(body(&graph, "a"), r#"{ cidr_block = "10.0.1.0/24", vpc_id = main.id (known after apply) }"#);
    assert_eq!(graph.resources[0].edges.len(), 1);
    let order: Vec<String> = graph.order().unwrap().into_iter().map(|node| graph.node_text(node)).collect();
    assert_eq!(order, ["provider aws.cloud", "main", "a"]);
    assert_eq!(graph.resources[0].edges[0].path.len(), 1);
    assert_eq!(graph.providers.len(), 1);
    assert_eq!(graph.store.show(graph.providers[0].inputs), r#"{ region = "eu-west-3" }"#);
}

#[test]
fn a_loop_keys_its_instances_by_value() {
    let graph = graph(&format!(
        r#"{START}
let zones = {{ a = 1, b = 2 }}
terraform.aws_vpc main {{ cidr_block = 10.0.0.0/16 }}
terraform.aws_subnet part for zone, n in zones {{ vpc_id = main.id, cidr_block = 10.0.0.0/16.subnet(8, n), tags = {{ Name = "part-${{zone}}" }} }}
terraform.aws_subnet other for zone in ["x", "y"] if zone != "y" {{ vpc_id = main.id, cidr_block = part["a"].cidr_block }}
"#
    ));
    assert_eq!(addresses(&graph), ["main", "other[\"x\"]", "part[\"a\"]", "part[\"b\"]"]);
    assert_eq!(
        body(&graph, "part[\"b\"]"),
        r#"{ cidr_block = "10.0.2.0/24", tags = { Name = "part-b" }, vpc_id = main.id (known after apply) }"#
    );
}

#[test]
fn two_instances_with_one_key_are_refused() {
    let told = refusal(&format!(
        r#"{START}
terraform.aws_vpc net for x in [{{ n = 1, k = "a" }}, {{ n = 2, k = "a" }}] key x.k {{ cidr_block = 10.0.0.0/16 }}
"#
    ));
    assert!(told.starts_with("duplicate_key: two instances of `net` have the key `a`"), "{told}");
}

#[test]
fn a_block_is_one_more_element_of_a_list_that_is_set() {
    let graph = graph(&format!(
        r#"{START}
terraform.aws_dynamodb_table orders {{
  name = "orders"
  attribute = [for field in ["customer", "day"]: {{ name = field, type = "S" }}]
  attribute {{ name = "total", type = "N" }}
}}
"#
    ));
    assert_eq!(
        body(&graph, "orders"),
        r#"{ attribute = [{ name = "customer", type = "S" }, { name = "day", type = "S" }, { name = "total", type = "N" }], name = "orders" }"#
    );
}
