//! What happens to files beside the editor: they are watched, so that no message about an older file is left behind.

use std::path::Path;

use gen_lsp_types as lsp;
use serde_json::json;

use crate::client::Client;
use crate::documents::Documents;
use crate::projects::{is_passed, is_program};
use crate::uri;
use crate::workspace::Workspace;

/// Asks the client to watch all files: a program may read any of them.
pub fn register(client: &mut Client) {
    let options = json!({ "watchers": [{ "globPattern": "**/*" }] });
    let one = json!({ "id": "files", "method": "workspace/didChangeWatchedFiles", "registerOptions": options });
    client.ask("client/registerCapability", json!({ "registrations": [one] }));
}

/// Files have come, changed or gone.
pub fn changed(events: &[lsp::FileEvent], workspace: &mut Workspace, documents: &Documents) {
    for event in events {
        let Some(path) = uri::path(&event.uri.0) else { continue };
        if is_of_tools(&path, workspace) {
            continue;
        }
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if is_program(&name)
            && let Some(folder) = path.parent()
        {
            workspace.look_at(folder, documents);
        }
        let is_folder = path.is_dir();
        if is_folder || event.kind == lsp::FileChangeType::Deleted && !is_program(&name) {
            workspace.look_below(&path, documents);
        }
        // A folder is part of itself.
        workspace.touch(&if is_folder { path.join(name) } else { path });
    }
}

/// Whether a file lies where only tools write.
fn is_of_tools(path: &Path, workspace: &Workspace) -> bool {
    let Some((folder, _)) = workspace.of(path) else { return false };
    let below = path.strip_prefix(folder).unwrap_or(path);
    let mut parts = below.components().map(|part| part.as_os_str().to_string_lossy());
    parts.any(|part| part != "schemas" && is_passed(&part))
}
