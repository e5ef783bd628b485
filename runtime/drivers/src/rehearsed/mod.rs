//! A driver that makes nothing, for any target: what is wanted comes true after a while, unless chance has it that it fails. What a real
//! one would decide stays unknown: no value is invented.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use state::{Action, Locator, Object, Tree};

use crate::difference::differences;
use crate::driver::{
    ApplyAsk, Done, Driver, Finding, Later, Made, Opening, PlanAsk, Planned, Planning, Read, RecoverAsk, Session,
    Thing, Trouble,
};

/// Lets time pass.
pub trait Timer: Send + Sync {
    /// Ends when so much time has passed.
    fn sleep(&self, time: Duration) -> Later<'static, ()>;
}

/// How a rehearsal goes.
#[derive(Clone, Debug)]
pub struct Course {
    /// Equal seeds give equal courses.
    pub seed: u64,
    /// Of a thousand operations so many are refused.
    pub failing: u32,
    /// Of a thousand operations so many end without anybody hearing of it.
    pub unheard: u32,
}

/// A rehearsed driver of one target.
#[derive(Clone)]
pub struct Rehearsed {
    target: String,
    timer: Arc<dyn Timer>,
    course: Course,
    chance: Arc<Mutex<u64>>,
}

impl Rehearsed {
    /// The driver of a target.
    pub fn new(target: &str, timer: Arc<dyn Timer>, course: Course) -> Self {
        // Drivers of several targets do not go through the same accidents.
        let seed = target.bytes().fold(course.seed ^ 0x9e37_79b9_7f4a_7c15, |seed, byte| mix(seed ^ u64::from(byte)));
        Self { target: target.to_owned(), timer, course, chance: Arc::new(Mutex::new(seed)) }
    }

    /// A number below `bound`, which is not 0.
    fn draw(&self, bound: u64) -> u64 {
        let mut chance = self.chance.lock().unwrap_or_else(PoisonError::into_inner);
        *chance = chance.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(*chance) % bound
    }
}

/// SplitMix64 (Steele, Lea and Flood, 2014): every number from the one before it.
fn mix(seed: u64) -> u64 {
    let seed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let seed = (seed ^ (seed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    seed ^ (seed >> 31)
}

impl Driver for Rehearsed {
    fn target(&self) -> &str {
        &self.target
    }
    fn open<'a>(&'a self, _: Opening<'a>) -> Later<'a, Result<Arc<dyn Session>, Trouble>> {
        let session: Arc<dyn Session> = Arc::new(self.clone());
        Box::pin(async move { Ok(session) })
    }
}

impl Session for Rehearsed {
    fn proof(&self) -> Vec<(String, String)> {
        vec![("rehearsal of".to_owned(), self.target.clone())]
    }
    fn read<'a>(&'a self, _: Thing<'a>, object: &'a Object) -> Later<'a, Read> {
        Box::pin(async move { Read::Present(object.attributes.clone()) })
    }
    fn plan<'a>(&'a self, ask: PlanAsk<'a>) -> Later<'a, Result<Planned, Vec<Trouble>>> {
        let planning = match ask.prior {
            None => Planning::Create,
            Some(prior) => match differences(&prior.applied, ask.inputs) {
                paths if paths.is_empty() => Planning::Nothing,
                paths => Planning::Update(paths),
            },
        };
        let locator = Locator::Chosen { id: ask.thing.address.to_owned() };
        let planned = Planned { planning, attributes: ask.inputs.clone(), locator };
        Box::pin(async move { Ok(planned) })
    }
    fn apply<'a>(&'a self, ask: ApplyAsk<'a>) -> Later<'a, Done> {
        Box::pin(async move {
            let most = match ask.action {
                Action::Create => 90_000,
                Action::Update | Action::Delete => 30_000,
            };
            self.timer.sleep(Duration::from_millis(500 + self.draw(most))).await;
            match self.draw(1000) as u32 {
                draw if draw < self.course.failing => {
                    let trouble =
                        Trouble::new("rehearsed_failure", "the rehearsal let it fail", "nothing really happened");
                    Done::refused("the rehearsal let it fail", trouble)
                }
                draw if draw < self.course.failing + self.course.unheard => {
                    let why = "the rehearsal let the answer be lost".to_owned();
                    Done { result: state::Result::Unknown { why }, made: None, trouble: None }
                }
                _ => Done::well((ask.action != Action::Delete).then(|| made(ask.thing.address, ask.inputs))),
            }
        })
    }
    fn recover<'a>(&'a self, ask: RecoverAsk<'a>) -> Later<'a, Finding> {
        let was_done = self.draw(2) == 0;
        let finding = match (was_done, ask.action) {
            (false, _) => Finding::NotLanded("the rehearsal did not carry it out".to_owned()),
            (true, Action::Delete) => Finding::Landed(None, "the rehearsal carried it out".to_owned()),
            (true, Action::Create | Action::Update) => {
                let made = made(ask.thing.address, ask.inputs);
                Finding::Landed(Some(made), "the rehearsal carried it out".to_owned())
            }
        };
        Box::pin(async move { finding })
    }
    fn import<'a>(&'a self, _: Thing<'a>, id: &'a str) -> Later<'a, Result<Made, Trouble>> {
        Box::pin(async move { Ok(Made { native_id: id.to_owned(), attributes: Tree::Later }) })
    }
}

fn made(address: &str, inputs: &Tree) -> Made {
    Made { native_id: address.to_owned(), attributes: inputs.clone() }
}
