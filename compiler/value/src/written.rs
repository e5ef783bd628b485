//! Addresses as they are written, in no store: those of what is there no more, in statements and in recorded files.

use std::fmt;

use source::Name;

/// `front["a"].vm` as steps.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct WrittenAddress {
    pub steps: Vec<WrittenStep>,
}

/// A name and the key that a loop gave it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct WrittenStep {
    pub name: Name,
    pub key: Option<Name>,
}

/// Why a text is no address, and the bytes of it that are wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotAnAddress {
    pub start: usize,
    pub len: usize,
    pub what: &'static str,
}

impl WrittenAddress {
    /// Reads what [`crate::Store::address_text`] writes; a key may also be a number without quotes.
    pub fn read(text: &str) -> Result<Self, NotAnAddress> {
        let mut steps = Vec::new();
        let mut at = 0;
        loop {
            let rest = text.get(at..).unwrap_or("");
            let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
            let (name, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
            if name.is_empty() || name.starts_with(|first: char| first.is_ascii_digit()) {
                let len = if name.is_empty() { after.chars().next().map_or(0, char::len_utf8) } else { length };
                return Err(NotAnAddress { start: at, len, what: "a name is expected here" });
            }
            at += length;
            let key = match after.strip_prefix('[') {
                Some(inner) => {
                    let (key, length) = read_key(inner).ok_or(NotAnAddress {
                        start: at,
                        len: after.len(),
                        what: "a key in quotes and `]` are expected here",
                    })?;
                    at += length + 1;
                    Some(key)
                }
                None => None,
            };
            steps.push(WrittenStep { name: Name::new(name), key });
            match text.get(at..).and_then(|rest| rest.chars().next()) {
                None => return Ok(Self { steps }),
                Some('.') => at += 1,
                Some(other) => {
                    return Err(NotAnAddress {
                        start: at,
                        len: other.len_utf8(),
                        what: "`.` or the end is expected here",
                    });
                }
            }
        }
    }
}

impl WrittenAddress {
    /// Whether it is this address or below it; a step without a key stands for all elements.
    pub fn is_at_or_below(&self, above: &Self) -> bool {
        let fits = |(above, step): (&WrittenStep, &WrittenStep)| {
            above.name == step.name && (above.key.is_none() || above.key == step.key)
        };
        self.steps.len() >= above.steps.len() && above.steps.iter().zip(&self.steps).all(fits)
    }
}

/// The key behind `[`, and how long it is with its `]`.
fn read_key(inner: &str) -> Option<(Name, usize)> {
    if let Some(quoted) = inner.strip_prefix('"') {
        // A key may hold quotes: it ends where an address goes on or ends.
        let ends = |at: &usize| matches!(quoted.as_bytes().get(at + 2), None | Some(b'.'));
        let end = quoted.match_indices("\"]").map(|(at, _)| at).find(ends)?;
        return Some((Name::new(quoted.get(..end)?), end + 3));
    }
    let end = inner.find(']')?;
    let digits = inner.get(..end)?;
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| (Name::new(digits), end + 1))
}

impl fmt::Display for WrittenAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.steps.iter().enumerate() {
            let dot = if at == 0 { "" } else { "." };
            write!(out, "{dot}{}", step.name)?;
            if let Some(key) = step.key {
                write!(out, "[\"{key}\"]")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_it_is_written() {
        for text in ["a", "a.b", "front[\"a\"].vm", "a[\"x.y\"].b[\"]\"]", "a[\"say \"x\"\"]"] {
            assert_eq!(WrittenAddress::read(text).unwrap().to_string(), text);
        }
        assert_eq!(WrittenAddress::read("a[1]").unwrap().to_string(), "a[\"1\"]");
    }

    #[test]
    fn what_is_no_address_is_told_where_it_ends_to_be_one() {
        let told = |text: &str| WrittenAddress::read(text).map_err(|wrong| (wrong.start, wrong.len));
        assert_eq!(told(""), Err((0, 0)));
        assert_eq!(told("a..b"), Err((2, 1)));
        assert_eq!(told("a-b"), Err((1, 1)));
        assert_eq!(told("a[b]"), Err((1, 3)));
        assert_eq!(told("9a"), Err((0, 2)));
    }
}
