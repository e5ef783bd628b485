//! What things are called in the state: names that are drawn once and never given again.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Entropy;

/// Crockford's letters: no `i`, `l`, `o`, `u`, so that nobody misreads one.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// 128 bits in letters of five bits.
const LENGTH: usize = 26;

/// The text is no id.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NotAnId(pub String);

impl fmt::Display for NotAnId {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "`{}` is no id: {LENGTH} small letters and digits", self.0)
    }
}

impl std::error::Error for NotAnId {}

fn letters(number: u128) -> String {
    let letter = |at: usize| LETTERS[((number >> (5 * (LENGTH - 1 - at))) & 31) as usize] as char;
    (0..LENGTH).map(letter).collect()
}

fn number(text: &str) -> Option<u128> {
    let digits = text.bytes().map(|letter| LETTERS.iter().position(|known| *known == letter));
    let digits: Option<Vec<usize>> = digits.collect();
    let digits = digits.filter(|digits| digits.len() == LENGTH)?;
    // The first letter has three bits only.
    if digits.first().is_some_and(|first| *first > 7) {
        return None;
    }
    Some(digits.into_iter().fold(0, |number, digit| number << 5 | digit as u128))
}

macro_rules! ids {
    ($($(#[$docs:meta])* $name:ident)*) => { $(
        $(#[$docs])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u128);

        impl $name {
            /// Draws a new one.
            pub fn new(entropy: &mut dyn Entropy) -> Self {
                let mut bytes = [0; 16];
                entropy.fill(&mut bytes);
                Self(u128::from_be_bytes(bytes))
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                to.write_str(&letters(self.0))
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, to)
            }
        }
        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                number(text).map(Self).ok_or_else(|| NotAnId(text.to_owned()))
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(&letters(self.0))
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )* };
}

ids! {
    /// A state, from its first record on: no two have the same, and a copy keeps it.
    Lineage
    /// One thing that is managed, whatever it is called and wherever the program says it. Labels and tags carry it.
    Uid
    /// One operation on one thing: an intent and its outcome.
    OpId
    /// One run of a command that may change something.
    RunId
    /// A plan. It is carried out once.
    PlanId
    /// A configuration of a driver, as it was when something was made with it.
    ConfigId
    /// A place where things are: an account and its region, a cluster, a folder.
    RealmId
}

/// A step of a plan: its position among them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct StepId(pub u32);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_as_it_was_written() {
        for number in [0, 1, u128::MAX, 0x0123_4567_89ab_cdef_0123_4567_89ab_cdef] {
            assert_eq!(Uid(number).to_string().parse(), Ok(Uid(number)));
        }
        for text in ["", "0", "zzzzzzzzzzzzzzzzzzzzzzzzzz", "0000000000000000000000000u", "0123456789"] {
            assert!(text.parse::<Uid>().is_err(), "{text}");
        }
    }
}
