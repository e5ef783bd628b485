//! Programs that would run for ever or fill the memory: circles are told before anything runs, the rest by the budget.

use super::{codes, one};

const HEAD: &str = "project p { edition = 1 }\nenvironment prod { tier = prod, on = [] }\n";

#[test]
fn circles_are_told() {
    for (text, code) in [
        ("fn f(n: int) -> int = f(n)\noutput x = f(1)\n", "recursion"),
        (
            "fn f(n: int) -> int = g(n)\nfn g(n: int) -> int = h(n)\nfn h(n: int) -> int = f(n)\noutput x = f(1)\n",
            "recursion",
        ),
        ("kind a {}\nimplement a { a b {} }\na one {}\n", "circle"),
        (
            "kind a {}\nkind b {}\nkind c {}\nimplement a { b x {} }\nimplement b { c x {} }\nimplement c { a x {} }\na one {}\n",
            "circle",
        ),
        ("kind a {}\nimplement a { a b for n in [\"x\", \"y\"] {} }\na one {}\n", "circle"),
        ("let a = b\nlet b = c\nlet c = a\noutput x = a\n", "circle"),
        ("type a = { b: [a] }\nlet x: a = { b = [] }\n", "circle"),
        ("kind a is b {}\nkind b is c {}\nkind c is a {}\n", "circle"),
        ("kind a { n: int = count(all(a)) }\nimplement a {}\na one if count(all(a)) > 0 {}\n", "circle"),
    ] {
        let found = codes(&one(format!("{HEAD}{text}")));
        assert!(found.contains(&code), "{text}{found:?}");
    }
}

#[test]
fn modules_that_use_each_other_end() {
    let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    let all_around = tests::program(&[
        file("main.infra", &format!("{HEAD}use a.x\noutput y = x\n")),
        file("a/main.infra", "use b.x as y\nlet x = y\n"),
        file("b/main.infra", "use a.x as y\nlet x = y\n"),
    ]);
    assert_eq!(codes(&all_around), ["circle"]);
    let whole = tests::program(&[
        file("main.infra", &format!("{HEAD}use a\noutput y = a.x\n")),
        file("a/main.infra", "use b\nlet x = b.x\n"),
        file("b/main.infra", "use a\nlet x = 1\nlet z = a.x\n"),
    ]);
    assert_eq!(codes(&whole), [""; 0], "modules may know each other; only values may not");
    let itself = tests::program(&[file("main.infra", HEAD), file("a/main.infra", "use a\nlet x = 1\n")]);
    super::told(&itself);
}

/// What may have been meant is looked for among the names of the program, and neither has an end: not all of both.
#[test]
fn what_was_meant_is_looked_for_as_long_as_that_is_short() {
    let line = |at: usize| format!("let known_{at} = unkown_{}\n", at * 7);
    let text: String = (0..20_000).map(line).collect();
    let program = one(format!("{HEAD}let unknown_0 = 1\n{text}"));
    let told = super::told(&program);
    assert_eq!(told.len(), 20_000);
    let first = told.first().map(|told| told.help.join(" "));
    assert_eq!(first.as_deref(), Some("did you mean `unknown_0`?"));
    let suggested = told.iter().filter(|told| told.help.iter().any(|help| help.starts_with("did you mean"))).count();
    assert!((20..100).contains(&suggested), "{suggested} of the first mistakes say what may have been meant");
}

#[test]
fn a_loop_over_a_billion_runs_into_the_budget() {
    let ten = "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]";
    let billion: String =
        ["a", "b", "c", "d", "e", "f", "g", "h", "i"].iter().map(|name| format!("for {name} in ten: ")).collect();
    let text = format!("{HEAD}let ten = {ten}\noutput x = count([{billion}a])\n");
    assert_eq!(codes(&one(text)), ["budget"]);
}

#[test]
fn doubling_texts_and_lists_run_into_the_budget() {
    let doubled: String =
        (1..64).map(|at| format!("let t{at} = \"${{t{before}}}${{t{before}}}\"\n", before = at - 1)).collect();
    assert_eq!(
        codes(&one(format!("{HEAD}let t0 = \"0123456789abcdef\"\n{doubled}output x = t63.length\n"))),
        ["budget"]
    );
    let doubled: String =
        (1..64).map(|at| format!("let l{at} = [...l{before}, ...l{before}]\n", before = at - 1)).collect();
    assert_eq!(codes(&one(format!("{HEAD}let l0 = [1]\n{doubled}output x = l63.length\n"))), ["budget"]);
}

#[test]
fn types_and_values_that_double_are_told_where_they_are_written() {
    let types: String =
        (1..40).map(|at| format!("type t{at} = {{ a: t{before}, b: t{before} }}\n", before = at - 1)).collect();
    assert_eq!(
        codes(&one(format!("{HEAD}type t0 = {{ a: int }}\n{types}fn f(x: t39) -> int = 1\noutput y = 1\n"))),
        ["budget"]
    );
    let values: String = (1..40).map(|at| format!("let s{at} = [s{before}, s{before}]\n", before = at - 1)).collect();
    let program = |output: &str| one(format!("{HEAD}let s0 = [1, 2]\n{values}output x = {output}\n"));
    assert_eq!(codes(&program("s39")), ["budget"]);
    assert_eq!(codes(&program("s39.length")), [""; 0], "what is not written out costs nothing");
}

#[test]
fn templates_end() {
    let ten = "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]";
    let with = |template: String| {
        let main = format!(
            "{HEAD}let ten = {ten}\nlet l = [for a in ten, b in ten, c in ten: a]\noutput x = template(\"t.hbs\", {{ l = l, a = true }})\n"
        );
        codes(&tests::program(&[("main.infra".to_owned(), main), ("t.hbs".to_owned(), template)]))
    };
    let loops = "{{#each l}}{{#each ../l}}{{#each ../../l}}{{/each}}{{/each}}{{/each}}";
    assert_eq!(with(loops.to_owned()), ["budget"]);
    let recursion = "{{#*inline \"r\"}}{{> r}}{{/inline}}{{> r}}";
    assert_eq!(with(recursion.to_owned()), ["budget"]);
    for deep in [50, 20_000] {
        let text = format!("{}x{}", "{{#if a}}".repeat(deep), "{{/if}}".repeat(deep));
        assert_eq!(with(text), if deep > 64 { vec!["bad_template"] } else { Vec::new() });
        let chain = format!("{{{{#if a}}}}x{}{{{{/if}}}}", "{{else if a}}x".repeat(deep));
        assert_eq!(with(chain), if deep > 64 { vec!["bad_template"] } else { Vec::new() });
    }
    assert_eq!(with("{{#each l}}{{this}}, {{/each}}{{#if a}}yes{{else}}no{{/if}}".to_owned()), [""; 0]);
    assert_eq!(with("{{!-- {{#if a}} --}}".repeat(100)), [""; 0], "what is no block is not counted");
    assert_eq!(with("x".repeat(2 << 20)), ["bad_template"]);
}

#[test]
fn a_million_instances_run_into_the_budget() {
    let names: String = (0..102).map(|number| format!("\"n{number}\", ")).collect();
    let text = format!(
        "{HEAD}let names = [{names}]\nkind shelf {{}}\nimplement shelf {{}}\nshelf low for n in [for x in names: for y in names: for z in names: \"${{x}}-${{y}}-${{z}}\"] {{}}\n"
    );
    assert_eq!(codes(&one(text)), ["budget"]);
}
