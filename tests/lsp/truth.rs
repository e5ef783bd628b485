//! The truth: whatever was typed, opened, closed, saved, made, renamed and removed, in whichever order and units, what the server says
//! is what `infrac check` says of the same texts, byte for byte. `LSP_SCRIPTS` says how many scripts are played, `LSP_SEED` which, and
//! `LSP_FROM` which is the first.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use crate::changes::{Draws, changed};
use crate::corpus::PROGRAMS;
use crate::editor::{Editor, PULLS, Profile, SIMPLE, uri};
use crate::oracle::expected;
use crate::positions::change;

/// So many are played when nobody says otherwise.
const SCRIPTS: u64 = 40;

const ENCODINGS: [&str; 3] = ["utf-8", "utf-16", "utf-32"];

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().map_or(usual, |text| text.parse().expect("a number"))
}

#[test]
fn after_any_edits_the_server_says_what_check_says() {
    let (scripts, seed) = (number("LSP_SCRIPTS", SCRIPTS), number("LSP_SEED", 1));
    let examples = tests::examples();
    let from = number("LSP_FROM", 0);
    for script in from..from + scripts {
        // Printed when it fails: these numbers play the same script.
        println!("LSP_SEED={seed}, script {script}");
        let mut draws = Draws::new(seed, script);
        let mut files: BTreeMap<String, String> = match draws.below(3) {
            0 => draws.one(&examples).files.iter().cloned().collect(),
            _ => BTreeMap::from([("main.infra".to_owned(), draws.one(&PROGRAMS).clone())]),
        };
        if draws.below(4) == 0 {
            files.values_mut().for_each(|text| *text = text.replace('\n', "\r\n"));
        }
        Script::begin(&mut draws, files).play();
    }
    println!("counted: {scripts} scripts of seed {seed}");
}

struct Script<'a> {
    draws: &'a mut Draws,
    editor: Editor,
    encoding: &'static str,
    /// What lies on disk, and what is open in the editor, with what stood there before.
    disk: BTreeMap<String, String>,
    open: BTreeMap<String, (String, Vec<String>)>,
    /// What was sent to an editor that waits for messages; none for one that asks.
    sent: Option<BTreeMap<String, Value>>,
    /// The steps so far.
    done: Vec<usize>,
    _folder: tempfile::TempDir,
}

impl<'a> Script<'a> {
    fn begin(draws: &'a mut Draws, disk: BTreeMap<String, String>) -> Self {
        let files: Vec<(&str, &str)> = disk.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let folder = crate::editor::folder(&files);
        let encoding = *draws.one(&ENCODINGS);
        let offered = match encoding {
            "utf-8" => &["utf-8", "utf-16"],
            "utf-32" => &["utf-32", "utf-32"],
            _ => &["utf-16", "utf-32"],
        };
        let asks = draws.below(2) == 0;
        let editor = Editor::open_folder(folder.path(), &Profile { encodings: offered, pulls: asks, ..SIMPLE });
        assert_eq!(editor.said["capabilities"]["positionEncoding"], encoding);
        let sent = (!asks).then(BTreeMap::new);
        Self { draws, editor, encoding, disk, open: BTreeMap::new(), sent, done: Vec::new(), _folder: folder }
    }

    fn play(mut self) {
        for _ in 0..1 + self.draws.below(14) {
            self.step();
            // Now and then somebody asks in between; mostly the edits come faster than the answers.
            if self.draws.below(12) == 0 {
                self.compare();
            }
        }
        self.compare();
        assert_eq!(self.editor.quit(), lsp::Ended::AsAsked);
    }

    /// The texts as the server has to see them.
    fn now(&self) -> BTreeMap<String, String> {
        let mut now = self.disk.clone();
        now.extend(self.open.iter().map(|(path, (text, _))| (path.clone(), text.clone())));
        now
    }

    fn compare(&mut self) {
        let now = self.now();
        let open: Vec<String> = self.open.keys().cloned().collect();
        let expected = expected(&now, &open, &self.editor.folder.clone(), self.encoding);
        let told = if self.sent.is_some() { self.sent(&expected) } else { self.editor.pull_all() };
        for path in expected.keys().chain(told.keys()) {
            let nothing = json!([]);
            let (own, wanted) = (told.get(path).unwrap_or(&nothing), expected.get(path).unwrap_or(&nothing));
            assert_eq!(
                serde_json::to_string_pretty(own).unwrap(),
                serde_json::to_string_pretty(wanted).unwrap(),
                "{path}, left is the server's, in {}; what was done: {:?}; open: {:?}; the files:\n{now:#?}",
                self.encoding,
                self.done,
                self.open.keys(),
            );
        }
        if let Some(path) = self.some_open().filter(|_| self.sent.is_none()) {
            let nothing = json!([]);
            let items = self.editor.pull(&path)["items"].clone();
            assert_eq!(&items, expected.get(&path).unwrap_or(&nothing), "{path}");
        }
    }

    /// What was sent, once that is what is expected. The answer about what can be done comes after all that is said of a file: what was
    /// said before in between is not taken for it.
    fn sent(&mut self, expected: &BTreeMap<String, Value>) -> BTreeMap<String, Value> {
        let mut sent = self.sent.take().unwrap();
        if let Some(path) = self.some_open() {
            let nowhere = json!({ "line": 0, "character": 0 });
            let range = json!({ "start": nowhere, "end": nowhere });
            let document = self.editor.document(&path);
            let about = json!({ "textDocument": document, "range": range, "context": { "diagnostics": [] } });
            self.editor.ask("textDocument/codeAction", about);
        }
        let prefix = format!("{}/", uri(&self.editor.folder));
        let mut heard = self.editor.heard("textDocument/publishDiagnostics");
        loop {
            for one in heard {
                let path = one["uri"].as_str().unwrap().strip_prefix(&prefix).unwrap().to_owned();
                match one["diagnostics"].as_array().unwrap().is_empty() {
                    true => sent.remove(&path),
                    false => sent.insert(path, one["diagnostics"].clone()),
                };
            }
            if sent == *expected {
                break;
            }
            // The last of these says what is missing when nothing more comes.
            let other = expected.keys().chain(sent.keys()).find(|path| sent.get(*path) != expected.get(*path));
            println!("waits for what is told of {other:?} after {:?}", self.done);
            heard = vec![self.editor.told("textDocument/publishDiagnostics")];
        }
        self.sent = Some(sent.clone());
        sent
    }

    fn some_open(&mut self) -> Option<String> {
        let open: Vec<String> = self.open.keys().cloned().collect();
        (!open.is_empty()).then(|| self.draws.one(&open).clone())
    }

    fn some_on_disk(&mut self) -> Option<String> {
        let all: Vec<String> = self.disk.keys().cloned().collect();
        (!all.is_empty()).then(|| self.draws.one(&all).clone())
    }

    fn step(&mut self) {
        let what = self.draws.below(20);
        self.done.push(what);
        match what {
            0..=11 => self.edit(),
            12 => self.undo(),
            13 => self.close(),
            14 => self.save(),
            15 => self.make(),
            16 => self.remove(),
            17 => self.rename(),
            18 => self.write_beside(),
            _ => self.open_one(),
        }
    }

    fn open_one(&mut self) {
        let Some(path) = self.some_on_disk().filter(|path| !self.open.contains_key(path)) else { return };
        let text = self.disk[&path].clone();
        self.editor.open(&path, &text);
        self.open.insert(path, (text, Vec::new()));
    }

    fn edit(&mut self) {
        let Some(path) = self.some_open() else { return self.open_one() };
        let other = self.draws.one(&PROGRAMS).clone();
        let (before, _) = self.open[&path].clone();
        let mut steps = vec![before.clone()];
        for _ in 0..1 + self.draws.below(3) {
            let last = steps.last().unwrap().clone();
            steps.push(changed(self.draws, &last, &other));
        }
        if self.draws.below(8) == 0 {
            let last = steps.last().unwrap();
            let swapped = if last.contains("\r\n") { last.replace("\r\n", "\n") } else { last.replace('\n', "\r\n") };
            steps.push(swapped);
        }
        let after = steps.last().unwrap().clone();
        let changes: Vec<Value> = match self.draws.below(10) {
            0 => vec![json!({ "text": after })],
            _ => steps.windows(2).map(|pair| change(&pair[0], &pair[1], self.encoding)).collect(),
        };
        self.editor.change(&path, Value::Array(changes));
        let (text, earlier) = self.open.get_mut(&path).unwrap();
        earlier.push(std::mem::replace(text, after));
    }

    fn undo(&mut self) {
        let Some(path) = self.some_open() else { return };
        let (text, earlier) = self.open.get_mut(&path).unwrap();
        let Some(before) = earlier.pop() else { return };
        let one = change(text, &before, self.encoding);
        *text = before;
        self.editor.change(&path, json!([one]));
    }

    fn close(&mut self) {
        let Some(path) = self.some_open() else { return };
        self.open.remove(&path);
        self.editor.close(&path);
    }

    fn save(&mut self) {
        let Some(path) = self.some_open() else { return };
        let text = self.open[&path].0.clone();
        std::fs::create_dir_all(self.editor.path(&path).parent().unwrap()).unwrap();
        self.editor.save(&path, &text);
        self.disk.insert(path, text);
    }

    /// A name that no file has, now and then in a folder of its own.
    fn new_name(&mut self) -> String {
        let now = self.now();
        let folder = ["", "", "extra/", "extra/deep/"][self.draws.below(4)];
        (0..).map(|nth| format!("{folder}new_{nth}.infra")).find(|name| !now.contains_key(name)).unwrap()
    }

    /// A file that was never saved, or one that somebody else writes.
    fn make(&mut self) {
        let name = self.new_name();
        let text = match self.draws.below(3) {
            0 => String::new(),
            1 => "let größe_日 = \"🦀\" ++ 1\n".to_owned(),
            _ => self.draws.one(&PROGRAMS).clone(),
        };
        if self.draws.below(2) == 0 {
            self.editor.open(&name, &text);
            self.open.insert(name, (text, Vec::new()));
        } else {
            self.put(&name, &text);
            self.editor.watched(&[(&name, 1)]);
        }
    }

    fn put(&mut self, name: &str, text: &str) {
        let path = self.editor.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self.disk.insert(name.to_owned(), text.to_owned());
    }

    fn write_beside(&mut self) {
        let Some(path) = self.some_on_disk() else { return };
        let other = self.draws.one(&PROGRAMS).clone();
        let text = changed(self.draws, &self.disk[&path].clone(), &other);
        self.put(&path, &text);
        self.editor.watched(&[(&path, 2)]);
    }

    fn remove(&mut self) {
        let Some(path) = self.some_on_disk() else { return };
        std::fs::remove_file(self.editor.path(&path)).unwrap();
        self.disk.remove(&path);
        self.editor.watched(&[(&path, 3)]);
    }

    fn rename(&mut self) {
        let Some(path) = self.some_on_disk() else { return };
        let name = self.new_name();
        let text = self.disk.remove(&path).unwrap();
        std::fs::remove_file(self.editor.path(&path)).unwrap();
        self.put(&name, &text);
        self.editor.watched(&[(&path, 3), (&name, 1)]);
    }
}

#[test]
fn the_day_and_what_was_built_before_count_as_well() {
    let text = "project shop { edition = 1 }\nenvironment prod { tier = prod, on = [aws(region = \"eu-west-3\")] }\nbucket media {}\n";
    for lock in ["", "nonsense\n", "infra.lock 1\nbroken line\n"] {
        let files =
            BTreeMap::from([("main.infra".to_owned(), text.to_owned()), ("infra.lock".to_owned(), lock.to_owned())]);
        let folder = crate::editor::folder(&[("main.infra", text), ("infra.lock", lock)]);
        let mut editor = Editor::open_folder(folder.path(), &PULLS);
        let told = editor.pull_all();
        let wanted = of_check(&files, folder.path());
        assert_eq!(told, wanted);
        editor.quit();
    }
}

fn of_check(files: &BTreeMap<String, String>, folder: &Path) -> BTreeMap<String, Value> {
    let mut told = expected(files, &[], folder, "utf-8");
    // The lock is no file of the program: what is told of it stands at the project.
    if let Some(of_lock) = told.remove("infra.lock") {
        told.insert("main.infra".to_owned(), of_lock);
    }
    told
}
