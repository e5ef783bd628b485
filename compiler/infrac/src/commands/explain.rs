//! `infrac explain WORD`: what the code of a message means and what to do about it, what a kind is and which fields it has, or
//! what a word of the language means.

use program::Program;
use program::describe::as_text;
use source::{Disk, Memory};

use super::{Answer, Messages, Outcome, Teller};
use crate::report::for_a_terminal;

/// Explains a message, a kind or a word of the language; alone it lists them.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// A code, as it stands in brackets in a message; a kind or a platform, such as `server`; a native kind, such as
    /// `terraform.aws_s3_bucket` or `kubernetes.deployment.spec`; or a word of the language, such as `moved`.
    word: Option<String>,
    #[command(flatten)]
    pub messages: Messages,
}

/// Runs it.
pub fn run(arguments: &Arguments, teller: &Teller) -> Outcome {
    let Some(word) = &arguments.word else {
        return teller.answer(Answer::Text, &list(), Outcome::Done);
    };
    // Codes are the same everywhere; what a kind is depends on the project.
    if let Some(text) = program::explain(word) {
        return teller.answer(Answer::Text, &for_a_terminal(text), Outcome::Done);
    }
    let program = program_here();
    match program.describe(word) {
        Ok(found) => {
            let pages: Vec<String> = found.iter().map(as_text).collect();
            teller.answer(Answer::Text, &pages.join("\n"), Outcome::Done)
        }
        // A kind may be called like a word: `destroy` is one before a text only.
        Err(_) if let Some((text, page)) = program::explain_word(word) => {
            let text = format!("{}\n\nfrom the reference, {page}\n", for_a_terminal(text).trim_end());
            teller.answer(Answer::Text, &text, Outcome::Done)
        }
        Err(near) => {
            let kinds = program.kinds();
            let known = program::explained_codes().chain(program::explained_words()).map(str::to_owned);
            let words: Vec<String> = kinds.into_iter().chain(known).collect();
            let near = near
                .into_iter()
                .next()
                .or_else(|| source::did_you_mean(word, words.iter().map(String::as_str)).map(str::to_owned));
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`infrac explain` lists them; native kinds are called like `terraform.aws_vpc` and `kubernetes.deployment`".to_owned(),
            };
            teller.fail(
                "unknown_code",
                format!("no message, no kind and no word of the language is called `{word}`"),
                help,
            )
        }
    }
}

/// The project of the current folder with its kinds and schemas; elsewhere the library alone.
fn program_here() -> Program {
    let holds = |folder: &str, ending: &str| {
        let mut entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.any(|entry| entry.file_name().to_string_lossy().ends_with(ending))
    };
    if holds(".", ".infra") || holds("schemas", ".pack") {
        return Program::load(Disk::new("."), "");
    }
    Program::load(Memory::new(std::iter::empty::<(String, String)>()), "")
}

fn list() -> String {
    let mut text = "kinds and platforms:\n".to_owned();
    for kind in program_here().kinds() {
        text.push_str(&format!("  {kind}\n"));
    }
    text.push_str("\nnative kinds:\n  terraform.aws_…, such as terraform.aws_s3_bucket\n  kubernetes.…, such as kubernetes.deployment\n\nwords of the language:\n");
    for word in program::explained_words() {
        text.push_str(&format!("  {word}\n"));
    }
    text.push_str("\ncodes of messages:\n");
    for code in program::explained_codes() {
        text.push_str(&format!("  {code}\n"));
    }
    text
}
