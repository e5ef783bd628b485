//! A source file as miette reads it. Its own way through a text counts lines from the start for every label; here the lines of a
//! file are known already, so a label costs the same wherever it stands. What looks like a password is not shown.

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use source::{SourceFile, on_one_line};

use super::shown_file::ShownFile;

/// A file of the snapshot.
#[derive(Clone, Copy, Debug)]
pub struct Excerpt<'a> {
    file: &'a SourceFile,
    shown: &'a ShownFile,
}

impl<'a> Excerpt<'a> {
    /// The file as it is shown: without what nobody may see. Its spans are those of what is shown.
    pub fn new(file: &'a SourceFile, shown: &'a ShownFile) -> Self {
        Self { file, shown }
    }
}

impl SourceCode for Excerpt<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let file = self.file;
        let in_file = |at: usize| self.shown.in_file(at) as u32;
        let start = file.line_column(in_file(span.offset()));
        // The last character of the span, not what follows it: a span that ends with its line does not reach into the next.
        let last = file.line_column(in_file(span.offset() + span.len().saturating_sub(1)));
        let first_line = start.line.saturating_sub(before as u32).max(1);
        let last_line = last.line.saturating_add(after as u32).min(file.line_count());
        let from = match before {
            0 => span.offset(),
            _ => self.shown.shown(file.line_range(first_line).ok_or(MietteError::OutOfBounds)?.0 as usize),
        };
        let to = self.shown.shown(file.line_range(last_line).ok_or(MietteError::OutOfBounds)?.1 as usize);
        let data = self.shown.text().as_bytes().get(from..to.max(from)).ok_or(MietteError::OutOfBounds)?;
        let column = if before == 0 { start.column.saturating_sub(1) as usize } else { 0 };
        let shown = SourceSpan::from((from, data.len()));
        let contents = MietteSpanContents::new_named(
            on_one_line(&file.shown).into_owned(),
            data,
            shown,
            first_line as usize - 1,
            column,
            (last_line - first_line) as usize + 1,
        );
        Ok(Box::new(contents))
    }
}

/// The range inside the text, on boundaries of characters.
pub fn clamp(text: &str, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let mut start = range.start.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let mut end = range.end.clamp(start, text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    start..end
}
