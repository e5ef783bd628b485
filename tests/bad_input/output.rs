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

/// A pipe that ends, a disk that is full: a script must not take half of an answer for all of it.
#[test]
#[cfg(target_os = "linux")]
fn an_answer_that_cannot_be_written_is_told_once() {
    let infrac = tests::infrac().unwrap_or_else(|cause| panic!("infrac cannot be built: {cause}"));
    let folder = tempfile::tempdir().unwrap();
    let program = "project p { edition = 1 }\nenvironment prod { tier = prod, on = [kubernetes(context = \"c\")] }\n@allow(CKV_1, because = \"seen\")\ncontainer c { image = \"example.com/a:1\" }\n";
    std::fs::write(folder.path().join("main.infra"), program).unwrap();
    std::fs::write(folder.path().join("more.infra"), "output   more=1\n").unwrap();
    for arguments in [
        "check --format gitlab",
        "check --format sarif",
        "build --env prod --stdout",
        "build --env prod --check",
        "build --env prod --format json",
        "graph --env prod",
        "graph --env prod --format json",
        "why c.image",
        "reach --matrix --env prod",
        "waivers",
        "environments",
        "explain",
        "explain container",
        "diff prod prod",
        "fmt --check",
        "--help",
        "--version",
    ] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let told =
            Command::new(infrac).args(arguments.split(' ')).current_dir(folder.path()).stdout(full).output().unwrap();
        let said = String::from_utf8(told.stderr).unwrap();
        assert_eq!(told.status.code(), Some(1), "`infrac {arguments}`: {said}");
        assert_eq!(said.matches("cannot_write").count(), 1, "`infrac {arguments}`: {said}");
        assert!(
            said.matches("1 error").count() + said.matches("\"errors\":").count() <= 1,
            "`infrac {arguments}`: {said}"
        );
        assert!(said.contains("standard output: No space left on device"), "`infrac {arguments}`: {said}");
    }
}
