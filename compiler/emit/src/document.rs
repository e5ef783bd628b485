//! What an emitter hands back: a file's text, and for each of its lines the resource and the path in its body that put it there.
//! Lines keep small ids; [`Document::origin`] walks from a line to its place in the source when somebody asks.

use graph::{Graph, OriginId};
use source::Place;
use value::{AddressId, Step};

/// A file to be written, relative to the folder of its environment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Document {
    /// `terraform/main.tf.json`
    pub path: String,
    /// The whole text; what infrac lays out itself ends with a newline.
    pub text: String,
    /// One entry for each line of the text; none at all where nobody asks for them.
    pub lines: Vec<Line>,
    pub paths: Paths,
    /// Who may read, write and run it; none: what is usual.
    pub mode: Option<u32>,
}

/// Who put a line there: 12 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Line {
    pub subject: Subject,
    pub path: PathId,
}

/// What a part of a document is about. The numbers are positions in the graph's own lists.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Subject {
    /// The document itself: its frame, its version, its list of files.
    Frame,
    /// What has left the program and may still be there.
    Left,
    /// Index into [`Graph::resources`].
    Resource(u32),
    /// Index into [`Graph::providers`].
    Provider(u32),
    /// Index into [`Graph::outputs`].
    Output(u32),
    /// Index into [`Graph::inputs`].
    Input(u32),
    /// Index into [`Graph::deferred`].
    Deferred(u32),
    /// Index into [`Graph::changes`].
    Change(u32),
}

/// A path within its subject, in [`Paths`]; 0 is the subject itself.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct PathId(u32);

/// The paths of a document: each step with the path before it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Paths {
    steps: Vec<(PathId, Step)>,
}

/// Where a line came from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LineOrigin {
    /// The resource that the line is part of; none for providers, outputs and the frame.
    pub address: Option<AddressId>,
    pub path: Vec<Step>,
    /// The nearest place that is known; none for the frame.
    pub place: Option<Place>,
}

impl PathId {
    /// The subject itself.
    pub const ROOT: PathId = PathId(0);
}

impl Paths {
    /// The path with one more step.
    pub fn child(&mut self, parent: PathId, step: Step) -> PathId {
        self.steps.push((parent, step));
        PathId(self.steps.len() as u32)
    }
    /// The steps from the subject on.
    pub fn steps(&self, mut path: PathId) -> Vec<Step> {
        let mut steps = Vec::new();
        while let Some((parent, step)) = path.0.checked_sub(1).and_then(|at| self.steps.get(at as usize)) {
            steps.push(*step);
            path = *parent;
        }
        steps.reverse();
        steps
    }
}

impl Document {
    /// Where this line (counted from 1) came from; none when there is no such line.
    pub fn origin(&self, graph: &Graph, line: usize) -> Option<LineOrigin> {
        let line = self.lines.get(line.checked_sub(1)?)?;
        let path = self.paths.steps(line.path);
        let (address, place) = match line.subject {
            Subject::Frame | Subject::Left => (None, None),
            Subject::Resource(at) => {
                let resource = graph.resources.get(at as usize)?;
                (Some(resource.address), Some(place_of(graph, resource.origin, &path).unwrap_or(resource.place)))
            }
            Subject::Provider(at) => (None, graph.providers.get(at as usize).map(|provider| provider.place)),
            Subject::Output(at) => (None, graph.outputs.get(at as usize).map(|output| output.place)),
            Subject::Input(at) => (None, graph.inputs.get(at as usize).map(|input| input.place)),
            Subject::Deferred(at) => (None, graph.deferred.get(at as usize).map(|deferred| deferred.place)),
            Subject::Change(at) => (None, graph.changes.get(at as usize).and_then(graph::Change::place)),
        };
        Some(LineOrigin { address, path, place })
    }
}

/// The place of a path in an origin tree: that of the deepest part of the path that the tree knows.
pub fn place_of(graph: &Graph, origin: OriginId, path: &[Step]) -> Option<Place> {
    graph.origins.place_at(origin, path)
}
