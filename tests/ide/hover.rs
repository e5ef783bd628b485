//! What is known of a word, drawn out below it.

use crate::completion_tasks::BESIDE;
use crate::harness::Scene;

fn drawn(text: &str) -> String {
    let scene = Scene::new(&format!("//- task.infra\n{text}\n{BESIDE}"));
    match ide::hover::hover(&scene.asked(), scene.cursor) {
        Some(hover) => format!("{text}\n\n`{}`\n\n{}\n", scene.text(&hover.range), hover.markdown),
        None => format!("{text}\n\nnothing\n"),
    }
}

#[test]
fn declarations() {
    insta::assert_snapshot!("hover_kind_of_the_library", drawn("buck$0et x {}"));
    insta::assert_snapshot!("hover_kind_of_the_project", drawn("que$0ue x {}"));
    insta::assert_snapshot!("hover_native_kind", drawn("terraform.aws_sqs_q$0ueue x {}"));
    insta::assert_snapshot!("hover_what_is_read", drawn("read terraform.aws_a$0mi x {}"));
    insta::assert_snapshot!("hover_target", drawn("terra$0form.aws_sqs_queue x {}"));
    insta::assert_snapshot!("hover_platform", drawn("environment x { on = [work$0bench(number = 1)] }"));
    insta::assert_snapshot!("hover_environment", drawn("moved \"a\" to api in pro$0d"));
    insta::assert_snapshot!("hover_type", drawn("let x: size_n$0ame = \"small\""));
    insta::assert_snapshot!("hover_folder", drawn("use da$0ta"));
    insta::assert_snapshot!("hover_instance", drawn("adjust ap$0i {}"));
    insta::assert_snapshot!("hover_child", drawn("adjust mails.ma$0in {}"));
}

#[test]
fn fields() {
    insta::assert_snapshot!("hover_field", drawn("queue x { pati$0ence = 1h }"));
    insta::assert_snapshot!("hover_field_that_is_inherited", drawn("container x { po$0rt http = 80/tcp }"));
    insta::assert_snapshot!("hover_field_of_a_record", drawn("database x { backup { ke$0ep = 1d } }"));
    insta::assert_snapshot!("hover_field_of_a_type", drawn("let x: address = { coun$0try = \"ie\" }"));
    insta::assert_snapshot!("hover_field_with_a_rule", drawn("database x { cp$0u = 2 }"));
    insta::assert_snapshot!("hover_native_field", drawn("terraform.aws_sqs_queue x { na$0me = \"a\" }"));
    insta::assert_snapshot!(
        "hover_native_field_in_a_block",
        drawn("terraform.aws_instance x { root_block_device { io$0ps = 1 } }")
    );
    insta::assert_snapshot!("hover_field_of_an_environment", drawn("environment x { li$0ke = prod }"));
    insta::assert_snapshot!("hover_output", drawn("implement queue on workbench { out ur$0l = 1 }"));
    insta::assert_snapshot!("hover_argument", drawn("environment x { on = [aws(reg$0ion = \"a\")] }"));
}

#[test]
fn words() {
    insta::assert_snapshot!("hover_keyword", drawn("le$0t x = 1"));
    insta::assert_snapshot!("hover_header", drawn("bucket x fo$0r n in [\"a\"] {}"));
    insta::assert_snapshot!("hover_built_in", drawn("let x = cou$0nt([1])"));
    insta::assert_snapshot!("hover_method", drawn("let x = \"a\".repl$0ace(\"a\", \"b\")"));
    insta::assert_snapshot!("hover_function_of_the_language", drawn("let x = name_$0of(api)"));
    insta::assert_snapshot!("hover_function_of_the_project", drawn("let x = url_$0for(\"a\")"));
    insta::assert_snapshot!("hover_annotation", drawn("@pro$0tect\nbucket x {}"));
    insta::assert_snapshot!("hover_unit", drawn("let x = 4Gi$0B"));
    insta::assert_snapshot!("hover_unit_of_time", drawn("let x = 5mi$0n"));
    insta::assert_snapshot!("hover_type_word", drawn("param x: dur$0ation"));
    insta::assert_snapshot!("hover_case", drawn("queue x { form = cir$0cle(1) }"));
    insta::assert_snapshot!("hover_warning", drawn("@allow(unu$0sed, because = \"x\")\nlet x = 1"));
}

#[test]
fn nothing_is_said_of_what_is_not_known() {
    for text in
        ["let mi$0ne = 1", "// buck$0et", "let x = \"buck$0et of\"", "let x = $0", "unk$0nown x {}", "let x = mi$0ne"]
    {
        let scene = Scene::new(&format!("//- task.infra\n{text}\n{BESIDE}"));
        assert_eq!(ide::hover::hover(&scene.asked(), scene.cursor), None, "{text}");
    }
}
