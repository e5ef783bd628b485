//! The line with which a provider answers, by the command itself: whatever a program prints, `schema add` ends, says what is wrong,
//! and packs nothing. Only this machine is named, and nobody listens there.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use tests::infrac;

use crate::changes::Draws;
use crate::round::fuzz;

const VERSIONS: &[&str] = &["1", "1", "1", "0", "2", "", "01", "-1", "18446744073709551616", "x"];
const PROTOCOLS: &[&str] = &["5", "6", "5", "4", "7", "", "5.0", "55555555555555555555", " 5"];
const NETWORKS: &[&str] = &["unix", "tcp", "unix", "UNIX", "", "udp", "unixgram", "vsock"];
const ADDRESSES: &[&str] = &[
    "/nowhere/at/all",
    "",
    "127.0.0.1:1",
    "[::1]:1",
    "127.0.0.1",
    "127.0.0.1:99999",
    "localhost:1",
    "/",
    ".",
    "a b",
    "/tmp",
    "\u{1b}[2K",
    "//x/y",
    "127.0.0.1:1/x?y#z",
];
const TRANSPORTS: &[&str] = &["grpc", "grpc", "grpc", "netrpc", "", "GRPC", "grpc "];
const ENDS: &[&str] = &["\n", "\n", "", "\r\n", "\n\n", "|\n", "||true\n", "|\u{0}\n"];

fn make(draws: &mut Draws) -> Vec<u8> {
    let fields = [VERSIONS, PROTOCOLS, NETWORKS, ADDRESSES, TRANSPORTS].map(|words| draws.word(words));
    let mut line = match draws.below(8) {
        0 => fields[..draws.below(5)].join("|"),
        1 => "x".repeat(draws.below(40_000)),
        2 => fields.join("||"),
        _ => fields.join("|"),
    };
    line.push_str(draws.word(ENDS));
    let mut bytes = line.into_bytes();
    if draws.below(6) == 0 {
        // No digit and no letter, so that no address becomes another.
        let at = draws.below(bytes.len() + 1);
        bytes.splice(at..at, [0xff, 0xfe, b'|', 0x80]);
    }
    bytes
}

/// A provider that prints these bytes and ends.
fn asked(folder: &Path, input: &[u8]) -> Result<bool, String> {
    std::fs::write(folder.join("line"), input).unwrap();
    let provider = folder.join("terraform-provider-fuzz_v1.0.0");
    std::fs::write(&provider, format!("#!/bin/sh\ncat '{}'\n", folder.join("line").display())).unwrap();
    std::fs::set_permissions(&provider, std::fs::Permissions::from_mode(0o755)).unwrap();
    let asked = Command::new(infrac()?).args(["schema", "add"]).arg(&provider).current_dir(folder).output();
    let asked = asked.map_err(|cause| cause.to_string())?;
    let said = String::from_utf8_lossy(&asked.stderr);
    if asked.status.code() != Some(1) || said.is_empty() || said.contains("bug in infrac") {
        return Err(format!("it ended with {:?} and said: {said}", asked.status));
    }
    if folder.join("schemas").exists() {
        return Err("something was packed".to_owned());
    }
    Ok(false)
}

#[test]
fn whatever_a_provider_prints_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.infra"), "project shop { edition = 1 }\n").unwrap();
    fuzz("handshakes", 15, &make, &|input| asked(folder.path(), input));
}
