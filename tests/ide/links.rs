//! Places that lead somewhere.

use ide::links::links;
use insta::assert_snapshot;

use crate::harness::Scene;

fn drawn(text: &str) -> String {
    let scene = Scene::new(text);
    let marks: Vec<_> = links(&scene.asked())
        .into_iter()
        .map(|link| (link.range, format!("{:?}: {}", link.target, link.tooltip)))
        .collect();
    scene.draw(&marks)
}

#[test]
fn the_folder_of_a_use() {
    assert_snapshot!(drawn(
        "//- main.infra\nuse network\nuse network.edge as e$0\nuse network.lan\nuse nothing\n//- network/a.infra\nnetwork lan { cidr = 10.0.0.0/16 }\n//- network/edge/b.infra\nlet x = 1\n"
    ));
}

#[test]
fn a_file_beside_the_one_that_says_it() {
    assert_snapshot!(drawn("//- a/b/main.infra\nlet a = file(\"motd.txt\")$0\nlet b = file(\"../x/./y.txt\")\n"));
}

#[test]
fn a_template() {
    assert_snapshot!(drawn("let a = template(\"data/motd.hbs\", { host = \"a\" })\n"));
}

#[test]
fn a_path_out_of_the_project_leads_nowhere() {
    assert_snapshot!(drawn("let a = [file(\"../a\"), file(\"/etc/passwd\"), file(\"a/..\"), file(\"\")]\n"));
}

#[test]
fn a_computed_path_leads_nowhere() {
    assert_snapshot!(drawn("let a = [file(\"a-${b}\"), file(c), file()]\n"));
}

#[test]
fn the_page_of_an_accepted_warning() {
    assert_snapshot!(drawn("@allow(unused, because = \"later\")\n@allow(CKV_AWS_144)\nlet a = 1\n"));
}

#[test]
fn the_page_of_what_a_test_refuses() {
    assert_snapshot!(drawn("test \"t\" {\n  refuses unknown_name { let y = x }\n  refuses my_own {}\n}\n"));
}

#[test]
fn links_in_bodies_and_loops() {
    assert_snapshot!(drawn("server a {\n  x = [for f in fs: file(\"a.txt\")]\n}\n"));
}

#[test]
fn a_method_of_that_name_is_none() {
    assert_snapshot!(drawn("let a = disk.file(\"a.txt\")\n"));
}

#[test]
fn broken_text() {
    assert_snapshot!(drawn("use\nlet a = file(\"a.txt\nlet b = file(\"b.txt\"\n"));
}
