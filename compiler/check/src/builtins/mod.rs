//! Built-in functions: one file each, with its documentation, its type in the language's own notation, its evaluation, what
//! happens on a later value, and examples that are its tests and its hover. `all()` lists them.

use value::{Fault, Op, Store, ValueId};

/// A built-in function or, when its first parameter is called `self`, a method.
#[derive(Debug)]
pub struct BuiltIn {
    /// `subnet`
    pub name: &'static str,
    /// Its type as it would be declared, with single capital letters for any type:
    /// `(self: cidr, bits: int, index: int) -> cidr`, `(list: [T]) -> int`, `(map: {K: V}) -> [V]`, `(list: [by K: T]) -> [T]`.
    /// A parameter with a default (`places: int = 0`) may be left out. A method with `self` alone is read without brackets: `p.first`.
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
    /// Looks at the shape only: elements may be later (`values`, `keys`, `count`, `flatten`, …), the collection itself may not.
    Shape,
}

/// Every built-in, sorted by name; methods of different receivers may share a name.
pub fn all() -> &'static [&'static BuiltIn] {
    &[]
}
