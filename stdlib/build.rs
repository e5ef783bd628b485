//! Embeds the library: every `.infra` file beside this one with its text and its parsed items, so that a run parses none of it.

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
    fs::write(made.join("trees.rs"), format!("&[\n{trees}]"))
}

fn quoted(path: &Path) -> String {
    format!("{:?}", path.to_string_lossy())
}

fn variable(name: &str) -> io::Result<String> {
    env::var(name).map_err(|error| io::Error::other(format!("{name}: {error}")))
}
