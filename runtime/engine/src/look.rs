//! Looking at what is there: what was changed behind infrac's back, and what became of operations that nobody heard the end of.

use std::collections::BTreeMap;

use drivers::{Finding, Made, Read, RecoverAsk, differences};
use futures_util::StreamExt;
use futures_util::stream::FuturesOrdered;
use serde::{Deserialize, Serialize};
use state::{
    Action, By, Clock, Condition, Entropy, Entry, Object, Open, Outcome, Record, Result as Ended, Tree, TreeStep, Uid,
};

use crate::ledger::{Ledger, Secrets};
use crate::sessions::{Drivers, Opened, Sessions};
use crate::told::Told;

/// Something that is not as infrac left it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Drift {
    pub uid: Uid,
    pub address: String,
    pub kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// None: it is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<Tree>,
    pub before: Tree,
}

impl Drift {
    /// What differs.
    pub fn paths(&self) -> Vec<Vec<TreeStep>> {
        self.now.as_ref().map(|now| differences(&self.before, now)).unwrap_or_default()
    }
    pub(crate) fn seal(&mut self, secrets: &dyn Secrets) -> Result<(), Told> {
        self.before = secrets.seal(&self.before)?;
        if let Some(now) = &mut self.now {
            *now = secrets.seal(now)?;
        }
        Ok(())
    }
}

/// The driver at the place where an object is.
pub(crate) async fn session_of<'a>(
    driver: &str,
    object: &Object,
    sessions: &mut Sessions<'a>,
    ledger: &dyn Ledger,
    entropy: &mut dyn Entropy,
) -> Result<Opened, Told> {
    let state = ledger.state();
    let config = state.configurations.get(&object.config);
    let (name, inputs) =
        config.map_or((String::new(), Tree::Null), |config| (config.name.clone(), config.inputs.clone()));
    let inputs = ledger.open(&inputs)?;
    sessions.open(driver, &name, &inputs, state, entropy).await
}

/// Looks at things, all at once: each with its secrets open and the attributes of now. What is gone is not among them.
pub(crate) async fn read_all<'a>(
    entries: &[Entry],
    sessions: &mut Sessions<'a>,
    ledger: &dyn Ledger,
    entropy: &mut dyn Entropy,
) -> Result<BTreeMap<Uid, Object>, Vec<Told>> {
    let (mut looks, mut told) = (Vec::new(), Vec::new());
    for entry in entries {
        let Some(object) = &entry.current else { continue };
        let opened = session_of(&entry.driver, object, sessions, ledger, entropy).await;
        let opened = opened.map_err(|told| told.about(&*entry.address));
        match opened.and_then(|opened| Ok((opened, ledger.open_object(object)?))) {
            Ok((opened, object)) => looks.push((entry, opened, object)),
            Err(mistake) => told.push(mistake),
        }
    }
    let reads = looks.iter().map(|(entry, opened, object)| opened.session.read(crate::plan::thing(entry), object));
    let reads: Vec<Read> = reads.collect::<FuturesOrdered<_>>().collect().await;
    let mut there = BTreeMap::new();
    for ((entry, _, mut object), read) in looks.into_iter().zip(reads) {
        match read {
            Read::Present(attributes) => {
                object.attributes = attributes;
                there.insert(entry.uid, object);
            }
            Read::Gone(_) => {}
            Read::Failed(trouble) => told.push(Told::of_driver(trouble, &entry.address)),
        }
    }
    if told.is_empty() { Ok(there) } else { Err(told) }
}

/// What differs between what is known of a thing and what is there.
pub(crate) fn drift_of(entry: &Entry, now: Option<&Object>, ledger: &dyn Ledger) -> Result<Option<Drift>, Told> {
    let Some(known) = entry.current.as_ref().filter(|known| known.condition != Condition::Gone) else {
        return Ok(None);
    };
    let before = ledger.open(&known.attributes)?;
    if now.is_some_and(|now| now.attributes == before) {
        return Ok(None);
    }
    let (address, kind, place) = (entry.address.clone(), entry.kind.clone(), entry.place.clone());
    Ok(Some(Drift { uid: entry.uid, address, kind, place, now: now.map(|now| now.attributes.clone()), before }))
}

/// What was changed behind infrac's back. It only reads.
///
/// # Errors
/// Something could not be looked at.
pub async fn drift(drivers: &Drivers, ledger: &dyn Ledger, entropy: &mut dyn Entropy) -> Result<Vec<Drift>, Vec<Told>> {
    let entries: Vec<Entry> = ledger.state().entries.values().cloned().collect();
    let there = read_all(&entries, &mut Sessions::new(drivers), ledger, entropy).await?;
    let mut found = Vec::new();
    for entry in &entries {
        found.extend(drift_of(entry, there.get(&entry.uid), ledger).map_err(|told| vec![told])?);
    }
    found.sort_by(|left, right| left.address.cmp(&right.address));
    Ok(found)
}

/// An operation that was found again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recovered {
    pub address: String,
    /// What became of it, in words.
    pub found: String,
    /// Whether nobody can tell.
    pub unknown: bool,
}

/// How often something that is still going on is looked at again in one run.
const LOOKS: u32 = 20;

/// Finds out what became of operations that nobody heard the end of, and writes it down.
///
/// # Errors
/// It could not be written down.
pub async fn recover(
    drivers: &Drivers,
    ledger: &mut dyn Ledger,
    clock: &dyn Clock,
    entropy: &mut dyn Entropy,
) -> Result<Vec<Recovered>, Told> {
    let open: Vec<Open> = ledger.state().open.values().cloned().collect();
    let mut sessions = Sessions::new(drivers);
    let mut recovered = Vec::new();
    for open in open {
        let finding = match find(&open, &mut sessions, ledger, entropy).await {
            Ok(finding) => finding,
            Err(told) => Finding::Unknown(told.message),
        };
        let (outcome, found, unknown) = concluded(&open, finding, clock.now(), &*ledger)?;
        ledger.append(&[Record::Outcome(Box::new(outcome))])?;
        recovered.push(Recovered { address: open.intent.entry.address.clone(), found, unknown });
    }
    Ok(recovered)
}

async fn find<'a>(
    open: &Open,
    sessions: &mut Sessions<'a>,
    ledger: &dyn Ledger,
    entropy: &mut dyn Entropy,
) -> Result<Finding, Told> {
    let intent = &open.intent;
    let object = intent.becomes.as_ref().or(intent.before.as_ref());
    let Some(object) = object else { return Ok(Finding::Unknown("it is not written down where it is".to_owned())) };
    let opened = session_of(&intent.entry.driver, object, sessions, ledger, entropy).await?;
    look_until(open, &opened, ledger).await
}

/// Looks at what became of an open operation, again while it is still going on.
pub(crate) async fn look_until(open: &Open, opened: &Opened, ledger: &dyn Ledger) -> Result<Finding, Told> {
    let intent = &open.intent;
    let before = intent.before.as_ref().map(|before| ledger.open_object(before)).transpose()?;
    let inputs = ledger.open(&intent.inputs)?;
    let ask = RecoverAsk {
        thing: crate::plan::thing(&intent.entry),
        op: intent.op,
        action: intent.action,
        before: before.as_ref(),
        inputs: &inputs,
        locator: &intent.locator,
    };
    let mut last = String::new();
    for _ in 0..LOOKS {
        match opened.session.recover(ask).await {
            Finding::Pending(_, why) => last = why,
            finding => return Ok(finding),
        }
    }
    Ok(Finding::Unknown(format!("it is still going on: {last}")))
}

/// What a finding means for an open operation.
pub(crate) fn concluded(
    open: &Open,
    finding: Finding,
    at: u64,
    secrets: &dyn Secrets,
) -> Result<(Outcome, String, bool), Told> {
    let intent = &open.intent;
    let by = |evidence: &str| By::Look { evidence: evidence.to_owned() };
    let outcome = |result, object, by| Outcome { op: intent.op, at, result, object, by };
    let what = match intent.action {
        Action::Create => "was made",
        Action::Update => "was changed",
        Action::Delete => "is gone",
    };
    Ok(match finding {
        Finding::Landed(made, evidence) => {
            let object =
                made.map(|made| object_of(made, intent.becomes.as_ref(), &intent.inputs, secrets)).transpose()?;
            (outcome(Ended::Done, object, by(&evidence)), format!("{what}: {evidence}"), false)
        }
        Finding::NotLanded(proof) => {
            let before = intent.before.clone().filter(|_| intent.action != Action::Create);
            let found = format!("was not carried out: {proof}");
            (outcome(Ended::Refused { proof: proof.clone() }, before, by(&proof)), found, false)
        }
        Finding::Unknown(why) | Finding::Pending(_, why) => {
            let found = format!("nobody can tell what became of it: {why}");
            (outcome(Ended::Unknown { why: why.clone() }, None, by(&why)), found, true)
        }
    })
}

/// A thing as its maker shows it, as it is kept.
pub(crate) fn object_of(
    made: Made,
    becomes: Option<&Object>,
    inputs: &Tree,
    secrets: &dyn Secrets,
) -> Result<Object, Told> {
    let Some(becomes) = becomes else {
        return Err(Told::new("internal", "an operation has no object", "this is a bug in infrac"));
    };
    Ok(Object {
        native_id: made.native_id,
        attributes: secrets.seal(&made.attributes)?,
        applied: secrets.seal(inputs)?,
        condition: Condition::Ok,
        ..becomes.clone()
    })
}
