//! The frames of a log: each holds the records of one append, so that they are kept together or not at all. A frame is a line of text
//! in which no byte is zero, written over zeros: a zero in it was never written, and any other wrong byte was changed.
//!
//! `F1 LENGTH SEQ EPOCH PREVIOUS BODY CRC JSON`: all numbers in hexadecimal digits; LENGTH in bytes of the JSON, SEQ of its first
//! record, PREVIOUS the sum over the frame before, BODY that over the JSON, CRC the CRC32C of what stands before it.

use crate::digest::{crc32c, hex, sha256};
use crate::{Record, StateError};

/// What a frame begins with.
const MARK: &str = "F1 ";
/// How long it is without its JSON and the end of its line.
const HEAD: usize = 3 + 9 + 17 + 17 + 33 + 33 + 9;
/// A disk keeps or loses at least so many bytes at once, and a torn write shows zeros up to such a border.
const SECTOR: usize = 512;
/// How deep a record may be nested. A snapshot nests it a little deeper, and what reads JSON stops at 128.
const DEEPEST: usize = 100;

/// The first half of a SHA-256: as it is written in a frame.
pub(crate) type Sum = [u8; 16];

/// Where a log stands after a frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct End {
    /// The offset at which the next frame begins.
    pub(crate) bytes: u64,
    /// How many records the state has seen, from its first on.
    pub(crate) seq: u64,
    pub(crate) epoch: u64,
    /// The sum over the frame before, and so over all before it.
    pub(crate) chain: Sum,
}

/// What stands after the last whole frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Tail {
    /// Nothing, or zeros.
    #[default]
    Clean,
    /// An append that did not come to its end: so many bytes.
    Torn(u64),
}

/// What is wrong with a log, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Fault {
    Damaged {
        offset: u64,
        seq: u64,
        what: &'static str,
    },
    /// A record does not fit; its number.
    Wrong {
        seq: u64,
        why: String,
    },
}

pub(crate) fn sum(parts: &[&[u8]]) -> Sum {
    let mut sum = [0; 16];
    let whole = sha256(parts);
    sum.copy_from_slice(whole.first_chunk::<16>().unwrap_or(&[0; 16]));
    sum
}

/// The frame of some records, and where the log stands after it.
///
/// # Errors
/// A record holds an open secret, or could not be read again.
pub(crate) fn encode(end: &End, epoch: u64, records: &[Record]) -> Result<(Vec<u8>, End), StateError> {
    let body = serde_json::to_vec(records).map_err(|_| StateError::OpenSecret)?;
    if depth(&body) > DEEPEST {
        return Err(StateError::Unwritable { why: "nested too deep" });
    }
    // What could not be read again would stop every run after this one.
    if serde_json::from_slice::<Vec<Record>>(&body).ok().as_deref() != Some(records) {
        return Err(StateError::Unwritable { why: "not read as it is written" });
    }
    let length = u32::try_from(body.len()).map_err(|_| StateError::Unwritable { why: "longer than 4 GiB" })?;
    let (previous, sum_of_body) = (hex(&end.chain), hex(&sum(&[&body])));
    let head = format!("{MARK}{length:08x} {:016x} {epoch:016x} {previous} {sum_of_body} ", end.seq + 1);
    let mut frame = format!("{head}{:08x} ", crc32c(head.as_bytes())).into_bytes();
    frame.extend(&body);
    frame.push(b'\n');
    let after = End {
        bytes: end.bytes + frame.len() as u64,
        seq: end.seq + records.len() as u64,
        epoch,
        chain: sum(&[head.as_bytes()]),
    };
    Ok((frame, after))
}

/// How deep JSON is nested.
fn depth(json: &[u8]) -> usize {
    let (mut depth, mut deepest, mut in_text, mut escaped) = (0usize, 0, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_text,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => depth += 1,
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Reads a log from where it is known to stand, and gives each record to `add`.
///
/// # Errors
/// Something was changed after it was written, or `add` says that a record does not fit.
pub(crate) fn scan(
    log: &[u8],
    from: End,
    add: &mut dyn FnMut(&Record, &End) -> Result<(), String>,
) -> Result<(End, Tail), Fault> {
    let mut end = from;
    loop {
        let rest = log.get(end.bytes as usize..).unwrap_or_default();
        let damaged = |what| Fault::Damaged { offset: end.bytes, seq: end.seq + 1, what };
        let (records, mut after) = match next(rest, &end) {
            Next::Frame(records, after) => (records, after),
            Next::Nothing => return Ok((end, Tail::Clean)),
            Next::Torn(length) => return Ok((end, Tail::Torn(length as u64))),
            Next::Damaged(what) => return Err(damaged(what)),
        };
        for record in &records {
            end.seq += 1;
            add(record, &after).map_err(|why| Fault::Wrong { seq: end.seq, why })?;
        }
        after.seq = end.seq;
        end = after;
    }
}

enum Next {
    /// Its records, and where the log stands after it, but for the number of the last record.
    Frame(Vec<Record>, End),
    Nothing,
    Torn(usize),
    Damaged(&'static str),
}

/// What the first bytes of a frame say.
struct Head<'a> {
    length: usize,
    seq: u64,
    epoch: u64,
    previous: &'a str,
    body: &'a str,
    /// All of it that is summed up.
    text: &'a str,
}

fn next(rest: &[u8], end: &End) -> Next {
    if rest.iter().all(|byte| *byte == 0) {
        return Next::Nothing;
    }
    let Some(head) = rest.get(..HEAD).and_then(read_head) else { return unreadable(rest, end) };
    if head.previous != hex(&end.chain) || head.seq != end.seq + 1 || head.epoch < end.epoch {
        return Next::Damaged("what stands here does not follow what stands before it");
    }
    let length = HEAD + head.length + 1;
    let Some(frame) = rest.get(..length) else { return Next::Torn(written(rest)) };
    let body = frame.get(HEAD..length - 1).unwrap_or_default();
    if hex(&sum(&[body])) != head.body || frame.last() != Some(&b'\n') {
        return unfinished(rest, frame, end, head.body);
    }
    match serde_json::from_slice::<Vec<Record>>(body) {
        Ok(records) if !records.is_empty() => {
            let chain = sum(&[head.text.as_bytes()]);
            Next::Frame(records, End { bytes: end.bytes + length as u64, seq: end.seq, epoch: head.epoch, chain })
        }
        _ => Next::Damaged("what stands here is no record that this infrac knows"),
    }
}

fn read_head(bytes: &[u8]) -> Option<Head<'_>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (summed, crc) = text.split_at_checked(HEAD - 9)?;
    // Written anew and compared, so that only the one way to write it is taken.
    if !summed.starts_with(MARK) || format!("{:08x} ", crc32c(summed.as_bytes())) != crc {
        return None;
    }
    let mut words = summed.split(' ').skip(1);
    let mut number = || u64::from_str_radix(words.next()?, 16).ok();
    let (length, seq, epoch) = (number()? as usize, number()?, number()?);
    Some(Head { length, seq, epoch, previous: words.next()?, body: words.next()?, text: summed })
}

/// A frame whose head cannot be read.
fn unreadable(rest: &[u8], end: &End) -> Next {
    let head = rest.get(..HEAD.min(rest.len())).unwrap_or_default();
    let repaired = |bytes: &[u8]| read_head(bytes).is_some();
    let is_cut = rest.len() < HEAD && !rest.contains(&0);
    let is_torn = (is_cut || is_torn(rest, end.bytes as usize))
        && (head.len() < HEAD || head.contains(&0))
        && !(rest.get(HEAD).is_some_and(|byte| *byte != 0) && is_flipped_to_zero(head, &repaired));
    verdict(is_torn, rest)
}

/// A frame whose head can be read and whose body is not the one that it tells of.
fn unfinished(rest: &[u8], frame: &[u8], end: &End, expected: &str) -> Next {
    let body = frame.get(HEAD..frame.len().saturating_sub(1)).unwrap_or_default();
    let is_whole = |body: &[u8]| hex(&sum(&[body])) == expected;
    let is_flipped = frame.last() == Some(&b'\n') && is_flipped_to_zero(body, &is_whole);
    // Nothing is written behind a frame before it is whole.
    let is_last = rest.iter().skip(frame.len()).all(|byte| *byte == 0);
    verdict(is_last && !is_flipped && is_torn(frame, end.bytes as usize), rest)
}

fn verdict(is_torn: bool, rest: &[u8]) -> Next {
    if has_later(rest) {
        return Next::Damaged("what stands here was changed, or lost, after more had been written");
    }
    if is_torn { Next::Torn(written(rest)) } else { Next::Damaged("what stands here was changed after it was written") }
}

/// How many bytes there are up to the last that is not zero.
fn written(rest: &[u8]) -> usize {
    rest.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1)
}

/// Whether another frame follows. It would not have been begun before this one was whole.
fn has_later(rest: &[u8]) -> bool {
    let mark = format!("\n{MARK}");
    let starts = rest.windows(mark.len()).enumerate().filter(|(_, bytes)| *bytes == mark.as_bytes());
    starts.map(|(at, _)| at + 1).any(|at| rest.get(at..at + HEAD).and_then(read_head).is_some())
}

/// Whether all zeros in it are such as a write leaves that was cut short: from its beginning, to its end, or from or to the border of
/// a sector. There is at least one.
fn is_torn(frame: &[u8], offset: usize) -> bool {
    let mut at = 0;
    let mut any = false;
    while let Some(from) = frame.iter().skip(at).position(|byte| *byte == 0).map(|found| at + found) {
        let to = frame.iter().skip(from).position(|byte| *byte != 0).map_or(frame.len(), |found| from + found);
        let is_border = |at: usize| at == 0 || at == frame.len() || (offset + at).is_multiple_of(SECTOR);
        if !is_border(from) && !is_border(to) {
            return false;
        }
        (any, at) = (true, to);
    }
    any
}

/// Whether one zero stands where another byte makes all of it right: it was written, and changed.
fn is_flipped_to_zero(bytes: &[u8], is_right: &dyn Fn(&[u8]) -> bool) -> bool {
    let mut zeros = bytes.iter().enumerate().filter(|(_, byte)| **byte == 0).map(|(at, _)| at);
    let (Some(only), None) = (zeros.next(), zeros.next()) else { return false };
    let mut bytes = bytes.to_vec();
    (1..=u8::MAX).any(|byte| {
        bytes.splice(only..=only, [byte]);
        is_right(&bytes)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{RunId, Tree};

    const START: End = End { bytes: 0, seq: 0, epoch: 1, chain: [7; 16] };

    fn output(name: &str, length: usize) -> Record {
        Record::Output { name: name.into(), value: Tree::text("@ ".repeat(length)) }
    }

    fn log() -> (Vec<u8>, Vec<End>) {
        let (mut log, mut ends) = (Vec::new(), vec![START]);
        for records in [vec![output("a", 3), output("b", 300)], vec![output("c", 10)], vec![output("d", 900)]] {
            let (frame, end) = encode(ends.last().unwrap(), 1, &records).unwrap();
            log.extend(frame);
            ends.push(end);
        }
        (log, ends)
    }

    fn read(log: &[u8]) -> Result<(End, Tail), Fault> {
        scan(log, START, &mut |_, _| Ok(()))
    }

    #[test]
    fn a_log_is_read_as_it_was_written() {
        let (mut log, ends) = log();
        assert_eq!(ends.last().unwrap().seq, 4);
        assert_eq!(read(&log), Ok((*ends.last().unwrap(), Tail::Clean)));
        log.extend([0; 5000]);
        assert_eq!(read(&log), Ok((*ends.last().unwrap(), Tail::Clean)));
    }

    #[test]
    fn a_log_that_is_cut_ends_with_the_last_whole_frame() {
        let (log, ends) = log();
        for length in 0..log.len() {
            let end = *ends.iter().rfind(|end| end.bytes as usize <= length).unwrap();
            let torn = length as u64 - end.bytes;
            let tail = if torn == 0 { Tail::Clean } else { Tail::Torn(torn) };
            assert_eq!(read(&log[..length]), Ok((end, tail)), "cut at {length}");
            // The same over reserved space.
            let mut reserved = log[..length].to_vec();
            reserved.resize(log.len() + 1000, 0);
            assert_eq!(read(&reserved), Ok((end, tail)), "zeros from {length} on");
        }
    }

    #[test]
    fn a_changed_bit_is_never_taken_for_a_torn_write() {
        let (mut log, _) = log();
        log.extend([0; 700]);
        for at in 0..log.len() - 700 {
            for bit in 0..8 {
                log[at] ^= 1 << bit;
                let result = read(&log);
                assert!(matches!(result, Err(Fault::Damaged { .. })), "bit {bit} of byte {at}: {result:?}");
                log[at] ^= 1 << bit;
            }
        }
    }

    #[test]
    fn a_later_sector_without_an_earlier_one_is_torn_only_where_nothing_follows() {
        let (log, ends) = log();
        let last = ends[2].bytes as usize;
        for sector in 0..log.len().div_ceil(SECTOR) {
            let mut holed = log.clone();
            let until = ((sector + 1) * SECTOR).min(log.len());
            holed[sector * SECTOR..until].fill(0);
            match read(&holed) {
                Ok((end, Tail::Torn(_) | Tail::Clean)) => {
                    assert!(sector * SECTOR >= last && end == ends[2], "{sector}")
                }
                Err(Fault::Damaged { .. }) => assert!(sector * SECTOR < last, "{sector}"),
                other => panic!("sector {sector}: {other:?}"),
            }
        }
    }

    #[test]
    fn what_could_not_be_read_again_is_not_written() {
        let nested = |depth| (0..depth).fold(Tree::Null, |inner, _| Tree::List(vec![inner]));
        let record = |value| Record::Output { name: "deep".into(), value };
        assert!(encode(&START, 1, &[record(nested(90))]).is_ok());
        for depth in [100, 130, 1000] {
            let error = encode(&START, 1, &[record(nested(depth))]).unwrap_err();
            assert!(matches!(error, StateError::Unwritable { .. }), "{depth}");
        }
        let brackets = Record::Claim { run: RunId(1), uids: Vec::new() };
        assert!(encode(&START, 1, &[brackets, record(Tree::text("[\"{".repeat(300)))]).is_ok());
    }
}
