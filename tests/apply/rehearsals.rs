//! A rehearsal goes through the whole engine and changes nothing; the same number gives the same rehearsal.

use super::*;

#[test]
fn equal_numbers_give_equal_rehearsals() {
    let shop = tests::examples().into_iter().find(|example| example.name == "shop").unwrap();
    let mut project = Project::new("");
    std::fs::remove_file(project.path("main.infra")).unwrap();
    for (path, text) in &shop.files {
        let path = project.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let before = tree(project.folder.path());
    let rehearse = |project: &Project, seed: &str| {
        let output = project.quietly(&["apply", "--env", "prod", "--rehearse", "--seed", seed, "--faults", "60"]);
        (output.status.code(), both(&output))
    };
    let of_all: Vec<_> = ["1", "2", "3"].iter().map(|seed| rehearse(&project, seed)).collect();
    for (seed, first) in ["1", "2", "3"].iter().zip(&of_all) {
        assert_eq!(rehearse(&project, seed), *first, "seed {seed}");
    }
    assert!(of_all[0] != of_all[1] && of_all[1] != of_all[2]);
    assert_eq!(tree(project.folder.path()), before);
    assert_eq!(project.run(&["apply", "--env", "prod", "--rehearse"]), 0);
    transcript!("shop_rehearsed", project);
}

#[test]
fn what_fails_in_a_rehearsal_is_told_as_it_would_be() {
    let mut project = Project::new(
        "files.file a { path = \"a\", content = \"A\" }\nfiles.file b { path = \"b\", content = \"${a.path}\" }\n",
    );
    project.run(&["apply", "--rehearse", "--faults", "500", "--seed", "2"]);
    project.run(&["apply", "--rehearse", "--faults", "500", "--seed", "5"]);
    transcript!("faults_rehearsed", project);
}
