//! `all(KIND)`: everything that is made, whatever makes it, and nothing that is not.

use crate::from_text::{graph, refusal};

const CRATES: &str = r#"
project shop { edition = 1 }
environment test { tier = test, on = [near, far, cloud(region = "eu-west-3")] }
let near = depot(region = "a")
let far = depot(region = "b")
platform depot {
  region: string
  provider terraform.aws { region }
  crate spare {}
}
kind crate {}
implement crate on depot { terraform.aws_sns_topic label { name = name_of(self) } }
kind lorry is platform depot {}
implement lorry on cloud { out region = "c" }
output all = [for c in all(crate): path_of(c)]
"#;

fn found(text: &str) -> String {
    let graph = graph(&format!("{CRATES}{text}"));
    let output = graph.outputs.iter().find(|output| output.name.text() == "all").unwrap();
    graph.store.show(output.value)
}

#[test]
fn the_body_of_a_platform_counts_where_something_stands_on_it() {
    assert_eq!(found(""), "[]");
    assert_eq!(found("crate one on near {}"), r#"["near.spare", "one"]"#);
    assert_eq!(found("crate one on near {}\ncrate two on far {}"), r#"["far.spare", "near.spare", "one", "two"]"#);
    assert_eq!(found("lorry red {}\ncrate one on red {}"), r#"["one", "red.depot.spare"]"#);
}

#[test]
fn native_resources_can_be_asked_for() {
    let text = "crate one on near {}\nread terraform.aws_sns_topic old on near { name = \"old\" }\noutput names = [for t in all(terraform.aws_sns_topic): path_of(t)]\n";
    let graph = graph(&format!("{CRATES}{text}"));
    let output = graph.outputs.iter().find(|output| output.name.text() == "names").unwrap();
    assert_eq!(graph.store.show(output.value), r#"["near.spare.label", "one.label"]"#);
}

#[test]
fn a_platform_whose_body_asks_for_what_it_makes_is_a_circle() {
    let text = CRATES.replace("crate spare {}", "crate spare for n in [count(all(crate))] {}");
    let told = refusal(&format!("{text}crate one on near {{}}\n"));
    assert!(told.starts_with("circle: "), "{told}");
    assert_eq!(told.matches("circle: ").count(), 1, "{told}");
}
