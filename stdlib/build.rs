//! Embeds the library: every `.infra` file beside this one with its text and its parsed items, so that a run parses none of it; and the
//! schemas, those of ours packed from their lines.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let folder = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let made = PathBuf::from(variable("OUT_DIR")?);
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files: Vec<PathBuf> =
        fs::read_dir(&folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|ending| ending == "infra"));
    files.sort();
    let (mut texts, mut trees) = (String::new(), String::new());
    for path in files {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let packed = made.join(&name).with_extension("trees");
        fs::write(&packed, syntax::pack::pack(&fs::read_to_string(&path)?))?;
        texts.push_str(&format!("({:?}, include_str!({})),\n", format!("std/{name}"), quoted(&path)));
        trees.push_str(&format!("include_bytes!({}),\n", quoted(&packed)));
    }
    fs::write(made.join("texts.rs"), format!("&[\n{texts}]"))?;
    fs::write(made.join("trees.rs"), format!("&[\n{trees}]"))?;
    fs::write(made.join("schemas.rs"), format!("&[\n{}]", schemas(&folder.join("schemas"), &made)?))
}

/// Every `NAME.pack`, and every `NAME.schema` once it is packed.
fn schemas(folder: &Path, made: &Path) -> io::Result<String> {
    let mut all: Vec<(String, PathBuf)> = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("pack") => all.push((name, path)),
            Some("schema") => {
                let packed = schema::pack::pack_own(&path.display().to_string(), &fs::read_to_string(&path)?);
                let to = made.join(&name).with_extension("pack");
                fs::write(&to, packed.map_err(io::Error::other)?.bytes)?;
                all.push((name, to));
            }
            _ => {}
        }
    }
    all.sort();
    Ok(all.iter().map(|(name, path)| format!("({name:?}, include_bytes!({})),\n", quoted(path))).collect())
}

fn quoted(path: &Path) -> String {
    format!("{:?}", path.to_string_lossy())
}

fn variable(name: &str) -> io::Result<String> {
    env::var(name).map_err(|error| io::Error::other(format!("{name}: {error}")))
}
