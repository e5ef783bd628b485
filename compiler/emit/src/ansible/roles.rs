//! The tasks and handlers of each role, and what its machines set of their own.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use source::{Diagnostic, Name};
use value::{AddressId, Step, Store};

use super::alike::{Alike, Variables, word};
use super::plays::{Play, Plays, Task, notified};
use super::texts::Texts;
use super::{NAME, below};
use crate::document::{Document, Subject};
use crate::hash::short_hash;
use crate::target::Input;
use crate::writer::{Entry, Node, write_yaml};

/// The field with what is said of a task and not of its module.
const TASK: &str = "task";
/// What is an expression there, and no text.
const EXPRESSIONS: [&str; 4] = ["changed_when", "failed_when", "until", "when"];

/// What the machines set, by machine.
pub struct Facts<'g>(Vec<Variables<'g>>);

impl Facts<'_> {
    /// Nothing yet.
    pub fn new(plays: &Plays) -> Self {
        Self(plays.machines.iter().map(|_| BTreeMap::new()).collect())
    }
}

/// The files of all roles.
pub fn documents<'g>(
    input: &Input<'_, 'g>,
    plays: &Plays,
    facts: &mut Facts<'g>,
    texts: &mut Texts<'g>,
    told: &mut Vec<Diagnostic>,
) -> Vec<Document> {
    let mut documents = Vec::new();
    for play in &plays.all {
        let mut writing =
            Writing { input, play, facts, texts, told, titles: handlers(input, play), prefixes: FxHashSet::default() };
        for (file, tasks) in [("handlers", &play.handlers), ("tasks", &play.tasks)] {
            let nodes: Vec<Node<'g>> = tasks.iter().filter_map(|task| writing.task(task)).collect();
            let path = below(&format!("roles/{}/{file}/main.yml", play.role));
            if !nodes.is_empty() && input.write {
                documents.push(write_yaml(path, &[Node::List(nodes)], input.settings.lines));
            }
        }
    }
    documents
}

/// The variables of each machine that has some.
pub fn host_variables(input: &Input<'_, '_>, plays: &Plays, facts: &mut Facts<'_>) -> Vec<Document> {
    let mut documents = Vec::new();
    for (machine, variables) in plays.machines.iter().zip(std::mem::take(&mut facts.0)) {
        let path = below(&format!("host_vars/{}.yml", machine.name));
        if !variables.is_empty() && input.write {
            documents.push(write_yaml(path, &[Node::map(variables)], input.settings.lines));
        }
    }
    documents
}

/// The titles of the handlers of a play, by the resources that they are.
fn handlers<'p>(input: &Input<'_, '_>, play: &'p Play) -> FxHashMap<AddressId, &'p str> {
    let each = play.handlers.iter().flat_map(|task| task.of.iter().map(move |(_, at)| (*at, task.title.as_str())));
    let resource = |at: usize| input.index.graph.resources.get(at);
    each.filter_map(|(at, title)| Some((resource(at)?.address, title))).collect()
}

struct Writing<'w, 'i, 'g> {
    input: &'w Input<'i, 'g>,
    play: &'w Play,
    facts: &'w mut Facts<'g>,
    texts: &'w mut Texts<'g>,
    told: &'w mut Vec<Diagnostic>,
    titles: FxHashMap<AddressId, &'w str>,
    prefixes: FxHashSet<String>,
}

impl<'g> Writing<'_, '_, 'g> {
    fn task(&mut self, task: &Task) -> Option<Node<'g>> {
        let (_, first) = *task.of.first()?;
        let resource = self.input.index.graph.resources.get(first)?;
        let prefix = self.prefix(&task.title);
        let mut alike = Alike {
            input: self.input,
            of: &task.of,
            prefix: prefix.clone(),
            variables: &mut self.facts.0,
            texts: self.texts,
            told: self.told,
            secret: false,
        };
        let mut options = alike.bodies();
        let secret = alike.secret;
        let said = options.iter().position(|(name, _)| name == TASK).map(|at| options.remove(at).1);
        let mut entries: Vec<Entry<'g>> = vec![("name".into(), Node::text(task.title.clone()))];
        entries.push((format!("{NAME}.{}", resource.kind.name).into(), Node::Map(options)));
        let mut when = self.only_there(task, &prefix);
        for (name, value) in said.into_iter().flat_map(entries_of) {
            if EXPRESSIONS.contains(&&*name) && self.differs(task, &name) {
                continue;
            }
            let path = vec![Step::Field(Name::new(TASK)), Step::Field(Name::new(&name))];
            let value = Node::At(Subject::Resource(first as u32), path, Box::new(value));
            match &*name {
                "when" => when.push(value),
                _ => entries.push((name, value)),
            }
        }
        if !when.is_empty() {
            entries.push(("when".into(), Node::List(when)));
        }
        let told = self.told_of(task);
        if !told.is_empty() {
            entries.push(("notify".into(), Node::List(told.into_iter().map(Node::text).collect())));
        }
        if secret {
            entries.push(("no_log".into(), Node::Bool(true)));
        }
        Some(Node::Map(entries).of(Subject::Resource(first as u32)))
    }

    /// What the variables of a task begin with.
    fn prefix(&mut self, title: &str) -> String {
        let plain = format!("{}_{}", self.play.role, word(title));
        let prefix = if self.prefixes.contains(&plain) { format!("{plain}_{:08x}", short_hash(title)) } else { plain };
        self.prefixes.insert(prefix.clone());
        prefix
    }

    /// The condition that keeps a task off the machines of the role that it is not for.
    fn only_there(&mut self, task: &Task, prefix: &str) -> Vec<Node<'g>> {
        if task.of.len() == self.play.machines.len() {
            return Vec::new();
        }
        let name = format!("{prefix}_here");
        for (machine, at) in &task.of {
            if let Some(variables) = self.facts.0.get_mut(*machine) {
                variables.insert(name.clone(), Node::Bool(true).of(Subject::Resource(*at as u32)));
            }
        }
        vec![Node::text(format!("{name} | default(false)"))]
    }

    /// Tells an expression that is not the same on all machines: it stands once.
    fn differs(&mut self, task: &Task, name: &str) -> bool {
        let index = self.input.index;
        let path = [Step::Field(Name::new(TASK)), Step::Field(Name::new(name))];
        let value = |at: usize| {
            let said = index.store.field(index.body(at), Name::new(TASK)).unwrap_or(Store::ABSENT);
            index.store.field(said, Name::new(name))
        };
        let first = task.of.first().and_then(|(_, at)| value(*at));
        let Some((_, other)) = task.of.iter().find(|(_, at)| value(*at) != first) else { return false };
        if let Some(resource) = index.graph.resources.get(*other) {
            let message = format!(
                "`{name}` of `{}` is not what it is on other machines of `{}`",
                index.address(resource.address),
                self.play.role
            );
            let help = "an expression stands once for all machines: let it read a variable of theirs, or give the machines roles of their own";
            self.told.push(index.error("not_lowered", resource, &path, message).help(help));
        }
        true
    }

    /// The handlers that a task tells of a change.
    fn told_of(&self, task: &Task) -> Vec<String> {
        let resources = task.of.iter().filter_map(|(_, at)| self.input.index.graph.resources.get(*at));
        let mut titles: Vec<String> = Vec::new();
        for title in resources.flat_map(notified).filter_map(|address| self.titles.get(&address)) {
            if !titles.iter().any(|known| known == title) {
                titles.push((*title).to_owned());
            }
        }
        titles
    }
}

fn entries_of(node: Node<'_>) -> Vec<Entry<'_>> {
    match node {
        Node::Map(entries) => entries,
        Node::At(_, _, inner) => entries_of(*inner),
        _ => Vec::new(),
    }
}
