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

#[test]
fn what_is_watched_and_what_is_not() {
    let program = tests::program(&[("main.infra".to_owned(), PROGRAM.to_owned())]);
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
    insta::assert_snapshot!(shown);
}
