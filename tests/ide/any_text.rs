//! What holds for any text: nothing panics, ranges lie in the text and in each other, and little is lost of broken text.

use std::ops::Range;

use ide::outline::{Symbol, outline};
use ide::tokens::tokens;
use ide::{Asked, folding, formatting, links, selection, symbols};
use program::Program;
use program::cut::CutFile;
use source::Memory;
use tests::examples;

/// Every `.infra` text of the examples, with its path.
fn texts() -> Vec<(String, String)> {
    let texts: Vec<_> = examples()
        .into_iter()
        .flat_map(|example| {
            let name = example.name;
            example.files.into_iter().map(move |(path, text)| (format!("{name}/{path}"), text))
        })
        .collect();
    assert!(texts.len() >= 8, "only {} files were found", texts.len());
    texts
}

/// A small generator, so that the same texts are tried everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

/// Asks everything that needs no program with the text in it, and looks at what must hold.
fn ask_all(program: &Program, text: &str, at: u32) {
    let file = CutFile::new(text.into());
    let lies_in = |range: &Range<u32>| {
        assert!(text.get(range.start as usize..range.end as usize).is_some(), "{range:?} lies in no part of {text:?}");
    };
    tokens_hold(&file);
    let symbols = outline(&file);
    symbols_hold(&symbols, &(0..text.len() as u32), text);
    for fold in folding::folding(&file) {
        lies_in(&fold.range);
        assert!(text[fold.range.start as usize..fold.range.end as usize].contains('\n'), "{fold:?} in {text:?}");
    }
    let mut inner: Option<Range<u32>> = None;
    for range in selection::selection(&file, at) {
        lies_in(&range);
        if let Some(inner) = inner.replace(range.clone()) {
            assert!(range.start <= inner.start && inner.end <= range.end && range != inner, "{text:?} at {at}");
        }
    }
    for typed in ['\n', '}', ']', ')', 'x'] {
        formatting::on_type(&file, at, typed).iter().for_each(|change| lies_in(&change.range));
    }
    // A part that is laid out leaves the whole to be laid out as before.
    for range in [at..at + 5, at..at + 100, 0..text.len() as u32] {
        let changes = formatting::range(&file, range.clone());
        let changes: Vec<_> = changes.into_iter().map(|change| (change.range, change.text)).collect();
        let part = crate::harness::edited(text, &changes);
        assert!(syntax::format(&part) == syntax::format(text), "{range:?} of {text:?} became {part:?}");
        let is_part = range.start > 0 || (range.end as usize) < text.len();
        assert!(is_part || part == syntax::format(text), "{text:?} became {part:?}");
    }
    for link in links::links(&Asked { program, path: "some/folder/main.infra", file: &file }) {
        lies_in(&link.range);
    }
    let changes: Vec<_> = formatting::whole(&file).into_iter().map(|change| (change.range, change.text)).collect();
    assert!(crate::harness::edited(text, &changes) == syntax::format(text), "{text:?}");
}

fn no_program() -> Program {
    Program::load(Memory::new(Vec::<(String, String)>::new()), "")
}

/// Tokens are in order and apart, each on one line without blanks at its ends; a part of a file has the same ones.
fn tokens_hold(file: &CutFile) {
    let text = &*file.text;
    let all = tokens(file, None);
    let mut end = 0;
    for token in &all {
        assert!(token.range.start >= end && token.range.end > token.range.start, "{token:?} in {text:?}");
        let shown = text.get(token.range.start as usize..token.range.end as usize);
        let shown = shown.unwrap_or_else(|| panic!("{token:?} cuts a letter of {text:?}"));
        assert!(!shown.contains('\n') && shown.trim_ascii() == shown, "{token:?} {shown:?} in {text:?}");
        end = token.range.end;
    }
    let part = text.len() as u32 / 3..text.len() as u32 / 2;
    let within = tokens(file, Some(part.clone()));
    assert!(within.iter().all(|token| all.contains(token)), "{part:?} of {text:?}");
    let inside = all.iter().filter(|token| token.range.start >= part.start && token.range.end <= part.end);
    for token in inside {
        assert!(within.contains(token), "{token:?} is left out of {part:?} of {text:?}");
    }
}

fn symbols_hold(symbols: &[Symbol], around: &Range<u32>, text: &str) {
    for symbol in symbols {
        let (range, selection) = (&symbol.range, &symbol.selection);
        assert!(text.get(range.start as usize..range.end as usize).is_some(), "{symbol:?} in {text:?}");
        assert!(text.get(selection.start as usize..selection.end as usize).is_some(), "{symbol:?} in {text:?}");
        assert!(around.start <= range.start && range.end <= around.end, "{symbol:?} leaves {around:?} in {text:?}");
        assert!(range.start <= selection.start && selection.end <= range.end, "{symbol:?} in {text:?}");
        assert!(!symbol.name.trim().is_empty(), "{symbol:?} in {text:?}");
        symbols_hold(&symbol.children, range, text);
    }
}

/// Every byte of the examples and of the library that is no blank has a class, or is a bracket, a comma, a colon or a dot.
#[test]
fn every_word_and_sign_has_a_class() {
    let library = stdlib::files().iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    let counted: usize = texts().into_iter().chain(library).map(|(path, text)| with_class(&path, &text)).sum();
    println!("{counted} letters have a class");
    assert!(counted > 50_000);
}

/// How many letters of a text have a class; each has one that needs one.
fn with_class(path: &str, text: &str) -> usize {
    let tokens = tokens(&CutFile::new(text.into()), None);
    let mut tokens = tokens.iter().peekable();
    let mut counted = 0;
    for (at, letter) in text.char_indices() {
        while tokens.next_if(|token| token.range.end <= at as u32).is_some() {}
        let has_class = tokens.peek().is_some_and(|token| token.range.start <= at as u32);
        let is_blank = letter.is_whitespace() || letter == '\u{feff}';
        let needs_none = is_blank || "{}[](),:.".contains(letter) || text[at..].starts_with("?.");
        let line = text[..at].matches('\n').count() + 1;
        assert!(has_class || needs_none, "{path}:{line}: {letter:?} has no class");
        counted += usize::from(has_class);
    }
    counted
}

/// Words, and every other letter by itself.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(letter) = text[at..].chars().next() {
        let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
        let rest = &text[at..];
        let length =
            if is_word(letter) { rest.len() - rest.trim_start_matches(is_word).len() } else { letter.len_utf8() };
        if !letter.is_whitespace() {
            words.push(at..at + length);
        }
        at += length;
    }
    words
}

fn names(symbols: &[Symbol], found: &mut Vec<String>) {
    for symbol in symbols {
        found.push(symbol.name.clone());
        names(&symbol.children, found);
    }
}

/// What is left of an outline after an edit. The deleted word may have been the name of an entry.
fn kept(before: &[String], after: &[Symbol], deleted: &str) -> usize {
    let mut left = Vec::new();
    names(after, &mut left);
    let found = before.iter().filter(|name| match left.iter().position(|other| other == *name) {
        Some(at) => {
            left.swap_remove(at);
            true
        }
        None => name.contains(deleted),
    });
    found.count()
}

/// After any one token is deleted, the outline and the folds of the file keep nine of ten entries.
#[test]
fn the_outline_survives_the_loss_of_a_token() {
    let (mut deletions, mut well, mut worst) = (0_usize, 0_usize, (1.0_f64, String::new()));
    let (mut entries, mut entries_kept, mut folds, mut folds_kept) = (0_usize, 0_usize, 0_usize, 0_usize);
    for (path, text) in texts() {
        let file = CutFile::new(text.as_str().into());
        let mut before = Vec::new();
        names(&outline(&file), &mut before);
        let folds_before = folding::folding(&file).len();
        for word in words(&text).into_iter().filter(|word| !in_comment(&text, word.start)) {
            let deleted = &text[word.clone()];
            let broken = format!("{}{}", &text[..word.start], &text[word.end..]);
            let edited = file.edited(broken.as_str().into());
            let found = kept(&before, &outline(&edited), deleted);
            let share = found as f64 / before.len().max(1) as f64;
            if share < worst.0 {
                let line = text[..word.start].matches('\n').count() + 1;
                worst = (share, format!("{path}:{line} without {deleted:?}"));
            }
            deletions += 1;
            well += usize::from(share >= 0.9);
            (entries, entries_kept) = (entries + before.len(), entries_kept + found);
            folds += folds_before;
            folds_kept += folds_before.min(folding::folding(&edited).len());
        }
    }
    let part = |part: usize, whole: usize| part as f64 / whole as f64;
    println!("{deletions} tokens deleted, one at a time");
    println!("{well} times nine of ten entries of the outline were kept: {:.4}", part(well, deletions));
    println!("{entries_kept} of {entries} entries kept: {:.4}", part(entries_kept, entries));
    println!("{folds_kept} of {folds} folds kept: {:.4}", part(folds_kept, folds));
    println!("the worst: {:.2} kept, {}", worst.0, worst.1);
    assert!(deletions > 2_000, "only {deletions} tokens were deleted");
    assert!(part(well, deletions) >= 0.97, "{well} of {deletions}; the worst, {:.2}, is {}", worst.0, worst.1);
    assert!(part(entries_kept, entries) >= 0.99, "{entries_kept} of {entries}");
    assert!(part(folds_kept, folds) >= 0.97, "{folds_kept} of {folds}");
}

fn in_comment(text: &str, at: usize) -> bool {
    let line = &text[text[..at].rfind('\n').map_or(0, |newline| newline + 1)..at];
    line.trim_start().starts_with("//")
}

/// The examples cut at random places, with random pieces put in between.
#[test]
fn nothing_panics_on_any_cut_of_a_text() {
    let texts = texts();
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0x9e37_79b9_7f4a_7c15);
    println!("SEED={seed}");
    let mut random = Random(seed);
    let program = no_program();
    let pieces = [
        "",
        "\n",
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        "\"",
        "\"\"\"",
        "r\"",
        "${",
        "//",
        "///",
        "@",
        "=",
        ":",
        ",",
        ".",
        "...",
        "é",
        "🐘",
        "\u{1}",
        "\u{2}",
        "\u{feff}",
        "\t",
        "\r\n",
        "let ",
        "server x {",
        "if ",
        " -> ",
        "1",
        "\\",
        "?",
        "=> ",
        "use ",
    ];
    for round in 0..1_500 {
        let mut text = String::new();
        for _ in 0..1 + random.below(3) {
            let (_, from) = &texts[random.below(texts.len())];
            let mut cut = || {
                let mut at = random.below(from.len());
                while !from.is_char_boundary(at) {
                    at -= 1;
                }
                at
            };
            let start = cut();
            let mut end = (start + cut() % 400).min(from.len());
            while !from.is_char_boundary(end) {
                end -= 1;
            }
            text.push_str(&from[start..end]);
            text.push_str(pieces[random.below(pieces.len())]);
        }
        let at = random.below(text.len() + 3) as u32;
        ask_all(&program, &text, at);
        if round % 20 == 0 {
            let program = Program::load(Memory::new([("a/main.infra".to_owned(), text.clone())]), "");
            for found in symbols::symbols(&program, "a") {
                assert!(text.get(found.range.start as usize..found.range.end as usize).is_some(), "{found:?}");
            }
        }
    }
}

#[test]
fn nothing_panics_on_text_of_other_languages() {
    let program = no_program();
    for text in [
        "",
        "\u{feff}",
        "\u{feff}let a = 1",
        "{\"a\": [1, 2]}",
        "---\na: b\n- c\n",
        "größe = 🐘\n🐘 🐘 {\n🐘 = 1\n}",
        "\r\n\r\n",
        "}}}}",
    ] {
        for at in 0..text.len() as u32 + 2 {
            ask_all(&program, text, at);
        }
    }
}

/// Deep nesting and long lines end, and end soon.
#[test]
fn nothing_panics_on_great_depth() {
    let program = no_program();
    for piece in [
        "[",
        "{",
        "(",
        "a { ",
        "f(",
        "\"${",
        "1 + ",
        "not ",
        "if a then b else ",
        "// ",
        "x = [",
        "\"\"\"",
        "a.",
        "a\n",
    ] {
        for begin in ["", "let x = ", "kind a {\n"] {
            ask_all(&program, &format!("{begin}{}", piece.repeat(2_000)), 1_000);
        }
    }
}

/// Every program of the tests of messages, most of which are broken in some way.
#[test]
fn nothing_panics_on_programs_with_mistakes() {
    let program = no_program();
    let mut folders = vec![std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("ui")];
    let (mut asked, mut sound) = (0, 0);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "infra")
                && let Ok(text) = std::fs::read_to_string(&path)
            {
                ask_all(&program, &text, text.len() as u32 / 2);
                asked += 1;
                if CutFile::new(text.as_str().into()).items.iter().all(|item| item.tree().errors.is_empty()) {
                    with_class(&path.display().to_string(), &text);
                    sound += 1;
                }
            }
        }
    }
    println!("{asked} programs, {sound} of them sound in shape");
    assert!(asked > 400 && sound > 200, "only {asked} programs were found, {sound} of them sound");
}
