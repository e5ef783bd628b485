//! An environment as a picture: instances as boxes, flows as arrows to ports, platforms as frames. `boxes.rs` says what becomes a
//! box, `arrows.rs` what joins them; how that is laid out and drawn is the room `picture`.

mod arrows;
mod boxes;

use ::picture::{Frame, Picture};
use graph::Graph;
use source::{Diagnostic, Name};

use crate::Program;
use boxes::{Boxes, Together};

/// More boxes than these are not looked at one by one.
const MOST: usize = 200;

impl Program {
    /// The picture of an environment, also of one whose flows some layer stops; or all mistakes.
    pub fn picture_of(&self, environment: Name, params: &[(String, String)]) -> Result<Picture, Vec<Diagnostic>> {
        self.graph(environment, params).map(|(graph, _)| self.picture(&graph))
    }

    /// The picture of a graph of this program.
    pub fn picture(&self, graph: &Graph) -> Picture {
        let mut boxes = Boxes::of(self, graph, Together::Loops);
        let each = boxes.nodes.len();
        let mut note = String::new();
        // Where there is one folder only it says nothing.
        let folders = (boxes.folders > 1).then_some(Together::Folders);
        for together in folders.into_iter().chain([Together::Kinds]) {
            if boxes.nodes.len() > MOST {
                boxes = Boxes::of(self, graph, together);
                note = format!("; {each} boxes are too many, so they are drawn together {}", together.words());
            }
        }
        let (resources, instances) = (graph.resources.len(), boxes.instances);
        let arrows = arrows::arrows(self, graph, &mut boxes);
        let frames = boxes.platforms.iter().map(|platform| Frame { title: platform.to_string() }).collect();
        Picture {
            title: format!("{} in {}", graph.project, graph.environment),
            subtitle: format!("{}, {}{note}", counted(instances, "instance"), counted(resources, "resource")),
            frames,
            boxes: boxes.nodes,
            arrows,
        }
    }
}

/// `1 instance`, `2 instances`.
fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}
