//! Where the flows of a program are written.

use check::checked::{Checked, Fields, InputPart};
use check::code::{Code, CodeKind, ListPart};
use rustc_hash::FxHashMap;
use source::{Name, Place};

/// Where each flow is written, by its key.
pub(crate) fn flow_places(checked: &Checked) -> FxHashMap<Name, Place> {
    let mut found = FxHashMap::default();
    for statement in &checked.statements {
        let Fields::Inputs(parts) = &statement.fields else { continue };
        for part in parts {
            match part {
                InputPart::Field { code, .. }
                | InputPart::Element { code, .. }
                | InputPart::Spread(code)
                | InputPart::Entry { code, .. } => collect(code, &mut found),
            }
        }
    }
    for found_let in &checked.lets {
        collect(&found_let.code, &mut found);
    }
    found
}

/// Flows stand in lists, behind conditions and in loops; wherever else one stands, its instance's place is shown.
fn collect(code: &Code, found: &mut FxHashMap<Name, Place>) {
    if let CodeKind::Flow { key, .. } = code.kind.as_ref() {
        found.entry(*key).or_insert(code.place);
    } else if let CodeKind::If { then, otherwise, .. } = code.kind.as_ref() {
        collect(then, found);
        collect(otherwise, found);
    } else if let CodeKind::Match { arms, .. } = code.kind.as_ref() {
        arms.iter().for_each(|(_, code)| collect(code, found));
    } else if let CodeKind::Binary { left, right, .. } = code.kind.as_ref() {
        collect(left, found);
        collect(right, found);
    } else if let CodeKind::List(parts) = code.kind.as_ref() {
        parts.iter().for_each(|part| collect_part(part, found));
    }
}

fn collect_part(part: &ListPart, found: &mut FxHashMap<Name, Place>) {
    match part {
        ListPart::Element { code, .. } | ListPart::Spread(code) | ListPart::By { code, .. } => collect(code, found),
        ListPart::For { part, .. } | ListPart::If { part, .. } => collect_part(part, found),
    }
}
