//! What is called around the cursor, the parameter under it between marks.

use crate::completion_tasks::BESIDE;
use crate::harness::Scene;

fn drawn(text: &str) -> String {
    let scene = Scene::new(&format!("//- task.infra\n{text}\n{BESIDE}"));
    let Some(found) = ide::signature::signature(&scene.asked(), scene.cursor) else {
        return format!("{text}\n\nnothing\n");
    };
    let mut label = found.label.clone();
    if let Some(active) = found.active {
        let range = &found.parameters[active as usize].range;
        label.insert(range.end as usize, '⟩');
        label.insert(range.start as usize, '⟨');
    }
    let docs = found.active.map_or_else(String::new, |active| found.parameters[active as usize].docs.clone());
    let docs = if docs.is_empty() { String::new() } else { format!("    {docs}\n") };
    format!("{text}\n\n{label}\n{docs}{}\n", found.docs)
}

#[test]
fn calls() {
    let texts = [
        "let x = count($0)",
        "let x = url_for(\"a\", $0)",
        "let x = url_for(\"a\", secure = $0)",
        "let x = name_of(api, bare = tr$0ue)",
        "let x = (10.0.0.0/16).subnet(8, $0)",
        "let x = \"a\".replace($0",
        "let x = std.url_of($0)",
        "let x = data.year($0)",
        "environment x { on = [aws(region = $0)] }",
        "environment x { on = [aws($0)] }",
        "environment x { state = s3(bucket = \"a\", region = $0) }",
        "queue x { form = square(1, $0) }",
        "@allow(unused, because = $0)\nbucket x {}",
        "@after(jobs, $0)\nbucket x {}",
        "let x = count([url_for($0)])",
        "let x = join([for n in [\"a\"]: \"${url_for(n, $0)}\"], \",\")",
    ];
    let all: Vec<String> = texts.iter().map(|text| drawn(text)).collect();
    insta::assert_snapshot!("signatures", all.join("\n---\n"));
}

#[test]
fn no_call_no_signature() {
    for text in [
        "let x = $0",
        "let x = (1 + $0)",
        "fn f(x: $0) -> int = 1",
        "bucket x { $0 }",
        "// count($0)",
        "let x = mine($0)",
    ] {
        let scene = Scene::new(&format!("//- task.infra\n{text}\n{BESIDE}"));
        assert_eq!(ide::signature::signature(&scene.asked(), scene.cursor), None, "{text}");
    }
}
