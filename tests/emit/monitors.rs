//! What monitors become: files of Prometheus, Alertmanager and Grafana, and the same files in the cluster that runs them.
//! `tests/real/monitoring.sh` gives them to the tools that they are for.

use serde_json::Value;

use crate::written::emitted;

const PROGRAM: &str = r#"
project shop { edition = 1 }
environment prod { tier = prod, on = [kubernetes(context = "shop", api = { ranges = [10.0.0.10/32], port = 6443 })] }
param pager: secret string
param channel: secret string
param password: secret string

container api { image = "example.com/api:1", port http = 8080/tcp, port calls = 9000/tcp, ready = http("/health?deep=$1") }
container side { image = "example.com/side:1", namespace = "side", port http = 8080/tcp }
team backend { mail = "backend@example.com", pagerduty = pager, webhook = channel }
team web { mail = "{{.web}}@example.com", slack = channel }
monitoring prom {
  retention = 90d
  mail { server = "smtp.example.com", from = "alerts@example.com", user = "shop", password = password }
}
monitor api_health { watch = api.http, objective = 99.9%, latency = 300ms, notify = backend }
monitor api_calls { watch = api.calls, objective = 99.95%, notify = web }
monitor side_health { watch = side.http, objective = 95%, window = 90d, notify = web }
"#;

fn files(program: &str) -> impl Fn(&str) -> String {
    let files = emitted(&[("main.infra".to_owned(), program.to_owned())]);
    move |path| files.iter().find(|file| file.0 == path).unwrap_or_else(|| panic!("no {path}")).1.clone()
}

#[test]
fn what_prometheus_asks_and_computes() {
    let file = files(PROGRAM);
    insta::assert_snapshot!("prometheus", file("monitoring/prometheus.yml"));
    insta::assert_snapshot!("rules", file("monitoring/rules/api-health.yml"));
    insta::assert_snapshot!("rules_without_latency", file("monitoring/rules/side-health.yml"));
    insta::assert_snapshot!("rule_tests", file("monitoring/rules/api-health_test.yml"));
}

#[test]
fn who_is_woken() {
    insta::assert_snapshot!("alertmanager", files(PROGRAM)("monitoring/alertmanager.yml"));
}

const TIMES: &str = r#"
project shop { edition = 1 }
environment prod { tier = prod, on = [kubernetes(context = "shop", api = { ranges = [10.0.0.10/32], port = 6443 })] }
container api { image = "example.com/api:1", port http = 8080/tcp }
team backend { mail = "backend@example.com", hours { zone = "Europe/Paris" } }
team web { mail = "web@example.com", hours { days = ["saturday"], from = "00:00", to = "24:00", zone = "UTC" } }
team night { mail = "night@example.com" }
monitoring prom { mail { server = "smtp.example.com", from = "alerts@example.com" } }
monitor day for n in ["api", "other"] { watch = api.http, objective = 99.9%, notify = backend }
monitor week_end { watch = api.http, objective = 99.9%, notify = web }
monitor always { watch = api.http, objective = 99.9%, notify = night }
silence move { of = [day["api"], always], because = "the database moves", from = 2026-11-20, until = 2027-02-10 }
silence test { of = [always], because = "a drill", from = 2026-11-20, until = 2026-11-20, zone = "Europe/Paris" }
"#;

#[test]
fn when_they_are_told() {
    insta::assert_snapshot!("alertmanager_times", files(TIMES)("monitoring/alertmanager.yml"));
}

const ALERTS: &str = r#"
project shop { edition = 1 }
environment prod { tier = prod, on = [kubernetes(context = "shop", api = { ranges = [10.0.0.10/32], port = 6443 })] }
container api { image = "example.com/api:1", port http = 8080/tcp }
team backend { mail = "backend@example.com" }
team web { mail = "web@example.com" }
monitoring prom { mail { server = "smtp.example.com", from = "alerts@example.com" } }
monitor api_health { watch = api.http, objective = 99.9%, notify = backend }
alert half_gone {
  expr = promql("avg(probe_success{monitor=\"${api_health.label}\"}) < 0.5")
  for = 90s
  severity = "page"
  summary = "half of {{ $value }} is gone"
  notify = web
}
alert slow { expr = "max(probe_duration_seconds) > 3", summary = "slow", notify = web }
silence move { of = [slow], because = "the database moves", from = 2026-12-05, until = 2026-12-06 }
"#;

#[test]
fn what_is_asked_in_words_of_ones_own() {
    let file = files(ALERTS);
    insta::assert_snapshot!("alert", file("monitoring/rules/half-gone.yml"));
    insta::assert_snapshot!("alert_of_a_ticket", file("monitoring/rules/slow.yml"));
    insta::assert_snapshot!("alertmanager_of_alerts", file("monitoring/alertmanager.yml"));
    let read: Value = serde_saphyr::from_str(&file("monitoring/prometheus.yml")).unwrap();
    assert_eq!(
        read["rule_files"],
        serde_json::json!(["rules/api-health.yml", "rules/half-gone.yml", "rules/slow.yml"])
    );
    assert_eq!(read["scrape_configs"].as_array().unwrap().len(), 1);
    assert!(
        mounted(&file("kubernetes/prom.yaml"), "prom-server-files").iter().any(|(name, _)| name.contains("half-gone"))
    );
}

#[test]
fn what_is_shown() {
    insta::assert_snapshot!("dashboard", files(PROGRAM)("monitoring/dashboards/api-health.json"));
}

/// The files that a container of the cluster is given, by the last part of their names.
fn mounted(manifests: &str, config_map: &str) -> Vec<(String, Value)> {
    let objects: Vec<Value> = serde_saphyr::from_multiple(manifests).unwrap();
    let is_wanted = |object: &&Value| object["kind"] == "ConfigMap" && object["metadata"]["name"] == config_map;
    let object = objects.iter().find(is_wanted).unwrap();
    let files = object["data"].as_object().unwrap().iter();
    files.map(|(name, text)| (name.clone(), serde_saphyr::from_str(text.as_str().unwrap()).unwrap())).collect()
}

#[test]
fn the_cluster_runs_what_the_files_say() {
    let file = files(PROGRAM);
    let manifests = file("kubernetes/prom.yaml");
    let mut compared = 0;
    for (config_map, folder) in [("prom-server-files", "prometheus"), ("prom-alerts-files", "alertmanager")] {
        for (name, mounted) in mounted(&manifests, config_map) {
            let path = name.trim_start_matches(&format!("etc_{folder}_")).replace("rules_", "rules/");
            let written: Value = serde_saphyr::from_str(&file(&format!("monitoring/{path}"))).unwrap();
            assert_eq!(mounted, written, "{name}");
            compared += 1;
        }
    }
    assert_eq!(compared, 5);
}

#[test]
fn prometheus_may_look_for_pods_where_they_are_watched_and_nowhere_else() {
    let file = files(PROGRAM);
    let objects: Vec<Value> = serde_saphyr::from_multiple(&file("kubernetes/prom.yaml")).unwrap();
    let of_kind = |kind: &'static str| objects.iter().filter(move |object| object["kind"] == kind);
    let places: Vec<&Value> = of_kind("Role").map(|role| &role["metadata"]["namespace"]).collect();
    assert_eq!(places, ["shop-prod", "side"]);
    for role in of_kind("Role") {
        let wanted =
            serde_json::json!([{ "apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"] }]);
        assert_eq!(role["rules"], wanted);
    }
    for binding in of_kind("RoleBinding") {
        let wanted = serde_json::json!([{ "kind": "ServiceAccount", "name": "prom-server", "namespace": "shop-prod" }]);
        assert_eq!(binding["subjects"], wanted);
    }
    let tokens = |deployment: &&Value| deployment.to_string().contains("serviceAccountToken\"");
    let with_token: Vec<&Value> =
        of_kind("Deployment").filter(tokens).map(|deployment| &deployment["metadata"]["name"]).collect();
    assert_eq!(with_token, ["prom-server"]);
}

/// Names with quotes, signs of templates, of PromQL and of YAML.
#[test]
fn names_of_all_letters_arrive() {
    let odd = r#"
project odd { edition = 1 }
environment prod { tier = prod, on = [kubernetes(context = "odd", api = { ranges = [10.0.0.10/32] })] }
param pager: secret string
let names = ["{{ $value }}", "a\"b", "\\n", "x: y", "it's {{", "$1", "é"]
container api for n in names { image = "example.com/api:1", port http = 8080/tcp, ready = http("/") }
team crew for n in names { mail = "crew@example.com", pagerduty = pager }
monitoring prom {}
monitor health for n, c in api { watch = c.http, objective = 99.9%, notify = crew[n] }
"#;
    let file = files(odd);
    let config: Value = serde_saphyr::from_str(&file("monitoring/prometheus.yml")).unwrap();
    let mut shown: Vec<String> = Vec::new();
    for rules in config["rule_files"].as_array().unwrap() {
        let rules: Value = serde_saphyr::from_str(&file(&format!("monitoring/{}", rules.as_str().unwrap()))).unwrap();
        let rules = rules["groups"][0]["rules"].as_array().unwrap().clone();
        let alert = rules.iter().find(|rule| rule["alert"] == "ErrorBudgetBurnsFast").unwrap();
        // As the templates of Prometheus read it.
        shown.push(alert["annotations"]["summary"].as_str().unwrap().replace("{{\"{{\"}}", "{{"));
        for label in alert["labels"].as_object().unwrap().values() {
            assert!(
                label.as_str().unwrap().chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-'),
                "{label}"
            );
        }
    }
    insta::assert_snapshot!("odd_names", shown.join("\n"));
}

const ON_A_MACHINE: &str = r#"
project fleet { edition = 1 }
environment prod { tier = prod, on = [host(user = "deploy")] }
param pager: secret string
param password: secret string
network lan { cidr = 10.8.0.0/16 }
external office { ranges = [10.200.0.0/24] }
server watch { at = 10.8.0.9 }
server web for name, address in { one = 10.8.2.11, two = 10.8.2.12 } { at = address, port http = 8080/tcp }
team crew { mail = "crew@example.com", pagerduty = pager }
monitoring prom on watch {
  mail { server = "smtp.example.com", from = "watch@example.com", user = "watch", password = password }
}
monitor site { watch = web.http, path = "/health?$1", objective = 99.9%, latency = 1s, notify = crew }
monitor logins { watch = web["one"].ssh, objective = 99.9%, notify = crew }
monitor machines { watch = [watch, web], objective = 99.5%, notify = crew }
monitor one { watch = web["one"], objective = 99%, notify = crew }
firewall paths { allow = [office -> [watch.ssh, web.ssh]] }
"#;

#[test]
fn a_machine_watches_others() {
    let file = files(ON_A_MACHINE);
    insta::assert_snapshot!("host_prometheus", file("monitoring/prometheus.yml"));
    insta::assert_snapshot!("host_rules", file("monitoring/rules/machines.yml"));
    insta::assert_snapshot!("host_rule_tests", file("monitoring/rules/machines_test.yml"));
    insta::assert_snapshot!("host_dashboard", file("monitoring/dashboards/machines.json"));
    insta::assert_snapshot!("host_tasks", file("ansible/roles/watch/tasks/main.yml"));
    insta::assert_snapshot!("host_handlers", file("ansible/roles/watch/handlers/main.yml"));
    insta::assert_snapshot!("watched_tasks", file("ansible/roles/web/tasks/main.yml"));
}

/// What a machine is given is what the folder shows, and a machine that two monitors watch has one exporter.
#[test]
fn the_machine_runs_what_the_files_say() {
    let file = files(ON_A_MACHINE);
    let tasks: Value = serde_saphyr::from_str(&file("ansible/roles/watch/tasks/main.yml")).unwrap();
    let copies = tasks.as_array().unwrap().iter().map(|task| &task["ansible.builtin.copy"]);
    let mut compared = 0;
    for copy in copies.filter(|copy| !copy.is_null()) {
        let (Some(path), Some(text)) = (copy["dest"].as_str(), copy["content"].as_str()) else { continue };
        let Some(path) = path.strip_prefix("/etc/prometheus/") else { continue };
        let copied = match text.strip_prefix("{{ lookup('ansible.builtin.file', inventory_dir ~ '/texts/") {
            Some(rest) => file(&format!("ansible/texts/{}", rest.split('\'').next().unwrap())),
            None => text.to_owned(),
        };
        let copied: Value = serde_saphyr::from_str(&copied).unwrap();
        let written: Value = serde_saphyr::from_str(&file(&format!("monitoring/{path}"))).unwrap();
        assert_eq!(copied, written, "{path}");
        compared += 1;
    }
    assert_eq!(compared, 7);
    assert_eq!(file("ansible/roles/web/tasks/main.yml").matches("- prometheus-node-exporter").count(), 1);
}

const OF_A_CLOUD: &str = r#"
project shop { edition = 1 }
environment prod {
  tier = prod
  on = [
    aws(region = "eu-west-3"),
    kubernetes(context = "shop", node_ranges = [10.60.0.0/16], api = { ranges = [10.0.0.10/32], port = 6443 }),
  ]
  choose { secret = kubernetes, volume = kubernetes }
}
param pager: secret string
network lan { cidr = 10.20.0.0/16 }
server front for zone in ["a", "b"] { zone, port http = 8080/tcp }
database orders {}
bucket media {}
dns_zone site { name = "shop.example.com" }
certificate tls { name = "shop.example.com", wildcard = true }
load_balancer edge { to = front.http, ready = "/healthz" }
load_balancer inner { public = false, to = front.http }
dns_record www { name = "www.shop.example.com", to = edge }
dns_record api { name = "api.shop.example.com", to = inner }
external bank { ranges = [198.51.100.0/24], host = "bank.example.com", port https = 443/tcp }
team web { mail = "web@example.com", pagerduty = pager }
monitoring prom {}
monitor edge_health { watch = edge.https, objective = 99.9%, notify = web }
monitor inner_health { watch = inner.https, path = "/up", objective = 99.9%, notify = web }
monitor shown { watch = tls, objective = 99%, notify = web }
monitor front_health { watch = front.http, path = "/healthz", objective = 99.9%, notify = web }
monitor orders_health { watch = orders.sql, objective = 99.9%, notify = web }
monitor media_health { watch = media, objective = 99.9%, notify = web }
monitor bank_health { watch = bank.https, objective = 99%, notify = web }
firewall paths { allow = [internet -> edge.https, [edge, inner] -> front.http] }
"#;

#[test]
fn what_a_cloud_makes_is_watched_from_a_cluster() {
    let file = files(OF_A_CLOUD);
    insta::assert_snapshot!("cloud_prometheus", file("monitoring/prometheus.yml"));
    insta::assert_snapshot!("cloud_blackbox", file("monitoring/blackbox.yml"));
    insta::assert_snapshot!("certificate_rules", file("monitoring/rules/shown.yml"));
    insta::assert_snapshot!("certificate_rule_tests", file("monitoring/rules/shown_test.yml"));
    let terraform = file("terraform/main.tf.json");
    let targets: Vec<&str> =
        terraform.lines().filter(|line| line.contains("etc_prometheus_targets")).map(str::trim).collect();
    insta::assert_snapshot!("later_targets", targets.join("\n"));
    let objects: Vec<Value> = serde_saphyr::from_multiple(&file("kubernetes/prom.yaml")).unwrap();
    let is_guard = |object: &&Value| object["kind"] == "NetworkPolicy" && object["metadata"]["name"] == "prom-probes";
    let guard = objects.iter().find(is_guard).unwrap();
    insta::assert_snapshot!("ways_of_probes", serde_json::to_string_pretty(&guard["spec"]["egress"]).unwrap());
}

/// Three hundred rules are more than one object of a cluster holds, and a pod has no mount for each of thousands.
#[test]
fn many_monitors_share_files_of_which_another_one_changes_one() {
    let maps = |count: usize| {
        let program = format!(
            r#"
project many {{ edition = 1 }}
environment prod {{ tier = prod, on = [kubernetes(context = "many", api = {{ ranges = [10.0.0.10/32], port = 6443 }})] }}
let digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
let below = [for a in digits: for b in digits: for c in digits: if a * 100 + b * 10 + c < {count}: a * 100 + b * 10 + c]
container api {{ image = "example.com/api:1", port http = 8080/tcp }}
team backend {{ mail = "backend@example.com" }}
monitoring prom {{ mail {{ server = "smtp.example.com", from = "alerts@example.com" }} }}
monitor health for n in below {{ watch = api.http, objective = 99.9%, notify = backend }}
"#
        );
        let text = files(&program)("kubernetes/prom.yaml");
        let maps = text.split("\n---\n").filter(|one| one.contains("kind: ConfigMap")).map(str::to_owned);
        maps.collect::<Vec<String>>()
    };
    let (before, after) = (maps(300), maps(301));
    assert!(before.iter().all(|map| map.len() < 1_000_000));
    assert!((64..200).contains(&before.len()), "{}", before.len());
    // Its rules and how it is probed.
    assert_eq!(after.iter().filter(|map| !before.contains(map)).count(), 2);
    assert_eq!(after.len(), before.len());
}

const MADE: &str = r#"
project made { edition = 1 }
environment prod { tier = prod, on = [aws(region = "eu-west-3")] }
param pager: secret string
network lan { cidr = 10.20.0.0/16 }
external admins { ranges = [198.51.100.0/24] }
external updates { ranges = [0.0.0.0/0], port https = 443/tcp }
let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKFfTO0/PY7H3QUOEHMevvrqOEmwbDHa0eJvbNCuno7i"
server watch { public = true, ssh_key = key, disk = 30GiB }
server web for zone in ["a", "b"] { zone, ssh_key = key, jump = watch }
server bare { port http = 8080/tcp }
team crew { mail = "crew@example.com", pagerduty = pager }
monitoring prom on watch {}
monitor machines { watch = [watch, web], objective = 99.5%, notify = crew }
monitor bare_health { watch = bare.http, objective = 99.5%, notify = crew }
firewall paths { allow = [admins -> watch.ssh, watch -> web.ssh, [watch, web] -> updates.https] }
"#;

/// Without a field that configures them: what is put on them makes it so. Where they are is known after Terraform's apply.
#[test]
fn a_machine_of_a_cloud_watches_others() {
    let file = files(MADE);
    insta::assert_snapshot!("made_prometheus", file("monitoring/prometheus.yml"));
    insta::assert_snapshot!("made_watched_tasks", file("ansible/roles/web/tasks/main.yml"));
    let terraform = file("terraform/main.tf.json");
    let handed: Vec<&str> =
        terraform.lines().filter(|line| line.contains("given_prom_target")).map(str::trim).collect();
    insta::assert_snapshot!("made_targets", handed.join("\n"));
    let watch = file("ansible/roles/watch/tasks/main.yml");
    let tasks: Value = serde_saphyr::from_str(&watch).unwrap();
    let of_targets: Vec<&Value> = tasks
        .as_array()
        .unwrap()
        .iter()
        .filter(|task| task["name"].as_str().unwrap().starts_with("Prom.target"))
        .collect();
    insta::assert_snapshot!("made_target_tasks", serde_json::to_string_pretty(&of_targets).unwrap());
    assert!(!file("ansible/inventory.yml").contains("bare"));
    // A loop that is watched is opened as one.
    assert!(terraform.contains("watch_shared_lan_guard_to_group_tcp-9100-web\"") && !terraform.contains("web_a_own"));
}

/// Machines that exist already and machines of a cloud, each of which is watched by the other sort.
#[test]
fn whoever_made_them_machines_watch_each_other() {
    for watch in ["found", "made"] {
        let program = format!(
            r#"
project both {{ edition = 1 }}
let cloud = aws(region = "eu-west-3")
let rack = host(user = "deploy")
environment prod {{ tier = prod, on = [cloud, rack] }}
network lan on rack {{ cidr = 10.8.0.0/16 }}
network vpc on cloud {{ cidr = 10.20.0.0/16 }}
external admins {{ ranges = [198.51.100.0/24] }}
external updates {{ ranges = [0.0.0.0/0], port https = 443/tcp }}
let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKFfTO0/PY7H3QUOEHMevvrqOEmwbDHa0eJvbNCuno7i"
server found on rack {{ network = lan, at = 10.8.0.9 }}
server made on cloud {{ network = vpc, public = true, ssh_key = key, disk = 30GiB }}
team crew {{ mail = "crew@example.com" }}
monitoring prom on {watch} {{ mail {{ server = "smtp.example.com", from = "alerts@example.com" }} }}
monitor machines {{ watch = [found, made], objective = 99.5%, notify = crew }}
firewall paths {{ allow = [admins -> [found.ssh, made.ssh], [found, made] -> updates.https] }}
"#
        );
        let file = files(&program);
        let rules = |role: &str| {
            let tasks = file(&format!("ansible/roles/{role}/tasks/main.yml"));
            tasks
                .lines()
                .filter(|line| line.contains("dport 9100"))
                .map(|line| format!("{role}: {}", line.trim()))
                .collect::<Vec<_>>()
        };
        let groups = file("terraform/main.tf.json");
        let groups =
            groups.split('"').filter(|word| word.contains("9100_") || word.contains("9100-")).map(str::to_owned);
        let all: Vec<String> = rules("found").into_iter().chain(rules("made")).chain(groups).collect();
        insta::assert_snapshot!(format!("watched_from_{watch}"), all.join("\n"));
    }
}
