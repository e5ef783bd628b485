//! `textDocument/completion` and `completionItem/resolve`: what may stand at the cursor, and what is known of one of them.

use gen_lsp_types as lsp;
use ide::completion::{Class, Item, complete};
use ide::resolve::resolve as page_of;
use lsp_server::Request;
use serde_json::{Value, json};

use super::words::{At, page};
use super::{asking, in_queue, queue};
use crate::asking::Asking;
use crate::client::Refused;
use crate::session::Session;

/// What asks for completions by itself.
pub const TRIGGERS: [&str; 4] = [".", "@", "=", "\""];

/// What may stand there.
pub fn ask(session: &Session, request: Request) -> Result<(), Refused> {
    queue(
        session,
        request,
        |of: &At| &of.text_document,
        |asking, of| {
            let found = complete(&asking.asked(), asking.offset(of.position));
            let items: Vec<Value> = found.items.iter().map(|item| in_words(asking, item)).collect();
            json!({ "isIncomplete": found.incomplete, "items": items })
        },
    )
}

fn in_words(asking: &Asking, item: &Item) -> Value {
    let plain = without_stops(&item.insert);
    let is_snippet = asking.abilities.snippets && plain != item.insert;
    let text = if is_snippet { &item.insert } else { &plain };
    let mut one = json!({
        "label": item.label,
        "kind": kind(item.class),
        "sortText": item.sort,
        "insertTextFormat": if is_snippet { 2 } else { 1 },
        "textEdit": { "range": asking.range(&item.replace), "newText": text },
    });
    if !item.detail.is_empty() {
        one["detail"] = item.detail.as_str().into();
    }
    if item.preselect {
        one["preselect"] = true.into();
    }
    if item.deprecated {
        one["tags"] = json!([1]);
    }
    if let Some(key) = &item.key {
        one["data"] = json!({ "uri": asking.document.uri, "key": key });
    }
    one
}

/// What is known of an item.
pub fn resolve(session: &Session, request: Request) -> Result<(), Refused> {
    let mut item = request.params;
    let text = |name: &str| item.pointer(name).and_then(Value::as_str).map(str::to_owned);
    let asked = text("/data/uri").zip(text("/data/key"));
    let found = asked.and_then(|(uri, key)| Some((asking(session, &uri).ok()?, key)));
    in_queue(session, request.id, move || {
        if let Some((asking, key)) = found
            && let Some(markdown) = page_of(asking.program(), &key)
        {
            item["documentation"] = page(&asking, &markdown);
        }
        item
    });
    Ok(())
}

/// A snippet as plain text: its stops are gone, what stands in them is there.
fn without_stops(snippet: &str) -> String {
    let mut out = String::with_capacity(snippet.len());
    let mut open = 0;
    let mut letters = snippet.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => out.extend(letters.next()),
            '$' => {
                let is_open = letters.next_if_eq(&'{').is_some();
                while letters.next_if(char::is_ascii_digit).is_some() {}
                if is_open && letters.next_if_eq(&':').is_some() {
                    open += 1;
                } else if is_open {
                    letters.next_if_eq(&'}');
                }
            }
            '}' if open > 0 => open -= 1,
            letter => out.push(letter),
        }
    }
    out
}

fn kind(class: Class) -> lsp::CompletionItemKind {
    match class {
        Class::Keyword => lsp::CompletionItemKind::Keyword,
        Class::Kind => lsp::CompletionItemKind::Class,
        Class::NativeKind => lsp::CompletionItemKind::Interface,
        Class::Platform => lsp::CompletionItemKind::Module,
        Class::Field => lsp::CompletionItemKind::Field,
        Class::Value => lsp::CompletionItemKind::EnumMember,
        Class::Function => lsp::CompletionItemKind::Function,
        Class::Method => lsp::CompletionItemKind::Method,
        Class::Type => lsp::CompletionItemKind::Struct,
        Class::Annotation => lsp::CompletionItemKind::Property,
        Class::Environment => lsp::CompletionItemKind::Constant,
        Class::Folder => lsp::CompletionItemKind::Folder,
        Class::Instance => lsp::CompletionItemKind::Variable,
        Class::Argument => lsp::CompletionItemKind::Variable,
        Class::Unit => lsp::CompletionItemKind::Unit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snippets_are_read_without_their_stops() {
        let cases = [
            ("port", "port"),
            ("server ${1:name} {\n  $0\n}", "server name {\n  \n}"),
            ("a = \\$x ${2:{ b \\} }$3", "a = $x { b } "),
            ("${4}!", "!"),
        ];
        for (snippet, plain) in cases {
            assert_eq!(without_stops(snippet), plain, "{snippet}");
        }
    }
}
