//! Which secrets Terraform will hold in its state. Terraform keeps there all that it makes, reads and puts out, secrets as well: whoever
//! may read the state may read them.

use std::collections::BTreeSet;

use value::{AddressId, Store};

use crate::body::open_references;
use crate::target::Input;
use crate::terraform::is_own;

/// The user's instances whose secrets stand in the state: `orders`, `stripe`. Sorted.
pub fn in_state(input: &Input<'_, '_>, artefact: usize) -> Vec<String> {
    let index = input.index;
    let mut found: BTreeSet<String> = BTreeSet::new();
    let top = |mut address: AddressId| {
        while let Some(parent) = index.store.step(address).parent {
            address = parent;
        }
        index.store.input_name(address).map_or_else(|| index.address(address), |name| name.text().to_owned())
    };
    let handed = input.given_by(artefact).filter_map(|crossing| crossing.member);
    let handed = handed.filter_map(|at| Some((at, index.graph.resources.get(at)?)));
    for (at, resource) in input.members(artefact).chain(handed) {
        let is_set =
            |name: &source::Name| index.store.field(index.body(at), *name).is_some_and(|value| value != Store::ABSENT);
        // What an object of another tool holds comes from elsewhere.
        if is_own(resource) && (resource.kind.secret || resource.kind.secret_fields.iter().any(is_set)) {
            found.insert(top(resource.address));
        }
        found.extend(
            open_references(index.store, index.body(at))
                .into_iter()
                .filter(|open| open.secret)
                .map(|open| top(open.of)),
        );
    }
    for output in &index.graph.outputs {
        found.extend(
            open_references(index.store, output.value).into_iter().filter(|open| open.secret).map(|open| top(open.of)),
        );
    }
    found.into_iter().collect()
}
