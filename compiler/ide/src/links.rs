//! Places in a text that lead somewhere: the folder of a `use`, the file of a `file(…)`, the page of a code.

use std::ops::Range;

use program::cut::CutItem;
use syntax::{Kind, NodeId, Tree};

use crate::Asked;
use crate::places::range_of;

/// A place that leads somewhere.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    pub range: Range<u32>,
    pub target: Target,
    pub tooltip: String,
}

/// Where a link leads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Target {
    /// A folder of the project, by its path in it
    Folder(String),
    /// A file of the project, by its path in it; whether it exists is not known
    File(String),
    /// The page of a message's code: what `infrac explain` prints
    Page(&'static str),
}

/// The links of a file, in order.
pub fn links(asked: &Asked<'_>) -> Vec<Link> {
    let mut links = Vec::new();
    for item in &asked.file.items {
        let tree = item.tree();
        for index in 0..tree.nodes.len() as u32 {
            let id = NodeId(index);
            let found = match tree.kind(id) {
                Kind::Use => folder(asked, item, &tree, id),
                Kind::Call => file(asked, item, &tree, id),
                Kind::Refuses => tree.child(id, Kind::Name).and_then(|code| page(item, &tree, code)),
                Kind::Annotation => allowed(item, &tree, id),
                _ => None,
            };
            links.extend(found);
        }
    }
    links
}

/// `use network.edge`: the folder that has files, which is one step up where a single name of it is used.
fn folder(asked: &Asked<'_>, item: &CutItem, tree: &Tree, id: NodeId) -> Option<Link> {
    let path = tree.child(id, Kind::Path)?;
    let steps: Vec<String> = tree.all(path, Kind::Name).map(|name| tree.name(name)).collect();
    let exists = |folder: &str| {
        let inside = format!("{folder}/");
        asked.program.files().keys().any(|file| file.starts_with(&inside))
    };
    let all = steps.join("/");
    let above = steps.split_last().map(|(_, above)| above.join("/")).filter(|above| !above.is_empty());
    let found = Some(all).filter(|all| exists(all)).or_else(|| above.filter(|above| exists(above)))?;
    let tooltip = format!("open the folder `{found}`");
    Some(Link { range: range_of(item, tree, path), target: Target::Folder(found), tooltip })
}

/// `file("motd.txt")` and `template("motd.hbs", …)`: a path from the folder of the file that says it.
fn file(asked: &Asked<'_>, item: &CutItem, tree: &Tree, id: NodeId) -> Option<Link> {
    let callee = tree.nth(id, 0).filter(|callee| tree.kind(*callee) == Kind::Ident)?;
    if !matches!(tree.text(callee), "file" | "template") {
        return None;
    }
    let argument = tree.child(id, Kind::Arg)?;
    let text = tree.children(argument).find(|value| tree.kind(*value) == Kind::Text)?;
    let said = match syntax::text::parts(tree, text).as_slice() {
        [syntax::text::Part::Text(said)] => said.clone(),
        _ => return None,
    };
    let folder = asked.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let path = below(folder, &said)?;
    let tooltip = format!("open `{path}`");
    Some(Link { range: range_of(item, tree, text), target: Target::File(path), tooltip })
}

/// `@allow(CODE, …)`, where the code is of a message.
fn allowed(item: &CutItem, tree: &Tree, id: NodeId) -> Option<Link> {
    let name = tree.child(id, Kind::Name)?;
    if tree.text(name) != "allow" {
        return None;
    }
    let code = tree.child(id, Kind::Arg).and_then(|argument| tree.child(argument, Kind::Ident))?;
    page(item, tree, code)
}

fn page(item: &CutItem, tree: &Tree, code: NodeId) -> Option<Link> {
    let said = tree.text(code);
    let code_name = program::explained_codes().find(|known| *known == said)?;
    let tooltip = format!("what `{code_name}` means");
    Some(Link { range: range_of(item, tree, code), target: Target::Page(code_name), tooltip })
}

/// A path from a folder of the project, without `.` and `..`; nothing when it leads out of the project.
fn below(folder: &str, path: &str) -> Option<String> {
    if path.is_empty() || path.starts_with('/') || path.ends_with('/') {
        return None;
    }
    let mut steps: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in path.split('/') {
        match step {
            "." | "" => {}
            ".." => {
                steps.pop()?;
            }
            _ => steps.push(step),
        }
    }
    Some(steps.join("/")).filter(|path| !path.is_empty())
}
