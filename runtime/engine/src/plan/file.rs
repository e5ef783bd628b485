//! Plans as files. What stands in one was sealed before; a file that was cut, edited or made with another key is refused.

use state::{Kek, digest_of};

use super::{FORMAT, Plan};
use crate::told::Told;

/// How a file begins; the format, a digest of the rest, and what the key says of that follow.
const HEAD: &str = "infrac plan ";
/// Stands where a plan was made without a key.
const NO_KEY: &str = "-";

/// The text of a plan. With the key it says who made it.
///
/// # Errors
/// A secret of it is not sealed.
pub fn save_plan(plan: &Plan, key: Option<&Kek>) -> Result<String, Told> {
    let body = serde_json::to_string(plan)
        .map_err(|cause| Told::new("internal", format!("the plan cannot be written: {cause}"), "send the program"))?;
    let vouched = key.map_or_else(|| NO_KEY.to_owned(), |key| key.vouch_for(&body));
    Ok(format!("{HEAD}{} {} {vouched}\n{body}\n", plan.format, digest_of(&body)))
}

/// Reads a plan. Who has a key takes only what was made with it.
///
/// # Errors
/// It is no plan of this infrac, or not as it was written.
pub fn read_plan(text: &str, key: Option<&Kek>) -> Result<Plan, Told> {
    let head = text.strip_prefix(HEAD).and_then(|rest| rest.split_once('\n'));
    let parts = head.and_then(|(head, body)| Some((head.split(' ').collect::<Vec<_>>(), body.strip_suffix('\n')?)));
    let Some((head, body)) = parts else {
        return Err(Told::new(
            "no_plan",
            "this is no plan of infrac, or part of one",
            "make one with `infrac plan -o FILE`",
        ));
    };
    let [format, digest, vouched] = head.as_slice() else {
        return Err(newer());
    };
    if format.parse() != Ok(FORMAT) {
        return Err(newer());
    }
    let bad = |message: &str| Told::new("bad_plan", message, "plan again");
    if *digest != digest_of(body) {
        return Err(bad("the plan is not as it was written"));
    }
    match key {
        Some(_) if *vouched == NO_KEY => return Err(bad("the plan was made without the key")),
        Some(key) if *vouched != key.vouch_for(body) => {
            return Err(bad("the plan was edited, or made with another key"));
        }
        _ => {}
    }
    serde_json::from_str(body)
        .map_err(|cause| bad(&format!("the plan cannot be read: line {}, column {}", cause.line(), cause.column())))
}

fn newer() -> Told {
    Told::new("newer_plan", "the plan was made by another infrac", "use the infrac that made it, or plan again")
}
