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

use crate::PluginError;
use crate::handshake::{self, Handshake, Refused};

/// Variables that a provider is given from our own environment: where its files are. Credentials are not among them,
/// since nothing that is asked here needs any.
const INHERITED: [&str; 8] = ["PATH", "HOME", "TMPDIR", "TMP", "TEMP", "USERPROFILE", "SYSTEMROOT", "LANG"];

/// How much of the standard error is kept, in bytes.
const KEPT: usize = 4 * 1024;

/// How long a provider that closed its output has to end, before its silence is told instead.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// A provider that runs. It is killed when this is dropped.
pub(crate) struct Process {
    binary: PathBuf,
    child: Child,
    said: Arc<Mutex<Vec<u8>>>,
    /// Holds the socket; removed after the process ended.
    _sockets: tempfile::TempDir,
}

impl Process {
    /// Starts a binary and waits for its line.
    pub(crate) async fn start(binary: &Path) -> Result<(Self, Handshake), PluginError> {
        let failed = |reason: std::io::Error| PluginError::Start { binary: binary.into(), reason: reason.to_string() };
        let sockets = tempfile::Builder::new().prefix("infrac").tempdir().map_err(failed)?;
        let inherited = INHERITED.iter().filter_map(|name| std::env::var_os(name).map(|value| (name, value)));
        let mut child = Command::new(binary)
            .env_clear()
            .envs(inherited)
            .envs(handshake::environment(sockets.path()))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let said = Arc::new(Mutex::new(Vec::new()));
        if let Some(errors) = child.stderr.take() {
            tokio::spawn(keep_end(errors, Arc::clone(&said)));
        }
        let output = child.stdout.take();
        let mut process = Self { binary: binary.into(), child, said, _sockets: sockets };
        let handshake = process.handshake(output).await?;
        Ok((process, handshake))
    }

    /// Kills the process and waits until it is gone.
    pub(crate) async fn stop(mut self) {
        // It has nothing to save: it was only asked what it can do.
        let _ = self.child.kill().await;
    }

    /// The end of what it wrote to its standard error, without its empty lines.
    pub(crate) fn last_words(&self) -> String {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let said = String::from_utf8_lossy(&said);
        let lines: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let last = lines.get(lines.len().saturating_sub(3)..).unwrap_or_default();
        last.join(" / ")
    }

    async fn handshake(&mut self, output: Option<ChildStdout>) -> Result<Handshake, PluginError> {
        let mut line = Vec::new();
        if let Some(mut output) = output {
            read_line(&mut output, &mut line).await;
            tokio::spawn(drain(output));
        }
        if line.is_empty() {
            let _ = tokio::time::timeout(LAST_WORDS, self.child.wait()).await;
            return Err(PluginError::Ended { binary: self.binary.clone(), said: self.last_words() });
        }
        handshake::parse(&String::from_utf8_lossy(&line)).map_err(|refused| match refused {
            Refused::NotAHandshake(what) => {
                PluginError::Handshake { binary: self.binary.clone(), what: what.to_owned() }
            }
            Refused::Protocol(found) => PluginError::Protocol { found },
        })
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
        let Ok(length @ 1..) = errors.read(&mut buffer).await else { return };
        let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
        said.extend_from_slice(buffer.get(..length).unwrap_or_default());
        let surplus = said.len().saturating_sub(KEPT);
        said.drain(..surplus);
    }
}
