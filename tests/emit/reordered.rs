//! The order of statements and the names of files are no part of a program.

use super::written::{PROGRAM, emitted};

#[test]
fn the_same_bytes_after_statements_are_reordered_and_files_renamed() {
    let one = emitted(&[("main.infra".to_owned(), PROGRAM.to_owned())]);
    let mut statements: Vec<&str> = PROGRAM.trim().split("\n\n").collect();
    for round in 0..statements.len() {
        statements.rotate_left(1);
        if round % 2 == 1 {
            statements.reverse();
        }
        let (first, second) = statements.split_at(statements.len() / 2);
        let files = [(format!("part{round}.infra"), first.join("\n\n")), ("zz.infra".to_owned(), second.join("\n\n"))];
        assert_eq!(emitted(&files), one, "round {round}");
    }
}
