//! Chance, and the small changes that make one input of another.

/// A generator of numbers: the same for the same seed and number of an input.
pub struct Draws(u64);

impl Draws {
    pub fn new(seed: u64, number: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ number.wrapping_mul(0xD1B5_4A32_D192_ED03))
    }
    /// A number below `end`, which is not zero.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }
    pub fn word(&mut self, of: &[&'static str]) -> &'static str {
        of[self.below(of.len())]
    }
    pub fn one<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }
}

/// What has broken readers before: ends of ranges, openers without an end, signs that mean something to somebody.
const WORDS: &[&str] = &[
    "0",
    "-1",
    "9223372036854775807",
    "9223372036854775808",
    "1e999",
    "0.1",
    "99999999999999999999.9",
    "5min",
    "300ms",
    "1TiB",
    "0B",
    "10.0.0.0/8",
    "999.1.1.1",
    "10.0.0.1",
    "443/tcp",
    "8000-7000/tcp",
    "2027-02-30",
    "2027-03-31",
    "99.9%",
    "\"\"",
    "\"a\"",
    "\"${",
    "${",
    "}",
    "\"\"\"",
    "r\"",
    "{",
    "[",
    "(",
    ")",
    "]",
    "->",
    "=>",
    "=",
    "?=",
    "??",
    "?.",
    "...",
    "..",
    "++",
    "==",
    "with",
    "match",
    "if",
    "then",
    "else",
    "for",
    "in",
    "by",
    "none",
    "later",
    "secret",
    "self",
    "_",
    "@name(\"x\")",
    "@protect(true)",
    "@",
    "//",
    "///",
    "\n",
    "\r",
    "\r\n",
    "\t",
    "\u{0}",
    "\u{1b}[2K",
    "\u{202e}",
    "\u{feff}",
    "é",
    "🦀",
    "\\u{110000}",
    "\\u{0}",
    "\\x",
    ",",
    ":",
    ".",
    "std.",
    "terraform.",
    "kubernetes.",
    "all(bucket)",
    "path_of(self)",
];

/// Where words and other signs begin and end; blanks are none.
fn tokens(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found: Vec<std::ops::Range<usize>> = Vec::new();
    let mut before = false;
    for (at, sign) in text.char_indices().filter(|(_, sign)| *sign != ' ') {
        let of_a_word = sign.is_alphanumeric() || sign == '_';
        match found.last_mut() {
            Some(last) if of_a_word && before && last.end == at => last.end += sign.len_utf8(),
            _ => found.push(at..at + sign.len_utf8()),
        }
        before = of_a_word;
    }
    found
}

/// A text with one change, or up to four: a token put in, left out, said twice, exchanged, taken from another text; a piece of another
/// text put in; lines left out or said twice; the end cut off.
pub fn changed(draws: &mut Draws, text: &str, other: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..=draws.below(2) * draws.below(4) {
        let places = tokens(&text);
        if places.is_empty() {
            return draws.word(WORDS).to_owned();
        }
        let place = draws.one(&places).clone();
        match draws.below(9) {
            0 => text.insert_str(place.start, draws.word(WORDS)),
            1 => text.replace_range(place, draws.word(WORDS)),
            2 => text.replace_range(place, ""),
            3 => {
                let said = text[place.clone()].to_owned();
                text.insert_str(place.start, &format!("{said} "));
            }
            4 => {
                let from = draws.one(&places).clone();
                let said = text[from].to_owned();
                text.replace_range(place, &said);
            }
            5 => {
                let theirs = tokens(other);
                if !theirs.is_empty() {
                    let from = draws.one(&theirs).clone();
                    text.replace_range(place, &other[from]);
                }
            }
            6 => {
                let piece = lines(draws, other);
                text.insert_str(line_start(&text, place.start), &piece);
            }
            7 => {
                let start = line_start(&text, place.start);
                let end = text[place.start..].find('\n').map_or(text.len(), |end| place.start + end + 1);
                let line = text[start..end].to_owned();
                text.replace_range(start..end, if draws.below(2) == 0 { "" } else { "\n" });
                if draws.below(2) == 0 {
                    text.insert_str(start, &line.repeat(2));
                }
            }
            _ => {
                if draws.below(4) == 0 {
                    text.truncate(place.end);
                }
            }
        }
    }
    text
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// A few lines of a text that follow each other.
fn lines(draws: &mut Draws, text: &str) -> String {
    let all: Vec<&str> = text.lines().collect();
    if all.is_empty() {
        return String::new();
    }
    let from = draws.below(all.len());
    let count = 1 + draws.below(8);
    all.iter().skip(from).take(count).map(|line| format!("{line}\n")).collect()
}

/// Bytes of which a few are others, left out, or said again.
pub fn damaged(draws: &mut Draws, bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=draws.below(6) {
        if bytes.is_empty() {
            break;
        }
        let at = draws.below(bytes.len());
        match draws.below(5) {
            0 => bytes[at] = draws.below(256) as u8,
            1 => bytes[at] ^= 1 << draws.below(8),
            2 => bytes[at] = *draws.one(&[0, 1, 0x7f, 0x80, 0xff, b'{', b'"', b'[', b'-', b'9']),
            3 => {
                let end = (at + 1 + draws.below(16)).min(bytes.len());
                bytes.drain(at..end);
            }
            _ => {
                let end = (at + 1 + draws.below(16)).min(bytes.len());
                let again = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            }
        }
    }
    bytes
}
