//! How users write Kubernetes kinds: names in snake case, one version of each kind.

use std::collections::BTreeMap;

use super::tree::NativeKind;
use crate::SchemaError;

/// Names the kinds of groups. Where two groups have one kind, the first of them keeps the bare name (the core group is
/// first), and the others put their own before it: `event`, `events_event`.
pub(crate) fn name_kinds(mut found: Vec<(String, NativeKind)>) -> Result<Vec<NativeKind>, SchemaError> {
    let written = |kind: &NativeKind| kind.object.as_ref().map(|object| object.kind.clone()).unwrap_or_default();
    found.sort_by_key(|(group, kind)| (group.clone(), written(kind)));
    let mut kinds: BTreeMap<String, NativeKind> = BTreeMap::new();
    let mut before = None;
    for (group, kind) in found {
        let this = Some((group.clone(), written(&kind)));
        if before == this {
            let what = format!("`{}` is described twice", written(&kind));
            return Err(SchemaError::Document { place: group, what });
        }
        before = this;
        let bare = snake_case(&written(&kind));
        let short = format!("{}_{bare}", group.split('.').next().unwrap_or_default());
        let long = format!("{}_{bare}", group.replace(['.', '-'], "_"));
        let Some(name) = [bare, short, long].into_iter().find(|name| !kinds.contains_key(name)) else {
            let what = format!("no name is left for its kind `{}`", written(&kind));
            return Err(SchemaError::Document { place: group, what });
        };
        kinds.insert(name.clone(), NativeKind { name, ..kind });
    }
    Ok(kinds.into_values().collect())
}

/// `NetworkPolicy` is `network_policy`, `CSIDriver` is `csi_driver`, `APIService` is `api_service`.
fn snake_case(kind: &str) -> String {
    let letters: Vec<char> = kind.chars().collect();
    let mut name = String::with_capacity(kind.len() + 4);
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| letters.get(before));
        let after = letters.get(at + 1);
        // A capital starts a word after a small letter or a digit, or where it ends a run of capitals.
        let starts_word = letter.is_uppercase()
            && before.is_some_and(|before| {
                !before.is_uppercase()
                    || after.is_some_and(|after| after.is_lowercase() && !is_plural_end(&letters, at))
            });
        if starts_word && !name.ends_with('_') {
            name.push('_');
        }
        if letter.is_alphanumeric() {
            name.extend(letter.to_lowercase());
        } else if !name.ends_with('_') {
            name.push('_');
        }
    }
    name
}

/// Whether the capital here and the `s` behind it end a run of capitals and the name: `ClusterIPs`.
fn is_plural_end(letters: &[char], at: usize) -> bool {
    matches!(letters.get(at + 1..), Some(['s']))
}

/// Orders versions as Kubernetes prefers them, the preferred one largest: stable before beta before alpha, then by
/// number. `v2` is above `v1`, `v1` above `v2beta1`. A name of another form is below all of these.
pub(crate) fn version_rank(version: &str) -> (u32, u64, u64) {
    let parse = || {
        let rest = version.strip_prefix('v')?;
        let digits = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
        let (major, rest) = rest.split_at_checked(digits)?;
        let major = major.parse().ok()?;
        if rest.is_empty() {
            return Some((3, major, 0));
        }
        let (stage, minor) = match rest.strip_prefix("beta") {
            Some(minor) => (2, minor),
            None => (1, rest.strip_prefix("alpha")?),
        };
        Some((stage, major, minor.parse().ok()?))
    };
    parse().unwrap_or_default()
}

/// What stands under `apiVersion`.
pub(crate) fn api_version(group: &str, version: &str) -> String {
    if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_kinds_are_in_snake_case() {
        let cases = [
            ("Deployment", "deployment"),
            ("NetworkPolicy", "network_policy"),
            ("CSIDriver", "csi_driver"),
            ("APIService", "api_service"),
            ("HTTPRoute", "http_route"),
            ("IPAddress", "ip_address"),
            ("ServiceCIDR", "service_cidr"),
            ("HorizontalPodAutoscaler", "horizontal_pod_autoscaler"),
            ("CiliumL2Policy", "cilium_l2_policy"),
            ("ClusterIPs", "cluster_ips"),
        ];
        for (kind, name) in cases {
            assert_eq!(snake_case(kind), name);
        }
    }

    #[test]
    fn the_newest_stable_version_is_preferred() {
        let mut versions = ["v1beta1", "v2", "v1", "v1alpha3", "v2beta2", "v10", "foo", "v1beta10"];
        versions.sort_by_key(|version| version_rank(version));
        assert_eq!(versions, ["foo", "v1alpha3", "v1beta1", "v1beta10", "v2beta2", "v1", "v2", "v10"]);
    }
}
