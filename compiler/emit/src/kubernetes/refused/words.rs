//! What a cluster takes for keys and values. Kubernetes, `apimachinery/pkg/util/validation`.

/// Whether a text is a label of DNS: what namespaces are called.
pub fn is_label(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    text.len() <= 63 && text.bytes().all(is_allowed) && begins_and_ends_well(text)
}

/// Whether it can be the value of a label; nothing can.
pub fn is_label_value(text: &str) -> bool {
    text.is_empty() || text.len() <= 63 && text.bytes().all(is_name) && begins_and_ends_well(text)
}

/// Whether it can be the key of a label or an annotation: a name, perhaps behind a domain.
pub fn is_qualified(key: &str) -> bool {
    let (domain, name) = match key.split_once('/') {
        Some((domain, name)) => (Some(domain), name),
        None => (None, key),
    };
    let is_domain = |domain: &str| domain.len() <= 253 && domain.split('.').all(is_label);
    domain.is_none_or(is_domain) && !name.is_empty() && is_label_value(name)
}

/// Whether it can be the name of an environment variable of a container.
pub fn is_variable(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'=')
}

/// Whether it can be a key of the data of a ConfigMap or a Secret.
pub fn is_data_key(key: &str) -> bool {
    !key.is_empty() && key.len() <= 253 && key.bytes().all(is_name) && key != "." && !key.starts_with("..")
}

/// Whether this resource of machines is counted in bytes.
pub fn is_bytes(resource: &str) -> bool {
    let resource = resource.strip_prefix("requests.").or(resource.strip_prefix("limits.")).unwrap_or(resource);
    matches!(resource, "memory" | "storage" | "ephemeral-storage") || resource.starts_with("hugepages-")
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

fn begins_and_ends_well(text: &str) -> bool {
    let is_fine = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    is_fine(text.as_bytes().first()) && is_fine(text.as_bytes().last())
}
