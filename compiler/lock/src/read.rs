//! Reads the file. What cannot be read is told with its line: a lock that is half understood would forget something.

use std::collections::BTreeMap;

use check::checked::SaidWhat;
use emit::{ClusterName, EmittedObject, Ground, HeldResource, LeftObject, Number, ObjectName, ProviderInUse, StateAt};
use serde_json::Value as Json;
use value::WrittenAddress;

use crate::line::{Line, What};
use crate::{FILE, Lock};

/// Why the file cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LockError {
    /// The first line is 1.
    pub line: usize,
    pub what: String,
    pub help: String,
}

/// Reads the text of the file.
pub fn read(text: &str) -> Result<Lock, LockError> {
    let mut lock = Lock::default();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim_end_matches('\r');
        let told = |what: String, help: &str| LockError { line: at + 1, what, help: help.to_owned() };
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if ["<<<<<<<", "|||||||", "=======", ">>>>>>>"].iter().any(|marker| line.starts_with(marker)) {
            return Err(told(
                format!("a merge stopped in `{FILE}`"),
                "remove the lines of markers, keep the lines of both sides, then run `infrac lock`",
            ));
        }
        let (kind, rest) = line.split_once(' ').unwrap_or((line, ""));
        if !["held", "object", "platform", "left", "said", "state", "provider"].contains(&kind) {
            let shown: String = kind.chars().take(40).flat_map(char::escape_default).collect();
            return Err(told(
                format!("`{FILE}` has an entry of the kind `{shown}`, which is not known"),
                "use the infrac that wrote it, or a newer one",
            ));
        }
        let line = entry(kind, rest).ok_or_else(|| {
            told(
                format!("`{FILE}` has an entry `{kind}` that cannot be read"),
                "restore the line from the history of the file, then run `infrac lock`",
            )
        })?;
        lock.add(line);
    }
    Ok(lock)
}

fn entry(kind: &str, rest: &str) -> Option<Line> {
    if kind == "provider" {
        return Some(Line { environment: None, what: What::Hashes(rest.to_owned()) });
    }
    let (environment, values) = rest.split_once(' ')?;
    let is_name = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    let environment = match environment {
        "*" => None,
        name if !name.is_empty() && is_name(name) => Some(name.to_owned()),
        _ => return None,
    };
    let values: Vec<Json> =
        serde_json::Deserializer::from_str(values).into_iter::<Json>().collect::<Result<_, _>>().ok()?;
    let what = match kind {
        "held" => What::Held(held(&values)?),
        "object" => {
            let LeftObject { cluster, object } = object(&values)?;
            What::Object { cluster, object }
        }
        "platform" => What::Platform(platform(&values)?),
        "said" => What::Said(said(&values)?),
        "state" => What::State(state(&values)?),
        _ => match (values.first()?.as_str()?, values.get(1..)?) {
            ("object", rest) => What::LeftObject(object(rest)?),
            ("platform", rest) => What::LeftPlatform(platform(rest)?),
            ("held", rest) => What::LeftHeld(held(rest)?),
            ("needs", [by, needs]) => {
                What::LeftNeeds { by: is_reference(by.as_str()?)?.to_owned(), needs: references(needs)? }
            }
            _ => return None,
        },
    };
    Some(Line { environment, what })
}

/// A reference goes into a file for Terraform: nothing else may stand there.
fn is_reference(text: &str) -> Option<&str> {
    let (kind, label) = text.split_once('.')?;
    (is_word(kind) && is_word(label)).then_some(text)
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

/// Whether no text in it is a template for Terraform.
fn is_literal(value: &Json) -> bool {
    match value {
        Json::String(text) => {
            let text = text.replace("$${", "").replace("%%{", "");
            !text.contains("${") && !text.contains("%{")
        }
        Json::Array(elements) => elements.iter().all(is_literal),
        Json::Object(entries) => entries.values().all(is_literal),
        Json::Null | Json::Bool(_) | Json::Number(_) => true,
    }
}

fn optional(value: &Json) -> Option<Option<String>> {
    match value {
        Json::Null => Some(None),
        Json::String(text) => Some(Some(text.clone())),
        Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => None,
    }
}

fn text(value: &Json) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn state(values: &[Json]) -> Option<StateAt> {
    let [target, backend, settings] = values else { return None };
    let settings = settings.as_object()?.iter().map(|(name, value)| Some((name.clone(), text(value)?)));
    (target == ProviderInUse::TARGET).then_some(())?;
    Some(StateAt { backend: text(backend)?, settings: settings.collect::<Option<_>>()? })
}

fn held(values: &[Json]) -> Option<HeldResource> {
    let [address, reference, more] = values else { return None };
    let names = more.get("names")?.as_object()?.iter();
    let names = names.map(|(of, name)| Some((of.clone(), text(name).filter(|name| !name.is_empty())?)));
    Some(HeldResource {
        address: text(address)?,
        reference: is_reference(reference.as_str()?)?.to_owned(),
        names: names.collect::<Option<_>>()?,
        guarded: more.get("guarded")?.as_bool()?,
        needs: references(more.get("needs")?)?,
        on: more.get("on").map_or(Some(None), optional)?,
        grounds: more.get("grounds").map_or_else(|| Some(BTreeMap::new()), grounds)?,
    })
}

fn grounds(all: &Json) -> Option<BTreeMap<String, Ground>> {
    let ground = |(reference, ground): (&String, &Json)| {
        let [address, fixed] = ground.as_array()?.as_slice() else { return None };
        let fixed = fixed.as_object()?.iter().map(|(name, value)| Some((name.clone(), text(value)?)));
        let ground = Ground { address: text(address)?, fixed: fixed.collect::<Option<_>>()? };
        Some((is_reference(reference)?.to_owned(), ground))
    };
    all.as_object()?.iter().map(ground).collect()
}

fn references(list: &Json) -> Option<Vec<String>> {
    list.as_array()?.iter().map(|reference| is_reference(reference.as_str()?).map(str::to_owned)).collect()
}

fn object(values: &[Json]) -> Option<LeftObject> {
    let [folder, api_version, kind, namespace, name, more] = values else { return None };
    let folder = text(folder)?;
    // It becomes a part of a path.
    let (target, name_of_cluster) = folder.split_once('/').unwrap_or((&folder, &folder));
    if name_of_cluster.contains(|letter: char| matches!(letter, '/' | '\\') || letter.is_control())
        || matches!(name_of_cluster, "" | "." | "..")
    {
        return None;
    }
    emit::target::named(target)?;
    let cluster = ClusterName { folder, context: optional(more.get("context")?)?, made: more.get("made")?.as_bool()? };
    let name = ObjectName {
        api_version: text(api_version)?,
        kind: text(kind)?,
        namespace: optional(namespace)?,
        name: text(name)?,
    };
    let address = more.get("of").map_or_else(|| Some(String::new()), text)?;
    let number = match more.get("number") {
        None => Number::Others,
        Some(number) => match number.as_str()? {
            "program" => Number::Program,
            "taken over" => Number::TakenOver,
            _ => return None,
        },
    };
    let keeps_data = more.get("data")?.as_bool()?;
    Some(LeftObject { cluster, object: EmittedObject { name, keeps_data, address, number } })
}

fn platform(values: &[Json]) -> Option<ProviderInUse> {
    let [target, provider, alias, more] = values else { return None };
    (target == ProviderInUse::TARGET).then_some(())?;
    let is_name = |name: &String| is_word(name);
    Some(ProviderInUse {
        provider: text(provider).filter(is_name)?,
        alias: match optional(alias)? {
            Some(alias) => Some(Some(alias).filter(is_name)?),
            None => None,
        },
        source: text(more.get("source")?)?,
        version: text(more.get("version")?)?,
        inputs: more.get("inputs")?.as_object().filter(|inputs| inputs.values().all(is_literal))?.clone(),
    })
}

fn said(values: &[Json]) -> Option<SaidWhat> {
    let [word, first, second] = values else { return None };
    let address = |value: &Json| WrittenAddress::read(value.as_str()?).ok();
    Some(match word.as_str()? {
        "moved" => SaidWhat::Moved { from: address(first)?, to: address(second)? },
        "forget" => SaidWhat::Forget { address: address(first)?, because: optional(second)? },
        "adopt" => SaidWhat::Adopt { address: address(first)?, id: text(second)? },
        "destroy" => SaidWhat::Destroy { address: address(first)?, because: text(second)? },
        _ => return None,
    })
}
