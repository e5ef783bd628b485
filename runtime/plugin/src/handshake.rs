//! What we tell a provider through its environment, and the one line that it answers with.
//!
//! ```text
//! 1|5|unix|/run/socket|grpc|
//! ```
//!
//! Version of this handshake, version of the provider protocol, network, address, transport, certificate.

use std::net::SocketAddr;
use std::path::Path;

/// A provider that is started by hand refuses to serve without this pair: it is a courtesy, not a secret.
const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

/// The longest line that is read; a longer one is no handshake.
pub(crate) const LONGEST: usize = 16 * 1024;

/// Variables of the environment that a provider is given. Without a client certificate it serves without TLS,
/// on a socket in a folder that only this user can enter.
pub(crate) fn environment(sockets: &Path) -> [(&'static str, String); 3] {
    [
        (COOKIE.0, COOKIE.1.to_owned()),
        ("PLUGIN_PROTOCOL_VERSIONS", "5,6".to_owned()),
        ("PLUGIN_UNIX_SOCKET_DIR", sockets.display().to_string()),
    ]
}

/// A version of the provider protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    Five,
    Six,
}

/// Where a provider listens, and what it speaks there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Handshake {
    pub(crate) protocol: Protocol,
    /// As a URI: `unix:///run/socket`, `http://127.0.0.1:10000`.
    pub(crate) address: String,
}

/// Why a line is no handshake for us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Nothing was printed: it ended.
    Silent,
    NotAHandshake(&'static str),
    Protocol(String),
    /// It names an address that may not be of this machine.
    Elsewhere(String),
}

/// Reads the line.
pub(crate) fn parse(line: &str) -> Result<Handshake, Refused> {
    if line.is_empty() {
        return Err(Refused::Silent);
    }
    let mut parts = line.trim_end().split('|');
    let mut next = || parts.next().unwrap_or_default();
    let (version, protocol, network, address, transport) = (next(), next(), next(), next(), next());
    if version != "1" || address.is_empty() {
        return Err(Refused::NotAHandshake("its first line is not a provider's"));
    }
    if transport != "grpc" {
        return Err(Refused::NotAHandshake("it does not serve gRPC"));
    }
    // A provider that supports neither of the versions offered falls back to one of its own.
    let protocol = match protocol {
        "5" => Protocol::Five,
        "6" => Protocol::Six,
        other => return Err(Refused::Protocol(other.to_owned())),
    };
    Ok(Handshake { protocol, address: nearby(network, address)? })
}

/// The address as a URI. Only what listens on this machine is taken: a name could lead anywhere, so loopback stands as a number.
fn nearby(network: &str, address: &str) -> Result<String, Refused> {
    match network {
        "unix" if Path::new(address).is_absolute() => Ok(format!("unix://{address}")),
        "unix" => Err(Refused::NotAHandshake("it does not tell where its socket lies")),
        "tcp" => match address.parse::<SocketAddr>() {
            Ok(socket) if socket.ip().to_canonical().is_loopback() => Ok(format!("http://{socket}")),
            Ok(_) | Err(_) => Err(Refused::Elsewhere(address.to_owned())),
        },
        _ => Err(Refused::NotAHandshake("it listens on an unknown sort of network")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_providers_line_says_where_it_listens() {
        let expected = Handshake { protocol: Protocol::Five, address: "unix:///run/a/plugin1".to_owned() };
        assert_eq!(parse("1|5|unix|/run/a/plugin1|grpc|\n"), Ok(expected));
        let expected = Handshake { protocol: Protocol::Six, address: "http://127.0.0.1:10001".to_owned() };
        assert_eq!(parse("1|6|tcp|127.0.0.1:10001|grpc||true\n"), Ok(expected));
    }

    #[test]
    fn other_lines_are_refused() {
        assert_eq!(parse(""), Err(Refused::Silent));
        assert_eq!(parse("hello"), Err(Refused::NotAHandshake("its first line is not a provider's")));
        assert_eq!(parse("1|5|unix|/a|netrpc|"), Err(Refused::NotAHandshake("it does not serve gRPC")));
        assert_eq!(parse("1|4|unix|/a|grpc|"), Err(Refused::Protocol("4".to_owned())));
        assert!(matches!(parse("1|5|unix|a|grpc|"), Err(Refused::NotAHandshake(_))));
    }

    #[test]
    fn only_this_machine_is_connected_to() {
        for near in ["127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "[::ffff:127.0.0.1]:1"] {
            assert!(parse(&format!("1|5|tcp|{near}|grpc|")).is_ok(), "{near}");
        }
        for far in [
            "10.0.0.1:80",
            "169.254.169.254:80",
            "0.0.0.0:80",
            "[::]:80",
            "[::ffff:10.0.0.1]:80",
            "localhost:80",
            "127.0.0.1.example.com:80",
            "127.0.0.1:80@10.0.0.1:80",
            "127.0.0.1:80/../x",
            "127.0.0.1",
            "127.1:80",
        ] {
            assert_eq!(parse(&format!("1|5|tcp|{far}|grpc|")), Err(Refused::Elsewhere(far.to_owned())));
        }
    }
}
