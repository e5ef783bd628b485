//! What is known of the word under the cursor.

use std::ops::Range;

use crate::Asked;
use crate::page::page;
use crate::shape::Shapes;
use crate::word::word;

/// What is known of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// The word.
    pub range: Range<u32>,
    pub markdown: String,
}

/// What is known of the word at an offset; none where nothing is.
pub fn hover(asked: &Asked<'_>, offset: u32) -> Option<Hover> {
    let word = word(asked, offset)?;
    let shapes = Shapes { program: asked.program, path: asked.path };
    Some(Hover { markdown: page(&shapes, &word.key)?, range: word.range })
}
