//! A reference to a part of a resource, as Terraform spells its way: `aws_vpc.lan.id`, the one block of a list or set
//! `one(x.block[*])`, an element `tolist(x.y)[0]`.

use value::Step;

use super::expression::quoted;
use super::selection::block_of_set;
use crate::crossing::Refusal;
use crate::index::Index;

/// The way from the label of the resource at `at` to a part of it.
pub fn reference(index: &Index<'_>, at: usize, label: String, path: &[Step]) -> Result<String, Refusal> {
    let mut way = Way { text: label, of_each: false };
    for (depth, step) in path.iter().enumerate() {
        way = match step {
            Step::Field(name) if is_identifier(name.text()) => Way { text: format!("{}.{name}", way.text), ..way },
            Step::Field(name) | Step::Key(name) => Way::to(format!("{}[{}]", way.one(), quoted(name.text()))),
            // A list stays what it is.
            Step::Index(at) => Way::to(format!("tolist({})[{at}]", way.one())),
            Step::First => Way { text: format!("{}[*]", way.one()), of_each: true },
            Step::Element(position) => {
                let before = path.get(..depth).unwrap_or_default();
                Way::to(block_of_set(index, at, before, &way.one(), *position)?)
            }
        };
    }
    Ok(way.one())
}

/// What is spelt so far. What follows the one block of a list is asked of each of its blocks: where there is none it is null, and a
/// field of null would be an error.
struct Way {
    text: String,
    of_each: bool,
}

impl Way {
    fn to(text: String) -> Self {
        Self { text, of_each: false }
    }
    fn one(self) -> String {
        if self.of_each { format!("one({})", self.text) } else { self.text }
    }
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(|character: char| character.is_ascii_alphabetic() || character == '_')
        && text.chars().all(|character| character.is_ascii_alphanumeric() || character == '_' || character == '-')
}
