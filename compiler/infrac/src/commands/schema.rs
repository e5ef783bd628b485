//! `infrac schema add`: types native kinds from what their makers publish. A provider's binary is asked through its own protocol, a
//! file of custom resource definitions or a folder of OpenAPI documents is read; what is written is the packed file that a
//! project, or the library, is checked against.

use std::fs;
use std::path::{Path, PathBuf};

use ::schema::pack::{Document, Overlay, Packed, pack_crds, pack_openapi};

use super::{Messages, Outcome, Teller, causes};
use crate::report::plural;

/// The largest file that is read, in bytes: the documents of a whole release have a tenth of that.
const LARGEST: u64 = 256 << 20;

/// Types native kinds from what their makers publish.
#[derive(clap::Subcommand, Debug)]
pub enum Arguments {
    /// Packs the schemas of a Terraform provider's binary, of a YAML file of custom resource definitions, or of a folder with
    /// the OpenAPI documents of a Kubernetes release (`/openapi/v3` of its server, one JSON file each).
    Add(Add),
}

#[derive(clap::Args, Debug)]
pub struct Add {
    /// The binary, the YAML file or the folder.
    from: PathBuf,
    /// Where to write the packed file [default: schemas/NAME.pack].
    #[arg(long)]
    out: Option<PathBuf>,
    /// A file that says which texts are an ip, a cidr, a duration, a size or JSON.
    #[arg(long)]
    overlay: Option<PathBuf>,
    /// The name of the pack; for a provider its source, such as `hashicorp/aws` [default: from the file's name].
    #[arg(long)]
    name: Option<String>,
    /// The version that is packed [default: from the binary's name].
    #[arg(long)]
    release: Option<String>,
    #[command(flatten)]
    pub messages: Messages,
}

impl Arguments {
    /// How mistakes are shown.
    pub fn format(&self) -> crate::report::Format {
        let Arguments::Add(add) = self;
        add.messages.format
    }
}

/// What was packed, and under which name.
struct Made {
    name: String,
    version: String,
    packed: Packed,
}

/// Why it could not be.
struct Failure {
    message: String,
    help: String,
}

impl Failure {
    fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into() }
    }
}

/// Runs it.
pub fn run(arguments: &Arguments, teller: &Teller) -> Outcome {
    let Arguments::Add(add) = arguments;
    match make(add).and_then(|made| write(add, &made)) {
        Ok(text) => {
            teller.say(&text);
            Outcome::Done
        }
        Err(failure) => teller.fail("schema", failure.message, failure.help),
    }
}

fn make(add: &Add) -> Result<Made, Failure> {
    let overlay = match &add.overlay {
        Some(path) => {
            let text = read_text(path)?;
            Overlay::parse(&text)
                .map_err(|error| Failure::new(format!("`{}`: {error}", path.display()), error.help()))?
        }
        None => Overlay::default(),
    };
    if add.from.is_dir() {
        openapi(add, &overlay)
    } else if add.from.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
        definitions(add, &overlay)
    } else if let Err(cause) = fs::metadata(&add.from) {
        Err(Failure::new(
            format!("`{}`: {cause}", add.from.display()),
            causes::help(&cause, "give a provider's binary, a YAML file or a folder of JSON documents"),
        ))
    } else if fs::metadata(&add.from).is_ok_and(|found| !found.is_file()) {
        let message = format!("`{}` is neither a file nor a folder", add.from.display());
        Err(Failure::new(message, "give a provider's binary, a YAML file or a folder of JSON documents"))
    } else {
        provider(add, &overlay)
    }
}

fn provider(add: &Add, overlay: &Overlay) -> Result<Made, Failure> {
    let found = plugin::identity_of(&add.from);
    let missing = |what: &str, flag: &str| {
        Failure::new(
            format!("the name of `{}` does not tell {what}", add.from.display()),
            format!("say it with `{flag}`"),
        )
    };
    let source = add
        .name
        .clone()
        .or_else(|| found.as_ref().map(|found| found.source.clone()))
        .ok_or_else(|| missing("which provider it is", "--name hashicorp/aws"))?;
    let version = add
        .release
        .clone()
        .or_else(|| found.map(|found| found.version))
        .ok_or_else(|| missing("its version", "--release 5.100.0"))?;
    let identity = plugin::ProviderIdentity { source, version };
    let packed = plugin::packed_schema(&add.from, &identity, overlay, plugin::Limits::default())
        .map_err(|error| Failure::new(error.to_string(), error.help()))?;
    let name = identity.source.rsplit('/').next().unwrap_or(&identity.source).to_owned();
    Ok(Made { name, version: identity.version, packed })
}

fn definitions(add: &Add, overlay: &Overlay) -> Result<Made, Failure> {
    let text = read_text(&add.from)?;
    let stem = add.from.file_stem().and_then(|stem| stem.to_str()).unwrap_or("crds");
    let name = add.name.clone().unwrap_or_else(|| stem.replace(['-', '.'], "_"));
    let version = add.release.clone().ok_or_else(|| {
        Failure::new("a file of definitions does not tell its version", "say it with `--release 1.16.0`")
    })?;
    let packed =
        pack_crds(&name, &version, &text, overlay).map_err(|error| Failure::new(error.to_string(), error.help()))?;
    Ok(Made { name, version, packed })
}

fn openapi(add: &Add, overlay: &Overlay) -> Result<Made, Failure> {
    let failed = |cause: std::io::Error| {
        Failure::new(format!("`{}`: {cause}", add.from.display()), "give a folder of JSON documents that you may read")
    };
    let mut texts: Vec<(String, Vec<u8>)> = Vec::new();
    for entry in fs::read_dir(&add.from).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            texts.push((name, read(&path)?));
        }
    }
    texts.sort();
    let version = add
        .release
        .clone()
        .ok_or_else(|| Failure::new("OpenAPI documents do not tell the release", "say it with `--release 1.34.4`"))?;
    let documents: Vec<Document<'_>> = texts.iter().map(|(name, text)| Document { name, text }).collect();
    let packed =
        pack_openapi(&version, &documents, overlay).map_err(|error| Failure::new(error.to_string(), error.help()))?;
    Ok(Made { name: add.name.clone().unwrap_or_else(|| "kubernetes".to_owned()), version, packed })
}

fn read_text(path: &Path) -> Result<String, Failure> {
    String::from_utf8(read(path)?)
        .map_err(|_| Failure::new(format!("`{}` is not UTF-8 text", path.display()), "save it as UTF-8"))
}

/// The bytes of a file: a pipe would be waited for, and what is too large would fill the memory.
fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let shown = path.display();
    let failed =
        |cause: std::io::Error| Failure::new(format!("`{shown}`: {cause}"), "give a file of text that you may read");
    let found = fs::metadata(path).map_err(failed)?;
    if !found.is_file() {
        return Err(Failure::new(format!("`{shown}` is not a file"), "write what it gives into a file first"));
    }
    if found.len() > LARGEST {
        let message = format!("`{shown}` has more than {} MiB", LARGEST >> 20);
        return Err(Failure::new(message, "split it into several files"));
    }
    fs::read(path).map_err(failed)
}

fn write(add: &Add, made: &Made) -> Result<String, Failure> {
    let path = add.out.clone().unwrap_or_else(|| PathBuf::from("schemas").join(format!("{}.pack", made.name)));
    let whole = || -> std::io::Result<()> {
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        // Written beside it and renamed, so that a reader never sees half a file.
        let beside = path.with_extension("pack-new");
        fs::write(&beside, &made.packed.bytes)?;
        fs::rename(&beside, &path)
    };
    whole()
        .map_err(|cause| Failure::new(format!("`{}`: {cause}", path.display()), "choose another file with `--out`"))?;
    let mut text = format!(
        "packed {} of {} {} into {} ({} KB)\n",
        plural(made.packed.kinds, "kind"),
        made.name,
        made.version,
        path.display(),
        made.packed.bytes.len().div_ceil(1000)
    );
    for line in &made.packed.unmatched {
        text.push_str(&format!("warning: line {line} of the overlay refines nothing\n"));
    }
    Ok(text)
}
