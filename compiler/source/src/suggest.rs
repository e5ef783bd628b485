//! "Did you mean": the closest of the names that do exist, and lists of names for a message.

/// The candidate closest to `wrong`, when it is close enough to be a slip of the keyboard (a third of its length).
pub fn did_you_mean<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Names longer than this are not typed by hand; comparing them would cost and help nobody.
    if wrong.len() > 64 {
        return None;
    }
    // In a name of one or two letters every other letter would be as close: only its case may be the slip.
    let letters: Vec<char> = wrong.chars().collect();
    let mut limit = if letters.len() <= 2 { 0 } else { (letters.len() / 3).max(1) };
    let (own, _) = used(wrong);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        // Most names are far away: that shows before they are compared letter by letter.
        let is_near = || {
            let (other, length) = used(candidate);
            let changed = (own & !other).count_ones().max((other & !own).count_ones());
            changed as usize <= limit && length.abs_diff(letters.len()) <= limit
        };
        let distance = if candidate.eq_ignore_ascii_case(wrong) {
            0
        } else if candidate.len() <= 4 * (letters.len() + limit) && is_near() {
            distance(&letters, candidate, limit)
        } else {
            continue;
        };
        let better = match best {
            None => distance <= limit,
            Some((least, name)) => distance < least || (distance == least && candidate < name),
        };
        if better {
            best = Some((distance, candidate));
            limit = distance;
        }
    }
    best.map(|(_, name)| name)
}

/// A bit for each letter that stands in a text, some letters sharing one, and how many letters it has: one slip changes one bit on
/// either side.
fn used(text: &str) -> (u64, usize) {
    text.chars().fold((0, 0), |(used, length), letter| (used | 1 << (u32::from(letter) & 63), length + 1))
}

/// `a`, `b`, `c` and 4 more: the names that exist, sorted, at most twelve.
pub fn list_of<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut names: Vec<&str> = names.into_iter().collect();
    names.sort_unstable();
    names.dedup();
    let shown = names.len().min(12);
    let mut text = names.iter().take(shown).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if names.len() > shown {
        text.push_str(&format!(" and {} more", names.len() - shown));
    }
    text
}

/// Damerau–Levenshtein distance (optimal string alignment), given up above `limit`.
fn distance(a: &[char], b: &str, limit: usize) -> usize {
    let b: Vec<char> = b.chars().collect();
    let width = b.len() + 1;
    let mut before = vec![0usize; width];
    let mut previous: Vec<usize> = (0..width).collect();
    for (i, left) in a.iter().enumerate() {
        let mut current = vec![i + 1; width];
        let mut lowest = i + 1;
        for (j, right) in b.iter().enumerate() {
            let substitute = previous[j] + usize::from(left != right);
            let mut least = substitute.min(previous[j + 1] + 1).min(current[j] + 1);
            if i > 0 && j > 0 && *left == b[j - 1] && a[i - 1] == *right {
                least = least.min(before[j - 1] + 1);
            }
            current[j + 1] = least;
            lowest = lowest.min(least);
        }
        // A letter that changed places is counted from the row before.
        if lowest > limit && previous.iter().min().is_none_or(|least| *least >= limit) {
            return limit + 1;
        }
        before = std::mem::replace(&mut previous, current);
    }
    previous[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_name_within_a_third_of_the_letters() {
        let near = |wrong: &str, names: &[&'static str]| did_you_mean(wrong, names.iter().copied()).map(str::to_owned);
        let is = |name: &str| Some(name.to_owned());
        assert_eq!(near("memroy", &["memory", "metric", "name"]), is("memory"), "two letters that changed places");
        assert_eq!(near("bukcet", &["basket", "bucket"]), is("bucket"));
        assert_eq!(near("meory", &["theory", "memory"]), is("memory"));
        assert_eq!(near("Region", &["regions", "region"]), is("region"));
        assert_eq!(near("größe", &["grösse", "größer", "weite"]), is("größer"));
        assert_eq!(near("web", &["wab", "wob", "weba"]), is("wab"), "the first of those that are as close");
        assert_eq!(near("ab", &["ac", "AB"]), is("AB"), "in two letters only the case is a slip");
        assert_eq!(near("engine", &["port", "nginx", "machine"]), is("nginx"));
        assert_eq!(near("engine", &["port", "size"]), None);
        assert_eq!(near(&"a".repeat(65), &["a"]), None);
    }
}
