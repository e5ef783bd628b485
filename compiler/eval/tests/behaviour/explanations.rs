//! Every explanation's first program is refused with its code, and the second compiles in all environments.

use source::Diagnostics;

use crate::from_text::{files, program_with_std, shown};

fn told(text: &str) -> String {
    let program = program_with_std(text);
    let mut diagnostics = Diagnostics::default();
    diagnostics.append(program.told.clone());
    if !diagnostics.has_errors() {
        let _ = eval::evaluate_all(&program.checked, &[], &files, &mut diagnostics);
    }
    shown(diagnostics.list(), &program.sources)
}

fn blocks(text: &str) -> Vec<&str> {
    text.split("```infra\n").skip(1).filter_map(|part| part.split("```").next()).collect()
}

#[test]
fn explanations_are_sorted_and_their_programs_do_as_they_say() {
    let mut wrong = Vec::new();
    let mut last = "";
    for (code, text) in eval::EXPLANATIONS {
        assert!(last < *code, "{code} is out of order");
        last = code;
        assert!(text.starts_with(&format!("{code}: ")), "{code} has no title");
        let blocks = blocks(text);
        if let Some(refused) = blocks.first() {
            let told = told(refused);
            if !told.starts_with(&format!("{code}: ")) {
                wrong.push(format!("{code}: the first program says\n{told}"));
            }
        }
        if let Some(right) = blocks.get(1) {
            let told = told(right);
            if !told.is_empty() {
                wrong.push(format!("{code}: the second program says\n{told}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
