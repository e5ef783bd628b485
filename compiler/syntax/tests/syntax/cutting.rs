//! How a file is cut into items.

fn cut(text: &str) -> Vec<&str> {
    syntax::items(text).0.into_iter().map(|item| item.text).collect()
}

fn heads(text: &str) -> Vec<String> {
    syntax::items(text).0.into_iter().map(|item| item.head.words.join(" ")).collect()
}

#[test]
fn documentation_and_annotations_belong_to_what_follows() {
    assert_eq!(
        cut(
            "//! file\n\n// free\n\n/// doc\n@protect\n@allow(x, because = \"}\")\nserver a {\n}\n// of b\nlet b = 1 // behind\n// end\n"
        ),
        ["/// doc\n@protect\n@allow(x, because = \"}\")\nserver a {\n}", "// of b\nlet b = 1 // behind"]
    );
}

#[test]
fn heads_say_what_is_declared() {
    assert_eq!(
        heads(
            "@a(1)\nserver front for z in zones {}\nimplement server on aws needs network {}\nfn flows_to(x: int) -> int = 1\n\
             read terraform.aws_ami image {}\ntest \"a b\" in prod {}\nlet x: int = 2\nkind server is peer_end, platform host {}\n\
             moved \"old\" to new\nprivate let y = 1\nadjust web[\"a\"].vm {}"
        ),
        [
            "server front for z in zones",
            "implement server on aws needs network",
            "fn flows_to",
            "read terraform.aws_ami image",
            "test \"a b\" in prod",
            "let x",
            "kind server is peer_end platform host",
            "moved \"old\" to new",
            "private let y",
            "adjust web \"a\" .vm"
        ]
    );
}

#[test]
fn texts_and_comments_hide_brackets_and_lines() {
    let text = "let a = \"{ ${f(\"}\")} \\\" [\"\nlet b = \"\"\"\n{ let c = 1\nserver x {\n\"\"\"\nlet d = r\"\\\" // }\nlet e = r\"\"\"\nlet z = {\n\"\"\"\n";
    assert_eq!(heads(text), ["let a", "let b", "let d", "let e"]);
}

#[test]
fn a_statement_goes_on_behind_an_operator_and_before_one() {
    assert_eq!(
        cut("let a = 1 +\n2\nlet b = x\n  and y\nlet c = x\nor y\ntype t = a\n  | b\nlet d =\n  f(1)\n").len(),
        5
    );
    assert_eq!(cut("let a =\nserver b {}\n").len(), 2);
}

#[test]
fn indentation_is_free_where_brackets_pair_up() {
    assert_eq!(
        heads("implement a {\nserver b {\nlet x = 1\n}\n}\n  server c {}\n  server d {}\n"),
        ["implement a", "server c", "server d"]
    );
}

#[test]
fn large_and_hostile_files_are_cut() {
    let large = "server web {\n  image = \"registry.example.com/${name}:1\" // note\n  ports = [1, 2, { a = 3 }]\n}\n"
        .repeat(250_000);
    assert!(large.len() > 20_000_000);
    assert_eq!(syntax::items(&large).0.len(), 250_000);
    let open = "server web {\n".repeat(500_000);
    assert_eq!(syntax::items(&open).0.len(), 500_000);
    assert_eq!(syntax::items(&"[".repeat(20_000_000)).0.len(), 1);
    assert_eq!(syntax::items(&"\"\"\"\n".repeat(1_000_001)).0.len(), 1);
}

#[test]
fn a_mark_of_the_encoding_is_no_text() {
    assert_eq!(cut("\u{feff}let a = 1\n"), ["let a = 1"]);
    assert_eq!(cut("\u{feff}/// doc\nlet a = 1\n"), ["/// doc\nlet a = 1"]);
    assert_eq!(syntax::format("\u{feff}//! file\nlet a=1\n"), "//! file\nlet a = 1\n");
}

/// `//` in a text is text, also in the line that ends it.
#[test]
fn a_text_may_end_in_a_line_that_looks_like_a_comment() {
    let file =
        "let a = \"\"\"\n  x\n  // c\"\"\"\n// free \"\"\"\n\n/// of b\nlet b = r\"\"\"\n  //d\"\"\"\nlet c = 1\n";
    assert_eq!(cut(file), ["let a = \"\"\"\n  x\n  // c\"\"\"", "/// of b\nlet b = r\"\"\"\n  //d\"\"\"", "let c = 1"]);
}
