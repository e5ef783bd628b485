//! What the user sees, in each format.

use source::{Diagnostic, FileId, ItemId, Place, Sources};

use super::{Format, Terminal};

/// All of them, and how many there are.
fn render(diagnostics: &[Diagnostic], sources: &Sources, format: Format, terminal: &Terminal) -> String {
    let (text, count) = super::render(diagnostics, sources, format, terminal);
    text + &count.line(format)
}

/// Two files; the second with tabs, wide characters and an empty end.
fn sources() -> Sources {
    let mut sources = Sources::default();
    for (path, text) in [
        ("main.infra", "server front {\n  cpu = 2\n  memroy = 4GiB\n}\n\nserver back {\n  cpu = two\n}\n"),
        ("other.infra", "let größe = \"日本\"\n\tlet b = 1\n"),
        ("empty.infra", ""),
    ] {
        let file = FileId::new(path);
        sources.add(file, text.into());
        sources.place_item(ItemId::new(file, "whole", 0), file, 0);
    }
    sources
}

fn at(path: &str, start: u32, len: u32) -> Place {
    Place { item: ItemId::new(FileId::new(path), "whole", 0), start, len }
}

fn diagnostics() -> Vec<Diagnostic> {
    vec![
        Diagnostic::error("unknown_name", at("main.infra", 62, 3), "no value is called `two`")
            .help("declare it with `let`"),
        Diagnostic::error("unknown_field", at("main.infra", 27, 6), "`server` has no field `memroy`")
            .label("not a field")
            .also(at("main.infra", 7, 5), "of this server")
            .also(at("other.infra", 5, 7), "declared here")
            .help("did you mean `memory`?")
            .fix("write `memory`", at("main.infra", 27, 6), "memory"),
        Diagnostic::warning("unused", at("other.infra", 5, 7), "`größe` is never used"),
        Diagnostic::placeless("no_folder", "there is no folder `x`").help("give a folder that exists"),
    ]
}

#[test]
fn in_full() {
    insta::assert_snapshot!(render(&diagnostics(), &sources(), Format::Full, &Terminal::plain()));
}

#[test]
fn in_full_on_a_narrow_terminal_without_unicode() {
    insta::assert_snapshot!(render(
        &diagnostics(),
        &sources(),
        Format::Full,
        &Terminal { width: 40, colour: false, unicode: false }
    ));
}

#[test]
fn concisely() {
    insta::assert_snapshot!(render(&diagnostics(), &sources(), Format::Concise, &Terminal::plain()));
}

#[test]
fn as_json() {
    insta::assert_snapshot!(render(&diagnostics(), &sources(), Format::Json, &Terminal::plain()));
}

#[test]
fn colours_stand_only_where_they_are_wanted() {
    let colourful =
        render(&diagnostics(), &sources(), Format::Full, &Terminal { width: 80, colour: true, unicode: true });
    assert!(colourful.contains("\u{1b}["));
    assert!(!render(&diagnostics(), &sources(), Format::Full, &Terminal::plain()).contains('\u{1b}'));
}

#[test]
fn every_span_can_be_shown() {
    let sources = sources();
    let paths = ["main.infra", "other.infra", "empty.infra"];
    for path in paths {
        for start in 0..90 {
            for len in [0, 1, 2, 7, 40, 500] {
                let diagnostic = Diagnostic::error("x", at(path, start, len), "message")
                    .label("here")
                    .also(at("main.infra", 90 - start, len), "there");
                let text = render(std::slice::from_ref(&diagnostic), &sources, Format::Full, &Terminal::plain());
                assert!(text.contains("message"), "{path} {start} {len}");
                // The concise form is what stands in when drawing fails: here it must not.
                assert!(text.starts_with("error[x]\n"), "{path} {start} {len}: {text}");
            }
        }
    }
}

#[test]
fn a_thousand_errors_in_a_large_file_are_shown_at_once() {
    let mut sources = Sources::default();
    let file = FileId::new("large.infra");
    sources.add(file, "server front { cpu = 2 }\n".repeat(40_000).into());
    let item = ItemId::new(file, "whole", 0);
    sources.place_item(item, file, 0);
    let place = |at: u32| Place { item, start: at * 900, len: 6 };
    let all: Vec<Diagnostic> = (0..1000)
        .map(|at| Diagnostic::error("x", place(at), "wrong").label("here").also(place(at + 1), "there"))
        .collect();
    let started = std::time::Instant::now();
    let text = render(&all, &sources, Format::Full, &Terminal::plain());
    assert!(text.ends_with("1000 errors\n"));
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
}

#[test]
fn a_line_without_end_is_not_drawn() {
    let mut sources = Sources::default();
    let file = FileId::new("long.infra");
    sources.add(file, "x".repeat(1_000_000).into());
    let item = ItemId::new(file, "whole", 0);
    sources.place_item(item, file, 0);
    let diagnostic = Diagnostic::error("x", Place { item, start: 500_000, len: 3 }, "wrong");
    assert_eq!(
        render(&[diagnostic], &sources, Format::Full, &Terminal::plain()),
        "long.infra:1:500001: error[x]: wrong\n1 error\n"
    );
}

#[test]
fn a_second_place_without_words_is_shown_as_a_place() {
    let diagnostic = Diagnostic::error("x", at("main.infra", 27, 6), "wrong").also(at("main.infra", 7, 5), "");
    let text = render(&[diagnostic], &sources(), Format::Concise, &Terminal::plain());
    assert_eq!(text, "main.infra:3:3: error[x]: wrong; at main.infra:1:8\n1 error\n");
}
