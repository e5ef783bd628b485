//! What a target is: a tool that a part of the graph is written for. Each is a folder beside this file and a line in [`ALL`]; nothing
//! else of infrac knows which there are.

use graph::{Graph, Resource};
use source::Diagnostic;
use value::{Store, ValueId};

use crate::crossing::{Crossing, Hands};
use crate::document::Document;
use crate::index::Index;
use crate::left::{EmittedCluster, LeftObject, Removal};
use crate::step::Step;
use crate::{Settings, ansible, files, kubernetes, monitoring, terraform};

/// The targets that infrac writes for. What depends on nothing else is run in this order.
pub static ALL: &[&dyn Target] =
    &[&terraform::Terraform, &kubernetes::Kubernetes, &files::Files, &monitoring::Monitoring, &ansible::Ansible];

/// The target of this name.
pub fn named(name: &str) -> Option<&'static dyn Target> {
    ALL.iter().copied().find(|target| target.name() == name)
}

/// A tool that a part of the graph is written for.
pub trait Target: Sync {
    /// The word that its native kinds begin with.
    fn name(&self) -> &'static str;

    /// Whether a reference from one of its resources to another stays one, even where the value is known: so order survives, and the
    /// tool has the last word. Else what is known is written out.
    fn takes_references(&self) -> bool {
        false
    }

    /// Whether it is given what comes from outside, the secret params, and hands that over to others.
    fn takes_inputs(&self) -> bool {
        false
    }

    /// A body with what the target puts in place itself; what it cannot is told. The store holds the body and takes what is new.
    fn settle(&self, _: &Graph, _: &mut Store, _: &Resource, body: ValueId, _: &mut Vec<Diagnostic>) -> ValueId {
        body
    }

    /// What the tool calls a resource, where that is more than its address.
    fn label(&self, _: &Store, _: &Resource) -> Option<Label> {
        None
    }

    /// How it hands over what it decides; none where it hands over nothing.
    fn hands(&self) -> Option<&'static dyn Hands> {
        None
    }

    /// What is applied as one: a root of modules, a cluster, a play over many hosts. Resources that are only read may stand in none.
    fn artefacts(&self, index: &Index<'_>, settings: &Settings) -> Vec<Artefact>;

    /// The values that one of its artefacts needs from others, each as this target takes it. `input` knows no crossings yet. What it
    /// cannot take is told.
    fn receives<'g>(&self, input: &Input<'_, 'g>, artefact: usize, told: &mut Vec<Diagnostic>) -> Vec<Crossing<'g>>;

    /// Tells what it refuses over all of its resources, such as two of one name.
    fn refuse(&self, _: &Input<'_, '_>, _: &mut Vec<Diagnostic>) {}

    /// The files of an artefact; mistakes are told whether files are wanted or not.
    fn documents(&self, input: &Input<'_, '_>, artefact: usize, told: &mut Vec<Diagnostic>) -> Vec<Document>;

    /// The paths of files of an artefact that its steps write, not infrac.
    fn awaited(&self, _: &Input<'_, '_>, _: usize) -> Vec<String> {
        Vec::new()
    }

    /// What brings an artefact up, in order. That it waits for other artefacts is added to the first one.
    fn steps(&self, input: &Input<'_, '_>, artefact: usize) -> Vec<Step>;

    /// The objects of an artefact that its tool leaves where they are when they are no longer in its files.
    fn objects(&self, _: &Input<'_, '_>, _: usize) -> Option<EmittedCluster> {
        None
    }

    /// Whether it shows the outputs of the program to whoever runs its tool.
    fn publishes(&self) -> bool {
        false
    }

    /// What whoever runs it should know, a paragraph each.
    fn notes(&self, _: &Input<'_, '_>, _: usize) -> Vec<String> {
        Vec::new()
    }

    /// Puts before the steps what keeps running what is there, where something else than the program decides on it from now on, or did.
    fn prepare(&self, _: &mut Vec<Step>, _: &[LeftObject], _: &[Removal]) {}

    /// What deletes objects that have left; those of other targets are among them.
    fn gone(&self, _: &[LeftObject], _: &Settings) -> Vec<Removal> {
        Vec::new()
    }
}

/// What a target calls a resource: `aws_vpc.lan_range` or `data.aws_ami.image`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    pub read: bool,
    pub kind: source::Name,
    pub label: String,
}

impl Label {
    /// The reference to the whole resource.
    pub fn reference(&self) -> String {
        let data = if self.read { "data." } else { "" };
        format!("{data}{}.{}", self.kind, self.label)
    }
}

/// What is applied as one.
#[derive(Clone)]
pub struct Artefact {
    pub target: &'static dyn Target,
    /// Its folder below that of the environment, which is its name as well.
    pub name: String,
    /// Positions of resources in the graph, ascending; many may become one document.
    pub members: Vec<usize>,
}

impl Artefact {
    /// All resources of a target's own as one artefact that is called like it; none where there are none.
    pub fn whole(target: &'static dyn Target, index: &Index<'_>) -> Vec<Self> {
        let members: Vec<usize> = own(index, target.name()).map(|(at, _)| at).collect();
        let set = Self { target, name: target.name().to_owned(), members };
        (!set.members.is_empty()).then_some(set).into_iter().collect()
    }
}

/// The resources of a target that it makes, with their positions.
pub fn own<'g>(
    index: &Index<'g>,
    target: &'static str,
) -> impl Iterator<Item = (usize, &'g Resource)> + Clone + use<'g> {
    let all = index.graph.resources.iter().enumerate();
    all.filter(move |(_, resource)| resource.kind.target.text() == target && !resource.read)
}

/// All that a target writes from.
pub struct Input<'i, 'g> {
    pub index: &'i Index<'g>,
    pub settings: &'i Settings,
    /// Whether files are wanted, or only the mistakes.
    pub write: bool,
    pub artefacts: &'i [Artefact],
    pub crossings: &'i [Crossing<'g>],
}

impl<'i, 'g> Input<'i, 'g> {
    /// The artefact that a resource is a member of.
    pub fn artefact_of(&self, resource: usize) -> Option<usize> {
        self.artefacts.iter().position(|artefact| artefact.members.binary_search(&resource).is_ok())
    }

    /// The resources of an artefact with their positions.
    pub fn members(&self, artefact: usize) -> impl Iterator<Item = (usize, &'g Resource)> + use<'i, 'g> {
        let graph: &'g Graph = self.index.graph;
        let members = self.artefacts.get(artefact).map_or(&[][..], |artefact| &artefact.members);
        members.iter().filter_map(|at| Some((*at, graph.resources.get(*at)?)))
    }

    /// What an artefact is given.
    pub fn given_to(&self, artefact: usize) -> impl Iterator<Item = &'i Crossing<'g>> + use<'i, 'g> {
        self.crossings.iter().filter(move |crossing| crossing.to == artefact)
    }

    /// What an artefact hands over.
    pub fn given_by(&self, artefact: usize) -> impl Iterator<Item = &'i Crossing<'g>> + use<'i, 'g> {
        self.crossings.iter().filter(move |crossing| crossing.from == artefact)
    }
}
