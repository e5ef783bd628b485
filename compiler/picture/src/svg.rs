//! The document: frames first, then arrows, then titles of frames and boxes above them. Every shape has a `<title>` for those who point at it or have it
//! read to them, and `data-` attributes for programs.

use std::fmt::Write as _;

use crate::layout::{BOLD, HEAD, Layout, MARGIN, PAD, PORT, Rect, SMALL, badge};
use crate::style::STYLE;
use crate::text::{escaped, fitted, width};
use crate::{Arrow, Node, Picture, Sort};

/// So many arrows are told in the description of a picture.
const TOLD: usize = 200;

/// Draws it.
pub(crate) fn svg(picture: &Picture, layout: &Layout) -> String {
    let (width, height) = (number(layout.width), number(layout.height));
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"picture-title picture-description\">"
    );
    let _ = writeln!(out, "<title id=\"picture-title\">{}</title>", escaped(&picture.title));
    let _ = writeln!(out, "<desc id=\"picture-description\">{}</desc>", escaped(&description(picture)));
    let _ = writeln!(out, "<style>\n{STYLE}</style>");
    let _ = writeln!(out, "<defs>\n{}{}</defs>", head("flow"), head("use"));
    let _ = writeln!(out, "<rect class=\"ground\" width=\"100%\" height=\"100%\"/>");
    let room = layout.width - 2.0 * MARGIN;
    text(&mut out, "title", (MARGIN, MARGIN + 16.0), &fitted(&picture.title, 18.0, room));
    text(&mut out, "small", (MARGIN, MARGIN + 36.0), &fitted(&picture.subtitle, SMALL, room));
    for (frame, rect) in picture.frames.iter().zip(&layout.frames).filter(|(_, rect)| rect.width > 0.0) {
        let title = escaped(&frame.title);
        let _ = writeln!(out, "<g class=\"frame\" data-platform=\"{title}\">\n<title>{title}</title>");
        rectangle(&mut out, *rect, 10.0);
        out.push_str("</g>\n");
    }
    for sort in [Sort::Use, Sort::Flow] {
        for (arrow, points) in picture.arrows.iter().zip(&layout.arrows).filter(|(arrow, _)| arrow.sort == sort) {
            draw_arrow(&mut out, picture, arrow, points);
        }
    }
    // Above the arrows, with a rim that keeps them readable.
    for (frame, rect) in picture.frames.iter().zip(&layout.frames).filter(|(_, rect)| rect.width > 0.0) {
        let title = fitted(&frame.title, SMALL, rect.width - 28.0);
        text(&mut out, "small head", (rect.x + 14.0, rect.y + 21.0), &title);
    }
    for (node, rect) in picture.boxes.iter().zip(&layout.boxes) {
        draw_box(&mut out, node, *rect);
    }
    legend(&mut out, picture, layout.legend);
    out.push_str("</svg>\n");
    out
}

/// The picture in words.
fn description(picture: &Picture) -> String {
    let mut text = format!("{}.", picture.subtitle);
    let name = |at: usize| picture.boxes.get(at).map_or("", |node| node.title.as_str());
    let flows = || picture.arrows.iter().filter(|arrow| arrow.sort == Sort::Flow);
    for arrow in flows().take(TOLD) {
        let port = port_of(picture, arrow).map_or_else(String::new, |port| format!(", {port}"));
        text.push_str(&format!(" {} may call {}{port}.", name(arrow.from), name(arrow.to)));
    }
    if let Some(more @ 1..) = flows().count().checked_sub(TOLD) {
        text.push_str(&format!(" And {more} more."));
    }
    text
}

fn port_of<'a>(picture: &'a Picture, arrow: &Arrow) -> Option<&'a str> {
    picture.boxes.get(arrow.to)?.ports.get(arrow.port?).map(String::as_str)
}

fn class(sort: Sort) -> &'static str {
    match sort {
        Sort::Flow => "flow",
        Sort::Use => "use",
    }
}

/// The head of an arrow, as wide as it is whatever the line.
fn head(class: &str) -> String {
    format!(
        "<marker id=\"{class}-head\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"9\" markerHeight=\"9\" markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"{class}-head\" d=\"M0 1 10 5 0 9z\"/></marker>\n"
    )
}

fn draw_arrow(out: &mut String, picture: &Picture, arrow: &Arrow, points: &[(f64, f64)]) {
    let Some(path) = path(points, arrow.from == arrow.to) else { return };
    let address = |at: usize| picture.boxes.get(at).map_or_else(String::new, |node| escaped(&node.address));
    let class = class(arrow.sort);
    let port = port_of(picture, arrow).map_or_else(String::new, |port| format!(" data-port=\"{}\"", escaped(port)));
    let _ = writeln!(
        out,
        "<g class=\"arrow\" data-sort=\"{class}\" data-from=\"{}\" data-to=\"{}\"{port}><title>{}</title><path class=\"{class}\" marker-end=\"url(#{class}-head)\" d=\"{path}\"/></g>",
        address(arrow.from),
        address(arrow.to),
        escaped(&arrow.tip),
    );
}

/// A curve between columns, a line across one.
fn path(points: &[(f64, f64)], to_itself: bool) -> Option<String> {
    let ((x, y), rest) = points.split_first()?;
    let mut path = format!("M{} {}", number(*x), number(*y));
    let mut before = (*x, *y);
    for (step, (x, y)) in rest.iter().enumerate() {
        let end = format!("{} {}", number(*x), number(*y));
        if to_itself {
            let out = number(x + 34.0);
            path.push_str(&format!(" C{out} {} {out} {} {end}", number(before.1), number(*y)));
        } else if step % 2 == 0 {
            let middle = number((before.0 + x) / 2.0);
            path.push_str(&format!(" C{middle} {} {middle} {} {end}", number(before.1), number(*y)));
        } else {
            path.push_str(&format!(" L{end}"));
        }
        before = (*x, *y);
    }
    Some(path)
}

fn draw_box(out: &mut String, node: &Node, rect: Rect) {
    let class = if node.kind.is_empty() { "box outside" } else { "box" };
    let at = if node.at.is_empty() { String::new() } else { format!(" data-at=\"{}\"", escaped(&node.at)) };
    let _ = writeln!(
        out,
        "<g class=\"{class}\" data-address=\"{}\" data-kind=\"{}\"{at}>\n<title>{}</title>",
        escaped(&node.address),
        escaped(&node.kind),
        escaped(&node.tip)
    );
    let corner = if node.kind.is_empty() { 16.0 } else { 6.0 };
    if node.count > 1 {
        rectangle(out, Rect { x: rect.x + 4.0, y: rect.y + 4.0, ..rect }, corner);
    }
    rectangle(out, rect, corner);
    let badge = badge(node);
    let taken = if badge.is_empty() { 0.0 } else { width(&badge, SMALL) + 10.0 };
    let room = rect.width - 2.0 * PAD;
    let title = fitted(&node.title, BOLD, room - taken);
    let baseline = if node.kind.is_empty() { rect.y + HEAD / 2.0 + 4.5 } else { rect.y + 21.0 };
    text(out, "name", (rect.x + PAD, baseline), &title);
    if !badge.is_empty() {
        let x = number(rect.x + rect.width - PAD);
        let _ = writeln!(
            out,
            "<text class=\"badge\" x=\"{x}\" y=\"{}\" text-anchor=\"end\">{badge}</text>",
            number(rect.y + 21.0)
        );
    }
    text(out, "small", (rect.x + PAD, rect.y + 37.0), &fitted(&node.beneath(), SMALL, room));
    for (at, port) in node.ports.iter().enumerate() {
        let top = rect.y + HEAD + at as f64 * PORT;
        let (left, right, top_text) = (number(rect.x), number(rect.x + rect.width), number(top));
        let _ = writeln!(
            out,
            "<path class=\"line\" d=\"M{left} {top_text} H{right}\"/><circle class=\"dot\" cx=\"{left}\" cy=\"{}\" r=\"2.5\"/>",
            number(top + PORT / 2.0)
        );
        text(out, "port", (rect.x + PAD, top + 13.5), &fitted(port, SMALL, room));
    }
    out.push_str("</g>\n");
}

/// What the arrows mean.
fn legend(out: &mut String, picture: &Picture, (x, y): (f64, f64)) {
    let mut x = x;
    for (sort, meaning) in [(Sort::Flow, "may call"), (Sort::Use, "needs")] {
        if !picture.arrows.iter().any(|arrow| arrow.sort == sort) {
            continue;
        }
        let class = class(sort);
        let (start, end, line) = (number(x), number(x + 34.0), number(y - 4.0));
        let _ = writeln!(
            out,
            "<path class=\"{class}\" marker-end=\"url(#{class}-head)\" d=\"M{start} {line} {end} {line}\"/>"
        );
        text(out, "small", (x + 42.0, y), meaning);
        x += 42.0 + width(meaning, SMALL) + 28.0;
    }
}

fn rectangle(out: &mut String, rect: Rect, corner: f64) {
    let [x, y, width, height, corner] = [rect.x, rect.y, rect.width, rect.height, corner].map(number);
    let _ = writeln!(out, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{corner}\"/>");
}

fn text(out: &mut String, class: &str, (x, y): (f64, f64), text: &str) {
    if !text.is_empty() {
        let _ =
            writeln!(out, "<text class=\"{class}\" x=\"{}\" y=\"{}\">{}</text>", number(x), number(y), escaped(text));
    }
}

/// A number with at most one digit behind the point.
fn number(value: f64) -> String {
    let tenths = (value * 10.0).round() as i64;
    match tenths % 10 {
        0 => (tenths / 10).to_string(),
        rest => format!("{}{}.{}", if tenths < 0 { "-" } else { "" }, (tenths / 10).abs(), rest.abs()),
    }
}
