//! The class of every word and sign.

use ide::tokens::{Token, tokens};
use insta::assert_snapshot;
use program::cut::CutFile;

use crate::harness::Scene;

/// Each line with the classes of its tokens below it; `*` where a name is given.
fn drawn(text: &str) -> String {
    let scene = Scene::new(text);
    let tokens = tokens(&scene.file, (!scene.range.is_empty()).then_some(scene.range.clone()));
    lines(&scene.file, &tokens)
}

fn lines(file: &CutFile, tokens: &[Token]) -> String {
    let mut drawn = String::new();
    let mut start = 0;
    for line in file.text.split_inclusive('\n') {
        let end = start + line.len() as u32;
        drawn.push_str(line.trim_end_matches('\n'));
        drawn.push('\n');
        let own = tokens.iter().filter(|token| (start..end).contains(&token.range.start));
        let said: Vec<String> = own
            .map(|token| {
                let text = &file.text[token.range.start as usize..token.range.end as usize];
                format!("{:?}{} {text}", token.class, if token.declaration { "*" } else { "" })
            })
            .collect();
        if !said.is_empty() {
            drawn.push_str(&format!("    {}\n", said.join(" · ")));
        }
        start = end;
    }
    drawn
}

#[test]
fn statements() {
    assert_snapshot!(drawn(
        r#"
//! A shop.

project shop { edition = 1 }

use network.edge as edge

environment prod {
  tier = prod
  on = [aws(region = "eu-west-3")]
}

param domain: string = "example.com"
let zones = ["a", "b"]
type size = small | large | custom(int)
output address = front["a"].address
"#
    ));
}

#[test]
fn instances_and_their_headers() {
    assert_snapshot!(drawn(
        r#"
/// Faces the users.
@protect(tier() == "prod")
server front for zone in zones if zone != "c" key zone on cloud {
  zone
  memory = 4GiB
  port https = 443/tcp
  disk { size ?= 10GiB }
  user alice { id = 1 }
}

read terraform.aws_vpc main { id = "vpc-1" } // exists already
"#
    ));
}

#[test]
fn numbers_and_what_they_count() {
    assert_snapshot!(drawn(
        "let all = [1_000, 0.25, 30s, 4GiB, 99.9%, 10.0.0.1, 10.0.0.0/16, 443/tcp, 8000-8100/udp, 2027-03-31, 1..3, -5m]\n"
    ));
}

#[test]
fn texts_and_what_stands_in_them() {
    assert_snapshot!(drawn(
        r#"
let one = "plain"
let two = "a ${x.y} b\n\u{e9} \$ ${"in ${z} side"}"
let raw = r"no \n ${escape}"
let block = """
  first ${one}
  second // no comment
  """
let empty = ""
"#
    ));
}

#[test]
fn declarations() {
    assert_snapshot!(drawn(
        r#"
kind queue is peer_end, platform host {
  /// How many.
  @deprecated("gone")
  messages: int? = 10 where messages > 0 else "none"
  out url: later secret string
  hosts: [terraform.aws_vpc] = []
  limits: { cpu: int, more: {string: range<int>} }
  check messages > 0 else "none"
}

fn twice(x: int, y: string = "a") -> int = x * 2 + z

implement queue on aws needs region as fifo {
  once keys by site { terraform.aws_kms_key k {} }
  out url = q.url
  delegate front
}
"#
    ));
}

#[test]
fn expressions() {
    assert_snapshot!(drawn(
        r#"
let a = if x and not y then f(x, limit = 3) else list.map(z)?.first ?? none
let b = match size { small => 1, custom(n) => n, server s => s.memory, on aws => 2, "x", _ => 3 }
let c = [for k, v in xs if v in ys by k: v]
let d = { "A B" = true, ...rest, c: 1 }
let e = self with { size = 2 }
firewall edge { allow = [internet -> front.https] }
"#
    ));
}

#[test]
fn what_is_said_of_instances_that_exist() {
    assert_snapshot!(drawn(
        r#"
moved old["a"] to new in prod
forget "aws_vpc.main" because "shared now"
destroy "aws_vpc.other" because "gone" in prod
adopt lan.vpc = "vpc-1" in prod
adjust web[*].vm["a"].disk { size = 1GiB }
test "it holds" in prod, stage {
  given domain = "x"
  refuses unknown_name { let y = 1 }
  check true else "no"
}
policy sizes { for q in all(queue) { require q.n < 5 warn too_many "many" } }
"#
    ));
}

#[test]
fn words_of_the_language_are_names_where_they_are_names() {
    assert_snapshot!(drawn(
        r#"
server test {
  type = 1
  for = 2
  policy { match = 3, key = 4 }
  let x = kind.of
}
let output = 1
"#
    ));
}

#[test]
fn text_that_fits_nothing_keeps_what_its_letters_say() {
    assert_snapshot!(drawn(
        r#"
server front
  memory = 4GiB // much
  image = "x ${y}"
}

let = = 3 and not "a
resource "a" "b" { ami = 10.0.0.0/8 }
@
let b = a -- 443/tcp
"#
    ));
}

#[test]
fn comments_of_all_kinds() {
    assert_snapshot!(drawn(
        "//! file\n// free\n\n/// doc\n//// line\nlet a = [ // one\n  1, // two\n  // three\n]\n// last\n"
    ));
}

#[test]
fn only_what_was_asked_for() {
    assert_snapshot!(drawn("let a = 1\nlet b$[ = 2\n\n// c\nlet$] c = 3\nlet d = 4\n"));
}

#[test]
fn letters_of_other_scripts() {
    assert_snapshot!(drawn("let a = \"🐘 é ${x} ü\" // größe\nlet größe = 1\r\nlet c = 2\r\n"));
}
