//! Runs the program once more over a graph that is there already, and keeps beside every part of every value the places that it
//! was made of. Evaluation decided everything; this only retraces it: what it cannot retrace (a residual, a name that was cut) it
//! takes for made of all that went in. `trace.rs` asks it for the lines of the emitted files.

mod access;
mod builtins;
mod conversions;
mod deps;
mod facts;
mod flows;
mod instances;
mod literals;
mod operators;
mod platforms;
mod run;
mod traced;

use check::checked::{LetId, OnceId, Platform, Statement, StatementId};
use check::code::Code;
use rustc_hash::{FxHashMap, FxHashSet};
use source::{Name, Place};
use value::{AddressId, Store, Value, ValueId};

use super::known::Known;
use super::path::Hop;
use super::trace::name_before;

pub(crate) use deps::Deps;
pub(crate) use platforms::ListedInputs;
pub(crate) use traced::{Kids, Traced};

/// Whose code runs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum This {
    Root,
    Instance(AddressId),
    /// Index into the groups.
    Group(usize),
    /// Index into the platform values.
    Platform(usize),
}

/// Where code runs: whose it is, and its variables.
#[derive(Clone)]
pub(crate) struct Frame {
    pub this: This,
    pub slots: Vec<Option<Traced>>,
}

/// What is computed once.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Cell {
    Let(This, LetId),
    Input(AddressId, Name),
    Out(AddressId, Name),
    Statement(This, StatementId),
    Body(AddressId),
    Param(u32),
    PlatformOut(usize, Name),
}

/// The members of a `once`.
struct Group {
    address: AddressId,
    /// What its key was made of.
    key: Deps,
    members: Vec<AddressId>,
}

/// A value of a platform. Those that the environment lists have a name.
#[derive(Clone)]
struct PlatformValue<'a> {
    platform: &'a Platform,
    value: ValueId,
    inputs: Traced,
    name: Option<Name>,
    /// What its name was made of.
    named: Deps,
}

/// An instance as its statement made it.
struct Made {
    frame: Frame,
    /// What its key was made of.
    key: Deps,
    /// What decides that it is there.
    there: Deps,
}

/// The program and a graph of it, and what was retraced so far.
pub(crate) struct Replay<'k, 'a> {
    pub known: &'k Known<'a>,
    /// The graph's store and what was added to it.
    pub store: Store,
    cells: FxHashMap<Cell, Traced>,
    running: FxHashSet<Cell>,
    groups: Vec<Group>,
    platforms: Vec<PlatformValue<'a>>,
    listed: Option<Vec<usize>>,
    made: FxHashMap<AddressId, Made>,
    statement_ids: FxHashMap<Place, StatementId>,
    depth: usize,
    /// Whether places in the library count, not those in the user's files.
    of_library: bool,
}

impl Frame {
    pub fn new(this: This) -> Self {
        Self { this, slots: Vec::new() }
    }
    fn get(&self, slot: u16) -> Traced {
        self.slots.get(usize::from(slot)).cloned().flatten().unwrap_or_default()
    }
    fn set(&mut self, slot: u16, value: Traced) {
        let slot = usize::from(slot);
        if self.slots.len() <= slot {
            self.slots.resize(slot + 1, None);
        }
        if let Some(place) = self.slots.get_mut(slot) {
            *place = Some(value);
        }
    }
}

impl<'k, 'a> Replay<'k, 'a> {
    /// `of_library`: the places of the library count, not those of the user's files.
    pub fn new(known: &'k Known<'a>, of_library: bool) -> Self {
        let statement_ids = known
            .checked
            .statements
            .iter()
            .enumerate()
            .map(|(at, statement)| (statement.place, StatementId(at as u32)))
            .collect();
        Self {
            known,
            store: known.graph.store.clone(),
            cells: FxHashMap::default(),
            running: FxHashSet::default(),
            groups: Vec::new(),
            platforms: Vec::new(),
            listed: None,
            made: FxHashMap::default(),
            statement_ids,
            depth: 0,
            of_library,
        }
    }

    /// The body of a native resource.
    pub fn body(&mut self, address: AddressId) -> Traced {
        self.cell(Cell::Body(address), |me| me.make_body(address))
    }

    /// What decides that a resource or an instance is there, all that it stands below included.
    pub fn there(&mut self, address: AddressId) -> Deps {
        self.locate(address);
        self.made.get(&address).map_or_else(Deps::default, |made| made.there.clone())
    }

    /// What an annotation of the resource, or of what it stands below, says; of all that are `wanted`.
    pub fn annotations(&mut self, address: AddressId, wanted: &dyn Fn(Place, Name) -> bool) -> Deps {
        let mut deps = Deps::default();
        let mut at = Some(address);
        while let Some(address) = at {
            self.locate(address);
            let Some(statement) = self.known.statement(address) else { break };
            let Some(mut frame) = self.made.get(&address).map(|made| made.frame.clone()) else { break };
            for annotation in
                statement.annotations.iter().filter(|annotation| wanted(annotation.place, annotation.name))
            {
                deps = deps.and(&self.touch(annotation.place));
                for (_, code) in &annotation.args {
                    deps = deps.and(&self.run(&mut frame, code).forced());
                }
            }
            at = self.owner(frame.this);
        }
        deps
    }

    /// The configuration of a provider.
    pub fn provider(&mut self, provider: &graph::Provider) -> Option<Traced> {
        let at = self.platform_of_provider(provider)?;
        let code = self.platforms.get(at)?.platform.providers.iter().find(|code| code.place == provider.place)?;
        Some(self.run(&mut Frame::new(This::Platform(at)), &code.body))
    }

    /// What a part of an instance's inputs was made of.
    pub fn input_at(&mut self, address: AddressId, path: &[Hop]) -> Deps {
        let Some((Hop::Name(name), rest)) = path.split_first() else { return Deps::default() };
        let whole = self.input(address, *name);
        self.part(&whole, rest).all()
    }

    /// What a part of a resource's body was made of.
    pub fn body_at(&mut self, address: AddressId, path: &[Hop]) -> Deps {
        let whole = self.body(address);
        self.part(&whole, path).all()
    }

    /// A part of a value.
    pub fn part(&self, whole: &Traced, path: &[Hop]) -> Traced {
        path.iter().fold(whole.clone(), |at, hop| at.part(&self.store, hop))
    }

    /// Code that stands in no instance.
    pub fn loose(&mut self, code: &'a Code) -> Traced {
        self.run(&mut Frame::new(This::Root), code)
    }

    /// Whether places of its file count.
    fn counts(&self, place: Place) -> bool {
        self.known.is_library(place) == self.of_library
    }

    /// A place as a part, when it counts.
    pub(crate) fn touch(&self, place: Place) -> Deps {
        if self.counts(place) { Deps::place(place) } else { Deps::default() }
    }

    /// The name in front of a value, when places of its file count.
    fn name_of_field(&self, value: Place) -> Deps {
        if !self.counts(value) {
            return Deps::default();
        }
        let found = self.known.sources.absolute(value).and_then(|(file, range)| {
            let start = self.known.sources.item_start(value.item)?.offset;
            let name = name_before(&file.text, range.start)?;
            Some(Place { item: value.item, start: (name.start as u32).checked_sub(start)?, len: name.len() as u32 })
        });
        found.map_or_else(Deps::default, Deps::place)
    }

    fn cell(&mut self, cell: Cell, make: impl FnOnce(&mut Self) -> Traced) -> Traced {
        if let Some(done) = self.cells.get(&cell) {
            return done.clone();
        }
        // A circle would have been told; what looks like one is read only for its places.
        if !self.running.insert(cell) {
            return Traced::default();
        }
        let made = make(self);
        self.running.remove(&cell);
        self.cells.insert(cell, made.clone());
        made
    }

    fn statement(&self, id: StatementId) -> Option<&'a Statement> {
        self.known.checked.statements.get(id.0 as usize)
    }
    fn once(&self, id: OnceId) -> Option<&'a check::checked::Once> {
        self.known.checked.onces.get(id.0 as usize)
    }

    /// The value behind references, when it is known at every depth.
    fn deep_known(&mut self, value: ValueId) -> Option<ValueId> {
        if !self.store.holds(value).reference() {
            return Some(value);
        }
        let folded = fold(&mut self.store, value)?;
        (!self.store.holds(folded).later()).then_some(folded)
    }

    /// What a condition said; none when the replay cannot tell, or it is known only later.
    fn decide(&mut self, asked: &Traced) -> Option<bool> {
        let value = self.deep_known(asked.value?)?;
        match self.store.get(value) {
            Value::Bool(answer) => Some(*answer),
            _ => None,
        }
    }
}

fn fold(store: &mut Store, value: ValueId) -> Option<ValueId> {
    let known = |store: &mut Store, reference: ValueId| {
        let known = store.folded(reference);
        if known == reference { None } else { Some(fold(store, known).unwrap_or(known)) }
    };
    store.replace(value, None, &mut { known }).ok()
}
