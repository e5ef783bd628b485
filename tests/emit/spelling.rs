//! What a project says of spelling holds for what it writes itself, and for nothing that the library emits.

use emit::Settings;
use source::Name;

#[test]
fn a_projects_table_leaves_the_library_as_it_is() {
    let program = tests::program(&[(
        "main.infra".to_owned(),
        "project shop { edition = 1 }
environment prod { tier = prod, on = [aws(region = \"eu-west-3\")] }
@lower(\"terraform\", \"days\")
fn always_a_week(x: duration) -> int = 7
bucket files { keep_versions = 30d }
terraform.aws_kms_key own { deletion_window_in_days = 20d }
"
        .to_owned(),
    )]);
    let built = program.build(Name::new("prod"), &[], &Settings::beside_project("prod"));
    let (emitted, _) = built.unwrap_or_else(|told| panic!("{}", tests::render(&told, program.sources())));
    let main = emitted.documents.iter().find(|document| document.path == "terraform/main.tf.json").unwrap();
    let main: serde_json::Value = serde_json::from_str(&main.text).unwrap();
    let days = |label: &str| main["resource"]["aws_kms_key"][label]["deletion_window_in_days"].as_u64();
    assert_eq!((days("own"), days("aws_keys_key")), (Some(7), Some(30)));
}
