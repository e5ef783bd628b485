//! What is drawn stands apart, within the picture and the same each time.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::layout::{Rect, layout};
use crate::{Arrow, Frame, Node, Picture, Sort};

fn node(title: &str, ports: &[&str], frame: Option<usize>) -> Node {
    Node {
        address: title.to_owned(),
        title: title.to_owned(),
        kind: "kind".to_owned(),
        note: String::new(),
        count: 1,
        ports: ports.iter().map(|port| (*port).to_owned()).collect(),
        frame,
        tip: String::new(),
        at: String::new(),
    }
}

fn arrow(from: usize, to: usize, port: Option<usize>, sort: Sort) -> Arrow {
    Arrow { from, to, port, sort, tip: String::new() }
}

/// A picture made of a number, with circles, arrows to themselves, boxes that stand alone and boxes in no frame.
fn drawn_from(seed: u64) -> Picture {
    let mut state = seed.wrapping_mul(2).wrapping_add(1);
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let frames = next(4);
    let boxes = 1 + next(40);
    let mut picture = Picture { title: "p".to_owned(), subtitle: "s".to_owned(), ..Picture::default() };
    picture.frames = (0..frames).map(|at| Frame { title: format!("frame {at}") }).collect();
    for at in 0..boxes {
        let ports: Vec<String> = (0..next(4)).map(|port| format!("port{port}")).collect();
        let ports: Vec<&str> = ports.iter().map(String::as_str).collect();
        let frame = Some(next(frames + 1)).filter(|at| *at < frames);
        picture.boxes.push(node(&"name".repeat(1 + at % 9), &ports, frame));
    }
    for _ in 0..next(2 * boxes + 1) {
        let (from, to) = (next(boxes), next(boxes));
        let port = Some(next(4)).filter(|at| *at < picture.boxes[to].ports.len());
        picture.arrows.push(arrow(from, to, port, if next(3) == 0 { Sort::Use } else { Sort::Flow }));
    }
    picture
}

fn overlap(left: Rect, right: Rect) -> bool {
    left.x + 0.1 < right.x + right.width
        && right.x + 0.1 < left.x + left.width
        && left.y + 0.1 < right.y + right.height
        && right.y + 0.1 < left.y + left.height
}

fn inside(inner: Rect, outer: Rect) -> bool {
    outer.x <= inner.x + 0.1
        && outer.y <= inner.y + 0.1
        && inner.x + inner.width <= outer.x + outer.width + 0.1
        && inner.y + inner.height <= outer.y + outer.height + 0.1
}

#[test]
fn boxes_stand_apart_in_their_frames_and_arrows_run_around_them() {
    for seed in 0..150 {
        let picture = drawn_from(seed);
        let found = layout(&picture);
        let whole = Rect { x: 0.0, y: 0.0, width: found.width, height: found.height };
        for (at, rect) in found.boxes.iter().enumerate() {
            assert!(rect.width > 0.0 && inside(*rect, whole), "{seed}: box {at} at {rect:?} of {whole:?}");
            for (other, second) in found.boxes.iter().enumerate().skip(at + 1) {
                assert!(!overlap(*rect, *second), "{seed}: {at} {rect:?} and {other} {second:?}");
            }
            for (frame, around) in found.frames.iter().enumerate() {
                match picture.boxes[at].frame == Some(frame) {
                    true => assert!(inside(*rect, *around), "{seed}: {at} {rect:?} leaves its frame {around:?}"),
                    false => assert!(!overlap(*rect, *around), "{seed}: {at} {rect:?} in the frame {frame} {around:?}"),
                }
            }
        }
        for (arrow, points) in picture.arrows.iter().zip(&found.arrows) {
            let (from, to) = (found.boxes[arrow.from], found.boxes[arrow.to]);
            let touches = |rect: Rect, (x, y): (f64, f64)| {
                ((x - rect.x).abs() < 0.1 || (x - rect.x - rect.width).abs() < 0.1)
                    && rect.y < y
                    && y < rect.y + rect.height
            };
            assert!(touches(from, points[0]) && touches(to, *points.last().unwrap()), "{seed}: {arrow:?} {points:?}");
            // Where it passes a column no box stands.
            for pass in points[1..points.len() - 1].chunks(2) {
                let line = Rect { x: pass[0].0.min(pass[1].0), y: pass[0].1, width: 12.0, height: 0.2 };
                assert!(!found.boxes.iter().any(|rect| overlap(*rect, line)), "{seed}: {arrow:?} runs through a box");
            }
        }
        assert_eq!(picture.svg(), picture.clone().svg());
    }
}

#[test]
fn arrows_lead_to_the_right_where_there_is_no_circle() {
    let boxes = ["a", "b", "c"].map(|name| node(name, &["http 80/tcp"], Some(0))).to_vec();
    let frames = vec![Frame { title: "here".to_owned() }];
    let flow = |from, to| arrow(from, to, Some(0), Sort::Flow);
    let arrows = vec![flow(2, 1), flow(1, 0), flow(2, 0)];
    let found = layout(&Picture { boxes, frames, arrows, ..Picture::default() });
    assert!(found.boxes[2].x < found.boxes[1].x && found.boxes[1].x < found.boxes[0].x);
}

#[test]
fn what_a_text_holds_is_shown_and_never_read_as_markup() {
    let mut hostile = node("</text><script>alert(1)</script>\u{202e}\u{7}&\"", &["<b>"], None);
    hostile.tip = "a\nb".to_owned();
    hostile.at = "\"x".to_owned();
    let text = Picture { title: "<x>".to_owned(), boxes: vec![hostile], ..Picture::default() }.svg();
    assert!(!text.contains("<script") && !text.contains("<b>") && !text.contains("<x>"));
    assert!(!text.contains('\u{202e}') && !text.contains('\u{7}') && text.contains("\\u{202e}\\u{7}&amp;&quot;"));
    assert!(is_balanced(&text), "{text}");
    assert!(text.contains("data-at=\"&quot;x\"") && text.contains("<title>a&#10;b</title>"));
}

/// Whether each tag is closed where it has to be.
fn is_balanced(text: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    for tag in text.split('<').skip(1) {
        let Some((tag, _)) = tag.split_once('>') else { return false };
        let name = tag.split([' ', '\n']).next().unwrap_or_default();
        match name.strip_prefix('/') {
            Some(closed) if open.pop() != Some(closed) => return false,
            Some(_) => {}
            None if tag.ends_with('/') => {}
            None => open.push(name),
        }
        if tag.matches('"').count() % 2 != 0 {
            return false;
        }
    }
    open.is_empty()
}

#[test]
fn the_document_is_well_formed() {
    for seed in 0..20 {
        let text = drawn_from(seed).svg();
        assert!(is_balanced(&text), "{seed}: {text}");
    }
    assert!(!is_balanced("<a><b></a>") && !is_balanced("<a x=\"></a>") && !is_balanced("<a"));
}

#[test]
fn an_empty_picture_is_a_picture() {
    let text = Picture { title: "nothing".to_owned(), ..Picture::default() }.svg();
    assert!(text.starts_with("<svg ") && text.ends_with("</svg>\n") && !text.contains("NaN") && !text.contains("inf"));
}
