//! Damaged files: cut anywhere, a byte changed anywhere, nested without end, with numbers that lead nowhere. All are refused with a
//! place, or read as a graph that is whole; nothing panics and nothing takes more than the file is worth.

use graph::{FORMAT, read, save};

use crate::random::random_graph;

/// Refused with a place in the text, or whole.
fn assert_told_or_whole(text: &str) -> bool {
    match read(text) {
        Ok(graph) => {
            let saved = save(&graph);
            let again = read(&saved).unwrap_or_else(|error| panic!("{error}\n{text}"));
            assert_eq!(saved, save(&again));
            true
        }
        Err(error) => {
            assert!(error.line >= 1 && error.line <= text.lines().count() + 1, "{error}\n{text}");
            assert!(error.column >= 1 && !error.cause.is_empty() && !error.help.is_empty(), "{error}");
            false
        }
    }
}

#[test]
fn cut_anywhere() {
    for seed in [1, 2, 3] {
        let saved = save(&random_graph(seed));
        for end in (0..saved.trim_end().len()).filter(|end| saved.is_char_boundary(*end)) {
            assert!(!assert_told_or_whole(&saved[..end]), "cut at {end} it is still whole");
        }
    }
}

#[test]
fn a_byte_changed_anywhere() {
    let mut refused = 0;
    for seed in 10..14 {
        let saved = save(&random_graph(seed));
        for at in 0..saved.len() {
            let stride = [b'{', b'"', b'0', b'9', b']', b'x', b'\\', b'-'];
            let mut bytes = saved.clone().into_bytes();
            if bytes[at] == stride[at % stride.len()] {
                continue;
            }
            bytes[at] = stride[at % stride.len()];
            if let Ok(text) = String::from_utf8(bytes) {
                refused += usize::from(!assert_told_or_whole(&text));
            }
        }
    }
    assert!(refused > 1_000, "only {refused} were refused");
}

fn with(addresses: &str, values: &str, resources: &str) -> String {
    format!(
        "{{\"format\":{FORMAT},\"project\":\"p\",\"environment\":\"e\",\"addresses\":[{addresses}],\"values\":[{values}],\"platforms\":[],\"chosen\":[[]],\"waivers\":[],\"statements\":[{{\"made_by\":\"m\",\"target\":\"terraform\",\"kind\":\"k\"}}],\"providers\":[],\"instances\":[],\n\"resources\":[{resources}],\"inputs\":[],\"outputs\":[],\"deferred\":[],\"changes\":[],\"named\":[],\"state\":[]}}"
    )
}

fn cause(text: &str) -> String {
    match read(text) {
        Ok(_) => panic!("it was read: {text}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn made_by_hand() {
    let resource = |address: usize, body: &str, more: &str| {
        format!("{{\"address\":{address},\"statement\":0,\"seq\":0,\"chosen\":0,\"body\":{body}{more}}}")
    };
    assert!(read(&with("", "", "")).is_ok());
    assert!(read(&with("\"a\"", "", &resource(0, "{}", ""))).is_ok());
    let told = |text: &str| cause(text);
    for (text, wanted) in [
        (with("\"a\"", "", &resource(7, "{}", "")), "2:25: there is no address 7: there are 1"),
        (with("\"a\"", "", &resource(0, "{\"x\":{\"$\":0}}", "")), "there is no value 0: there are 0"),
        (with("\"a\"", "{\"x\":{\"$\":0}}", ""), "there is no value 0"),
        (with("\"a\"", "", &resource(0, "{}", ",\"provider\":0")), "there is no such provider"),
        (with("\"a\"", "", &resource(0, "{}", ",\"edges\":[[\"order\",1]]")), "there is no address 1"),
        (with("\"a\",\"b\"", "", &resource(0, "{}", ",\"edges\":[[\"order\",1]]")), "`a` needs what is not there"),
        (with("\"a\",\"b\"", "", &resource(0, "{\"x\":{\"$ref\":1,\"path\":[]}}", "")), "`a` needs what is not there"),
        (
            with("\"a\"", "", &[resource(0, "{}", ""), resource(0, "{}", "")].join(",")),
            "in the order of their addresses",
        ),
        (with("\"a\"", "", &resource(0, "{}", ",\"protekt\":true")), "`protekt` is no member of this object"),
        (with("\"a\"", "", &resource(0, "{\"x\":1,\"x\":2}", "")), "`x` stands twice in one object"),
        (with("\"a\"", "", &resource(0, "5", "")), "the body of a resource is a record"),
        (with("\"a\"", "", &resource(0, "{\"x\":{\"$unknown\":true}}", "")), "a value is unknown"),
        (with("\"a\"", "", &resource(0, "{\"x\":99999999999999999999}", "")), "a number is whole"),
        (with("\"a\"", "", &resource(0, "{\"x\":{\"$decimal\":\"1e999999999\"}}", "")), "digits"),
        (
            with("\"a\"", "", &resource(0, "{\"x\":{\"$op\":\"nothing\",\"args\":[]}}", "")),
            "there is no operation `nothing`",
        ),
        (with("\"a..b\"", "", ""), "`a..b` is no address"),
        (with(&format!("\"a{}\"", ".a".repeat(100_000)), "", ""), "an address of more than 256 steps"),
        ("[".repeat(1_000_000), "more than 256 brackets"),
        (String::new(), "the text ends"),
        ("[]".to_owned(), "an object belongs here"),
        ("{}".to_owned(), "`format` is missing"),
        ("{\"format\":1}".to_owned(), "the graph has the format 1, not 3; make it again"),
        ("{\"format\":4}".to_owned(), "the graph has the format 4, not 3; read it with"),
    ] {
        let cause = told(&text);
        assert!(cause.contains(wanted), "{cause}\nis not: {wanted}");
    }
}

#[test]
fn a_circle_of_resources() {
    let one = |address: usize, to: usize| {
        format!(
            "{{\"address\":{address},\"statement\":0,\"seq\":0,\"chosen\":0,\"body\":{{\"x\":{{\"$ref\":{to},\"path\":[\"id\"]}}}}}}"
        )
    };
    let cause = cause(&with("\"a\",\"b\"", "", &format!("{},{}", one(0, 1), one(1, 0))));
    assert!(cause.contains("have to be there before each other"), "{cause}");
}

/// Each value holds the one before it twice: written out there would be more of them than any machine holds.
#[test]
fn a_small_file_that_means_a_large_value() {
    let mut values = vec!["[1,1]".to_owned()];
    values.extend((0..200).map(|at| format!("[{{\"$\":{at}}},{{\"$\":{at}}}]")));
    let cause = cause(&with("", &values.join(","), ""));
    assert!(cause.contains("a value of more than"), "{cause}");
}

/// A long chain of values is read, and saved again, without a stack as deep.
#[test]
fn a_value_as_deep_as_the_table_is_long() {
    let mut values = vec!["[1]".to_owned()];
    values.extend((0..100_000).map(|at| format!("[{{\"$\":{at}}}]")));
    let resource = "{\"address\":0,\"statement\":0,\"seq\":0,\"chosen\":0,\"body\":{\"x\":{\"$\":100000}}}";
    let text = with("\"a\"", &values.join(","), resource);
    assert!(assert_told_or_whole(&text));
}
