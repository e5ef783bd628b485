//! How values are spelt: outputs as the language writes them, and what a project says of spelling holds for what it writes itself, and for nothing that the library emits.

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

#[test]
fn outputs_are_spelt_as_the_language_writes_them() {
    let outputs = "output window = 5min
output disks = { data = 5GiB, spare = 20% }
output door = 443/tcp
output some = 2..6
output day = 2027-03-31
output store = files
";
    let main = |body: &str| {
        let head =
            "project shop { edition = 1 }\nenvironment prod { tier = prod, on = [aws(region = \"eu-west-3\")] }\n";
        let program = tests::program(&[("main.infra".to_owned(), format!("{head}{body}{outputs}"))]);
        let built = program.build(Name::new("prod"), &[], &Settings::beside_project("prod"));
        let (emitted, _) = built.unwrap_or_else(|told| panic!("{}", tests::render(&told, program.sources())));
        emitted.documents.into_iter().find(|document| document.path == "terraform/main.tf.json")
    };
    let text = main("bucket files {}\n").unwrap().text;
    let main_tf: serde_json::Value = serde_json::from_str(&text).unwrap();
    let value = |name: &str| main_tf["output"][name]["value"].clone();
    assert_eq!(value("window"), "5min");
    assert_eq!(value("disks"), serde_json::json!({ "data": "5GiB", "spare": "20%" }));
    assert_eq!((value("door"), value("some")), ("443/tcp".into(), "2..6".into()));
    assert_eq!((value("day"), value("store")), ("2027-03-31".into(), "files".into()));
    // Without a tool that publishes them they are accepted as well.
    assert!(main("kind files_of {}\nimplement files_of {}\nfiles_of files {}\n").is_none());
}
