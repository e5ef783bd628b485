//! The examples: each statement, element of a list and environment is taken out in turn, with whatever cannot stand without it, and
//! some are added; what is left is called as before.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use tests::{Example, examples};

use crate::built::{self, Built};
use crate::taken::{self, Compared, Taken};

type Files = Vec<(String, String)>;

/// A statement of a file: where it stands, and its first words.
struct Item {
    file: usize,
    range: Range<usize>,
    head: Vec<String>,
}

impl Item {
    fn is(&self, word: &str) -> bool {
        self.head.first().is_some_and(|head| head == word)
    }
}

fn items(files: &Files) -> Vec<Item> {
    let mut found = Vec::new();
    for (file, (_, text)) in files.iter().enumerate() {
        for item in syntax::items(text).0 {
            let start = item.text.as_ptr() as usize - text.as_ptr() as usize;
            let code = item.text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with(['/', '@']));
            let words = code.unwrap_or_default().split([' ', '{', ':', '(']).filter(|word| !word.is_empty());
            let head = words.take(2).map(str::to_owned).collect();
            found.push(Item { file, range: start..start + item.text.len(), head });
        }
    }
    found
}

/// A program from which something is taken step by step, until the rest is a program again.
#[derive(Clone)]
struct Cutting {
    files: Files,
    taken: Taken,
}

impl Cutting {
    fn of(files: &Files) -> Self {
        let platforms = ["aws", "kubernetes", "paris", "ireland", "workbench"].map(str::to_owned).into();
        Self { files: files.clone(), taken: Taken { platforms, ..Taken::default() } }
    }

    /// Blanks, so that every place stays where it is.
    fn blank(&mut self, file: usize, range: Range<usize>) {
        let text = &mut self.files[file].1;
        let blank: String = text[range.clone()].chars().map(|at| if at == '\n' { '\n' } else { ' ' }).collect();
        // Offsets are bytes, and a letter may have several.
        let width = range.len() - blank.len();
        text.replace_range(range, &format!("{blank}{}", " ".repeat(width)));
    }

    fn statement(&mut self, item: &Item) {
        let text = self.files[item.file].1[item.range.clone()].to_owned();
        if let Some(name) = item.head.get(1) {
            self.taken.roots.insert(name.clone());
            self.taken.words.insert(name.clone());
        }
        if item.is("firewall") {
            text.lines().filter(|line| line.contains("->")).for_each(|line| self.flow(line));
        }
        // Others hold the ranges that it stands for.
        let is_range = |word: &&str| word.starts_with(|first: char| first.is_ascii_digit()) && word.contains('.');
        let ranges = text.split([' ', ',', '[', ']', '\n', '/']).filter(is_range);
        for range in ranges {
            self.taken.words.insert(range.to_owned());
            let network = range.rsplitn(3, '.').nth(2).unwrap_or(range).to_owned();
            self.taken.words.extend((0..16).map(|part| format!("{network}.{}.0", part * 16)));
        }
        self.blank(item.file, item.range.clone());
    }

    fn flow(&mut self, line: &str) {
        let code = line.split("//").next().unwrap_or(line);
        let names = code.split(|at: char| !at.is_alphanumeric() && at != '_').filter(|word| !word.is_empty());
        for name in names {
            self.taken.ends.insert(name.to_owned());
            self.taken.words.insert(name.to_owned());
        }
    }

    /// Takes what does not stand without what was taken; gives up where nothing would be left.
    fn settle(mut self) -> Option<(BTreeMap<String, Built>, Taken)> {
        for _ in 0..40 {
            let refused = match built::build(&self.files) {
                Ok(built) => return Some((built, self.taken)),
                Err(refused) => refused,
            };
            let before = self.files.clone();
            for (path, line) in refused.places {
                let file = self.files.iter().position(|(other, _)| *other == path)?;
                let start = self.files[file].1.split_inclusive('\n').take(line - 1).map(str::len).sum::<usize>();
                let item = items(&self.files).into_iter().find(|item| item.file == file && item.range.contains(&start));
                let Some(item) = item else { continue };
                if item.is("environment") || item.is("project") {
                    return None;
                }
                if item.is("firewall") {
                    let end = start + self.files[file].1[start..].find('\n').unwrap_or(0);
                    let text = self.files[file].1[start..end].to_owned();
                    if text.contains("->") && !text.contains('[') {
                        self.flow(&text);
                        self.blank(file, start..end);
                        continue;
                    }
                }
                self.statement(&item);
            }
            if self.files == before {
                return None;
            }
        }
        None
    }
}

/// The elements of lists, and of records in a `let`: each with the comma behind it.
fn elements(item: &Item, text: &str) -> Vec<Range<usize>> {
    let opens: &[char] = if item.is("let") { &['[', '{'] } else { &['['] };
    let body = &text[item.range.clone()];
    let mut found = Vec::new();
    for (at, _) in body.match_indices(|character| opens.contains(&character)) {
        let (mut depth, mut start) = (0, at + 1);
        for (offset, character) in body[at..].char_indices() {
            match character {
                '[' | '{' | '(' => depth += 1,
                ']' | '}' | ')' => depth -= 1,
                _ => {}
            }
            let here = at + offset;
            if depth == 0 || depth == 1 && character == ',' {
                if !body[start..here].trim().is_empty() {
                    let end = if depth == 0 { here } else { here + 1 };
                    found.push(item.range.start + start..item.range.start + end);
                }
                start = here + 1;
            }
            if depth == 0 {
                break;
            }
        }
    }
    found
}

#[derive(Default, Debug)]
struct Counts {
    tried: usize,
    /// What is left without it is no program, or nothing.
    given_up: usize,
    compared: usize,
    same: usize,
    gone: usize,
}

fn judge(
    name: &str,
    before: &BTreeMap<String, Built>,
    after: &BTreeMap<String, Built>,
    taken: &Taken,
    counts: &mut Counts,
) -> Vec<String> {
    counts.compared += 1;
    let mut wrong = Vec::new();
    for (environment, after) in after {
        match taken::compare(&before[environment], after, taken) {
            Ok(Compared { same, gone }) => {
                counts.same += same;
                counts.gone += gone;
            }
            Err(causes) => wrong.push(format!("{name}, in {environment}:\n  {}", causes.join("\n  "))),
        }
    }
    wrong
}

fn taken_out(example: &Example, counts: &mut Counts) -> Vec<String> {
    let files = &example.files;
    let before = built::build(files).unwrap_or_else(|refused| panic!("{}: {}", example.name, refused.text));
    let mut wrong = Vec::new();
    let mut cuts: Vec<(String, Cutting)> = Vec::new();
    for item in items(files).iter().filter(|item| !item.is("project")) {
        let text = &files[item.file].1;
        let name = format!("{} without `{}`", example.name, item.head.join(" "));
        if !item.is("environment") {
            let mut cutting = Cutting::of(files);
            cutting.statement(item);
            cuts.push((name.clone(), cutting));
        }
        if !["let", "environment", "firewall", "server", "network"].iter().any(|word| item.is(word)) {
            continue;
        }
        for range in elements(item, text) {
            let element = text[range.clone()].trim().trim_end_matches(',').to_owned();
            let mut cutting = Cutting::of(files);
            if element.contains("->") {
                cutting.flow(element.lines().last().unwrap_or_default());
            } else {
                let key = element.split([' ', '=']).next().unwrap_or_default().trim_matches('"').to_owned();
                cutting.taken.keys.insert(key.clone());
                cutting.taken.words.insert(key);
            }
            cutting.blank(item.file, range);
            cuts.push((format!("{name}: `{element}`"), cutting));
        }
    }
    for (name, cutting) in cuts {
        counts.tried += 1;
        match cutting.settle() {
            None => counts.given_up += 1,
            Some((after, taken)) => wrong.extend(judge(&name, &before, &after, &taken, counts)),
        }
    }
    wrong
}

#[test]
fn what_is_taken_out_of_an_example_changes_no_other_name() {
    let mut wrong = Vec::new();
    // In the fleet there is hardly a list of which what is said does not depend: keys of flows are made of their ends, the places in a rack
    // stand in the names of all racks, and a key that goes has to be taken off.
    for example in examples().into_iter().filter(|example| example.name != "fleet") {
        let mut counts = Counts::default();
        wrong.extend(taken_out(&example, &mut counts));
        println!("counted: {}: {counts:?}", example.name);
        assert!(counts.compared * 2 >= counts.tried, "{}: too little is left to compare: {counts:?}", example.name);
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n\n"));
}

/// The text of an environment that is like another one, and the arms that have to name it.
fn with_environment(files: &Files, like: &str) -> Files {
    let declared = items(files).into_iter().find(|item| item.is("environment") && item.head[1] == like).unwrap();
    let text = &files[declared.file].1[declared.range.clone()];
    let copy = text.replacen(&format!("environment {like}"), "environment extra", 1);
    // Another account or cluster: two environments do not share a place.
    let copy = copy.replace("111122223333", "777788889999").replace("context = \"", "context = \"extra-");
    let mut files: Files = files.iter().map(|(path, text)| (path.clone(), with_arm(text, like))).collect();
    files.push(("extra.infra".to_owned(), copy));
    files
}

/// Where an arm of the environment comes first, the same for the other one.
fn with_arm(text: &str, like: &str) -> String {
    let arm = format!("{{ {like} =>");
    let mut parts = text.split(&arm);
    let mut made = parts.next().unwrap_or_default().to_owned();
    for rest in parts {
        let value = rest.split([',', '\n']).next().unwrap_or_default();
        made.push_str(&format!("{{ extra =>{value}, {like} =>{rest}"));
    }
    made
}

#[test]
fn an_environment_that_is_added_changes_no_byte_of_another() {
    for example in examples() {
        let before =
            built::build(&example.files).unwrap_or_else(|refused| panic!("{}: {}", example.name, refused.text));
        let after = built::build(&with_environment(&example.files, "prod"))
            .unwrap_or_else(|refused| panic!("{}: {}", example.name, refused.text));
        assert_eq!(after.len(), before.len() + 1);
        for (environment, before) in &before {
            assert_eq!(before.files, after[environment].files, "{} {environment}", example.name);
            assert_eq!(before.addresses, after[environment].addresses, "{} {environment}", example.name);
        }
    }
}

/// What is added to each example, and the names that it has.
const ADDED: [(&str, &[&str], &str); 3] = [
    (
        "quickstart",
        &["more", "helper", "hello_too"],
        "bucket more {}\nserver helper for k in [\"x\", \"y\"] { port http = 8080/tcp }\n\
         container hello_too { image = \"example.com/hello:1\", port http = 8080/tcp }\n",
    ),
    (
        "shop",
        &["more", "helper", "orders_too", "key_too", "mailer"],
        "bucket more {}\nserver helper { network = lan, port http = 8080/tcp }\ndatabase orders_too { network = lan }\n\
         secret key_too {}\ncontainer mailer { image = \"example.com/mailer:1\", env = { K = key_too.value } }\n",
    ),
    (
        "regions",
        &["more", "helper"],
        "bucket more for r, p in regions on p {}\n\
         server helper for r, p in regions on p { network = vpc[r], port http = 8080/tcp }\n",
    ),
];

#[test]
fn what_is_added_to_an_example_changes_no_other_name() {
    let mut wrong = Vec::new();
    let mut counts = Counts::default();
    for example in examples() {
        let Some((_, names, text)) = ADDED.iter().find(|(name, ..)| *name == example.name) else { continue };
        let mut files = example.files.clone();
        files.push(("added.infra".to_owned(), (*text).to_owned()));
        let more = built::build(&files).unwrap_or_else(|refused| panic!("{}: {}", example.name, refused.text));
        let less = built::build(&example.files).unwrap_or_else(|refused| panic!("{}: {}", example.name, refused.text));
        let names: BTreeSet<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut taken = Cutting::of(&example.files).taken;
        taken.roots.extend(names.iter().cloned());
        taken.words.extend(names);
        taken.flows = Some(0);
        wrong.extend(judge(&format!("{} with more", example.name), &more, &less, &taken, &mut counts));
    }
    assert_eq!(counts.compared, ADDED.len());
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n\n"));
}

/// The same in two regions: every statement says where it stands, then a second place of the same platform is listed and used.
#[test]
fn a_second_region_changes_nothing_of_the_first() {
    let kinds =
        ["network", "server", "bucket", "database", "load_balancer", "dns_zone", "dns_record", "certificate", "secret"];
    let mut wrong = Vec::new();
    let mut counts = Counts::default();
    for example in examples().into_iter().filter(|example| ["quickstart", "shop"].contains(&example.name.as_str())) {
        let mut files = example.files.clone();
        for item in items(&files).into_iter().rev().filter(|item| kinds.iter().any(|kind| item.is(kind))) {
            let text = &mut files[item.file].1;
            let name = format!("{} {}", item.head[0], item.head[1]);
            let from = item.range.start + text[item.range.clone()].find(&name).unwrap();
            let brace = from + text[from..].find(" {").unwrap();
            text.insert_str(brace, " on aws");
        }
        let alone = built::build(&example.files).unwrap_or_else(|refused| panic!("{}: {}", example.name, refused.text));
        let said = built::build(&files).unwrap_or_else(|refused| panic!("{}: {}", example.name, refused.text));
        for (environment, alone) in &alone {
            assert_eq!(alone.files, said[environment].files, "{}: saying where it stands changes it", example.name);
        }
        for (_, text) in &mut files {
            *text = text.replace("on = [aws(", "on = [dublin = aws(region = \"eu-west-1\"), aws(");
            *text = text.replace("on = [\n", "on = [\n    dublin = aws(region = \"eu-west-1\"),\n");
        }
        let listed = built::build(&files).unwrap_or_else(|refused| panic!("{}: {}", example.name, refused.text));
        for (environment, said) in &said {
            assert_eq!(said.addresses, listed[environment].addresses, "{}: nothing stands there yet", example.name);
        }
        let more = "network lan_too on dublin { cidr = 10.40.0.0/16 }\n\
                    server far on dublin { network = lan_too, port http = 8080/tcp }\nbucket far_files on dublin {}\n\
                    server further on dublin { network = lan_too }\n\
                    firewall too { allow = [further -> far.http] }\n";
        files.push(("added.infra".to_owned(), more.to_owned()));
        let more = built::build(&files).unwrap_or_else(|refused| panic!("{}: {}", example.name, refused.text));
        let names = ["dublin", "lan_too", "far", "far_files", "further", "too"].map(str::to_owned);
        let mut taken = Cutting::of(&example.files).taken;
        taken.roots.extend(names.clone());
        taken.words.extend(names);
        taken.flows = Some(1);
        wrong.extend(judge(&format!("{} in two regions", example.name), &more, &said, &taken, &mut counts));
    }
    assert!(counts.same > 100, "{counts:?}");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n\n"));
}
