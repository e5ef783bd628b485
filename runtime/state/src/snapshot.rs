//! A snapshot: all of a state, and the beginning of the log that goes on from it. Both name the state that they belong to.

use std::path::Path;

use crate::digest::{crc32c, hex, sha256};
use crate::frame::{End, sum};
use crate::{Lineage, State, StateError};

/// The bytes of a snapshot, and the sum over them that its head holds.
pub(crate) struct Snapshot {
    pub(crate) bytes: Vec<u8>,
    pub(crate) sum: String,
}

fn first_line(lineage: Lineage, generation: u64, seq: u64) -> String {
    format!("infrac-snapshot 1 {lineage} {generation} {seq}\n")
}

/// # Errors
/// The state holds an open secret: a bug in infrac.
pub(crate) fn write(state: &State, lineage: Lineage, generation: u64, seq: u64) -> Result<Snapshot, StateError> {
    let mut bytes = first_line(lineage, generation, seq).into_bytes();
    serde_json::to_writer(&mut bytes, state).map_err(|_| StateError::OpenSecret)?;
    let own = hex(&sha256(&[&bytes]));
    bytes.push(b'\n');
    bytes.extend(own.bytes());
    bytes.push(b'\n');
    let sum = hex(&sha256(&[&bytes]));
    Ok(Snapshot { bytes, sum })
}

/// The state in a snapshot, and how many records it has seen.
///
/// # Errors
/// It is not the one that the head names.
pub(crate) fn read(
    bytes: &[u8],
    path: &Path,
    lineage: Lineage,
    generation: u64,
    sum: &str,
) -> Result<(State, u64), StateError> {
    let damaged = |what| StateError::Damaged { path: path.to_owned(), offset: 0, seq: None, what };
    let whole = hex(&sha256(&[bytes])) == sum;
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = std::str::from_utf8(line).unwrap_or_default();
    let words: Vec<&str> = line.split(' ').collect();
    let &[_, _, owner, number, seq] = words.as_slice() else { return Err(damaged("this is no snapshot of a state")) };
    if !whole {
        // A whole snapshot of another state is no damage.
        let is_foreign = owner != lineage.to_string() && is_whole(bytes);
        return Err(if is_foreign { foreign(path, lineage, owner) } else { damaged("it is not as it was written") });
    }
    let seq = seq.parse().map_err(|_| damaged("this is no snapshot of a state"))?;
    if owner != lineage.to_string() || number != generation.to_string() {
        return Err(foreign(path, lineage, owner));
    }
    let json = bytes.get(line.len() + 1..bytes.len().saturating_sub(66)).unwrap_or_default();
    let mut state: State =
        serde_json::from_slice(json).map_err(|_| damaged("this is no state that this infrac knows"))?;
    state.index().map_err(|wrong| StateError::Wrong { seq, why: wrong.0 })?;
    Ok((state, seq))
}

/// Whether its own sum is right.
fn is_whole(bytes: &[u8]) -> bool {
    let (text, sum) = bytes.split_at(bytes.len().saturating_sub(66));
    sum == format!("\n{}\n", hex(&sha256(&[text]))).as_bytes()
}

fn foreign(path: &Path, lineage: Lineage, found: &str) -> StateError {
    StateError::Foreign { path: path.to_owned(), expected: lineage.to_string(), found: found.to_owned() }
}

/// What a log begins with, and where it stands after it.
pub(crate) fn log_start(lineage: Lineage, generation: u64, seq: u64, epoch: u64, snapshot: &str) -> (Vec<u8>, End) {
    let line = format!("infrac-log 1 {lineage} {generation:016x} {seq:016x} {snapshot} ");
    let line = format!("{line}{:08x}\n", crc32c(line.as_bytes())).into_bytes();
    let end = End { bytes: line.len() as u64, seq, epoch, chain: sum(&[&line]) };
    (line, end)
}

/// Where a log stands before its first frame.
///
/// # Errors
/// It does not go on from that snapshot.
pub(crate) fn read_log_start(
    log: &[u8],
    path: &Path,
    lineage: Lineage,
    generation: u64,
    seq: u64,
    snapshot: &str,
) -> Result<End, StateError> {
    let (line, end) = log_start(lineage, generation, seq, 0, snapshot);
    let found = log.get(..line.len()).unwrap_or(log);
    if found == line {
        return Ok(end);
    }
    let text = std::str::from_utf8(found).unwrap_or_default();
    let is_whole = text.rsplit_once(' ').is_some_and(|(front, crc)| {
        let front = format!("{front} ");
        format!("{:08x}\n", crc32c(front.as_bytes())) == crc
    });
    match text.split(' ').nth(2) {
        Some(owner) if is_whole && owner != lineage.to_string() => Err(foreign(path, lineage, owner)),
        _ => {
            let what = "it does not begin as the log of this state and generation";
            Err(StateError::Damaged { path: path.to_owned(), offset: 0, seq: None, what })
        }
    }
}
