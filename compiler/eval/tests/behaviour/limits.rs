//! Every program ends, and says what took too much.

use crate::from_text::{graph, refusal};

const START: &str = r#"
project shop { edition = 1 }
environment test { tier = test, on = [cloud(region = "eu-west-3")] }
"#;

#[test]
fn doubling_texts_end() {
    let mut text = format!("{START}\nlet t0 = \"0123456789\"\n");
    for at in 1..=40 {
        text.push_str(&format!("let t{at} = \"${{t{}}}${{t{}}}\"\n", at - 1, at - 1));
    }
    text.push_str("output x = t40\n");
    let told = refusal(&text);
    assert!(told.starts_with("budget: a text is longer than 64 MiB"), "{told}");
}

#[test]
fn doubling_lists_end() {
    let mut text = format!("{START}\nlet t0 = [1, 2]\n");
    for at in 1..=40 {
        text.push_str(&format!("let t{at} = t{} ++ t{}\n", at - 1, at - 1));
    }
    text.push_str("output x = t40\n");
    let told = refusal(&text);
    assert!(told.starts_with("budget: "), "{told}");
}

#[test]
fn long_chains_of_values_are_followed() {
    let mut text = format!("{START}\nlet t0 = 1\n");
    for at in 1..=100 {
        text.push_str(&format!("let t{at} = t{} + 1\n", at - 1));
    }
    text.push_str("output x = t100\n");
    let graph = graph(&text);
    assert_eq!(graph.store.show(graph.outputs[0].value), "101");
}

#[test]
fn a_template_is_rendered_with_its_values() {
    let graph = graph(&format!(
        "{START}\noutput x = template(\"greeting.hbs\", {{ name = \"Ada\", list = [\"a\", \"b\"], loud = true }})"
    ));
    assert_eq!(graph.store.show(graph.outputs[0].value), "\"Hello Ada [a] [b]!\"");
}
