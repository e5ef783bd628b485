//! Files that are no text, much text, no file: through the disk, as the command reads it.

use program::Program;
use source::{Disk, Memory};

use super::{codes, one, told};

const HEAD: &str = "project p { edition = 1 }\nenvironment prod { tier = prod, on = [] }\n";
const TWENTY_MEGABYTES: usize = 20_000_000;

#[test]
fn a_file_that_is_not_utf8_is_named_with_its_line() {
    let program = Program::load(
        Memory::new([
            ("main.infra", HEAD.as_bytes().to_vec()),
            ("other.infra", b"let a = 1\nlet b = \"\xff\xfe\"\n".to_vec()),
        ]),
        "",
    );
    let told = told(&program);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].message, "the file `other.infra` is not UTF-8 text (line 2)");
}

#[test]
fn twenty_megabytes_end() {
    let text = |part: &str| part.repeat(TWENTY_MEGABYTES / part.len());
    assert_eq!(codes(&one(format!("{HEAD}{}", text("// a comment that goes on\n")))), [""; 0]);
    assert_eq!(codes(&one(format!("{HEAD}let t = \"{}\"\n", text("text")))), [""; 0]);
    assert!(!codes(&one(text("#"))).is_empty());
    assert!(!codes(&one(format!("{HEAD}let t = \"{}\n", text("text")))).is_empty());
    assert!(!codes(&one(text("\0"))).is_empty());
}

#[test]
fn many_statements_and_wide_ones_end() {
    let many: String = (0..20_000).map(|number| format!("let name_{number} = {number}\n")).collect();
    assert_eq!(codes(&one(format!("{HEAD}{many}"))), [""; 0]);
    let wide: String = (0..20_000).map(|number| format!("  field_{number} = {number}\n")).collect();
    assert_eq!(codes(&one(format!("{HEAD}let record = {{\n{wide}}}\n"))), [""; 0]);
}

#[test]
#[cfg(unix)]
fn links_and_folders_that_pretend_are_passed_or_told() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    std::fs::write(root.join("main.infra"), HEAD).unwrap();
    // A folder that leads to itself, a link to nowhere, a link to itself.
    std::os::unix::fs::symlink(".", root.join("around")).unwrap();
    let around = told(&Program::load(Disk::new(root), ""));
    assert!(matches!(around.as_slice(), [one] if one.code == "passed_over"), "{around:?}");
    std::fs::remove_file(root.join("around")).unwrap();
    std::os::unix::fs::symlink("itself.infra", root.join("itself.infra")).unwrap();
    let itself = told(&Program::load(Disk::new(root), ""));
    assert!(itself.len() == 1 && itself[0].message.contains("`itself.infra` cannot be read"), "{itself:?}");
    std::fs::remove_file(root.join("itself.infra")).unwrap();
    std::os::unix::fs::symlink("nowhere", root.join("nothing.infra")).unwrap();
    let nothing = told(&Program::load(Disk::new(root), ""));
    assert!(nothing.len() == 1 && nothing[0].message.contains("`nothing.infra` cannot be read"), "{nothing:?}");
    std::fs::remove_file(root.join("nothing.infra")).unwrap();
    // A folder that is named like a file is a folder.
    std::fs::create_dir(root.join("x.infra")).unwrap();
    told(&Program::load(Disk::new(root), ""));
    // A pipe that nobody writes to would be waited for for ever.
    let made =
        std::process::Command::new("mkfifo").arg(root.join("pipe.infra")).status().is_ok_and(|status| status.success());
    if made {
        let pipe = told(&Program::load(Disk::new(root), ""));
        assert!(pipe.iter().any(|diagnostic| diagnostic.message.contains("pipe.infra")), "{pipe:?}");
    } else {
        println!("skipped: no pipe can be made here");
    }
}

#[test]
fn a_folder_that_is_not_there_and_an_empty_one_are_told() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(codes(&Program::load(Disk::new(folder.path()), "")), ["no_program"]);
    assert_eq!(codes(&Program::load(Disk::new(folder.path()), "missing")), ["unreadable"]);
    assert_eq!(codes(&Program::load(Disk::new(folder.path().join("missing")), "")), ["unreadable"]);
}

#[test]
fn a_folder_called_like_the_library_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("std");
    std::fs::create_dir(&inner).unwrap();
    std::fs::write(folder.path().join("main.infra"), HEAD).unwrap();
    assert_eq!(codes(&Program::load(Disk::new(folder.path()), "")), [""; 0]);
    std::fs::write(inner.join("team.infra"), "kind crew {}\n").unwrap();
    assert_eq!(codes(&Program::load(Disk::new(folder.path()), "")), ["library_folder"]);
    // The project's own folder may be called so.
    std::fs::remove_file(inner.join("team.infra")).unwrap();
    std::fs::rename(folder.path().join("main.infra"), inner.join("main.infra")).unwrap();
    assert_eq!(codes(&Program::load(Disk::new(folder.path()), "std")), [""; 0]);
}

#[test]
#[cfg(unix)]
fn no_link_leads_out_of_the_project_and_no_state_is_read() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("project");
    std::fs::create_dir_all(root.join("texts")).unwrap();
    std::fs::write(folder.path().join("outside.txt"), "outside").unwrap();
    std::fs::write(folder.path().join("outside.infra"), "let leaked = 1\n").unwrap();
    std::fs::write(root.join("texts/inside.txt"), "inside").unwrap();
    std::fs::write(root.join("x.TFSTATE"), "{}").unwrap();
    symlink("../outside.txt", root.join("out.txt")).unwrap();
    symlink("texts/inside.txt", root.join("in.txt")).unwrap();
    symlink("x.TFSTATE", root.join("state.txt")).unwrap();
    symlink("..", root.join("linked")).unwrap();
    let read = |path: &str| {
        std::fs::write(root.join("main.infra"), format!("{HEAD}output o = file(\"{path}\")\n")).unwrap();
        codes(&Program::load(Disk::new(&root), ""))
    };
    assert_eq!(read("in.txt"), [""; 0], "a link to a file of the project is one of its files");
    for path in ["out.txt", "linked/outside.txt", "state.txt", "x.TFSTATE", ".infrac/prod/terraform.tfstate"] {
        assert_eq!(read(path), ["missing_file"], "{path}");
    }
    std::fs::write(root.join("binary.der"), b"\x30\x82\xff\x00").unwrap();
    assert_eq!(read("binary.der"), ["missing_file"], "a program holds no bytes that are no text");
    symlink("../outside.infra", root.join("outside.infra")).unwrap();
    assert!(read("in.txt").contains(&"unreadable"));
}

#[test]
#[cfg(unix)]
fn what_looks_like_a_part_of_the_program_is_not_passed_over_in_silence() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    std::fs::write(root.join("main.infra"), HEAD).unwrap();
    std::fs::write(root.join("X.INFRA"), "nonsense !").unwrap();
    std::fs::create_dir(root.join(std::ffi::OsStr::from_bytes(b"\xff"))).unwrap();
    std::os::unix::fs::symlink("..", root.join("linked")).unwrap();
    std::os::unix::fs::symlink("..", root.join(".hidden")).unwrap();
    std::os::unix::fs::symlink("..", root.join("node_modules")).unwrap();
    let told = told(&Program::load(Disk::new(root), ""));
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told.iter().all(|one| one.code == "passed_over" && one.severity == source::Severity::Warning), "{told:?}");
}

#[test]
#[cfg(unix)]
fn a_file_that_pretends_to_be_huge_is_told_and_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    std::fs::write(root.join("main.infra"), format!("{HEAD}output o = file(\"huge.txt\")\n")).unwrap();
    std::fs::File::create(root.join("huge.txt")).unwrap().set_len(1 << 40).unwrap();
    assert_eq!(codes(&Program::load(Disk::new(root), "")), ["missing_file"]);
    std::fs::rename(root.join("huge.txt"), root.join("huge.infra")).unwrap();
    assert!(codes(&Program::load(Disk::new(root), "")).contains(&"unreadable"));
}
