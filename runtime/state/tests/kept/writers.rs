//! Two who write, and one who reads meanwhile.

use std::path::Path;
use std::sync::{Arc, Mutex};

use state::*;

use crate::script::*;

#[test]
fn the_second_writer_is_refused_and_told_who_holds_it() {
    let files = Simulated::new(0);
    let mut first = open(&files).unwrap();
    first.append(&[run()]).unwrap();
    let before = files.contents();
    let error = open(&files).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the state is being written by ada on m1: `infrac apply`, process 7, run 00000000000000000000000009"
    );
    assert!(files.contents() == before);
    first.append(&[Record::Output { name: "a".into(), value: Tree::Bool(true) }]).unwrap();
    first.close().unwrap();
    assert_eq!(open(&files).unwrap().seq(), 2);
}

#[test]
fn who_waits_gets_it_when_it_is_free_and_gives_up_in_time() {
    let files = Simulated::new(0);
    let first = open(&files).unwrap();
    let shared: Arc<dyn Files> = Arc::new(files.clone());
    let clock = Standing::default();
    let write = |clock: &Standing, wait| {
        place().write(shared.clone(), Some(key(1)), clock, Box::new(Drawn(2)), &holder("bob"), wait)
    };
    assert!(write(&clock, Wait::Until(10_000)).is_err_and(|error| error.code() == "state_busy"));
    assert!((10_000..11_000).contains(&clock.now()), "{}", clock.now());
    drop(first);
    assert!(write(&clock, Wait::Until(20_000)).is_ok());
}

/// On a file system whose locks do not work, or when somebody takes the lock away, the head is what fences.
#[test]
fn a_writer_whose_epoch_was_taken_cannot_append() {
    let files = Simulated::new(0);
    let mut paused = open(&files).unwrap();
    paused.append(&[run()]).unwrap();
    files.break_lock(&Path::new(FOLDER).join("lock"));
    let mut second = open(&files).unwrap();
    second.append(&[Record::Output { name: "a".into(), value: Tree::Bool(true) }]).unwrap();
    let before = files.contents();
    let error = paused.append(&[Record::Output { name: "b".into(), value: Tree::Bool(true) }]).unwrap_err();
    assert_eq!(error.code(), "state_taken");
    assert!(paused.append(&[run()]).is_err_and(|error| error.code() == "state_broken"));
    assert!(paused.checkpoint().is_err() && paused.rekey(key(2)).is_err() && paused.close().is_err());
    assert!(files.contents() == before);
    second.append(&[Record::Output { name: "c".into(), value: Tree::Bool(true) }]).unwrap();
    second.close().unwrap();
    let outputs = place().read(&files, None).unwrap().state.outputs;
    assert_eq!(outputs.keys().collect::<Vec<_>>(), ["a", "c"]);
}

type Hook = Arc<Mutex<Option<Box<dyn FnOnce() + Send>>>>;

/// A disk that does something else in the middle of an append: before its write, after it, or after its sync.
struct Interrupted {
    disk: Simulated,
    at: &'static str,
    hook: Hook,
}

struct InterruptedHandle {
    inner: Box<dyn Handle>,
    at: &'static str,
    hook: Hook,
}

impl InterruptedHandle {
    fn at(&self, point: &str) {
        if point == self.at
            && let Some(hook) = self.hook.lock().unwrap().take()
        {
            hook();
        }
    }
}

impl Handle for InterruptedHandle {
    fn length(&self) -> std::io::Result<u64> {
        self.inner.length()
    }
    fn append(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.inner.append(bytes)
    }
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> std::io::Result<()> {
        self.at("before the write");
        self.inner.write_at(offset, bytes)?;
        self.at("after the write");
        Ok(())
    }
    fn truncate(&mut self, length: u64) -> std::io::Result<()> {
        self.inner.truncate(length)
    }
    fn reserve(&mut self, length: u64) -> std::io::Result<()> {
        self.inner.reserve(length)
    }
    fn sync(&mut self) -> std::io::Result<()> {
        self.inner.sync()?;
        self.at("after the sync");
        Ok(())
    }
}

impl Interrupted {
    fn handle(&self, inner: Box<dyn Handle>) -> Box<dyn Handle> {
        Box::new(InterruptedHandle { inner, at: self.at, hook: self.hook.clone() })
    }
}

impl Files for Interrupted {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        self.disk.read(path)
    }
    fn list(&self, folder: &Path) -> std::io::Result<Vec<String>> {
        self.disk.list(folder)
    }
    fn create(&self, path: &Path) -> std::io::Result<Box<dyn Handle>> {
        Ok(self.handle(self.disk.create(path)?))
    }
    fn open(&self, path: &Path) -> std::io::Result<Box<dyn Handle>> {
        Ok(self.handle(self.disk.open(path)?))
    }
    fn rename(&self, from: &Path, to: &Path) -> std::io::Result<()> {
        self.disk.rename(from, to)
    }
    fn remove(&self, path: &Path) -> std::io::Result<()> {
        self.disk.remove(path)
    }
    fn make_folder(&self, folder: &Path) -> std::io::Result<()> {
        self.disk.make_folder(folder)
    }
    fn sync_folder(&self, folder: &Path) -> std::io::Result<()> {
        self.disk.sync_folder(folder)
    }
    fn try_lock(&self, path: &Path) -> std::io::Result<Option<Box<dyn Lock>>> {
        self.disk.try_lock(path)
    }
}

fn output(name: &str, length: usize) -> Record {
    Record::Output { name: name.into(), value: Tree::text("x".repeat(length)) }
}

/// What the second one is told is kept stays, whatever the first still writes; and the first is not told that its is.
#[test]
fn a_writer_that_is_overtaken_in_the_middle_of_an_append_spoils_nothing() {
    for at in ["before the write", "after the write", "after the sync"] {
        for (length, later) in [(1, 1), (5_000, 1), (1, 5_000), (700, 0), (90_000, 3)] {
            let disk = Simulated::new(0);
            let hook = Hook::default();
            let files = Arc::new(Interrupted { disk: disk.clone(), at, hook: hook.clone() });
            let clock = Standing::default();
            let mut first =
                place().write(files, Some(key(1)), &clock, Box::new(Drawn(1)), &holder("ada"), Wait::No).unwrap();
            first.append(&[output("a", 1)]).unwrap();
            let overtaking = disk.clone();
            *hook.lock().unwrap() = Some(Box::new(move || {
                overtaking.break_lock(&Path::new(FOLDER).join("lock"));
                let mut second = open(&overtaking).unwrap();
                (0..later.min(3)).for_each(|at| second.append(&[output(&format!("c{at}"), later)]).unwrap());
            }));
            let error = first.append(&[output("b", length)]).unwrap_err();
            assert_eq!(error.code(), "state_taken", "{at} {length} {later}");
            assert!(hook.lock().unwrap().is_none());
            drop(first);
            for files in [disk.restarted(Loss::All), disk] {
                let outputs = open(&files)
                    .unwrap_or_else(|error| panic!("{at} {length} {later}: {error}"))
                    .state()
                    .outputs
                    .clone();
                let expected = 1 + later.min(3);
                assert_eq!(outputs.len() - usize::from(outputs.contains_key("b")), expected, "{at} {length} {later}");
                open(&files).unwrap().append(&[output("d", 1)]).unwrap();
            }
        }
    }
}

#[test]
fn a_reader_sees_what_is_whole_and_changes_nothing() {
    let (files, prefixes) = (Simulated::new(0), prefixes());
    let mut journal = open(&files).unwrap();
    for (records, snapshot) in appends() {
        journal.append(&records).unwrap();
        if snapshot {
            journal.checkpoint().unwrap();
        }
        let before = files.contents();
        let opened = place().read(&files, None).unwrap();
        assert!(opened.seq == journal.seq() && opened.state == prefixes[opened.seq as usize]);
        assert!(files.contents() == before);
    }
    let points = files.points();
    for point in ["read", "create", "append", "write_at", "reserve", "sync", "rename", "sync_folder", "lock"] {
        assert!(points.get(point).is_some_and(|count| *count > 0), "{point}: {points:?}");
    }
}

#[test]
fn two_processes_exclude_each_other_on_a_real_disk() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::of(folder.path(), "prod");
    let open =
        || place.write(Arc::new(Disk), Some(key(1)), &SystemClock, Box::new(SystemEntropy), &holder("ada"), Wait::No);
    let mut journal = open().unwrap();
    assert!(open().is_err_and(|error| matches!(error, StateError::Busy { holder: Some(_) })));
    for (records, snapshot) in appends() {
        journal.append(&records).unwrap();
        if snapshot {
            journal.checkpoint().unwrap();
        }
    }
    journal.close().unwrap();
    let opened = place.read(&Disk, Some(&key(1))).unwrap();
    assert!(opened.state == *prefixes().last().unwrap());
    assert_eq!(open().unwrap().epoch(), 2);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(place.folder()), 0o700);
        for name in Disk.list(place.folder()).unwrap() {
            assert_eq!(mode(&place.folder().join(&name)), 0o600, "{name}");
        }
    }
}
