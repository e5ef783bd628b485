//! Names of a whole project.

use ide::symbols::symbols;
use insta::assert_snapshot;

use crate::harness::Scene;

const SHOP: &str = r#"
//- main.infra
project shop { edition = 1 }
param domain: string = "x"
let front_size = 3
server front { memory = 4GiB }
implement queue on aws {
  terraform.aws_sqs_queue front_queue {}
}
fn frontal(x: int) -> int = x
//- network/lan.infra
network lan { cidr = 10.0.0.0/16 }
server far_front { memory = 1GiB }
//- network/broken.infra
server front_again {
  x =
"#;

fn found(query: &str) -> String {
    let scene = Scene::new(SHOP);
    symbols(&scene.program, query)
        .into_iter()
        .map(|found| {
            format!(
                "{:?} {} in `{}` of {} at {}\n",
                found.class, found.name, found.container, found.path, found.range.start
            )
        })
        .collect()
}

#[test]
fn without_a_query_all_statements() {
    assert_snapshot!(found(""));
}

#[test]
fn the_same_name_comes_first() {
    assert_snapshot!(found("front"));
}

#[test]
fn the_beginning_of_a_word() {
    assert_snapshot!(found("size"));
}

#[test]
fn letters_in_their_order() {
    assert_snapshot!(found("fs"));
}

#[test]
fn capitals_and_blanks_do_not_matter() {
    assert_eq!(found("FRO NT"), found("front"));
}

#[test]
fn instances_in_bodies() {
    assert_snapshot!(found("front_queue"));
}

#[test]
fn a_folder_is_the_container() {
    assert_snapshot!(found("lan"));
}

#[test]
fn a_platform_and_a_kind() {
    assert_snapshot!(found("queue on"));
}

#[test]
fn nothing_is_like_it() {
    assert_snapshot!(found("xyzzy"), @"");
}

#[test]
fn files_that_are_broken() {
    assert_snapshot!(found("again"));
}
