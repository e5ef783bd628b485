//! `infrac coverage`: what could be watched, by whom it is, and what would watch the rest.

const PROGRAM: &str = r#"
project yard { edition = 1 }
environment prod { tier = prod, on = [kubernetes(context = "yard", api = { ranges = [10.0.0.10/32] })] }
environment test { tier = test, on = [kubernetes(context = "test", api = { ranges = [10.0.0.10/32] })] }
team crew { mail = "crew@example.com" }
monitoring prom { cover = "prod", mail { server = "smtp.example.com", from = "alerts@example.com" } }
container api { image = "example.com/api:1", port http = 8080/tcp, port stats = 8125/udp }
container web if tier() == "prod" { image = "example.com/web:1", port https = 8443/tcp }
container gate for zone in ["east", "the west"] { image = "example.com/gate:1", port calls = 9000/tcp }
container cell for zone in ["a", "b"] { image = "example.com/cell:1", port calls = 9000/tcp }
container jobs { image = "example.com/jobs:1" }
kind shop { image: string }
implement shop on kubernetes { container inner { image = image(image), port http = 8080/tcp } }
shop one { image = "example.com/shop:1" }
@allow(unwatched, because = "its callers are watched")
container old { image = "example.com/old:1", port http = 8080/tcp }
monitor api_health { watch = api.http, objective = 99.9%, notify = crew }
monitor east_health { watch = gate["east"].calls, objective = 99.9%, notify = crew }
"#;

const MACHINES: &str = r#"
project yard { edition = 1 }
environment prod { tier = prod, on = [host(), aws(region = "eu-west-3")] }
network lan on host { cidr = 10.8.0.0/16 }
network cloud on aws { cidr = 10.20.0.0/16 }
external office { ranges = [10.200.0.0/24] }
team crew { mail = "crew@example.com" }
server watch on host { network = lan, at = 10.8.0.9 }
server web for name, address in { one = 10.8.2.11, two = 10.8.2.12 } on host { network = lan, at = address }
server cell for name, address in { a = 10.8.3.11 } on host { network = lan, at = address }
server made on aws { network = cloud, port http = 8080/tcp }
server bare on aws { network = cloud }
database orders { network = cloud }
bucket media {}
dns_zone site { name = "shop.example.com" }
certificate tls { name = "www.shop.example.com" }
certificate unused { name = "api.shop.example.com" }
load_balancer edge { network = cloud, certificate = tls, to = [made.http] }
load_balancer nameless { network = cloud, certificate = tls, to = [made.http] }
dns_record www { name = "www.shop.example.com", to = edge }
firewall paths { allow = [office -> [watch.ssh, web.ssh, cell.ssh], internet -> edge.https, [edge, nameless] -> made.http] }
monitoring prom on watch { mail { server = "smtp.example.com", from = "alerts@example.com" } }
monitor one_health { watch = web["one"], objective = 99.9%, notify = crew }
"#;

#[test]
fn what_is_watched_and_what_is_not() {
    insta::assert_snapshot!(listed(PROGRAM));
}

#[test]
fn machines_and_what_a_cloud_makes_can_be_watched() {
    insta::assert_snapshot!(listed(MACHINES));
}

fn listed(program: &str) -> String {
    let program = tests::program(&[("main.infra".to_owned(), program.to_owned())]);
    let mut shown = String::new();
    for environment in program.environments() {
        let all = program
            .coverage(environment, &[])
            .unwrap_or_else(|told| panic!("{}", tests::render(&told, program.sources())));
        for one in all {
            let missing = if one.is_missing() { "  missing" } else { "" };
            shown.push_str(&format!(
                "{environment} {} {} by {:?}{missing}\n  {}\n",
                one.address, one.at, one.by, one.lines
            ));
        }
    }
    shown
}
