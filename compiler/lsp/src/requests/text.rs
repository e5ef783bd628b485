//! `workspace/textDocumentContent`, and `infrac/text` for clients that are older: the text of a page, of a file of the library, or of
//! a file that an environment emits.

use lsp_server::{ErrorCode, Request};
use serde::Deserialize;
use serde_json::json;

use super::{command, params};
use crate::client::{Refused, refused};
use crate::pages;
use crate::session::Session;
use crate::uri;

#[derive(Deserialize)]
struct Params {
    uri: String,
}

/// Answers it.
pub fn ask(session: &mut Session, request: Request) -> Result<(), Refused> {
    let Params { uri } = params(request.params)?;
    if uri::emitted(&uri).is_some() {
        return command::text(session, request.id, &uri);
    }
    let text = pages::text(&uri);
    let text = text.ok_or_else(|| refused(ErrorCode::InvalidParams, format!("there is no page `{uri}`")))?;
    session.client.answer(request.id, Ok(json!({ "text": text })));
    Ok(())
}
