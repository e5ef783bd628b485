//! Paths below an address, as they are asked for and as code is followed along them.

use source::Name;
use value::Step;

/// One step of a path.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Hop {
    /// A field of a record or an entry of a map.
    Name(Name),
    /// A position in a list.
    At(u32),
    /// Some element: which one is not known here.
    Any,
}

/// The same path in steps of an emitted body.
pub(crate) fn hops(steps: &[Step]) -> Vec<Hop> {
    let hop = |step: &Step| match step {
        Step::Field(name) | Step::Key(name) => Hop::Name(*name),
        Step::Index(at) | Step::Element(at) => Hop::At(*at),
        Step::First => Hop::At(0),
    };
    steps.iter().map(hop).collect()
}

/// `spec.containers[0].env["A B"]`
pub(crate) fn text(path: &[Hop]) -> String {
    let mut text = String::new();
    for hop in path {
        match hop {
            Hop::Name(name) => {
                let plain = !name.text().is_empty()
                    && name.text().chars().all(|letter| letter.is_alphanumeric() || letter == '_' || letter == '-');
                if !plain {
                    text.push_str(&format!("[{}]", value::quoted(name.text())));
                } else if text.is_empty() {
                    text.push_str(name.text());
                } else {
                    text.push_str(&format!(".{name}"));
                }
            }
            Hop::At(at) => text.push_str(&format!("[{at}]")),
            Hop::Any => text.push_str("[…]"),
        }
    }
    text
}

/// `.spec` or `["A B"]`: a name as it follows an address.
pub(crate) fn step_text(name: Name) -> String {
    let text = text(&[Hop::Name(name)]);
    if text.starts_with('[') { text } else { format!(".{text}") }
}

/// Reads `.spec.containers[0].env["A B"]`, with or without the first dot; none when it is not a path.
pub(crate) fn parse(text: &str) -> Option<Vec<Hop>> {
    let mut path = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(inside) = rest.strip_prefix("[\"") {
            let (key, after) = inside.split_once("\"]")?;
            path.push(Hop::Name(Name::new(key)));
            rest = after;
        } else if let Some(inside) = rest.strip_prefix('[') {
            let (at, after) = inside.split_once(']')?;
            path.push(Hop::At(at.parse().ok()?));
            rest = after;
        } else {
            let name = rest.strip_prefix('.').unwrap_or(rest);
            let end = name.find(['.', '[']).unwrap_or(name.len());
            let (name, after) = name.split_at(end);
            if name.is_empty() {
                return None;
            }
            path.push(Hop::Name(Name::new(name)));
            rest = after;
        }
    }
    Some(path)
}
