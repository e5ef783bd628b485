//! Which provider a binary is, read from where it lies: providers do not say it themselves.

use std::path::Path;

/// A provider's address without its host, and its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderIdentity {
    /// Namespace and name, `hashicorp/aws`; only the name where the folders do not tell the namespace.
    pub source: String,
    /// The version, `5.100.0`.
    pub version: String,
}

/// Reads `terraform-provider-aws_v5.100.0_x5` in a folder `…/hashicorp/aws/5.100.0/linux_amd64`, the layout of
/// mirrors and of `.terraform/providers`. None where the file name is not a provider's or no version is found.
pub fn identity_of(binary: &Path) -> Option<ProviderIdentity> {
    let file = binary.file_name()?.to_str()?;
    let file = file.strip_suffix(".exe").unwrap_or(file).strip_prefix("terraform-provider-")?;
    let (name, rest) = file.split_once("_v").map_or((file, None), |(name, rest)| (name, Some(rest)));
    let stated = rest.map(|rest| rest.split_once("_x").map_or(rest, |(version, _)| version));

    let mut folders = binary.parent()?.iter().rev().filter_map(|folder| folder.to_str());
    let (_platform, version, folder, namespace) = (folders.next(), folders.next(), folders.next(), folders.next());
    let in_mirror = folder == Some(name);
    let version = stated.or(if in_mirror { version } else { None })?;
    if !version.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let source = match namespace {
        Some(namespace) if in_mirror => format!("{namespace}/{name}"),
        _ => name.to_owned(),
    };
    Some(ProviderIdentity { source, version: version.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(path: &str) -> Option<(String, String)> {
        identity_of(Path::new(path)).map(|identity| (identity.source, identity.version))
    }

    #[test]
    fn a_binary_in_a_mirror_tells_its_address_and_version() {
        let found = identity("mirror/registry/hashicorp/aws/5.100.0/linux_amd64/terraform-provider-aws_v5.100.0_x5");
        assert_eq!(found, Some(("hashicorp/aws".to_owned(), "5.100.0".to_owned())));
        let found = identity("mirror/scaleway/scaleway/2.1.0/linux_amd64/terraform-provider-scaleway");
        assert_eq!(found, Some(("scaleway/scaleway".to_owned(), "2.1.0".to_owned())));
    }

    #[test]
    fn a_binary_elsewhere_tells_what_its_name_tells() {
        let found = identity("downloads/terraform-provider-random_v3.7.2_x5.exe");
        assert_eq!(found, Some(("random".to_owned(), "3.7.2".to_owned())));
        assert_eq!(identity("downloads/terraform-provider-random"), None);
        assert_eq!(identity("bin/true"), None);
    }
}
