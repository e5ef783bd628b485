//! One grammar told three times: the compiler's parser, tree-sitter and TextMate say the same of every token.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::classes::{self, Class};
use crate::highlights;
use crate::texts;

/// The class of each byte; blanks have none.
fn by_byte(text: &str, tokens: impl Iterator<Item = (std::ops::Range<usize>, Class)>) -> Vec<Option<Class>> {
    let mut classes = vec![None; text.len()];
    for (range, class) in tokens {
        for at in range {
            if !text.as_bytes()[at].is_ascii_whitespace() {
                classes[at] = Some(class);
            }
        }
    }
    classes
}

#[test]
fn tree_sitter_reads_without_error_whatever_the_compiler_reads() {
    let texts = texts::well_formed();
    let wrong: Vec<&str> = texts
        .iter()
        .filter(|text| {
            let tree = highlights::parse(&text.text);
            tree.root_node().has_error() || tree.root_node().to_sexp().contains("(hole)")
        })
        .map(|text| text.place.as_str())
        .collect();
    println!("{} texts, {} of them with an error or a hole in tree-sitter's tree", texts.len(), wrong.len());
    assert!(texts.len() > 700, "only {} texts were found", texts.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn tree_sitter_and_the_compiler_agree_on_every_token() {
    let texts = texts::well_formed();
    let mut counts: BTreeMap<Class, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for text in &texts {
        let tokens = classes::tokens(&text.text);
        let captures = highlights::captures(tree_sitter_infra::HIGHLIGHTS_QUERY, &text.text);
        for pair in captures.windows(2).filter(|pair| pair[0].0.end > pair[1].0.start) {
            wrong.push(format!("{}: captured twice: {pair:?}", text.place));
        }
        let theirs = captures.iter().map(|(range, name)| (range.clone(), highlights::class(name)));
        let theirs = by_byte(&text.text, theirs);
        let ours = by_byte(&text.text, tokens.iter().cloned());
        for (range, class) in &tokens {
            *counts.entry(*class).or_default() += 1;
            if ours[range.clone()] != theirs[range.clone()] {
                let line = text.text[..range.start].lines().count().max(1);
                let found = theirs[range.clone()].iter().flatten().next();
                let token = &text.text[range.clone()];
                wrong.push(format!("{}:{line}: `{token}` is {class:?}, for tree-sitter {found:?}", text.place));
            }
        }
    }
    println!("{} tokens of {} texts: {counts:?}", counts.values().sum::<usize>(), texts.len());
    assert!(counts.len() == 14, "a class is missing: {counts:?}");
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
}

/// What the language server says of a token is what the grammars say, or more: colours change in shade when it answers, and
/// never jump.
#[test]
fn the_server_says_the_same_or_more() {
    let mut counts: BTreeMap<(ide::tokens::Class, Class), usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for text in texts::well_formed() {
        let ours = by_byte(&text.text, classes::tokens(&text.text).into_iter());
        let file = program::cut::CutFile::new(text.text.as_str().into());
        for token in ide::tokens::tokens(&file, None) {
            let range = token.range.start as usize..token.range.end as usize;
            let Some(class) = ours[range.start] else { continue };
            *counts.entry((token.class, class)).or_default() += 1;
            if !same_or_more(token.class, class) {
                let line = text.text[..range.start].lines().count().max(1);
                let word = &text.text[range];
                wrong.push(format!("{}:{line}: `{word}` is {class:?}, for the server {:?}", text.place, token.class));
            }
        }
    }
    println!("{} tokens of the server: {counts:?}", counts.values().sum::<usize>());
    assert!(counts.len() >= 14, "only {counts:?}");
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong[..wrong.len().min(60)].join("\n"));
}

fn same_or_more(server: ide::tokens::Class, grammar: Class) -> bool {
    use ide::tokens::Class as Server;
    match server {
        Server::Comment => grammar == Class::Comment,
        Server::Documentation => grammar == Class::Documentation,
        Server::Keyword => grammar == Class::Keyword,
        Server::Operator => grammar == Class::Operator,
        Server::Namespace => matches!(grammar, Class::Type | Class::Variable),
        Server::Kind => grammar == Class::Type,
        Server::Variable => grammar == Class::Variable,
        Server::Parameter => matches!(grammar, Class::Variable | Class::Property),
        // A field's name may stand in quotes.
        Server::Field => matches!(grammar, Class::Property | Class::Text),
        Server::Function => grammar == Class::Function,
        Server::Member => matches!(grammar, Class::Variable | Class::Function | Class::Type),
        Server::Annotation => grammar == Class::Annotation,
        Server::Constant => grammar == Class::Constant,
        Server::Number | Server::Unit => grammar == Class::Number,
        Server::Text => grammar == Class::Text,
        Server::Escape => grammar == Class::Escape,
        Server::Interpolation => grammar == Class::Punctuation,
    }
}

/// `grammars.sh` names a file by `INFRA_CLASSES`, and compares TextMate's scopes with what is written there.
#[test]
fn classes_are_written_for_textmate() {
    let texts: Vec<Value> = texts::well_formed()
        .into_iter()
        .map(|text| {
            let tokens = classes::as_json(&classes::tokens(&text.text));
            json!({ "place": text.place, "text": text.text, "tokens": tokens })
        })
        .collect();
    let written = serde_json::to_string(&texts).unwrap();
    assert!(written.len() > 1_000_000, "only {} bytes", written.len());
    if let Some(path) = std::env::var_os("INFRA_CLASSES") {
        std::fs::write(path, written).unwrap();
    }
}
