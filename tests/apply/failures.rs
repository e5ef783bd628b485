//! What fails is told once, with its place; what waits for it is left, and says so; the next run takes it up.

use std::sync::Arc;

use state::{Clock, Disk, Kek, Place, Record, SystemClock, SystemEntropy, Wait};

use super::*;

const CHAIN: &str = "files.file a { path = \"one/a\", content = \"A\" }\n\
    files.file b { path = \"b\", content = \"${a.path}\" }\n\
    files.file c { path = \"c\", content = \"${b.content}\" }\n\
    files.file d { path = \"d\", content = \"D\" }\n";

/// The state of a project, written by hand.
fn written(project: &Project, records: impl FnOnce(&state::State) -> Vec<Record>) {
    let key = Kek::from_text(&std::fs::read_to_string(project.path(".infrac/key")).unwrap(), "the file").unwrap();
    let place = Place::of(project.folder.path(), "prod");
    let holder = state::Holder {
        user: "ann".to_owned(),
        machine: "desk".to_owned(),
        pid: 7,
        started: SystemClock.now(),
        run: None,
        command: "a test".to_owned(),
    };
    let entropy = Box::new(SystemEntropy);
    let journal = place.write(Arc::new(Disk), Some(key), &SystemClock, entropy, &holder, Wait::No);
    let mut journal = journal.unwrap();
    let records = records(journal.state());
    journal.append(&records).unwrap();
    journal.close().unwrap();
}

#[test]
fn a_step_that_fails_holds_back_what_waits_for_it() {
    let mut project = Project::new(CHAIN);
    // A file stands where a folder belongs.
    project.tamper("one", "in the way");
    assert_eq!(project.run(&["apply", "--yes"]), 1);
    assert_eq!(project.files().keys().collect::<Vec<_>>(), ["d", "one"]);
    std::fs::remove_file(project.path("out/prod/files/one")).unwrap();
    assert_eq!(project.run(&["apply", "--yes"]), 0);
    assert!(project.has_settled());
    // Without the program what fails has its place as well.
    project.tamper("d", "edited");
    assert_eq!(project.run(&["destroy", "--yes"]), 1);
    transcript!("failures", project);
}

#[test]
fn an_edit_between_plan_and_apply_is_not_lost() {
    let mut project = Project::new(CHAIN);
    project.applied();
    project.write(&CHAIN.replace("\"A\"", "\"A2\"").replace("\"D\"", "\"D2\""));
    project.quietly(&["plan", "-o", "saved"]);
    project.tamper("one/a", "edited");
    assert_eq!(project.run(&["apply", "saved"]), 1);
    assert_eq!((project.file("one/a"), project.file("d")), ("edited".to_owned(), "D2".to_owned()));
    // What was to be changed and is gone.
    project.applied();
    project.write(&CHAIN.replace("\"A\"", "\"A3\""));
    project.quietly(&["plan", "-o", "saved"]);
    std::fs::remove_file(project.path("out/prod/files/d")).unwrap();
    std::fs::remove_file(project.path("out/prod/files/one/a")).unwrap();
    project.run(&["apply", "saved"]);
    project.applied();
    assert!(project.has_settled());
    transcript!("edited_meanwhile", project);
}

#[test]
fn what_nobody_here_makes_is_left_alone() {
    let mut project = Project::new("file a { path = \"a\", content = \"a\" }\n");
    project.applied();
    written(&project, |state| {
        let mut entry = state.entries.values().next().unwrap().clone();
        entry.uid = state::Uid::new(&mut SystemEntropy);
        (entry.address, entry.driver, entry.kind) =
            ("queue".to_owned(), "terraform".to_owned(), "aws_sqs_queue".to_owned());
        vec![Record::Change(state::Change::Adopt { entry: Box::new(entry) })]
    });
    assert_eq!(project.run(&["plan", "--detailed-exitcode"]), 0);
    assert_eq!(project.run(&["drift"]), 1);
    assert_eq!(project.run(&["destroy", "--yes"]), 1);
    assert_eq!(project.run(&["state", "forget", "queue", "--because", "its own tool has it"]), 0);
    assert_eq!(project.run(&["destroy", "--yes"]), 0);
    transcript!("no_driver", project);
}

#[test]
fn a_program_for_other_targets_is_not_half_applied() {
    let mut project = Project::new("");
    let program = "project notes { edition = 1 }\nenvironment prod { tier = prod, on = [aws(region = \"eu-west-3\")] }\n\
        terraform.aws_sqs_queue jobs { name = \"jobs\" }\n\
        file known { path = \"known\", content = \"x\" }\n";
    std::fs::write(project.path("main.infra"), program).unwrap();
    assert_eq!(project.run(&["apply", "--yes"]), 0);
    std::fs::write(
        project.path("main.infra"),
        format!("{program}file waits {{ path = \"waits\", content = jobs.arn }}\n"),
    )
    .unwrap();
    assert_eq!(project.run(&["plan"]), 1);
    transcript!("other_targets", project);
}

#[test]
fn what_an_earlier_run_left_open_is_found_out_or_asked() {
    let mut project = Project::new("file a { path = \"a\", content = \"a\" }\n");
    project.applied();
    let intent = |state: &state::State| {
        let entry = state.entries.values().next().unwrap();
        let before = entry.current.clone().unwrap();
        vec![Record::Intent(Box::new(state::Intent {
            op: state::OpId::new(&mut SystemEntropy),
            run: state.runs.last().unwrap().run.run,
            at: 0,
            step: state::StepId(0),
            action: state::Action::Update,
            entry: entry.clone(),
            inputs: before.applied.clone(),
            planned: before.attributes.clone(),
            becomes: Some(before.clone()),
            before: Some(before),
            locator: state::Locator::None,
        }))]
    };
    written(&project, intent);
    project.tamper("a", "by somebody else");
    assert_eq!(project.run(&["plan"]), 3);
    assert_eq!(project.run(&["apply", "--yes"]), 3);
    assert_eq!(project.file("a"), "by somebody else", "what nobody knows of is left alone");
    assert_eq!(project.run(&["destroy", "--yes"]), 3);
    assert_eq!(project.run(&["state", "resolve", "b", "--undone"]), 1);
    assert_eq!(project.run(&["state", "resolve", "a.whole", "--done"]), 1);
    assert_eq!(project.run(&["state", "resolve", "a.whole", "--undone"]), 0);
    assert_eq!(project.run(&["plan"]), 0);
    project.applied();
    // Found out: the file is as it was to be.
    written(&project, intent);
    assert_eq!(project.run(&["apply", "--yes"]), 0);
    assert!(project.has_settled());
    transcript!("left_open", project);
}

#[test]
fn a_state_that_cannot_be_read_is_not_begun_anew() {
    let mut project = Project::new("file a { path = \"a\", content = \"a\" }\n");
    assert_eq!(project.run(&["state", "list"]), 1);
    project.applied();
    assert_eq!(project.run(&["state", "list", "--env", "test"]), 1);
    let head = project.path(".infrac/prod/state/head");
    let text = std::fs::read(&head).unwrap();
    let json = String::from_utf8_lossy(&text).lines().next().unwrap().replacen("\"format\":1", "\"format\":9", 1);
    let newer = format!("{json}\n{}\n", state::digest_of(&json));
    for (what, bytes) in [("newer", newer.into_bytes()), ("cut", text[..text.len() / 2].to_vec()), ("gone", Vec::new())]
    {
        if what == "gone" {
            std::fs::remove_file(&head).unwrap()
        } else {
            std::fs::write(&head, bytes).unwrap()
        }
        assert_eq!(project.run(&["plan"]), 1);
        assert_eq!(project.run(&["apply", "--yes"]), 1);
        assert_eq!(project.run(&["state", "list"]), 1);
    }
    std::fs::write(&head, text).unwrap();
    assert!(project.has_settled());
    // Two environments with states, and none is named.
    std::fs::create_dir_all(project.path(".infrac/test/state")).unwrap();
    assert_eq!(project.run(&["state", "list"]), 64);
    transcript!("unreadable", project);
}
