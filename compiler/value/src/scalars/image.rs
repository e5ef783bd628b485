//! References of container images, by the grammar of the OCI distribution specification.

use super::{ScalarKind, refuse_because};
use crate::Fault;

/// The parts of an image's reference.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Image<'a> {
    /// Host and perhaps port; without one the runtime's default registry is meant.
    pub registry: Option<&'a str>,
    pub repository: &'a str,
    pub tag: Option<&'a str>,
    /// `sha256:` and 64 digits.
    pub digest: Option<&'a str>,
}

/// `registry.example.com:5000/shop/api:1.4.2@sha256:…`
pub fn image(text: &str) -> Result<Image<'_>, Fault> {
    let because = |why: &str| refuse_because(ScalarKind::Image, text, why);
    if text.is_empty() || text.len() > 1024 {
        return Err(because("a reference has 1 to 1024 letters"));
    }
    let (rest, digest) = match text.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (text, None),
    };
    if digest.is_some_and(|digest| !is_digest(digest)) {
        return Err(because("a digest is `sha256:` and 64 hexadecimal digits"));
    }
    let (registry, rest) = match rest.split_once('/') {
        // The first part is a registry when it cannot be a folder: it has a point or a port, or is this machine.
        Some((first, rest)) if first.contains(['.', ':']) || first == "localhost" => (Some(first), rest),
        Some(_) | None => (None, rest),
    };
    if registry.is_some_and(|registry| !is_registry(registry)) {
        return Err(because("its registry is not a host name with an optional port"));
    }
    let (repository, tag) = match rest.rsplit_once(':') {
        Some((repository, tag)) => (repository, Some(tag)),
        None => (rest, None),
    };
    if tag.is_some_and(|tag| !is_tag(tag)) {
        return Err(because("a tag has at most 128 letters, digits, `.`, `_` and `-`"));
    }
    if repository.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(because("a repository is written in small letters"));
    }
    if repository.len() > 255 || !repository.split('/').all(is_folder) {
        return Err(because("its repository has a part that is empty or has other signs than `a-z 0-9 . _ -`"));
    }
    Ok(Image { registry, repository, tag, digest })
}

fn is_digest(text: &str) -> bool {
    text.strip_prefix("sha256:").is_some_and(|hex| {
        hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    })
}

fn is_registry(text: &str) -> bool {
    let (host, port) = text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port)));
    let host_is_fine = host.split('.').all(|label| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    });
    host_is_fine && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
}

fn is_tag(text: &str) -> bool {
    let begins = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    begins
        && text.len() <= 128
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

/// Letters and digits, joined by `.`, `_`, `__` or any number of `-`.
fn is_folder(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let (Some(first), Some(last)) = (text.bytes().next(), text.bytes().last()) else { return false };
    let separators = text.split(|letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit());
    inner(first)
        && inner(last)
        && separators
            .into_iter()
            .all(|between| matches!(between, "" | "." | "_" | "__") || between.bytes().all(|byte| byte == b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_has_registry_repository_tag_and_digest() {
        let digest = format!("sha256:{}", "0f".repeat(32));
        let text = format!("registry.example.com:5000/shop/api:1.4.2@{digest}");
        let parts = image(&text).unwrap();
        assert_eq!(
            (parts.registry, parts.repository, parts.tag, parts.digest),
            (Some("registry.example.com:5000"), "shop/api", Some("1.4.2"), Some(digest.as_str()))
        );
        assert_eq!(image("a:1").unwrap(), Image { registry: None, repository: "a", tag: Some("1"), digest: None });
        assert_eq!(image("library/nginx").unwrap().registry, None);
        assert_eq!(image("localhost/x__y/z-a").unwrap().registry, Some("localhost"));
        for wrong in [
            "",
            "Shop/api",
            "a//b",
            "a:",
            "a@sha256:12",
            "a b",
            "-a",
            "a-",
            "a___b",
            "x.example:99999/a",
            "a:b:c/d",
            "https://a.example/b",
        ] {
            assert!(image(wrong).is_err(), "{wrong}");
        }
    }
}
