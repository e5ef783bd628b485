//! `ordered([for s in ["b", "a"] by (if s == "b" then ["a"] else []): s])` is `["a", "b"]`.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rustc_hash::FxHashMap;
use source::list_of;
use value::{Fault, Store, ValueId};

use crate::builtins::arguments::{elements, pairs};
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "ordered",
    signature: "(list: [by [T]: T]) -> [T]",
    docs: "The elements so that each stands behind those that its key names, and else in their order: `ordered([for t in tasks by t.after: t])`.",
    examples: &[
        (
            r#"ordered([for k, after in { run = ["copy"], copy = ["install"], install = [] } by after: k])"#,
            r#"["install", "copy", "run"]"#,
        ),
        (r#"ordered([for n in [3, 2, 1] by (if n == 3 then [1] else []): n])"#, "[2, 1, 3]"),
    ],
    evaluate,
    later: Later::Shape,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let pairs = pairs(store, args, 0)?;
    let mut places: FxHashMap<ValueId, Vec<usize>> = FxHashMap::default();
    for (at, (_, element)) in pairs.iter().enumerate() {
        places.entry(store.folded(*element)).or_default().push(at);
    }
    let mut before: Vec<Vec<usize>> = Vec::with_capacity(pairs.len());
    for (key, element) in &pairs {
        let mut named = Vec::new();
        for other in elements(store, &[*key], 0)? {
            match places.get(&store.folded(*other)) {
                Some(found) => named.extend(found),
                None => return Err(not_among_them(store, *other, *element)),
            }
        }
        named.sort_unstable();
        named.dedup();
        before.push(named);
    }
    let order = order(&before).map_err(|circle| {
        let names = circle.into_iter().filter_map(|at| pairs.get(at)).map(|(_, element)| store.show_short(*element));
        let names: Vec<String> = names.collect();
        Fault::new(
            "circle",
            format!("each of {} comes behind another of them", list_of(names.iter().map(String::as_str))),
            "one of them has to come first: let it name none of the others",
        )
    })?;
    let ordered: Vec<ValueId> = order.into_iter().filter_map(|at| pairs.get(at)).map(|(_, element)| *element).collect();
    Ok(store.list(ordered))
}

/// The positions so that each stands behind those before it, the first that may come coming first; else those in circles.
fn order(before: &[Vec<usize>]) -> Result<Vec<usize>, Vec<usize>> {
    let mut behind: Vec<Vec<usize>> = vec![Vec::new(); before.len()];
    let mut open: Vec<usize> = before.iter().map(Vec::len).collect();
    for (at, named) in before.iter().enumerate() {
        for other in named {
            if let Some(behind) = behind.get_mut(*other) {
                behind.push(at);
            }
        }
    }
    let ready = open.iter().enumerate().filter(|(_, open)| **open == 0).map(|(at, _)| Reverse(at));
    let mut ready: BinaryHeap<Reverse<usize>> = ready.collect();
    let mut order = Vec::with_capacity(before.len());
    while let Some(Reverse(at)) = ready.pop() {
        order.push(at);
        for next in behind.get(at).into_iter().flatten() {
            if let Some(open) = open.get_mut(*next) {
                *open -= 1;
                if *open == 0 {
                    ready.push(Reverse(*next));
                }
            }
        }
    }
    if order.len() == before.len() { Ok(order) } else { Err(in_circles(before, &open)) }
}

/// Of the positions that never came, those that name each other: who only stands behind a circle is not in it.
fn in_circles(before: &[Vec<usize>], open: &[usize]) -> Vec<usize> {
    let mut left: Vec<bool> = open.iter().map(|open| *open > 0).collect();
    let is_named = |left: &[bool], at: usize| {
        before.iter().enumerate().any(|(by, named)| left.get(by) == Some(&true) && named.contains(&at))
    };
    loop {
        let free = (0..left.len()).find(|at| left.get(*at) == Some(&true) && !is_named(&left, *at));
        match free.and_then(|at| left.get_mut(at)) {
            Some(free) => *free = false,
            None => break,
        }
    }
    (0..left.len()).filter(|at| left.get(*at) == Some(&true)).collect()
}

fn not_among_them(store: &Store, other: ValueId, element: ValueId) -> Fault {
    let (other, element) = (store.show_short(other), store.show_short(element));
    Fault::new(
        "no_such_element",
        format!("{element} comes behind {other}, which is not in the list"),
        "name elements of the list alone, as they stand behind the `:`; leave others out: `[for a in x.after if a in xs: a]`",
    )
}
