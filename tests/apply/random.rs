//! Random programs: files that refer to each other, in several versions, edited from outside between them, with runs that are killed.
//! In the end the files on disk are what the program says, a second plan is empty, and a rehearsal with faults has changed nothing.

use std::collections::BTreeMap;

use super::*;

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
    fn is(&mut self, per_cent: u64) -> bool {
        self.below(100) < per_cent
    }
}

/// What a file is to be.
#[derive(Clone)]
struct Wanted {
    path: String,
    own: String,
    /// The one whose content it holds as well.
    of: Option<usize>,
    create_first: bool,
}

/// A program: files by their number.
type Model = BTreeMap<usize, Wanted>;

/// A path that no other has, out of few, so that they change hands.
fn path(chance: &mut Chance, model: &Model) -> String {
    loop {
        let path = format!("d{}/p{}", chance.below(3), chance.below(6));
        if model.values().all(|wanted| wanted.path != path) {
            return path;
        }
    }
}

fn next(chance: &mut Chance, model: &Model) -> Model {
    let mut next = model.clone();
    next.retain(|_, _| !chance.is(20));
    for at in 0..10 {
        if !next.contains_key(&at) && chance.is(40) {
            let path = path(chance, &next);
            next.insert(at, Wanted { path, own: "new".to_owned(), of: None, create_first: chance.is(20) });
        }
    }
    let all: Vec<usize> = next.keys().copied().collect();
    for at in &all {
        if chance.is(30) {
            let path = path(chance, &next);
            next.get_mut(at).unwrap().path = path;
        }
        let wanted = next.get_mut(at).unwrap();
        if chance.is(40) {
            wanted.own = format!("{}", chance.below(4));
        }
        // Only of those before: no circle.
        wanted.of = wanted.of.filter(|of| all.contains(of));
        if chance.is(30) && *at > 0 {
            let of = chance.below(*at as u64) as usize;
            wanted.of = Some(of).filter(|of| all.contains(of));
        }
    }
    // Two that swap their paths.
    if chance.is(40) && all.len() > 1 {
        let (left, right) = (all[0], all[all.len() - 1]);
        let (one, two) = (next[&left].path.clone(), next[&right].path.clone());
        next.get_mut(&left).unwrap().path = two;
        next.get_mut(&right).unwrap().path = one;
    }
    next
}

fn program(model: &Model) -> String {
    let one = |(at, wanted): (&usize, &Wanted)| {
        let of = wanted.of.map(|of| format!("${{f{of}.content}}")).unwrap_or_default();
        let first = if wanted.create_first { "@replace(first = \"create\")\n" } else { "" };
        format!("{first}files.file f{at} {{ path = \"{}\", content = \"{}{of}\" }}\n", wanted.path, wanted.own)
    };
    model.iter().map(one).collect()
}

fn content(model: &Model, at: usize) -> String {
    let wanted = &model[&at];
    let of = wanted.of.map(|of| content(model, of)).unwrap_or_default();
    format!("{}{of}", wanted.own)
}

fn files(model: &Model) -> BTreeMap<String, Vec<u8>> {
    model.iter().map(|(at, wanted)| (wanted.path.clone(), content(model, *at).into_bytes())).collect()
}

#[test]
fn the_files_are_what_the_program_says() {
    let seeds = std::env::var("SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(12);
    for seed in 0..seeds {
        let mut chance = Chance(seed);
        let project = Project::new("");
        let mut model = Model::new();
        for version in 0..5 {
            model = next(&mut chance, &model);
            project.write(&program(&model));
            let what = format!("seed {seed}, version {version}:\n{}", program(&model));
            let before = project.files();
            let course = chance.below(1000).to_string();
            project.quietly(&["apply", "--rehearse", "--faults", "200", "--seed", &course]);
            assert!(project.files() == before, "{}", what);
            if chance.is(30) {
                let mut child = project.command(&["apply", "--yes"]);
                let mut child = child.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
                std::thread::sleep(std::time::Duration::from_millis(60 + chance.below(60)));
                let _ = child.kill();
                let _ = child.wait();
            }
            let output = project.quietly(&["apply", "--yes"]);
            // Where a successor is made first and takes the place of what waits for it, there is no order: then it goes in two.
            if both(&output).contains("no_order") {
                for wanted in model.values_mut() {
                    wanted.create_first = false;
                }
                project.write(&program(&model));
                project.applied();
            } else {
                assert!(output.status.success(), "{}\n{}", what, both(&output));
            }
            assert!(project.files() == files(&model), "{}\n{:?}\n{:?}", what, project.files(), files(&model));
            assert!(project.has_settled(), "{}", what);
        }
        project.quietly(&["destroy", "--yes"]);
        assert_eq!(project.files().len(), 0, "seed {seed}");
    }
}
