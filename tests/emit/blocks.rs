//! Blocks that stand in a list or a set: what the provider decides in them is read where it will stand.

use serde_json::{Value, json};

use crate::written::emitted;

const PROGRAM: &str = r#"
project yard { edition = 1 }
environment prod { tier = prod, on = [aws(region = "eu-west-3"), kubernetes(context = "yard")] }

terraform.aws_instance machine {
  ami           = "ami-1"
  instance_type = "t3.micro"
  ebs_block_device { device_name = "/dev/sdh" }
  ebs_block_device { device_name = "/dev/sdb", volume_size = 3GiB }
}
terraform.aws_instance copy {
  ami              = "ami-1"
  instance_type    = "t3.micro"
  ebs_block_device = [for d in machine.ebs_block_device: d]
}
terraform.aws_subnet part for zone in ["a", "b"] { vpc_id = "vpc-1", cidr_block = "10.0.0.0/24" }
terraform.aws_lb balancer {
  subnet_mapping { subnet_id = part["a"].id }
  subnet_mapping { subnet_id = part["b"].id }
}
terraform.aws_network_interface card { subnet_id = "subnet-1", attachment { instance = machine.id, device_index = 1 } }
kubernetes.service front {
  metadata { name = "front", namespace = "default" }
  spec { ports = [{ port = 80, name = "http" }, { port = 443, name = "https" }] }
}

output volumes = [for d in machine.ebs_block_device: d.volume_id]
output one_volume = [for d in machine.ebs_block_device if d.device_name == "/dev/sdb": d.volume_id]
output or_else = [for d in machine.ebs_block_device if d.device_name == "/dev/sdb": d.volume_id ?? "none"]
output names = [for d in machine.ebs_block_device: d.device_name]
output sizes = [for d in machine.ebs_block_device if d.device_name == "/dev/sdb": d.volume_size]
output how_many = count(machine.ebs_block_device)
output outposts = [for m in balancer.subnet_mapping: m.outpost_id]
output attachments = [for a in card.attachment: a.attachment_id]
"#;

fn outputs() -> Value {
    let files = emitted(&[("main.infra".to_owned(), PROGRAM.to_owned())]);
    let (_, text) = files.iter().find(|(path, _)| path == "terraform/main.tf.json").unwrap();
    serde_json::from_str(text).unwrap()
}

fn device(name: &str) -> String {
    format!("one([for block in aws_instance.machine.ebs_block_device : block if block.device_name == \"{name}\"])")
}

fn mapping(zone: &str) -> String {
    format!(
        "one([for block in aws_lb.balancer.subnet_mapping : block if block.subnet_id == aws_subnet.part_{zone}.id])"
    )
}

#[test]
fn what_the_provider_decides_in_a_block_of_a_set_is_read_from_that_block() {
    let document = outputs();
    let value = |name: &str| document["output"][name]["value"].clone();
    let (first, second) = (device("/dev/sdh"), device("/dev/sdb"));
    assert_eq!(value("volumes"), json!([format!("${{{first}.volume_id}}"), format!("${{{second}.volume_id}}")]));
    assert_eq!(value("one_volume"), json!([format!("${{{second}.volume_id}}")]));
    let or_else = format!("${{({second}.volume_id != null ? {second}.volume_id : \"none\")}}");
    assert_eq!(value("or_else"), json!([or_else]));
    assert_eq!(
        value("outposts"),
        json!([format!("${{{}.outpost_id}}", mapping("a")), format!("${{{}.outpost_id}}", mapping("b"))])
    );
    assert_eq!(value("attachments"), json!(["${one(aws_network_interface.card.attachment[*]).attachment_id}"]));
}

#[test]
fn what_a_block_of_a_set_says_itself_is_known() {
    let document = outputs();
    let value = |name: &str| document["output"][name]["value"].clone();
    assert_eq!(value("names"), json!(["/dev/sdh", "/dev/sdb"]));
    assert_eq!(value("sizes"), json!([3]));
    assert_eq!(value("how_many"), json!(2));
}

#[test]
fn blocks_of_another_resource_are_written_as_blocks() {
    let document = outputs();
    let blocks = &document["resource"]["aws_instance"]["copy"]["ebs_block_device"];
    assert_eq!(*blocks, json!([{ "device_name": "/dev/sdh" }, { "device_name": "/dev/sdb", "volume_size": 3 }]));
}

const FILLED_BY_THE_MAKER: &str = r#"
project yard { edition = 1 }
environment prod { tier = prod, on = [aws(region = "eu-west-3")] }
param way: string?
terraform.aws_acm_certificate site { domain_name = "shop.example", subject_alternative_names = ["*.shop.example"] }
terraform.aws_route_table table {
  vpc_id = "vpc-1"
  route { cidr_block = 10.1.0.0/16, transit_gateway_id = "tgw-1", gateway_id ?= way }
}
terraform.aws_security_group guard {
  name = "guard"
  ingress = [for p in [80, 443]: { from_port = p, to_port = p, protocol = "tcp", cidr_blocks = [10.0.0.0/8] }]
}
output proof = site.domain_validation_options[0].resource_record_name
output notes = [for r in guard.ingress if r.from_port == 80: "to ${r.description}"]
output gateways = [for r in table.route: r.gateway_id]
"#;

#[test]
fn what_all_elements_say_of_a_set_that_its_maker_fills_is_read_once() {
    let files = emitted(&[("main.infra".to_owned(), FILLED_BY_THE_MAKER.to_owned())]);
    let (_, text) = files.iter().find(|(path, _)| path == "terraform/main.tf.json").unwrap();
    let document: Value = serde_json::from_str(text).unwrap();
    assert_eq!(
        document["output"]["proof"]["value"],
        "${one(distinct(aws_acm_certificate.site.domain_validation_options[*].resource_record_name))}"
    );
}

#[test]
fn what_is_not_set_of_a_whole_object_is_null() {
    let files = emitted(&[("main.infra".to_owned(), FILLED_BY_THE_MAKER.to_owned())]);
    let (_, text) = files.iter().find(|(path, _)| path == "terraform/main.tf.json").unwrap();
    let document: Value = serde_json::from_str(text).unwrap();
    let shown = json!({
        "route": document["resource"]["aws_route_table"]["table"]["route"],
        "ingress": document["resource"]["aws_security_group"]["guard"]["ingress"],
        "notes": document["output"]["notes"],
        "gateways": document["output"]["gateways"],
    });
    insta::assert_snapshot!(serde_json::to_string_pretty(&shown).unwrap());
}
