//! Blocks of code in markdown files, and how each of them is tried.
//!
//! The words behind the three backticks say what a block is: `infra` a whole program, `infra fragment` one that lacks `project` or
//! `environment`, `infra wrong:CODE` one that must be refused with exactly this message, `infra values` expressions with what each
//! is. A line `// --- FILE` begins another file of the same program.

use program::Program;
use source::{Diagnostic, Memory};

pub struct Block {
    pub file: String,
    pub line: usize,
    pub words: Vec<String>,
    pub text: String,
}

impl Block {
    pub fn is(&self, word: &str) -> bool {
        self.words.iter().any(|known| known == word)
    }
    pub fn place(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }
    /// The code that must be told, for a block that is wrong.
    pub fn wrong(&self) -> Option<&str> {
        self.words.iter().find_map(|word| word.strip_prefix("wrong:"))
    }
}

/// All blocks of a markdown text, of any language.
pub fn blocks(file: &str, text: &str) -> Vec<Block> {
    let mut all = Vec::new();
    let mut open: Option<Block> = None;
    for (index, line) in text.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(words)) => {
                let words = words.split_whitespace().map(str::to_owned).collect();
                open = Some(Block { file: file.to_owned(), line: index + 1, words, text: String::new() });
            }
            (Some(_), Some(_)) => all.extend(open.take()),
            (Some(block), None) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "{file}: a block is not closed");
    all
}

const PROJECT: &str = "project docs { edition = 1 }\n";
const ENVIRONMENT: &str =
    "environment prod { tier = prod, on = [aws(region = \"eu-west-3\"), kubernetes(context = \"docs\")] }\n";

/// The files of a block's program.
pub fn files(block: &Block) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = vec![("main.infra".to_owned(), String::new())];
    if block.is("values") {
        let outputs: String = expressions(block)
            .enumerate()
            .map(|(nth, (expression, _))| format!("output x{nth} = {expression}\n"))
            .collect();
        files[0].1 = format!("{outputs}{PROJECT}{ENVIRONMENT}");
        return files;
    }
    for line in block.text.lines() {
        match line.strip_prefix("// --- ").filter(|name| name.ends_with(".infra")) {
            Some("main.infra") => {}
            Some(name) => files.push((name.to_owned(), String::new())),
            None => {
                if let Some(file) = files.last_mut() {
                    file.1.push_str(line);
                    file.1.push('\n');
                }
            }
        }
    }
    if block.is("fragment") {
        let begins = |word: &str| block.text.lines().any(|line| line.starts_with(word));
        for (word, prelude) in [("project ", PROJECT), ("environment ", ENVIRONMENT)] {
            if !begins(word) {
                files[0].1.push('\n');
                files[0].1.push_str(prelude);
            }
        }
    }
    files
}

/// `EXPRESSION // WHAT IT IS` of each line.
pub fn expressions(block: &Block) -> impl Iterator<Item = (&str, &str)> {
    block.text.lines().filter(|line| !line.trim().is_empty()).map(|line| {
        let (expression, value) = line.split_once(" // ").unwrap_or((line, ""));
        (expression.trim(), value.trim())
    })
}

/// Everything that infrac says about a program: checked, evaluated and emitted in each of its environments.
pub fn told(program: &Program) -> Vec<Diagnostic> {
    let mut all = program.check().to_vec();
    if program::has_errors(&all) {
        return all;
    }
    for environment in program.environments() {
        let settings = emit::Settings::beside_project(environment.text());
        let more = match program.build(environment, &[], &settings) {
            Ok((_, warnings)) => warnings,
            Err(told) => told,
        };
        all.extend(more.into_iter().filter(|diagnostic| !all.contains(diagnostic)).collect::<Vec<_>>());
    }
    all
}

/// What is wrong with a block; nothing when it is what it says.
pub fn problem(block: &Block) -> Option<String> {
    let program = Program::load(Memory::new(files(block)), "");
    // Fragments declare what nobody uses, to show how it is written.
    let mut told = told(&program);
    told.retain(|diagnostic| diagnostic.code != "unused" || block.wrong() == Some("unused"));
    let codes: Vec<&str> = told.iter().map(|diagnostic| diagnostic.code).collect();
    let shown: Vec<String> = told
        .iter()
        .map(|diagnostic| {
            let place = diagnostic.place().map(|place| program.sources().show(place)).unwrap_or_default();
            format!("    {place} {}: {} ({})\n", diagnostic.code, diagnostic.message, diagnostic.help.join("; "))
        })
        .collect();
    let shown = shown.concat();
    match block.wrong() {
        Some(code) if codes != [code] => {
            return Some(format!("{}: `{code}` was expected, and told was\n{shown}", block.place()));
        }
        Some(_) => return None,
        None if !codes.is_empty() => return Some(format!("{}: this should compile\n{shown}", block.place())),
        None => {}
    }
    if block.is("values") { wrong_value(block, &program) } else { None }
}

fn wrong_value(block: &Block, program: &Program) -> Option<String> {
    let environment = *program.environments().first()?;
    let (graph, _) = program.evaluate(environment, &[]).ok()?;
    let mut wrong = String::new();
    for (nth, (expression, expected)) in expressions(block).enumerate() {
        let name = source::Name::new(&format!("x{nth}"));
        let found = graph
            .outputs
            .iter()
            .find(|output| output.name == name)
            .map(|output| graph.store.show(output.value))
            .unwrap_or_default();
        if found != expected {
            wrong.push_str(&format!("    `{expression}` is {found}, not {expected}\n"));
        }
    }
    (!wrong.is_empty()).then(|| format!("{}:\n{wrong}", block.place()))
}

/// Tries all `infra` blocks of these files, several at a time.
pub fn try_all(files: &[(String, String)]) -> usize {
    let all: Vec<Block> = files
        .iter()
        .flat_map(|(file, text)| blocks(file, text))
        .filter(|block| block.words.first().is_some_and(|word| word == "infra"))
        .collect();
    let share = all.len().div_ceil(4).max(1);
    let problems: Vec<String> = std::thread::scope(|scope| {
        let parts: Vec<_> = all
            .chunks(share)
            .map(|part| scope.spawn(move || part.iter().filter_map(problem).collect::<Vec<_>>()))
            .collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    });
    assert!(
        problems.is_empty(),
        "{} of {} blocks are not what they say\n{}",
        problems.len(),
        all.len(),
        problems.concat()
    );
    all.len()
}
