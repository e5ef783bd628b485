//! `textDocument/documentLink`: folders of `use`, files of `file(…)`, and pages of codes, where the client can open them.

use ide::links::{Link, Target, links};
use lsp_server::Request;
use serde_json::{Value, json};

use super::{OfDocument, queue};
use crate::asking::Asking;
use crate::client::Refused;
use crate::session::Session;
use crate::uri;

/// The links of a document.
pub fn ask(session: &Session, request: Request) -> Result<(), Refused> {
    queue(
        session,
        request,
        |of: &OfDocument| &of.text_document,
        |asking, _| {
            let links = links(&asking.asked());
            links.iter().filter_map(|link| in_words(asking, link)).collect()
        },
    )
}

fn in_words(asking: &Asking, link: &Link) -> Option<Value> {
    let target = address(asking, &link.target)?;
    let mut one = json!({ "range": asking.range(&link.range), "target": target });
    if asking.abilities.link_tooltips {
        one["tooltip"] = link.tooltip.as_str().into();
    }
    Some(one)
}

fn address(asking: &Asking, target: &Target) -> Option<String> {
    match target {
        // Editors open files: the first of the folder.
        Target::Folder(folder) => {
            let is_in = |path: &&String| path.rsplit_once('/').is_some_and(|(own, _)| own == folder);
            asking.uri(asking.program().files().keys().filter(is_in).min()?)
        }
        Target::File(path) => asking.uri(path),
        Target::Page(code) => asking.abilities.pages.then(|| uri::of_page(code)),
    }
}
