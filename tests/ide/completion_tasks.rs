//! What a user is most likely to want at a place, in one table: a text with the cursor in it, and the label that is right there. How
//! many are first of what is offered is counted, and may not fall.

use crate::harness::Scene;

/// What stands beside each task.
pub const BESIDE: &str = r#"
//- beside.infra
project shop { edition = 1 }
environment prod {
  tier = prod
  on = [aws(region = "eu-west-3"), dublin = aws(region = "eu-west-1"), kubernetes(context = "shop")]
}
environment staging { tier = preprod, on = [aws(region = "eu-west-3"), kubernetes(context = "test")] }
param domain: string = "shop.example"
param copies: int = 2
network lan { cidr = 10.0.0.0/16 }
container api { image = "registry.example.com/shop/api:1", port http = 8080/tcp }
database orders {}
server front for zone in ["a", "b"] { zone }
terraform.aws_sqs_queue jobs { name = "jobs" }
cluster main_cluster {}

/// How much it holds.
type size_name = "small" | "large"
type form = circle(int) | square(int, int) | point
type address = { street: string, zip: string?, country: "fr" | "ie" = "fr" }

/// The address of a page.
fn url_for(name: string, secure: bool = true) -> string = "https://${name}"

/// A list of work.
kind queue {
  /// How long a piece of work may take.
  patience: duration = 30s
  room: size_name = "small"
  form: form = point
  to: address
  loud: bool = false
  most: size = 1GiB
  tags: {string: string} = {}
  parts: [address] = []
  net: network?
  out url: later string
}
implement queue on aws {
  terraform.aws_sqs_queue main { name = name_of(self) }
  once shared by room {
    terraform.aws_sns_topic topic { name = "x" }
  }
  out url = main.url
}
queue mails { to = { street = "x" } }

/// A machine that imitates the cloud.
platform workbench {
  region: string = "eu-west-3"
  number: int
}
//- data/main.infra
bucket archive {}
let usual = 30d
fn year() -> int = 2027
kind shelf { room: size }
//- data/old/main.infra
bucket older {}
"#;

/// A text, and what is right where the cursor stands.
const TASKS: &[(&str, &str)] = &[
    // Statements
    ("pro$0", "project"),
    ("env$0", "environment"),
    ("le$0", "let"),
    ("par$0", "param"),
    ("ki$0", "kind"),
    ("impl$0", "implement"),
    ("out$0", "output"),
    ("us$0", "use"),
    ("ty$0", "type"),
    ("f$0", "fn"),
    ("plat$0", "platform"),
    ("rea$0", "read"),
    ("adj$0", "adjust"),
    ("mov$0", "moved"),
    ("forg$0", "forget"),
    ("ado$0", "adopt"),
    ("des$0", "destroy"),
    ("priv$0", "private"),
    ("private f$0", "fn"),
    // Kinds
    ("cont$0", "container"),
    ("netw$0", "network"),
    ("datab$0", "database"),
    ("que$0", "queue"),
    ("data.$0", "shelf"),
    ("terr$0", "terraform"),
    ("kub$0", "kubernetes"),
    ("terraform.aws_sqs_que$0 x {}", "aws_sqs_queue"),
    ("terraform.aws_db_inst$0", "aws_db_instance"),
    ("kubernetes.deploy$0", "deployment"),
    ("kubernetes.config$0", "config_map"),
    ("kubernetes.network_pol$0", "network_policy"),
    ("aws_sns_topic_sub$0", "terraform.aws_sns_topic_subscription"),
    ("read terraform.aws_am$0", "aws_ami"),
    ("read ter$0", "terraform"),
    ("std.buck$0", "bucket"),
    ("implement queue on aws {\n  cont$0\n}", "container"),
    ("implement queue on aws {\n  terraform.aws_sqs_queue_pol$0\n}", "aws_sqs_queue_policy"),
    ("implement queue on aws {\n  once x {\n    buck$0\n  }\n}", "bucket"),
    // Heads
    ("server x fo$0", "for"),
    ("server x for z $0", "in"),
    ("server x for z in [\"a\"] ke$0", "key"),
    ("server x i$0", "if"),
    ("server x on $0", "dublin"),
    ("server x on d$0 {}", "dublin"),
    ("bucket x on work$0", "workbench"),
    ("container x on main$0", "main_cluster"),
    ("implement que$0", "queue"),
    ("implement queue o$0", "on"),
    ("implement queue on work$0", "workbench"),
    ("implement queue on workbench ne$0", "needs"),
    ("implement queue on workbench needs $0", "net"),
    ("kind x i$0", "is"),
    ("kind x is peer$0", "peer_end"),
    ("kind x is peer_end, sta$0", "stateful"),
    ("kind x is platform ho$0", "host"),
    ("use da$0", "data"),
    ("use data.arch$0", "archive"),
    ("use data.o$0", "old"),
    ("use data a$0", "as"),
    // What becomes of what is managed
    ("adjust ap$0", "api"),
    ("adjust mails.ma$0 {}", "main"),
    ("adjust mails.shared.to$0", "topic"),
    ("adjust front[*].v$0", "vm"),
    ("moved ap$0", "api"),
    ("moved api t$0", "to"),
    ("moved \"web\" to ap$0", "api"),
    ("moved \"web\" to api i$0", "in"),
    ("moved \"web\" to api in pr$0", "prod"),
    ("forget \"web\" bec$0", "because"),
    ("forget \"web\" because \"x\" in st$0", "staging"),
    ("adopt orders = \"x\" in p$0", "prod"),
    ("adjust mails.main { visib$0 }", "visibility_timeout_seconds"),
    ("adjust mails { pat$0 }", "patience"),
    // Fields
    ("container x {\n  $0\n}", "image"),
    ("container x {\n  image = \"a\"\n  rep$0\n}", "replicas"),
    ("container x {\n  image = \"a\"\n  mem$0\n  replicas = 2\n}", "memory"),
    ("container x { im$0 }", "image"),
    ("container x { image = \"a\", por$0 }", "port"),
    ("database x {\n  en$0", "engine"),
    ("database x {\n  backup { ke$0 }\n}", "keep"),
    ("database x {\n  backup.ev$0\n}", "every"),
    ("database x {\n  backup = { ke$0 }\n}", "keep"),
    ("database x {\n  da$0\n}", "data"),
    ("queue x {\n  $0\n}", "to"),
    ("queue x {\n  to = {}\n  pat$0\n}", "patience"),
    ("queue x { to { $0 } }", "street"),
    ("queue x { to { street = \"a\", z$0 } }", "zip"),
    ("queue x { parts = [{ $0 }] }", "street"),
    ("queue x { parts { cou$0 } }", "country"),
    ("queue x { to = {}, lo$0 }", "loud"),
    ("queue x if true {\n  fo$0\n}", "form"),
    ("queue x for n in [\"a\"] on aws {\n  ne$0\n}", "net"),
    ("network x {\n  $0\n}", "cidr"),
    ("terraform.aws_sqs_queue x {\n  nam$0\n}", "name"),
    ("terraform.aws_sqs_queue x {\n  name = \"a\"\n  fifo$0\n}", "fifo_queue"),
    ("terraform.aws_instance x {\n  root_b$0\n}", "root_block_device"),
    ("terraform.aws_instance x {\n  root_block_device { io$0 }\n}", "iops"),
    ("terraform.aws_instance x {\n  root_block_device.vol$0\n}", "volume_size"),
    ("terraform.aws_sns_topic_subscription x {\n  pro$0\n}", "protocol"),
    ("kubernetes.deployment x {\n  $0\n}", "metadata"),
    ("kubernetes.deployment x {\n  spec { $0 }\n}", "selector"),
    ("kubernetes.deployment x {\n  spec { template { spec { cont$0 } } }\n}", "containers"),
    ("kubernetes.deployment x {\n  spec { template { spec { containers = [{ ima$0 }] } } }\n}", "image"),
    ("kubernetes.deployment x {\n  metadata { lab$0 }\n}", "labels"),
    ("read terraform.aws_ami x {\n  most$0\n}", "most_recent"),
    ("read terraform.aws_ami x {\n  filter { na$0 }\n}", "name"),
    ("implement queue on workbench {\n  bucket x { ke$0 }\n}", "keep_versions"),
    ("implement queue on workbench {\n  ou$0\n}", "out"),
    ("implement queue on workbench {\n  out $0\n}", "url"),
    ("implement queue on workbench {\n  del$0\n}", "delegate"),
    ("implement queue on workbench {\n  container app {}\n  delegate $0\n}", "app"),
    ("implement queue on workbench {\n  che$0\n}", "check"),
    ("kind x {\n  ou$0\n}", "out"),
    ("kind x {\n  che$0\n}", "check"),
    ("platform x {\n  prov$0\n}", "provider"),
    ("platform x {\n  provider ter$0\n}", "terraform"),
    ("platform x {\n  provider terraform.a$0\n}", "aws"),
    ("platform x {\n  provider terraform.aws { reg$0 }\n}", "region"),
    // Environments
    ("environment x {\n  $0\n}", "on"),
    ("environment x {\n  ti$0\n}", "tier"),
    ("environment x {\n  tier = $0\n}", "prod"),
    ("environment x {\n  tier = te$0\n}", "test"),
    ("environment x {\n  on = [$0]\n}", "aws"),
    ("environment x {\n  on = [aws(region = \"a\"), kub$0]\n}", "kubernetes"),
    ("environment x {\n  on = [paris = a$0]\n}", "aws"),
    ("environment x {\n  on = [aws($0)]\n}", "region"),
    ("environment x {\n  on = [aws(region = \"a\", $0)]\n}", "account"),
    ("environment x {\n  on = [workbench($0)]\n}", "number"),
    ("environment x {\n  like = p$0\n}", "prod"),
    ("environment prod2 {\n  like = prod$0\n}", "prod"),
    ("environment x {\n  params { dom$0 }\n}", "domain"),
    ("environment x {\n  choose { buc$0 }\n}", "bucket"),
    ("environment x {\n  choose { bucket = a$0 }\n}", "aws"),
    ("environment x {\n  state = s$0\n}", "s3"),
    ("environment x {\n  state = s3($0)\n}", "bucket"),
    ("environment x {\n  state = s3(bucket = \"a\", reg$0)\n}", "region"),
    ("project x { ed$0 }", "edition"),
    // Values
    ("queue x { room = $0 }", "\"small\""),
    ("queue x { room = \"la$0\" }", "\"large\""),
    ("queue x { loud = $0 }", "false"),
    ("queue x { loud = tr$0 }", "true"),
    ("queue x { form = ci$0 }", "circle"),
    ("queue x { form = sq$0 }", "square"),
    ("queue x { form = $0 }", "point"),
    ("queue x { to { country = \"i$0\" } }", "\"ie\""),
    ("queue x { patience = $0 }", "30s"),
    ("queue x { patience = 5m$0 }", "5min"),
    ("queue x { patience = 10$0 }", "10d"),
    ("queue x { most = 2G$0 }", "2GiB"),
    ("queue x { most = $0 }", "1GiB"),
    ("queue x { net = no$0 }", "none"),
    ("database x { data = \"per$0\" }", "\"personal\""),
    ("database x { data = if tier() == \"prod\" then $0 }", "\"internal\""),
    ("database x { engine = post$0 }", "postgres"),
    ("container x { image = \"a\", ready = ht$0 }", "http"),
    ("terraform.aws_sqs_queue x { fifo_queue = f$0 }", "false"),
    ("let x = url_f$0", "url_for"),
    ("let x = nam$0", "name_of"),
    ("let x = al$0", "all"),
    ("let x = all(con$0)", "container"),
    ("let x = coun$0", "count"),
    ("let x = finger$0", "fingerprint"),
    ("let x = data.ye$0", "year"),
    ("let x = std.url$0", "url_of"),
    ("let x = \"a\".repl$0", "replace"),
    ("let x = 10.0.0.0/16.sub$0", "subnet"),
    ("let x = url_for(\"a\", sec$0)", "secure"),
    ("let x = \"${proj$0}\"", "project_name"),
    ("let x = match environment { pr$0 }", "prod"),
    ("let x = match tier() { $0 }", "\"prod\""),
    ("implement queue on workbench {\n  let x = match form { ci$0 }\n}", "circle"),
    ("fn f(e: form) -> int = match e { po$0 }", "point"),
    ("let x = if tier() == \"pre$0\" then 1 else 2", "\"preprod\""),
    ("let x = if true the$0", "then"),
    ("let x = i$0", "if"),
    ("let x: bool = t$0", "true"),
    ("let x: size_name = $0", "\"small\""),
    // Types
    ("param x: dur$0", "duration"),
    ("param x: s$0", "secret"),
    ("param x: size$0", "size"),
    ("let x: [str$0]", "string"),
    ("kind x { a: ran$0 }", "range"),
    ("kind x { a: later st$0 }", "string"),
    ("kind x { a: size_n$0 }", "size_name"),
    ("kind x { a: netw$0 }", "network"),
    ("kind x { ...inputs(cont$0) }", "container"),
    ("fn f(x: cid$0) -> int = 1", "cidr"),
    ("fn f(x: int) -> stri$0", "string"),
    ("type x = { a: bo$0 }", "bool"),
    // Annotations
    ("@prot$0\nbucket x {}", "protect"),
    ("@al$0\nbucket x {}", "allow"),
    ("@ig$0\nbucket x {}", "ignore_drift"),
    ("@allow(unused, bec$0)\nbucket x {}", "because"),
    ("@allow(unused, because = \"x\", $0)\nbucket x {}", "until"),
    ("@replace($0)\nbucket x {}", "first"),
    ("@after(job$0)\nbucket x {}", "jobs"),
    ("kind x {\n  @on$0\n  a: network\n}", "only"),
    ("kind x {\n  @role(po$0)\n  a: {string: port}\n}", "ports"),
    ("kind x {\n  @dep$0\n  a: int = 1\n}", "deprecated"),
];

/// What is first of what is offered, as an editor shows it: what begins with what was typed, in the order that was given.
pub fn offered(scene: &Scene) -> Vec<String> {
    let found = ide::completion::complete(&scene.asked(), scene.cursor);
    let mut items = found.items;
    items.retain(|item| {
        let typed = &scene.file.text[item.replace.start as usize..scene.cursor.max(item.replace.start) as usize];
        let label = item.label.to_lowercase();
        let last = label.rsplit('.').next().unwrap_or(&label);
        let typed = typed.to_lowercase();
        label.starts_with(&typed) || last.starts_with(&typed)
    });
    items.sort_by(|left, right| left.sort.cmp(&right.sort));
    items.into_iter().map(|item| item.label).collect()
}

/// Of all tasks so many are answered by what is first.
const FIRST: usize = 190;

#[test]
fn what_is_right_is_mostly_first() {
    let mut wrong = Vec::new();
    let mut missing = Vec::new();
    let mut first = 0;
    for (text, expected) in TASKS {
        let scene = Scene::new(&format!("//- task.infra\n{text}\n{BESIDE}"));
        let offered = offered(&scene);
        match offered.iter().position(|label| label == expected) {
            Some(0) => first += 1,
            Some(at) => wrong.push(format!("{text:?}: `{expected}` is number {at}: {:?}", &offered[..at.min(6)])),
            None => {
                missing.push(format!("{text:?}: `{expected}` is not offered: {:?}", &offered[..offered.len().min(8)]))
            }
        }
    }
    println!("{first} of {} tasks are answered by what is first, {} at all", TASKS.len(), TASKS.len() - missing.len());
    println!("{}", wrong.join("\n"));
    assert!(TASKS.len() >= 150);
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    assert!(first >= FIRST, "{first} are first, it were {FIRST}\n{}", wrong.join("\n"));
}
