//! Ports: a number or a range of numbers, and a protocol. A protocol without ports has first and last 0.

use source::{Name, did_you_mean};

use super::{ScalarKind, refuse, refuse_because};
use crate::{Fault, Value};

/// Protocols that have ports.
pub const PROTOCOLS: [&str; 3] = ["tcp", "udp", "sctp"];

/// `443/tcp`, `8000-8100/udp`; `icmp` and `icmpv6` stand alone.
pub fn port(text: &str) -> Result<Value, Fault> {
    let Some((numbers, name)) = text.split_once('/') else {
        return match text {
            "icmp" | "icmpv6" => Ok(Value::Port { first: 0, last: 0, protocol: Name::new(text) }),
            _ => Err(refuse_because(ScalarKind::Port, text, "it has no protocol")),
        };
    };
    if !PROTOCOLS.contains(&name) {
        let mut fault =
            refuse_because(ScalarKind::Port, text, format_args!("`{}` has no ports", super::shortened(name)));
        fault.help = match did_you_mean(name, PROTOCOLS) {
            Some(near) => format!(
                "did you mean `{near}`? protocols with ports are `tcp`, `udp`, `sctp`; others are `proto(\"vrrp\")`"
            ),
            None => "protocols with ports are `tcp`, `udp`, `sctp`; others are `proto(\"vrrp\")`".to_owned(),
        };
        return Err(fault);
    }
    let (first, last) = numbers.split_once('-').unwrap_or((numbers, numbers));
    let (first, last) = (number(first, text)?, number(last, text)?);
    if first > last {
        return Err(refuse_because(ScalarKind::Port, text, "the range ends before it begins"));
    }
    Ok(Value::Port { first, last, protocol: Name::new(name) })
}

/// A protocol without ports: `vrrp`, `icmp`, `esp`, or its number at IANA.
pub fn protocol(text: &str) -> Result<Value, Fault> {
    let written = !text.is_empty()
        && text.len() <= 32
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if PROTOCOLS.contains(&text) {
        return Err(Fault::new(
            "bad_scalar",
            format!("`{text}` needs a port"),
            format!("write `443/{text}`, or `{text}(n)` when it is computed"),
        ));
    }
    if !written {
        return Err(Fault::new(
            "bad_scalar",
            format!("`{}` is not the name of a protocol", super::shortened(text)),
            "write its name in small letters: `proto(\"vrrp\")`, `proto(\"esp\")`",
        ));
    }
    Ok(Value::Port { first: 0, last: 0, protocol: Name::new(text) })
}

fn number(digits: &str, text: &str) -> Result<u16, Fault> {
    if digits.is_empty() || digits.len() > 5 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(refuse(ScalarKind::Port, text));
    }
    match digits.parse::<u16>() {
        Ok(port) if port > 0 => Ok(port),
        _ => Err(refuse_because(ScalarKind::Port, text, "ports go from 1 to 65535")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_ranges_and_protocols() {
        assert_eq!(port("443/tcp"), Ok(Value::Port { first: 443, last: 443, protocol: Name::new("tcp") }));
        assert_eq!(port("8000-8100/udp"), Ok(Value::Port { first: 8000, last: 8100, protocol: Name::new("udp") }));
        assert_eq!(port("icmp"), protocol("icmp"));
        assert!(port("443/tpc").unwrap_err().help.starts_with("did you mean `tcp`?"));
        assert!(port("0/tcp").unwrap_err().message.ends_with("ports go from 1 to 65535"));
        assert!(port("70000/tcp").unwrap_err().message.ends_with("ports go from 1 to 65535"));
        assert!(port("90-80/tcp").unwrap_err().message.ends_with("the range ends before it begins"));
        for wrong in ["443", "/tcp", "-/tcp", "1-2-3/tcp", "a/tcp"] {
            assert!(port(wrong).is_err(), "{wrong}");
        }
        assert!(protocol("tcp").is_err());
        assert!(protocol("V R").is_err());
    }
}
