//! The outline, of sound and of broken text.

use ide::outline::{Symbol, outline};
use insta::assert_snapshot;

use crate::harness::Scene;

/// One entry a line, with what is said of it, its line and its name's.
fn drawn(marked: &str) -> String {
    let scene = Scene::new(marked);
    let mut lines = String::new();
    draw(&scene, &outline(&scene.file), 0, &mut lines);
    lines
}

fn draw(scene: &Scene, symbols: &[Symbol], depth: usize, lines: &mut String) {
    for symbol in symbols {
        let line = |at: u32| scene.file.text[..at as usize].matches('\n').count() + 1;
        let selected = scene.text(&symbol.selection);
        let selected = if selected == symbol.name { String::new() } else { format!(" at `{selected}`") };
        let detail = if symbol.detail.is_empty() { String::new() } else { format!(" · {}", symbol.detail) };
        lines.push_str(&format!(
            "{}{:?} {}{detail} [{}-{}]{selected}\n",
            "  ".repeat(depth),
            symbol.class,
            symbol.name,
            line(symbol.range.start),
            line(symbol.range.end)
        ));
        draw(scene, &symbol.children, depth + 1, lines);
    }
}

#[test]
fn statements_and_their_bodies() {
    assert_snapshot!(drawn(
        r#"
//! A shop.

project shop { edition = 1 }

environment prod {
  tier = prod
  on = [aws(region = "eu-west-3")]
}

/// Where it can be reached.
param domain: string = "example.com"
let zones = ["a", "b"]

/// Faces the users.
@protect
server front for zone in zones {
  zone
  memory = 4GiB
  port https = 443/tcp
  env = { LOG = "info", "A B" = 1 }
  disk {
    size = 10GiB
    terraform.iops = 3
  }
}

output address = front["a"].address
"#
    ));
}

#[test]
fn declarations() {
    assert_snapshot!(drawn(
        r#"
type size = small | large
type disk = { size: bytes, iops: int = 3 }
fn twice(x: int) -> int = x * 2

kind queue is peer_end, platform host {
  messages: int = 10
  out url: later string
  check messages > 0 else "none"
}

platform cluster {
  context: string
}

implement queue on aws {
  let arn = q.arn
  terraform.aws_sqs_queue q {
    name = name_of(self)
  }
  once keys by site {
    terraform.aws_kms_key k {}
  }
  out url = q.url
}

policy sizes {
  for q in all(queue) {
    require q.messages < 5 else "too many"
  }
}
"#
    ));
}

#[test]
fn changes_and_tests() {
    assert_snapshot!(drawn(
        r#"
moved old["a"] to new in prod
forget "aws_vpc.main" because "shared now"
destroy "aws_vpc.other" because "gone" in prod
adopt lan.vpc = "vpc-1" in prod
adjust web[*].vm {
  tags = { a = "b" }
}
test "it holds" in prod {
  given domain = "x"
  check true else "no"
}
"#
    ));
}

#[test]
fn loops_and_conditions_in_bodies_are_passed_through() {
    assert_snapshot!(drawn(
        r#"
container api {
  env = { for name in names: (name) => "x", LOG = "info", ...more }
  sides = { if big: size = 3 }
}
"#
    ));
}

#[test]
fn a_body_without_its_brace_keeps_its_fields() {
    assert_snapshot!(drawn(
        r#"
server front
  memory = 4GiB
  port https = 443/tcp
  disk {
    size = 10GiB
  }
}

server back { memory = 1GiB }
"#
    ));
}

#[test]
fn a_body_without_its_end_does_not_take_the_next_statement() {
    assert_snapshot!(drawn(
        r#"
server front {
  memory = 4GiB
  disk {
    size = 10GiB

server back { memory = 1GiB }
"#
    ));
}

#[test]
fn a_member_without_its_sign_stays() {
    assert_snapshot!(drawn(
        r#"
server front {
  memory 4GiB
  size =
  port https 443/tcp
  disk size
  zone = "a
  image = "x"
}
"#
    ));
}

#[test]
fn a_statement_without_its_name_stays() {
    assert_snapshot!(drawn("let = 3\n\nserver {\n  memory = 4GiB\n}\n\nkind {\n}\n\nparam\n"));
}

#[test]
fn words_of_no_statement_are_shown_too() {
    assert_snapshot!(drawn("servr front for zone\n\nresource \"a\" \"b\" {\n  ami = 1\n}\n\n}\n"));
}

#[test]
fn nothing_has_no_outline() {
    assert_snapshot!(drawn(""), @"");
    assert_snapshot!(drawn("// only a comment\n"), @"");
}

#[test]
fn letters_of_other_scripts() {
    assert_snapshot!(drawn("/// Größe 🐘\nlet größe = \"é\"\nlet b = \"🐘🐘\"\nserver é { x = \"ü\" }\n"));
}

#[test]
fn fields_of_one_line_are_found_in_text_that_fits_nothing() {
    assert_snapshot!(drawn(
        r#"
shop { mail = "a, b { c = 1 }", at = [x, y = 2], disk { size = 1, kind = f(a, b) }, zone } // d = 1

team shop mail = "a", on = 3 }

server a {
  one "x" { two = 2, three = { four = 4 } }
}
"#
    ));
}

#[test]
fn a_loop_without_its_list_keeps_the_body() {
    assert_snapshot!(drawn("server front for zone in {\n  memory = 4GiB\n  disk { size = 1GiB }\n}\n"));
}
