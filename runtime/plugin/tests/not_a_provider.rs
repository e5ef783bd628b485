//! What a user is told who names a program that is no provider. Unix only: the programs are shell scripts.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use plugin::{Limits, PluginError, provider_schema};

/// One test at a time: a process that another test is about to start would hold a script open while it is written,
/// and a file that is open for writing cannot be run.
static TURN: Mutex<()> = Mutex::new(());

struct Folder {
    folder: tempfile::TempDir,
    _turn: MutexGuard<'static, ()>,
}

impl Folder {
    fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// A folder with an executable script in it.
fn script(text: &str) -> (Folder, PathBuf) {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("terraform-provider-fake");
    std::fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    (Folder { folder, _turn }, path)
}

fn told(text: &str) -> String {
    let (_folder, path) = script(text);
    message(&path)
}

/// The message, with the program's path shortened to its name.
fn message(path: &Path) -> String {
    let limits = Limits { start: Duration::from_secs(20), answer: Duration::from_secs(20) };
    let error = provider_schema(path, limits).unwrap_err();
    assert!(!error.help().is_empty());
    let folder = format!("{}/", path.parent().unwrap().display());
    error.to_string().replace(&folder, "")
}

#[test]
fn a_program_that_ends_is_no_provider() {
    assert_eq!(told("exit 0"), "`terraform-provider-fake` ended and is not a provider");
}

#[test]
fn the_last_words_of_a_program_that_failed_are_repeated() {
    assert_eq!(
        told("echo first >&2; echo 'panic: no memory' >&2; exit 2"),
        "`terraform-provider-fake` ended before it was ready: first / panic: no memory"
    );
}

#[test]
fn a_program_that_prints_something_else_is_no_provider() {
    let expected = "`terraform-provider-fake` is not a provider: its first line is not a provider's";
    assert_eq!(told("echo hello"), expected);
    assert_eq!(told("exec yes | tr -d '\\n'"), expected);
}

#[test]
fn other_versions_of_the_protocol_are_refused() {
    assert_eq!(told("echo '1|4|unix|/nowhere|grpc|'"), "this provider speaks protocol `4`, not 5 or 6");
}

#[test]
fn a_socket_that_nobody_serves_is_told() {
    let told = told("echo gone >&2; echo '1|5|unix|/nowhere/at/all|grpc|'; sleep 60");
    assert!(told.starts_with("the provider did not give its schemas: "), "{told}");
    assert!(told.ends_with(" (gone)"), "{told}");
}

#[test]
fn a_file_that_cannot_be_run_is_told() {
    let (_folder, path) = script("exit 0");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(message(&path).starts_with("cannot start `terraform-provider-fake`: "));
    std::fs::remove_file(&path).unwrap();
    assert!(message(&path).starts_with("cannot start `terraform-provider-fake`: "));
}

#[test]
fn a_program_that_says_nothing_is_ended() {
    let (folder, path) = script("echo $$ > \"$0.pid\"; exec sleep 600");
    let limit = Duration::from_millis(700);
    let started = Instant::now();
    let error = provider_schema(&path, Limits { start: limit, answer: limit }).unwrap_err();
    assert!(matches!(error, PluginError::Slow { .. }), "{error}");
    assert!(started.elapsed() < Duration::from_secs(20));
    let id = std::fs::read_to_string(folder.path().join("terraform-provider-fake.pid")).unwrap();
    assert!(!Path::new("/proc").join(id.trim()).exists(), "it still runs");
}

#[test]
fn a_program_sees_what_providers_are_told_and_no_credentials() {
    let (folder, path) = script("env > \"$0.env\"; exit 0");
    let _ = provider_schema(&path, Limits::default());
    let environment = std::fs::read_to_string(folder.path().join("terraform-provider-fake.env")).unwrap();
    assert!(environment.contains("PLUGIN_PROTOCOL_VERSIONS=5,6"));
    assert!(environment.contains("TF_PLUGIN_MAGIC_COOKIE="));
    assert!(environment.contains("PATH="));
    for line in environment.lines() {
        assert!(!line.starts_with("CARGO"), "what is ours is not passed on: {line}");
    }
}

/// Waits until a file says something, for as long as a busy machine may need.
fn said_by(file: &Path) -> String {
    for _ in 0..200 {
        match std::fs::read_to_string(file) {
            Ok(text) if text.ends_with('\n') => return text.trim().to_owned(),
            Ok(_) | Err(_) => std::thread::sleep(Duration::from_millis(50)),
        }
    }
    panic!("`{}` was not written", file.display())
}

/// Whether a process is there and is no mere entry that nobody has waited for.
fn lives(id: &str) -> bool {
    std::fs::read_to_string(Path::new("/proc").join(id).join("stat"))
        .is_ok_and(|stat| !stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('Z')))
}

#[test]
fn what_a_provider_started_ends_with_it() {
    let (folder, path) = script("sleep 600 & echo $! > \"$0.child\"; echo '1|4|unix|/nowhere|grpc|'; wait");
    let error = provider_schema(&path, Limits::default()).unwrap_err();
    assert!(matches!(error, PluginError::Protocol { .. }), "{error}");
    let id = said_by(&folder.path().join("terraform-provider-fake.child"));
    let ended = (0..200).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        !lives(&id)
    });
    assert!(ended, "{id} still runs");
}

#[test]
fn an_address_of_another_machine_is_not_connected_to() {
    let listener = std::net::TcpListener::bind("0.0.0.0:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    for host in ["0.0.0.0", "localhost"] {
        let told = told(&format!("echo '1|5|tcp|{host}:{port}|grpc|'; exec sleep 60"));
        assert_eq!(
            told,
            format!(
                "`terraform-provider-fake` listens on `{host}:{port}`: only a socket or loopback of this machine may be asked"
            )
        );
        assert!(listener.accept().is_err(), "somebody connected");
    }
}
