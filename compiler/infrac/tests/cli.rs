//! The command as its user meets it: exit codes, what stands on which output, what is written.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::{Command, Output};

const PROGRAM: &str = "project shop { edition = 1 }\nenvironment prod { tier = prod, on = [] }\nenvironment test { tier = test, on = [] }\nlet x = 1\noutput answer = x + 41\n";

fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.infra"), PROGRAM).unwrap();
    folder
}

fn infrac(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_infrac"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .output()
        .unwrap()
}

/// Exit code, standard output, standard error.
fn ran(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = infrac(folder, arguments);
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[test]
fn build_writes_and_says_so_and_check_compares() {
    let folder = project();
    let (code, out, error) = ran(folder.path(), &["build", "--env", "prod"]);
    // No tool takes the output of this program, and that is said.
    let said = "wrote 2 files to out/prod (2 new)\n\nno tool of this program publishes outputs: `answer` stands in out/prod/graph.json\n";
    assert_eq!((code, out.as_str(), error.as_str()), (0, "", said));
    assert_eq!(
        ran(folder.path(), &["build", "--env", "prod", "--check"]),
        (0, String::new(), "nothing would change\n".to_owned())
    );
    std::fs::write(folder.path().join("main.infra"), PROGRAM.replace("41", "42")).unwrap();
    let (code, out, _) = ran(folder.path(), &["build", "--env", "prod", "--check"]);
    assert_eq!((code, out.as_str()), (2, "~ graph.json\n"));
    let (code, out, _) = ran(folder.path(), &["build", "--env", "prod", "--check", "--format", "json"]);
    assert_eq!((code, out.as_str()), (2, "{\"path\":\"graph.json\",\"change\":\"changed\"}\n"));
    let (code, out, _) = ran(folder.path(), &["build", "--env", "prod", "--stdout"]);
    assert_eq!(code, 0);
    assert!(out.starts_with("==> graph.json <==\n{"), "{out}");
}

/// Terraform shows outputs, so nothing is said of them.
#[test]
fn outputs_that_a_tool_publishes_are_not_spoken_of() {
    let folder = project();
    let program = "project shop { edition = 1 }\nenvironment prod { tier = prod, on = [aws(region = \"eu-west-3\")] }\nbucket b {}\noutput answer = 42\n";
    std::fs::write(folder.path().join("main.infra"), program).unwrap();
    let (code, _, said) = ran(folder.path(), &["build", "--env", "prod"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("terraform -chdir=") && !said.contains("publishes"), "{said}");
}

/// Texts that look like secrets are left out of all that a message shows: of the line, of the lines around it and of the values.
#[test]
fn messages_leave_out_what_looks_like_a_secret() {
    let folder = project();
    let program = r#"
project lab { edition = 1 }
environment prod { tier = prod, on = [kubernetes(context = "lab")] }
kind box {
  start: string
  check not start.contains("DB_PASS") else "no passwords in a script"
}
implement box {}
box one { start = "export DB_PASS=hunter2\n${echo}" }
let echo = join([for letter in ["a", "b", "c"]: "echo a very long line that goes on and on, ${letter}"], "\n")
param token: secret string = pw
let pw = "hunter3hunter3"
"#;
    std::fs::write(folder.path().join("main.infra"), program).unwrap();
    for format in ["full", "concise", "json"] {
        let (code, out, error) = ran(folder.path(), &["check", "--format", format]);
        assert_eq!(code, 1);
        let shown = format!("{out}{error}");
        assert!(shown.contains("no passwords in a script"), "{shown}");
        assert!(!shown.contains("hunter"), "{shown}");
        assert!(shown.len() < 6_000, "{}", shown.len());
    }
}

#[test]
fn what_is_held_leaves_only_when_the_program_says_what_becomes_of_it() {
    let folder = project();
    let with = |statements: &str| {
        let text = format!(
            "project shop {{ edition = 1 }}\nenvironment prod {{ tier = prod, on = [aws(region = \"eu-west-3\")] }}\n{statements}"
        );
        std::fs::write(folder.path().join("main.infra"), text).unwrap();
    };
    let build =
        |more: &[&str]| ran(folder.path(), &[&["build", "--env", "prod", "--format", "concise"], more].concat());
    let read = |path: &str| std::fs::read_to_string(folder.path().join(path)).unwrap();
    with("@protect\nterraform.aws_sqs_queue first { name = \"orders\" }\n");
    let (code, _, said) = build(&["--locked"]);
    assert!(code == 1 && said.contains("error[lock_changed]") && !folder.path().join("out").exists(), "{said}");
    assert!(build(&[]).2.contains("infra.lock has changed: commit it\n"));
    let held = read("infra.lock");
    assert!(held.contains("held prod \"first\" \"aws_sqs_queue.first\""), "{held}");
    assert_eq!(build(&["--locked"]).0, 0);

    // A fresh clone has the lock and no `out`.
    std::fs::remove_dir_all(folder.path().join("out")).unwrap();
    let second = "@protect\nterraform.aws_sqs_queue second { name = \"orders\" }\n";
    with(second);
    for command in ["build", "check", "lock"] {
        let (code, _, said) = ran(folder.path(), &[command, "--format", "concise"]);
        assert!(code == 1 && said.contains("error[left_program]: `first` (`aws_sqs_queue.first`)"), "{said}");
        assert!(!folder.path().join("out").exists() && read("infra.lock") == held);
    }

    with(&format!("{second}forget \"first\"\n"));
    let (code, _, said) = build(&[]);
    assert!(code == 0 && said.contains("leaves them where they are:\n  aws_sqs_queue.first\n"), "{said}");
    let removed = "\"removed\": [\n    {\n      \"from\": \"aws_sqs_queue.first\",\n      \"lifecycle\": [";
    assert!(read("out/prod/terraform/main.tf.json").contains(removed));
    // The statement may go: it is remembered, until everything is applied.
    with(second);
    assert_eq!(build(&["--locked"]).0, 0);
    assert!(read("out/prod/terraform/main.tf.json").contains(removed));
    assert_eq!(ran(folder.path(), &["lock", "--prune"]).0, 0);
    assert!(build(&["--locked"]).0 == 0 && !read("out/prod/terraform/main.tf.json").contains("removed"));

    // The last of its cloud: Terraform still has to reach it.
    with("destroy \"second\" because \"nobody reads it\"\n");
    let (code, _, said) = build(&[]);
    assert!(code == 0 && said.contains("terraform apply") || said.contains("/terraform apply"), "{said}");
    let written = read("out/prod/terraform/main.tf.json");
    assert!(
        written.contains("\"backend\"") && written.contains("eu-west-3") && !written.contains("removed"),
        "{written}"
    );
}

#[test]
fn what_left_several_environments_is_told_once() {
    let folder = project();
    let with = |statements: &str| {
        let environment = |name: &str, tier: &str, region: &str| {
            format!("environment {name} {{ tier = {tier}, on = [aws(region = \"{region}\")] }}\n")
        };
        let places = environment("prod", "prod", "eu-west-3") + &environment("trial", "preprod", "eu-west-1");
        std::fs::write(
            folder.path().join("main.infra"),
            format!("project shop {{ edition = 1 }}\n{places}{statements}"),
        )
        .unwrap();
    };
    with("secret token {}\nsecret door {}\n");
    assert_eq!(ran(folder.path(), &["build", "--env", "prod"]).0, 0);
    with("forget \"door\" in trial\n");
    for command in [&["build", "--env", "prod"][..], &["build", "--env", "trial"], &["check"], &["lock"]] {
        let (code, _, said) = ran(folder.path(), &[command, &["--format", "concise"]].concat());
        let told: Vec<&str> = said.lines().filter(|line| line.contains("left_program")).collect();
        let is_told = |address: &str, environments: &str| {
            told.iter().any(|line| {
                line.contains(&format!("`{address}`"))
                    && line.contains(&format!("is held in {environments} and has left"))
            })
        };
        assert!(code == 1 && is_told("token", "`prod`, `trial`") && is_told("door", "`prod`"), "{command:?}: {said}");
        let addresses: Vec<&str> = told.iter().filter_map(|line| line.split('`').nth(1)).collect();
        assert!((1..addresses.len()).all(|at| !addresses[..at].contains(&addresses[at])), "{command:?}: {said}");
    }
}

#[test]
fn a_lock_that_cannot_be_read_is_named_with_its_line() {
    let folder = project();
    let lock = folder.path().join("infra.lock");
    for (text, wanted) in [
        (
            "# x\n<<<<<<< HEAD\n",
            "`infra.lock`, line 2: a merge stopped in `infra.lock`; help: remove the lines of markers, keep the lines of both sides, then run `infrac lock`",
        ),
        (
            "later prod \"x\"\n",
            "line 1: `infra.lock` has an entry of the kind `later`, which is not known; help: use the infrac that wrote it, or a newer one",
        ),
        ("held prod \"x\"\n", "line 1: `infra.lock` has an entry `held` that cannot be read"),
        (
            "object prod \"../../home\" \"v1\" \"Service\" null \"x\" {\"context\":null,\"made\":false,\"data\":false}\n",
            "cannot be read",
        ),
    ] {
        std::fs::write(&lock, text).unwrap();
        for command in [&["check"][..], &["lock"], &["build", "--env", "prod"]] {
            let (code, _, said) = ran(folder.path(), &[command, &["--format", "concise"]].concat());
            assert!(code == 1 && said.contains(wanted), "{said}");
        }
        assert_eq!(std::fs::read_to_string(&lock).unwrap(), text);
    }
    std::fs::remove_file(&lock).unwrap();
    std::os::unix::fs::symlink("/etc/hostname", &lock).unwrap();
    let (code, _, said) = ran(folder.path(), &["build", "--env", "prod", "--format", "concise"]);
    assert!(code == 1 && said.contains("`infra.lock`: a link stands where infrac writes"), "{said}");
}

#[test]
fn checks_that_are_made_later_are_all_made() {
    let folder = project();
    let program = "project shop { edition = 1 }\nenvironment prod { tier = prod, on = [aws(region = \"eu-west-3\")] }\n\
                   terraform.aws_sqs_queue q for k in [\"a\", \"b\"] { name = \"q${k}\" }\n\
                   kind chk { a: later string, check a == \"x\" else \"must be x\" }\nimplement chk {}\n\
                   chk c for k in [\"a\", \"b\"] { a = q[k].arn }\n";
    let build = |more: &str| {
        std::fs::write(folder.path().join("main.infra"), format!("{program}{more}")).unwrap();
        ran(folder.path(), &["build", "--env", "prod", "--format", "concise"])
    };
    assert_eq!(build("").0, 0);
    let written = std::fs::read_to_string(folder.path().join("out/prod/terraform/main.tf.json")).unwrap();
    let written: serde_json::Value = serde_json::from_str(&written).unwrap();
    let checks: Vec<&String> = written["output"].as_object().unwrap().keys().collect();
    assert_eq!(checks.len(), 2, "{checks:?}");
    let (code, _, said) = build(&format!("output {} = 1\n", checks[0]));
    assert!(code == 1 && said.contains("error[reserved_output]"), "{said}");
}

#[test]
fn the_same_bytes_from_any_folder() {
    let folder = project();
    let team = "kind team {}\nimplement team {}\nteam a {}\noutput at = where_is(a)\n";
    std::fs::write(folder.path().join("main.infra"), format!("{PROGRAM}{team}")).unwrap();
    let own = folder.path();
    let above = own.parent().unwrap();
    let name = own.file_name().unwrap().to_str().unwrap();
    let beside = above.join(format!("{name}-beside"));
    std::fs::create_dir(&beside).unwrap();
    let ways = [
        (own, ".".to_owned()),
        (above, name.to_owned()),
        (above, own.to_str().unwrap().to_owned()),
        (beside.as_path(), format!("../{name}")),
    ];
    let mut bytes = Vec::new();
    for (from, named) in ways {
        let (code, _, error) = ran(from, &["build", &named, "--env", "prod"]);
        assert_eq!(code, 0, "{error}");
        let read = |file: &str| std::fs::read_to_string(own.join("out/prod").join(file)).unwrap();
        bytes.push([read("graph.json"), read("graph.places.json")]);
    }
    std::fs::remove_dir(&beside).unwrap();
    assert!(bytes[0][0].contains("main.infra: team a"), "{}", bytes[0][0]);
    assert!(bytes.iter().all(|other| *other == bytes[0]));
}

#[test]
fn mistakes_are_told_on_the_standard_error_in_every_format() {
    let folder = project();
    std::fs::write(folder.path().join("main.infra"), PROGRAM.replace("x + 41", "y + 41")).unwrap();
    for (format, beginning) in [("full", "error["), ("concise", "main.infra:5:17: error["), ("json", "{\"code\":")] {
        let (code, out, error) = ran(folder.path(), &["check", "--format", format]);
        assert_eq!((code, out.as_str()), (1, ""), "{error}");
        assert!(error.starts_with(beginning), "{error}");
        assert!(!error.contains('\u{1b}'));
    }
    let (_, _, error) = ran(folder.path(), &["check", "--format", "concise"]);
    assert!(error.ends_with("\n1 error\n"), "{error}");
}

#[test]
fn an_answer_that_is_no_differs_from_a_mistake() {
    let text = r#"project yard { edition = 1 }
environment prod { tier = prod, on = [aws(region = "eu-west-3")] }
network lan { cidr = 10.20.0.0/16 }
server front { port http = 80/tcp }
server back { port http = 80/tcp }
@allow(CKV_AWS_1, because = "for a while", until = 2026-01-31)
bucket store {}
firewall paths { allow = [front -> back.http] }
"#;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.infra"), text).unwrap();
    let code = |arguments: &[&str]| ran(folder.path(), arguments).0;
    assert_eq!(code(&["reach", "front", "back.http"]), 0);
    assert_eq!(code(&["reach", "back", "front.http"]), 3);
    assert_eq!(code(&["reach", "back", "front.htp"]), 1);
    assert_eq!(code(&["waivers", "--today", "2026-01-31"]), 0);
    assert_eq!(code(&["waivers", "--today", "2026-02-01"]), 3);
}

#[test]
fn an_environment_must_be_known() {
    let folder = project();
    let (code, _, error) = ran(folder.path(), &["build", "--env", "prd", "--format", "concise"]);
    assert_eq!(
        (code, error.as_str()),
        (
            64,
            "infrac: error[unknown_environment]: there is no environment `prd`; help: did you mean `prod`?\n1 error\n"
        )
    );
    let (code, _, error) = ran(folder.path(), &["build", "--format", "concise"]);
    assert_eq!(
        (code, error.as_str()),
        (
            64,
            "infrac: error[which_environment]: the project has several environments; help: say which with `--env`: `prod`, `test`\n1 error\n"
        )
    );
}

#[test]
fn wrong_usage_ends_with_64() {
    let folder = project();
    for arguments in [
        &["frobnicate"][..],
        &["build", "--nope"],
        &["build", "--param", "novalue"],
        &["build", "--env", "prod", "--param", "nothing=1"],
        &["why", "front", "--env", "prd"],
        &["new", "1x"],
        &[],
    ] {
        assert_eq!(ran(folder.path(), arguments).0, 64, "{arguments:?}");
    }
    assert_eq!(ran(folder.path(), &["--help"]).0, 0);
    assert_eq!(ran(folder.path(), &["--version"]).1, format!("infrac {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn new_leaves_nothing_where_it_cannot_write() {
    let folder = tempfile::tempdir().unwrap();
    // No file may have a letter, as on a disk that is full.
    let script = format!("trap '' XFSZ; ulimit -f 0; {} new all/shop --format concise", env!("CARGO_BIN_EXE_infrac"));
    let output = Command::new("sh").args(["-c", &script]).current_dir(&folder).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.contains("all/shop/main.infra") && error.contains("make room on the disk"), "{error}");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
}

#[test]
fn new_makes_a_project_and_refuses_a_folder_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let (code, _, error) = ran(folder.path(), &["new", "my-shop"]);
    assert_eq!((code, error.as_str()), (0, "made my-shop\n\nnext:\n  cd my-shop\n  infrac build --env prod\n"));
    assert!(std::fs::read_to_string(folder.path().join("my-shop/main.infra")).unwrap().contains("project my_shop "));
    let made = folder.path().join("my-shop");
    assert_eq!(ran(&made, &["fmt", "--check"]), (0, String::new(), String::new()));
    let (code, out, error) = ran(&made, &["check"]);
    assert_eq!((code, out.as_str()), (0, ""));
    assert!(error.starts_with("no mistakes in 1 environment (") && error.lines().count() == 1, "{error}");
    let (code, _, error) = ran(&made, &["build", "--env", "prod"]);
    assert_eq!(code, 0, "{error}");
    assert!(error.contains("\n  terraform -chdir=out/prod/terraform apply\n  kubectl --context my_shop apply --server-side -k out/prod/kubernetes\n"), "{error}");
    assert!(
        made.join("out/prod/terraform/main.tf.json").exists() && made.join("out/prod/kubernetes/hello.yaml").exists()
    );
    assert_eq!(ran(folder.path(), &["new", "my-shop"]).0, 1);
    assert_eq!(ran(folder.path(), &["new", "9"]).0, 64);
}

#[test]
fn a_user_s_own_file_stays_and_is_named() {
    let folder = project();
    std::fs::create_dir_all(folder.path().join("out/prod")).unwrap();
    std::fs::write(folder.path().join("out/prod/graph.json"), "mine").unwrap();
    let (code, _, error) = ran(folder.path(), &["build", "--env", "prod", "--format", "concise"]);
    assert_eq!(code, 1);
    assert!(error.contains("`out/prod/graph.json`: a file that infrac did not write stands in the way"), "{error}");
    assert_eq!(std::fs::read_to_string(folder.path().join("out/prod/graph.json")).unwrap(), "mine");
    assert!(!folder.path().join("out/prod/graph.places.json").exists());
}

#[test]
fn codes_are_explained() {
    let folder = project();
    let (code, out, _) = ran(folder.path(), &["explain"]);
    assert_eq!(code, 0);
    assert!(out.contains("not_lowered\n"));
    assert_eq!(ran(folder.path(), &["explain", "not_lowered"]).0, 0);
    let (code, _, error) = ran(folder.path(), &["explain", "not_lowerd"]);
    assert_eq!(code, 1);
    assert!(error.contains("did you mean `not_lowered`?"), "{error}");
}

#[test]
fn words_of_the_language_are_explained() {
    let folder = project();
    assert!(ran(folder.path(), &["explain"]).1.contains("words of the language:\n  adjust\n"));
    for word in ["moved", "forget", "adopt", "destroy", "once", "choose"] {
        let (code, out, _) = ran(folder.path(), &["explain", word]);
        assert_eq!(code, 0, "{word}");
        assert!(out.starts_with('#') && out.contains(word) && out.contains("from the reference, "), "{out}");
    }
    assert!(ran(folder.path(), &["explain", "moved"]).1.contains("    // refused: moved_circle\n    bucket media {}"));
    assert!(ran(folder.path(), &["explain", "movd"]).2.contains("did you mean `moved`?"));
}

#[test]
fn a_reader_that_goes_away_is_no_panic() {
    let folder = project();
    let command = format!("'{}' build --env prod --stdout | head -c 1", env!("CARGO_BIN_EXE_infrac"));
    let output = Command::new("sh").args(["-c", &command]).current_dir(folder.path()).output().unwrap();
    assert_eq!(output.stdout, b"=");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn fmt_lays_out_files_or_says_which_it_would() {
    let folder = project();
    let untidy = "project   shop { edition = 1 }\nlet x=1\n";
    std::fs::create_dir_all(folder.path().join("out")).unwrap();
    std::fs::write(folder.path().join("main.infra"), untidy).unwrap();
    std::fs::write(folder.path().join("out/not_ours.infra"), untidy).unwrap();
    let (code, out, _) = ran(folder.path(), &["fmt", "--check"]);
    assert_eq!((code, out.as_str()), (2, "main.infra\n"));
    assert_eq!(std::fs::read_to_string(folder.path().join("main.infra")).unwrap(), untidy);
    assert_eq!(ran(folder.path(), &["fmt"]).0, 0);
    assert_ne!(std::fs::read_to_string(folder.path().join("main.infra")).unwrap(), untidy);
    assert_eq!(ran(folder.path(), &["fmt", "--check"]), (0, String::new(), String::new()));
    assert_eq!(std::fs::read_to_string(folder.path().join("out/not_ours.infra")).unwrap(), untidy);
    assert_eq!(ran(folder.path(), &["fmt", "missing.infra"]).0, 1);
}
