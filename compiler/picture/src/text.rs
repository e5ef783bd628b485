//! Texts in a picture: how wide they are, cut where there is no room, and escaped.

/// The width of a text in pixels. Widths are those of a wide sans-serif font, so that others have room.
pub(crate) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(em).sum::<f64>() * size
}

/// A letter's width in parts of the size.
fn em(letter: char) -> f64 {
    match letter {
        'i' | 'j' | 'l' | '|' | '.' | ',' | ':' | ';' | '\'' | 'I' => 0.34,
        ' ' | 'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '/' | '\\' | '-' | '!' => 0.42,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '+' | '=' | '<' | '>' | '~' | '×' | '→' | '…' => 0.92,
        'A'..='Z' | '#' | '&' | '$' => 0.72,
        '\0'..='\u{7f}' => 0.64,
        '\u{80}'..='\u{2fff}' => 0.7,
        _ => 1.05,
    }
}

/// The text, or as much of it as has room, with `…` in its middle: names differ at both ends.
pub(crate) fn fitted(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let letters: Vec<char> = text.chars().collect();
    let shortened = |kept: usize| -> String {
        let tail = kept / 2;
        let (head, end) = (letters.iter().take(kept - tail), letters.iter().skip(letters.len() - tail));
        head.chain(['…'].iter()).chain(end).collect()
    };
    let fits = (0..letters.len()).rev().map(shortened).find(|text| width(text, size) <= room);
    fits.unwrap_or_else(|| "…".to_owned())
}

/// The text as it stands in an XML document: what XML cannot hold, and what would turn the text round, is shown as `\u{…}`.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\u{fffe}'
            | '\u{ffff}'
            | '\u{61c}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' => {
                out.push_str(&format!("\\u{{{:x}}}", u32::from(letter)));
            }
            _ if letter.is_control() => out.push_str(&format!("\\u{{{:x}}}", u32::from(letter))),
            _ => out.push(letter),
        }
    }
    out
}
