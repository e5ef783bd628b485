//! The print changes with what a program makes, and with nothing else.

use program::Program;
use source::Name;

fn files(text: &str) -> Vec<(String, String)> {
    vec![("main.infra".to_owned(), text.to_owned())]
}

fn print_of(files: &[(String, String)]) -> [u8; 32] {
    let program: Program = tests::program(files);
    let (graph, _) = program
        .evaluate(Name::new("prod"), &[])
        .unwrap_or_else(|told| panic!("{}", tests::render(&told, program.sources())));
    graph.print()
}

const PROGRAM: &str = r#"project shop { edition = 1 }
environment prod { tier = prod, on = [aws(region = "eu-west-3")] }
param size: int = 2
kind pair { text: string }
implement pair on aws {
  terraform.aws_sqs_queue one { name = name_of(self, limit = 20), tags = { Text = text } }
  terraform.aws_sqs_queue two { name = "${name_of(self, limit = 20)}-two", kms_master_key_id = one.arn }
}
pair main { text = "hello" }
pair other { text = "hello" }
@protect
terraform.aws_sqs_queue alone { name = "alone", delay_seconds = size }
output arn = alone.arn
"#;

#[test]
fn comments_places_and_the_order_of_statements_do_not_change_it() {
    let print = print_of(&files(PROGRAM));
    let changed = |from: &str, to: &str| {
        assert!(PROGRAM.contains(from), "{from}");
        print_of(&files(&PROGRAM.replacen(from, to, 1)))
    };
    assert_eq!(print, changed("pair main", "// a comment\n\n\npair main"));
    assert_eq!(print, changed("project shop", "\n\n   // moved\nproject shop"));
    let mut items: Vec<&str> = syntax::items(PROGRAM).0.iter().map(|item| item.text).collect();
    items.reverse();
    assert_eq!(print, print_of(&files(&items.join("\n"))));
    let spread: Vec<(String, String)> =
        items.iter().enumerate().map(|(at, item)| (format!("part{at}.infra"), format!("{item}\n"))).collect();
    assert_eq!(print, print_of(&spread));
    let one = "  terraform.aws_sqs_queue one { name = name_of(self, limit = 20), tags = { Text = text } }\n";
    let without = PROGRAM.replacen(one, "", 1);
    let turned =
        without.replacen("kms_master_key_id = one.arn }\n", &format!("kms_master_key_id = one.arn }}\n{one}"), 1);
    assert_ne!(turned, PROGRAM);
    assert_eq!(print, print_of(&files(&turned)), "within an implementation");
}

#[test]
fn every_value_changes_it() {
    let mut prints = vec![print_of(&files(PROGRAM))];
    for (from, to) in [
        ("text = \"hello\"", "text = \"hullo\""),
        ("= 2", "= 3"),
        ("\"alone\"", "\"alone2\""),
        ("eu-west-3", "eu-west-1"),
        ("project shop", "project shap"),
        ("@protect", "@replace(first = \"create\")"),
        ("@protect", "@protect\n@ignore_drift(delay_seconds)"),
        ("@protect", "@protect\n@after(main)"),
        ("@protect", "@protect\n@allow(CKV_1, because = \"small\")"),
        ("@protect", "@protect\n@allow(CKV_1, because = \"large\")"),
        ("output arn = alone.arn", "output arn = alone.id"),
        ("output arn", "output urn"),
        ("limit = 20", "limit = 21"),
        ("one.arn", "one.id"),
        ("pair other", "pair another"),
        ("tier = prod, on", "tier = prod, state = s3(bucket = \"state\", region = \"eu-west-3\"), on"),
    ] {
        assert!(PROGRAM.contains(from), "{from}");
        let print = print_of(&files(&PROGRAM.replacen(from, to, 1)));
        assert!(!prints.contains(&print), "`{from}` as `{to}` changes nothing");
        prints.push(print);
    }
}

/// Changes one field of a graph.
type Edit = fn(&mut graph::Graph);

/// Fields that no program sets alone.
#[test]
fn every_field_of_a_graph_changes_it() {
    use graph::Complete;
    let graph = (0..100)
        .map(crate::random::random_graph)
        .find(|graph| graph.resources.len() > 2 && !graph.providers.is_empty() && !graph.instances.is_empty());
    let graph = graph.unwrap();
    let print = graph.print();
    let edits: [(&str, Edit); 15] = [
        ("made_by", |graph| graph.resources[0].made_by = "somebody else".into()),
        ("home", |graph| graph.resources[0].home.platform = Some("moon".into())),
        ("host", |graph| {
            let host = graph.resources[0].home.host;
            graph.resources[0].home.host = if host.is_some() { None } else { Some(graph.resources[1].address) };
        }),
        ("kind", |graph| {
            let mut kind = (*graph.resources[0].kind).clone();
            kind.secret = !kind.secret;
            graph.resources[0].kind = kind.into();
        }),
        ("read", |graph| graph.resources[0].read = !graph.resources[0].read),
        ("protect", |graph| graph.resources[0].life.protect = !graph.resources[0].life.protect),
        ("stateful", |graph| graph.resources[0].effects.stateful = !graph.resources[0].effects.stateful),
        ("chosen", |graph| graph.resources[0].chosen = [].into()),
        ("names", |graph| graph.resources[0].names.clear()),
        ("waivers", |graph| graph.resources[0].waivers.clear()),
        ("changes", |graph| graph.changes.clear()),
        ("named", |graph| graph.named.clear()),
        ("credentials", |graph| graph.providers[0].credentials = [].into()),
        ("proof", |graph| graph.providers[0].proof = [].into()),
        ("secret", |graph| graph.outputs[0].secret = !graph.outputs[0].secret),
    ];
    for (what, edit) in edits {
        let mut changed = graph.clone().into_graph();
        edit(&mut changed);
        let changed = Complete::new(changed).unwrap();
        assert_ne!(changed.print(), print, "{what}");
        let again = graph::read(&graph::save(&changed)).unwrap();
        assert_eq!(changed.print(), again.print(), "{what}");
    }
    let mut turned = graph.clone().into_graph();
    turned.resources[0].seq += 1;
    assert_eq!(Complete::new(turned).unwrap().print(), print, "seq is the order of statements");
}
