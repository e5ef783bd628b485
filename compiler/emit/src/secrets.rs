//! Which secrets Terraform will hold in its state. Terraform keeps there all that it makes, reads and puts out, secrets as well: whoever
//! may read the state may read them.

use std::collections::BTreeSet;

use value::{AddressId, Store};

use crate::body::open_references;
use crate::handover::{Handover, Share};
use crate::index::{Index, Target};

/// The user's instances whose secrets stand in the state: `orders`, `stripe`. Sorted.
pub fn in_state(index: &Index<'_>, handover: &Handover) -> Vec<String> {
    let mut found: BTreeSet<String> = BTreeSet::new();
    let top = |mut address: AddressId| {
        while let Some(parent) = index.store.step(address).parent {
            address = parent;
        }
        index.address(address)
    };
    for (at, resource) in index.graph.resources.iter().enumerate() {
        let held = match index.target(resource) {
            Some(Target::Terraform) => true,
            Some(Target::Kubernetes) => matches!(handover.share(at), Some(Share::Whole | Share::Annotations)),
            None => false,
        };
        if !held {
            continue;
        }
        let is_set =
            |name: &source::Name| index.store.field(index.body(at), *name).is_some_and(|value| value != Store::ABSENT);
        // What a cluster's object holds comes from elsewhere.
        let is_own = index.target(resource) == Some(Target::Terraform);
        if is_own && (resource.kind.secret || resource.kind.secret_fields.iter().any(is_set)) {
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
