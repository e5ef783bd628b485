//! The picture of an environment: which boxes stand in which frame, and what joins them.

use std::fmt::Write as _;

use program::Program;
use source::Name;

fn svg(program: &Program, environment: &str) -> String {
    match program.picture_of(Name::new(environment), &[]) {
        Ok(picture) => picture.svg(),
        Err(told) => panic!("{}", tests::render(&told, program.sources())),
    }
}

/// The value of an attribute of a tag.
fn attribute<'a>(tag: &'a str, name: &str) -> &'a str {
    let start = tag.split_once(&format!(" {name}=\"")).map(|(_, rest)| rest);
    start.and_then(|rest| rest.split('"').next()).unwrap_or_default()
}

/// What programs read in a picture, a line for each frame, box with its ports, and arrow.
fn read(svg: &str) -> String {
    let mut text = String::new();
    for line in svg.lines() {
        if line.starts_with("<g class=\"frame\"") {
            let _ = writeln!(text, "frame {}", attribute(line, "data-platform"));
        } else if line.starts_with("<g class=\"box") {
            let [address, kind, at] = ["data-address", "data-kind", "data-at"].map(|name| attribute(line, name));
            let _ = writeln!(text, "box {address} ({kind}) {at}");
        } else if line.starts_with("<text class=\"port\"") {
            let port = line.split(['>', '<']).nth(2).unwrap_or_default();
            let _ = writeln!(text, "  {port}");
        } else if line.starts_with("<text class=\"badge\"") {
            let _ = writeln!(text, "  {}", line.split(['>', '<']).nth(2).unwrap_or_default());
        } else if line.starts_with("<g class=\"arrow\"") {
            let [sort, from, to, port] =
                ["data-sort", "data-from", "data-to", "data-port"].map(|name| attribute(line, name));
            let _ = writeln!(text, "{sort} {from} -> {to} {port}");
        } else if line.starts_with("<text class=\"title\"") || line.starts_with("<text class=\"small\"") {
            let told = line.split(['>', '<']).nth(2).unwrap_or_default();
            if told.contains(" resource") {
                let _ = writeln!(text, "{told}");
            }
        }
    }
    text.replace("&quot;", "\"").replace("&amp;", "&").lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

#[test]
fn the_examples_are_drawn() {
    let mut all = String::new();
    for example in tests::examples() {
        let program = tests::program(&example.files);
        let environment = program.environments()[0];
        let drawn = svg(&program, environment.text());
        assert_eq!(drawn, svg(&tests::program(&example.files), environment.text()), "the same each time");
        let _ = writeln!(all, "== {} in {environment}\n{}", example.name, read(&drawn));
    }
    insta::assert_snapshot!(all);
}

const HEAD: &str = "project many { edition = 1 }\nenvironment prod { tier = prod, on = [kubernetes(context = \"here\", node_ranges = [10.60.0.0/16])] }\n";

/// So many containers in a folder of their own, the first two of which call one in the project's folder.
fn many(count: usize) -> Program {
    let fronts: String = (0..count)
        .map(|at| format!("container front{at} {{ image = \"example.com/a:1\", port http = 80/tcp }}\n"))
        .collect();
    let flows = "internet -> store.http, front0 -> store.http, front1 -> store.http";
    let main = format!(
        "{HEAD}use web.front0\nuse web.front1\ncontainer store {{ image = \"example.com/a:1\", port http = 80/tcp }}\nfirewall f {{ allow = [{flows}] }}\n"
    );
    tests::program(&[("main.infra".to_owned(), main), ("web/main.infra".to_owned(), fronts)])
}

#[test]
fn a_few_are_drawn_one_by_one_and_many_by_folder() {
    let few = read(&svg(&many(20), "prod"));
    assert_eq!(few.matches("box front").count(), 20, "{few}");
    insta::assert_snapshot!(read(&svg(&many(300), "prod")));
}

#[test]
fn many_in_one_folder_are_drawn_by_kind() {
    let containers: String =
        (0..250).map(|at| format!("container c{at} {{ image = \"example.com/a:1\", port http = 80/tcp }}\n")).collect();
    let flows = "internet -> c1.http, c1 -> c2.http, c3 -> gate.http";
    let program = format!(
        "{HEAD}{containers}container gate {{ image = \"example.com/a:1\", port http = 80/tcp }}\nfirewall f {{ allow = [{flows}] }}\n"
    );
    insta::assert_snapshot!(read(&svg(&tests::program(&[("main.infra".to_owned(), program)]), "prod")));
}

#[test]
fn what_a_loop_makes_is_one_box_and_circles_are_drawn() {
    let program = format!(
        "{HEAD}container a for k in [\"x\", \"y\", \"z\"] {{ image = \"example.com/a:1\", port http = 80/tcp }}\ncontainer b {{ image = \"example.com/a:1\", port http = 80/tcp, port admin = 81/tcp }}\nfirewall f {{ allow = [a -> b.http, b -> a.http, a[\"x\"] -> a[\"y\"].http, 10.1.0.0/16 -> a.http, b -> far.smtp] }}\nexternal far {{ ranges = [10.2.0.0/16], port smtp = 25/tcp }}\n"
    );
    let program = tests::program(&[("main.infra".to_owned(), program)]);
    let told = program.check();
    assert!(!program::has_errors(told), "{}", tests::render(told, program.sources()));
    insta::assert_snapshot!(read(&svg(&program, "prod")));
}
