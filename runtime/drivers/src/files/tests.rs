//! What is done to files, on a real file system.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use state::{Action, Condition, ConfigId, Locator, Object, OpId, RealmId, Result, Secret, Tree, Uid};

use super::*;

/// This driver never waits.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the driver of files waits"),
    }
}

const THING: Thing<'static> = Thing { uid: Uid(1), address: "notes", kind: "file" };

fn inputs(path: &str, content: Tree) -> Tree {
    let entries: BTreeMap<_, _> = [("path".into(), Tree::text(path)), ("content".into(), content)].into();
    Tree::Map(entries)
}

fn object(made: Made, applied: &Tree) -> Object {
    Object {
        incarnation: 1,
        config: ConfigId(0),
        realm: RealmId(0),
        native_id: made.native_id,
        names: Vec::new(),
        edges: Vec::new(),
        made_by: None,
        schema_version: 0,
        attributes: made.attributes,
        private: None,
        applied: applied.clone(),
        condition: Condition::Ok,
    }
}

struct Case {
    folder: tempfile::TempDir,
    files: Files,
}

impl Case {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::below(folder.path().join("files"), "out/prod/files".to_owned());
        Self { folder, files }
    }
    fn apply(&self, action: Action, prior: Option<&Object>, inputs: &Tree) -> Done {
        now(self.files.apply(ApplyAsk { thing: THING, op: OpId(7), action, prior, inputs }))
    }
    fn make(&self, inputs: &Tree) -> Object {
        object(self.apply(Action::Create, None, inputs).made.unwrap(), inputs)
    }
    fn plan(&self, prior: Option<&Object>, inputs: &Tree) -> std::result::Result<Planning, String> {
        let planned = now(self.files.plan(PlanAsk { thing: THING, prior, inputs, ours: &BTreeSet::new() }));
        planned.map(|planned| planned.planning).map_err(|troubles| troubles[0].code.to_owned())
    }
    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join("files").join(path)
    }
    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }
}

#[test]
fn a_file_is_made_changed_and_deleted_with_its_folders() {
    let case = Case::new();
    let first = inputs("a/b/notes.txt", Tree::text("one\n"));
    assert_eq!(case.plan(None, &first), Ok(Planning::Create));
    let made = case.make(&first);
    assert_eq!(case.text("a/b/notes.txt"), "one\n");
    assert_eq!(case.plan(Some(&made), &first), Ok(Planning::Nothing));
    let second = inputs("a/b/notes.txt", Tree::text("two\n"));
    assert_eq!(case.plan(Some(&made), &second), Ok(Planning::Update(vec![vec![TreeStep::Key("content".into())]])));
    let changed = object(case.apply(Action::Update, Some(&made), &second).made.unwrap(), &second);
    assert_eq!(case.text("a/b/notes.txt"), "two\n");
    assert_eq!(case.apply(Action::Delete, Some(&changed), &second).result, Result::Done);
    assert!(!case.path("a").exists());
}

#[test]
fn what_somebody_else_wrote_is_kept() {
    let case = Case::new();
    let wanted = inputs("notes.txt", Tree::text("ours"));
    fs::create_dir_all(case.path("")).unwrap();
    fs::write(case.path("notes.txt"), "theirs").unwrap();
    assert_eq!(case.plan(None, &wanted), Err("exists_already".to_owned()));
    assert_eq!(case.apply(Action::Create, None, &wanted).trouble.unwrap().code, "changed_meanwhile");
    fs::remove_file(case.path("notes.txt")).unwrap();
    let made = case.make(&wanted);
    fs::write(case.path("notes.txt"), "theirs").unwrap();
    let next = inputs("notes.txt", Tree::text("ours, next"));
    for action in [Action::Update, Action::Delete] {
        let done = case.apply(action, Some(&made), &next);
        assert!(matches!(done.result, Result::Refused { .. }), "{action:?}");
        assert_eq!(done.trouble.unwrap().code, "changed_meanwhile");
    }
    assert_eq!(case.text("notes.txt"), "theirs");
}

#[test]
fn nothing_is_written_through_a_link_or_out_of_the_folder() {
    let case = Case::new();
    fs::create_dir_all(case.path("")).unwrap();
    let elsewhere = case.folder.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, case.path("link")).unwrap();
    for (path, code) in
        [("link/x", "behind_link"), ("link", "behind_link"), ("../x", "wrong_file"), ("a//x", "wrong_file")]
    {
        let wanted = inputs(path, Tree::text("x"));
        assert_eq!(case.plan(None, &wanted), Err(code.to_owned()), "{path}");
        assert_eq!(case.apply(Action::Create, None, &wanted).trouble.unwrap().code, code, "{path}");
    }
    assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
    assert_eq!(fs::read_dir(case.folder.path()).unwrap().count(), 2);
}

#[test]
fn a_secret_is_for_its_owner_and_its_digest_is_secret() {
    let case = Case::new();
    let made = case.make(&inputs("key", Tree::Secret(Secret(Arc::new(Tree::text("hunter2"))))));
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(case.path("key")).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    assert!(made.attributes.get("sha256").unwrap().is_secret());
    assert!(!format!("{made:?}").contains("hunter2"));
}

#[test]
fn what_became_of_an_operation_is_seen_from_the_file() {
    let case = Case::new();
    let (one, two) = (inputs("notes.txt", Tree::text("one")), inputs("notes.txt", Tree::text("two")));
    let locator = Locator::None;
    let recover = |action, before: Option<&Object>, inputs: &Tree| {
        let ask = RecoverAsk { thing: THING, op: OpId(7), action, before, inputs, locator: &locator };
        match now(case.files.recover(ask)) {
            Finding::Landed(made, _) => format!("landed {}", made.is_some()),
            Finding::NotLanded(_) => "not landed".to_owned(),
            Finding::Pending(..) => "pending".to_owned(),
            Finding::Unknown(_) => "unknown".to_owned(),
        }
    };
    assert_eq!(recover(Action::Create, None, &one), "not landed");
    let made = case.make(&one);
    assert_eq!(recover(Action::Create, None, &one), "landed true");
    assert_eq!(recover(Action::Update, Some(&made), &two), "not landed");
    assert_eq!(recover(Action::Delete, Some(&made), &one), "not landed");
    fs::write(case.path(".infrac-00000000000000000000000007.new"), "half").unwrap();
    fs::write(case.path("notes.txt"), "two").unwrap();
    assert_eq!(recover(Action::Update, Some(&made), &two), "landed true");
    assert_eq!(fs::read_dir(case.path("")).unwrap().count(), 1);
    fs::write(case.path("notes.txt"), "three").unwrap();
    assert_eq!(recover(Action::Update, Some(&made), &two), "unknown");
    assert_eq!(recover(Action::Delete, Some(&made), &one), "unknown");
    fs::remove_file(case.path("notes.txt")).unwrap();
    assert_eq!(recover(Action::Update, Some(&made), &two), "unknown");
    assert_eq!(recover(Action::Delete, Some(&made), &one), "landed false");
}
