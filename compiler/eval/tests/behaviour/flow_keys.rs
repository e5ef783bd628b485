//! What a flow is called: by its ends, however the program spells them.

use crate::from_text::{graph, refusal};

const ENDS: &str = r#"
project shop { edition = 1 }
environment test { tier = test, on = [cloud(region = "eu-west-3")] }
kind end {
  @role(ports)
  port: {string: port} = { http = 80/tcp, https = 443/tcp }
  @role(address)
  out address: later string
}
implement end on cloud {
  terraform.aws_vpc place { cidr_block = 10.0.0.0/16 }
  out address = place.id
}
kind pair is end { port: {string: port} = { http = 80/tcp } }
implement pair on cloud {
  end main { port }
  delegate main
}
kind rules { allow: [flow] = [] }
implement rules {}
end a for n in ["x", "y"] {}
end b for n in ["x", "y"] {}
end api {}
pair both {}
"#;

/// The keys of these flows.
fn keys(allow: &str) -> String {
    let graph = graph(&format!("{ENDS}rules r {{ allow = [{allow}] }}\noutput keys = [for f in r.allow: f.key]\n"));
    graph.store.show(graph.outputs[0].value)
}

#[test]
fn an_end_is_called_by_its_statement_its_key_and_its_port() {
    assert_eq!(keys("api -> a.http"), r#"["api-to-a-http"]"#);
    assert_eq!(keys(r#"a["x"] -> api.https"#), r#"["a-x-to-api-https"]"#);
    assert_eq!(keys(r#"internet -> a["y"].https"#), r#"["internet-to-a-y-https"]"#);
    assert_eq!(keys("10.0.0.0/8 -> api.http"), r#"["10-0-0-0-8-to-api-http"]"#);
    assert_eq!(keys("[b, api, 10.0.0.7] -> a.http"), r#"["10-0-0-7-api-b-to-a-http"]"#);
    assert_eq!(keys("api -> both.http"), r#"["api-to-both-http"]"#);
}

#[test]
fn a_loop_a_let_and_a_filter_change_no_name() {
    let of_loop = r#"["b-x-to-a-x-http", "b-y-to-a-y-http"]"#;
    assert_eq!(keys("for k, v in b: v -> a[k].http"), of_loop);
    assert_eq!(keys("for key, from in b: from -> a[key].http"), of_loop);
    assert_eq!(keys(r#"[for k, v in b: if k == "x": v] -> a.http"#), r#"["b-to-a-http"]"#);
    let named = graph(&format!(
        "{ENDS}let callers = b\nlet target: endpoint = api.http\nrules r {{ allow = [callers -> target] }}\noutput keys = [for f in r.allow: f.key]\n"
    ));
    assert_eq!(named.store.show(named.outputs[0].value), r#"["b-to-api-http"]"#);
}

#[test]
fn a_flow_may_have_a_name() {
    assert_eq!(keys("backup = api -> a.http"), r#"["backup"]"#);
    assert_eq!(keys(r#"for k, v in b: "from-${k}" => v -> a.http"#), r#"["from-x", "from-y"]"#);
}

#[test]
fn one_key_means_one_flow() {
    assert_eq!(keys("b -> a.http, b -> a.http"), r#"["b-to-a-http", "b-to-a-http"]"#);
    let told =
        refusal(&format!("{ENDS}rules r {{ allow = [b -> a.http, [for k, v in b: if k == \"x\": v] -> a.http] }}\n"));
    assert!(told.starts_with("same_flow: two flows are called `b-to-a-http`"), "{told}");
    assert!(told.contains("`b -> a.http` the other one"), "{told}");
}
