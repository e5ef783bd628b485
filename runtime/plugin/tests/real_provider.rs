//! Asks a real provider, where one is found: in the folder that `INFRAC_PROVIDER_MIRROR` names, or in a mirror that
//! Terraform itself would use. Without one these tests say `skipped` and pass.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use plugin::{Limits, PluginError, identity_of, packed_schema, provider_schema};
use schema::pack::{Overlay, terraform::AttributeType};
use schema::{Maker, Role, Schema};

/// Folders that may hold providers as `HOST/NAMESPACE/NAME/VERSION/PLATFORM/BINARY`.
fn mirrors() -> Vec<PathBuf> {
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let mut mirrors: Vec<PathBuf> = std::env::var_os("INFRAC_PROVIDER_MIRROR").into_iter().map(PathBuf::from).collect();
    let configuration = std::env::var_os("TF_CLI_CONFIG_FILE").map_or(home.join(".terraformrc"), PathBuf::from);
    let configuration = std::fs::read_to_string(configuration).unwrap_or_default();
    if let Some((_, mirror)) = configuration.split_once("filesystem_mirror") {
        mirrors.extend(mirror.split('"').nth(1).map(PathBuf::from));
    }
    mirrors.push(home.join(".terraform.d/plugins"));
    mirrors.push("/usr/local/share/terraform/plugins".into());
    mirrors
}

/// The first provider of this name, newest version first by name.
fn provider(name: &str) -> Option<PathBuf> {
    fn folders(folder: &Path) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        paths.sort();
        paths.reverse();
        paths
    }
    let platforms = mirrors().into_iter().flat_map(|mirror| folders(&mirror)).flat_map(|host| folders(&host));
    let platforms =
        platforms.flat_map(|namespace| folders(&namespace.join(name))).flat_map(|version| folders(&version));
    let mut binaries = platforms.flat_map(|platform| folders(&platform));
    binaries.find(|path| identity_of(path).is_some())
}

fn skipped(test: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {test}: no aws provider is found; set INFRAC_PROVIDER_MIRROR");
}

#[test]
fn a_real_provider_gives_its_schemas() {
    let Some(binary) = provider("aws") else {
        return skipped("a_real_provider_gives_its_schemas");
    };
    let schema = provider_schema(&binary, Limits::default()).unwrap();
    assert!(schema.resources.len() > 1000 && schema.data_sources.len() > 500);
    let vpc = &schema.resources["aws_vpc"];
    assert_eq!(vpc.version, 1);
    let cidr = vpc.block.attributes.iter().find(|attribute| attribute.name == "cidr_block").unwrap();
    assert_eq!(cidr.ty, AttributeType::Constraint(b"\"string\"".to_vec()));
    assert!(cidr.optional && cidr.computed && !cidr.required);
    assert!(schema.provider.block.attributes.iter().any(|attribute| attribute.name == "region"));
}

#[test]
fn a_real_provider_packs_to_the_committed_file() {
    let Some(binary) = provider("aws") else {
        return skipped("a_real_provider_packs_to_the_committed_file");
    };
    let folder = format!("{}/../../stdlib/schemas", env!("CARGO_MANIFEST_DIR"));
    let committed = std::fs::read(format!("{folder}/aws.pack")).unwrap();
    let overlay = Overlay::parse(&std::fs::read_to_string(format!("{folder}/aws.overlay")).unwrap()).unwrap();
    let identity = identity_of(&binary).unwrap();
    let packed = packed_schema(&binary, &identity, &overlay, Limits::default()).unwrap();
    let schema = Schema::open(packed.bytes.clone()).unwrap();
    assert!(schema.kind("aws_instance", Role::Resource).is_some());
    let maker = Maker { target: "terraform".to_owned(), source: identity.source, version: identity.version };
    assert_eq!(schema.maker(), maker);
    if Schema::open(committed.clone()).unwrap().maker() == maker {
        assert!(packed.bytes == committed, "the committed file is of another overlay or format: pack it again");
        assert_eq!(packed.unmatched, [0; 0]);
    }
}

#[test]
fn a_real_provider_that_is_too_slow_is_ended() {
    let Some(binary) = provider("aws") else {
        return skipped("a_real_provider_that_is_too_slow_is_ended");
    };
    let limits = Limits { start: Duration::from_millis(5), ..Limits::default() };
    let started = Instant::now();
    let error = provider_schema(&binary, limits).unwrap_err();
    assert!(matches!(error, PluginError::Slow { .. }), "{error}");
    assert!(started.elapsed() < Duration::from_secs(5));
}
