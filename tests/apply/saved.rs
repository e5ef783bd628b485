//! Plans in files: carried out once, as they were written, on the state that they were made for.

use super::*;

const ONE: &str = "file a { path = \"a\", content = \"one\" }\n";
const KEY: &[(&str, &str)] =
    &[("INFRAC_STATE_KEY", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")];

#[test]
fn a_plan_is_carried_out_once_and_as_it_was_written() {
    let mut project = Project::new(ONE);
    project.run(&["plan", "-o", "first"]);
    assert_eq!(project.run(&["apply", "first"]), 0);
    assert_eq!(project.run(&["apply", "first"]), 4);
    project.write(&ONE.replace("one", "two"));
    project.run(&["plan", "-o", "second"]);
    // Edited, with and without another digest, and cut.
    let text = std::fs::read_to_string(project.path("second")).unwrap();
    std::fs::write(project.path("edited"), text.replace("two", "TWO")).unwrap();
    assert_eq!(project.run(&["apply", "edited"]), 1);
    assert_eq!(project.run(&["show", "edited"]), 1);
    let (head, body) = text.split_once('\n').unwrap();
    let body = body.replace("two", "TWO");
    let mut words: Vec<String> = head.split(' ').map(str::to_owned).collect();
    words[3] = state::digest_of(body.trim_end());
    std::fs::write(project.path("forged"), format!("{}\n{body}", words.join(" "))).unwrap();
    assert_eq!(project.run(&["apply", "forged"]), 1);
    words[4] = "-".to_owned();
    std::fs::write(project.path("forged"), format!("{}\n{body}", words.join(" "))).unwrap();
    assert_eq!(project.run(&["apply", "forged"]), 1);
    std::fs::write(project.path("cut"), &text[..text.len() / 2]).unwrap();
    assert_eq!(project.run(&["apply", "cut"]), 1);
    std::fs::write(project.path("newer"), text.replacen("plan 1", "plan 2", 1)).unwrap();
    assert_eq!(project.run(&["show", "newer"]), 1);
    assert_eq!(project.run(&["show", "main.infra"]), 1);
    assert_eq!(project.run(&["show", "none"]), 1);
    assert_eq!(project.run(&["apply", "--rehearse", "second"]), 1);
    assert_eq!(project.run(&["apply", "second", "--env", "test"]), 1);
    assert_eq!(project.file("a"), "one");
    assert_eq!(project.run(&["show", "second"]), 0);
    assert_eq!(project.run(&["apply", "second"]), 0);
    assert_eq!(project.file("a"), "two");
    transcript!("saved_plans", project);
}

#[test]
fn a_plan_is_for_the_state_that_it_was_made_for() {
    let mut project = Project::new(ONE);
    // A plan that was made before anything was there.
    project.quietly(&["plan", "-o", "first"]);
    project.applied();
    assert_eq!(project.run(&["apply", "first"]), 4);
    // One that another apply came before.
    project.write(&ONE.replace("one", "two"));
    project.quietly(&["plan", "-o", "second"]);
    project.write(&ONE.replace("one", "three"));
    project.applied();
    assert_eq!(project.run(&["apply", "second"]), 4);
    // One of another project, and of another copy of this one: nothing of theirs is left here.
    let mut other = Project::new("file b { path = \"b\", content = \"b\" }\n");
    std::fs::copy(project.path("second"), other.path("second")).unwrap();
    assert_eq!(other.run(&["apply", "second"]), 4);
    std::fs::write(other.path("main.infra"), HEAD.replace("notes", "songs")).unwrap();
    std::fs::copy(project.path("first"), other.path("first")).unwrap();
    assert_eq!(other.run(&["apply", "first"]), 4);
    assert!(!other.path(".infrac").exists() && !other.path("out").exists());
    // What is made of two plans at once is made once.
    let third = ONE.replace("one", "four") + "file n { path = \"n\", content = \"n\" }\n";
    project.write(&third);
    project.quietly(&["plan", "-o", "left"]);
    project.quietly(&["plan", "-o", "right"]);
    assert_eq!(project.run(&["apply", "left"]), 0);
    assert_eq!(project.run(&["apply", "right"]), 4);
    project.said.push_str(&other.said);
    transcript!("stale_plans", project);
}

#[test]
fn a_refusal_before_the_first_apply_makes_no_plan_stale() {
    let project = Project::new(ONE);
    project.quietly(&["plan", "-o", "first"]);
    let key: &[&str] = &["apply", "first"];
    let output = project.command(key).envs(KEY.iter().copied()).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "who has a key takes only what was made with it");
    let output = project.command(&["plan", "-o", "first"]).envs(KEY.iter().copied()).output().unwrap();
    assert!(output.status.success());
    let output = project.command(&["apply", "first"]).envs(KEY.iter().copied()).output().unwrap();
    assert!(output.status.success(), "{}", both(&output));
    assert!(!project.path(".infrac/key").exists());
    let output = project.command(&["state", "list"]).env("INFRAC_STATE_KEY", "1".repeat(64)).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(both(&output).contains("state_wrong_key"), "{}", both(&output));
}
