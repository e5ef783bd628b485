//! Who calls whom, asked at a place in the source: the mark `$0` is where the cursor stands.

use program::why::{At, Unanswered};
use source::{FileId, Name};

use crate::{both, shown};

/// What is said at the mark, in a program with these flows and statements.
fn around(flows: &str, more: &str) -> String {
    let marked = crate::BOTH.replace("FLOWS", flows).replace("MORE", more);
    let byte = marked.find("$0").unwrap();
    let program = both(&flows.replace("$0", ""), &more.replace("$0", ""));
    match program.reach_of(Name::new("prod"), &[], At { file: FileId::new("main.infra"), byte }) {
        Ok(around) => format!("{}\n{}", around.title, shown(&around.text())),
        Err(Unanswered::Question { message, help }) => format!("{message}\nhelp: {help}\n"),
        Err(Unanswered::Mistakes(told)) => tests::render(&told, program.sources()),
    }
}

#[test]
fn a_flow_is_followed_layer_by_layer() {
    insta::assert_snapshot!(around("front -> api.http, api -> ord$0ers.sql", ""));
}

#[test]
fn a_flow_that_is_stopped_is_followed_as_well() {
    insta::assert_snapshot!(around("internet -> front.ht$0tp", ""));
}

#[test]
fn a_port_tells_who_reaches_it() {
    let more =
        "container web { image = \"registry.example.com/web:1.0.0\", port $0http = 80/tcp, port admin = 81/tcp }";
    insta::assert_snapshot!(around("front -> web.http, worker -> web.admin", more));
}

#[test]
fn an_instance_tells_whom_it_reaches_and_who_reaches_it() {
    let more = "container w$0eb { image = \"registry.example.com/web:1.0.0\", port http = 80/tcp }";
    insta::assert_snapshot!(around("front -> web.http, web -> orders.sql", more));
}

#[test]
fn a_field_of_an_instance_stands_for_the_instance() {
    let more = "container web { image = \"registry.exam$0ple.com/web:1.0.0\", port http = 80/tcp }";
    let named = "container w$0eb { image = \"registry.example.com/web:1.0.0\", port http = 80/tcp }";
    let flows = "front -> web.http, web -> orders.sql";
    assert_eq!(around(flows, more), around(flows, named));
}

#[test]
fn where_nothing_is_called_that_is_said() {
    insta::assert_snapshot!(around("front -> api.http", "let a$0ge = 3d\noutput kept = age"));
}
