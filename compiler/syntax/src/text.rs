//! The value of text literals: escapes, and the indentation of blocks.

/// Resolves `\n \t \r \" \\ \$ \u{…}`; an unknown escape stays as it is (the parser has told of it).
pub fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(rest.get(..at).unwrap_or(""));
        let after = rest.get(at + 1..).unwrap_or("");
        let mut characters = after.chars();
        match characters.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some(same @ ('"' | '\\' | '$')) => out.push(same),
            Some('u') if after.starts_with("u{") => {
                let end = after.find('}').unwrap_or(after.len());
                let code = after.get(2..end).and_then(|digits| u32::from_str_radix(digits, 16).ok());
                if let Some(character) = code.and_then(char::from_u32) {
                    out.push(character);
                }
                rest = after.get((end + 1).min(after.len())..).unwrap_or("");
                continue;
            }
            Some(other) => {
                out.push('\\');
                out.push(other);
            }
            None => out.push('\\'),
        }
        rest = characters.as_str();
    }
    out.push_str(rest);
    out
}
