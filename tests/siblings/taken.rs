//! Whether everything that stands both before and after something was taken away is called the same, and nothing went that was
//! not made for what was taken.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::built::Built;
use crate::remains::{Dropped, remains};

/// What was taken out of a program.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    /// Addresses that go with all below them: `front`, `front["a"]`, `dublin`.
    pub roots: BTreeSet<String>,
    /// Keys of loops: every element of this name goes.
    pub keys: BTreeSet<String>,
    /// Statements that stay and were an end of a flow that was taken.
    pub ends: BTreeSet<String>,
    /// How many flows were taken, where that is known.
    pub flows: Option<usize>,
    /// The names, keys and ranges of what was taken: what goes from the lists of others has one of them.
    pub words: BTreeSet<String>,
    /// Names of platform values: what is made once for all that stand there goes with the last that needs it.
    pub platforms: BTreeSet<String>,
}

/// How much was compared.
#[derive(Clone, Copy, Debug, Default)]
pub struct Compared {
    pub same: usize,
    pub gone: usize,
}

/// Resources that the library makes for an end because of a flow: a group of its own, a Service, its parts of a policy.
const MADE_FOR_FLOWS: [&str; 5] = [".own", ".front", ".called_later", ".calls_later", ".later"];

/// The statements that one tool made before and another makes now: their platform was taken, and they stand on one that is left.
fn elsewhere(before: &Built, after: &Built) -> BTreeSet<String> {
    let top = |address: &String| address.split(['.', '[']).next().unwrap_or_default().to_owned();
    let tops = |built: &Built| built.terraform.keys().map(top).collect::<BTreeSet<_>>();
    let (was, is) = (tops(before), tops(after));
    after.addresses.iter().map(top).filter(|top| was.contains(top) && !is.contains(top)).collect()
}

/// Everything that is not as it should be.
pub fn compare(before: &Built, after: &Built, taken: &Taken) -> Result<Compared, Vec<String>> {
    let elsewhere = elsewhere(before, after);
    let mut taken = taken.clone();
    taken.roots.extend(elsewhere.iter().chain(&before.watchers).cloned());
    let taken = &taken;
    let mut wrong = Vec::new();
    let mut dropped = Vec::new();
    let stays = |address: &&String| !elsewhere.iter().any(|top| is_at_or_below(address, top));
    for address in after.addresses.difference(&before.addresses).filter(stays) {
        wrong.push(format!("`{address}` is new"));
    }
    for key in after.flows.difference(&before.flows) {
        wrong.push(format!("the flow `{key}` is new"));
    }
    for path in after.files.keys().filter(|path| !before.files.contains_key(*path)) {
        wrong.push(format!("the file `{path}` is new"));
    }
    let gone_flows: BTreeSet<&str> = before.flows.difference(&after.flows).map(String::as_str).collect();
    if taken.flows.is_some_and(|count| count != gone_flows.len()) {
        wrong.push(format!("{:?} flows were taken, and these went: {gone_flows:?}", taken.flows));
    }
    let mut keep = |name: &str, left: &Value, was: &Value| {
        let known = dropped.len();
        if let Err(cause) = remains(left, was, "", &mut dropped) {
            wrong.push(format!("{name}: {cause}"));
        }
        dropped[known..].iter_mut().for_each(|piece| name.clone_into(&mut piece.of));
    };
    for (address, (label, body)) in &after.terraform {
        let Some((old, was)) = before.terraform.get(address) else { continue };
        keep(address, &Value::String(label.clone()), &Value::String(old.clone()));
        keep(address, body, was);
    }
    for (name, block) in &after.blocks {
        keep(&format!("block {name}"), block, before.blocks.get(name).unwrap_or(&Value::Null));
    }
    let is_of_watcher = |name: &String| before.watchers.iter().any(|watcher| stem(name) == watcher);
    for (name, object) in after.objects.iter().filter(|(name, _)| !is_of_watcher(name)) {
        let Some(was) = before.objects.get(name) else {
            keep(&format!("object {name}"), &Value::Bool(true), &Value::Null);
            continue;
        };
        let (left, was) = (without_openings(name, object, taken), without_openings(name, was, taken));
        keep(&format!("object {name}"), &left, &was);
    }
    let gone = Gone::of(before, after);
    gone.told(before, after, taken, &gone_flows, &mut wrong);
    gone.explain_dropped(&dropped, before, after, taken, &gone_flows, &mut wrong);
    let same = after.addresses.intersection(&before.addresses).count();
    if wrong.is_empty() { Ok(Compared { same, gone: gone.addresses.len() }) } else { Err(wrong) }
}

/// How an end is reached depends on who may reach it; how it is called does not.
fn without_openings(name: &str, object: &Value, taken: &Taken) -> Value {
    let mut object = object.clone();
    if !is_end(name, taken) || object["kind"] != "Service" {
        return object;
    }
    for (at, field) in [
        ("/spec", "type"),
        ("/spec", "externalTrafficPolicy"),
        ("/spec", "loadBalancerSourceRanges"),
        ("/metadata", "annotations"),
    ] {
        if let Some(Value::Object(fields)) = object.pointer_mut(at) {
            fields.shift_remove(field);
        }
    }
    object
}

/// Whether an object stands in the file of a statement that was an end of a flow that was taken.
fn is_end(object: &str, taken: &Taken) -> bool {
    taken
        .ends
        .iter()
        .any(|end| stem(object).strip_prefix(end.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('-')))
}

/// The name of the file of an object, without its ending.
fn stem(object: &str) -> &str {
    let file = object.split(' ').next().unwrap_or(object);
    file.rsplit('/').next().unwrap_or(file).trim_end_matches(".yaml")
}

fn is_at_or_below(address: &str, root: &str) -> bool {
    address.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

fn mentions(text: &str, word: &str) -> bool {
    // A word is met whole: `front` is not part of `storefront`.
    text.match_indices(word).any(|(at, _)| {
        let edge = |character: Option<char>| character.is_none_or(|character| !character.is_ascii_alphanumeric());
        edge(text[..at].chars().next_back()) && edge(text[at + word.len()..].chars().next())
    })
}

/// What is there before and not after.
struct Gone<'a> {
    addresses: BTreeSet<&'a str>,
    /// Of Terraform: address and label.
    labels: BTreeMap<&'a str, &'a str>,
}

impl<'a> Gone<'a> {
    fn of(before: &'a Built, after: &'a Built) -> Self {
        let addresses: BTreeSet<&str> = before.addresses.difference(&after.addresses).map(String::as_str).collect();
        let label = |address: &&'a str| before.terraform.get(*address).map(|(label, _)| (*address, label.as_str()));
        let labels = addresses.iter().filter_map(label).collect();
        Self { addresses, labels }
    }

    /// Everything that went was made for what was taken, and nothing that stays refers to it.
    fn told(&self, before: &Built, after: &Built, taken: &Taken, gone_flows: &BTreeSet<&str>, wrong: &mut Vec<String>) {
        let mut explained: BTreeSet<&str> = BTreeSet::new();
        loop {
            let known = explained.len();
            for address in &self.addresses {
                if !explained.contains(address)
                    && (self.is_taken(address, before, taken, gone_flows)
                        || self.refers_to(address, before, &explained)
                        || self.is_empty_now(address, after, &explained))
                {
                    explained.insert(address);
                }
            }
            if explained.len() == known {
                break;
            }
        }
        for address in self.addresses.difference(&explained) {
            wrong.push(format!("`{address}` went, and was not made for what was taken"));
        }
        for label in self.labels.values() {
            for (address, (_, body)) in &after.terraform {
                let text = body.to_string();
                if text.contains(&format!("{label}.")) || text.contains(&format!("{label}}}")) {
                    wrong.push(format!("`{address}` refers to {label}, which went"));
                }
            }
        }
    }

    fn is_taken(&self, address: &str, before: &Built, taken: &Taken, gone_flows: &BTreeSet<&str>) -> bool {
        let root = address.split(['.', '[']).next().unwrap_or(address);
        let is_rule = |(_, body): &(String, Value)| {
            let flows = body["description"].as_str().unwrap_or_default();
            flows.split(", ").all(|flow| gone_flows.contains(flow))
        };
        let made_for_flow = taken.ends.contains(root) && MADE_FOR_FLOWS.iter().any(|step| address.contains(step));
        let of_platform = taken.platforms.contains(root);
        let has_key = |key: &String| address.contains("[\"") && mentions(address, key);
        taken.roots.iter().any(|taken| is_at_or_below(address, taken))
            || taken.keys.iter().any(has_key)
            || before.terraform.get(address).is_some_and(is_rule)
            || made_for_flow
            || of_platform
    }

    /// It stood for something that went: an attachment, an entry of a list.
    fn refers_to(&self, address: &str, before: &Built, explained: &BTreeSet<&str>) -> bool {
        let Some((_, body)) = before.terraform.get(address) else { return false };
        let text = body.to_string();
        explained
            .iter()
            .filter_map(|other| self.labels.get(other))
            .any(|label| text.contains(&format!("{label}.")) || text.contains(&format!("{label}}}")))
    }

    /// An instance of which nothing is left.
    fn is_empty_now(&self, address: &str, after: &Built, explained: &BTreeSet<&str>) -> bool {
        let below = |other: &str| other != address && is_at_or_below(other, address);
        !after.addresses.iter().any(|other| below(other)) && explained.iter().any(|other| below(other))
    }

    /// What went from lists was there because of what was taken.
    fn explain_dropped(
        &self,
        dropped: &[Dropped],
        before: &Built,
        after: &Built,
        taken: &Taken,
        gone_flows: &BTreeSet<&str>,
        wrong: &mut Vec<String>,
    ) {
        let gone_files = before.files.keys().filter(|path| !after.files.contains_key(*path));
        let file = |path: &String| path.rsplit('/').next().unwrap_or(path).to_owned();
        let mut words: BTreeSet<String> = gone_files.map(file).collect();
        words.extend(taken.words.iter().cloned());
        // What is not watched any more is called by nobody.
        words.extend(before.watchers.iter().cloned());
        words.extend(gone_flows.iter().map(|flow| (*flow).to_owned()));
        words.extend(self.labels.values().map(|label| (*label).to_owned()));
        for piece in dropped {
            // The first flow out opens the way to the names of others as well.
            let is_dns = piece.text.contains("53") && piece.path.contains("egress");
            // An end is known there by its address, which may be that of its network.
            let is_rule = is_end(piece.of.trim_start_matches("object "), taken)
                && [".spec.ingress", ".spec.egress"].iter().any(|path| piece.path.starts_with(path));
            let is_explained =
                is_dns || is_rule || is_unused(piece, after) || words.iter().any(|word| mentions(&piece.text, word));
            if !is_explained {
                wrong.push(format!(
                    "{}{} lost {}, which has nothing of what was taken",
                    piece.of, piece.path, piece.text
                ));
            }
        }
    }
}

/// A provider on which nothing stands any more, an output of which nothing is left.
fn is_unused(piece: &Dropped, after: &Built) -> bool {
    match piece.of.as_str() {
        "block provider" => {
            let alias = serde_json::from_str::<Value>(&piece.text)
                .ok()
                .and_then(|provider| Some(format!("aws.{}", provider["alias"].as_str()?)));
            after.terraform.values().all(|(_, body)| body["provider"].as_str() != alias.as_deref())
        }
        "block output" => {
            let local = piece.text.split("local.").nth(1).and_then(|rest| rest.split([' ', ')', ':']).next());
            local.is_some_and(|local| after.blocks.get("locals").is_none_or(|locals| locals.get(local).is_none()))
        }
        _ => false,
    }
}
