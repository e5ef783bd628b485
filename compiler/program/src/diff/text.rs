//! Differences for people: each decision with what it is on both sides, and under it what follows, a line each.

use super::{Cause, Decided, Diff, Difference, Only, Side};
use crate::why::Spot;

/// How many characters of a value stand on the line of a consequence.
const BRIEF: usize = 60;

impl Diff {
    /// The whole list, with a count at the end.
    pub fn text(&self) -> String {
        if self.is_empty() {
            return format!("{} and {} are the same\n", self.left, self.right);
        }
        let heads = |at: &usize| self.consequences(|causes| causes.first() == Some(at));
        let all = || (0..).zip(&self.causes);
        let with: Vec<String> = all()
            .map(|(at, cause)| (cause, heads(&at)))
            .filter(|(_, follows)| !follows.is_empty())
            .map(|(cause, follows)| format!("{}{follows}", self.cause(cause)))
            .collect();
        let alone: String =
            all().filter(|(at, _)| heads(at).is_empty()).map(|(at, cause)| self.alone(at, cause)).collect();
        let rest = self.consequences(|causes| causes.is_empty());
        let titled = |title: &str, lines: &str| (!lines.is_empty()).then(|| format!("{title}\n{lines}"));
        let parts: Vec<String> = with
            .into_iter()
            .chain(titled("Also different, by no decision that is known:", &rest))
            .chain(titled("Also decided differently:", &alone))
            .collect();
        format!("{}\n{}\n", parts.join("\n"), self.counts())
    }

    fn counts(&self) -> String {
        let mut counts = vec![counted(self.causes.len(), "decision differs", "decisions differ")];
        if !self.fields.is_empty() {
            counts.push(counted(self.fields.len(), "field follows", "fields follow"));
        }
        if !self.only.is_empty() {
            counts.push(counted(
                self.only.len(),
                "thing stands in one of them only",
                "things stand in one of them only",
            ));
        }
        counts.join(", ")
    }

    fn cause(&self, cause: &Cause) -> String {
        let width = self.left.len().max(self.right.len());
        let side = |name: &str, decided: &Decided| {
            let at = if cause.left.at == cause.right.at { String::new() } else { format!("  {}", decided.at) };
            format!("  {name:<width$}  {}{at}\n", shown(decided))
        };
        let at = if cause.left.at == cause.right.at { format!("  {}", cause.left.at) } else { String::new() };
        format!("{}{at}\n{}{}", cause.what, side(&self.left, &cause.left), side(&self.right, &cause.right))
    }

    /// A cause that heads nothing, on one line.
    fn alone(&self, at: usize, cause: &Cause) -> String {
        let (only, fields) = (self.only.iter().map(|only| &only.causes), self.fields.iter().map(|field| &field.causes));
        let shares = only.chain(fields).any(|causes| causes.contains(&at));
        let also = if shares { "  decides with what stands above" } else { "" };
        let (left, right) = (shown(&cause.left), shown(&cause.right));
        format!("  {}  {left} -> {right}  {}{also}\n", cause.what, places(&cause.left.at, &cause.right.at))
    }

    /// The lines of what has these causes.
    fn consequences(&self, wanted: impl Fn(&[usize]) -> bool) -> String {
        let only = self.only.iter().filter(|only| wanted(&only.causes)).map(|only| self.only(only));
        let fields = self.fields.iter().filter(|field| wanted(&field.causes)).map(|field| self.field(field));
        only.chain(fields).collect()
    }

    fn only(&self, only: &Only) -> String {
        let also = self.also(&only.causes);
        format!("    {}  ({})  only in {}  {}{also}\n", only.address, only.kind, only.environment, only.at)
    }

    fn field(&self, field: &Difference) -> String {
        let dot = if field.field.is_empty() || field.field.starts_with('[') { "" } else { "." };
        let at = places(&field.left.at, &field.right.at);
        let also = self.also(&field.causes);
        let (left, right) = (brief(&field.left), brief(&field.right));
        format!("    {}{dot}{}  ({})  {left} -> {right}  {at}{also}\n", field.address, field.field, field.kind)
    }

    /// The other causes of something.
    fn also(&self, causes: &[usize]) -> String {
        let mut names: Vec<&str> = Vec::new();
        for cause in causes.iter().skip(1).filter_map(|at| self.causes.get(*at)) {
            if !names.contains(&cause.what.as_str()) {
                names.push(&cause.what);
            }
        }
        if names.is_empty() { String::new() } else { format!("  also by {}", names.join(", ")) }
    }
}

fn shown(decided: &Decided) -> &str {
    decided.value.as_deref().unwrap_or("absent")
}

/// One place when both stand there.
fn places(left: &Spot, right: &Spot) -> String {
    if left.file == right.file && left.line == right.line { left.to_string() } else { format!("{left}, {right}") }
}

fn brief(side: &Side) -> String {
    let value = side.value.as_deref().unwrap_or("absent");
    match value.char_indices().nth(BRIEF) {
        Some((cut, _)) => format!("{}…", value.get(..cut).unwrap_or_default()),
        None => value.to_owned(),
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
