//! A plan as it is read at a terminal: what is destroyed and replaced first, each thing with its line of the program, what changes in it
//! and why.

use engine::{Drift, Plan, Reason, Why};
use source::on_one_line;
use state::{Action, Change, Life, TreeStep, Uid};

use super::values::lines;
use super::{Sort, Thing, path_text, shown, things};

/// The whole plan.
pub fn plan(plan: &Plan) -> String {
    let mut text = String::new();
    for drift in &plan.drifted {
        text.push_str(&drift_lines(drift));
    }
    for thing in things(plan) {
        text.push_str(&thing_lines(&thing));
    }
    plan.changes.iter().filter_map(|change| change_line(change, plan)).for_each(|line| text.push_str(&line));
    for (name, (before, after)) in &plan.outputs {
        let before = before.as_ref().map(|before| format!("{} -> ", shown(Some(before)))).unwrap_or_default();
        text.push_str(&format!("=   output  {name}: {before}{}\n", shown(after.as_ref())));
    }
    for held in &plan.held {
        text.push_str(&format!("=   frozen  {}: {}\n", held.address, on_one_line(&held.because)));
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(&summary(plan));
    text.push_str(&rest(plan));
    text
}

/// What was changed behind infrac's back.
pub fn drift(all: &[Drift]) -> String {
    all.iter().map(drift_lines).collect()
}

/// One line that counts.
pub fn summary(plan: &Plan) -> String {
    let [replaced, created, changed, destroyed] = plan.counts();
    let counts = [(destroyed, "destroy"), (replaced, "replace"), (changed, "change"), (created, "create")];
    let counts: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} to {what}")).collect();
    let unchanged = match plan.unchanged {
        0 => String::new(),
        count => format!("{count} unchanged"),
    };
    let parts: Vec<&str> =
        counts.iter().map(String::as_str).chain([unchanged.as_str()]).filter(|part| !part.is_empty()).collect();
    match (counts.is_empty(), plan.has_changes()) {
        (true, false) => format!("nothing to do{}{}\n", if unchanged.is_empty() { "" } else { ": " }, unchanged),
        (true, true) => "nothing outside changes; what is remembered of it does\n".to_owned(),
        (false, _) => format!("{}\n", parts.join(", ")),
    }
}

/// What the plan is not about.
fn rest(plan: &Plan) -> String {
    let mut text = String::new();
    for left in &plan.left {
        let count = left.addresses.len();
        let things = if count == 1 { "thing of" } else { "things of" };
        let is = if count == 1 { "is" } else { "are" };
        text.push_str(&format!(
            "{count} {things} {} {is} left to its own tool: `infrac build` prints the steps\n",
            left.target
        ));
    }
    for address in &plan.idle {
        text.push_str(&format!(
            "nothing is known of {address}: what the program says of its end has been done, or has a slip in it\n"
        ));
    }
    for (address, why) in &plan.unresolved {
        text.push_str(&format!("nobody knows what became of {address}: {}\n", on_one_line(why)));
    }
    text
}

fn head(sign: &str, word: &str, address: &str, kind: &str, place: Option<&str>) -> String {
    let place = place.map(|place| format!("  {place}")).unwrap_or_default();
    format!("{sign:<3} {word:<7} {address} ({kind}){place}\n")
}

fn thing_lines(thing: &Thing<'_>) -> String {
    let step = thing.step;
    let mut text = head(thing.sort.sign(), thing.sort.word(), &step.address, &step.kind, step.place.as_deref());
    let whole = step.why.iter().filter(|why| why.path.is_empty()).map(reason_text);
    whole.filter(|why| !why.is_empty()).for_each(|why| text.push_str(&format!("      {why}\n")));
    if thing.sort == Sort::Destroy {
        return text;
    }
    let mut paths = thing.paths();
    // What was changed from outside is asked for as before.
    let others = step.why.iter().map(|why| &why.path).filter(|path| !path.is_empty());
    let others: Vec<Vec<TreeStep>> =
        others.filter(|path| !paths.iter().any(|known| known.starts_with(path))).cloned().collect();
    paths.extend(others);
    paths.iter().for_each(|path| text.push_str(&path_lines(thing, path)));
    text
}

fn path_lines(thing: &Thing<'_>, path: &[TreeStep]) -> String {
    let (before, after) =
        (thing.before.and_then(|before| before.at(path)), thing.after.and_then(|after| after.at(path)));
    let why = thing.step.why.iter().find(|why| !why.path.is_empty() && path.starts_with(&why.path));
    let why = why.map(reason_text).filter(|why| !why.is_empty());
    let why = why.map(|why| format!("  ({why})")).unwrap_or_default();
    let name = path_text(path);
    match (thing.before, lines(before, after)) {
        (Some(_), Some(lines)) if !lines.is_empty() => {
            let lines: String = lines.iter().map(|line| format!("        {line}\n")).collect();
            format!("      {name}{why}\n{lines}")
        }
        // What was changed from outside is shown with the drift.
        (Some(_), _) if before == after => format!("      {name}{why}\n"),
        (Some(_), _) => format!("      {name}: {} -> {}{why}\n", shown(before), shown(after)),
        (None, _) => format!("      {name} = {}\n", shown(after)),
    }
}

/// Why something is done; nothing where it is plain to see.
pub fn reason_text(why: &Why) -> String {
    match &why.reason {
        Reason::Changed | Reason::KnownLater => String::new(),
        Reason::Drifted => "was changed from outside".to_owned(),
        Reason::CannotChange => "cannot be changed in what there is".to_owned(),
        Reason::Left => "the program has it no more".to_owned(),
        Reason::Replaced { id } => format!("{} was replaced, and is there still", on_one_line(id)),
        Reason::Destroyed => "everything goes".to_owned(),
        Reason::Gone => "it was there, and is gone".to_owned(),
        Reason::Unfinished { why } => why.clone(),
        Reason::Elsewhere => "it stands in another place now".to_owned(),
    }
}

fn drift_lines(drift: &Drift) -> String {
    let Some(now) = &drift.now else {
        return head("!", "gone", &drift.address, &drift.kind, drift.place.as_deref());
    };
    let mut text = head("!", "drifted", &drift.address, &drift.kind, drift.place.as_deref());
    for path in drift.paths() {
        let (before, now) = (shown(drift.before.at(&path)), shown(now.at(&path)));
        text.push_str(&format!("      {}: {before} -> {now}\n", path_text(&path)));
    }
    text
}

/// What is written down without touching anything; none: it is our own matter.
fn change_line(change: &Change, plan: &Plan) -> Option<String> {
    let called = |uid: &Uid| plan.called.get(uid).map_or("", String::as_str);
    Some(match change {
        Change::Move { uid, to } => format!("=   move    {} to {to}\n", called(uid)),
        Change::Forget { uid, because } => {
            format!("=   forget  {}: {}; it stays where it is\n", called(uid), on_one_line(because))
        }
        Change::Adopt { entry } => format!("=   adopt   {} ({})\n", entry.address, entry.kind),
        Change::Life { uid, life, .. } => format!("=   life    {}: {}\n", called(uid), life_text(life)),
        Change::Freeze { uid, freeze } => format!("=   freeze  {}: {}\n", called(uid), on_one_line(&freeze.because)),
        Change::Thaw { uid } => format!("=   thaw    {}\n", called(uid)),
        Change::Edges { .. } => return None,
    })
}

/// How something lives.
fn life_text(life: &Life) -> String {
    let mut text = if life.protect { "protected" } else { "not protected" }.to_owned();
    if life.create_first {
        text.push_str(", its successor is made first");
    }
    if !life.ignore.is_empty() {
        let paths: Vec<String> = life.ignore.iter().map(|path| path_text(path)).collect();
        text.push_str(&format!(", others may change {}", paths.join(", ")));
    }
    text
}

/// The word for an action that runs.
pub fn doing(action: Action) -> &'static str {
    match action {
        Action::Create => "creating",
        Action::Update => "changing",
        Action::Delete => "destroying",
    }
}
