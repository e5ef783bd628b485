//! A provider's process: started, listened to, and ended with us.
//!
//! A provider blocks when nobody reads what it writes, so both of its pipes are drained for as long as it lives. The end
//! of what it wrote to its standard error is kept: a crash tells its reason there.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, ChildStdout, Command};
use tokio::task::JoinHandle;

use crate::PluginError;
use crate::group::Group;
use crate::handshake::{self, Handshake, Refused};

/// Variables that a provider is given from our own environment: where its files are. Credentials are not among them,
/// since nothing that is asked here needs any.
const INHERITED: [&str; 8] = ["PATH", "HOME", "TMPDIR", "TMP", "TEMP", "USERPROFILE", "SYSTEMROOT", "LANG"];

/// How much of the standard error is kept, in bytes.
const KEPT: usize = 4 * 1024;

/// How long its standard error is still read when it has ended: something that it started may hold it open.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// A provider that runs. It is killed when this is dropped.
pub(crate) struct Process {
    binary: PathBuf,
    /// Ended before `child` is waited for, also when this is dropped.
    group: Group,
    child: Child,
    said: Arc<Mutex<Vec<u8>>>,
    listening: Option<JoinHandle<()>>,
    /// Holds the socket; removed after the process ended.
    _sockets: tempfile::TempDir,
}

impl Process {
    /// Starts a binary and waits for its line, at most this long.
    pub(crate) async fn start(binary: &Path, limit: Duration) -> Result<(Self, Handshake), PluginError> {
        let failed = |reason: std::io::Error| PluginError::Start { binary: binary.into(), reason: reason.to_string() };
        let sockets = tempfile::Builder::new().prefix("infrac").tempdir().map_err(failed)?;
        let inherited = INHERITED.iter().filter_map(|name| std::env::var_os(name).map(|value| (name, value)));
        let mut command = Command::new(binary);
        Group::lead(&mut command);
        let mut child = command
            .env_clear()
            .envs(inherited)
            .envs(handshake::environment(sockets.path()))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let group = Group::of(&child);
        let said = Arc::new(Mutex::new(Vec::new()));
        let listening = child.stderr.take().map(|errors| tokio::spawn(keep_end(errors, Arc::clone(&said))));
        let output = child.stdout.take();
        let process = Self { binary: binary.into(), group, child, said, listening, _sockets: sockets };
        match tokio::time::timeout(limit, process.handshake(output)).await {
            Ok(Ok(handshake)) => Ok((process, handshake)),
            Ok(Err(refused)) => Err(process.refuse(refused).await),
            Err(_) => {
                process.stop().await;
                Err(PluginError::Slow { binary: binary.into(), limit })
            }
        }
    }

    /// Kills the process with all that it started and waits until it is gone: it has nothing to save, it was only asked what it can do.
    /// Answers with the end of what it wrote to its standard error.
    pub(crate) async fn stop(mut self) -> String {
        self.group.end();
        let _ = self.child.kill().await;
        if let Some(listening) = self.listening.take() {
            let _ = tokio::time::timeout(LAST_WORDS, listening).await;
        }
        self.last_words()
    }

    async fn refuse(self, refused: Refused) -> PluginError {
        let binary = self.binary.clone();
        let said = self.stop().await;
        match refused {
            Refused::Silent => PluginError::Ended { binary, said },
            Refused::NotAHandshake(what) => PluginError::Handshake { binary, what: what.to_owned() },
            Refused::Protocol(found) => PluginError::Protocol { found },
            Refused::Elsewhere(address) => PluginError::Elsewhere { binary, address },
        }
    }

    /// The last lines on its standard error, without the empty ones.
    fn last_words(&self) -> String {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let said = String::from_utf8_lossy(&said);
        let lines: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let last = lines.get(lines.len().saturating_sub(3)..).unwrap_or_default();
        last.join(" / ")
    }

    async fn handshake(&self, output: Option<ChildStdout>) -> Result<Handshake, Refused> {
        let mut line = Vec::new();
        if let Some(mut output) = output {
            read_line(&mut output, &mut line).await;
            tokio::spawn(drain(output));
        }
        handshake::parse(&String::from_utf8_lossy(&line))
    }
}

/// Reads up to a line's end, the output's end, or the length of the longest line.
async fn read_line(output: &mut ChildStdout, line: &mut Vec<u8>) {
    let mut byte = [0];
    while line.len() < handshake::LONGEST {
        match output.read(&mut byte).await {
            Ok(1) if byte != *b"\n" => line.extend(byte),
            Ok(_) | Err(_) => return,
        }
    }
}

async fn drain(mut output: ChildStdout) {
    let mut buffer = [0; 1024];
    while output.read(&mut buffer).await.is_ok_and(|length| length > 0) {}
}

async fn keep_end(mut errors: impl AsyncRead + Unpin, said: Arc<Mutex<Vec<u8>>>) {
    let mut buffer = [0; 1024];
    loop {
        let Ok(length @ 1..) = errors.read(&mut buffer).await else {
            return;
        };
        let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
        said.extend_from_slice(buffer.get(..length).unwrap_or_default());
        let surplus = said.len().saturating_sub(KEPT);
        said.drain(..surplus);
    }
}
