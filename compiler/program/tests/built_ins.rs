//! Built-ins as a program uses them: every example compiles and gives what it says, and what is wrong is told with what to do.

use program::Program;
use source::{Diagnostic, Memory, Name, Severity};

/// A program of one environment with an output for each expression; the n-th expression stands in line n + 3.
fn program(expressions: &[&str]) -> Program {
    let mut text = String::from("project examples { edition = 1 }\nenvironment test { tier = test, on = [] }\n");
    for (nth, expression) in expressions.iter().enumerate() {
        text.push_str(&format!("output x{nth} = {expression}\n"));
    }
    Program::load(Memory::new([("main.infra", text)]), "")
}

fn told(program: &Program, diagnostics: &[Diagnostic]) -> String {
    let lines = diagnostics.iter().map(|diagnostic| {
        let place = diagnostic.place().map(|place| program.sources().show(place)).unwrap_or_default();
        format!("{place} {}: {} ({})\n", diagnostic.code, diagnostic.message, diagnostic.help.join("; "))
    });
    lines.collect()
}

#[test]
fn every_example_of_a_built_in_is_true() {
    let examples: Vec<(&str, &str)> =
        check::builtins::all().iter().flat_map(|built_in| built_in.examples).copied().collect();
    let expressions: Vec<&str> = examples.iter().map(|example| example.0).collect();
    let program = program(&expressions);
    let (graph, _) = program
        .evaluate(Name::new("test"), &[])
        .unwrap_or_else(|diagnostics| panic!("{}", told(&program, &diagnostics)));
    assert_eq!(graph.outputs.len(), examples.len());
    let mut wrong = String::new();
    for (nth, (expression, expected)) in examples.iter().enumerate() {
        let name = Name::new(&format!("x{nth}"));
        let found =
            graph.outputs.iter().find(|output| output.name == name).map(|output| graph.store.show(output.value));
        if found.as_deref() != Some(*expected) {
            wrong.push_str(&format!("{expression}\n  gives    {}\n  expected {expected}\n", found.unwrap_or_default()));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn what_a_built_in_cannot_do_is_told_where_it_is_asked() {
    let cases = [
        ("(10GB).in(1GiB)", "`10GB` is not a whole number of `1GiB`"),
        ("(90s).minutes", "`90s` is not a whole number of `1min`"),
        ("(1ns).prometheus", "Prometheus has no form for `1ns`"),
        ("(10.0.0.0/16).subnet(17, 0)", "`10.0.0.0/16` cannot be divided by 17 more bits"),
        ("(10.0.0.0/16).subnet(2, 4)", "`10.0.0.0/16` divided by 2 more bits has no part 4"),
        ("(10.0.0.0/24).host(256)", "`10.0.0.0/24` has no address at 256"),
        ("(255.255.255.255).next", "there is no address 1 steps from `255.255.255.255`"),
        ("cidr(\"::/0\").size", "`::/0` has more addresses than fit an int"),
        ("tcp(0)", "0 is not a port"),
        ("udp(65536)", "65536 is not a port"),
        ("(1).div(0)", "`1` is divided by zero"),
        ("(1.5).text(1000)", "a number has no 1000 places"),
        ("zip([1], [1, 2])", "these lists have 1 and 2 elements"),
        ("\"a\".replace(\"\", \"b\")", "an empty text cannot be replaced"),
        ("\"a\".pad_left(3, \"\")", "a text is filled up with one character"),
        ("int(1.5)", "`1.5` is not a whole number"),
        ("int(\"x\")", "`x` is not an int"),
        ("ip(\"10.0.0\")", "`10.0.0` is not an ip"),
        ("promql(\"up{\")", "`up{` is not a promql: `}` is missing"),
        ("sum([9223372036854775807, 1])", "this sum does not fit 64 bits"),
        ("json({ a = 1GiB })", "JSON has no form of its own for `1GiB`"),
        ("text(1GiB)", "a size has several forms as a text: `1GiB`"),
        ("(2027-03-31).plus(1h)", "`2027-03-31 + 1h` is not a whole day"),
        ("parse_json(\"[]\")", "this text is not an object of JSON"),
        ("10 / 3", "`10 / 3` has no exact decimal"),
        ("1 div 0", "`1 div 0` divides by zero"),
        ("10GB / 3", "`10GB / 3` is not a whole number of bytes"),
        ("5..2", "`5..2` ends before it begins"),
    ];
    let expressions: Vec<&str> = cases.iter().map(|case| case.0).collect();
    let program = program(&expressions);
    let Err(diagnostics) = program.evaluate(Name::new("test"), &[]) else { panic!("all of it is taken") };
    let mut wrong = String::new();
    for (nth, (expression, message)) in cases.iter().enumerate() {
        let line = format!("main.infra:{}:", nth + 3);
        let here: Vec<Diagnostic> = diagnostics
            .iter()
            .filter(|diagnostic| {
                diagnostic.place().is_some_and(|place| program.sources().show(place).starts_with(&line))
            })
            .cloned()
            .collect();
        let right = matches!(&here[..], [one] if one.severity == Severity::Error && one.message.starts_with(message) && !one.help.is_empty());
        if !right {
            wrong.push_str(&format!("{expression}\n  {}", told(&program, &here)));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
