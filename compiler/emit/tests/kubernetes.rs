//! What stands in manifests, and what Terraform hands over.

mod graphs;

use graph::ProviderId;
use graphs::{Builder, waiver};
use source::Name;
use value::{Op, Step, ValueId};

fn namespace(b: &mut Builder, cluster: ProviderId) {
    let address = b.address(&["kubernetes", "namespace"]);
    let name = b.text("shop-prod");
    let metadata = b.record([("name", name)]);
    let body = b.record([("metadata", metadata)]);
    b.object(cluster, address, "v1", "Namespace", body);
}

/// `annotations`: of the pods.
fn deployment(b: &mut Builder, annotations: ValueId) -> ValueId {
    let metadata = b.metadata("api");
    let (image, app, yes, replicas) =
        (b.text("registry.example.com/shop/api:1.4.2"), b.text("api"), b.text("yes"), b.int(3));
    let (port, memory) = (b.int(8080), b.text("256Mi"));
    let port = b.record([("containerPort", port)]);
    let ports = b.list([port]);
    let limits = b.map([("memory", memory)]);
    let resources = b.record([("limits", limits)]);
    let debug_name = b.text("DEBUG");
    let debug = b.record([("name", debug_name), ("value", yes)]);
    let env = b.list([debug]);
    let container =
        b.record([("name", app), ("image", image), ("ports", ports), ("env", env), ("resources", resources)]);
    let containers = b.list([container]);
    let pod = b.record([("containers", containers)]);
    let labels = b.map([("app.kubernetes.io/name", app)]);
    let pod_metadata = b.record([("labels", labels), ("annotations", annotations)]);
    let template = b.record([("metadata", pod_metadata), ("spec", pod)]);
    let selector = b.record([("matchLabels", labels)]);
    let spec = b.record([("replicas", replicas), ("selector", selector), ("template", template)]);
    b.record([("metadata", metadata), ("spec", spec)])
}

#[test]
fn one_file_for_each_instance_and_a_list_that_applies() {
    let mut b = Builder::new();
    let cluster = b.kubernetes();
    let notes = b.map([]);
    let body = deployment(&mut b, notes);
    let api = b.address(&["api", "deployment"]);
    let resource = b.object(cluster, api, "apps/v1", "Deployment", body);
    resource.waivers.push(waiver("CKV_K8S_43", "a digest = a build away"));
    resource.waivers.push(waiver("pod-networkpolicy", "it has none"));
    let account = b.address(&["api", "account"]);
    let metadata = b.metadata("api");
    let body = b.record([("metadata", metadata)]);
    b.object(cluster, account, "v1", "ServiceAccount", body);
    let config = b.address(&["front/a", "settings"]);
    let metadata = b.metadata("front-a");
    let script = b.text("#!/bin/sh\necho on\n\n  indented\n");
    let data = b.map([("start.sh", script)]);
    let body = b.record([("metadata", metadata), ("data", data)]);
    b.object(cluster, config, "v1", "ConfigMap", body);
    namespace(&mut b, cluster);
    let emitted = emit::emit_with(&b.complete(), &emit::Settings::beside_project("prod")).unwrap();
    let shown: Vec<String> =
        emitted.documents.iter().map(|document| format!("# {}\n{}", document.path, document.text)).collect();
    insta::assert_snapshot!(shown.join("\n"));
    for document in &emitted.documents {
        assert_eq!(document.lines.len(), document.text.lines().count(), "{}", document.path);
    }
}

/// A database in Terraform, a Secret and a Deployment that need what it decides.
fn with_database(later_env: bool) -> Builder {
    let mut b = Builder::new();
    let (aws, cluster) = (b.aws(), b.kubernetes());
    let db = b.address(&["orders", "db"]);
    let name = b.text("shop-prod-orders");
    let db_body = b.record([("identifier", name)]);
    b.terraform(aws, db, "aws_db_instance", db_body);
    namespace(&mut b, cluster);
    let (password, host, port) = (b.secret(db, "password"), b.field(db, "address"), b.field(db, "port"));
    let (user, at, colon) = (b.text("postgres://app:"), b.text("@"), b.text(":"));
    let url = b.op(Op::Text, [user, password, at, host, colon, port]);
    let literal = b.text("a \"literal\" ${x}");
    let data = b.map([("DATABASE_URL", url), ("PORT", port), ("LITERAL", literal)]);
    let metadata = b.metadata("api");
    let kind = b.text("Opaque");
    let body = b.record([("metadata", metadata), ("stringData", data), ("type", kind)]);
    let secret = b.address(&["api", "secret"]);
    b.object(cluster, secret, "v1", "Secret", body);
    let print = b.op(Op::Fingerprint, [url]);
    let folded = b.folded(db, "identifier", name);
    let notes = b.map([("infrac.dev/secrets", print), ("infrac.dev/database", folded), ("team", kind)]);
    let body = deployment(&mut b, notes);
    let body = if later_env {
        let config = b.map([("HOST", host), ("PORT", port)]);
        let metadata = b.metadata("api");
        b.record([("metadata", metadata), ("data", config)])
    } else {
        body
    };
    let api = b.address(&["api", "main"]);
    if later_env {
        b.object(cluster, api, "v1", "ConfigMap", body);
    } else {
        b.object(cluster, api, "apps/v1", "Deployment", body);
    }
    b
}

#[test]
fn a_secret_is_handed_over_whole_and_an_annotation_as_a_patch() {
    let b = with_database(false);
    insta::assert_snapshot!(format!("{}\n{}", b.emitted("terraform/main.tf.json"), b.emitted("kubernetes/api.yaml")));
    let emitted = emit::emit_with(&b.complete(), &emit::Settings::beside_project("prod")).unwrap();
    let steps: Vec<String> = emitted.steps.iter().map(|step| step.to_string()).collect();
    assert_eq!(
        steps,
        [
            "terraform -chdir=out/prod/terraform init",
            "terraform -chdir=out/prod/terraform apply",
            "kubectl --context shop apply --server-side -k out/prod/kubernetes",
            "terraform -chdir=out/prod/terraform output -raw kubernetes | kubectl --context shop apply --server-side --field-manager=infrac-handover -f -",
        ]
    );
    assert_eq!(emitted.steps[2].waits_for, ["terraform/apply"]);
}

#[test]
fn a_later_number_becomes_a_text_where_kubernetes_takes_texts_only() {
    insta::assert_snapshot!(with_database(true).emitted("terraform/main.tf.json"));
}

#[test]
fn what_the_cluster_decides_cannot_stand_in_a_manifest() {
    let mut b = Builder::new();
    let cluster = b.kubernetes();
    let service = b.address(&["api", "service"]);
    let metadata = b.metadata("api");
    let body = b.record([("metadata", metadata)]);
    b.object(cluster, service, "v1", "Service", body);
    let ip = b.reference(service, &[Step::Field(Name::new("spec")), Step::Field(Name::new("clusterIP"))]);
    let data = b.map([("ip", ip)]);
    let metadata = b.metadata("front");
    let body = b.record([("metadata", metadata), ("data", data)]);
    let config = b.address(&["front", "settings"]);
    b.object(cluster, config, "v1", "ConfigMap", body);
    let empty = b.record([]);
    let nameless = b.address(&["nameless"]);
    b.object(cluster, nameless, "v1", "ConfigMap", empty);
    insta::assert_snapshot!(b.refused().join("\n"));
}

#[test]
fn two_clusters_have_a_folder_and_a_hand_over_each() {
    let mut b = Builder::new();
    let aws = b.aws();
    let (one, two) = (b.text("one"), b.text("two"));
    let one = b.record([("context", one)]);
    let two = b.record([("context", two)]);
    let one = b.provider("kubernetes", "kubernetes", Some("east"), one);
    let two = b.provider("kubernetes", "kubernetes", Some("west"), two);
    let bucket = b.address(&["assets", "bucket"]);
    let empty = b.record([]);
    b.terraform(aws, bucket, "aws_s3_bucket", empty);
    let arn = b.field(bucket, "arn");
    for (cluster, name) in [(one, "east"), (two, "west")] {
        let address = b.address(&[name, "settings"]);
        let metadata = b.metadata(name);
        let data = b.map([("arn", arn)]);
        let body = b.record([("metadata", metadata), ("data", data)]);
        b.object(cluster, address, "v1", "ConfigMap", body);
    }
    let emitted = emit::emit_with(&b.complete(), &emit::Settings::beside_project("prod")).unwrap();
    let steps: Vec<(&str, String)> =
        emitted.steps.iter().map(|step| (step.name.as_str(), step.to_string())).skip(2).collect();
    let apply = |name: &str, context: &str| {
        (
            format!("terraform -chdir=out/prod/terraform output -raw kubernetes_{name} | "),
            format!("kubectl --context {context} apply --server-side --field-manager=infrac-handover -f -"),
        )
    };
    let [(east, in_east), (west, in_west)] = [apply("east", "one"), apply("west", "two")];
    assert_eq!(steps, [("kubernetes/east/hand-over", east + &in_east), ("kubernetes/west/hand-over", west + &in_west)]);
}
