//! Where nothing can be written: the script does it with the command itself, as another user and on a disk that is full.

use std::path::Path;
use std::process::Command;

#[test]
#[cfg(unix)]
fn a_build_that_cannot_write_leaves_the_old_set_and_says_why() {
    let infrac = tests::infrac().unwrap_or_else(|cause| panic!("infrac cannot be built: {cause}"));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("emit/output_failures.sh");
    let output = Command::new("sh").arg(script).arg(infrac).output().unwrap();
    print!("{}", String::from_utf8_lossy(&output.stdout));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
