//! The command as a script meets it: exit codes, a new project that builds, what can be read by other programs.

mod completions;
mod explain;
mod layout;
mod manner;
mod mend;
mod next;
mod reports;
mod terminal;
mod warnings;

use std::path::Path;
use std::process::{Command, Output};

use tests::{examples, infrac};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(infrac().unwrap_or_else(|cause| panic!("infrac cannot be built: {cause}")))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn code(folder: &Path, arguments: &[&str]) -> i32 {
    run(folder, arguments).status.code().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn a_new_project_builds_and_builds_to_the_same() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(code(folder.path(), &["new", "shop"]), 0);
    let project = folder.path().join("shop");
    assert_eq!(code(&project, &["build", "--env", "prod", "--check"]), 2, "nothing is written yet");
    let built = run(&project, &["build", "--env", "prod"]);
    assert_eq!(built.status.code(), Some(0), "{}", text(&built.stderr));
    assert!(project.join("out/prod/graph.json").is_file());
    assert_eq!(code(&project, &["build", "--env", "prod", "--check"]), 0);
    assert_eq!(code(&project, &["check"]), 0);
    assert_eq!(code(&project, &["fmt", "--check"]), 0, "a new project is laid out");
    // A word is typed wrongly: 1; it is laid out badly: 2; the command itself is wrong: 64.
    let main = project.join("main.infra");
    let before = std::fs::read_to_string(&main).unwrap();
    std::fs::write(&main, format!("{before}\noutput x = nothing_of_this_name\n")).unwrap();
    assert_eq!(code(&project, &["check"]), 1);
    assert_eq!(code(&project, &["build", "--env", "prod"]), 1);
    std::fs::write(&main, format!("{before}\nlet   unaligned=1\n")).unwrap();
    assert_eq!(code(&project, &["fmt", "--check"]), 2);
    assert_eq!(code(&project, &["build", "--environment", "prod"]), 64);
    assert_eq!(code(&project, &["biuld"]), 64);
    assert_eq!(code(&project, &[]), 64);
    assert_eq!(code(&project, &["--help"]), 0);
}

#[test]
fn a_path_that_is_not_as_declared_is_no_good_answer() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let reach = |from: &str| code(&folder, &["reach", from, "orders.sql", "shop", "--env", "prod"]);
    assert_eq!(reach("api"), 0, "declared and open");
    assert_eq!(reach("internet"), 3, "closed");
    assert_eq!(reach("10.60.3.4"), 3, "open, and nobody declared it");
}

#[test]
fn what_programs_read_is_json() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    for example in examples() {
        let program = tests::program(&example.files);
        for environment in program.environments() {
            let output = run(&folder, &["graph", &example.name, "--env", environment.text(), "--format", "json"]);
            assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
            let graph: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
            assert_eq!(graph["environment"], environment.text());
            for (format, beginning) in [("mermaid", "flowchart "), ("dot", "digraph "), ("svg", "<svg ")] {
                let output = run(&folder, &["graph", &example.name, "--env", environment.text(), "--format", format]);
                assert!(text(&output.stdout).starts_with(beginning), "{}", text(&output.stdout));
            }
        }
    }
}

#[test]
fn mistakes_are_json_lines_for_programs() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.infra"), format!("{PROJECT}let a = b\nlet c = \"\\q\"\n")).unwrap();
    let output = run(folder.path(), &["check", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let lines: Vec<serde_json::Value> =
        text(&output.stderr).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3, "two mistakes and their count");
    assert!(lines.iter().take(2).all(|line| line["code"].is_string() && line["message"].is_string()));
}

#[test]
fn examples_build_from_the_command_line() {
    let out = tempfile::tempdir().unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    for example in examples() {
        for environment in tests::program(&example.files).environments() {
            let to = out.path().join(&example.name);
            let output =
                run(&folder, &["build", &example.name, "--env", environment.text(), "--out", to.to_str().unwrap()]);
            assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
            assert!(text(&output.stderr).starts_with("wrote "), "{}", text(&output.stderr));
            assert!(to.join(environment.text()).join("graph.json").is_file());
        }
    }
}

const PROJECT: &str =
    "project shop { edition = 1 }\nenvironment prod { tier = prod, on = [aws(region = \"eu-west-3\")] }\n";

/// What is said about a mistake, one line for each.
fn said(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    text(&output.stderr).trim().to_owned()
}

#[test]
fn a_folder_that_is_not_that_of_one_project_names_those_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for name in ["shop/data", "store"] {
        std::fs::create_dir_all(root.join(name)).unwrap();
    }
    std::fs::write(root.join("shop/main.infra"), PROJECT).unwrap();
    let check = ["check", "--format", "concise"];
    assert_eq!(
        said(root, &check),
        "infrac: error[which_project]: the project lies in `shop`; help: name its folder: `shop`\n1 error"
    );
    std::fs::write(root.join("store/main.infra"), PROJECT).unwrap();
    assert_eq!(
        said(root, &check),
        "infrac: error[which_project]: this folder holds 2 projects; help: name one: `shop`, `store`\n1 error"
    );
    let below = root.join("shop/data");
    assert_eq!(
        said(&below, &check),
        "infrac: error[no_program]: there is no `.infra` file in this folder; help: it lies below the project in `..`: name that folder\n1 error"
    );
    std::fs::write(below.join("main.infra"), "let keep = 30d\n").unwrap();
    assert_eq!(
        said(&below, &check),
        "infrac: error[which_project]: this folder belongs to the project in `..`; help: name the folder of the project: `..`\n1 error"
    );
    assert_eq!(
        said(root, &["check", "shop/data", "--format", "concise"]),
        "infrac: error[which_project]: this folder belongs to the project in `shop`; help: name the folder of the project: `shop`\n1 error"
    );
    assert_eq!(code(&root.join("shop"), &["check"]), 0);
}

#[test]
fn an_environment_or_a_file_for_a_folder_is_understood() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    std::fs::write(root.join("main.infra"), PROJECT).unwrap();
    assert!(said(root, &["build", "prod", "--format", "concise"]).contains("did you mean `--env prod`?"));
    assert!(said(root, &["build", "test", "--format", "concise"]).contains("check that it exists"));
    assert!(
        said(root, &["check", "main.infra", "--format", "concise"]).contains("name the folder, not a file in it: `.`")
    );
    std::fs::write(root.join("main.infra"), "// project shop\n").unwrap();
    let nothing = "infrac: error[no_program]: the `.infra` files in this folder hold no statement; help: begin with `project NAME { edition = 1 }` and an `environment`\n1 error";
    assert_eq!(said(root, &["check", "--format", "concise"]), nothing);
}
