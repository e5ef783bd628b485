//! After a token of the examples is deleted, it is among what is offered in its place.

use std::collections::BTreeMap;

use ide::Asked;
use program::Program;
use program::cut::CutFile;
use source::Memory;
use syntax::{Kind as Node, NodeId, Tree, flag};

/// A token that completion can know: where it stands in its file.
struct Token {
    start: usize,
    text: String,
    /// What it is, for the count.
    what: &'static str,
}

/// The tokens of an item that are words of the language, or name a declaration.
fn tokens(tree: &Tree, start: usize) -> Vec<Token> {
    let mut found = Vec::new();
    below(tree, Tree::ROOT, None, start, &mut found);
    found
}

fn below(tree: &Tree, node: NodeId, above: Option<NodeId>, start: usize, found: &mut Vec<Token>) {
    let at = start + tree.node(node).start as usize;
    let mut take = |start: usize, text: &str, what| found.push(Token { start, text: text.to_owned(), what });
    let first_word = || tree.text(node).split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or("");
    let inside = above.map(|above| tree.kind(above));
    match tree.kind(node) {
        Node::Project
        | Node::Environment
        | Node::Use
        | Node::Param
        | Node::Let
        | Node::TypeDecl
        | Node::Fn
        | Node::KindDecl
        | Node::PlatformDecl
        | Node::Implement
        | Node::Adjust
        | Node::Output
        | Node::Moved
        | Node::Forget
        | Node::Destroy
        | Node::Adopt
        | Node::Out
        | Node::Check
        | Node::Once
        | Node::Delegate
        | Node::Provider => take(at, first_word(), "statement"),
        Node::FieldDecl if tree.has(node, flag::OUT) => take(at, "out", "statement"),
        Node::ForHeader if inside == Some(Node::Instance) => {
            let before = tree.text[..tree.node(node).start as usize].trim_end();
            if before.ends_with("for") {
                take(start + before.len() - 3, "for", "header");
            }
        }
        Node::IfHeader | Node::KeyHeader | Node::OnHeader | Node::OnPlatform | Node::InEnvironment => {
            take(at, first_word(), "header");
        }
        Node::Path => {
            let names: Vec<NodeId> = tree.children(node).collect();
            for name in names {
                let place = start + tree.node(name).start as usize;
                let what = match inside {
                    Some(Node::Instance) => "kind of an instance",
                    Some(Node::TypeName | Node::TypeApply) => "type",
                    _ => "name in a head",
                };
                take(place, tree.text(name), what);
            }
        }
        Node::Needs => take(at, tree.text(node), "name in a head"),
        Node::Annotation => {
            if let Some(name) = tree.child(node, Node::Name) {
                take(start + tree.node(name).start as usize, tree.text(name), "annotation");
            }
        }
        Node::Field | Node::Block | Node::Shorthand | Node::Entry => fields(tree, node, start, found),
        Node::Arg => {
            if let Some(name) = tree.child(node, Node::Name) {
                take(start + tree.node(name).start as usize, tree.text(name), "argument");
            }
        }
        Node::Call => {
            if let Some(callee) = tree.children(node).next().filter(|callee| tree.kind(*callee) == Node::Ident) {
                take(start + tree.node(callee).start as usize, tree.text(callee), "call");
            }
        }
        Node::Bool if inside == Some(Node::Field) => take(at, tree.text(node), "value"),
        Node::Address => {
            if let Some(name) = tree.child(node, Node::Name) {
                take(start + tree.node(name).start as usize, tree.text(name), "address");
            }
        }
        Node::AddressName => take(at + 1, tree.text(node).trim_start_matches('.'), "address"),
        _ => {}
    }
    for child in tree.children(node) {
        below(tree, child, Some(node), start, found);
    }
}

/// The names of a field, and its value where the language has a closed list of them. Keys of maps are the user's own.
fn fields(tree: &Tree, node: NodeId, start: usize, found: &mut Vec<Token>) {
    let names: Vec<NodeId> = match tree.child(node, Node::FieldPath) {
        Some(path) => tree.all(path, Node::Name).collect(),
        None => tree.child(node, Node::Name).into_iter().collect(),
    };
    for name in &names {
        let place = start + tree.node(*name).start as usize;
        found.push(Token { start: place, text: tree.text(*name).to_owned(), what: "field" });
    }
    let is_closed = names.first().is_some_and(|name| matches!(tree.text(*name), "tier" | "like"));
    if let Some(value) = tree.child(node, Node::Ident).filter(|_| is_closed) {
        let place = start + tree.node(value).start as usize;
        found.push(Token { start: place, text: tree.text(value).to_owned(), what: "value" });
    }
}

/// Whether a field stands in a map or a record that the user makes up: its names are the user's own.
fn is_made_up(text: &str, token: &Token) -> bool {
    let line = &text[text[..token.start].rfind('\n').map_or(0, |at| at + 1)..token.start];
    let is_setting = token.text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    let made_up = ["env = {", "let ", "json({", "on = [", "output "];
    token.what == "field" && (is_setting || made_up.iter().any(|head| line.contains(head)))
}

fn is_offered(files: &[(String, String)], path: &str, broken: &str, at: usize, label: &str) -> bool {
    let files =
        files.iter().map(|(other, text)| (other.clone(), if other == path { broken.to_owned() } else { text.clone() }));
    let program = Program::load(Memory::new(files), "");
    let file = CutFile::new(broken.into());
    let asked = Asked { program: &program, path, file: &file };
    let found = ide::completion::complete(&asked, at as u32);
    // A long list is asked for again with what was typed: here with the beginning of the token.
    found.items.iter().any(|item| item.label == label)
        || found.incomplete && {
            let typed: String = label.chars().take(8).collect();
            let broken = format!("{}{typed}{}", &broken[..at], &broken[at..]);
            let file = CutFile::new(broken.as_str().into());
            let asked = Asked { program: &program, path, file: &file };
            let found = ide::completion::complete(&asked, (at + typed.len()) as u32);
            found.items.iter().any(|item| item.label == label)
        }
}

#[test]
fn a_deleted_token_is_offered_in_its_place() {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut lost = Vec::new();
    for example in tests::examples() {
        for (path, text) in &example.files {
            let file = CutFile::new(text.as_str().into());
            let all = file.items.iter().flat_map(|item| tokens(&item.tree(), item.start as usize));
            for token in all.filter(|token| !token.text.is_empty() && !is_made_up(text, token)) {
                let end = token.start + token.text.len();
                assert_eq!(&text[token.start..end], token.text, "{path}");
                let broken = format!("{}{}", &text[..token.start], &text[end..]);
                let offered = is_offered(&example.files, path, &broken, token.start, &token.text);
                let count = counts.entry(token.what).or_default();
                count.1 += 1;
                if offered {
                    count.0 += 1;
                } else {
                    let line = text[..token.start].matches('\n').count() + 1;
                    lost.push(format!("{}/{path}:{line}: `{}` ({})", example.name, token.text, token.what));
                }
            }
        }
    }
    let found: usize = counts.values().map(|count| count.0).sum();
    let all: usize = counts.values().map(|count| count.1).sum();
    for (what, (found, all)) in &counts {
        println!("{what}: {found} of {all}");
    }
    println!("{found} of {all} deleted tokens are offered in their place\n{}", lost.join("\n"));
    assert!(all > 330, "only {all} tokens were found");
    assert!(found * 100 >= all * 90, "{found} of {all} are offered\n{}", lost.join("\n"));
}

/// The same where a bracket is missing besides: the last one of its item above the line of the token.
#[test]
fn a_deleted_token_is_offered_where_a_bracket_is_missing_too() {
    let (mut found, mut all) = (0_usize, 0_usize);
    let mut lost = Vec::new();
    // The fleet is made of names that it makes up itself.
    for example in tests::examples().into_iter().filter(|example| example.name != "fleet") {
        for (path, text) in &example.files {
            let file = CutFile::new(text.as_str().into());
            let items = file.items.iter().flat_map(|item| {
                let begin = item.start as usize;
                tokens(&item.tree(), begin).into_iter().map(move |token| (begin, token))
            });
            for (begin, token) in items.filter(|(_, token)| !token.text.is_empty() && !is_made_up(text, token)) {
                let own_line = text[..token.start].rfind('\n').map_or(0, |at| at + 1).max(begin);
                let Some(bracket) = text[begin..own_line].rfind(['{', '}', '[', ']', '(', ')']) else { continue };
                let line = text[..begin + bracket].rfind('\n').map_or(0, |at| at + 1);
                if text[line..].trim_start().starts_with("//") || text[line..begin + bracket].contains('"') {
                    continue;
                }
                let end = token.start + token.text.len();
                let without = format!("{}{}", &text[..begin + bracket], &text[begin + bracket + 1..token.start]);
                let broken = format!("{without}{}", &text[end..]);
                let offered = is_offered(&example.files, path, &broken, without.len(), &token.text);
                all += 1;
                found += usize::from(offered);
                if !offered {
                    let line = text[..token.start].matches('\n').count() + 1;
                    lost.push(format!("{}/{path}:{line}: `{}` ({})", example.name, token.text, token.what));
                }
            }
        }
    }
    println!("{found} of {all} tokens are offered where a bracket is missing too\n{}", lost.join("\n"));
    assert!(all > 150, "only {all} tokens were found");
    assert!(found * 100 >= all * 90, "{found} of {all} are offered\n{}", lost.join("\n"));
}
