//! A reference to a part of a resource, as Terraform spells its way: `aws_vpc.lan.id`, the one block of a list
//! `one(x.block[*])`, what all blocks of a set say that its maker fills `one(distinct(x.block[*].y))`, an element `tolist(x.y)[0]`.

use value::Step;

use super::expression::quoted;
use super::selection::block_of_set;
use crate::crossing::Refusal;
use crate::index::Index;

/// The way from the label of the resource at `at` to a part of it.
pub fn reference(index: &Index<'_>, at: usize, label: String, path: &[Step]) -> Result<String, Refusal> {
    let mut way = Way::to(label);
    for (depth, step) in path.iter().enumerate() {
        way = match step {
            Step::Field(name) if is_identifier(name.text()) => Way { text: format!("{}.{name}", way.text), ..way },
            Step::Field(name) | Step::Key(name) => Way::to(format!("{}[{}]", way.one(), quoted(name.text()))),
            // A list stays what it is.
            Step::Index(at) => Way::to(format!("tolist({})[{at}]", way.one())),
            Step::First => Way { text: format!("{}[*]", way.one()), each: Each::Block },
            Step::Element(position) => {
                let before = path.get(..depth).unwrap_or_default();
                let set = way.one();
                match block_of_set(index, at, before, &set, *position)? {
                    Some(block) => Way::to(block),
                    None => Way { text: format!("{set}[*]"), each: Each::OfSet },
                }
            }
        };
    }
    Ok(way.one())
}

/// What is spelt so far.
struct Way {
    text: String,
    each: Each,
}

/// Of what a way asks. What follows the one block of a list is asked of each of its blocks: where there is none it is null, and a
/// field of null would be an error. What follows a set that its maker fills is asked of each of its elements too: they may be many,
/// as the proofs of a certificate's names are, and have to say the same.
enum Each {
    Nothing,
    Block,
    OfSet,
}

impl Way {
    fn to(text: String) -> Self {
        Self { text, each: Each::Nothing }
    }
    fn one(self) -> String {
        match self.each {
            Each::Nothing => self.text,
            Each::Block => format!("one({})", self.text),
            Each::OfSet => format!("one(distinct({}))", self.text),
        }
    }
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(|character: char| character.is_ascii_alphabetic() || character == '_')
        && text.chars().all(|character| character.is_ascii_alphanumeric() || character == '_' || character == '-')
}
