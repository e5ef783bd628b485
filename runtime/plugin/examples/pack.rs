//! Makes the packed schemas that stand in stdlib/schemas. Run with the file to write first:
//!
//! ```text
//! cargo run -p plugin --example pack -- aws.pack terraform BINARY aws.overlay
//! ```

use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use plugin::{Limits, identity_of, packed_schema};
use schema::pack::{Overlay, Packed};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let started = Instant::now();
    let (to, packed) = match arguments.as_slice() {
        [to, "terraform", binary, overlay] => (to, terraform(binary.as_ref(), overlay.as_ref())?),
        _ => return Err("usage: pack FILE terraform BINARY OVERLAY".into()),
    };
    std::fs::write(to, &packed.bytes)?;
    let mut out = std::io::stdout();
    writeln!(out, "{} kinds, {} blocks of which {} differ", packed.kinds, packed.blocks, packed.rows)?;
    writeln!(out, "{} members that differ, {} bytes, {:?}", packed.members, packed.bytes.len(), started.elapsed())?;
    for line in &packed.unmatched {
        writeln!(out, "line {line} of the overlay matches nothing")?;
    }
    Ok(())
}

fn terraform(binary: &Path, overlay: &Path) -> Result<Packed, Box<dyn Error>> {
    let identity = identity_of(binary).ok_or("the path does not tell which provider this is")?;
    let overlay = Overlay::parse(&std::fs::read_to_string(overlay)?)?;
    Ok(packed_schema(binary, &identity, &overlay, Limits::default())?)
}
