//! A rehearsal: the whole engine over any program, with drivers that make nothing, in a time of its own. It cannot prove what only a real
//! driver knows, and says so.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::rehearsed::{Course, Rehearsed};
use engine::{
    Applied, Applying, Driver, Drivers, Event, Making, Memory, Plan, Stop, Stopping, Told, VirtualTime, apply,
    make_plan,
};
use state::{Entropy, State, SystemClock};

use super::apply::conclude;
use super::plan::{HowMade, print};
use super::run::{Prepared, Whose, key, secrets_of, tell};
use super::{Outcome, Teller};
use crate::plans::Live;

/// How it goes: so many of a thousand operations fail, and as many are never heard of again.
pub fn course(seed: u64, faults: u32) -> Course {
    Course { seed, failing: faults, unheard: faults }
}

/// Chance that is the same for equal seeds.
struct Seeded(u64);

impl Entropy for Seeded {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            // Numerical Recipes' generator: ids of a rehearsal have to differ, and nothing else.
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = (self.0 >> 56) as u8;
        }
    }
}

/// Rehearses an apply.
pub fn rehearse(
    whose: &Whose,
    prepared: &Prepared,
    how: &HowMade,
    at_once: usize,
    course: Course,
    teller: &Teller,
) -> Result<Outcome, Outcome> {
    let key = key(whose, false, teller)?;
    let opened = whose.read(&prepared.environment, key.as_ref(), teller)?;
    let began = state::Clock::now(&SystemClock);
    let time = VirtualTime::at(began);
    let drivers = drivers(&opened.state, prepared, &time, &course);
    let mut seeded = Seeded(course.seed);
    let secrets = secrets_of(opened.sealer);
    let ledger = Memory::of(opened.state, &*secrets);
    let work = go(prepared, how, ledger, &drivers, &time, &mut seeded, at_once, teller);
    let result = engine::run(&time, work).unwrap_or_else(|| {
        Err(vec![Told::new("internal", "the rehearsal waits for what never comes", "this is a bug in infrac")])
    });
    let (plan, applied) = result.map_err(|told| tell(&told, Some(prepared), teller))?;
    let outcome = conclude(&applied, Stopping::No, Some(prepared), teller);
    let took = state::Clock::now(&time).saturating_sub(began) / 1000;
    teller.say(&format!("rehearsed in {took} s of its own time: nothing was changed\n"));
    teller.say(&unproved(&plan));
    Ok(outcome)
}

/// A rehearsed driver for every target.
fn drivers(state: &State, prepared: &Prepared, time: &VirtualTime, course: &Course) -> Drivers {
    let known = state.entries.values().map(|entry| entry.driver.clone());
    let wanted = prepared.graph.resources.iter().map(|resource| resource.kind.target.to_string());
    let targets: BTreeSet<String> = known.chain(wanted).collect();
    Drivers::of(
        targets.iter().map(|target| -> Arc<dyn Driver> {
            Arc::new(Rehearsed::new(target, Arc::new(time.clone()), course.clone()))
        }),
    )
}

#[expect(clippy::too_many_arguments, reason = "all that a rehearsal is made of, once")]
async fn go(
    prepared: &Prepared,
    how: &HowMade,
    mut ledger: Memory<'_>,
    drivers: &Drivers,
    time: &VirtualTime,
    entropy: &mut Seeded,
    at_once: usize,
    teller: &Teller,
) -> Result<(Plan, Applied), Vec<Told>> {
    let refused =
        |_: Outcome| vec![Told::new("bad_graph", "the graph cannot be read again", "this is a bug in infrac")];
    let mut wanted = prepared.wanted(teller).map_err(refused)?;
    let given = prepared.given_or_later(&wanted, &how.files, teller).map_err(refused)?;
    // What the program says of moves is carried out with the plan, not before.
    let mut copy = ledger.copy();
    let making = Making {
        drivers,
        ledger: &mut copy,
        clock: time,
        entropy,
        given,
        unprotected: how.unprotect.iter().cloned().collect(),
        today: super::waivers::today(),
        rehearsed: true,
    };
    let plan = make_plan(&mut wanted, making).await?;
    print(&plan, false, false, Outcome::Done, teller);
    let wanted = prepared.wanted(teller).map_err(refused)?;
    let write = |text: &str| teller.say_now(text);
    let mut live = Live::new(plan.steps.len(), false, &write);
    let stop = Stop::default();
    let applying = Applying {
        drivers,
        ledger: &mut ledger,
        clock: time,
        entropy,
        by: "a rehearsal".to_owned(),
        at_once,
        stop: &stop,
        rehearsed: true,
        events: &mut |event: Event<'_>| live.show(&event),
    };
    let applied = apply(&plan, Some(wanted), applying).await.map_err(|told| vec![told])?;
    Ok((plan, applied))
}

/// What a rehearsal cannot know.
fn unproved(plan: &Plan) -> String {
    let later = plan.steps.iter().filter(|step| step.inputs.is_later()).count();
    let mut text =
        String::from("not proved: that the makers take what they are given, and how long they need for it\n");
    if later > 0 {
        text.push_str(&format!(
            "not proved: what {later} of the steps are given that is known only when others are done\n"
        ));
    }
    text
}
