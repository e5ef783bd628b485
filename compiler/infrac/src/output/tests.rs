//! A set of files in folders that earlier builds, users and others have left.

use std::os::unix::fs::symlink;

use super::*;

fn files<'a>(files: &'a [(&'a str, &'a str)]) -> Vec<NewFile<'a>> {
    files.iter().map(|(path, text)| NewFile::new(path, text)).collect()
}
fn place(folder: &Path) -> Place {
    Place::new(folder.parent().unwrap(), folder.file_name().unwrap())
}
/// A set that nobody else adds to.
fn only<'a>(written: &'a [NewFile<'a>]) -> Files<'a> {
    Files { written, awaited: &[] }
}

fn write(folder: &Path, files: &[NewFile<'_>]) -> Result<Changes, OutputError> {
    Output::begin(&place(folder))?.write(&only(files))
}
fn files_below(root: &Path, folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            found.extend(files_below(root, &entry.path()));
        } else {
            found.push(entry.path().strip_prefix(root).unwrap().to_owned());
        }
    }
    found.sort();
    found
}
fn listing(folder: &Path) -> Vec<(String, String)> {
    let text = |path: &PathBuf| fs::read_to_string(folder.join(path)).unwrap();
    files_below(folder, folder).iter().map(|path| (path.to_str().unwrap().to_owned(), text(path))).collect()
}

#[test]
fn a_set_replaces_the_one_before_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("prod");
    let first = write(
        &root,
        &files(&[("terraform/main.tf.json", "one"), ("kubernetes/api.yaml", "a"), ("kubernetes/old/b.yaml", "b")]),
    )
    .unwrap();
    assert_eq!(first.added.len(), 3);
    fs::write(root.join("terraform/.terraform.lock.hcl"), "lock").unwrap();
    let wanted = [("terraform/main.tf.json", "two"), ("kubernetes/api.yaml", "a")];
    assert_eq!(
        compare(&place(&root), &only(&files(&wanted))).unwrap(),
        Changes {
            added: vec![],
            changed: vec!["terraform/main.tf.json".to_owned()],
            removed: vec!["kubernetes/old/b.yaml".to_owned()]
        }
    );
    write(&root, &files(&wanted)).unwrap();
    let shown: Vec<String> =
        listing(&root).into_iter().map(|(path, text)| format!("{path}: {}", text.trim().replace('\n', " "))).collect();
    assert_eq!(
        shown,
        [
            ".infrac-files: kubernetes/api.yaml terraform/main.tf.json",
            "kubernetes/api.yaml: a",
            "terraform/.terraform.lock.hcl: lock",
            "terraform/main.tf.json: two"
        ]
    );
    assert!(!root.join("kubernetes/old").exists());
    assert!(write(&root, &files(&wanted)).unwrap().is_empty());
}

#[test]
fn a_file_of_the_user_is_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    for mine in ["api.yaml", "kubernetes"] {
        fs::write(folder.path().join(mine), "mine").unwrap();
        let error =
            write(folder.path(), &files(&[("api.yaml", "ours"), ("b.yaml", "b"), ("kubernetes/c", "c")])).unwrap_err();
        assert_eq!(error.what, "a file that infrac did not write stands in the way");
        assert_eq!(error.path, folder.path().join(mine));
        assert_eq!(listing(folder.path()), [(mine.to_owned(), "mine".to_owned())]);
        fs::remove_file(folder.path().join(mine)).unwrap();
    }
}

#[test]
fn a_failure_in_between_leaves_the_old_set() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &files(&[("a/x", "old"), ("b", "old")])).unwrap();
    let before = listing(folder.path());
    // `b` is a file, so nothing can stand below it; a name may be too long for the disk.
    assert!(write(folder.path(), &files(&[("a/x", "new"), ("b", "new"), ("b/c", "new")])).is_err());
    let long = "x".repeat(300);
    let error = write(folder.path(), &files(&[("a/x", "new"), ("b", "new"), (&long, "new")])).unwrap_err();
    assert!(error.what.starts_with("cannot be "), "{}", error.what);
    assert_eq!(listing(folder.path()), before);
}

#[test]
fn a_file_becomes_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &files(&[("a", "one")])).unwrap();
    write(folder.path(), &files(&[("a/b", "two")])).unwrap();
    assert_eq!(listing(folder.path())[1], ("a/b".to_owned(), "two".to_owned()));
}

#[test]
fn what_was_only_staged_is_thrown_away_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("prod");
    write(&root, &files(&[("a", "one")])).unwrap();
    let staged = root.join(".infrac-staged");
    fs::create_dir_all(staged.join("files")).unwrap();
    fs::write(staged.join("files/a"), "ha").unwrap();
    fs::write(staged.join("list"), "place a\nplace new/b\nend\n").unwrap();
    fs::create_dir(root.join("new")).unwrap();
    fs::write(root.join("new/.infrac-probe"), "").unwrap();
    assert!(write(&root, &files(&[("a", "one")])).unwrap().is_empty());
    assert_eq!(listing(&root), [(OURS.to_owned(), "a\n".to_owned()), ("a".to_owned(), "one".to_owned())]);
    assert!(!root.join("new").exists() && !staged.exists());
}

#[test]
fn what_was_committed_to_is_ended_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("prod");
    write(&root, &files(&[("a", "one"), ("old/b", "b")])).unwrap();
    // Killed after one of two steps.
    let journal = root.join(".infrac-journal");
    fs::create_dir_all(journal.join("files")).unwrap();
    fs::write(journal.join("files").join(OURS), "a\n").unwrap();
    fs::write(journal.join("list"), format!("place a\nplace {OURS}\nremove old/b\nend\n")).unwrap();
    fs::write(root.join("a"), "two").unwrap();
    let left = compare(&place(&root), &only(&files(&[("a", "two")]))).unwrap();
    assert_eq!(left, Changes { removed: vec!["old/b".to_owned()], ..Changes::default() });
    assert!(write(&root, &files(&[("a", "two")])).unwrap().is_empty());
    assert_eq!(listing(&root), [(OURS.to_owned(), "a\n".to_owned()), ("a".to_owned(), "two".to_owned())]);
    assert!(!root.join("old").exists() && !journal.exists());
}

#[test]
fn a_list_that_leads_out_of_the_folder_removes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("out");
    fs::create_dir(&root).unwrap();
    fs::write(folder.path().join("precious"), "x").unwrap();
    fs::write(root.join(OURS), "../precious\n/etc/hostname\n").unwrap();
    assert!(write(&root, &files(&[("a", "a")])).unwrap().removed.is_empty());
    assert!(folder.path().join("precious").exists());
}

#[test]
fn a_journal_that_leads_out_of_the_folder_is_named_and_does_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("out");
    let precious = folder.path().join("precious");
    fs::write(&precious, "x").unwrap();
    for list in ["remove ../precious\nend\n", "place ../precious\nend\n", "remove /etc/hostname\nend\n", "remove x\n"] {
        let journal = root.join(".infrac-journal");
        fs::create_dir_all(journal.join("files")).unwrap();
        fs::write(journal.join("list"), list).unwrap();
        let error = write(&root, &files(&[("a", "a")])).unwrap_err();
        assert_eq!((error.path, error.what.as_str()), (journal.join("list"), "infrac did not write this journal"));
        assert!(compare(&place(&root), &only(&[])).is_err());
        fs::remove_dir_all(&root).unwrap();
    }
    assert_eq!(fs::read_to_string(precious).unwrap(), "x");
}

#[test]
fn no_link_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let (root, home) = (folder.path().join("out/prod"), folder.path().join("home"));
    let place = Place::new(folder.path(), "out/prod");
    fs::create_dir_all(home.join("files")).unwrap();
    fs::write(home.join("list"), "remove x\nend\n").unwrap();
    fs::write(home.join("files/x"), "x").unwrap();
    fs::write(home.join("x"), "x").unwrap();
    let before = listing(&home);
    for link in ["out", "out/prod", "out/prod/terraform", "out/prod/.infrac-journal", "out/prod/.infrac-staged"] {
        let at = folder.path().join(link);
        fs::create_dir_all(at.parent().unwrap()).unwrap();
        symlink(&home, &at).unwrap();
        let wanted = files(&[("terraform/x", "new"), ("x", "new")]);
        let begun = Output::begin(&place).and_then(|output| output.write(&only(&wanted)));
        assert_eq!(begun.map_err(|error| error.path), Err(at.clone()), "{link}");
        assert_eq!(
            compare(&place, &only(&wanted)).map_err(|error| error.path).err(),
            (link != "out/prod/.infrac-staged").then_some(at),
            "{link}"
        );
        assert_eq!(listing(&home), before, "{link}");
        let _ = fs::remove_file(folder.path().join("out"));
        let _ = fs::remove_dir_all(folder.path().join("out"));
    }
    // A list names a way that has become a link.
    fs::create_dir_all(&root).unwrap();
    fs::write(root.join(OURS), "terraform/x\n").unwrap();
    symlink(&home, root.join("terraform")).unwrap();
    assert!(Output::begin(&place).and_then(|output| output.write(&only(&files(&[("a", "a")])))).is_err());
    // So does the journal, on the side of its texts and on the side of their places.
    for at in [".infrac-journal/files", "terraform"] {
        fs::remove_dir_all(folder.path().join("out")).unwrap();
        fs::create_dir_all(root.join(".infrac-journal/files/terraform")).unwrap();
        fs::write(root.join(".infrac-journal/files/terraform/x"), "evil").unwrap();
        fs::write(root.join(".infrac-journal/list"), "place terraform/x\nremove terraform/list\nend\n").unwrap();
        let _ = fs::remove_dir_all(root.join(at));
        symlink(&home, root.join(at)).unwrap();
        assert!(Output::begin(&place).is_err(), "{at}");
        assert_eq!(listing(&home), before, "{at}");
    }
}

#[test]
fn a_link_of_ours_is_replaced_and_one_of_the_user_s_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let (root, precious) = (folder.path().join("out"), folder.path().join("precious"));
    fs::write(&precious, "x").unwrap();
    fs::create_dir(&root).unwrap();
    symlink(&precious, root.join("a")).unwrap();
    assert!(write(&root, &files(&[("a", "x")])).is_err());
    fs::write(root.join(OURS), "a\n").unwrap();
    assert_eq!(write(&root, &files(&[("a", "new")])).unwrap().changed, ["a"]);
    assert_eq!(fs::read_to_string(&precious).unwrap(), "x");
    fs::remove_file(root.join(OURS)).unwrap();
    symlink(&precious, root.join(OURS)).unwrap();
    assert!(write(&root, &files(&[("a", "new")])).is_err());
}

#[test]
fn what_others_write_there_is_ours_as_long_as_it_is_awaited() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("out");
    let (one, awaited) = (files(&[("a", "one")]), ["files/token".to_owned()]);
    let build = |awaited: &[String]| Output::begin(&place(&root))?.write(&Files { written: &one, awaited });
    build(&awaited).unwrap();
    fs::create_dir_all(root.join("files")).unwrap();
    fs::write(root.join("files/token"), "secret").unwrap();
    // It is neither new nor changed, and stays.
    assert!(build(&awaited).unwrap().is_empty());
    assert_eq!(fs::read_to_string(root.join("files/token")).unwrap(), "secret");
    // Now infrac knows it itself.
    let known = files(&[("a", "one"), ("files/token", "known")]);
    assert_eq!(write(&root, &known).unwrap().changed, ["files/token"]);
    // It is awaited again, and then no more.
    build(&awaited).unwrap();
    assert_eq!(build(&[]).unwrap().removed, ["files/token"]);
    assert!(!root.join("files").exists());
    // A file of somebody else's is not given up to whoever writes there.
    fs::create_dir(root.join("files")).unwrap();
    fs::write(root.join("files/token"), "mine").unwrap();
    assert_eq!(build(&awaited).unwrap_err().path, root.join("files/token"));
}

#[cfg(unix)]
#[test]
fn a_file_has_the_mode_that_it_asks_for() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("out");
    let file = |mode| [NewFile { path: "run.sh", text: "x", mode }];
    let mode = || fs::metadata(root.join("run.sh")).unwrap().permissions().mode() & 0o777;
    write(&root, &file(Some(0o700))).unwrap();
    assert_eq!(mode(), 0o700);
    assert!(write(&root, &file(Some(0o700))).unwrap().is_empty());
    assert_eq!(write(&root, &file(Some(0o755))).unwrap().changed, ["run.sh"]);
    assert_eq!(mode(), 0o755);
}
