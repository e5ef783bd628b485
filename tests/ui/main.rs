//! A corpus of programs with one mistake each: exactly one error, on the right line, with a help; and the mended program has none.
//! The error as its reader sees it is the snapshot beside each program.
//!
//! In a case `//~ code` ends the line where the error is told, `//= text` below a line is what the line is to become,
//! and `//- path` begins another file. A case without a `project` gets the one below. Mistakes that have no line are expected
//! by `//~ code` on a line of its own at the top. Programs with more than one mistake stand in `several`.
//!
//! A case that begins with `//? note` is not told as it should be: the snapshot holds what is told today, and the note what is
//! wrong with it. It fails as soon as it is mended; then the note goes.

use std::collections::BTreeSet;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use program::Program;
use source::{Diagnostic, Severity, Sources};
use tests::{At, program, render, where_told};

/// What a case without a project of its own stands in.
const PROJECT: &str = "\
project shop { edition = 1 }
environment prod { tier = prod, on = [aws(region = \"eu-west-3\"), kubernetes(context = \"shop\")], choose { secret = aws, volume = aws } }
environment test { tier = test, on = [aws(region = \"eu-west-1\"), kubernetes(context = \"test\")], choose { secret = aws, volume = aws } }
";

struct Case {
    name: String,
    path: PathBuf,
    wrong: Vec<(String, String)>,
    right: Vec<(String, String)>,
    expected: Vec<At>,
    /// Told otherwise today than the case asks for.
    not_yet: bool,
}

fn cases(folder: &Path, found: &mut Vec<Case>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            cases(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "infra") {
            found.push(case(path));
        }
    }
}

/// A file of a case: as it is, and as it is to become.
struct Text {
    path: String,
    wrong: Vec<String>,
    right: Vec<String>,
}

impl Text {
    fn new(path: &str) -> Self {
        Self { path: path.to_owned(), wrong: Vec::new(), right: Vec::new() }
    }
}

fn case(path: PathBuf) -> Case {
    let text = std::fs::read_to_string(&path).unwrap();
    let mut texts = vec![Text::new("main.infra")];
    let mut expected = Vec::new();
    let mut replaced = false;
    let (not_yet, text) = text
        .strip_prefix("//? ")
        .and_then(|rest| rest.split_once('\n'))
        .map_or((false, text.as_str()), |(_, rest)| (true, rest));
    for line in text.lines() {
        if let Some(next) = line.strip_prefix("//- ") {
            texts.push(Text::new(next));
            continue;
        }
        let current = texts.last_mut().unwrap();
        if let Some(mended) = line.trim_start().strip_prefix("//=") {
            if !replaced {
                current.right.pop();
            }
            replaced = true;
            current.right.push(mended.strip_prefix(' ').unwrap_or(mended).to_owned());
            continue;
        }
        replaced = false;
        let (shown, codes) = line.split_once("//~ ").map_or((line, ""), |(shown, codes)| (shown.trim_end(), codes));
        let placeless = shown.is_empty() && !codes.is_empty();
        let (file, number) =
            if placeless { (String::new(), 0) } else { (current.path.clone(), current.wrong.len() as u32 + 1) };
        expected.extend(codes.split_whitespace().map(|code| At {
            file: file.clone(),
            line: number,
            code: code.to_owned(),
        }));
        if !placeless {
            current.wrong.push(shown.to_owned());
            current.right.push(shown.to_owned());
        }
    }
    let files = |lines: fn(&Text) -> &Vec<String>| {
        let mut files: Vec<(String, String)> =
            texts.iter().map(|text| (text.path.clone(), lines(text).join("\n") + "\n")).collect();
        if !text.contains("project ") {
            files.push(("project.infra".to_owned(), PROJECT.to_owned()));
        }
        files
    };
    let folder = path.parent().unwrap().file_name().unwrap().to_str().unwrap();
    let name = format!("{folder}/{}", path.file_stem().unwrap().to_str().unwrap());
    expected.sort();
    Case { name, wrong: files(|text| &text.wrong), right: files(|text| &text.right), expected, path, not_yet }
}

/// What is told of a program. Cases are as short as their mistake allows, so most declare what they never use: only those that are
/// about it look for that.
fn told(case: &Case, program: &Program) -> Vec<Diagnostic> {
    let is_asked = |diagnostic: &&Diagnostic| {
        diagnostic.code != "unused" || case.expected.iter().any(|expected| expected.code == "unused")
    };
    program.check().iter().filter(is_asked).cloned().collect()
}

/// What is wrong with what is told, if anything.
fn complaint(case: &Case, told: &[Diagnostic], sources: &Sources) -> Option<String> {
    let mut found: Vec<At> = told.iter().map(|diagnostic| where_told(diagnostic, sources)).collect();
    found.sort();
    if found != case.expected {
        return Some(format!("expected {:?}, told", case.expected));
    }
    if told.iter().any(|diagnostic| diagnostic.help.is_empty()) {
        return Some("no help in".to_owned());
    }
    None
}

/// What is told after the change that a diagnostic offers was made, where the same is told again; none when it offers none.
fn told_after_fix(case: &Case, diagnostic: &Diagnostic, sources: &Sources) -> Option<String> {
    let fix = diagnostic.fix.as_ref()?;
    let mut files = case.wrong.clone();
    for edit in &fix.edits {
        let (file, range) = sources.absolute(edit.place)?;
        if let Some((_, text)) = files.iter_mut().find(|(path, _)| path == file.id.path()) {
            text.replace_range(range, &edit.text);
        }
    }
    let mended = program(&files);
    let at = |one: &Diagnostic, sources: &Sources| sources.absolute(one.place()?).map(|(file, at)| (file.id, at.start));
    let is_same = |one: &Diagnostic| {
        (one.code, at(one, mended.sources())) == (diagnostic.code, at(diagnostic, sources))
            && one.message == diagnostic.message
    };
    let left = told(case, &mended);
    left.iter().any(is_same).then(|| render(&left, mended.sources()))
}

/// Checks a case; what is wrong with it.
fn run(case: &Case) -> Result<(), String> {
    let wrong = program(&case.wrong);
    let found = told(case, &wrong);
    let shown = render(&found, wrong.sources());
    let complaint = complaint(case, &found, wrong.sources()).or_else(|| {
        let [single] = found.as_slice() else { return None };
        let after = told_after_fix(case, single, wrong.sources())?;
        Some(format!("the fix does not mend it; after it\n{after}before it"))
    });
    match complaint {
        Some(complaint) if !case.not_yet => return Err(format!("{complaint}\n{shown}")),
        None if case.not_yet => return Err("is told as it should be now: remove its first line".to_owned()),
        Some(_) | None => {}
    }
    let right = program(&case.right);
    let left = told(case, &right);
    if !left.is_empty() {
        return Err(format!("the mended program is told\n{}", render(&left, right.sources())));
    }
    let (checked, built) = (codes(wrong.check()), codes(&told_by_build(&wrong)));
    if let Some(other) = built.iter().find(|code| !checked.contains(*code)) {
        return Err(format!("`build` tells {other:?}, and `check` does not\n{shown}"));
    }
    if built.is_empty() && !checked.is_empty() {
        return Err(format!("`build` takes what `check` refuses\n{shown}"));
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(case.path.parent().unwrap());
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_input_file(&case.path);
    let stem = case.path.file_stem().unwrap().to_str().unwrap();
    let same = settings.bind(|| catch_unwind(AssertUnwindSafe(|| insta::assert_snapshot!(stem, shown))));
    same.map_err(|_| format!("another text\n{shown}"))
}

/// What stops `infrac build` of any environment.
fn told_by_build(program: &Program) -> Vec<Diagnostic> {
    let graphs = match program.evaluate_all(&[]) {
        Ok((graphs, _)) => graphs,
        Err(told) => return told,
    };
    graphs.iter().flat_map(|(_, graph)| emit::refused(graph, &program.settings(graph))).collect()
}

fn codes(told: &[Diagnostic]) -> BTreeSet<&'static str> {
    told.iter().filter(|told| told.severity == Severity::Error).map(|told| told.code).collect()
}

#[test]
fn each_mistake_is_told_once_where_it_was_made() {
    let mut all = Vec::new();
    cases(&Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/cases"), &mut all);
    let only = std::env::var("CASE").unwrap_or_default();
    all.retain(|case| case.name.contains(&only));
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(case) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(text) = run(case) {
                        failed.lock().unwrap().push(format!("=== {}\n{text}", case.name));
                    }
                }
            });
        }
    });
    let mut failed = failed.into_inner().unwrap();
    failed.sort();
    let single = all.iter().filter(|case| case.expected.len() == 1).count();
    let not_yet = all.iter().filter(|case| case.not_yet).count();
    // Not to be captured: the count is part of what the tests say.
    let _ = writeln!(
        std::io::stderr(),
        "{single} programs with one mistake, {} with several; told once each, on the right line, with a help: {} ({not_yet} are not yet, {} fail)",
        all.len() - single,
        all.len() - not_yet - failed.len(),
        failed.len()
    );
    assert!(failed.is_empty(), "{} of {} cases\n{}", failed.len(), all.len(), failed.join("\n"));
}
