//! Which column a box stands in: arrows lead to the right, but for those that would close a circle.

use crate::{Picture, Sort};

/// Where the boxes stand.
pub(crate) struct Columns {
    /// The column of each box; none: no arrow touches it.
    pub of: Vec<Option<usize>>,
    /// By arrow: whether it leads to the left.
    pub backwards: Vec<bool>,
    /// How many columns there are.
    pub count: usize,
}

/// What kind of end a box without a frame is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Side {
    /// It only calls: it stands before all others.
    Before,
    /// It is only called: it stands behind all others.
    Behind,
    /// It stands among the others.
    Among,
}

/// The side of each box.
pub(crate) fn sides(picture: &Picture) -> Vec<Side> {
    let side = |(at, node): (usize, &crate::Node)| {
        let calls = picture.arrows.iter().any(|arrow| arrow.from == at && arrow.to != at);
        let called = picture.arrows.iter().any(|arrow| arrow.to == at && arrow.from != at);
        match (node.frame, calls, called) {
            (None, true, false) => Side::Before,
            (None, false, true) => Side::Behind,
            _ => Side::Among,
        }
    };
    picture.boxes.iter().enumerate().map(side).collect()
}

/// Puts each box right of all that lead to it.
pub(crate) fn columns(picture: &Picture, sides: &[Side]) -> Columns {
    let count = picture.boxes.len();
    let next = successors(picture);
    let (order, backwards) = depth_first(picture, &next);
    let mut touched = vec![false; count];
    let mut entered = vec![false; count];
    for arrow in picture.arrows.iter().filter(|arrow| arrow.from != arrow.to) {
        [arrow.from, arrow.to].into_iter().for_each(|end| set(&mut touched, end, true));
        set(&mut entered, arrow.to, true);
    }
    let has = |side: Side| sides.contains(&side);
    let first = usize::from(has(Side::Before));
    let start = |side: &Side| if *side == Side::Before { 0 } else { first };
    let mut column: Vec<usize> = sides.iter().map(start).collect();
    for from in &order {
        let here = column.get(*from).copied().unwrap_or_default();
        for (to, arrow) in next.get(*from).into_iter().flatten() {
            if !is(&backwards, *arrow) {
                let there = column.get(*to).copied().unwrap_or_default();
                set(&mut column, *to, there.max(here + 1));
            }
        }
    }
    // Nothing leads to it: it stands beside what it leads to.
    for from in order.iter().rev() {
        let forwards = next.get(*from).into_iter().flatten().filter(|(_, arrow)| !is(&backwards, *arrow));
        let nearest = forwards.filter_map(|(to, _)| column.get(*to)).min().copied();
        if let (false, Some(nearest), Some(Side::Among)) = (is(&entered, *from), nearest, sides.get(*from)) {
            set(&mut column, *from, nearest.saturating_sub(1));
        }
    }
    let last = sides.iter().zip(&column).zip(&touched);
    let last = last.filter(|((side, _), touched)| **side != Side::Behind && **touched).map(|((_, at), _)| *at).max();
    let behind = last.map_or(first, |last| last + 1);
    for (at, side) in column.iter_mut().zip(sides) {
        if *side == Side::Behind {
            *at = behind;
        }
    }
    let of: Vec<Option<usize>> = column.iter().zip(&touched).map(|(at, touched)| touched.then_some(*at)).collect();
    let count = of.iter().flatten().max().map_or(0, |last| last + 1);
    Columns { of, backwards, count }
}

/// The boxes that each box leads to, with the arrow; flows before uses, so that of a circle a use is turned round.
fn successors(picture: &Picture) -> Vec<Vec<(usize, usize)>> {
    let mut next = vec![Vec::new(); picture.boxes.len()];
    for sort in [Sort::Flow, Sort::Use] {
        for (at, arrow) in picture.arrows.iter().enumerate() {
            if arrow.sort == sort
                && arrow.from != arrow.to
                && arrow.to < picture.boxes.len()
                && let Some(all) = next.get_mut(arrow.from)
            {
                all.push((arrow.to, at));
            }
        }
    }
    next
}

/// The boxes in an order in which all arrows lead on but for some, which are told.
fn depth_first(picture: &Picture, next: &[Vec<(usize, usize)>]) -> (Vec<usize>, Vec<bool>) {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        No,
        Open,
        Done,
    }
    let count = picture.boxes.len();
    let mut seen = vec![Seen::No; count];
    let mut backwards = vec![false; picture.arrows.len()];
    let mut finished = Vec::with_capacity(count);
    let is_entered = |at: usize| picture.arrows.iter().any(|arrow| arrow.to == at && arrow.from != at);
    let (later, roots): (Vec<usize>, Vec<usize>) = (0..count).partition(|at| is_entered(*at));
    for root in roots.into_iter().chain(later) {
        if seen.get(root) != Some(&Seen::No) {
            continue;
        }
        set(&mut seen, root, Seen::Open);
        let mut open = vec![(root, 0)];
        while let Some((at, done)) = open.last_mut() {
            let at = *at;
            let Some((to, arrow)) = next.get(at).and_then(|next| next.get(*done)).copied() else {
                set(&mut seen, at, Seen::Done);
                finished.push(at);
                open.pop();
                continue;
            };
            *done += 1;
            match seen.get(to) {
                Some(Seen::No) => {
                    set(&mut seen, to, Seen::Open);
                    open.push((to, 0));
                }
                Some(Seen::Open) => set(&mut backwards, arrow, true),
                Some(Seen::Done) | None => {}
            }
        }
    }
    finished.reverse();
    (finished, backwards)
}

fn set<T>(all: &mut [T], at: usize, value: T) {
    if let Some(slot) = all.get_mut(at) {
        *slot = value;
    }
}

fn is(all: &[bool], at: usize) -> bool {
    all.get(at).copied().unwrap_or_default()
}
