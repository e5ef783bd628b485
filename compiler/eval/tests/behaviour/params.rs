//! Params on the command line are held to the same types as those of an environment and of the program.

use crate::from_text::evaluate;

fn with(param: &str) -> String {
    format!(
        "project shop {{ edition = 1 }}\nenvironment test {{ tier = test, on = [cloud(region = \"eu-west-3\")] }}\n{param}\n"
    )
}

/// What is told of a param of this type that is given this text, whether something reads it or not; nothing when it is taken.
fn told(ty: &str, text: &str) -> String {
    let program = with(&format!("param given: {ty}"));
    evaluate(&program, "test", &[("given", text)]).err().unwrap_or_default()
}

#[test]
fn a_wrong_text_of_a_param_is_told_even_when_nothing_reads_it() {
    let wrong = [
        ("\"a\" | \"b\"", "c"),
        ("1 | 2", "3"),
        ("image", "Registry.EXAMPLE.com/Shop --evil"),
        ("url", "no location"),
        ("version", "one"),
        ("cron", "whenever"),
        ("cidr", "10.0.0.5/16"),
        ("ip", "10.0.0.0/16"),
        ("int", "many"),
        ("bool", "yes"),
        ("range<int>", "2-6"),
        ("[string]", "a"),
    ];
    for (ty, text) in wrong {
        let told = told(ty, text);
        assert!(told.starts_with("bad_param: `given`: "), "{ty} = {text}: {told}");
    }
}

#[test]
fn a_right_text_of_a_param_is_taken() {
    let right = [
        ("\"a\" | \"b\"", "b"),
        ("\"auto\" | int", "3"),
        ("image", "example.com/shop:1"),
        ("url", "https://example.com"),
        ("version", "1.2.3"),
        ("cron", "0 4 * * *"),
        ("cidr", "10.0.0.0/16"),
        ("range<int>", "2..6"),
        ("range<int>", "2"),
        ("int?", "2"),
        ("decimal", "2.5"),
        ("bool", "true"),
        ("string", ""),
    ];
    for (ty, text) in right {
        assert_eq!(told(ty, text), "", "{ty} = {text}");
    }
}

#[test]
fn a_param_that_is_given_twice_is_told() {
    let program = with("param given: int = 1");
    let told = evaluate(&program, "test", &[("given", "1"), ("given", "2")]).unwrap_err();
    assert!(told.contains("`given` is given twice"), "{told}");
}
