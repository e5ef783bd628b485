//! However an end of a flow is written, an instance that is added to its loop changes nothing of those that were there: neither
//! where the end names all that there are, nor where it names one that is the only one today.

use crate::built;

const CALLERS: [&str; 8] = [
    "front",
    "front[\"a\"]",
    "[front[\"a\"]]",
    "[front]",
    "callers",
    "only_a",
    "all(server)",
    "[for k, f in front if k == \"a\": f]",
];

const CALLED: [&str; 6] = [
    "front.http",
    "front[\"a\"].http",
    "[front[\"a\"].http]",
    "ports",
    "only_a.http",
    "[for k, f in front if k == \"a\": f.http]",
];

/// Machines and containers in loops over `keys`, and two flows.
fn program(keys: &str, from: &str, to: &str) -> Vec<(String, String)> {
    let text = format!(
        r#"
project trial {{}}
environment prod {{
  tier = prod
  on = [aws(region = "eu-west-3"), kubernetes(context = "main")]
}}
network lan {{ cidr = 10.0.0.0/16 }}
server front for k in [{keys}] {{ network = lan, port http = 8080/tcp }}
database orders {{ network = lan }}
container api for k in [{keys}] {{ image = "example.com/api:1", port http = 8080/tcp }}
container web {{ image = "example.com/web:1", port http = 8080/tcp }}
let callers = front
let ports: [endpoint] = front.http
let only_a = front["a"]
kind gate {{
  who: ends
  what: endpoint
}}
implement gate {{
  firewall through {{ allow = [who -> what] }}
}}
gate one {{ who = {from}, what = orders.sql }}
firewall two {{ allow = [10.9.0.0/16 -> {to}, web -> {in_cluster}, {from_cluster} -> web.http] }}
"#,
        in_cluster = to.replace("front", "api").replace("ports", "api.http").replace("only_a", "api[\"a\"]"),
        from_cluster = from
            .replace("front", "api")
            .replace("callers", "api")
            .replace("only_a", "api[\"a\"]")
            .replace("server", "container"),
    );
    vec![("main.infra".to_owned(), text)]
}

#[test]
fn the_spelling_of_an_end_says_whom_it_names_and_not_how_many_there_are() {
    let mut wrong = Vec::new();
    for (from, to) in CALLERS.iter().flat_map(|from| CALLED.iter().map(move |to| (from, to))) {
        let built = |keys: &str| {
            let built = built::build(&program(keys, from, to));
            built.unwrap_or_else(|refused| panic!("{from} -> {to}: {}", refused.text)).remove("prod").unwrap()
        };
        let one = built("\"a\"");
        for more in ["\"a\", \"b\"", "\"b\", \"a\""].map(built) {
            // The list of the files grows with them.
            let objects = one.objects.iter().filter(|(address, _)| !address.contains("kustomization"));
            wrong
                .extend(objects.filter(|(of, object)| more.objects.get(*of) != Some(object)).map(|(of, _)| of.clone()));
            let resources = one.terraform.iter();
            wrong
                .extend(resources.filter(|(of, body)| more.terraform.get(*of) != Some(body)).map(|(of, _)| of.clone()));
        }
        assert!(wrong.is_empty(), "{from} -> {to}: {wrong:#?}");
    }
}
