//! Where a name is declared: the file, the line, and the name in it.

use crate::completion_tasks::BESIDE;
use crate::harness::Scene;

fn drawn(text: &str) -> String {
    let scene = Scene::new(&format!("//- task.infra\n{text}\n{BESIDE}"));
    let goals = ide::definition::definition(&scene.asked(), scene.cursor);
    let mut drawn = format!("{}\n", text.replace('\n', "⏎"));
    for goal in goals {
        let file = scene.program.sources().files().find(|file| file.id.path() == goal.path).unwrap();
        let at = file.line_column(goal.selection.start);
        let (start, end) = file.line_range(at.line).unwrap();
        let line = &file.text[start as usize..end as usize];
        let name = &file.text[goal.selection.start as usize..goal.selection.end as usize];
        assert!(goal.range.start <= goal.selection.start && goal.selection.end <= goal.range.end);
        // The library's lines move; that the name is there is what counts.
        let place =
            if goal.path.starts_with("std/") { goal.path.clone() } else { format!("{}:{}", goal.path, at.line) };
        drawn.push_str(&format!("  `{}` -> {place}: `{name}` in `{}`\n", scene.text(&goal.origin), line.trim()));
    }
    if !drawn.contains("->") {
        drawn.push_str("  nothing\n");
    }
    drawn
}

#[test]
fn names_that_are_declared() {
    let texts = [
        "buck$0et x {}",
        "que$0ue x {}",
        "data.she$0lf x { room = 1GiB }",
        "std.buck$0et x {}",
        "queue x { pati$0ence = 1h }",
        "container x { ima$0ge = \"a\" }",
        "container x { po$0rt http = 80/tcp }",
        "environment x { on = [aws(reg$0ion = \"a\")] }",
        "environment x { on = [work$0bench(number = 1)] }",
        "environment x { like = pr$0od }",
        "environment x { params { dom$0ain = \"a\" } }",
        "implement que$0ue on workbench {}",
        "implement queue on work$0bench {}",
        "implement queue on workbench { out u$0rl = \"a\" }",
        "implement queue on workbench needs n$0et {}",
        "kind x is peer$0_end {}",
        "kind x is peer_end, state$0ful {}",
        "kind x { a: size_na$0me }",
        "let x = url_fo$0r(\"a\")",
        "let x = std.url_o$0f(api.http)",
        "use da$0ta",
        "use data.arch$0ive",
        "moved \"web\" to ap$0i",
        "moved \"web\" to api in stag$0ing",
        "adjust ap$0i {}",
        "adjust mails.ma$0in {}",
        "adjust mails.shared.top$0ic {}",
        "adopt orde$0rs = \"x\" in prod",
        "bucket x on main_clu$0ster {}",
        "@after(jo$0bs)\nbucket x {}",
        "queue x { net = l$0an }",
        "let x = 1$0",
        "terraform.aws_sqs_q$0ueue x {}",
        "let x = coun$0t([1])",
    ];
    let all: Vec<String> = texts.iter().map(|text| drawn(text)).collect();
    insta::assert_snapshot!("definitions", all.join(""));
}
