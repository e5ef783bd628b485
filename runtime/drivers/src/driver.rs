//! The trait that all drivers have, and what is asked and answered. Objects and inputs come with their secrets open; what a driver
//! answers is sealed by who asked.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use state::{Action, Locator, Object, OpId, Tree, TreeStep, Uid};

/// An answer that takes its time.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What is wrong, and what to do. No text of it holds a secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trouble {
    pub code: &'static str,
    pub message: String,
    pub help: String,
    /// Where in the inputs.
    pub path: Vec<TreeStep>,
}

impl Trouble {
    /// Trouble with no input in particular.
    pub fn new(code: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: help.into(), path: Vec::new() }
    }
    /// The same with an input.
    pub fn at(self, field: &str) -> Self {
        Self { path: vec![TreeStep::Key(field.into())], ..self }
    }
}

/// Makes things of one target.
pub trait Driver: Send + Sync {
    /// The target of the native kinds that it makes: `files`.
    fn target(&self) -> &str;
    /// Gets ready to reach one place with one configuration.
    fn open<'a>(&'a self, opening: Opening<'a>) -> Later<'a, Result<Arc<dyn Session>, Trouble>>;
}

/// A configuration of a driver.
#[derive(Clone, Copy, Debug)]
pub struct Opening<'a> {
    /// `provider aws.dublin`; empty where a target has no providers.
    pub name: &'a str,
    pub inputs: &'a Tree,
}

/// A driver at one place.
pub trait Session: Send + Sync {
    /// What tells this place from any other, by what is read there and not by what was configured.
    fn proof(&self) -> Vec<(String, String)>;
    /// Looks at a thing.
    fn read<'a>(&'a self, thing: Thing<'a>, object: &'a Object) -> Later<'a, Read>;
    /// What has to be done so that a thing is what is wanted. Changes nothing.
    fn plan<'a>(&'a self, ask: PlanAsk<'a>) -> Later<'a, Result<Planned, Vec<Trouble>>>;
    /// Does it.
    fn apply<'a>(&'a self, ask: ApplyAsk<'a>) -> Later<'a, Done>;
    /// What became of an operation that nobody heard the end of. Changes nothing but what the operation left half done.
    fn recover<'a>(&'a self, ask: RecoverAsk<'a>) -> Later<'a, Finding>;
    /// A thing that exists and was not made by infrac, by the id that its maker knows it by.
    fn import<'a>(&'a self, thing: Thing<'a>, id: &'a str) -> Later<'a, Result<Made, Trouble>>;
}

/// Which thing is meant.
#[derive(Clone, Copy, Debug)]
pub struct Thing<'a> {
    pub uid: Uid,
    pub address: &'a str,
    pub kind: &'a str,
}

/// What a look shows.
#[derive(Clone, PartialEq, Debug)]
pub enum Read {
    Present(Tree),
    /// It is not there, and this shows it.
    Gone(String),
    /// It could not be looked at: neither there nor gone.
    Failed(Trouble),
}

/// What is wanted of a thing.
#[derive(Clone, Copy, Debug)]
pub struct PlanAsk<'a> {
    pub thing: Thing<'a>,
    /// What there is, with the attributes of the last look.
    pub prior: Option<&'a Object>,
    /// Parts of it may be known only later.
    pub inputs: &'a Tree,
    /// The ids of what infrac made at this place. What stands there under one of them goes before anything else is made there.
    pub ours: &'a BTreeSet<String>,
}

/// What has to be done.
#[derive(Clone, PartialEq, Debug)]
pub struct Planned {
    pub planning: Planning,
    /// The attributes afterwards, as far as they are known.
    pub attributes: Tree,
    pub locator: Locator,
}

/// What has to be done to a thing, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Planning {
    Create,
    Nothing,
    /// These inputs changed, or what there is differs from them.
    Update(Vec<Vec<TreeStep>>),
    /// These cannot be changed in what there is.
    Replace(Vec<Vec<TreeStep>>),
}

/// An operation on a thing. Its intent is recorded.
#[derive(Clone, Copy, Debug)]
pub struct ApplyAsk<'a> {
    pub thing: Thing<'a>,
    pub op: OpId,
    pub action: Action,
    pub prior: Option<&'a Object>,
    /// All of it is known, except where nothing is really made.
    pub inputs: &'a Tree,
}

/// How an operation ended.
#[derive(Clone, PartialEq, Debug)]
pub struct Done {
    pub result: state::Result,
    /// What there is now; none: nothing.
    pub made: Option<Made>,
    /// Why it did not end well.
    pub trouble: Option<Trouble>,
}

/// A thing as its maker shows it.
#[derive(Clone, PartialEq, Debug)]
pub struct Made {
    pub native_id: String,
    pub attributes: Tree,
}

/// An operation that nobody heard the end of.
#[derive(Clone, Copy, Debug)]
pub struct RecoverAsk<'a> {
    pub thing: Thing<'a>,
    pub op: OpId,
    pub action: Action,
    pub before: Option<&'a Object>,
    pub inputs: &'a Tree,
    pub locator: &'a Locator,
}

/// What became of it.
#[derive(Clone, PartialEq, Debug)]
pub enum Finding {
    /// It was done; none: what was to go is gone. Evidence in words.
    Landed(Option<Made>, String),
    /// It was not done, and this shows it.
    NotLanded(String),
    /// It is still going on: look again after this.
    Pending(Duration, String),
    /// It cannot be told.
    Unknown(String),
}

impl Done {
    /// It went well.
    pub fn well(made: Option<Made>) -> Self {
        Self { result: state::Result::Done, made, trouble: None }
    }
    /// Nothing was changed.
    pub fn refused(proof: impl Into<String>, trouble: Trouble) -> Self {
        Self { result: state::Result::Refused { proof: proof.into() }, made: None, trouble: Some(trouble) }
    }
}
