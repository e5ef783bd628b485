//! What folders and environments declare is known by where it is declared, not by its bare name.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;

fn build(files: &[(&str, &str)], environment: &str) -> Result<serde_json::Value, String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new(""))).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let ran = Command::new(env!("CARGO_BIN_EXE_infrac"))
        .args(["build", "--env", environment, "--format", "concise"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    if !ran.status.success() {
        return Err(String::from_utf8(ran.stderr).unwrap());
    }
    let text =
        std::fs::read_to_string(folder.path().join(format!("out/{environment}/terraform/main.tf.json"))).unwrap();
    Ok(serde_json::from_str(&text).unwrap())
}

const FOLDER: &str = r#"
platform cloud { region: string, provider terraform.aws { region } }
kind box {}
implement box on cloud { terraform.aws_sqs_queue main { name = platform_of(self).region } }
"#;

#[test]
fn two_folders_have_a_platform_of_one_name() {
    let main = r#"
project lab { edition = 1 }
use one
use two
environment prod { tier = prod, on = [one.cloud(region = "eu-west-3"), second = two.cloud(region = "eu-west-1")] }
one.box x {}
two.box y {}
"#;
    let built = build(&[("main.infra", main), ("one/a.infra", FOLDER), ("two/a.infra", FOLDER)], "prod").unwrap();
    let queues = &built["resource"]["aws_sqs_queue"];
    assert_eq!(queues["x_main"]["name"], "eu-west-3");
    assert_eq!(queues["y_main"]["name"], "eu-west-1");
    assert_ne!(queues["x_main"]["provider"], queues["y_main"]["provider"]);
}

/// `aws` is the project's own there, `std.aws` the library's: each takes what is implemented on it and nothing else.
#[test]
fn a_platform_may_have_the_name_of_one_of_the_library() {
    let with = |on: &str, statement: &str| {
        let main = format!(
            "project lab {{ edition = 1 }}\nplatform aws {{ region: string, provider terraform.aws {{ region }} }}\nkind box {{}}\n\
             implement box on aws {{ terraform.aws_sqs_queue main {{ name = \"own\" }} }}\n\
             environment prod {{ tier = prod, on = [{on}(region = \"eu-west-3\")] }}\n{statement}"
        );
        build(&[("main.infra", &main)], "prod")
    };
    assert!(with("std.aws", "bucket b {}").unwrap()["resource"]["aws_s3_bucket"]["b_main"].is_object());
    assert!(with("aws", "box b {}").unwrap()["resource"]["aws_sqs_queue"]["b_main"].is_object());
    let told = with("aws", "bucket b {}").unwrap_err();
    assert!(told.contains("no_platform") && told.contains("it is implemented on `std.aws`"), "{told}");
    let told = with("std.aws", "box b {}").unwrap_err();
    assert!(told.contains("no_platform") && told.contains("the environment has `std.aws("), "{told}");
}

#[test]
fn files_of_a_folder_are_its_own() {
    let main = "project lab { edition = 1 }\nuse lib\nenvironment prod { tier = prod, on = [aws(region = \"eu-west-3\")] }\nbucket b {}\noutput a = lib.own\noutput b = lib.shared\noutput c = lib.filled\n";
    let lib = "let own = file(\"x.txt\")\nlet shared = file(\"../x.txt\")\nlet filled = template(\"x.hbs\", { name = \"n\" })\n";
    let files = [
        ("main.infra", main),
        ("lib/a.infra", lib),
        ("lib/x.txt", "of the folder"),
        ("x.txt", "of all"),
        ("lib/x.hbs", "for {{name}}"),
    ];
    let outputs = build(&files, "prod").unwrap()["output"].clone();
    assert_eq!(outputs["a"]["value"], "of the folder");
    assert_eq!(outputs["b"]["value"], "of all");
    assert_eq!(outputs["c"]["value"], "for n");
    let outside = [
        ("main.infra", main),
        ("lib/a.infra", "let own = file(\"../../x.txt\")\nlet shared = \"\"\nlet filled = \"\"\n"),
    ];
    assert!(build(&outside, "prod").unwrap_err().contains("it lies outside the project"));
}

/// What an environment chose holds for those that are like it, where they list it.
#[test]
fn choices_come_from_the_environment_that_one_is_like() {
    let main = r#"
project lab { edition = 1 }
environment prod { tier = prod, on = [kubernetes(context = "x"), aws(region = "eu-west-3")], choose { secret = aws } }
environment pre { tier = preprod, on = [kubernetes(context = "y"), aws(region = "eu-west-1")], like = prod }
environment test { tier = test, on = [kubernetes(context = "z"), near = aws(region = "eu-west-1")], like = pre, choose { secret = near } }
secret s {}
"#;
    for environment in ["prod", "pre", "test"] {
        let built = build(&[("main.infra", main)], environment).unwrap();
        assert!(built["resource"]["aws_secretsmanager_secret"].is_object(), "{environment}");
    }
}
