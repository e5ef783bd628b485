//! The `infrac` command beside this test's own binary, built if need be.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

static BUILT: LazyLock<Result<PathBuf, String>> = LazyLock::new(|| {
    let own = std::env::current_exe().map_err(|cause| cause.to_string())?;
    // target/PROFILE/deps/this-test
    let folder = own.parent().and_then(Path::parent).ok_or("the test stands outside a target folder")?;
    let target = folder.parent().ok_or("the test stands outside a target folder")?;
    let mut build = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    build
        .args(["build", "--quiet", "--workspace", "--bin", "infrac", "--target-dir"])
        .arg(target)
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    if folder.ends_with("release") {
        build.arg("--release");
    }
    let output = build.output().map_err(|cause| cause.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    Ok(folder.join(format!("infrac{}", std::env::consts::EXE_SUFFIX)))
});

/// Its path, or why it could not be built.
pub fn infrac() -> Result<&'static Path, &'static str> {
    BUILT.as_deref().map_err(String::as_str)
}
