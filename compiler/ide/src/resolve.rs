//! What a completion says of itself when somebody looks at it.

use program::Program;

use crate::key::Key;
use crate::page::page;
use crate::shape::Shapes;

/// The documentation of a completion by its key, as Markdown.
pub fn resolve(program: &Program, key: &str) -> Option<String> {
    let (path, key) = key.split_once('\n')?;
    page(&Shapes { program, path }, &Key::read(key)?)
}
