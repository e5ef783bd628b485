//! Locations: scheme, host, port and path, by RFC 3986. Nothing is decoded or made canonical.

use super::{ScalarKind, refuse_because};
use crate::Fault;

/// The parts of a location.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Url<'a> {
    pub scheme: &'a str,
    /// Without the brackets of an address of version 6.
    pub host: &'a str,
    /// As it is written, else the scheme's own when it has one.
    pub port: Option<u16>,
    /// From the first `/` to a `?` or `#`; `/` when there is none.
    pub path: &'a str,
}

/// `https://example.com:8443/path?query`
pub fn url(text: &str) -> Result<Url<'_>, Fault> {
    let because = |why: &str| refuse_because(ScalarKind::Url, text, why);
    if text.len() > 2048 || text.bytes().any(|byte| byte <= b' ' || byte == 0x7f || matches!(byte, b'<' | b'>' | b'"'))
    {
        return Err(because("it is longer than 2048 letters or has a blank or a quote in it"));
    }
    let (scheme, rest) = text.split_once("://").ok_or_else(|| because("it has no scheme"))?;
    let scheme_is_fine = scheme.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    if !scheme_is_fine {
        return Err(because("its scheme is not a word"));
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let path_end = after.find(['?', '#']).unwrap_or(after.len());
    let path = after.get(..path_end).filter(|path| !path.is_empty()).unwrap_or("/");
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (host, port) = match authority.strip_prefix('[') {
        Some(inner) => {
            let (host, after) =
                inner.split_once(']').ok_or_else(|| because("the bracket of its host is not closed"))?;
            if host.parse::<std::net::Ipv6Addr>().is_err() || !(after.is_empty() || after.starts_with(':')) {
                return Err(because("its host is not an address of version 6"));
            }
            (host, after.strip_prefix(':'))
        }
        None => authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port))),
    };
    if host.is_empty()
        || (!host.contains(':') && host.split('.').any(|label| label.is_empty() || label.starts_with('-')))
    {
        return Err(because("it has no proper host"));
    }
    let port = match port {
        Some(port) => Some(
            port.parse::<u16>()
                .ok()
                .filter(|port| *port > 0)
                .ok_or_else(|| because("its port is not a number from 1 to 65535"))?,
        ),
        None => usual_port(scheme),
    };
    Ok(Url { scheme, host, port, path })
}

/// Ports registered at IANA for the schemes that configurations name most.
fn usual_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        "ftp" => Some(21),
        "ssh" | "sftp" => Some(22),
        "ldap" => Some(389),
        "ldaps" => Some(636),
        "postgres" | "postgresql" => Some(5432),
        "mysql" => Some(3306),
        "redis" | "rediss" => Some(6379),
        "amqp" => Some(5672),
        "amqps" => Some(5671),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_has_parts() {
        assert_eq!(
            url("https://example.com:8443/a/b?c=d#e").unwrap(),
            Url { scheme: "https", host: "example.com", port: Some(8443), path: "/a/b" }
        );
        assert_eq!(
            url("postgres://pay:x@db.example/pay").unwrap(),
            Url { scheme: "postgres", host: "db.example", port: Some(5432), path: "/pay" }
        );
        assert_eq!(
            url("http://[2001:db8::1]:80").unwrap(),
            Url { scheme: "http", host: "2001:db8::1", port: Some(80), path: "/" }
        );
        assert_eq!(url("s3://bucket?x=1").unwrap().path, "/");
        for wrong in [
            "",
            "example.com",
            "://x",
            "http://",
            "http:///x",
            "http://a b",
            "http://a..b",
            "http://a:0",
            "http://a:x",
            "http://[::1",
            "9p://x",
        ] {
            assert!(url(wrong).is_err(), "{wrong}");
        }
    }
}
