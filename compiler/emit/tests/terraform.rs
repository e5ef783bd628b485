//! What stands in `main.tf.json`.

mod graphs;

use graphs::{Builder, order, waiver};
use source::Name;
use value::{Op, Step, Store, Value};

/// A network, a server that reads it, a data source, an output: one of each.
fn network() -> Builder {
    let mut b = Builder::new();
    let aws = b.aws();
    let range = b.address(&["lan", "range"]);
    let cidr = b.text("10.20.0.0/16");
    let body = b.record([("cidr_block", cidr)]);
    b.terraform(aws, range, "aws_vpc", body);
    let image = b.address(&["front", "image"]);
    let (yes, name, pattern) = (b.bool(true), b.text("name"), b.text("debian-12-*"));
    let values = b.list([pattern]);
    let filter = b.record([("name", name), ("values", values)]);
    let filters = b.list([filter]);
    let body = b.record([("most_recent", yes), ("filter", filters)]);
    b.terraform(aws, image, "aws_ami", body).read = true;
    let vm = b.address(&["front/a", "vm"]);
    let (ami, cidr_known) = (b.field(image, "id"), b.folded(range, "cidr_block", cidr));
    let (hello, dollar) = (b.text("in "), b.text(" for $"));
    let id = b.field(range, "id");
    let script = b.op(Op::Text, [hello, cidr_known, dollar, id]);
    let literal = b.text("echo ${HOME} %{x} \"quoted\"\n");
    let tags = b.map([("Name", literal)]);
    let body = b.record([("ami", ami), ("user_data", script), ("tags", tags)]);
    let resource = b.terraform(aws, vm, "aws_instance", body);
    resource.edges.push(order(range));
    resource.life.protect = true;
    resource.life.create_first = true;
    resource.life.ignore.push([Step::Field(Name::new("ami"))].into());
    resource.waivers.push(waiver("CKV_AWS_8", "the volume holds nothing"));
    let address = b.field(vm, "private_ip");
    b.output("address", address, false);
    b
}

#[test]
fn a_resource_of_each_sort() {
    insta::assert_snapshot!(network().emitted("terraform/main.tf.json"));
}

#[test]
fn every_line_knows_where_it_came_from() {
    let b = network();
    let emitted = emit::emit_with(&b.complete(), &emit::Settings::beside_project("prod")).unwrap();
    let document = &emitted.documents[0];
    assert_eq!(document.lines.len(), document.text.lines().count());
    let mut shown = String::new();
    for (at, line) in document.text.lines().enumerate() {
        let origin = document.origin(&b.graph, at + 1).unwrap();
        let place = origin.place.map_or("-", |place| place.item.head());
        shown.push_str(&format!("{place:24} | {line}\n"));
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn every_operation_has_an_expression() {
    let mut b = Builder::new();
    let aws = b.aws();
    let db = b.address(&["orders", "db"]);
    let empty = b.record([]);
    b.terraform(aws, db, "aws_db_instance", empty);
    let later = b.field(db, "address");
    let (one, two, key) = (b.text("one"), b.text("\"two\" ${x}\n"), b.text("key"));
    let mut fields = Vec::new();
    for op in Op::ALL {
        let args = match op {
            Op::Text => vec![one, later, two],
            Op::Json => {
                let list = b.list([later, one]);
                vec![b.record([("a", list), ("b", two)])]
            }
            Op::Base64
            | Op::ParseIp
            | Op::ParseCidr
            | Op::HostCidr
            | Op::Fingerprint
            | Op::Sha256
            | Op::Lower
            | Op::ParseJson
            | Op::UrlEncode => vec![later],
            Op::Index => vec![later, key],
            Op::If => {
                let condition = b.op(Op::Equal, [later, one]);
                vec![condition, one, two]
            }
            Op::Else | Op::Equal => vec![later, one],
        };
        let value = b.graph.store.add(Value::Op { op, args: args.into() });
        fields.push((Name::new(op.name()), value));
    }
    let single = b.op(Op::Text, [later]);
    fields.push((Name::new("text_of_one"), single));
    let steps = [
        Step::Field(Name::new("block")),
        Step::First,
        Step::Field(Name::new("odd name")),
        Step::Index(2),
        Step::Key(Name::new("a.b")),
    ];
    let path = b.reference(db, &steps);
    fields.push((Name::new("path"), path));
    let body = b.graph.store.record(fields);
    let user = b.address(&["user"]);
    b.terraform(aws, user, "aws_x", body);
    insta::assert_snapshot!(b.emitted("terraform/main.tf.json"));
}

/// Terraform gives both sides of its `?:` one type, of texts and numbers texts: where that would change one, they meet as JSON.
#[test]
fn each_side_of_a_choice_keeps_its_type() {
    let mut b = Builder::new();
    let aws = b.aws();
    let db = b.address(&["orders", "db"]);
    let empty = b.record([]);
    b.terraform(aws, db, "aws_db_instance", empty);
    let later = b.field(db, "address");
    let (text, number, yes, absent) = (b.text("x"), b.int(1), b.bool(true), Store::ABSENT);
    let (none, texts, mixed) = (b.list([]), b.list([text, later]), b.list([number, text]));
    let (small, large) = (b.record([("a", number)]), b.record([("a", number), ("b", text)]));
    let condition = b.op(Op::Equal, [later, text]);
    for (name, this, other) in [
        ("same_texts", text, later),
        ("same_lists", none, texts),
        ("same_records", small, small),
        ("text_or_nothing", text, absent),
        ("text_or_number", text, number),
        ("text_or_truth", text, yes),
        ("lists_of_others", texts, mixed),
        ("nothing_or_mixed", none, mixed),
        ("given_or_mixed", later, mixed),
        ("records_of_others", small, large),
    ] {
        let chosen = b.op(Op::If, [condition, this, other]);
        b.output(name, chosen, false);
    }
    let given = b.op(Op::Else, [later, large]);
    b.output("given_or_record", given, false);
    let main = b.emitted("terraform/main.tf.json");
    let lines = main.lines().filter(|line| line.contains("\"value\"")).collect::<Vec<_>>();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn labels_are_unique_and_depend_on_their_own_address() {
    let mut b = Builder::new();
    let aws = b.aws();
    let empty = b.record([]);
    for steps in [
        vec!["front/a", "vm"],
        vec!["front_b", "vm"],
        vec!["web/a.b"],
        vec!["web/a/b"],
        vec!["web/a-b"],
        vec!["9lives"],
    ] {
        let address = b.address(&steps);
        b.terraform(aws, address, "aws_vpc", empty);
    }
    let text = b.emitted("terraform/main.tf.json");
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let labels: Vec<&String> = document["resource"]["aws_vpc"].as_object().unwrap().keys().collect();
    insta::assert_debug_snapshot!(labels);
}

#[test]
fn two_addresses_of_one_label_are_an_error() {
    let mut b = Builder::new();
    let aws = b.aws();
    let empty = b.record([]);
    // A hash of the address tells keys apart that cannot stand in a label; these two have the same one.
    for steps in [["front_b", "vm"].as_slice(), &["front", "b_vm"], &["web/:@,~"], &["web/,=<|"]] {
        let address = b.address(steps);
        b.terraform(aws, address, "aws_vpc", empty);
    }
    insta::assert_debug_snapshot!(b.refused());
}

#[test]
fn providers_with_aliases_and_what_uses_them() {
    let mut b = Builder::new();
    let aws = b.aws();
    let region = b.text("eu-central-1");
    let inputs = b.record([("region", region)]);
    let other = b.provider("terraform", "aws", Some("backup"), inputs);
    let empty = b.record([]);
    let (one, two) = (b.address(&["one"]), b.address(&["two"]));
    b.terraform(aws, one, "aws_vpc", empty);
    b.terraform(other, two, "aws_vpc", empty);
    insta::assert_snapshot!(b.emitted("terraform/main.tf.json"));
}

#[test]
fn outputs_of_secrets_are_sensitive_and_deferred_checks_stop_the_run() {
    let mut b = Builder::new();
    let aws = b.aws();
    let db = b.address(&["orders", "db"]);
    let empty = b.record([]);
    b.terraform(aws, db, "aws_db_instance", empty);
    let (password, address, expected) = (b.secret(db, "password"), b.field(db, "address"), b.text("10.0.0.1"));
    let (user, sep) = (b.text("app:"), b.text("@"));
    let url = b.op(Op::Text, [user, password, sep, address]);
    b.output("url", url, false);
    let condition = b.op(Op::Equal, [address, expected]);
    b.deferred(condition, "the database must stand at ${10.0.0.1}");
    insta::assert_snapshot!(b.emitted("terraform/main.tf.json"));
}

#[test]
fn a_value_of_the_cluster_cannot_go_to_terraform() {
    let mut b = Builder::new();
    let (aws, cluster) = (b.aws(), b.kubernetes());
    let service = b.address(&["api", "service"]);
    let metadata = b.metadata("api");
    let body = b.record([("metadata", metadata)]);
    b.object(cluster, service, "v1", "Service", body);
    let record = b.address(&["dns", "record"]);
    let value = b.reference(service, &[Step::Field(Name::new("status")), Step::Field(Name::new("ip"))]);
    let body = b.record([("records", value)]);
    b.terraform(aws, record, "aws_route53_record", body).edges.push(order(service));
    insta::assert_snapshot!(b.refused().join("\n"));
}

#[test]
fn a_value_that_was_not_lowered_is_refused_with_its_place() {
    let mut b = Builder::new();
    let aws = b.aws();
    let size = b.graph.store.add(Value::Size(1024));
    let volume = b.record([("size", size)]);
    let body = b.record([("root_block_device", volume)]);
    let vm = b.address(&["front", "vm"]);
    b.terraform(aws, vm, "aws_instance", body);
    insta::assert_snapshot!(b.refused().join("\n"));
}

/// An object that needs a bucket, and a record that waits for the object.
fn object_and_record(needs_bucket: bool) -> Builder {
    let mut b = Builder::new();
    let (aws, cluster) = (b.aws(), b.kubernetes());
    let (bucket, settings, record) =
        (b.address(&["media", "bucket"]), b.address(&["api", "settings"]), b.address(&["dns", "record"]));
    let empty = b.record([]);
    b.terraform(aws, bucket, "aws_s3_bucket", empty);
    let name = if needs_bucket { b.field(bucket, "bucket") } else { b.text("media") };
    let (data, metadata) = (b.map([("BUCKET", name)]), b.metadata("api"));
    let body = b.record([("metadata", metadata), ("data", data)]);
    b.object(cluster, settings, "v1", "ConfigMap", body);
    b.terraform(aws, record, "aws_route53_record", empty).edges.push(order(settings));
    b
}

#[test]
fn the_steps_of_one_tool_come_after_those_of_another_that_it_waits_for() {
    let b = object_and_record(false);
    let emitted = emit::emit_with(&b.complete(), &emit::Settings::beside_project("prod")).unwrap();
    let steps: Vec<(&str, Vec<&str>)> = emitted
        .steps
        .iter()
        .map(|step| (step.name.as_str(), step.waits_for.iter().map(String::as_str).collect()))
        .collect();
    let wanted = [
        ("kubernetes/apply", vec![]),
        ("terraform/init", vec!["kubernetes/apply"]),
        ("terraform/apply", vec!["terraform/init"]),
    ];
    assert_eq!(steps, wanted);
    // What another tool has done before is no word of this one's.
    assert!(!b.emitted("terraform/main.tf.json").contains("depends_on"));
}

#[test]
fn two_tools_that_wait_for_each_other_are_refused() {
    insta::assert_snapshot!(object_and_record(true).refused().join("\n"));
}
