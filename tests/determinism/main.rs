//! The same program gives the same bytes: twice, from any folder, whatever its files are called and however its statements are
//! ordered, and whatever the names and items were numbered inside.

use std::collections::BTreeMap;
use std::path::Path;

use program::Program;
use source::{Disk, Memory, Name};
use tests::{Example, examples, render};

/// Every file of every environment, and the graph; places left out.
fn built(program: &Program) -> String {
    let mut all = String::new();
    assert!(!program.environments().is_empty());
    for environment in program.environments() {
        let graph = program.evaluate(environment, &[]);
        let graph = graph.unwrap_or_else(|told| panic!("{}", render(&told, program.sources()))).0;
        let emitted = program.build(environment, &[], &emit::Settings::beside_project(environment.text()));
        let emitted = emitted.unwrap_or_else(|told| panic!("{}", render(&told, program.sources()))).0;
        all.push_str(&graph::save(&graph));
        for document in &emitted.documents {
            all.push_str(&format!("==> {environment} {} <==\n{}", document.path, document.text));
        }
    }
    assert!(all.len() > 1_000, "hardly anything was built");
    all
}

fn of(files: &[(String, String)]) -> String {
    built(&tests::program(files))
}

/// Where two texts part, to be read by a person.
fn assert_same(example: &str, what: &str, left: &str, right: &str) {
    if left == right {
        return;
    }
    let at = left.lines().zip(right.lines()).position(|(left, right)| left != right).unwrap_or(0);
    let near = |text: &str| text.lines().skip(at.saturating_sub(3)).take(7).collect::<Vec<_>>().join("\n");
    panic!("{example}: {what}: the bytes differ at line {}\n{}\n---\n{}", at + 1, near(left), near(right));
}

/// A small generator: the tests have no other source of chance.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
    fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }
}

/// The same statements in another order, spread over other files of the same folders.
fn reordered(example: &Example, seed: u64) -> Vec<(String, String)> {
    let mut random = Random(seed | 1);
    let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (path, text) in &example.files {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        folders.entry(folder).or_default().extend(syntax::items(text).0.iter().map(|item| item.text));
    }
    let mut files = BTreeMap::new();
    for (folder, mut items) in folders {
        random.shuffle(&mut items);
        let count = 1 + random.below(4);
        for item in items {
            let name = format!("{folder}{}part{}.infra", if folder.is_empty() { "" } else { "/" }, random.below(count));
            files.entry(name).or_insert_with(String::new).push_str(&format!("{item}\n\n"));
        }
    }
    files.into_iter().collect()
}

#[test]
fn twice() {
    for example in examples() {
        assert_same(&example.name, "twice", &of(&example.files), &of(&example.files));
    }
}

#[test]
fn from_any_folder() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    for example in examples() {
        let inside = built(&Program::load(Disk::new(root.join(&example.name)), ""));
        let above = built(&Program::load(Disk::new(&root), &example.name));
        let far =
            built(&Program::load(Disk::new("/"), root.canonicalize().unwrap().join(&example.name).to_str().unwrap()));
        assert_same(&example.name, "from the folder above", &inside, &above);
        assert_same(&example.name, "from the root", &inside, &far);
        // Of the fleet there are fewer machines in memory.
        if example.name != "fleet" {
            assert_same(&example.name, "in memory", &inside, &of(&example.files));
        }
    }
}

#[test]
fn after_files_are_renamed() {
    for example in examples() {
        let count = example.files.len();
        let renamed = example.files.iter().enumerate().map(|(at, (path, text))| {
            let folder = path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
            (format!("{folder}file{:02}.infra", count - at), text.clone())
        });
        assert_same(&example.name, "renamed", &of(&example.files), &of(&renamed.collect::<Vec<_>>()));
    }
}

#[test]
fn after_statements_are_reordered_within_and_across_files() {
    for example in examples() {
        let expected = of(&example.files);
        for seed in [0x9e37, 0x79b9, 0x7f4a] {
            let files = reordered(&example, seed);
            assert_ne!(files, example.files);
            assert_same(&example.name, "reordered", &expected, &of(&files));
        }
    }
}

/// Names and items get their numbers as they are met; in a process of its own they are met in another order.
#[test]
fn whatever_the_numbers_inside() {
    let expected: String = examples().iter().map(|example| of(&example.files)).collect();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bytes");
    let own = std::env::current_exe().unwrap();
    let status = std::process::Command::new(own)
        .args(["--exact", "in_a_process_of_its_own", "--quiet"])
        .env("WRITE_BYTES_TO", &file)
        .status()
        .unwrap();
    assert!(status.success());
    assert_same("all", "with other numbers", &expected, &std::fs::read_to_string(&file).unwrap());
}

/// Started by the test above; by itself it has nothing to do.
#[test]
fn in_a_process_of_its_own() {
    let Some(file) = std::env::var_os("WRITE_BYTES_TO") else { return };
    let texts = examples()
        .into_iter()
        .flat_map(|example| example.files)
        .map(|(_, text)| text)
        .chain(stdlib::files().iter().map(|(_, text)| (*text).to_owned()));
    let mut words: Vec<String> = texts
        .flat_map(|text| {
            text.split(|character: char| !character.is_alphanumeric() && character != '_')
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect();
    words.sort();
    words.dedup();
    Random(0x1234_5678_9abc_def1).shuffle(&mut words);
    for word in &words {
        let _ = Name::new(word);
    }
    // The last example first: items and files are met in another order as well.
    let mut built: Vec<(usize, String)> = examples()
        .iter()
        .enumerate()
        .rev()
        .map(|(at, example)| (at, built(&Program::load(Memory::new(example.files.iter().rev().cloned()), ""))))
        .collect();
    built.sort();
    std::fs::write(file, built.into_iter().map(|(_, text)| text).collect::<String>()).unwrap();
}
