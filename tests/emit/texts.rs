//! Texts and documents with a part that is known later: Terraform reads them as the language says them. What it reads was tried with
//! Terraform 1.11.

use serde_json::{Value, json};

use crate::written::emitted;

const PROGRAM: &str = r#"
project yard { edition = 1 }
environment prod { tier = prod, on = [aws(region = "eu-west-3")] }
terraform.aws_sqs_queue q { name = "q" }

output lone_return = "a\r${q.arn}"
output two_lines = "a\r\n${q.arn}"
output escaped = "a$\r\${b"
output inside = base64("a\r${q.arn}")
output mark = "\u{feff}x"
output mark_and_later = "\u{feff}${q.arn}"
output day = json({ d = 2027-01-01, a = q.arn })
output known_day = json({ d = 2027-01-01, a = "a" })
output in_a_text = "${2027-01-01} ${q.arn}"
output read = parse_json(q.arn)
output one_member = "${parse_json(q.arn)["a"]}!"
output one_field = (if q.arn == "x" then { a = 1, b = "x" } else { b = "y" }).b
output lacked = (if q.arn == "x" then { a = 1, b = "x" } else { b = "y" }).a
output lacked_or = (if q.arn == "x" then { a = 1, b = "x" } else { b = "y" }).a ?? 7
output known_members = parse_json("{\"a\": 1.50, \"b\": null, \"c\": {\"y\": 1, \"x\": [true]}}")
"#;

fn outputs() -> impl Fn(&str) -> Value {
    outputs_of(PROGRAM.to_owned())
}

fn outputs_of(program: String) -> impl Fn(&str) -> Value {
    let files = emitted(&[("main.infra".to_owned(), program)]);
    let (_, text) = files.into_iter().find(|(path, _)| path == "terraform/main.tf.json").unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    move |name| document["output"][name]["value"].clone()
}

#[test]
fn what_stands_behind_a_lone_carriage_return_is_still_read() {
    let value = outputs();
    assert_eq!(value("lone_return"), "a${\"\\r\"}${aws_sqs_queue.q.arn}");
    assert_eq!(value("two_lines"), "a\r\n${aws_sqs_queue.q.arn}");
    // What is doubled is read there too, and a dollar in front does not undo it.
    assert_eq!(value("escaped"), "a${\"$\\r\"}$${b");
    assert_eq!(value("inside"), "${base64encode(\"a\\r${aws_sqs_queue.q.arn}\")}");
}

#[test]
fn a_byte_order_mark_at_the_start_of_a_text_arrives() {
    let value = outputs();
    assert_eq!(value("mark"), "${\"\\ufeff\"}x");
    assert_eq!(value("mark_and_later"), "${\"\\ufeff\"}${aws_sqs_queue.q.arn}");
}

#[test]
fn a_date_beside_a_later_value_is_the_text_that_it_is_beside_a_known_one() {
    let value = outputs();
    assert_eq!(value("day"), "${jsonencode({ \"a\" = aws_sqs_queue.q.arn, \"d\" = \"2027-01-01\" })}");
    assert_eq!(value("known_day"), "{\"a\":\"a\",\"d\":\"2027-01-01\"}");
    assert_eq!(value("in_a_text"), "2027-01-01 ${aws_sqs_queue.q.arn}");
}

#[test]
fn parse_json_is_a_map_of_texts_known_or_later() {
    let value = outputs();
    let read = "{ for name, member in jsondecode(aws_sqs_queue.q.arn) : name => try(tostring(member), jsonencode(member)) if member != null }";
    assert_eq!(value("read"), format!("${{{read}}}"));
    assert_eq!(value("one_member"), format!("${{({read})[\"a\"]}}!"));
    assert_eq!(value("known_members"), json!({ "a": "1.5", "c": "{\"x\":[true],\"y\":1}" }));
}

/// Of two records that are chosen between later, one may lack a field: what is chosen is the field.
#[test]
fn a_field_of_a_record_that_is_chosen_later_is_there_or_absent() {
    let value = outputs();
    assert_eq!(value("one_field"), "${((aws_sqs_queue.q.arn == \"x\") ? \"x\" : \"y\")}");
    let lacked = "((aws_sqs_queue.q.arn == \"x\") ? 1 : null)";
    assert_eq!(value("lacked"), format!("${{{lacked}}}"));
    assert_eq!(value("lacked_or"), format!("${{jsondecode({lacked} != null ? jsonencode({lacked}) : jsonencode(7))}}"));
}

#[test]
fn a_block_says_the_same_whatever_ends_the_lines_of_its_file() {
    let program = r#"
project yard { edition = 1 }
environment prod { tier = prod, on = [aws(region = "eu-west-3")] }
terraform.aws_sqs_queue q { name = "q" }

output script = """
  #!/bin/sh
  echo ${q.arn}
    echo two\r
  """
output raw = r"""
  one\
  LONEtwo
  """
"#
    .replace("LONE", "\r");
    let (unix, windows) = (outputs_of(program.clone()), outputs_of(program.replace('\n', "\r\n")));
    assert_eq!(unix("script"), "#!/bin/sh\necho ${aws_sqs_queue.q.arn}\n  echo two\r\n");
    assert_eq!(windows("script"), unix("script"));
    assert_eq!(unix("raw"), "one\\\n\rtwo\n");
    assert_eq!(windows("raw"), unix("raw"));
}
