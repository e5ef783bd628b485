//! Messages over the standard streams. What is no message is answered with an error and passed over: one broken message of a client
//! ends nothing.

use std::io::{BufRead, BufReader, Read, Write};
use std::sync::{Arc, Mutex, PoisonError};

use lsp_server::{Connection, Message};

/// No message is as long; one that says so would fill the memory.
const LONGEST: usize = 256 << 20;

/// Reads and writes on threads of their own, which end with the streams.
pub fn stdio() -> Connection {
    over(BufReader::new(std::io::stdin()), std::io::stdout())
}

/// The same over any two streams.
pub fn over(read: impl BufRead + Send + 'static, write: impl Write + Send + 'static) -> Connection {
    let (to_client, outgoing) = crossbeam_channel::unbounded::<Message>();
    let (incoming, from_client) = crossbeam_channel::unbounded();
    let write = Arc::new(Mutex::new(write));
    let of_reader = Arc::clone(&write);
    std::thread::spawn(move || {
        let mut read = read;
        while let Some(frame) = next_frame(&mut read) {
            match serde_json::from_slice::<Message>(&frame) {
                Ok(message) => {
                    if incoming.send(message).is_err() {
                        return;
                    }
                }
                Err(cause) => {
                    let is_json = serde_json::from_slice::<serde_json::Value>(&frame).is_ok();
                    let (code, what) = if is_json { (-32600, "no request") } else { (-32700, "no JSON") };
                    let error = serde_json::json!({ "code": code, "message": format!("this is {what}: {cause}") });
                    let answer = serde_json::json!({ "jsonrpc": "2.0", "id": null, "error": error });
                    put(&of_reader, &answer.to_string());
                }
            }
        }
    });
    std::thread::spawn(move || {
        for message in outgoing {
            let mut value = serde_json::to_value(&message).unwrap_or_default();
            value["jsonrpc"] = "2.0".into();
            put(&write, &value.to_string());
        }
    });
    Connection { sender: to_client, receiver: from_client }
}

/// Writes one message. A client that has gone away is seen by the reader.
fn put(write: &Mutex<impl Write>, text: &str) {
    let mut write = write.lock().unwrap_or_else(PoisonError::into_inner);
    let _ = write!(write, "Content-Length: {}\r\n\r\n{text}", text.len()).and_then(|()| write.flush());
}

/// The bytes of the next message; none at the end, or where nobody can say where the next one begins.
fn next_frame(read: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        if read.by_ref().take(64 << 10).read_until(b'\n', &mut line).ok()? == 0 {
            return None;
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim();
        match (line.split_once(':'), length) {
            (Some((name, value)), _) if name.trim().eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse::<usize>().ok().filter(|length| *length <= LONGEST);
            }
            (_, Some(length)) if line.is_empty() => {
                let mut frame = Vec::new();
                let read = read.by_ref().take(length as u64).read_to_end(&mut frame).ok()?;
                return (read == length).then_some(frame);
            }
            _ => {}
        }
    }
}
