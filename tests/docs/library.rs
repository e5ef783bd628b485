//! The page of the library's kinds is what their declarations say. `UPDATE_DOCS=1` writes it anew.

use program::Program;
use program::describe::as_markdown;
use source::Memory;

const PAGE: &str = "compiler/program/reference/library.md";
const BEGIN: &str = "<!-- from here on written by tests/docs -->\n";

#[test]
fn every_kind_and_platform_of_the_library_stands_on_its_page() {
    let program = Program::load(Memory::new(std::iter::empty::<(String, String)>()), "");
    let sections: Vec<String> = program
        .kinds()
        .iter()
        .flat_map(|kind| program.describe(kind).unwrap())
        .map(|described| as_markdown(&described))
        .collect();
    let now = sections.concat();
    let now = now.trim_end();
    let path = crate::root().join(PAGE);
    let text = std::fs::read_to_string(&path).unwrap();
    let (head, page) = text.split_once(BEGIN).unwrap_or((&text, ""));
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, format!("{head}{BEGIN}\n{now}\n")).unwrap();
        return;
    }
    assert!(
        page.trim() == now,
        "{PAGE} is not what the library declares: run this test with UPDATE_DOCS=1 and read the difference"
    );
}

#[test]
fn every_field_that_a_user_fills_in_says_what_it_is_for() {
    let program = Program::load(Memory::new(std::iter::empty::<(String, String)>()), "");
    let described = program.kinds().into_iter().flat_map(|kind| program.describe(&kind).unwrap());
    let silent: Vec<String> = described
        .flat_map(|kind| {
            kind.fields
                .into_iter()
                .filter(|field| field.docs.is_empty())
                .map(move |field| format!("{}.{}", kind.name, field.name))
        })
        .collect();
    assert!(silent.is_empty(), "fields without a word in the library: {silent:?}");
}
