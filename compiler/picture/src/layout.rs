//! The picture in pixels: where each box, frame and arrow is.

use crate::columns::{Columns, Side, columns, sides};
use crate::order::{Ordered, order};
use crate::rows::{GAP, Joint, rows, settle_free};
use crate::text;
use crate::{Arrow, Node, Picture, Sort};

/// Letters of titles, and of all else.
pub(crate) const LARGE: f64 = 13.0;
pub(crate) const SMALL: f64 = 11.0;
/// Bold letters are as wide as larger ones.
pub(crate) const BOLD: f64 = LARGE * 1.06;
/// Between the border of a box and its texts.
pub(crate) const PAD: f64 = 12.0;
/// The height of a box without its ports, and of a port.
pub(crate) const HEAD: f64 = 46.0;
pub(crate) const PORT: f64 = 19.0;
/// Around everything.
pub(crate) const MARGIN: f64 = 24.0;
/// What the title takes.
const TITLE: f64 = 58.0;
/// What stands beneath all else: what the arrows mean.
const LEGEND: f64 = 34.0;
/// Between columns, where arrows rise and fall.
const BETWEEN: f64 = 96.0;
/// The title of a frame, and what is free beside and below what stands in it.
const FRAME_HEAD: f64 = 34.0;
const FRAME_PAD: f64 = 18.0;
/// Between what is above each other.
const LANES: f64 = 22.0;
/// How wide a box is at least and at most, and a column that arrows pass only.
const NARROW: f64 = 104.0;
const WIDE: f64 = 290.0;
const BEND: f64 = 12.0;
/// What is wider than this wraps: boxes without arrows.
const LINE: f64 = 1_000.0;

#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(crate) struct Rect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// Where everything is.
pub(crate) struct Layout {
    pub width: f64,
    pub height: f64,
    pub frames: Vec<Rect>,
    pub boxes: Vec<Rect>,
    /// By arrow: the points that it passes; every second stretch, from the first, lies between columns.
    pub arrows: Vec<Vec<(f64, f64)>>,
    /// The left end of what the arrows mean.
    pub legend: (f64, f64),
}

/// Lays a picture out.
pub(crate) fn layout(picture: &Picture) -> Layout {
    let sides = sides(picture);
    let columns = columns(picture, &sides);
    let ordered = order(picture, &columns, &sides);
    let heights: Vec<f64> =
        ordered.items.iter().map(|item| node_of(picture, item.node).map_or(6.0, box_height)).collect();
    let joints = joints(picture, &columns, &ordered);
    let mut tops = rows(&ordered, &heights, &joints);
    let across = Across::new(picture, &ordered, &sides);
    let mut down = Down { y: MARGIN + TITLE, frames: Vec::new() };
    let mut alone = vec![None; picture.boxes.len()];
    let behind = picture.frames.len();
    for lane in 0..=behind {
        stack(picture, &ordered, lane, &heights, &mut tops, &across, &mut down, &mut alone);
    }
    settle_free(&ordered, behind + 1, &heights, &joints, &mut tops);
    let bottom = free_rows(&ordered, behind + 1, &heights, &mut tops).max(down.y);
    let boxes: Vec<Rect> = (picture.boxes.iter().enumerate())
        .map(|(at, node)| match ordered.of_box.get(at).copied().flatten() {
            Some(item) => {
                let column = ordered.items.get(item).map_or(0, |item| item.column);
                let (x, width) = across.columns.get(column).copied().unwrap_or_default();
                Rect { x, y: tops.get(item).copied().unwrap_or_default(), width, height: box_height(node) }
            }
            None => alone.get(at).copied().flatten().unwrap_or_default(),
        })
        .collect();
    let arrows = (picture.arrows.iter().enumerate())
        .map(|(at, arrow)| {
            let backwards = columns.backwards.get(at).copied().unwrap_or_default();
            let way = ordered.ways.get(at).map(Vec::as_slice).unwrap_or_default();
            points(picture, arrow, backwards, way, &ordered, &tops, &across, &boxes)
        })
        .collect();
    let title = text::width(&picture.title, 18.0).max(text::width(&picture.subtitle, SMALL));
    Layout {
        width: (across.right + MARGIN).max(title + 2.0 * MARGIN).max(440.0),
        height: bottom + LEGEND + MARGIN,
        frames: down.frames,
        boxes,
        arrows,
        legend: (MARGIN, bottom + LEGEND / 2.0),
    }
}

fn node_of(picture: &Picture, node: Option<usize>) -> Option<&Node> {
    picture.boxes.get(node?)
}

fn box_height(node: &Node) -> f64 {
    let ports = node.ports.len() as f64 * PORT;
    if node.ports.is_empty() { HEAD } else { HEAD + ports + 4.0 }
}

/// The badge of a box that stands for several things.
pub(crate) fn badge(node: &Node) -> String {
    if node.count > 1 { format!("×{}", node.count) } else { String::new() }
}

fn box_width(node: &Node) -> f64 {
    let badge = badge(node);
    let badge = if badge.is_empty() { 0.0 } else { text::width(&badge, SMALL) + 22.0 };
    let texts = [text::width(&node.title, BOLD) + badge, text::width(&node.beneath(), SMALL)];
    let ports = node.ports.iter().map(|port| text::width(port, SMALL));
    (texts.into_iter().chain(ports).fold(0.0, f64::max) + 2.0 * PAD + 1.0).clamp(NARROW, WIDE)
}

/// How far beneath the top of its box an arrow begins.
fn begins(sort: Sort) -> f64 {
    match sort {
        Sort::Flow => 18.0,
        Sort::Use => 33.0,
    }
}

/// How far beneath the top of its box an arrow ends.
fn ends(arrow: &Arrow) -> f64 {
    match (arrow.port, arrow.sort) {
        (Some(port), _) => HEAD + port as f64 * PORT + PORT / 2.0,
        (None, Sort::Flow) => 18.0,
        (None, Sort::Use) => 30.0,
    }
}

/// How far beneath the tops of its first and last item, from the left, an arrow touches them.
fn touches(arrow: &Arrow, backwards: bool) -> (f64, f64) {
    if backwards { (ends(arrow), begins(arrow.sort)) } else { (begins(arrow.sort), ends(arrow)) }
}

fn joints(picture: &Picture, columns: &Columns, ordered: &Ordered) -> Vec<Joint> {
    let mut joints = Vec::new();
    for ((arrow, backwards), way) in picture.arrows.iter().zip(&columns.backwards).zip(&ordered.ways) {
        let (first, last) = touches(arrow, *backwards);
        let steps = way.len().saturating_sub(1);
        for (step, (left, right)) in way.iter().zip(way.iter().skip(1)).enumerate() {
            let left_at = if step == 0 { first } else { 3.0 };
            let right_at = if step + 1 == steps { last } else { 3.0 };
            joints.push(Joint { left: *left, right: *right, left_at, right_at });
        }
    }
    joints
}

/// What is where from left to right.
struct Across {
    /// The left end and the width of each column.
    columns: Vec<(f64, f64)>,
    /// Where frames begin and end.
    frames: (f64, f64),
    /// The right end of everything.
    right: f64,
}

impl Across {
    fn new(picture: &Picture, ordered: &Ordered, sides: &[Side]) -> Self {
        let lone: Vec<&Node> = lone(picture, ordered).map(|(_, node)| node).collect();
        let cell = lone.iter().map(|node| box_width(node)).fold(0.0, f64::max);
        let most = (0..=picture.frames.len())
            .map(|lane| lone.iter().filter(|node| node.frame.unwrap_or(picture.frames.len()) == lane).count())
            .max()
            .unwrap_or_default();
        let wanted = (most as f64 * (cell + GAP) - GAP).clamp(0.0, LINE.max(cell));
        let titles = picture.frames.iter().map(|frame| text::width(&frame.title, SMALL) + 8.0).fold(0.0, f64::max);
        let side = |column: &[usize]| {
            let first = column.first().and_then(|item| ordered.items.get(*item)).and_then(|item| item.node);
            first.and_then(|node| sides.get(node)).copied().unwrap_or(Side::Among)
        };
        let (mut x, mut columns) = (MARGIN, Vec::new());
        let (mut start, mut end) = (None, MARGIN);
        for list in &ordered.columns {
            let nodes = list.iter().filter_map(|item| ordered.items.get(*item)?.node);
            let width = nodes.filter_map(|at| picture.boxes.get(at)).map(box_width).fold(BEND, f64::max);
            match side(list) {
                Side::Before => {}
                Side::Among if start.is_none() => {
                    start = Some(x);
                    x += FRAME_PAD;
                }
                Side::Among => {}
                Side::Behind => x = x.max(start.unwrap_or(x) + wanted.max(titles) + 2.0 * FRAME_PAD + BETWEEN),
            }
            columns.push((x, width));
            if side(list) == Side::Among {
                end = x + width + FRAME_PAD;
            }
            x += width + BETWEEN;
        }
        let start = start.unwrap_or(x);
        let end = end.max(start + wanted.max(titles) + 2.0 * FRAME_PAD);
        let last = columns.last().map_or(MARGIN, |(x, width)| x + width);
        Self { columns, frames: (start, end), right: last.max(end) }
    }
}

/// Boxes that no arrow touches.
fn lone<'a>(picture: &'a Picture, ordered: &'a Ordered) -> impl Iterator<Item = (usize, &'a Node)> {
    let is_lone = |at: usize| ordered.of_box.get(at).copied().flatten().is_none();
    picture.boxes.iter().enumerate().filter(move |(at, _)| is_lone(*at))
}

/// What is where from the top to the bottom.
struct Down {
    y: f64,
    frames: Vec<Rect>,
}

/// Puts one lane below those before it: what arrows join, then what they do not.
#[expect(clippy::too_many_arguments, reason = "all of them are one picture on its way to pixels")]
fn stack(
    picture: &Picture,
    ordered: &Ordered,
    lane: usize,
    heights: &[f64],
    tops: &mut [f64],
    across: &Across,
    down: &mut Down,
    alone: &mut [Option<Rect>],
) {
    let is_frame = lane < picture.frames.len();
    let mine: Vec<usize> =
        ordered.items.iter().enumerate().filter(|(_, item)| item.lane == lane).map(|(at, _)| at).collect();
    let lone: Vec<(usize, &Node)> =
        lone(picture, ordered).filter(|(_, node)| node.frame.unwrap_or(picture.frames.len()) == lane).collect();
    if mine.is_empty() && lone.is_empty() {
        if is_frame {
            down.frames.push(Rect::default());
        }
        return;
    }
    let top = down.y;
    let mut y = top + if is_frame { FRAME_HEAD } else { 4.0 };
    let mut bottom = y;
    for item in &mine {
        if let Some(slot) = tops.get_mut(*item) {
            *slot += y;
            bottom = bottom.max(*slot + heights.get(*item).copied().unwrap_or_default());
        }
    }
    if !mine.is_empty() && !lone.is_empty() {
        bottom += LANES;
    }
    y = bottom;
    let (left, right) = (across.frames.0 + FRAME_PAD, across.frames.1 - FRAME_PAD);
    let cell = lone.iter().map(|(_, node)| box_width(node)).fold(0.0, f64::max);
    let (mut x, mut tallest) = (left, 0.0_f64);
    for (at, node) in lone {
        if x > left && x + cell > right + 0.5 {
            (x, y, tallest) = (left, y + tallest + GAP, 0.0);
        }
        let rect = Rect { x, y, width: cell, height: box_height(node) };
        alone.get_mut(at).into_iter().for_each(|slot| *slot = Some(rect));
        tallest = tallest.max(rect.height);
        x += cell + GAP;
    }
    y += tallest;
    if is_frame {
        y += FRAME_PAD;
        let (x, end) = across.frames;
        down.frames.push(Rect { x, y: top, width: end - x, height: y - top });
    }
    down.y = y + LANES;
}

/// Moves what has a column of its own below the title, and says where it ends.
fn free_rows(ordered: &Ordered, lane: usize, heights: &[f64], tops: &mut [f64]) -> f64 {
    let mut bottom = 0.0_f64;
    for list in &ordered.columns {
        let free = || list.iter().copied().filter(|at| ordered.items.get(*at).is_some_and(|item| item.lane == lane));
        let first = free().filter_map(|at| tops.get(at)).copied().fold(f64::INFINITY, f64::min);
        let shift = (MARGIN + TITLE - first).max(0.0);
        for at in free() {
            if let Some(top) = tops.get_mut(at) {
                *top += shift;
                bottom = bottom.max(*top + heights.get(at).copied().unwrap_or_default());
            }
        }
    }
    bottom
}

/// The points of an arrow from its begin to its end.
#[expect(clippy::too_many_arguments, reason = "all of them are one picture on its way to pixels")]
fn points(
    picture: &Picture,
    arrow: &Arrow,
    backwards: bool,
    way: &[usize],
    ordered: &Ordered,
    tops: &[f64],
    across: &Across,
    boxes: &[Rect],
) -> Vec<(f64, f64)> {
    if way.is_empty() {
        // To itself, or to a box that is not there.
        let Some(rect) = boxes.get(arrow.from).filter(|_| arrow.to < picture.boxes.len()) else { return Vec::new() };
        let right = rect.x + rect.width;
        return vec![
            (right, rect.y + begins(arrow.sort)),
            (right, rect.y + ends(arrow).max(begins(arrow.sort) + 12.0)),
        ];
    }
    let (first, last) = touches(arrow, backwards);
    let mut points = Vec::new();
    for (step, item) in way.iter().enumerate() {
        let Some(found) = ordered.items.get(*item) else { continue };
        let (x, width) = across.columns.get(found.column).copied().unwrap_or_default();
        let top = tops.get(*item).copied().unwrap_or_default();
        if step == 0 {
            points.push((x + width, top + first));
        } else if step + 1 == way.len() {
            points.push((x, top + last));
        } else {
            points.extend([(x, top + 3.0), (x + width, top + 3.0)]);
        }
    }
    if backwards {
        points.reverse();
    }
    points
}
