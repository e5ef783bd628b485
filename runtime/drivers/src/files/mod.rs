//! Files below one folder, written so that each is there as a whole or not at all. A file that somebody else wrote is never overwritten
//! and never deleted: what is there must be what infrac put there, or what it is about to put there.

mod disk;

use std::path::PathBuf;
use std::sync::Arc;

use state::{Action, Locator, Object, OpId, Secret, Tree, TreeStep};

use self::disk::{Found, digest};
use crate::driver::{
    ApplyAsk, Done, Driver, Finding, Later, Made, Opening, PlanAsk, Planned, Planning, Read, RecoverAsk, Session,
    Thing, Trouble,
};

/// The fields that can hold the content: what is known from the start, and what is known later and may be secret.
const CONTENTS: [&str; 2] = ["content", "withheld"];
/// Who may read a file that says nothing, and one that holds a secret.
const PLAIN: u32 = 0o644;
const SECRET: u32 = 0o600;

/// The driver of `files`.
#[derive(Clone, Debug)]
pub struct Files {
    root: PathBuf,
    shown: String,
}

impl Files {
    /// Files below a folder; `shown` is how it is told from other folders, whatever machine this is.
    pub fn below(root: PathBuf, shown: String) -> Self {
        Self { root, shown }
    }
}

impl Driver for Files {
    fn target(&self) -> &str {
        "files"
    }
    fn open<'a>(&'a self, _: Opening<'a>) -> Later<'a, Result<Arc<dyn Session>, Trouble>> {
        let session: Arc<dyn Session> = Arc::new(self.clone());
        Box::pin(async move { Ok(session) })
    }
}

impl Session for Files {
    fn proof(&self) -> Vec<(String, String)> {
        vec![("folder".to_owned(), self.shown.clone())]
    }
    fn read<'a>(&'a self, _: Thing<'a>, object: &'a Object) -> Later<'a, Read> {
        Box::pin(async move {
            match disk::look(&self.root, &object.native_id) {
                Ok(Some(found)) => Read::Present(attributes(&object.native_id, &found, is_secret(&object.attributes))),
                Ok(None) => Read::Gone(format!("there is no file {}", object.native_id)),
                Err(trouble) => Read::Failed(trouble),
            }
        })
    }
    fn plan<'a>(&'a self, ask: PlanAsk<'a>) -> Later<'a, Result<Planned, Vec<Trouble>>> {
        Box::pin(async move { self.planned(&ask).map_err(|trouble| vec![trouble]) })
    }
    fn apply<'a>(&'a self, ask: ApplyAsk<'a>) -> Later<'a, Done> {
        Box::pin(async move {
            match ask.action {
                Action::Create | Action::Update => self.put(&ask),
                Action::Delete => self.delete(&ask),
            }
        })
    }
    fn recover<'a>(&'a self, ask: RecoverAsk<'a>) -> Later<'a, Finding> {
        Box::pin(async move { self.found(&ask).unwrap_or_else(|trouble| Finding::Unknown(trouble.message)) })
    }
    fn import<'a>(&'a self, _: Thing<'a>, id: &'a str) -> Later<'a, Result<Made, Trouble>> {
        Box::pin(async move {
            let found = disk::look(&self.root, id)?.ok_or_else(|| {
                Trouble::new("nothing_to_adopt", format!("there is no file `{id}`"), "name a file that is there")
            })?;
            Ok(Made { native_id: id.to_owned(), attributes: attributes(id, &found, false) })
        })
    }
}

/// A file as it is wanted.
struct Wanted {
    path: String,
    /// None: it is known later.
    content: Option<Arc<str>>,
    secret: bool,
    mode: u32,
}

impl Wanted {
    fn read(inputs: &Tree) -> Result<Self, Trouble> {
        let path = inputs.get("path").and_then(Tree::as_text);
        let content = CONTENTS.iter().find_map(|name| inputs.get(name));
        let (Some(path), Some(content)) = (path, content) else {
            let help = "this is a bug in infrac: `check` should have told it";
            return Err(Trouble::new("wrong_file", "a file has no path or no content", help));
        };
        let secret = content.is_secret();
        let mode = match inputs.get("mode").and_then(Tree::as_text) {
            Some(mode) => u32::from_str_radix(mode, 8).map_err(|_| {
                Trouble::new("wrong_file", format!("`{mode}` is no mode of a file"), "write it as `0644`").at("mode")
            })?,
            None if secret => SECRET,
            None => PLAIN,
        };
        Ok(Self { path: path.to_owned(), content: content.as_text().map(Arc::from), secret, mode })
    }
    fn found(&self) -> Option<Found> {
        self.content.as_ref().map(|content| Found { digest: digest(content.as_bytes()), mode: Some(self.mode) })
    }
    fn attributes(&self) -> Tree {
        match self.found() {
            Some(found) => attributes(&self.path, &found, self.secret),
            None => tree([("path", Tree::text(&*self.path)), ("sha256", Tree::Later), ("mode", mode_text(self.mode))]),
        }
    }
}

fn tree<const N: usize>(entries: [(&str, Tree); N]) -> Tree {
    Tree::Map(entries.into_iter().map(|(name, value)| (name.into(), value)).collect())
}

fn mode_text(mode: u32) -> Tree {
    Tree::text(format!("{mode:04o}"))
}

/// What is kept of a file: not its content, which may be large. The digest of a secret could be guessed from, so it is one too.
fn attributes(path: &str, found: &Found, secret: bool) -> Tree {
    let digest = Tree::text(&*found.digest);
    let digest = if secret { Tree::Secret(Secret(Arc::new(digest))) } else { digest };
    let mode = found.mode.map_or(Tree::Null, mode_text);
    tree([("path", Tree::text(path)), ("sha256", digest), ("mode", mode)])
}

fn is_secret(attributes: &Tree) -> bool {
    attributes.get("sha256").is_some_and(Tree::is_secret)
}

/// What is known to be there.
fn known(object: &Object) -> Option<&str> {
    object.attributes.get("sha256").and_then(Tree::as_text)
}

impl Files {
    fn planned(&self, ask: &PlanAsk<'_>) -> Result<Planned, Trouble> {
        let wanted = Wanted::read(ask.inputs)?;
        disk::check_way(&self.root, &wanted.path)?;
        let planning = match ask.prior {
            None => self.create(&wanted, ask)?,
            Some(prior) if prior.native_id != wanted.path => {
                self.create(&wanted, ask)?;
                Planning::Replace(vec![vec![TreeStep::Key("path".into())]])
            }
            Some(prior) => change(&wanted, ask.inputs, prior),
        };
        let locator = Locator::Chosen { id: wanted.path.clone() };
        Ok(Planned { planning, attributes: wanted.attributes(), locator })
    }

    /// What stands at the path already must be what is about to be put there, or ours to take away.
    fn create(&self, wanted: &Wanted, ask: &PlanAsk<'_>) -> Result<Planning, Trouble> {
        if ask.ours.contains(&wanted.path) {
            return Ok(Planning::Create);
        }
        match disk::look(&self.root, &wanted.path)? {
            None => Ok(Planning::Create),
            Some(found) if wanted.found().is_some_and(|wanted| wanted.digest == found.digest) => Ok(Planning::Create),
            Some(_) => Err(exists(&wanted.path)),
        }
    }

    fn put(&self, ask: &ApplyAsk<'_>) -> Done {
        let put = |wanted: &Wanted| -> Result<Result<Made, String>, Trouble> {
            let Some(content) = &wanted.content else {
                return Err(Trouble::new("later_value", "the content is not known yet", "this is a bug in infrac"));
            };
            let before =
                ask.prior.filter(|_| ask.action == Action::Update).map(|prior| known(prior).unwrap_or_default());
            let file = disk::New { path: &wanted.path, content: content.as_bytes(), mode: wanted.mode };
            let found = disk::put(&self.root, &file, before, &temporary(ask.op))?;
            Ok(found.map(|found| Made {
                native_id: wanted.path.clone(),
                attributes: attributes(&wanted.path, &found, wanted.secret),
            }))
        };
        match Wanted::read(ask.inputs).and_then(|wanted| put(&wanted)) {
            Ok(Ok(made)) => Done::well(Some(made)),
            Ok(Err(why)) => Done { result: state::Result::Unknown { why }, made: None, trouble: None },
            Err(trouble) => Done::refused("the file was not touched", trouble),
        }
    }

    fn delete(&self, ask: &ApplyAsk<'_>) -> Done {
        let Some(prior) = ask.prior else { return Done::well(None) };
        match disk::delete(&self.root, &prior.native_id, known(prior)) {
            Ok(()) => Done::well(None),
            Err(trouble) => Done::refused("the file was not touched", trouble),
        }
    }

    fn found(&self, ask: &RecoverAsk<'_>) -> Result<Finding, Trouble> {
        let wanted = Wanted::read(ask.inputs).ok().filter(|_| ask.action != Action::Delete);
        let path = wanted.as_ref().map(|wanted| wanted.path.as_str()).or(ask.before.map(|before| &*before.native_id));
        let Some(path) = path else { return Ok(Finding::NotLanded("nothing was to be done".to_owned())) };
        disk::remove_temporary(&self.root, path, &temporary(ask.op))?;
        let there = disk::look(&self.root, path)?;
        let before = ask.before.filter(|before| before.native_id == path).and_then(known);
        Ok(match (there, &wanted) {
            (None, None) => Finding::Landed(None, format!("there is no file {path}")),
            (None, Some(_)) if before.is_none() => Finding::NotLanded(format!("there is no file {path}")),
            (Some(found), Some(wanted)) if wanted.found().is_some_and(|wanted| wanted == found) => {
                let attributes = attributes(path, &found, wanted.secret);
                let made = Made { native_id: path.to_owned(), attributes };
                Finding::Landed(Some(made), format!("{path} holds what was to be written"))
            }
            (Some(found), _) if before == Some(&*found.digest) => {
                Finding::NotLanded(format!("{path} holds what it held before"))
            }
            (None, Some(_)) => Finding::Unknown(format!("{path} was there, and is gone")),
            (Some(_), _) => {
                Finding::Unknown(format!("{path} holds neither what it held before nor what was to be written"))
            }
        })
    }
}

/// What differs between a file and what is wanted.
fn change(wanted: &Wanted, inputs: &Tree, prior: &Object) -> Planning {
    let content = CONTENTS.into_iter().find(|name| inputs.get(name).is_some()).unwrap_or("content");
    let (now, then) = (wanted.attributes(), &prior.attributes);
    let is_same = |name: &str| match (now.get(name), then.get(name)) {
        (Some(Tree::Later), _) => false,
        // The file system knows no modes.
        (_, Some(Tree::Null)) => true,
        (now, then) => now.and_then(Tree::as_text) == then.and_then(Tree::as_text),
    };
    let differ = [("sha256", content), ("mode", "mode")].into_iter().filter(|(attribute, _)| !is_same(attribute));
    let paths: Vec<Vec<TreeStep>> = differ.map(|(_, input)| vec![TreeStep::Key(input.into())]).collect();
    if paths.is_empty() { Planning::Nothing } else { Planning::Update(paths) }
}

fn exists(path: &str) -> Trouble {
    let help = "somebody else wrote it: move it away, or say its content in the program, and it is taken over";
    Trouble::new("exists_already", format!("there is a file `{path}` already, with another content"), help).at("path")
}

fn temporary(op: OpId) -> String {
    format!(".infrac-{op}.new")
}

#[cfg(test)]
mod tests;
