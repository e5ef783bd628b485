//! `infrac state`: what is known of what was made, and what may be said about it without touching it.

use engine::{Ledger, Told};
use serde_json::json;
use source::on_one_line;
use state::{
    Action, By, Change, Command, End, Freeze, Open, Outcome as Became, Record, Result as Ended, Run, RunId, State,
    SystemClock, SystemEntropy, Uid,
};

use super::apply::{close, open};
use super::run::{Kept, Whose, holder, key, refused, tell};
use super::{Answer, Outcome, Teller};
use crate::plans::{path_text, shown};

/// Shows what is known of what was made, and moves, forgets or freezes it.
#[derive(clap::Subcommand, Debug)]
pub enum Arguments {
    /// Lists what is managed.
    List {
        #[command(flatten)]
        whose: Whose,
        /// How the answer is printed.
        #[arg(long, value_enum, default_value = "text")]
        format: Answer,
    },
    /// Shows what is known of one thing. Secrets stay sealed.
    Show {
        /// Its address.
        address: String,
        #[command(flatten)]
        whose: Whose,
    },
    /// Says that a thing has another address: nothing of it is touched.
    Mv {
        from: String,
        to: String,
        #[command(flatten)]
        whose: Whose,
    },
    /// Lets go of a thing: it stays where it is, and is managed no more.
    Forget {
        /// Its address.
        address: String,
        /// Why.
        #[arg(long)]
        because: String,
        #[command(flatten)]
        whose: Whose,
    },
    /// Says what became of an operation that nobody heard the end of.
    Resolve {
        /// The address that it is about.
        address: String,
        /// It was not carried out.
        #[arg(long, conflicts_with = "done", required_unless_present = "done")]
        undone: bool,
        /// It was carried out: what was to go is gone.
        #[arg(long)]
        done: bool,
        #[command(flatten)]
        whose: Whose,
    },
    /// Locks one thing: plans leave it as it is until this is lifted or ends.
    Freeze {
        /// Its address.
        address: String,
        /// Why.
        #[arg(long)]
        because: String,
        /// The last day on which it holds: `2026-12-31`.
        #[arg(long, value_name = "DATE", value_parser = day)]
        until: Option<i32>,
        #[command(flatten)]
        whose: Whose,
    },
    /// Lifts a freeze.
    Thaw {
        /// Its address.
        address: String,
        #[command(flatten)]
        whose: Whose,
    },
    /// Lists the last runs.
    History {
        #[command(flatten)]
        whose: Whose,
    },
    /// Changes the key that the state is sealed with: the next one is read from INFRAC_NEW_STATE_KEY.
    Rekey {
        #[command(flatten)]
        whose: Whose,
    },
}

/// Runs it.
pub fn run(arguments: &Arguments, teller: &Teller) -> Outcome {
    match answer(arguments, teller) {
        Ok(outcome) | Err(outcome) => outcome,
    }
}

fn answer(arguments: &Arguments, teller: &Teller) -> Result<Outcome, Outcome> {
    match arguments {
        Arguments::List { whose, format } => list(&read(whose, teller)?, *format, teller),
        Arguments::Show { address, whose } => show(&read(whose, teller)?, address, teller),
        Arguments::History { whose } => Ok(teller.answer(Answer::Text, &history(&read(whose, teller)?), Outcome::Done)),
        Arguments::Mv { from, to, whose } => say(whose, Command::Move, teller, |state| {
            let uid = uid(state, from)?;
            match state.at(to) {
                Some(_) => {
                    Err(Told::new("moved_onto", format!("there is something at `{to}` already"), "let that go first"))
                }
                None => Ok(vec![Record::Change(Change::Move { uid, to: to.clone() })]),
            }
        }),
        Arguments::Forget { address, because, whose } => say(whose, Command::Forget, teller, |state| {
            let change = Change::Forget { uid: uid(state, address)?, because: because.clone() };
            Ok(vec![Record::Change(change)])
        }),
        Arguments::Freeze { address, because, until, whose } => say(whose, Command::Freeze, teller, |state| {
            let freeze = Freeze { because: because.clone(), until: *until, by: who() };
            Ok(vec![Record::Change(Change::Freeze { uid: uid(state, address)?, freeze })])
        }),
        Arguments::Thaw { address, whose } => say(whose, Command::Freeze, teller, |state| {
            Ok(vec![Record::Change(Change::Thaw { uid: uid(state, address)? })])
        }),
        Arguments::Resolve { address, done, whose, .. } => {
            say(whose, Command::Resolve, teller, |state| resolve(state, address, *done))
        }
        Arguments::Rekey { whose } => rekey(whose, teller),
    }
}

/// The environment that is meant, by what there is of it: no program is needed.
pub fn environment(whose: &Whose, teller: &Teller) -> Result<String, Outcome> {
    let folder = whose.folder.below(".infrac");
    let known = std::fs::read_dir(&folder).into_iter().flatten().flatten();
    let known = known.filter(|entry| entry.path().join("state").is_dir());
    let mut known: Vec<String> = known.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    known.sort();
    let list = source::list_of(known.iter().map(String::as_str));
    match (&whose.env, known.as_slice()) {
        (Some(env), known) if known.contains(env) => Ok(env.clone()),
        (None, [only]) => Ok(only.clone()),
        (None, []) => {
            Err(teller.fail("no_state", "nothing was applied here yet", "apply something first: `infrac apply`"))
        }
        (None, _) => Err(teller.fail(
            "which_environment",
            "several environments have a state",
            format!("say which with `--env`: {list}"),
        )),
        (Some(env), _) => {
            let help = if list.is_empty() {
                "apply something first: `infrac apply`".to_owned()
            } else {
                format!("there are {list}")
            };
            Err(teller.fail("no_state", format!("nothing was applied in `{env}` yet"), help))
        }
    }
}

fn read(whose: &Whose, teller: &Teller) -> Result<State, Outcome> {
    let environment = environment(whose, teller)?;
    let key = key(whose, false, teller)?;
    whose.read(&environment, key.as_ref(), teller).map(|opened| opened.state)
}

fn uid(state: &State, address: &str) -> Result<Uid, Told> {
    state.at(address).map(|entry| entry.uid).ok_or_else(|| {
        let near = source::did_you_mean(address, state.addresses.keys().map(String::as_str));
        let help =
            near.map_or("`infrac state list` shows what there is".to_owned(), |near| format!("did you mean `{near}`?"));
        Told::new("unknown_address", format!("nothing is managed at `{address}`"), help)
    })
}

fn who() -> String {
    let holder = holder("infrac state");
    format!("{} on {}", holder.user, holder.machine)
}

/// Writes down what is said, as a run of its own.
fn say(
    whose: &Whose,
    command: Command,
    teller: &Teller,
    what: impl FnOnce(&State) -> Result<Vec<Record>, Told>,
) -> Result<Outcome, Outcome> {
    let environment = environment(whose, teller)?;
    let mut kept = open(whose, &environment, "infrac state", teller)?;
    let said = what(kept.state()).map_err(|told| tell(&[told], None, teller))?;
    let run = RunId::new(&mut SystemEntropy);
    let at = state::Clock::now(&SystemClock);
    let begin = Run { run, command, at, by: who(), plan: None, graph: None, only: Vec::new() };
    let end = End { run, at, done: said.len() as u32, failed: 0, unknown: 0 };
    let records: Vec<Record> = [Record::Run(begin)].into_iter().chain(said).chain([Record::End(end)]).collect();
    kept.append(&records).map_err(|told| tell(&[told], None, teller))?;
    close(kept, teller)?;
    teller.say("written down\n");
    Ok(Outcome::Done)
}

fn list(state: &State, format: Answer, teller: &Teller) -> Result<Outcome, Outcome> {
    let entries = state.addresses.values().filter_map(|uid| state.entries.get(uid));
    let open = |uid: &Uid| state.open.values().any(|open| open.intent.entry.uid == *uid);
    let text = match format {
        Answer::Text => entries
            .map(|entry| {
                let marks = [
                    (entry.life.protect, "protected"),
                    (entry.frozen.is_some(), "frozen"),
                    (open(&entry.uid), "unresolved"),
                    (!entry.deposed.is_empty(), "with what it replaced"),
                ];
                let marks: Vec<&str> = marks.into_iter().filter(|(is, _)| *is).map(|(_, mark)| mark).collect();
                let marks = if marks.is_empty() { String::new() } else { format!(" [{}]", marks.join(", ")) };
                let id = entry.current.as_ref().map_or("", |object| &object.native_id);
                format!("{} ({}) {id}{marks}\n", entry.address, entry.kind)
            })
            .collect::<String>(),
        Answer::Json => {
            let one = |entry: &state::Entry| {
                json!({
                    "address": entry.address, "uid": entry.uid.to_string(), "target": entry.driver, "kind": entry.kind,
                    "id": entry.current.as_ref().map(|object| object.native_id.clone()), "at": entry.place,
                    "protected": entry.life.protect, "frozen": entry.frozen.is_some(), "unresolved": open(&entry.uid),
                })
            };
            format!("{:#}\n", json!({ "things": entries.map(one).collect::<Vec<_>>() }))
        }
    };
    Ok(teller.answer(format, &text, Outcome::Done))
}

fn show(state: &State, address: &str, teller: &Teller) -> Result<Outcome, Outcome> {
    let uid = uid(state, address).map_err(|told| tell(&[told], None, teller))?;
    let Some(entry) = state.entries.get(&uid) else { return Ok(Outcome::Failed) };
    let mut text = format!("{} ({})\nuid {uid}\n", entry.address, entry.kind);
    if let Some(place) = &entry.place {
        text.push_str(&format!("said at {place}\n"));
    }
    if let Some(freeze) = &entry.frozen {
        text.push_str(&format!("frozen by {}: {}\n", on_one_line(&freeze.by), on_one_line(&freeze.because)));
    }
    for object in entry.objects() {
        text.push_str(&format!("\n{} (number {})\n", object.native_id, object.incarnation));
        for (what, tree) in [("is", &object.attributes), ("was asked for", &object.applied)] {
            text.push_str(&format!("  {what}\n"));
            if let state::Tree::Map(entries) = tree {
                for (key, value) in entries {
                    let name = path_text(&[state::TreeStep::Key(key.clone())]);
                    text.push_str(&format!("    {name} = {}\n", shown(Some(value))));
                }
            }
        }
        for edge in &object.edges {
            let to = state.entries.get(&edge.to).map_or_else(|| edge.to.to_string(), |entry| entry.address.clone());
            text.push_str(&format!("  needs {to}\n"));
        }
    }
    for open in state.open.values().filter(|open| open.intent.entry.uid == uid) {
        let why = open.why.as_deref().unwrap_or("its run did not come to its end");
        text.push_str(&format!("\nnobody knows what became of an operation on it: {}\n", on_one_line(why)));
    }
    Ok(teller.answer(Answer::Text, &text, Outcome::Done))
}

fn history(state: &State) -> String {
    let line = |summary: &state::RunSummary| {
        let run = &summary.run;
        let end = summary.end.as_ref().map_or_else(
            || "did not come to its end".to_owned(),
            |end| format!("{} done, {} failed, {} unknown", end.done, end.failed, end.unknown),
        );
        format!("{} {} by {}: {end}\n", time(run.at), word(run.command), on_one_line(&run.by))
    };
    state.runs.iter().map(line).collect()
}

fn word(command: Command) -> &'static str {
    match command {
        Command::Apply => "apply",
        Command::Destroy => "destroy",
        Command::Move => "state mv",
        Command::Forget => "state forget",
        Command::Freeze => "state freeze",
        Command::Resolve => "state resolve",
        Command::Import => "state import",
        Command::Rekey => "state rekey",
    }
}

/// A time as text: `2026-12-01 12:30 UTC`.
fn time(milliseconds: u64) -> String {
    let (days, minutes) = (milliseconds / 86_400_000, milliseconds / 60_000 % 1440);
    let date = value::date_text(days as i32);
    format!("{date} {:02}:{:02} UTC", minutes / 60, minutes % 60)
}

fn day(text: &str) -> Result<i32, String> {
    match value::parse_scalar(value::ScalarKind::Date, text) {
        Ok(value::Value::Date(day)) => Ok(day),
        _ => Err("write it as `2026-12-31`".to_owned()),
    }
}

/// What somebody says of an operation that nobody heard the end of.
fn resolve(state: &State, address: &str, done: bool) -> Result<Vec<Record>, Told> {
    let open: Vec<&Open> = state.open.values().filter(|open| open.intent.entry.address == address).collect();
    if open.is_empty() {
        let list = source::list_of(state.open.values().map(|open| open.intent.entry.address.as_str()));
        let help = if list.is_empty() { "nothing is open".to_owned() } else { format!("open are {list}") };
        return Err(Told::new("nothing_open", format!("nothing is open about `{address}`"), help));
    }
    open.iter().map(|open| became(open, address, done)).collect()
}

fn became(open: &Open, address: &str, done: bool) -> Result<Record, Told> {
    let intent = &open.intent;
    let (result, object) = match (done, intent.action) {
        (true, Action::Delete) => (Ended::Done, None),
        (false, Action::Create) => (Ended::Refused { proof: "somebody said so".to_owned() }, None),
        (false, Action::Update | Action::Delete) => {
            (Ended::Refused { proof: "somebody said so".to_owned() }, intent.before.clone())
        }
        (true, Action::Create | Action::Update) => {
            let help = "say `--undone`, then plan: what is there is looked at, and is told where it is in the way";
            let message = format!("what `{address}` became is not known, only that it was done");
            return Err(Told::new("not_known", message, help));
        }
    };
    let (at, by) = (state::Clock::now(&SystemClock), By::Person { who: who() });
    Ok(Record::Outcome(Box::new(Became { op: intent.op, at, result, object, by })))
}

/// The variable with the key that takes the place of the one of now.
const NEW_KEY: &str = "INFRAC_NEW_STATE_KEY";

fn rekey(whose: &Whose, teller: &Teller) -> Result<Outcome, Outcome> {
    let environment = environment(whose, teller)?;
    let Ok(text) = std::env::var(NEW_KEY) else {
        let help = "a key is 32 bytes, as 64 hexadecimal digits or in Base64";
        return Err(teller.fail("state_no_key", format!("{NEW_KEY} must be given"), help));
    };
    let new = state::Kek::from_text(&text, NEW_KEY).map_err(|error| refused(&error, teller))?;
    let mut kept: Kept = open(whose, &environment, "infrac state rekey", teller)?;
    kept.journal.rekey(new).map_err(|error| refused(&error, teller))?;
    close(kept, teller)?;
    teller.say("the state is sealed with the new key: give that one from now on\n");
    Ok(Outcome::Done)
}
