//! Where two values differ: the deepest paths that say it all.

use state::{Tree, TreeStep};

/// The paths at which two values differ, in order. Where one has a part that the other lacks, the path of that part.
pub fn differences(left: &Tree, right: &Tree) -> Vec<Vec<TreeStep>> {
    let mut found = Vec::new();
    differ(left, right, &mut Vec::new(), &mut found);
    found
}

fn differ(left: &Tree, right: &Tree, at: &mut Vec<TreeStep>, found: &mut Vec<Vec<TreeStep>>) {
    let mut below = |step: TreeStep, left: Option<&Tree>, right: Option<&Tree>| {
        at.push(step);
        match (left, right) {
            (Some(left), Some(right)) => differ(left, right, at, found),
            (None, None) => {}
            (Some(_), None) | (None, Some(_)) => found.push(at.clone()),
        }
        at.pop();
    };
    match (left, right) {
        (Tree::Map(left), Tree::Map(right)) => {
            let mut keys: Vec<_> = left.keys().chain(right.keys()).collect();
            keys.sort();
            keys.dedup();
            keys.into_iter().for_each(|key| below(TreeStep::Key(key.clone()), left.get(key), right.get(key)));
        }
        (Tree::List(left), Tree::List(right)) => {
            for position in 0..left.len().max(right.len()) {
                below(TreeStep::Index(position as u32), left.get(position), right.get(position));
            }
        }
        (left, right) if left == right => {}
        _ => found.push(at.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deepest_paths_are_told() {
        let map = |entries: &[(&str, Tree)]| {
            Tree::Map(entries.iter().map(|(key, value)| ((*key).into(), value.clone())).collect())
        };
        let left =
            map(&[("a", Tree::List(vec![Tree::Null, Tree::Bool(true)])), ("b", Tree::text("x")), ("c", Tree::Null)]);
        let right = map(&[("a", Tree::List(vec![Tree::Null, Tree::Bool(false), Tree::Null])), ("b", Tree::text("x"))]);
        let shown = |path: &Vec<TreeStep>| path.iter().map(TreeStep::to_string).collect::<String>();
        let told: Vec<String> = differences(&left, &right).iter().map(shown).collect();
        assert_eq!(told, [".a[1]", ".a[2]", ".c"]);
        assert_eq!(differences(&left, &left), Vec::<Vec<TreeStep>>::new());
    }
}
