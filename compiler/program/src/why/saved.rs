//! Why a line of what infrac writes for other programs is there: `graph.json`, and `graph.places.json` beside it.

use graph::Graph;
use rustc_hash::FxHashMap;
use source::{Name, Place, Sources};

use super::known::Known;
use super::line::{self, Answer, Emitted};
use super::path::Hop;
use super::trace::Tracer;

/// One of the two files, with the path in its JSON of every line.
pub(crate) struct Saved {
    file: SavedFile,
    text: String,
    paths: Vec<Vec<Hop>>,
    /// Those of the `origins`, where the file has them.
    places: Vec<Place>,
}

/// Which of the two files.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum SavedFile {
    Graph,
    Places,
}

impl SavedFile {
    pub(crate) const ALL: [Self; 2] = [Self::Graph, Self::Places];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Graph => "graph.json",
            Self::Places => "graph.places.json",
        }
    }
}

impl Saved {
    pub(crate) fn new(file: SavedFile, graph: &Graph, sources: &Sources) -> Self {
        let (text, places) = match file {
            SavedFile::Graph => (graph::save(graph), Vec::new()),
            SavedFile::Places => (graph::save_places(graph, sources), graph::saved_places(graph)),
        };
        let paths = match file {
            SavedFile::Graph => elements(&text),
            SavedFile::Places => paths(&text),
        };
        Self { file, paths, text, places }
    }

    pub(crate) fn line_count(&self) -> usize {
        self.paths.len()
    }

    /// Why a line (from 1) is there; none when there is no such line.
    pub(crate) fn of_line(&self, known: &Known<'_>, tracer: &mut Tracer<'_, '_>, line: usize) -> Option<Answer> {
        let path = self.paths.get(line.checked_sub(1)?)?;
        let mut answer = self.answer(known, tracer, self.asked(path))?;
        answer.emitted = vec![self.emitted(line, self.text.lines().nth(line - 1)?)];
        Some(answer)
    }

    /// The answers for all lines; many lines ask the same.
    pub(crate) fn every_line(&self, known: &Known<'_>, tracer: &mut Tracer<'_, '_>) -> Vec<Answer> {
        let mut known_answers: FxHashMap<&[Hop], Option<Answer>> = FxHashMap::default();
        let mut answers = Vec::with_capacity(self.paths.len());
        for ((at, path), text) in self.paths.iter().enumerate().zip(self.text.lines()) {
            let asked = self.asked(path);
            let answer = known_answers.entry(asked).or_insert_with(|| self.answer(known, tracer, asked)).clone();
            answers.extend(answer.map(|answer| Answer { emitted: vec![self.emitted(at + 1, text)], ..answer }));
        }
        answers
    }

    fn emitted(&self, line: usize, text: &str) -> Emitted {
        Emitted { file: self.file.name().to_owned(), line, text: text.trim().to_owned() }
    }

    /// What a line asks for: the first two steps of its path say it.
    fn asked<'p>(&self, path: &'p [Hop]) -> &'p [Hop] {
        path.get(..2).unwrap_or_default()
    }

    fn answer(&self, known: &Known<'_>, tracer: &mut Tracer<'_, '_>, asked: &[Hop]) -> Option<Answer> {
        let answer = match self.file {
            SavedFile::Graph => of_graph(known, tracer, asked),
            SavedFile::Places => self.of_places(known, tracer, asked),
        };
        answer.or_else(|| line::of_frame(known))
    }

    fn of_places(&self, known: &Known<'_>, tracer: &mut Tracer<'_, '_>, asked: &[Hop]) -> Option<Answer> {
        let [Hop::Name(part), which, ..] = asked else { return None };
        let is_it =
            |address| matches!(which, Hop::Name(name) if known.graph.store.address_text(address) == name.text());
        match (part.text(), which) {
            ("instances", _) => known
                .graph
                .instances
                .iter()
                .find(|instance| is_it(instance.address))
                .map(|instance| line::of_instance(known, instance)),
            ("resources", _) => known
                .graph
                .resources
                .iter()
                .find(|resource| is_it(resource.address))
                .and_then(|resource| line::of_resource(known, tracer, resource.address, &[])),
            ("origins", Hop::At(at)) => self.places.get(*at as usize).map(|place| line::of_place(known, *place)),
            _ => None,
        }
    }
}

fn of_graph(known: &Known<'_>, tracer: &mut Tracer<'_, '_>, asked: &[Hop]) -> Option<Answer> {
    let [Hop::Name(part), Hop::At(at)] = asked else { return None };
    let graph = known.graph;
    let at = *at as usize;
    match part.text() {
        "instances" => graph.instances.get(at).map(|instance| line::of_instance(known, instance)),
        "resources" => line::of_resource(known, tracer, graph.resources.get(at)?.address, &[]),
        "providers" => graph.providers.get(at).map(|provider| line::of_provider(known, provider, &[])),
        "outputs" => graph.outputs.get(at).map(|output| line::of_output(known, output)),
        "deferred" => graph.deferred.get(at).map(|deferred| line::of_deferred(known, deferred)),
        _ => line::of_shared(known),
    }
}

/// The list and the position in it of every line of `graph.json`, which has one element a line.
fn elements(text: &str) -> Vec<Vec<Hop>> {
    let mut paths = Vec::new();
    let mut list: Option<(Name, u32)> = None;
    for line in text.lines() {
        let line = line.trim_end_matches(',');
        list = match list {
            Some((name, _)) if line == "]" => {
                paths.push(vec![Hop::Name(name)]);
                None
            }
            Some((name, at)) => {
                paths.push(vec![Hop::Name(name), Hop::At(at)]);
                Some((name, at + 1))
            }
            None => {
                let key = key(line).map(|key| Name::new(&key));
                paths.push(key.map(Hop::Name).into_iter().collect());
                key.filter(|_| line.ends_with('[')).map(|name| (name, 0))
            }
        };
    }
    paths
}

/// The path of every line of JSON that has one key, element or bracket a line; a bracket that ends has that of its beginning.
fn paths(text: &str) -> Vec<Vec<Hop>> {
    let mut paths: Vec<Vec<Hop>> = Vec::new();
    // Of every open bracket its own path, and how many elements of a list have been.
    let mut open: Vec<(Vec<Hop>, Option<u32>)> = Vec::new();
    for line in text.lines() {
        let line = line.trim().trim_end_matches(',');
        if line.starts_with(['}', ']']) {
            paths.push(open.pop().map_or_else(Vec::new, |(path, _)| path));
            continue;
        }
        let mut path = Vec::new();
        if let Some((around, elements)) = open.last_mut() {
            path.clone_from(around);
            match elements {
                Some(elements) => {
                    path.push(Hop::At(*elements));
                    *elements += 1;
                }
                None => path.extend(key(line).map(|key| Hop::Name(Name::new(&key)))),
            }
        }
        match line.as_bytes().last() {
            Some(b'{') => open.push((path.clone(), None)),
            Some(b'[') => open.push((path.clone(), Some(0))),
            Some(_) | None => {}
        }
        paths.push(path);
    }
    paths
}

/// The key in front of a member.
fn key(line: &str) -> Option<String> {
    serde_json::Deserializer::from_str(line).into_iter::<String>().next()?.ok()
}

#[cfg(test)]
mod tests {
    use super::{elements, paths};
    use crate::why::path::text;

    #[test]
    fn every_line_has_the_path_of_its_value() {
        let json = "{\n  \"a\": [\n    1,\n    {\n      \"b \\\"c\\\": {\": \"[\"\n    },\n    []\n  ],\n  \"d\": {\n    \"e\": true\n  }\n}\n";
        let told: Vec<String> = paths(json).iter().map(|path| text(path)).collect();
        assert_eq!(
            told,
            ["", "a", "a[0]", "a[1]", "a[1][\"b \\\"c\\\": {\"]", "a[1]", "a[2]", "a", "d", "d.e", "d", ""]
        );
    }

    #[test]
    fn every_line_of_a_graph_is_an_element_of_a_list() {
        let json = "{\n\"format\":2,\n\"a\":[],\n\"b\":[\n{\"c\":[\n1,\n\"[\"\n],\n\"d\":[\n2\n]\n}\n";
        let told: Vec<String> = elements(json).iter().map(|path| text(path)).collect();
        assert_eq!(told, ["", "format", "a", "b", "b[0]", "b[1]", "b[2]", "b", "d", "d[0]", "d", ""]);
    }
}
