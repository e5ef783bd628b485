//! Versions: numbers separated by points, then perhaps a pre-release and build, ordered as Semantic Versioning 2.0 orders them.
//! Fewer than three numbers are fine (`16`, `1.34`); missing ones count as 0 when two versions are compared.

use std::cmp::Ordering;

use super::{ScalarKind, refuse, refuse_because};
use crate::Fault;

/// The parts of a version.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Version<'a> {
    /// One to four of them.
    pub numbers: Vec<u64>,
    /// `rc.1`; empty for a release.
    pub pre_release: &'a str,
    /// After `+`; it takes no part in the order.
    pub build: &'a str,
}

/// `1.34`, `v2.1.0-rc.1+5`
pub fn version(text: &str) -> Result<Version<'_>, Fault> {
    if text.len() > 128 {
        return Err(refuse_because(ScalarKind::Version, text, "it is longer than 128 letters"));
    }
    let rest = text.strip_prefix('v').unwrap_or(text);
    let (rest, build) = rest.split_once('+').map_or((rest, None), |(rest, build)| (rest, Some(build)));
    let (rest, pre_release) = rest.split_once('-').map_or((rest, None), |(rest, pre)| (rest, Some(pre)));
    let identifiers = |part: &str| {
        part.split('.')
            .all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
    };
    if pre_release.is_some_and(|part| !identifiers(part)) || build.is_some_and(|part| !identifiers(part)) {
        return Err(refuse(ScalarKind::Version, text));
    }
    let mut numbers = Vec::with_capacity(3);
    for part in rest.split('.') {
        if part.is_empty() || part.len() > 18 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(refuse(ScalarKind::Version, text));
        }
        numbers.push(part.parse().map_err(|_| refuse(ScalarKind::Version, text))?);
    }
    if numbers.len() > 4 {
        return Err(refuse_because(ScalarKind::Version, text, "it has more than four numbers"));
    }
    Ok(Version { numbers, pre_release: pre_release.unwrap_or(""), build: build.unwrap_or("") })
}

impl Version<'_> {
    /// Which of the two comes first: semver.org, clause 11.
    pub fn order(&self, other: &Version<'_>) -> Ordering {
        let number = |version: &Version<'_>, at: usize| version.numbers.get(at).copied().unwrap_or(0);
        (0..4)
            .map(|at| number(self, at).cmp(&number(other, at)))
            .find(|order| order.is_ne())
            .unwrap_or_else(|| pre_release_order(self.pre_release, other.pre_release))
    }
}

fn pre_release_order(left: &str, right: &str) -> Ordering {
    match (left.is_empty(), right.is_empty()) {
        (true, true) => return Ordering::Equal,
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    let (mut left, mut right) = (left.split('.'), right.split('.'));
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(left), Some(right)) => match (left.parse::<u64>(), right.parse::<u64>()) {
                (Ok(left), Ok(right)) => left.cmp(&right),
                (Ok(_), Err(_)) => Ordering::Less,
                (Err(_), Ok(_)) => Ordering::Greater,
                (Err(_), Err(_)) => left.cmp(right),
            },
        };
        if order.is_ne() {
            return order;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_by_their_numbers() {
        let increasing = [
            "0.9",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1",
            "1.2",
            "1.10",
            "v2",
        ];
        for pair in increasing.windows(2) {
            assert_eq!(version(pair[0]).unwrap().order(&version(pair[1]).unwrap()), Ordering::Less, "{pair:?}");
        }
        assert_eq!(version("1.0").unwrap().order(&version("1.0.0+7").unwrap()), Ordering::Equal);
        for wrong in ["", "v", "1.", ".1", "1.x", "latest", "1.2.3.4.5", "1-", "1+", "~> 1.2", "99999999999999999999"] {
            assert!(version(wrong).is_err(), "{wrong}");
        }
    }
}
