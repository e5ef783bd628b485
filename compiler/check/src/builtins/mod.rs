//! Built-in functions: one file each, with its documentation, its type in the language's own notation, its evaluation, what
//! happens on a later value, and examples that are its tests and its hover. `all()` lists them.

mod addresses;
mod aggregates;
mod arguments;
mod checked;
mod cidrs;
mod conversions;
mod dates;
mod durations;
mod lists;
mod maps;
mod numbers;
mod ports;
mod ranges;
mod sizes;
mod texts;

use std::sync::LazyLock;

use value::{Fault, Op, Store, ValueId};

/// A built-in function or, when its first parameter is called `self`, a method.
#[derive(Debug)]
pub struct BuiltIn {
    /// `subnet`
    pub name: &'static str,
    /// Its type as it would be declared, with single capital letters for any type:
    /// `(self: cidr, bits: int, index: int) -> cidr`, `(list: [T]) -> int`, `(map: {K: V}) -> [V]`, `(list: [by K: T]) -> [T]`.
    /// A parameter with a default (`places: int = 0`) may be left out. A method that needs `self` alone is read without brackets: `p.first`.
    pub signature: &'static str,
    /// One or two sentences for hover and the reference.
    pub docs: &'static str,
    /// Expression and what it evaluates to, as shown by `Store::show`.
    pub examples: &'static [(&'static str, &'static str)],
    /// What it does with values that are all known (elements may hold references where the type is a variable).
    pub evaluate: fn(&mut Store, &[ValueId]) -> Result<ValueId, Fault>,
    pub later: Later,
}

/// What happens when an argument is known only later.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Later {
    /// An error in the checker.
    Refused,
    /// Becomes this residual over the same arguments.
    Op(Op),
    /// What is later in it becomes a part of the result, which is as late as its parts: the function itself sees to it.
    Parts,
    /// Looks at the shape only: elements may be later (`values`, `keys`, `count`, `flatten`, …), the collection itself may not.
    Shape,
}

/// Every built-in, sorted by name. Several may share one: methods of different receivers, and functions of different types, of
/// which the more special come first. The first whose parameters fit is meant.
pub fn all() -> &'static [&'static BuiltIn] {
    static ALL: LazyLock<Vec<&'static BuiltIn>> = LazyLock::new(|| {
        let rooms = [
            aggregates::ALL,
            lists::ALL,
            maps::ALL,
            texts::ALL,
            conversions::ALL,
            numbers::ALL,
            sizes::ALL,
            durations::ALL,
            ports::ALL,
            ranges::ALL,
            addresses::ALL,
            cidrs::ALL,
            checked::ALL,
            dates::ALL,
        ];
        let mut all: Vec<&'static BuiltIn> = rooms.into_iter().flatten().copied().collect();
        // Stable: within a name they stay as they are listed, the more special first.
        all.sort_by_key(|built_in| built_in.name);
        all
    });
    &ALL
}

/// Those with this name, the more special first.
pub fn named(name: &str) -> &'static [&'static BuiltIn] {
    let all = all();
    let from = all.partition_point(|built_in| built_in.name < name);
    let to = all.partition_point(|built_in| built_in.name <= name);
    all.get(from..to).unwrap_or(&[])
}

impl BuiltIn {
    /// Whether it is a method: `x.name(…)`.
    pub fn is_method(&self) -> bool {
        self.signature.starts_with("(self:")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_is_documented_and_sorted() {
        let all = all();
        assert!(all.windows(2).all(|pair| pair[0].name <= pair[1].name));
        for built_in in all {
            assert!(built_in.docs.ends_with('.'), "{}: {}", built_in.name, built_in.docs);
            assert!(
                built_in.signature.starts_with('(') && built_in.signature.contains(") -> "),
                "{}",
                built_in.signature
            );
            assert!(built_in.examples.len() >= 2, "{} needs two examples", built_in.name);
            // An example calls what it is an example of.
            assert!(
                built_in.examples.iter().all(|(expression, _)| expression.contains(built_in.name)),
                "{}",
                built_in.name
            );
            let twins = named(built_in.name).iter().filter(|other| other.signature == built_in.signature);
            assert_eq!(twins.count(), 1, "{}{}", built_in.name, built_in.signature);
        }
    }
}
