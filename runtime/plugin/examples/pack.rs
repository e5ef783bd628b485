//! Makes the packed schemas that stand in stdlib/schemas. Run with the file to write first:
//!
//! ```text
//! cargo run -p plugin --example pack -- aws.pack terraform BINARY aws.overlay
//! cargo run -p plugin --example pack -- kubernetes.pack openapi 1.34.4 FOLDER kubernetes.overlay
//! cargo run -p plugin --example pack -- cert_manager.pack crds cert_manager 1.0 FILE
//! ```

use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use plugin::{Limits, identity_of, packed_schema};
use schema::pack::{Document, Overlay, Packed, pack_crds, pack_openapi};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let started = Instant::now();
    let (to, packed) = match arguments.as_slice() {
        [to, "terraform", binary, overlay] => (to, terraform(binary.as_ref(), overlay.as_ref())?),
        [to, "openapi", version, folder, overlay] => (to, openapi(version, folder.as_ref(), overlay.as_ref())?),
        [to, "crds", pack, version, file] => {
            (to, pack_crds(pack, version, &std::fs::read_to_string(file)?, &Overlay::default())?)
        }
        _ => {
            return Err("usage: pack FILE (terraform | openapi | crds) …, as in the head of this example".into());
        }
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

fn openapi(version: &str, folder: &Path, overlay: &Path) -> Result<Packed, Box<dyn Error>> {
    let overlay = Overlay::parse(&std::fs::read_to_string(overlay)?)?;
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if name.starts_with("api") && name.ends_with(".json") {
            files.push((name, std::fs::read(&path)?));
        }
    }
    files.sort();
    let documents: Vec<Document<'_>> = files.iter().map(|(name, text)| Document { name, text }).collect();
    Ok(pack_openapi(version, &documents, &overlay)?)
}
