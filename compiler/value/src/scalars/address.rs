//! Internet addresses and ranges of them, of both versions.

use std::net::IpAddr;

use ipnet::IpNet;

use super::{ScalarKind, refuse, refuse_because};
use crate::Fault;

/// `10.0.0.1`, `2001:db8::1`. Numbers with leading zeros are refused: some tools read them as octal.
pub fn ip(text: &str) -> Result<IpAddr, Fault> {
    if text.contains('/') {
        return Err(refuse_because(ScalarKind::Ip, text, "it has a prefix, as a cidr has"));
    }
    text.parse().map_err(|_| refuse(ScalarKind::Ip, text))
}

/// `10.0.0.0/16`, `2001:db8::/32`. Host bits are kept as they were written.
pub fn cidr(text: &str) -> Result<IpNet, Fault> {
    let Some((address, prefix)) = text.split_once('/') else {
        let why = match text.parse::<IpAddr>() {
            Ok(IpAddr::V4(_)) => "for this address alone write `/32` after it",
            Ok(IpAddr::V6(_)) => "for this address alone write `/128` after it",
            Err(_) => "it has no prefix",
        };
        return Err(refuse_because(ScalarKind::Cidr, text, why));
    };
    let address: IpAddr = address.parse().map_err(|_| refuse(ScalarKind::Cidr, text))?;
    let written = !prefix.is_empty()
        && prefix.len() <= 3
        && prefix.bytes().all(|byte| byte.is_ascii_digit())
        && (prefix == "0" || !prefix.starts_with('0'));
    let most = if address.is_ipv4() { 32 } else { 128 };
    let prefix: u8 = if written { prefix.parse().unwrap_or(u8::MAX) } else { u8::MAX };
    IpNet::new(address, prefix)
        .map_err(|_| refuse_because(ScalarKind::Cidr, text, format_args!("its prefix is a number from 0 to {most}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_both_versions() {
        assert_eq!(ip("10.0.0.1").unwrap().to_string(), "10.0.0.1");
        assert_eq!(ip("2001:DB8::1").unwrap().to_string(), "2001:db8::1");
        for wrong in ["10.0.0.256", "10.0.0", "010.0.0.1", "10.0.0.1/32", "fe80::1%eth0", ""] {
            assert!(ip(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn ranges_keep_their_host_bits() {
        assert_eq!(cidr("10.0.0.5/16").unwrap().to_string(), "10.0.0.5/16");
        assert_eq!(cidr("::/0").unwrap().to_string(), "::/0");
        assert!(cidr("10.0.0.0/33").unwrap_err().message.ends_with("its prefix is a number from 0 to 32"));
        assert!(cidr("10.0.0.5").unwrap_err().message.contains("write `/32`"));
        for wrong in ["10.0.0.0/", "10.0.0.0/016", "10.0.0.0/+8", "10.0/8", "/8"] {
            assert!(cidr(wrong).is_err(), "{wrong}");
        }
    }
}
