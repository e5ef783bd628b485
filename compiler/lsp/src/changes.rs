//! What differs between two texts.

/// What differs between two texts: the bytes of the first, and what stands there in the second.
pub fn difference<'a>(before: &str, after: &'a str) -> Option<(std::ops::Range<usize>, &'a str)> {
    if before == after {
        return None;
    }
    let same = before.bytes().zip(after.bytes()).take_while(|(one, other)| one == other).count();
    let start = (0..=same).rev().find(|at| is_border(before, *at) && is_border(after, *at)).unwrap_or(0);
    let most = before.len().min(after.len()) - start;
    let ends = before.bytes().rev().zip(after.bytes().rev()).take(most);
    let same = ends.take_while(|(one, other)| one == other).count();
    let is_end = |length: &usize| is_border(before, before.len() - length) && is_border(after, after.len() - length);
    let end = (0..=same).rev().find(is_end).unwrap_or(0);
    Some((start..before.len() - end, after.get(start..after.len() - end).unwrap_or_default()))
}

/// Whether an edit may begin or end there: between letters, and not within the end of a line.
fn is_border(text: &str, at: usize) -> bool {
    let within_end = at > 0 && text.as_bytes().get(at - 1..=at) == Some(b"\r\n".as_slice());
    text.is_char_boundary(at) && !within_end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_difference_makes_the_other_text() {
        let texts = ["", "a", "ab", "aab", "é", "è", "aéb", "aèb", "a\r\nb", "a\nb", "a\r\n\r\nb", "🦀🦁", "🦀"];
        for before in texts {
            for after in texts {
                let mut made = before.to_owned();
                if let Some((range, new)) = difference(before, after) {
                    made.replace_range(range, new);
                }
                assert_eq!(made, after, "{before:?}");
            }
        }
        assert_eq!(difference("let a = 1\n", "let a = 21\n"), Some((8..8, "2")));
    }
}
