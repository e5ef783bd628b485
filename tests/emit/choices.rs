//! What inputs of the library's kinds decide in what is emitted.

use serde_json::{Value, json};

use crate::written::emitted;

const PROGRAM: &str = r#"
project shop { edition = 1 }
environment prod {
  tier = prod
  on = [
    aws(region = "eu-west-3"),
    kubernetes(
      node_ranges = [10.60.0.0/16],
      name_service = { namespace = "dns", labels = { app = "names" }, ranges = [169.254.20.10/32], port = 5353 },
    ),
  ]
}
network lan { cidr = 10.20.0.0/16 }
dns_zone site { name = "shop.example", managed = true }
certificate tls { name = "shop.example", wildcard = true }
server front { port http = 8080/tcp }
load_balancer strict { to = [front.http] }
load_balancer uploads { to = [front.http], filter = "large_bodies" }
load_balancer open { to = [front.http], filter = "off" }
database small { cpu = 1, memory = 512MiB, engine = mysql("8.4") }
database usual { engine = mysql("8.4") }
container api { image = "example.com/api:1" }
firewall paths { allow = [internet -> strict.https, internet -> uploads.https, internet -> open.https, [strict, uploads, open] -> front.http] }
"#;

#[test]
fn a_choice_of_the_program_reaches_what_it_is_about() {
    let files = emitted(&[("main.infra".to_owned(), PROGRAM.to_owned())]);
    let text = |path: &str| files.iter().find(|file| file.0 == path).map(|file| file.1.as_str()).unwrap();
    let document: Value = serde_json::from_str(text("terraform/main.tf.json")).unwrap();
    let resources = &document["resource"];

    let shields = &resources["aws_wafv2_web_acl"];
    let common = |shield: &str| shields[shield]["rule"][1]["statement"]["managed_rule_group_statement"].clone();
    assert_eq!(common("strict_shield_rules"), json!({ "name": "AWSManagedRulesCommonRuleSet", "vendor_name": "AWS" }));
    assert_eq!(
        common("uploads_shield_rules")["rule_action_override"],
        json!([{ "name": "SizeRestrictions_BODY", "action_to_use": { "count": {} } }])
    );
    assert_eq!(shields.as_object().unwrap().len(), 2);

    let databases = &resources["aws_db_instance"];
    let machine = |name: &str| {
        let database = &databases[name];
        (database["instance_class"].clone(), database["performance_insights_enabled"].clone())
    };
    assert_eq!(machine("small_main"), (json!("db.t4g.micro"), json!(false)));
    assert_eq!(machine("usual_main"), (json!("db.t4g.medium"), json!(true)));

    let policy = text("kubernetes/api.yaml");
    for part in ["app: names", "kubernetes.io/metadata.name: dns", "169.254.20.10/32", "port: 5353"] {
        assert!(policy.contains(part), "{part} is not in\n{policy}");
    }
    assert!(!policy.contains("kube-dns"));
}
