//! What users meet in the packed schemas that come with infrac.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use schema::{FieldType, Maker, Member, Nesting, Role, Row, Schema};

fn open(file: &str) -> Schema {
    let path = format!("{}/../../stdlib/schemas/{file}", env!("CARGO_MANIFEST_DIR"));
    Schema::open(std::fs::read(path).unwrap()).unwrap()
}

fn row(schema: &Schema, kind: &str, role: Role) -> Row {
    schema.kind(kind, role).unwrap_or_else(|| panic!("no kind {kind}")).row()
}

/// The member at a path from a row, through lists and maps.
fn at<'a>(schema: &'a Schema, row: Row, path: &str) -> Member<'a> {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let member = schema.member(row, first).unwrap_or_else(|| panic!("no member {first}"));
    match rest {
        Some(rest) => at(schema, record(schema, member.ty), rest),
        None => member,
    }
}

fn record(schema: &Schema, ty: FieldType) -> Row {
    match ty {
        FieldType::Record(row) => row,
        FieldType::List(of) | FieldType::Set(of) | FieldType::Map(of) => record(schema, schema.ty(of)),
        other => panic!("{other:?} has no members"),
    }
}

fn maker(target: &str, source: &str, version: &str) -> Maker {
    Maker { target: target.to_owned(), source: source.to_owned(), version: version.to_owned() }
}

#[test]
fn aws_kinds_are_found_in_each_of_their_roles() {
    let aws = open("aws.pack");
    assert_eq!(aws.maker(), maker("terraform", "hashicorp/aws", "5.100.0"));
    let count = |role: Role| aws.kinds().filter(|kind| kind.role() == role).count();
    assert_eq!((count(Role::Resource), count(Role::Data), count(Role::Provider)), (1526, 608, 1));
    assert!(aws.kind("aws_vpc", Role::Resource).is_some());
    assert!(aws.kind("aws_vpc", Role::Data).is_some());
    assert!(aws.kind("aws_ami_ids", Role::Resource).is_none());
    assert!(aws.kind("aws", Role::Provider).is_some());
    assert!(aws.kind("aws_nothing", Role::Resource).is_none());
    assert!(aws.kind("", Role::Resource).is_none());
    for kind in aws.kinds() {
        assert_eq!(aws.kind(kind.name(), kind.role()).map(|found| found.row()), Some(kind.row()));
    }
}

#[test]
fn aws_fields_say_who_sets_them() {
    let aws = open("aws.pack");
    let subnet = row(&aws, "aws_subnet", Role::Resource);
    let vpc_id = at(&aws, subnet, "vpc_id");
    assert_eq!((vpc_id.ty, vpc_id.required, vpc_id.computed), (FieldType::String, true, false));
    let zone = at(&aws, subnet, "availability_zone");
    assert_eq!((zone.required, zone.optional, zone.computed), (false, true, true));
    let arn = at(&aws, subnet, "arn");
    assert_eq!((arn.required, arn.optional, arn.computed), (false, false, true));
    let password = at(&aws, row(&aws, "aws_db_instance", Role::Resource), "password");
    assert!(password.sensitive && !password.write_only);
    let password = at(&aws, row(&aws, "aws_db_instance", Role::Resource), "password_wo");
    assert!(password.write_only);
    assert_eq!(aws.member(subnet, "cidr_blok"), None);
}

#[test]
fn a_field_of_a_whole_object_may_be_left_out() {
    let aws = open("aws.pack");
    let gateway = at(&aws, row(&aws, "aws_route_table", Role::Resource), "route.gateway_id");
    assert_eq!((gateway.required, gateway.optional, gateway.nullable), (false, true, true));
    let vpc_id = at(&aws, row(&aws, "aws_route_table", Role::Resource), "vpc_id");
    assert_eq!((vpc_id.required, vpc_id.optional, vpc_id.nullable), (true, false, false));
}

#[test]
fn an_aws_block_that_may_stand_once_is_a_record() {
    let aws = open("aws.pack");
    let instance = row(&aws, "aws_instance", Role::Resource);
    let root = at(&aws, instance, "root_block_device");
    assert!(root.block && root.optional && matches!(root.ty, FieldType::Record(_)));
    assert_eq!((root.nesting, root.max), (Nesting::List, 1));
    let disks = at(&aws, instance, "ebs_block_device");
    assert!(disks.block && matches!(disks.ty, FieldType::Set(_)));
    assert_eq!((disks.nesting, disks.max), (Nesting::Set, 0));
    let listener = row(&aws, "aws_lb_listener", Role::Resource);
    let action = at(&aws, listener, "default_action");
    assert!(action.required && action.min == 1 && matches!(action.ty, FieldType::List(_)));
    let timeouts = at(&aws, instance, "timeouts");
    assert_eq!((timeouts.nesting, timeouts.max), (Nesting::Single, 1));
}

#[test]
fn the_aws_overlay_knows_addresses_durations_and_sizes() {
    let aws = open("aws.pack");
    let cases = [
        ("aws_vpc", "cidr_block", FieldType::Cidr),
        ("aws_vpc_security_group_ingress_rule", "cidr_ipv4", FieldType::Cidr),
        ("aws_instance", "private_ip", FieldType::Ip),
        ("aws_sqs_queue", "visibility_timeout_seconds", FieldType::DurationSeconds),
        ("aws_db_instance", "backup_retention_period", FieldType::DurationDays),
        ("aws_db_instance", "allocated_storage", FieldType::SizeGibibytes),
        ("aws_ebs_volume", "size", FieldType::SizeGibibytes),
        ("aws_instance", "root_block_device.volume_size", FieldType::SizeGibibytes),
        ("aws_lambda_function", "memory_size", FieldType::SizeMebibytes),
        ("aws_iam_role", "assume_role_policy", FieldType::Json),
        ("aws_lb_target_group", "health_check.interval", FieldType::DurationSeconds),
        ("aws_security_group", "name", FieldType::String),
        ("aws_instance", "associate_public_ip_address", FieldType::Bool),
    ];
    for (kind, path, expected) in cases {
        assert_eq!(at(&aws, row(&aws, kind, Role::Resource), path).ty, expected, "{kind}.{path}");
    }
    let FieldType::Set(of) = at(&aws, row(&aws, "aws_instance", Role::Resource), "secondary_private_ips").ty else {
        panic!("a set")
    };
    assert_eq!(aws.ty(of), FieldType::Ip);
}

#[test]
fn kubernetes_kinds_carry_what_their_manifest_needs() {
    let kubernetes = open("kubernetes.pack");
    assert_eq!(kubernetes.maker(), maker("kubernetes", "", "1.34.4"));
    let cases = [
        ("deployment", "apps/v1", "Deployment", "deployments", true),
        ("network_policy", "networking.k8s.io/v1", "NetworkPolicy", "networkpolicies", true),
        ("config_map", "v1", "ConfigMap", "configmaps", true),
        ("namespace", "v1", "Namespace", "namespaces", false),
        ("cluster_role", "rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles", false),
        ("horizontal_pod_autoscaler", "autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", true),
        ("pod_disruption_budget", "policy/v1", "PodDisruptionBudget", "poddisruptionbudgets", true),
        ("event", "v1", "Event", "events", true),
        ("events_event", "events.k8s.io/v1", "Event", "events", true),
        ("csi_driver", "storage.k8s.io/v1", "CSIDriver", "csidrivers", false),
    ];
    for (name, api_version, kind_name, plural, namespaced) in cases {
        let kind = kubernetes.kind(name, Role::Resource).unwrap_or_else(|| panic!("no kind {name}"));
        let found = (kind.api_version(), kind.kind_name(), kind.plural(), kind.namespaced());
        assert_eq!(found, (api_version, kind_name, plural, namespaced));
    }
    for not_a_kind in ["deployment_list", "token_review", "binding", "scale", "eviction"] {
        assert!(kubernetes.kind(not_a_kind, Role::Resource).is_none(), "{not_a_kind}");
    }
}

#[test]
fn kubernetes_fields_are_typed() {
    let kubernetes = open("kubernetes.pack");
    let deployment = row(&kubernetes, "deployment", Role::Resource);
    let at = |path: &str| at(&kubernetes, deployment, path);
    assert_eq!(kubernetes.member(deployment, "apiVersion"), None);
    assert_eq!(kubernetes.member(deployment, "kind"), None);
    let status = at("status");
    assert_eq!((status.required, status.optional, status.computed), (false, false, true));
    assert!(at("spec").optional && at("spec.selector").required);
    assert_eq!(at("spec.replicas").ty, FieldType::Int);
    assert_eq!(at("spec.strategy.rollingUpdate.maxSurge").ty, FieldType::IntOrString);
    assert_eq!(at("spec.progressDeadlineSeconds").ty, FieldType::DurationSeconds);
    let containers = at("spec.template.spec.containers");
    assert!(containers.required && matches!(containers.ty, FieldType::List(_)));
    assert_eq!(containers.list_key, Some("name"));
    assert_eq!(at("spec.template.spec.containers.ports").list_key, Some("containerPort"));
    assert_eq!(at("spec.template.spec.containers.command").list_key, None);
    let FieldType::Map(of) = at("spec.template.spec.containers.resources.limits").ty else { panic!("a map") };
    assert_eq!(kubernetes.ty(of), FieldType::Quantity);
    let uid = at("metadata.uid");
    assert_eq!((uid.optional, uid.computed), (false, true));
    let FieldType::Map(of) = at("metadata.labels").ty else { panic!("a map") };
    assert_eq!(kubernetes.ty(of), FieldType::String);
}

#[test]
fn what_contains_itself_in_kubernetes_is_any_value_there() {
    let kubernetes = open("kubernetes.pack");
    let definition = row(&kubernetes, "custom_resource_definition", Role::Resource);
    let schema = at(&kubernetes, definition, "spec.versions.schema.openAPIV3Schema");
    let inner = record(&kubernetes, schema.ty);
    assert_eq!(at(&kubernetes, inner, "not").ty, FieldType::Any);
    assert_eq!(at(&kubernetes, inner, "default").ty, FieldType::Any);
}

#[test]
fn a_secrets_data_is_sensitive() {
    let kubernetes = open("kubernetes.pack");
    assert!(at(&kubernetes, row(&kubernetes, "secret", Role::Resource), "stringData").sensitive);
    assert!(!at(&kubernetes, row(&kubernetes, "config_map", Role::Resource), "data").sensitive);
}
