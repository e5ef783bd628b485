//! Who stands above whom in a column: a few sweeps, each of which puts everything near what it is joined to.

use crate::Picture;
use crate::columns::{Columns, Side};

/// A box in its column, or a bend of an arrow that passes a column.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// The box; none: a bend.
    pub node: Option<usize>,
    pub column: usize,
    /// What stands in one frame stays together: the position of the frame, behind them what stands in none, behind that what has
    /// a column of its own.
    pub lane: usize,
    /// The items before and behind it that arrows join it to.
    pub left: Vec<usize>,
    pub right: Vec<usize>,
}

/// Everything that stands in columns.
pub(crate) struct Ordered {
    pub items: Vec<Item>,
    /// The items of each column from the top.
    pub columns: Vec<Vec<usize>>,
    /// By arrow: the items that it passes from left to right, its boxes included. Empty: it joins a box to itself.
    pub ways: Vec<Vec<usize>>,
    /// By box: its item; none: it stands alone.
    pub of_box: Vec<Option<usize>>,
}

/// How often the columns are swept, there and back.
const SWEEPS: usize = 12;

/// Finds an order with few crossings.
pub(crate) fn order(picture: &Picture, columns: &Columns, sides: &[Side]) -> Ordered {
    let mut ordered = items(picture, columns, sides);
    sort_lanes(&mut ordered);
    let mut best = ordered.columns.clone();
    let mut fewest = crossings(&ordered);
    for sweep in 0..SWEEPS {
        let forwards = sweep % 2 == 0;
        let count = ordered.columns.len();
        for step in 0..count {
            sweep_column(&mut ordered, if forwards { step } else { count - 1 - step }, forwards);
        }
        let now = crossings(&ordered);
        if now < fewest {
            fewest = now;
            best.clone_from(&ordered.columns);
        }
    }
    ordered.columns = best;
    ordered
}

fn items(picture: &Picture, columns: &Columns, sides: &[Side]) -> Ordered {
    let behind = picture.frames.len();
    let is_free = |at: usize| sides.get(at).is_some_and(|side| *side != Side::Among);
    let mut items: Vec<Item> = Vec::new();
    let mut of_box = vec![None; picture.boxes.len()];
    let mut lists = vec![Vec::new(); columns.count];
    let mut add = |node: Option<usize>, column: usize, lane: usize, items: &mut Vec<Item>| {
        let at = items.len();
        items.push(Item { node, column, lane, left: Vec::new(), right: Vec::new() });
        if let Some(list) = lists.get_mut(column) {
            list.push(at);
        }
        at
    };
    for (at, node) in picture.boxes.iter().enumerate() {
        if let (Some(Some(column)), Some(slot)) = (columns.of.get(at), of_box.get_mut(at)) {
            let lane = if is_free(at) { behind + 1 } else { node.frame.unwrap_or(behind) };
            *slot = Some(add(Some(at), *column, lane, &mut items));
        }
    }
    let item = |at: usize| of_box.get(at).copied().flatten();
    let mut ways = Vec::new();
    for (arrow, backwards) in picture.arrows.iter().zip(&columns.backwards) {
        let (from, to) = if *backwards { (arrow.to, arrow.from) } else { (arrow.from, arrow.to) };
        let (Some(first), Some(last)) = (item(from), item(to)) else {
            ways.push(Vec::new());
            continue;
        };
        // It changes its lane in front of the last column.
        let lane = |at: usize| items.get(at).map_or(behind, |item| item.lane);
        let lane = match (is_free(from), is_free(to)) {
            (true, true) => behind,
            (true, false) => lane(last),
            (false, _) => lane(first),
        };
        let column = |at: usize| items.get(at).map_or(0, |item| item.column);
        let (start, end) = (column(first), column(last));
        let mut way = vec![first];
        if from != to {
            (start + 1..end).for_each(|column| way.push(add(None, column, lane, &mut items)));
            way.push(last);
        }
        ways.push(if from == to { Vec::new() } else { way });
    }
    for way in &ways {
        for (left, right) in way.iter().zip(way.iter().skip(1)) {
            items.get_mut(*left).into_iter().for_each(|item| item.right.push(*right));
            items.get_mut(*right).into_iter().for_each(|item| item.left.push(*left));
        }
    }
    Ordered { items, columns: lists, ways, of_box }
}

/// Frames stand below each other in every column.
fn sort_lanes(ordered: &mut Ordered) {
    let items = &ordered.items;
    for list in &mut ordered.columns {
        list.sort_by_key(|at| items.get(*at).map(|item| item.lane));
    }
}

/// The position of each item in its column.
fn positions(ordered: &Ordered) -> Vec<usize> {
    let mut positions = vec![0; ordered.items.len()];
    for list in &ordered.columns {
        for (position, at) in list.iter().enumerate() {
            positions.get_mut(*at).into_iter().for_each(|slot| *slot = position);
        }
    }
    positions
}

/// Sorts one column by the middle of what its items are joined to; what is joined to nothing on that side stays.
fn sweep_column(ordered: &mut Ordered, column: usize, forwards: bool) {
    let positions = positions(ordered);
    let items = &ordered.items;
    let Some(list) = ordered.columns.get_mut(column) else { return };
    let mut keyed: Vec<(usize, f64, usize)> = Vec::new();
    for (position, at) in list.iter().enumerate() {
        let Some(item) = items.get(*at) else { continue };
        let joined = if forwards { &item.left } else { &item.right };
        let sum: usize = joined.iter().filter_map(|other| positions.get(*other)).sum();
        let middle = if joined.is_empty() { position as f64 } else { sum as f64 / joined.len() as f64 };
        keyed.push((item.lane, middle, *at));
    }
    keyed.sort_by(|left, right| left.0.cmp(&right.0).then(left.1.total_cmp(&right.1)));
    *list = keyed.into_iter().map(|(_, _, at)| at).collect();
}

/// How many pairs of arrows cross between neighbouring columns.
fn crossings(ordered: &Ordered) -> usize {
    let positions = positions(ordered);
    let position = |at: usize| positions.get(at).copied().unwrap_or_default();
    let mut count = 0;
    for list in &ordered.columns {
        let mut ends: Vec<usize> = Vec::new();
        for at in list {
            let Some(item) = ordered.items.get(*at) else { continue };
            let mut here: Vec<usize> = item.right.iter().map(|other| position(*other)).collect();
            here.sort_unstable();
            ends.append(&mut here);
        }
        count += inversions(&mut ends);
    }
    count
}

/// How many pairs stand in the wrong order; sorts on the way.
fn inversions(all: &mut [usize]) -> usize {
    if all.len() < 2 {
        return 0;
    }
    let (left, right) = all.split_at_mut(all.len() / 2);
    let mut count = inversions(left) + inversions(right);
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut rest, mut other) = (&*left, &*right);
    while let (Some((first, more)), Some((second, others))) = (rest.split_first(), other.split_first()) {
        if first <= second {
            merged.push(*first);
            rest = more;
        } else {
            count += rest.len();
            merged.push(*second);
            other = others;
        }
    }
    merged.extend(rest);
    merged.extend(other);
    all.copy_from_slice(&merged);
    count
}
