//! Pictures for looking at: boxes with ports, arrows between them, frames around them, laid out in columns and drawn as SVG. The
//! same picture gives the same bytes; nothing is asked of the system, texts have estimated widths.
//!
//! Read `columns.rs` for which box stands in which column, `order.rs` for who stands above whom, `rows.rs` for how high,
//! `layout.rs` for the whole in pixels, then `svg.rs`.

mod columns;
mod layout;
mod order;
mod rows;
mod style;
mod svg;
mod text;

/// What is drawn.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Picture {
    pub title: String,
    /// In one line beneath the title.
    pub subtitle: String,
    pub frames: Vec<Frame>,
    pub boxes: Vec<Node>,
    pub arrows: Vec<Arrow>,
}

/// What stands around boxes, over the whole width.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Frame {
    pub title: String,
}

/// A box.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Node {
    /// What it is called by programs that read the picture: `data-address`.
    pub address: String,
    pub title: String,
    /// In small letters beneath the title.
    pub kind: String,
    /// What is said beside the kind; empty when nothing is.
    pub note: String,
    /// How many things it stands for.
    pub count: usize,
    /// Where arrows end.
    pub ports: Vec<String>,
    /// Position of its frame; none: it stands in no frame.
    pub frame: Option<usize>,
    /// What is said when somebody points at it.
    pub tip: String,
    /// Where it is written, for programs: `main.infra:12`; empty when nowhere.
    pub at: String,
}

/// An arrow between two boxes, by their positions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Arrow {
    pub from: usize,
    pub to: usize,
    /// Position of the port at which it ends; none: at the box.
    pub port: Option<usize>,
    pub sort: Sort,
    pub tip: String,
}

/// What an arrow says.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Sort {
    /// It may call.
    Flow,
    /// It needs something of it.
    Use,
}

impl Node {
    /// What stands beneath the title.
    fn beneath(&self) -> String {
        if self.note.is_empty() { self.kind.clone() } else { format!("{} · {}", self.kind, self.note) }
    }
}

impl Picture {
    /// The picture as a document of its own.
    pub fn svg(&self) -> String {
        svg::svg(self, &layout::layout(self))
    }
}

#[cfg(test)]
mod tests;
