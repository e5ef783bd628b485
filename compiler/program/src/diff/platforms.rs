//! What the environments list in `on`.

use std::collections::BTreeMap;

use source::{Name, Place};

use super::causes::platform_cause;
use super::compare::{Sides, paired};
use super::{Decided, Difference, Side};
use crate::why::{Deps, Known, ListedInputs, Spot, Walk};

/// The fields of platforms that differ because of something else. Those that differ by themselves become causes, and so do
/// platforms that only one environment lists.
pub(super) fn platforms(sides: &mut Sides<'_, '_>) -> Vec<Difference> {
    let [left, right] = sides.causes.listed().map(|all| -> BTreeMap<String, ListedInputs> {
        all.into_iter().map(|listed| (listed.name.text().to_owned(), listed)).collect()
    });
    let mut follow = Vec::new();
    for (name, found) in paired(&left, &right) {
        match found {
            [Some(one), Some(other)] if one.platform == other.platform => fields(sides, one, other, &mut follow),
            _ => listed(sides, name, found),
        }
    }
    follow
}

/// A platform that one environment lists, or another one of the same name.
fn listed(sides: &mut Sides<'_, '_>, name: &str, found: [Option<&ListedInputs>; 2]) {
    let [Some(left), Some(right)] =
        [sides.left, sides.right].map(|known| known.chain.first().map(|environment| environment.on.place))
    else {
        return;
    };
    // Nothing is made of a place that is empty: what stands beside it does not follow.
    let is_swapped = found.iter().all(Option::is_some);
    let [left, right] = [left, right].map(|place| if is_swapped { place } else { Place { len: 0, ..place } });
    let [one, other] = found.map(|listed| listed.map(|listed| listed.platform.text().to_owned()));
    let spot = |place| Spot::of(sides.left.sources, place);
    let (one, other) = (Decided { value: one, at: spot(left) }, Decided { value: other, at: spot(right) });
    sides.causes.add(platform_cause(name), (one, left), (other, right));
}

/// The fields of one that both list.
fn fields(sides: &mut Sides<'_, '_>, one: &ListedInputs, other: &ListedInputs, follow: &mut Vec<Difference>) {
    for ((field, one_value, one_deps), (_, other_value, other_deps)) in one.inputs.iter().zip(&other.inputs) {
        if one_value == other_value {
            continue;
        }
        let (Some(left_at), Some(right_at)) = (said_at(sides.left, *field), said_at(sides.right, *field)) else {
            continue;
        };
        // What one environment says itself decides; else what the library makes of other things does.
        let said = [(sides.left, left_at), (sides.right, right_at)].map(|(known, at)| !known.is_library(at));
        let [left_deps, right_deps] = [(one_deps, said[0]), (other_deps, said[1])]
            .map(|(deps, is_said)| if is_said || said == [false, false] { deps.clone() } else { Deps::default() });
        let causes = sides.causes.of(&left_deps, &right_deps);
        let [left_spot, right_spot] = [left_at, right_at].map(|place| Spot::of(sides.left.sources, place));
        if causes.is_empty() {
            let left = Decided { value: one_value.clone(), at: left_spot };
            let right = Decided { value: other_value.clone(), at: right_spot };
            sides.causes.add(format!("{}.{field}", one.name), (left, left_at), (right, right_at));
            continue;
        }
        follow.push(Difference {
            address: one.name.text().to_owned(),
            kind: "platform".to_owned(),
            field: field.text().to_owned(),
            left: Side { value: one_value.clone(), at: left_spot, because: Vec::new() },
            right: Side { value: other_value.clone(), at: right_spot, because: Vec::new() },
            causes,
        });
    }
}

/// Where the environment says a field of its platforms; else where it lists them.
fn said_at(known: &Known<'_>, field: Name) -> Option<Place> {
    let mut walk = Walk::new(known, None);
    walk.platform_field(field, &[]);
    let read = walk.reads.first().map(|read| read.place);
    read.or_else(|| known.chain.first().map(|environment| environment.on.place))
}
