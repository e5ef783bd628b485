//! Kinds that stand on kinds: what a wrapper hands on to its child, what a child hands over, and what is passed on at all.

use crate::from_text::{graph, refusal};

const KINDS: &str = r#"
project shop { edition = 1 }
environment test { tier = test, on = [cloud(region = "eu-west-3")] }

kind app {
  size: int = 1
  env: {string: later string} = {}
  label: string = "app ${size}" where label != "" else "a label says something"
  @role(ports)
  port: {string: port} = {}
  @role(address)
  out address: string
}
implement app { out address = "at-${path_of(self)}" }

kind service {
  ...inputs(app)
  /// Larger than an app.
  size: int = 2
  owner: string
  @role(address)
  out address: string
}
implement service {
  app main { ...self.only(inputs(app)), env = { ...env, OWNER = owner } }
  delegate main
}
kind rules { allow: [flow] = [] }
implement rules {}
"#;

fn output(text: &str, name: &str) -> String {
    let graph = graph(&format!("{KINDS}\n{text}"));
    let output = graph.outputs.iter().find(|output| output.name.text() == name);
    output.map(|output| graph.store.show(output.value)).unwrap()
}

#[test]
fn a_wrapper_hands_its_inputs_to_its_child() {
    let text = r#"
service shop { owner = "me", env = { A = "a" } }
service large { owner = "me", size = 9, label = "large" }
output apps = [for a in all(app): { size = a.size, label = a.label, env = a.env }]
"#;
    assert_eq!(
        output(text, "apps"),
        "[{ env = { OWNER = \"me\" }, label = \"large\", size = 9 }, \
          { env = { A = \"a\", OWNER = \"me\" }, label = \"app 2\", size = 2 }]"
    );
}

#[test]
fn each_input_of_a_child_is_asked_for_alone() {
    // Each names the address of the other in its settings, and neither address depends on them.
    let text = r#"
service one { owner = "me", port http = 80/tcp, env = { OTHER = address_of(two) } }
service two { owner = "me", port http = 80/tcp, env = { OTHER = address_of(one) } }
rules open { allow = [one -> two.http] }
output others = [for a in all(app): a.env["OTHER"]]
"#;
    assert_eq!(output(text, "others"), "[\"at-two.main\", \"at-one.main\"]");
}

#[test]
fn a_constraint_that_was_taken_holds_for_the_wrapper() {
    let told = refusal(&format!("{KINDS}\nservice shop {{ owner = \"me\", label = \"\" }}"));
    assert!(told.starts_with("check_failed: a label says something\n"), "{told}");
    assert!(told.contains("label = \"\"") || told.contains("`\"\"`"), "{told}");
}

#[test]
fn the_ports_of_a_wrapper_are_those_of_its_child() {
    let text = r#"
kind page {
  @role(ports)
  port: {string: port} = {}
  @role(address)
  out address: string
}
implement page {
  app main { port = { http = 80/tcp, ...self.port } }
  delegate main
}
page one {}
page several for n in ["a"] {}
output number = one.port.http.first
output ports = [for k, p in several: keys(p.port)]
"#;
    assert_eq!(output(text, "number"), "80");
    assert_eq!(output(text, "ports"), "[[\"http\"]]");
}

#[test]
fn std_reaches_what_the_language_has() {
    let text = r#"
fn count(x: [int]) -> int = 7
let environment_name = "${std.environment}"
output counts = [count([1, 2]), std.count([1, 2])]
output names = [std.project_name(), environment_name]
output apps = [for a in std.all(app): key_of(a)]
app one {}
"#;
    assert_eq!(output(text, "counts"), "[7, 2]");
    assert_eq!(output(text, "names"), "[\"shop\", \"test\"]");
    assert_eq!(output(text, "apps"), "[\"one\"]");
}

#[test]
fn which_keys_there_are_is_known_though_their_values_are_not() {
    let text = r#"
app one { env = { ADDRESS = address_of(two) } }
app two {}
output asked = [for a in all(app): "ADDRESS" in a.env]
"#;
    assert_eq!(output(text, "asked"), "[true, false]");
}

#[test]
fn what_stands_behind_a_spread_overrides_it() {
    let text = r#"
let usual: inputs(app) = { size = 3, label = "usual", port = { http = 80/tcp } }
app one { ...usual }
app two { ...usual, size = 4, port admin = 81/tcp }
app three { ...(usual with { label = "other" }), size ?= none }
output apps = [for a in all(app): "${a.size} ${a.label} ${join(keys(a.port), "+")}"]
"#;
    assert_eq!(output(text, "apps"), "[\"3 usual http\", \"3 other http\", \"4 usual admin+http\"]");
}

#[test]
fn a_field_that_is_an_endpoint_is_one_wherever_one_is_wanted() {
    let text = r#"
kind monitor { watch: endpoint, others: [endpoint] = [], named: {string: endpoint} = {}, later: endpoint? }
implement monitor {}
service shop { owner = "me", port http = 80/tcp }
app other { port http = 81/tcp, port watch = 82/tcp }
monitor first { watch = shop.http, others = [other.http] }
monitor second { watch = first.watch, others = first.others }
monitor several for k in ["a", "b"] { watch = first.watch, named = { one = other.http, two = other.watch } }
rules open {
  allow = [
    shop -> first.watch,
    other -> first.others,
    shop -> several.watch,
    shop -> first.later,
    first_port -> first.watch,
    first_port -> several.named,
  ]
}
app first_port {}
output keys = [for f in open.allow: "${f.key} ${join([for e in f.to: path_of(owner_of(e))], "+")}"]
output owner = path_of(owner_of(second.watch))
"#;
    assert_eq!(
        output(text, "keys"),
        "[\"shop-to-shop-http shop.main\", \"other-to-other-http other\", \"shop-to-shop-http shop.main\", \
          \"first_port-to-shop-http shop.main\", \"first_port-to-other-http-other-watch other+other\"]"
    );
    assert_eq!(output(text, "owner"), "\"shop.main\"");
}

#[test]
fn elements_come_behind_those_that_they_name() {
    let text = r#"
kind task { after: [task] = [] }
implement task {}
task a { after = [c, d] }
task b {}
task c {}
task d { after = [c] }
output order = [for t in ordered([for t in all(task) by t.after: t]): key_of(t)]
"#;
    assert_eq!(output(text, "order"), "[\"b\", \"c\", \"d\", \"a\"]");
}

#[test]
fn what_runs_on_a_host_may_ask_what_that_is() {
    let text = r#"
platform place { zone: string = "none" }
kind machine is platform place { serial: string }
implement machine { out zone = "zone-${serial}" }
kind note { out line: string }
implement note on place {
  out line = if platform_of(self) is machine
    then "${platform_of(self).serial} ${path_of(platform_of(self))}"
    else platform_of(self).zone
}
machine one { serial = "1" }
machine two { serial = "2" }
note a on one {}
note b on two {}
output lines = [for n in all(note): n.line]
"#;
    assert_eq!(output(text, "lines"), "[\"1 one\", \"2 two\"]");
}
