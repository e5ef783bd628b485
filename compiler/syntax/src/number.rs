//! Which literal a token that begins with a digit is. Only its shape is looked at: `10.0.0.999` is an ip, and the checker
//! says what is wrong with it.

use crate::tree::Kind;

/// The kind of a number-like token, or nothing if it has the shape of none.
pub(crate) fn classify(token: &str) -> Option<Kind> {
    if token.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_') {
        // `0400` is octal to some and decimal to others.
        return (token.len() == 1 || !token.starts_with('0')).then_some(Kind::Number);
    }
    if let Some((left, right)) = token.split_once('/') {
        if is_ip(left) && digits(right) {
            return Some(Kind::Cidr);
        }
        let is_word = right.starts_with(|first: char| first.is_ascii_alphabetic())
            && right.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let is_range = left.split_once('-').map_or(digits(left), |(first, last)| digits(first) && digits(last));
        return (is_word && is_range).then_some(Kind::Port);
    }
    if token.contains('-') {
        let lengths: Vec<usize> = token.split('-').filter(|part| digits(part)).map(str::len).collect();
        return (lengths == [4, 2, 2] && token.len() == 10).then_some(Kind::Date);
    }
    if let Some(number) = token.strip_suffix('%') {
        return is_decimal(number).then_some(Kind::Percent);
    }
    if is_ip(token) {
        return Some(Kind::Ip);
    }
    if is_decimal(token) {
        return Some(Kind::Number);
    }
    let unit = token.find(|character: char| character.is_ascii_alphabetic())?;
    let (number, unit) = token.split_at_checked(unit)?;
    (is_decimal(number) && unit.bytes().all(|byte| byte.is_ascii_alphabetic())).then_some(Kind::Measure)
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_decimal(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let with_underscores = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_digit())
            && part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_')
    };
    with_underscores(whole) && with_underscores(fraction)
}

fn is_ip(text: &str) -> bool {
    text.split('.').count() == 4 && text.split('.').all(digits)
}
