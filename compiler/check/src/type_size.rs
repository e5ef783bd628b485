//! How much a type is when it is written out. Types share their parts, so that a few lines can say more than there is time to look
//! at: a budget keeps every question about a type within bounds.

use std::rc::Rc;

use source::Place;

use crate::checker::Checker;
use crate::types::{Shape, Ty};

/// Parts of a type that has a name.
const DECLARED: u64 = 10_000;
/// Parts of the type of a value, which may be a large table.
const INFERRED: u64 = 1_000_000;
/// Parts of all types together, each as often as it is used.
const USED: u64 = 100_000_000;
/// What is smaller is measured again each time, and costs nothing.
const SMALL: u64 = 1_000;

/// What is known of the sizes of types.
#[derive(Default)]
pub(crate) struct TypeSizes {
    /// Kept with the shape, so that its address stays its own.
    known: rustc_hash::FxHashMap<*const Shape, (Rc<Shape>, u64)>,
    used: u64,
}

impl Checker<'_> {
    /// The type of a declaration, or an unknown one when it is too large.
    pub(crate) fn declared_within(&mut self, ty: Ty, place: Place) -> Ty {
        self.within(ty, DECLARED, place)
    }

    /// The type of a value that is used, or an unknown one when it is too large or too many were.
    pub(crate) fn used_within(&mut self, ty: Ty, place: Place) -> Ty {
        self.within(ty, INFERRED, place)
    }

    fn within(&mut self, ty: Ty, largest: u64, place: Place) -> Ty {
        let size = self.type_sizes.of(&ty);
        if size > SMALL {
            self.type_sizes.used = self.type_sizes.used.saturating_add(size);
        }
        let message = match size > largest {
            true => format!("this type has more than {} parts when it is written out", grouped(largest)),
            false if self.type_sizes.used > USED => {
                format!("the types that are used have more than {} parts when they are written out", grouped(USED))
            }
            false => return ty,
        };
        let help = "make it smaller: a type holds all parts of each type that it names, as often as it names it";
        Ty::unknown(self.error("budget", place, message, help))
    }
}

impl TypeSizes {
    /// The parts of a type, those of its parts included. Literals of a union count as one.
    fn of(&mut self, ty: &Ty) -> u64 {
        let known = Rc::as_ptr(&ty.shape);
        if let Some((_, size)) = self.known.get(&known) {
            return *size;
        }
        let inner = match &*ty.shape {
            Shape::List(of) | Shape::Range(of) => self.of(of),
            Shape::Map { key, value } | Shape::By(key, value) => self.of(key).saturating_add(self.of(value)),
            Shape::Record(record) => self.all(record.fields.iter().map(|field| &field.ty)),
            Shape::Union(parts) => self.all(parts.iter().filter(|part| !matches!(&*part.shape, Shape::Literal(_)))),
            Shape::Tagged(tagged) => self.all(tagged.cases.iter().flat_map(|case| &case.1)),
            _ => 0,
        };
        let size = inner.saturating_add(1);
        if size > SMALL {
            self.known.insert(known, (ty.shape.clone(), size));
        }
        size
    }

    fn all<'t>(&mut self, parts: impl Iterator<Item = &'t Ty>) -> u64 {
        parts.fold(0, |sum: u64, part| sum.saturating_add(self.of(part)))
    }
}

/// A number with commas: `10,000`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group).into_owned());
    groups.collect::<Vec<_>>().join(",")
}
