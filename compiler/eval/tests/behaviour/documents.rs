//! Texts of documents with parts that are known only later: templates and YAML.

use crate::from_text::{graph, refusal};

const PROJECT: &str = r#"
project shop { edition = 1 }
environment test { tier = test, on = [cloud(region = "eu-west-3")] }
terraform.aws_sqs_queue jobs { name = "jobs" }
"#;

fn output(text: &str) -> String {
    let graph = graph(&format!("{PROJECT}\noutput text = {text}"));
    let output = graph.outputs.iter().find(|output| output.name.text() == "text");
    output.map(|output| graph.store.show(output.value)).unwrap()
}

#[test]
fn a_template_prints_later_values() {
    assert_eq!(
        output(r#"template("greeting.hbs", { name = jobs.arn, list = [jobs.url, "x"], loud = true })"#),
        "\"Hello ${jobs.arn} [${jobs.url}] [x]!\" (known after apply)"
    );
    // What the program itself sets stays a reference: it says what has to be there before.
    assert_eq!(
        output(r#"template("greeting.hbs", { name = jobs.name, list = [], loud = false })"#),
        "\"Hello ${jobs.name}\" (known after apply)"
    );
    // It may decide as well.
    assert_eq!(output(r#"template("greeting.hbs", { name = "x", list = [], loud = jobs.name })"#), "\"Hello x!\"");
}

#[test]
fn a_later_value_decides_nothing_in_a_template() {
    for (values, control) in [
        ("{ name = \"x\", list = [], loud = jobs.arn }", "`loud`"),
        ("{ name = \"x\", list = [jobs.arn], loud = true }", ""),
    ] {
        let text = format!("{PROJECT}\noutput text = template(\"greeting.hbs\", {values})");
        if control.is_empty() {
            let _ = graph(&text);
        } else {
            let told = refusal(&text);
            assert!(
                told.starts_with(&format!("later_value: {control} decides in line 1 of \"greeting.hbs\"")),
                "{told}"
            );
        }
    }
}

#[test]
fn yaml_holds_later_values_as_json() {
    assert_eq!(
        output(r#"yaml({ a = jobs.arn, b = [1, jobs.url], c = "x", d = { e = jobs.name } })"#),
        "\"a: ${json(jobs.arn)}\\nb:\\n  - 1\\n  - ${json(jobs.url)}\\nc: x\\nd:\\n  e: ${json(jobs.name)}\\n\" \
         (known after apply)"
    );
}
