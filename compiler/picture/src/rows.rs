//! How high everything in a column stands: as near as its neighbours allow to what arrows join it to.

use crate::order::Ordered;

/// One step of an arrow between neighbouring columns: the items at its ends, and how far beneath their tops it touches them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Joint {
    pub left: usize,
    pub right: usize,
    pub left_at: f64,
    pub right_at: f64,
}

/// Which of its joints pull at an item.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pull {
    Left,
    Right,
    Both,
}

/// How often all columns are moved.
const ROUNDS: usize = 16;

/// The least distance between what stands above each other.
pub(crate) const GAP: f64 = 16.0;

/// The joints of each item, by their positions.
struct Joined<'a> {
    joints: &'a [Joint],
    left: Vec<Vec<usize>>,
    right: Vec<Vec<usize>>,
}

impl<'a> Joined<'a> {
    fn new(joints: &'a [Joint], items: usize) -> Self {
        let (mut left, mut right) = (vec![Vec::new(); items], vec![Vec::new(); items]);
        for (at, joint) in joints.iter().enumerate() {
            right.get_mut(joint.left).into_iter().for_each(|all| all.push(at));
            left.get_mut(joint.right).into_iter().for_each(|all: &mut Vec<usize>| all.push(at));
        }
        Self { joints, left, right }
    }

    /// Where an item would like to stand; none: nothing pulls at it.
    fn wish(&self, item: usize, pull: Pull, tops: &[f64], counts: &dyn Fn(usize) -> bool) -> Option<f64> {
        let top = |at: usize| tops.get(at).copied().unwrap_or_default();
        let all = |of: &Vec<Vec<usize>>| of.get(item).cloned().unwrap_or_default();
        let mut wishes: Vec<f64> = Vec::new();
        if pull != Pull::Right {
            let joints = all(&self.left).into_iter().filter_map(|at| self.joints.get(at));
            let joints = joints.filter(|joint| counts(joint.left));
            wishes.extend(joints.map(|joint| top(joint.left) + joint.left_at - joint.right_at));
        }
        if pull != Pull::Left {
            let joints = all(&self.right).into_iter().filter_map(|at| self.joints.get(at));
            let joints = joints.filter(|joint| counts(joint.right));
            wishes.extend(joints.map(|joint| top(joint.right) + joint.right_at - joint.left_at));
        }
        let count = wishes.len() as f64;
        (!wishes.is_empty()).then(|| wishes.iter().sum::<f64>() / count)
    }
}

/// The top of each item within its lane, the highest at 0.
pub(crate) fn rows(ordered: &Ordered, heights: &[f64], joints: &[Joint]) -> Vec<f64> {
    let joined = Joined::new(joints, ordered.items.len());
    let lane = |at: usize| ordered.items.get(at).map_or(usize::MAX, |item| item.lane);
    let mut tops = vec![0.0; ordered.items.len()];
    for list in &ordered.columns {
        list.chunk_by(|left, right| lane(*left) == lane(*right)).for_each(|items| settle(items, heights, &mut tops));
    }
    for round in 0..=ROUNDS {
        let pull = match round {
            ROUNDS => Pull::Both,
            _ if round % 2 == 0 => Pull::Left,
            _ => Pull::Right,
        };
        let mut columns: Vec<&Vec<usize>> = ordered.columns.iter().collect();
        if pull == Pull::Right {
            columns.reverse();
        }
        for list in columns {
            for items in list.chunk_by(|left, right| lane(*left) == lane(*right)) {
                let here = items.first().map_or(usize::MAX, |item| lane(*item));
                for item in items {
                    let wish = joined.wish(*item, pull, &tops, &|other| lane(other) == here);
                    if let (Some(wish), Some(top)) = (wish, tops.get_mut(*item)) {
                        *top = wish;
                    }
                }
                settle(items, heights, &mut tops);
            }
        }
    }
    let lanes = ordered.items.iter().map(|item| item.lane + 1).max().unwrap_or_default();
    let mut highest = vec![f64::INFINITY; lanes];
    for (item, top) in ordered.items.iter().zip(&tops) {
        highest.get_mut(item.lane).into_iter().for_each(|least| *least = least.min(*top));
    }
    for (item, top) in ordered.items.iter().zip(&mut tops) {
        *top -= highest.get(item.lane).copied().unwrap_or_default();
    }
    tops
}

/// Puts what has a column of its own beside what it is joined to, when all else has its place.
pub(crate) fn settle_free(ordered: &Ordered, lane: usize, heights: &[f64], joints: &[Joint], tops: &mut [f64]) {
    let joined = Joined::new(joints, ordered.items.len());
    for list in &ordered.columns {
        let is_free = |at: &usize| ordered.items.get(*at).is_some_and(|item| item.lane == lane);
        let items: Vec<usize> = list.iter().copied().filter(is_free).collect();
        for item in &items {
            let wish = joined.wish(*item, Pull::Both, tops, &|_| true);
            if let (Some(wish), Some(top)) = (wish, tops.get_mut(*item)) {
                *top = wish;
            }
        }
        settle(&items, heights, tops);
    }
}

/// Moves what overlaps apart, each as little as can be: neighbours that would overlap stand together where their wishes meet.
fn settle(items: &[usize], heights: &[f64], tops: &mut [f64]) {
    // Blocks of touching items: the wish of the first of them, summed up, and how many they are.
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    let mut before = 0.0;
    let mut offsets = Vec::with_capacity(items.len());
    for item in items {
        let wish = tops.get(*item).copied().unwrap_or_default();
        offsets.push(before);
        blocks.push((wish - before, 1));
        before += heights.get(*item).copied().unwrap_or_default() + GAP;
        while let [.., (above, many), (below, more)] = blocks.as_slice() {
            if above / *many as f64 <= below / *more as f64 {
                break;
            }
            let joined = (above + below, many + more);
            blocks.truncate(blocks.len() - 2);
            blocks.push(joined);
        }
    }
    let starts = blocks.iter().flat_map(|(sum, count)| std::iter::repeat_n(sum / *count as f64, *count));
    for ((item, offset), start) in items.iter().zip(offsets).zip(starts) {
        tops.get_mut(*item).into_iter().for_each(|top| *top = start + offset);
    }
}
