//! Programs that were cut off, that lack a token, that are noise. All prefixes and all deletions of the program over the small
//! second library; of the examples, which stand on the whole standard library, every so-many-th, or all with `EVERY=1`.

use program::Program;
use source::Memory;
use tests::examples;

const LIBRARY: &[(&str, &str)] = &[("std/yard.infra", include_str!("../second_library/library/yard.infra"))];
const HARBOUR: &str = include_str!("../second_library/harbour.infra");

fn harbour(text: &str) -> Program {
    Program::load_with(Memory::new([("main.infra", text)]), "", LIBRARY, &[])
}

/// Which of the examples' variants are tried: every one, or one of so many.
fn step(usual: usize) -> usize {
    std::env::var("EVERY").ok().and_then(|step| step.parse().ok()).unwrap_or(usual)
}

/// Words, and every other sign by itself; blanks are none.
fn tokens(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut tokens: Vec<std::ops::Range<usize>> = Vec::new();
    let mut in_word = false;
    for (at, sign) in text.char_indices() {
        let is_word = sign.is_alphanumeric() || sign == '_';
        match tokens.last_mut() {
            Some(last) if is_word && in_word => last.end = at + sign.len_utf8(),
            _ if !sign.is_whitespace() => tokens.push(at..at + sign.len_utf8()),
            _ => {}
        }
        in_word = is_word;
    }
    tokens
}

/// A file of an example replaced, the others as they are.
fn with(files: &[(String, String)], changed: usize, text: &str) -> Program {
    let mut files = files.to_vec();
    text.clone_into(&mut files[changed].1);
    tests::program(&files)
}

#[test]
fn every_prefix_is_checked() {
    let mut tried = 0;
    for (end, _) in HARBOUR.char_indices() {
        super::told(&harbour(&HARBOUR[..end]));
        tried += 1;
    }
    let step = step(47);
    for example in examples() {
        for (index, (_, text)) in example.files.iter().enumerate() {
            for (end, _) in text.char_indices().step_by(step) {
                super::told(&with(&example.files, index, &text[..end]));
                tried += 1;
            }
        }
    }
    println!("{tried} prefixes were checked (each of the small program, one of {step} of the examples)");
}

#[test]
fn every_deletion_of_a_token_is_checked() {
    let (mut tried, mut valid) = (0, 0);
    let mut look = |program: &Program| {
        tried += 1;
        valid += usize::from(super::told(program).is_empty());
    };
    let without =
        |text: &str, token: &std::ops::Range<usize>| format!("{}{}", &text[..token.start], &text[token.end..]);
    for token in tokens(HARBOUR) {
        look(&harbour(&without(HARBOUR, &token)));
    }
    let step = step(23);
    for example in examples() {
        for (index, (_, text)) in example.files.iter().enumerate() {
            for token in tokens(text).iter().step_by(step) {
                look(&with(&example.files, index, &without(text, token)));
            }
        }
    }
    println!(
        "{tried} deletions were checked (each of the small program, one of {step} of the examples); {valid} are valid programs"
    );
    assert!(valid * 2 < tried, "most deletions must be told");
}

/// What once made infrac speak of itself: a list that holds an unknown value reached a built-in.
#[test]
fn an_unknown_value_inside_a_list_is_silent() {
    let example = examples().into_iter().find(|example| example.name == "regions");
    let Some(example) = example else { panic!("there is no example `regions`") };
    let main = example.files.iter().position(|(path, text)| path == "main.infra" && text.contains("vpc[\"paris\"]"));
    let Some(main) = main else { panic!("the example is no longer like that") };
    let text = example.files[main].1.replace("vpc[\"paris\"]", "vpc[\"\"]");
    assert_eq!(super::codes(&with(&example.files, main, &text)), ["no_such_key"]);
}

#[test]
fn random_bytes_are_checked() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut below = |end: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % end
    };
    for _ in 0..300 {
        let bytes: Vec<u8> = (0..below(400)).map(|_| below(256) as u8).collect();
        let told = super::told(&Program::load_with(Memory::new([("main.infra", bytes.clone())]), "", LIBRARY, &[]));
        assert!(bytes.iter().all(u8::is_ascii_whitespace) || !told.is_empty());
    }
    // Signs and words of the language in any order come further than bytes do.
    let words: Vec<&str> = tokens(HARBOUR).into_iter().map(|token| &HARBOUR[token]).collect();
    for _ in 0..600 {
        let text: Vec<&str> = (0..below(60)).map(|_| words[below(words.len() as u64) as usize]).collect();
        super::told(&harbour(&text.join(if below(2) == 0 { " " } else { "\n" })));
    }
    // A true program in which two tokens have changed places.
    let places = tokens(HARBOUR);
    for _ in 0..400 {
        let (first, second) = (below(places.len() as u64) as usize, below(places.len() as u64) as usize);
        let (first, second) = (places[first.min(second)].clone(), places[first.max(second)].clone());
        if first.end <= second.start {
            let swapped = [
                &HARBOUR[..first.start],
                &HARBOUR[second.clone()],
                &HARBOUR[first.end..second.start],
                &HARBOUR[first],
                &HARBOUR[second.end..],
            ];
            super::told(&harbour(&swapped.concat()));
        }
    }
}

#[test]
fn deep_nesting_is_told() {
    let deep = 100_000;
    for (opener, closer) in [
        ("[", "]"),
        ("(", ")"),
        ("{ a = ", " }"),
        ("not ", ""),
        ("-", ""),
        ("if true then 1 else ", ""),
        ("f(", ")"),
        ("\"${", "}\""),
    ] {
        let text = format!("output x = {}1{}\n", opener.repeat(deep), closer.repeat(deep));
        let codes = super::codes(&super::one(text));
        assert!(codes.contains(&"nested_too_deeply"), "{opener}: {codes:?}");
        let codes = super::codes(&super::one(format!("output x = {}\n", opener.repeat(deep))));
        assert!(!codes.is_empty(), "{opener}");
    }
    let blocks = format!("network lan {{ {} cidr = 1 {} }}\n", "a { ".repeat(deep), "}".repeat(deep));
    assert!(super::codes(&super::one(blocks)).contains(&"nested_too_deeply"));
    let types = format!("type t = {}int{}\n", "[".repeat(deep), "]".repeat(deep));
    assert!(super::codes(&super::one(types)).contains(&"nested_too_deeply"));
    // Wide is not deep: an operator that is written ten thousand times is fine or told, and ends.
    super::told(&super::one(format!("output x = {}1\n", "1 + ".repeat(10_000))));
    super::told(&super::one(format!("output x = [{}]\n", "1, ".repeat(100_000))));
    super::told(&super::one(format!("let a = {{ b = 1 }}\noutput x = a{}\n", ".b".repeat(50_000))));
}
