//! Declared kinds: inputs and defaults, implementations and platforms, what is made once, delegation, queries, flows.

use crate::from_text::{addresses, body, evaluate, graph, refusal};

const KINDS: &str = r#"
project shop { edition = 1 }
environment test { tier = test, on = [cloud(region = "eu-west-3")] }

kind net {
  cidr: cidr
  label: string = "net"
  check label != "bad" else "a net has a good label"
}
implement net on cloud {
  terraform.aws_vpc main { cidr_block = cidr, tags = { Name = label, Full = name_of(self) } }
  out id = main.id
}

kind host {
  net:  net
  size: int = 2 where size in 1..8 else "between 1 and 8"
  @role(ports)
  port: {string: port} = { ssh = 22/tcp }
  @role(address)
  out address: later string
  out group: later string
}
implement host on cloud needs net {
  once shared by net {
    terraform.aws_security_group guard { vpc_id = net.id, name = name_of(self), description = "of ${key_of(self)}" }
  }
  terraform.aws_instance vm { ami = "ami-1", instance_type = "t3.${size}", vpc_security_group_ids = [guard.id] }
  out address = vm.id
  out group   = guard.id
}
"#;

fn with(text: &str) -> String {
    format!("{KINDS}\n{text}")
}

#[test]
fn an_instance_becomes_what_its_implementation_says() {
    let graph = graph(&with("net lan { cidr = 10.0.0.0/16 }"));
    assert_eq!(addresses(&graph), ["lan.main"]);
    assert_eq!(
        body(&graph, "lan.main"),
        r#"{ cidr_block = "10.0.0.0/16", tags = { Full = "shop-test-lan", Name = "net" } }"#
    );
    assert_eq!(graph.instances.len(), 1);
    assert_eq!(graph.instances[0].implementation.map(|name| name.text()), Some("cloud"));
    assert_eq!(graph.instances[0].platform.as_deref(), Some("cloud(region = \"eu-west-3\")"));
    assert_eq!(graph.store.show(graph.instances[0].inputs), r#"{ cidr = 10.0.0.0/16, label = "net" }"#);
}

#[test]
fn what_is_made_once_stands_for_a_statement_and_a_key() {
    let graph = graph(&with(
        r#"
net lan { cidr = 10.0.0.0/16 }
net dmz { cidr = 10.1.0.0/16 }
host front for n, where in { a = lan, b = lan, c = dmz } { net = where, size = 3 }
output groups = [for h in values(front): h.group]
"#,
    ));
    assert_eq!(
        addresses(&graph),
        [
            "dmz.main",
            "front.shared[\"dmz\"].guard",
            "front.shared[\"lan\"].guard",
            "front[\"a\"].vm",
            "front[\"b\"].vm",
            "front[\"c\"].vm",
            "lan.main"
        ]
    );
    assert_eq!(
        body(&graph, "front.shared[\"lan\"].guard"),
        r#"{ description = "of front-lan", name = "shop-test-front-lan", vpc_id = lan.main.id (known after apply) }"#
    );
    assert!(
        body(&graph, "front[\"c\"].vm").contains("front.shared[\"dmz\"].guard.id"),
        "{}",
        body(&graph, "front[\"c\"].vm")
    );
    let groups = graph.store.show(graph.outputs[0].value);
    assert!(groups.matches("front.shared[\"lan\"].guard.id").count() == 2, "{groups}");
}

#[test]
fn a_failed_check_says_its_parts_where_the_mistake_was_made() {
    let told = refusal(&with(
        "net lan { cidr = 10.0.0.0/16 }\nhost front { net = lan, size = 9 }\nnet odd { cidr = 10.0.0.0/16, label = \"bad\" }",
    ));
    assert_eq!(
        told,
        "check_failed: between 1 and 8\n  at main.infra:34:32 `9`\n  at main.infra:17:23 `size in 1..8` asked for here\n  help: `size` is 9\n\
         check_failed: a net has a good label\n  at main.infra:35:39 `\"bad\"`\n  at main.infra:8:9 `label != \"bad\"` asked for here\n  help: `label` is \"bad\"\n"
    );
}

#[test]
fn two_platforms_are_an_error_that_says_how_to_choose() {
    let text = with(
        "platform other { zone: string }\nimplement net on other { out id = \"x\" }\nnet lan { cidr = 10.0.0.0/16 }",
    )
    .replace("on = [cloud(region = \"eu-west-3\")]", "on = [cloud(region = \"eu-west-3\"), other(zone = \"z\")]");
    let told = refusal(&text);
    assert!(
        told.starts_with(
            "two_platforms: `lan` could stand on `cloud(region = \"eu-west-3\")` or on `other(zone = \"z\")`"
        ),
        "{told}"
    );
    assert!(told.contains("choose { net = cloud }"), "{told}");
    let chosen = text.replace("\"z\")]", "\"z\")], choose { net = other }");
    assert_eq!(graph(&chosen).resources.len(), 0);
}

#[test]
fn what_is_listed_under_the_chosen_name_wins_over_its_platform() {
    for chosen in ["cloud", "dublin"] {
        let on = "on = [cloud(region = \"eu-west-3\"), dublin = cloud(region = \"eu-west-1\")]";
        let text = with("net lan { cidr = 10.0.0.0/16 }")
            .replace("on = [cloud(region = \"eu-west-3\")]", &format!("{on}, choose {{ net = {chosen} }}"));
        let aliases: Vec<_> =
            graph(&text).providers.iter().map(|provider| provider.alias.map(|name| name.text())).collect();
        assert_eq!(aliases, [Some(chosen)]);
    }
}

#[test]
fn a_kind_that_no_listed_platform_implements_is_refused() {
    let told =
        refusal(&with("net lan { cidr = 10.0.0.0/16 }").replace("on = [cloud(region = \"eu-west-3\")]", "on = []"));
    assert!(told.starts_with("no_platform: no platform of `test` implements `net`"), "{told}");
    assert!(told.contains("it is implemented on `cloud`"), "{told}");
}

#[test]
fn what_is_needed_lives_on_the_same_platform() {
    let told = refusal(
        &with("let paris = cloud(region = \"eu-west-3\")\nlet dublin = cloud(region = \"eu-west-1\")\nnet lan on paris { cidr = 10.0.0.0/16 }\nhost front on dublin { net = lan }")
            .replace("on = [cloud(region = \"eu-west-3\")]", "on = [paris, dublin]"),
    );
    assert!(told.starts_with("needs_platform: `front` stands on `cloud(region = \"eu-west-1\")`, `lan` on `cloud(region = \"eu-west-3\")`"), "{told}");
}

#[test]
fn providers_of_two_regions_have_aliases() {
    let graph = graph(
        &with("let paris = cloud(region = \"eu-west-3\")\nlet dublin = cloud(region = \"eu-west-1\")\nnet lan for p in [\"a\"] on paris { cidr = 10.0.0.0/16 }\nnet far on dublin { cidr = 10.1.0.0/16 }")
            .replace("on = [cloud(region = \"eu-west-3\")]", "on = [paris, dublin]"),
    );
    let aliases: Vec<_> = graph.providers.iter().map(|provider| provider.alias.map(|name| name.text())).collect();
    assert_eq!(aliases, [Some("dublin"), Some("paris")]);
    assert_eq!(graph.resources[0].provider, Some(graph::ProviderId(0)));
}

#[test]
fn params_come_from_the_command_line_the_environment_or_their_default() {
    let text = with(
        "param amount: int = 2\nparam name: string\nnet lan { cidr = 10.0.0.0/16, label = \"${name}-${amount}\" }",
    )
    .replace("\"eu-west-3\")] }", "\"eu-west-3\")], params { name = \"x\" } }");
    assert!(body(&graph(&text), "lan.main").contains("Name = \"x-2\""));
    let given = evaluate(&text, "test", &[("amount", "7"), ("name", "y")]).unwrap();
    assert!(body(&given, "lan.main").contains("Name = \"y-7\""));
    let told = evaluate(&text, "test", &[("amount", "many")]).unwrap_err();
    assert!(told.starts_with("bad_param: `amount`: "), "{told}");
    let told = evaluate(&text, "test", &[("nmae", "z")]).unwrap_err();
    assert!(told.contains("there is no param `nmae`") && told.contains("did you mean `name`?"), "{told}");
}

const BUNDLE: &str = r#"
kind end {
  @role(ports)
  port: {string: port} = {}
  @role(address)
  out address: later string
}
kind app is end { label: string = "x" }
implement app on cloud {
  terraform.aws_vpc place { cidr_block = 10.0.0.0/16, tags = { Name = label } }
  out address = place.id
}
kind rules { allow: [flow] = [] }
implement rules {}
kind service is end {
  port: {string: port} = { http = 8080/tcp }
}
implement service {
  app main { port, label = "for ${key_of(self)}" }
  rules own { allow = [internet -> main.http] }
  delegate main
}
let declared = [for r in all(rules): for f in r.allow: f]
let by_target = {for f in declared: for e in ends(f.to): e => f...}
"#;

#[test]
fn a_bundle_stands_for_the_part_it_delegates_to() {
    let graph = graph(&with(
        &format!(
            r#"{BUNDLE}
service shop {{ port https = 443/tcp }}
service[] = none
"#
        )
        .replace("service[] = none\n", "")
        .replace(
            "let declared",
            r#"output address = address_of(shop)
output keys = [for f in declared: f.key]
output ends = [for f in declared: path_of(first(ends(f.to)) ?? shop)]
output port = port_of(shop.port.https)
let declared"#,
        )
        .replace("output port = port_of(shop.port.https)\n", ""),
    ));
    let show = |name: &str| {
        graph
            .outputs
            .iter()
            .find(|output| output.name.text() == name)
            .map(|output| graph.store.show(output.value))
            .unwrap()
    };
    assert_eq!(show("address"), "shop.main.place.id (known after apply)");
    assert_eq!(show("ends"), "[\"shop.main\"]");
    assert!(body(&graph, "shop.main.place").contains("for shop"));
}

#[test]
fn a_circle_is_told_once_with_its_path() {
    let told = refusal(&with(
        r#"
kind pair { other: pair?, n: int = 1 }
implement pair { out m = if other == none then 0 else other.n }
net lan for z in keys(front) { cidr = 10.0.0.0/16 }
host front for n in lan_keys { net = lan["a"] }
let lan_keys = keys(lan)
"#,
    ));
    assert!(told.starts_with("circle: "), "{told}");
    assert_eq!(told.matches("circle: ").count(), 1, "{told}");
    assert!(told.contains("the circle is the header of `"), "{told}");
}

#[test]
fn resources_that_need_each_other_are_a_circle() {
    let told = refusal(&with(
        "terraform.aws_vpc a { cidr_block = 10.0.0.0/16, tags = { Name = b.id } }\nterraform.aws_vpc b { cidr_block = 10.0.0.0/16, tags = { Name = a.id } }",
    ));
    assert!(told.starts_with("circle: `a` has to be there before itself"), "{told}");
    assert!(told.contains("the circle is `a` → `b` → `a`"), "{told}");
}

#[test]
fn adjustments_change_what_an_implementation_made() {
    let graph = graph(&with(
        "net lan for k in [\"a\", \"b\"] { cidr = 10.0.0.0/16 }\nadjust lan[*].main { enable_dns_support = false }\nadjust lan[\"a\"].main { tags = { Name = \"other\" } }",
    ));
    assert!(
        body(&graph, "lan[\"a\"].main").contains("enable_dns_support = false"),
        "{}",
        body(&graph, "lan[\"a\"].main")
    );
    assert!(body(&graph, "lan[\"a\"].main").contains("Name = \"other\""));
    assert!(body(&graph, "lan[\"b\"].main").contains("Name = \"net\""));
}

#[test]
fn an_adjustment_takes_a_field_out() {
    let graph = graph(&with(
        "net lan { cidr = 10.0.0.0/16 }\nlet dns: bool? = none\nadjust lan.main { tags { Name = none }, enable_dns_support ?= dns }",
    ));
    assert_eq!(body(&graph, "lan.main"), r#"{ cidr_block = "10.0.0.0/16", tags = { Full = "shop-test-lan" } }"#);
    let whole = crate::from_text::graph(&with("net lan { cidr = 10.0.0.0/16 }\nadjust lan.main { tags = none }"));
    assert_eq!(body(&whole, "lan.main"), r#"{ cidr_block = "10.0.0.0/16" }"#);
}

#[test]
fn an_adjustment_sets_a_part_of_an_input() {
    let graph = graph(&with(
        r#"
kind note { place: { shelf: int = 1, row: int = 2 } = {}, tags: {string: string} = { old = "1" } }
implement note { terraform.aws_vpc main { cidr_block = "10.${place.shelf}.${place.row}.0/24", tags } }
kind book {}
implement book { note first {} }
book diary {}
adjust diary.first { place.shelf = 7, tags { old = none, new = "2" } }
"#,
    ));
    assert_eq!(body(&graph, "diary.first.main"), r#"{ cidr_block = "10.7.2.0/24", tags = { new = "2" } }"#);
}

#[test]
fn two_adjustments_of_one_path_conflict() {
    let told = refusal(&with(
        "net lan { cidr = 10.0.0.0/16 }\nadjust lan.main { enable_dns_support = false }\nadjust lan.main { enable_dns_support = true }",
    ));
    assert!(told.starts_with("adjust_conflict: `enable_dns_support` of `lan.main` is adjusted twice"), "{told}");
}

#[test]
fn what_an_instance_sets_reads_back_known_and_stays_a_reference() {
    let graph = graph(&with(
        r#"
terraform.aws_vpc main { cidr_block = 10.0.0.0/16, tags = { Name = "prod" } }
terraform.aws_subnet part { vpc_id = main.id, cidr_block = main.cidr_block, tags = { Name = "${main.cidr_block} here" } }
terraform.aws_vpc more if main.cidr_block == 10.0.0.0/16 { cidr_block = 10.1.0.0/16 }
output text = "is ${main.id}"
"#,
    ));
    assert_eq!(addresses(&graph), ["main", "more", "part"]);
    let json = graph::save(&graph);
    assert!(json.contains("\"known\":\"10.0.0.0/16\""), "{json}");
    assert!(json.contains("\"$op\":\"text\""), "{json}");
    assert_eq!(json, graph::save(&graph));
}

#[test]
fn annotations_cover_what_is_beneath() {
    let graph = graph(&with(
        r#"
@protect(environment == test)
@allow(CKV_1, because = "small", until = 2027-01-01)
net lan { cidr = 10.0.0.0/16 }
@after(lan)
@ignore_drift(tags)
@replace(first = "create")
terraform.aws_vpc late { cidr_block = 10.0.0.0/16 }
"#,
    ));
    let lan = &graph.resources[0];
    assert!(lan.life.protect);
    assert_eq!(lan.waivers[0].because, "small");
    assert!(lan.waivers[0].until.is_some());
    let late = &graph.resources[1];
    assert!(late.life.create_first && late.life.ignore.len() == 1 && !late.life.protect);
    assert_eq!(late.edges[0].kind, graph::EdgeKind::Order);
    assert_eq!(late.edges[0].resource(), Some(lan.address));
}

const CLUSTER: &str = r#"
platform orchestra { label: string = "x"
  provider kubernetes {}
  kubernetes.namespace space { metadata { name = "space" } }
}
kind cluster is platform orchestra { version: string = "1.34" }
implement cluster on cloud {
  terraform.aws_eks_cluster main { name = name_of(self), role_arn = "arn", version = version, vpc_config { subnet_ids = [] } }
}
kind app { size: int = 1 }
implement app on orchestra {
  kubernetes.config_map settings { metadata { name = key_of(self) } }
}
"#;

#[test]
fn an_instance_can_be_the_platform_of_others() {
    let graph = graph(
        &with(&format!("{CLUSTER}\ncluster main {{}}\napp web {{}}"))
            .replace("\"eu-west-3\")] }", "\"eu-west-3\"), main] }"),
    );
    assert_eq!(addresses(&graph), ["main.main", "main.orchestra.space", "web.settings"]);
    let web = &graph.resources[2];
    // The platform is waited for once, by its provider.
    assert_eq!(web.edges, []);
    let provider = &graph.providers[web.provider.unwrap().0 as usize];
    assert_eq!(
        provider.edges,
        [graph::Edge::to_resource(graph.resources[0].address, graph::EdgeKind::HostedOn)],
        "{:?}",
        web.edges
    );
    assert_eq!(provider.hosted_on.map(|address| graph.store.address_text(address)), Some("main".to_owned()));
    let order: Vec<String> = graph.order().unwrap().into_iter().map(|node| graph.node_text(node)).collect();
    assert_eq!(
        order,
        ["provider aws.cloud", "main.main", "provider kubernetes.main", "main.orchestra.space", "web.settings"]
    );
}

#[test]
fn an_environment_that_is_like_another_takes_its_arms_and_params() {
    let text = with("param amount: int\nenvironment other { tier = test, on = [cloud(region = \"eu-west-3\")], like = test }\nlet note = match environment { test => \"t${amount}\" }\nnet lan { cidr = 10.0.0.0/16, label = note }")
        .replacen("\"eu-west-3\")] }", "\"eu-west-3\")], params { amount = 3 } }", 1);
    let graph = evaluate(&text, "other", &[]).unwrap();
    assert!(body(&graph, "lan.main").contains("Name = \"t3\""), "{}", body(&graph, "lan.main"));
    assert!(body(&graph, "lan.main").contains("shop-other-lan"));
}

#[test]
fn the_same_program_in_another_order_gives_the_same_bytes() {
    let statements = [
        "net lan { cidr = 10.0.0.0/16 }",
        "net dmz { cidr = 10.1.0.0/16 }",
        "host front for n, where in { b = lan, a = dmz, c = lan } { net = where, size = 3 }",
        "output groups = [for h in values(front): h.group]",
        "terraform.aws_vpc other { cidr_block = 10.0.0.0/16, tags = { Lan = lan.id } }",
    ];
    let mut turned = statements.to_vec();
    turned.reverse();
    let one = graph::save(&graph(&with(&statements.join("\n"))));
    let other = graph::save(&graph(&with(&turned.join("\n"))));
    assert_eq!(one, other);
}

#[test]
fn pictures_show_instances_as_boxes() {
    let graph = graph(&with(
        "net lan { cidr = 10.0.0.0/16 }\nterraform.aws_vpc other { cidr_block = 10.0.0.0/16, tags = { Lan = lan.id } }",
    ));
    let mermaid = graph::mermaid(&graph);
    assert_eq!(
        mermaid,
        "flowchart LR\n  subgraph g0[\"lan\"]\n    r0[\"lan.main<br/><small>terraform.aws_vpc</small>\"]\n  end\n  r1[\"other<br/><small>terraform.aws_vpc</small>\"]\n  r0 --> r1\n"
    );
    assert!(graph::dot(&graph).contains("r0 -> r1;"));
}

#[test]
fn what_follows_from_a_wrong_input_is_not_told() {
    let told = refusal(&with(
        "let sizes = { small = 1 }\nkind box { name: string where name in keys(sizes) else \"a size that there is\" }\nimplement box { out n = [for k in [name]: sizes[k]] }\nbox a for k in [\"x\", \"y\"] { name = \"tiny\" }\noutput n = [for b in values(a): b.n]",
    ));
    assert_eq!(told.matches("check_failed: ").count(), 1, "{told}");
    assert!(told.contains("for `a[\"x\"]` and 1 more") && !told.contains("no_such_key"), "{told}");
}

#[test]
fn an_output_that_nothing_gives_is_the_kinds_default() {
    let graph = graph(&with(
        r#"
kind box { size: int, out room: int = size * 2, out label: string = "plain" }
kind crate is box { out room: int = size * 3 }
implement box { out label = "box" }
box small { size = 2 }
crate large { size = 2 }
output seen = ["${small.room} ${small.label}", "${large.room} ${large.label}"]
"#,
    ));
    assert_eq!(graph.store.show(graph.outputs[0].value), r#"["4 box", "6 box"]"#);
}

#[test]
fn what_kinds_say_of_an_output_holds_for_all_that_they_are() {
    let text = r#"
kind box { out room: int where room > 3 else "a box is large" }
kind crate is box { out room: int where room < 9 else "a crate is small" }
implement box { out room = 12 }
crate large {}
"#;
    let told = refusal(&with(text));
    assert!(told.contains("check_failed") && told.contains("a crate is small"), "{told}");
    assert!(told.contains("`self.room` is 12"), "{told}");
}
