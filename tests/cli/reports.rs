//! Messages as other programs read them: annotations of GitHub, reports of GitLab and SARIF, and no more than anybody reads.

use serde_json::Value;

use crate::{run, text};

const WRONG: &str = "project p { edition = 1 }\nenvironment prod { tier = prod, on = [] }\nlet bound: boolean = true\noutput o = buond\noutput q = \"100%\" + 1\n";

fn project(program: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("a b")).unwrap();
    std::fs::write(folder.path().join("a b/main.infra"), program).unwrap();
    folder
}

#[test]
fn github_gets_a_command_for_each_mistake() {
    let folder = project(WRONG);
    let answer = run(folder.path(), &["check", "a b", "--format", "github"]);
    assert_eq!((answer.status.code(), text(&answer.stdout)), (Some(1), ""));
    insta::assert_snapshot!(text(&answer.stderr));
}

#[test]
fn gitlab_and_sarif_get_one_document_and_the_log_one_line_each() {
    let folder = project(WRONG);
    let concise = run(folder.path(), &["check", "a b", "--format", "concise"]);
    for format in ["gitlab", "sarif"] {
        let answer = run(folder.path(), &["check", "a b", "--format", format]);
        assert_eq!(answer.status.code(), Some(1));
        assert_eq!(text(&answer.stderr), text(&concise.stderr));
        let mut report: Value = serde_json::from_slice(&answer.stdout).unwrap();
        // The pages of the codes are the reference's, and the version is that of the release.
        if let Some(driver) = report.pointer_mut("/runs/0/tool/driver") {
            driver["semanticVersion"] = "…".into();
            for rule in driver["rules"].as_array_mut().unwrap() {
                assert!(rule["help"]["text"].as_str().unwrap().len() > 100, "{rule}");
                // What stands behind the language of a program is for whoever tests the pages.
                assert!(rule["help"]["markdown"].as_str().unwrap().contains("\n```infra\n"), "{rule}");
                assert!(!rule["help"].to_string().contains("wrong:"), "{rule}");
                rule["help"] = "…".into();
            }
        }
        insta::assert_snapshot!(format, format!("{report:#}"));
    }
}

/// A reader joins a relative reference with the folder that it knows; a path from the root is not one.
#[test]
fn a_path_from_the_root_is_a_uri_in_sarif() {
    let folder = project(WRONG);
    let path = folder.path().join("a b").canonicalize().unwrap();
    let answer = run(folder.path(), &["check", path.to_str().unwrap(), "--format", "sarif"]);
    let report: Value = serde_json::from_slice(&answer.stdout).unwrap();
    let place = report.pointer("/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri").unwrap();
    let wanted = format!("file://{}/main.infra", path.to_str().unwrap().replace(' ', "%20"));
    assert_eq!(place.as_str(), Some(wanted.as_str()));
}

#[test]
fn a_program_without_mistakes_is_an_empty_report() {
    let folder = project("project p { edition = 1 }\nenvironment prod { tier = prod, on = [] }\n");
    let report = |format: &str| {
        let answer = run(folder.path(), &["check", "a b", "--format", format]);
        assert_eq!((answer.status.code(), text(&answer.stderr)), (Some(0), ""));
        serde_json::from_slice::<Value>(&answer.stdout).unwrap()
    };
    assert_eq!(report("gitlab"), serde_json::json!([]));
    assert_eq!(report("sarif").pointer("/runs/0/results"), Some(&serde_json::json!([])));
}

#[test]
fn equal_findings_have_fingerprints_of_their_own_that_stay_when_lines_move() {
    let findings = |program: &str| {
        let folder = project(program);
        let answer = run(folder.path(), &["check", "a b", "--format", "gitlab"]);
        let all: Vec<Value> = serde_json::from_slice(&answer.stdout).unwrap();
        all.iter().map(|finding| finding["fingerprint"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let head = "project p { edition = 1 }\nenvironment prod { tier = prod, on = [] }\n";
    let wrong = "output a = nobody\noutput b = nobody\n";
    let here = findings(&format!("{head}{wrong}"));
    assert_eq!(here.len(), 2);
    assert_ne!(here[0], here[1]);
    assert_eq!(here, findings(&format!("{head}\n\n{wrong}")));
}

/// 50 are drawn, 1,000 told, the others counted, in every format; errors come before warnings.
#[test]
fn no_more_is_told_than_anybody_reads() {
    let mut program = "project p { edition = 1 }\nenvironment prod { tier = prod, on = [] }\n".to_owned();
    program.extend((0..3_000).map(|at| format!("output o{at} = nobody_{at}_is_called_so\n")));
    let folder = project(&program);
    let full = run(folder.path(), &["check", "a b"]);
    let full = text(&full.stderr);
    assert_eq!(full.matches("\n\n  × ").count() + usize::from(full.starts_with("error[")), 51, "{full:.3000}");
    assert_eq!(full.lines().filter(|line| line.starts_with("a b/main.infra:")).count(), 950);
    assert!(full.ends_with("\n3000 errors; 2000 of them are not shown\n"), "{}", &full[full.len() - 200..]);
    let json = run(folder.path(), &["check", "a b", "--format", "json"]);
    let lines: Vec<&str> = text(&json.stderr).lines().collect();
    assert_eq!(lines.len(), 1_001);
    assert_eq!(lines[1_000], "{\"errors\":3000,\"warnings\":0,\"notes\":0,\"left_out\":2000}");
    let gitlab = run(folder.path(), &["check", "a b", "--format", "gitlab"]);
    assert_eq!(serde_json::from_slice::<Vec<Value>>(&gitlab.stdout).unwrap().len(), 1_000);
}
