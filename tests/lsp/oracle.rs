//! What `infrac check` says of the same files, in the protocol's words: the command runs on a copy of them, and what it prints is put
//! together here, apart from the server.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::editor::uri;
use crate::positions::{position, range};

/// The messages of each file, as the server has to say them: those of each project, and of each folder with an open file that belongs
/// to none, as if the command ran there.
pub fn expected(
    files: &BTreeMap<String, String>,
    open: &[String],
    folder: &Path,
    encoding: &str,
) -> BTreeMap<String, Value> {
    let copy = tempfile::tempdir().unwrap();
    // A folder without files is a module as well.
    copy_folders(folder, copy.path());
    for (path, text) in files {
        let path = copy.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let says_project = |(path, text): (&String, &String)| {
        let is_one = syntax::items(text).0.iter().any(|item| item.head.words.first() == Some(&"project"));
        (is_one && path.ends_with(".infra")).then(|| folder_of(path))
    };
    let projects: BTreeSet<String> = files.iter().filter_map(says_project).collect();
    let is_within = |path: &str, folder: &str| folder.is_empty() || path.starts_with(&format!("{folder}/"));
    let alone = open.iter().filter(|path| !projects.iter().any(|project| is_within(path, project)));
    let folders: BTreeSet<String> = projects.iter().cloned().chain(alone.map(|path| folder_of(path))).collect();
    let mut all: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for own in folders {
        let below = |path: &String| {
            if own.is_empty() { Some(path.clone()) } else { path.strip_prefix(&format!("{own}/")).map(str::to_owned) }
        };
        let files = files.iter().filter_map(|(path, text)| Some((below(path)?, text.clone()))).collect();
        for (path, told) in of_folder(&files, &copy.path().join(&own), &folder.join(&own), encoding) {
            let path = if own.is_empty() { path } else { format!("{own}/{path}") };
            // What another project says as well is said once.
            let known = all.entry(path).or_default();
            let new: Vec<Value> = told.into_iter().filter(|one| !known.contains(one)).collect();
            known.extend(new);
        }
    }
    all.into_iter().map(|(path, diagnostics)| (path, Value::Array(diagnostics))).collect()
}

fn copy_folders(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            let to = to.join(entry.file_name());
            std::fs::create_dir(&to).unwrap();
            copy_folders(&entry.path(), &to);
        }
    }
}

fn folder_of(path: &str) -> String {
    path.rsplit_once('/').map_or_else(String::new, |(folder, _)| folder.to_owned())
}

/// What the command says in one folder, by file.
fn of_folder(
    files: &BTreeMap<String, String>,
    copy: &Path,
    folder: &Path,
    encoding: &str,
) -> BTreeMap<String, Vec<Value>> {
    let mut command = Command::new(tests::infrac().unwrap());
    let output = command.args(["check", "--format", "json"]).current_dir(copy).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    let lines: Vec<Value> = told.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let (count, told) = lines.split_last().expect("the last line counts");
    assert!(count.get("errors").is_some(), "{count}");
    let reader = Reader { files, folder, encoding };
    let mut all: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for one in told {
        let (path, diagnostic) = reader.diagnostic(one);
        all.entry(path).or_default().push(diagnostic);
    }
    if let Some(left) = count.get("left_out") {
        let (path, range) = reader.home();
        let message = format!("{left} more are not shown");
        let diagnostic = json!({ "range": range, "severity": 3, "source": "infrac", "message": message });
        all.entry(path).or_default().push(diagnostic);
    }
    all
}

struct Reader<'a> {
    files: &'a BTreeMap<String, String>,
    folder: &'a Path,
    encoding: &'a str,
}

impl Reader<'_> {
    fn diagnostic(&self, told: &Value) -> (String, Value) {
        let labels = told["labels"].as_array().unwrap();
        let own = labels.first().map(|label| &label["place"]).filter(|place| !is_of_library(place));
        let (path, range) = match own {
            Some(place) => (place["file"].as_str().unwrap().to_owned(), self.range(place)),
            None => self.home(),
        };
        let mut words = vec![told["message"].as_str().unwrap().to_owned()];
        let mut related = Vec::new();
        for (at, label) in labels.iter().enumerate() {
            let text = label["text"].as_str().unwrap();
            let place = &label["place"];
            if at == 0 && own.is_some() {
                words.extend((!text.is_empty()).then(|| text.to_owned()));
            } else if is_of_library(place) {
                let at = format!("{}:{}:{}", place["file"].as_str().unwrap(), place["line"], place["column"]);
                words.push(format!("{text} at {at}").trim().to_owned());
            } else {
                related.push(json!({ "location": self.location(place), "message": visible(text) }));
            }
        }
        words.extend(told["help"].as_array().unwrap().iter().map(|help| format!("help: {}", help.as_str().unwrap())));
        let words: Vec<String> = words.iter().map(|words| visible(words)).collect();
        let severity = match told["severity"].as_str().unwrap() {
            "error" => 1,
            "warning" => 2,
            _ => 3,
        };
        // In the order in which the protocol lists them.
        let mut one = json!({ "range": range, "severity": severity, "code": told["code"], "source": "infrac", "message": words.join("\n") });
        match told["code"].as_str().unwrap() {
            "unused" | "unreachable_arm" => one["tags"] = json!([1]),
            "deprecated" => one["tags"] = json!([2]),
            _ => {}
        }
        if !related.is_empty() {
            one["relatedInformation"] = json!(related);
        }
        let fix = &told["fix"];
        if let Some(edits) =
            fix["edits"].as_array().filter(|edits| edits.iter().all(|edit| !is_of_library(&edit["place"])))
        {
            let edits: Vec<Value> = edits
                .iter()
                .map(|edit| {
                    let at = self.location(&edit["place"]);
                    json!({ "uri": at["uri"], "range": at["range"], "newText": edit["text"] })
                })
                .collect();
            one["data"] = json!({ "fix": { "title": visible(fix["title"].as_str().unwrap()), "safe": fix["safe"], "edits": edits } });
        }
        (path, one)
    }

    fn range(&self, place: &Value) -> Value {
        let text = &self.files[place["file"].as_str().unwrap()];
        let at = |name: &str| {
            let at = place[name].as_u64().unwrap() as usize;
            (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap()
        };
        range(text, at("start"), at("end"), self.encoding)
    }

    fn location(&self, place: &Value) -> Value {
        let path = self.folder.join(place["file"].as_str().unwrap());
        json!({ "uri": uri(&path), "range": self.range(place) })
    }

    /// Where is told what stands nowhere: the head of the project, or the top of the first file.
    fn home(&self) -> (String, Value) {
        let head = |text: &str| {
            let (items, _) = syntax::items(text);
            let item = items.into_iter().find(|item| item.head.words.first() == Some(&"project"))?;
            let length = item.text.find('{').map_or(item.text, |end| &item.text[..end]).trim_end().len();
            Some((item.start as usize, item.start as usize + length))
        };
        let found = self.files.iter().find_map(|(path, text)| Some((path, text, head(text)?)));
        let first = self.files.iter().next().map(|(path, text)| (path, text, (0, 0)));
        let Some((path, text, (start, end))) = found.or(first) else {
            let nowhere = position("", 0, self.encoding);
            return (uri(self.folder), json!({ "start": nowhere, "end": nowhere }));
        };
        (path.clone(), range(text, start, end, self.encoding))
    }
}

fn is_of_library(place: &Value) -> bool {
    place["file"].as_str().unwrap().starts_with("std/")
}

fn visible(text: &str) -> String {
    source::visible(text).into_owned()
}
