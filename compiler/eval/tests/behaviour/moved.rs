//! What keeps its names when it is called otherwise, and the addresses that lead there.

use crate::from_text::{graph, refusal};
use graph::Change;

/// A program whose parts are called as a test wants; `said` stands at its end.
struct Called {
    on: &'static str,
    group: &'static str,
    child: &'static str,
    part: &'static str,
    many: &'static str,
    inside: &'static str,
    said: &'static str,
}

const FIRST: Called =
    Called { on: "cloud", group: "shared", child: "queue", part: "main", many: "many", inside: "", said: "" };

impl Called {
    fn text(&self) -> String {
        let Self { on, group, child, part, many, inside, said } = self;
        let on = if *on == "cloud" { String::new() } else { format!("{on} = ") };
        format!(
            r#"
project shop {{ edition = 1 }}
environment test {{ tier = test, on = [{on}cloud(region = "eu-west-3")] }}
kind store {{ size: int = 1 }}
implement store on cloud {{
  once {group} by "${{size}}" {{ terraform.aws_sqs_queue {child} {{ name = name_of(self) }} }}
  terraform.aws_sqs_queue {part} {{ name = path_of({part}) }}
  {inside}
}}
store {many} for n in ["a", "b"] {{}}
{said}
"#
        )
    }
    /// The names of all queues, sorted.
    fn names(&self) -> Vec<String> {
        let graph = graph(&self.text());
        let names = graph.resources.iter().filter_map(|resource| {
            let name = graph.store.field(resource.body, source::Name::new("name"))?;
            Some(graph.store.show(name))
        });
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }
    /// `from > to`, of every hop to this address.
    fn hops(&self, address: &str) -> Vec<String> {
        let graph = graph(&self.text());
        let text = |address| graph.store.address_text(address);
        let hop = |change: &Change| match change {
            Change::Moved { resource, from, to, .. } if text(*resource) == address => {
                Some(format!("{} > {}", text(*from), text(*to)))
            }
            Change::Moved { .. } | Change::Adopt { .. } | Change::Forget { .. } | Change::Destroy { .. } => None,
        };
        graph.changes.iter().filter_map(hop).collect()
    }
}

#[test]
fn names_are_those_of_the_first_address() {
    let first = FIRST.names();
    assert_eq!(first, ["\"many[\\\"a\\\"].main\"", "\"many[\\\"b\\\"].main\"", "\"shop-test-many-1\""]);
    let renamed = Called { many: "lots", said: "moved \"many\" to lots", ..FIRST };
    assert_eq!(renamed.names(), first);
    let children = "moved shared.queue to common.line\n  moved main to core";
    let inside = Called { group: "common", child: "line", part: "core", inside: children, ..FIRST };
    assert_eq!(inside.names(), first);
    let both = Called { many: "lots", said: "moved \"many\" to lots", ..inside };
    assert_eq!(both.names(), first);
}

#[test]
fn every_address_that_it_may_have_had_leads_to_the_last() {
    let inside = "moved main to core";
    let both = Called { many: "lots", part: "core", inside, said: "moved \"many\" to lots", ..FIRST };
    assert_eq!(
        both.hops("lots[\"a\"].core"),
        [
            "many[\"a\"].main > lots[\"a\"].main",
            "lots[\"a\"].main > many[\"a\"].core",
            "many[\"a\"].core > lots[\"a\"].core"
        ]
    );
}

#[test]
fn what_is_made_once_follows_the_name_of_its_platform() {
    let there = Called { on: "north", said: "moved \"cloud\" to north", ..FIRST };
    assert_eq!(there.names(), FIRST.names());
    assert_eq!(
        there.hops("many.shared[\"1\"].on[\"north\"].queue"),
        ["many.shared[\"1\"].queue > many.shared[\"1\"].on[\"north\"].queue"]
    );
    let back = Called { said: "moved \"north\" to cloud", ..FIRST };
    assert_eq!(
        back.hops("many.shared[\"1\"].queue"),
        ["many.shared[\"1\"].on[\"north\"].queue > many.shared[\"1\"].queue"]
    );
}

#[test]
fn what_is_there_cannot_have_gone() {
    let told = refusal(&Called { said: "moved \"many[\\\"a\\\"]\" to many[\"b\"]", ..FIRST }.text());
    assert!(told.contains("still_there"), "{told}");
}
