//! Paths as a user writes them where a field of a field is named: `rule.filter[0].prefix`, `tags["team"]`.

use crate::native::{FieldType, Row};
use crate::open::Schema;

impl Schema {
    /// The field at which a path from a row goes wrong, and the row that lacks it; none when all of it is there. What stands in
    /// brackets chooses an element and is not looked at.
    pub fn lost_step<'p>(&self, row: Row, path: &'p str) -> Option<(&'p str, Option<Row>)> {
        let mut at = FieldType::Record(row);
        for name in names(path) {
            let mut inside = at;
            while let FieldType::List(of) | FieldType::Set(of) = inside {
                inside = self.ty(of);
            }
            at = match inside {
                FieldType::Record(row) => match self.member(row, name) {
                    Some(member) => member.ty,
                    None => return Some((name, Some(row))),
                },
                FieldType::Map(of) => self.ty(of),
                FieldType::Any => return None,
                _ => return Some((name, None)),
            };
        }
        None
    }
}

/// The names of a path: what stands between its dots, without brackets.
fn names(path: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0;
    let parts = path.split(move |letter: char| {
        depth += match letter {
            '[' => 1,
            ']' => -1,
            _ => 0,
        };
        letter == '.' && depth == 0
    });
    parts.map(|part| part.split('[').next().unwrap_or(part))
}
