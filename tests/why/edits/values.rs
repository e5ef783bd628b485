//! The values that stand in a source text, and other values that could stand there.

use std::ops::Range;

/// What sort of value it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Sort {
    /// A text, or a part of one between `${…}`.
    Text,
    /// A number with or without a unit, a size, a duration, an end of a range.
    Number,
    /// An address or a range of addresses.
    Address,
    Port,
    Protocol,
    Switch,
    /// The tier of an environment.
    Tier,
    /// A platform that is chosen.
    Choice,
    /// The name of an entry of a map, or of a port.
    Key,
}

/// A value in a text.
#[derive(Clone, Debug)]
pub struct Found {
    pub range: Range<usize>,
    pub sort: Sort,
}

/// A generator of numbers: the same for the same seed, everywhere.
pub struct Random(pub u64);

impl Random {
    /// A number below `end`, which is not 0.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }
    fn of<'t>(&mut self, all: &[&'t str]) -> &'t str {
        all[self.below(all.len())]
    }
}

/// Every value of a source file.
pub fn values(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let letter = rest.chars().next().unwrap();
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if letter == '"' {
            texts(rest, at, &mut found)
        } else if letter.is_ascii_digit() {
            let length = number_length(rest);
            match rest[..length].split_once('/').filter(|(_, protocol)| matches!(*protocol, "tcp" | "udp")) {
                Some((number, _)) => {
                    found.push(Found { range: at..at + number.len(), sort: Sort::Port });
                    found.push(Found { range: at + number.len() + 1..at + length, sort: Sort::Protocol });
                }
                None => found.push(Found { range: at..at + length, sort: sort_of(&rest[..length]) }),
            }
            length
        } else if letter.is_alphabetic() || letter == '_' {
            let length = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(rest.len());
            let word = &rest[..length];
            let after = rest[length..].trim_start();
            let sort = match word {
                "true" | "false" => Some(Sort::Switch),
                "prod" | "preprod" | "test" if text[..at].trim_end().ends_with("tier =") => Some(Sort::Tier),
                "aws" | "kubernetes" if text[..at].trim_end().ends_with("secret =") => Some(Sort::Choice),
                _ if after.starts_with("= ") && is_key(text, at) => Some(Sort::Key),
                _ => None,
            };
            found.extend(sort.map(|sort| Found { range: at..at + length, sort }));
            length
        } else {
            letter.len_utf8()
        };
        at += length;
    }
    found
}

/// The parts of a text between its expressions; gives its length with both quotes.
fn texts(rest: &str, at: usize, found: &mut Vec<Found>) -> usize {
    let mut from = 1;
    let mut here = 1;
    while let Some(letter) = rest[here..].chars().next() {
        if letter == '"' || rest[here..].starts_with("${") {
            if here > from || letter == '"' && from == 1 {
                found.push(Found { range: at + from..at + here, sort: Sort::Text });
            }
            if letter == '"' {
                return here + 1;
            }
            here += rest[here..].find('}').unwrap() + 1;
            from = here;
            continue;
        }
        here += if letter == '\\' { 2 } else { letter.len_utf8() };
    }
    rest.len()
}

/// `10.20.0.0/16`, `256MiB`, `0.25` of `0.25..1`
fn number_length(rest: &str) -> usize {
    let end = rest
        .find(|letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '.' | '/' | '%' | '-'))
        .unwrap_or(rest.len());
    let number = &rest[..end];
    number.find("..").unwrap_or(number.len())
}

fn sort_of(number: &str) -> Sort {
    match number {
        _ if number.matches('.').count() == 3 => Sort::Address,
        _ => Sort::Number,
    }
}

/// Whether the name is one that the user made up: of a variable of a program, of a port, of an entry.
fn is_key(text: &str, at: usize) -> bool {
    let line = text[..at].rsplit('\n').next().unwrap();
    let name_of_port = line.trim_end().ends_with("port");
    let upper = text[at..].starts_with(|letter: char| letter.is_ascii_uppercase());
    let of_map = line.contains("let ") && line.contains('{') || line.trim_end().ends_with("tags {");
    name_of_port || upper || of_map
}

/// Another value of the same sort, at times one of those that stand elsewhere (`pool`). It need not compile.
pub fn other(value: &str, sort: Sort, pool: &[&str], random: &mut Random) -> String {
    loop {
        let other = match sort {
            _ if random.below(4) == 0 && !pool.is_empty() => random.of(pool).to_owned(),
            Sort::Text => other_text(value, random),
            Sort::Number => other_number(value, random),
            Sort::Address => other_address(value, random),
            Sort::Port => (random.below(60_000) + 1).to_string(),
            Sort::Protocol => random.of(&["tcp", "udp"]).to_owned(),
            Sort::Switch => if value == "true" { "false" } else { "true" }.to_owned(),
            Sort::Tier => random.of(&["prod", "preprod", "test"]).to_owned(),
            Sort::Choice => random.of(&["aws", "kubernetes"]).to_owned(),
            Sort::Key => match random.below(2) {
                0 => format!("{value}{}", random.of(&["X", "_more", "2"])),
                _ => format!("{}{value}", random.of(&["A", "z", "the_"])),
            },
        };
        if other != value {
            return other;
        }
    }
}

fn other_text(value: &str, random: &mut Random) -> String {
    const WORDS: &[&[&str]] = &[
        &["HTTPS", "HTTP", "TCP"],
        &["A", "AAAA", "CNAME"],
        &["PRIMARY", "SECONDARY"],
        &["personal", "public", "internal", "secret", "business"],
        &["info", "warn", "debug"],
        &["eu-west-1", "eu-west-2", "eu-west-3", "us-east-1"],
        &["14", "15", "16", "17"],
    ];
    if let Some(words) = WORDS.iter().find(|words| words.contains(&value))
        && random.below(4) > 0
    {
        return random.of(words).to_owned();
    }
    let at = random.below(value.len() + 1);
    match (random.below(4), value.get(at..at + 1)) {
        // A digit stays a digit, as in an account or a digest.
        (0..=2, Some(letter)) if letter.chars().all(|letter| letter.is_ascii_digit()) => {
            format!("{}{}{}", &value[..at], random.below(10), &value[at + 1..])
        }
        (0..=1, Some(letter)) if letter.chars().all(|letter| letter.is_ascii_alphabetic()) => {
            format!("{}{}{}", &value[..at], random.of(&["a", "b", "c", "d", "e", "f"]), &value[at + 1..])
        }
        (0..=2, _) => format!("{}{}{}", &value[..at], random.of(&["x", "7", "-y"]), &value[at..]),
        _ => format!("{value}{}", random.of(&["z", "1", "q9"])),
    }
}

fn other_number(value: &str, random: &mut Random) -> String {
    let end = value.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(value.len());
    let (number, unit) = value.split_at(end);
    let units: &[&str] = match unit {
        "MiB" | "GiB" => &["MiB", "GiB"],
        "s" | "min" | "h" | "d" => &["s", "min", "h", "d"],
        _ => &[],
    };
    if !units.is_empty() && random.below(4) == 0 {
        return format!("{number}{}", random.of(units));
    }
    match number.parse::<u64>() {
        Ok(whole) => {
            let new = match random.below(6) {
                0 => whole + 1,
                1 => whole.saturating_sub(1),
                2 => whole * 2,
                3 => random.below(10) as u64,
                4 => whole / 2,
                _ => random.below(2 * whole as usize + 8) as u64,
            };
            format!("{new}{unit}")
        }
        Err(_) => format!("{}{unit}", random.of(&["0.05", "0.1", "0.15", "0.2", "0.3", "0.5", "0.75"])),
    }
}

fn other_address(value: &str, random: &mut Random) -> String {
    let (address, prefix) = value.split_once('/').unwrap_or((value, ""));
    let mut bytes: Vec<usize> = address.split('.').map(|byte| byte.parse().unwrap()).collect();
    let mut prefix: usize = prefix.parse().unwrap_or(32);
    match random.below(5) {
        0 if prefix > 1 => prefix -= 1,
        1 if prefix < 32 => prefix += 1,
        _ => bytes[random.below(prefix.div_ceil(8).max(1))] = random.below(224),
    }
    let address: Vec<String> = bytes.iter().map(usize::to_string).collect();
    if value.contains('/') { format!("{}/{prefix}", address.join(".")) } else { address.join(".") }
}
