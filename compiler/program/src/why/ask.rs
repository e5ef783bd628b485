//! What a question means: a line of an emitted file, a line of the source, or an address with a path.

use emit::Document;
use graph::Complete;
use rustc_hash::FxHashSet;
use source::{Diagnostic, FileId, Name};

use super::asked::{declared, meant};
use super::field::FieldAnswer;
use super::known::{Known, below};
use super::line::{self, Answer, Emitted};
use super::path::{self, Hop, hops};
use super::saved::{Saved, SavedFile};
use super::spot::Spot;
use super::standing::Standing;
use super::trace::{Trace, TracedLine, Tracer, trace};
use crate::Program;

/// The answer to a question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Why {
    /// One for each environment that has it.
    Lines(Vec<Answer>),
    /// One for each thing that is said there.
    Fields(Vec<FieldAnswer>),
}

/// Why there is no answer.
#[derive(Clone, Debug)]
pub enum Unanswered {
    /// The program has mistakes.
    Mistakes(Vec<Diagnostic>),
    /// What was asked for is not there: what is wrong, and what to do.
    Question { message: String, help: String },
}

impl From<Vec<Diagnostic>> for Unanswered {
    fn from(diagnostics: Vec<Diagnostic>) -> Self {
        Self::Mistakes(diagnostics)
    }
}

impl Program {
    /// Why a line of an emitted file (`out/prod/kubernetes/api.yaml:38`), what stands on a line of the source (`main.infra:12`) or at
    /// a column of it (`main.infra:12:20`), or an address with a path (`api.replicas`, `api.main.spec.replicas`) is what it is.
    /// Without an environment: in all of them.
    pub fn why(
        &self,
        question: &str,
        environment: Option<Name>,
        params: &[(String, String)],
    ) -> Result<Why, Unanswered> {
        let environments = environment.map_or_else(|| self.environments(), |environment| vec![environment]);
        let number = |text: &str| text.parse::<u32>().ok();
        let split = |text: &'_ str| text.rsplit_once(':').and_then(|(file, at)| Some((file.to_owned(), number(at)?)));
        let Some((file, last)) = split(question) else { return self.why_address(question, &environments, params) };
        let (file, line, column) = match split(&file) {
            Some((file, line)) => (file, line, Some(last)),
            None => (file, last, None),
        };
        match file.ends_with(".infra") {
            true => self.why_source(&file, line, column, &environments, params),
            false => self.why_emitted(&file, line, environment, params),
        }
    }

    /// The answers for all lines of all files that an environment emits, in their order.
    pub fn why_every_line(&self, environment: Name, params: &[(String, String)]) -> Result<Vec<Answer>, Unanswered> {
        let (graph, documents) = self.documents(environment, params)?;
        let known = Known::new(self.checked().0, &graph, self.sources());
        let lines = documents.iter().flat_map(|document| (1..=document.lines.len()).map(move |line| (document, line)));
        let saved = SavedFile::ALL.map(|file| Saved::new(file, &graph, self.sources()));
        Ok(traced(&known, |tracer| {
            let mut answers: Vec<Answer> = lines
                .filter_map(|(document, line)| line::of_line(&known, tracer, &documents, document, line))
                .collect();
            answers.extend(saved.iter().flat_map(|saved| saved.every_line(&known, tracer)));
            answers
        }))
    }

    /// The lines that an environment emits with the places that each of them was made of; those that are not wanted without.
    pub fn trace(
        &self,
        environment: Name,
        params: &[(String, String)],
        wanted: &(dyn Fn(&TracedLine) -> bool + Sync),
    ) -> Result<Trace, Vec<Diagnostic>> {
        let (graph, documents) = self.documents(environment, params)?;
        Ok(trace(&Known::new(self.checked().0, &graph, self.sources()), &documents, false, wanted))
    }

    /// What stands at a byte of a file of the user's: what it is called, and the bytes that it covers.
    pub fn said_at(&self, file: FileId, at: usize) -> Option<(String, std::ops::Range<usize>)> {
        let all = declared(self.checked().0, self.sources(), file);
        meant(&all, &(at..at), Some(at)).first().map(|declared| (declared.title.clone(), declared.stretch(Some(at))))
    }

    /// The emitted documents of an environment beside its graph.
    pub(super) fn documents(
        &self,
        environment: Name,
        params: &[(String, String)],
    ) -> Result<(Complete, Vec<Document>), Vec<Diagnostic>> {
        let (graph, _) = self.graph(environment, params)?;
        let emitted = emit::emit_with(&graph, &self.settings(&graph))?;
        Ok((graph, emitted.documents))
    }

    /// The folder of the environment and the file's own path, which begins with that of a target. A file of the user's may lie in a
    /// folder that is called so as well: what stands below an environment counts first.
    fn split_at_target<'f>(&self, file: &'f str) -> (&'f str, &'f str) {
        let is_environment = |folder: &str| {
            let named = folder.trim_end_matches('/').rsplit('/').next();
            self.environments().iter().any(|environment| Some(environment.text()) == named)
        };
        let names = emit::target::ALL.iter().map(|target| format!("{}/", target.name()));
        let begins = |at: usize| at == 0 || file.as_bytes().get(at - 1) == Some(&b'/');
        let found: Vec<usize> = names
            .flat_map(|name| file.match_indices(&name).map(|(at, _)| at).collect::<Vec<_>>())
            .filter(|at| begins(*at))
            .collect();
        let below = found.iter().copied().filter(|at| is_environment(file.split_at(*at).0)).min();
        below.or(found.into_iter().max()).map_or(("", file), |at| file.split_at(at))
    }

    fn why_emitted(
        &self,
        file: &str,
        line: u32,
        environment: Option<Name>,
        params: &[(String, String)],
    ) -> Result<Why, Unanswered> {
        let file = file.replace('\\', "/");
        let file = file.strip_prefix("./").unwrap_or(&file);
        // The folder in front of the file's own path names the environment.
        let (folder, own) = self.split_at_target(file);
        let last = own.rsplit('/').next().unwrap_or(own);
        let saved = SavedFile::ALL.into_iter().find(|saved| saved.name() == last);
        let folder = saved.map_or(folder, |saved| file.trim_end_matches(saved.name()));
        let named = folder.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let all = self.environments();
        let of_folder = all.iter().copied().find(|name| name.text() == named);
        if let (Some(asked), Some(other)) = (environment, of_folder)
            && asked != other
        {
            return Err(Unanswered::Question {
                message: format!("`{file}` is a file of `{other}`, not of `{asked}`"),
                help: format!("leave `--env` out, or say `--env {other}`"),
            });
        }
        let chosen = environment.or(of_folder).or(match all.as_slice() {
            [only] => Some(*only),
            _ => None,
        });
        if let "removed.yaml" | "removed-data.yaml" = last {
            let message = format!("`{file}` lists what earlier builds made and the program no longer has");
            return Err(Unanswered::Question {
                message,
                help: "what made it stands in the history of the project, and no longer in the source".to_owned(),
            });
        }
        if last.starts_with(".infrac-") {
            return Err(Unanswered::Question {
                message: format!("`{last}` is infrac's own list of what it wrote"),
                help: "ask for a line of a file that it lists".to_owned(),
            });
        }
        let Some(chosen) = chosen else {
            let list = source::list_of(all.iter().map(|name| name.text()));
            return Err(Unanswered::Question {
                message: format!("`{file}` names no environment"),
                help: format!("say which with `--env`: {list}"),
            });
        };
        let (graph, documents) = self.documents(chosen, params)?;
        let known = Known::new(self.checked().0, &graph, self.sources());
        let line = line as usize;
        let document = documents.iter().find(|document| document.path == own);
        let (answer, count) = if let Some(saved) = saved {
            let saved = Saved::new(saved, &graph, self.sources());
            (traced(&known, |tracer| saved.of_line(&known, tracer, line)), saved.line_count())
        } else if let Some(document) = document {
            (traced(&known, |tracer| line::of_line(&known, tracer, &documents, document, line)), document.lines.len())
        } else {
            let list = source::list_of(documents.iter().map(|document| document.path.as_str()));
            return Err(Unanswered::Question {
                message: format!("environment `{chosen}` has no file `{own}`"),
                help: format!("its files are {list}"),
            });
        };
        answer.map(|answer| Why::Lines(vec![answer])).ok_or_else(|| Unanswered::Question {
            message: format!("`{}` has no line {line}", if saved.is_some() { last } else { own }),
            help: format!("the program gives it {count} lines now; where the file has more, build again"),
        })
    }

    fn why_source(
        &self,
        file: &str,
        line: u32,
        column: Option<u32>,
        environments: &[Name],
        params: &[(String, String)],
    ) -> Result<Why, Unanswered> {
        let file = file.replace('\\', "/");
        let file = file.strip_prefix("./").unwrap_or(&file);
        let sources = self.sources();
        let ends = |whole: &str, end: &str| whole.strip_suffix(end).is_some_and(|before| before.ends_with('/'));
        let all = || sources.files();
        let Some(found) = all()
            .find(|found| *found.shown == *file)
            .or_else(|| all().find(|found| ends(&found.shown, file) || ends(file, &found.shown)))
        else {
            let list =
                source::list_of(all().filter(|found| !super::is_library(found.id.path())).map(|found| &*found.shown));
            return Err(Unanswered::Question {
                message: format!("the program has no file `{file}`"),
                help: format!("its files are {list}"),
            });
        };
        let (checked, told) = self.checked();
        if crate::has_errors(told) {
            return Err(Unanswered::Mistakes(told.to_vec()));
        }
        let Some((start, end)) = found.line_range(line) else {
            return Err(Unanswered::Question {
                message: format!("`{}` has no line {line}", found.shown),
                help: format!("it has {} lines", found.line_count()),
            });
        };
        let range = start as usize..end as usize;
        let at = column.map(|column| {
            let text = found.text.get(range.clone()).unwrap_or_default();
            range.start + text.char_indices().nth(column.saturating_sub(1) as usize).map_or(text.len(), |(at, _)| at)
        });
        let declared = declared(checked, sources, found.id);
        let meant = meant(&declared, &range, at);
        if meant.is_empty() {
            let at = column.map_or_else(String::new, |column| format!(", column {column}"));
            return Err(Unanswered::Question {
                message: format!("no value is set on line {line}{at} of `{}`", found.shown),
                help: "ask for a line with a field, a `let` or a param".to_owned(),
            });
        }
        let mut answers: Vec<FieldAnswer> =
            meant.iter().map(|declared| FieldAnswer::new(declared, sources, found.id, at)).collect();
        for environment in environments {
            let (graph, documents) = self.documents(*environment, params)?;
            let known = Known::new(checked, &graph, sources);
            let trace = trace(&known, &documents, super::is_library(found.id.path()), &|_| true);
            answers.iter_mut().zip(&meant).for_each(|(answer, declared)| answer.add(declared, &known, &trace));
        }
        Ok(Why::Fields(answers))
    }

    fn why_address(
        &self,
        question: &str,
        environments: &[Name],
        params: &[(String, String)],
    ) -> Result<Why, Unanswered> {
        let mut answers: Vec<Answer> = Vec::new();
        let mut addresses: Vec<String> = Vec::new();
        let mut moved = None;
        let mut unknown_field: Option<(String, String)> = None;
        for environment in environments {
            let (graph, documents) = self.documents(*environment, params)?;
            let known = Known::new(self.checked().0, &graph, self.sources());
            let all = graph
                .instances
                .iter()
                .map(|instance| instance.address)
                .chain(graph.resources.iter().map(|resource| resource.address));
            let mut best: Option<(value::AddressId, usize)> = None;
            for address in all {
                let text = graph.store.address_text(address);
                let rest = question.strip_prefix(text.as_str());
                if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
                    && best.is_none_or(|(_, length)| length < text.len())
                {
                    best = Some((address, text.len()));
                }
                addresses.push(text);
            }
            let Some((address, length)) = best else {
                moved = moved.or_else(|| address_now(&graph, question));
                continue;
            };
            let rest = question.get(length..).unwrap_or_default();
            let Some(path) = path::parse(rest) else { continue };
            match traced(&known, |tracer| found(&known, tracer, address, &path)) {
                Some(mut answer) => {
                    answer.emitted = emitted_at(&known, &documents, address, &path);
                    if path.is_empty() {
                        answer.standing = Standing::of(&known, address);
                    }
                    answers.push(answer);
                }
                None => unknown_field = Some((graph.store.address_text(address), parts(&known, address, &path))),
            }
        }
        if !answers.is_empty() {
            return Ok(Why::Lines(answers));
        }
        Err(match unknown_field {
            Some((address, help)) => Unanswered::Question {
                message: format!("`{address}` has nothing at `{}`", question.get(address.len()..).unwrap_or_default()),
                help,
            },
            None => {
                let first = question.split(['.', '[']).next().unwrap_or_default();
                let near = addresses
                    .iter()
                    .filter(|address| address.split(['.', '[']).next() == Some(first))
                    .map(String::as_str)
                    .take(6)
                    .collect::<Vec<_>>();
                let help = if let Some(now) = moved {
                    format!("it is `{now}` now")
                } else if near.is_empty() {
                    match source::did_you_mean(first, addresses.iter().map(String::as_str)) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => "`infrac graph` shows the addresses; a line is asked for as FILE:LINE".to_owned(),
                    }
                } else {
                    format!("there are {}", source::list_of(near))
                };
                Unanswered::Question { message: format!("nothing has the address `{question}`"), help }
            }
        })
    }
}

/// The address of now, of something that had this one first.
fn address_now(graph: &graph::Graph, question: &str) -> Option<String> {
    let text = |address| graph.store.address_text(address);
    let about =
        graph.named.iter().filter_map(|named| Some((text(named.address), question.strip_prefix(&text(named.first))?)));
    let about = about.filter(|(_, rest)| rest.is_empty() || rest.starts_with(['.', '[']));
    about.min_by_key(|(_, rest)| rest.len()).map(|(now, rest)| format!("{now}{rest}"))
}

/// Code is followed as deep as evaluation follows it.
fn traced<T: Send + Default>(known: &Known<'_>, ask: impl FnOnce(&mut Tracer<'_, '_>) -> T + Send) -> T {
    crate::on_large_stack(|| ask(&mut Tracer::new(known, false))).unwrap_or_default()
}

fn found(known: &Known<'_>, tracer: &mut Tracer<'_, '_>, address: value::AddressId, path: &[Hop]) -> Option<Answer> {
    if let Some(resource) = known.resource(address) {
        super::read::value_at(known, resource.body, path)?;
        return line::of_resource(known, tracer, address, path);
    }
    match path.split_first() {
        Some((Hop::Name(name), rest)) => {
            if !rest.is_empty() {
                super::read::value_at(known, known.input_value(address, *name)?, rest)?;
            }
            line::of_input(known, address, *name, rest)
        }
        None => known.instance(address).map(|instance| line::of_instance(known, instance)),
        Some((Hop::At(_) | Hop::Any, _)) => None,
    }
}

/// What could be asked for at an address.
fn parts(known: &Known<'_>, address: value::AddressId, path: &[Hop]) -> String {
    let leads_there = |change: &&check::checked::AdjustChange| below(path, &change.path).is_some();
    if let Some(change) = known.changes(address).into_iter().find(leads_there) {
        return format!("the `adjust` at {} takes it out", Spot::of(known.sources, change.place));
    }
    if let Some(kind) = known.kind(address) {
        let names = kind.inputs.iter().map(|input| input.name.text());
        let wanted = match path.first() {
            Some(Hop::Name(name)) => source::did_you_mean(name.text(), names.clone()),
            Some(Hop::At(_) | Hop::Any) | None => None,
        };
        return match wanted {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("its fields are {}", source::list_of(names)),
        };
    }
    let fields: Vec<&str> = match known.resource(address).map(|resource| known.graph.store.get(resource.body)) {
        Some(value::Value::Record(fields)) => fields.iter().map(|(name, _)| name.text()).collect(),
        Some(_) | None => Vec::new(),
    };
    format!("it sets {}", source::list_of(fields))
}

/// Where a part of a resource was emitted; of an instance, where each of its resources begins.
fn emitted_at(known: &Known<'_>, documents: &[Document], address: value::AddressId, path: &[Hop]) -> Vec<Emitted> {
    let whole_instance = path.is_empty() && known.instance(address).is_some();
    let mut all = Vec::new();
    for document in documents {
        let mut begun: FxHashSet<u32> = FxHashSet::default();
        for ((at, line), text) in document.lines.iter().enumerate().zip(document.text.lines()) {
            let emit::Subject::Resource(index) = line.subject else { continue };
            let Some(resource) = known.graph.resources.get(index as usize) else { continue };
            let is_it = match whole_instance {
                true => resource.owner == Some(address),
                false => resource.address == address && hops(&document.paths.steps(line.path)) == path,
            };
            if is_it && begun.insert(index) {
                let text = match whole_instance {
                    true => format!(
                        "{}.{} {}",
                        resource.kind.target,
                        resource.kind.name,
                        known.graph.store.address_text(resource.address)
                    ),
                    false => text.trim().to_owned(),
                };
                all.push(Emitted { file: document.path.clone(), line: at + 1, text });
            }
        }
    }
    all
}
