//! "Did you mean": the closest of the names that do exist, and lists of names for a message.

/// The candidate closest to `wrong`, when it is close enough to be a slip of the keyboard (a third of its length).
pub fn did_you_mean<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Names longer than this are not typed by hand; comparing them would cost and help nobody.
    if wrong.len() > 64 {
        return None;
    }
    // In a name of one or two letters every other letter would be as close: only its case may be the slip.
    let letters = wrong.chars().count();
    let limit = if letters <= 2 { 0 } else { (letters / 3).max(1) };
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let distance = if candidate.eq_ignore_ascii_case(wrong) { 0 } else { distance(wrong, candidate, limit) };
        let better = match best {
            None => distance <= limit,
            Some((least, name)) => distance < least || (distance == least && candidate < name),
        };
        if better {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, name)| name)
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
fn distance(a: &str, b: &str, limit: usize) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    if a.len().abs_diff(b.len()) > limit {
        return limit + 1;
    }
    let width = b.len() + 1;
    let mut before = vec![0usize; width];
    let mut previous: Vec<usize> = (0..width).collect();
    for (i, left) in a.iter().enumerate() {
        let mut current = vec![i + 1; width];
        for (j, right) in b.iter().enumerate() {
            let substitute = previous[j] + usize::from(left != right);
            let mut least = substitute.min(previous[j + 1] + 1).min(current[j] + 1);
            if i > 0 && j > 0 && *left == b[j - 1] && a[i - 1] == *right {
                least = least.min(before[j - 1] + 1);
            }
            current[j + 1] = least;
        }
        before = std::mem::replace(&mut previous, current);
    }
    previous[b.len()]
}
