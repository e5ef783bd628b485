//! A plan as a comment of a merge request: what is destroyed and replaced stands open, the rest is folded, and it is never longer than
//! what such a comment may be.

use engine::Plan;

use super::{Sort, Thing, text, things};

/// GitHub takes 65,536 characters, GitLab a million: room is left for what is around it.
const LONGEST: usize = 60_000;

/// The comment.
pub fn markdown(plan: &Plan) -> String {
    let mut text = format!("### infrac plan: {}, {}\n\n", cell(&plan.project), cell(&plan.environment));
    text.push_str(&format!("**{}**\n", text::summary(plan).trim_end()));
    let things = things(plan);
    let (bad, good): (Vec<&Thing<'_>>, Vec<&Thing<'_>>) =
        things.iter().partition(|thing| matches!(thing.sort, Sort::Destroy | Sort::Replace));
    if !bad.is_empty() {
        text.push_str("\n| | what | where | why |\n| --- | --- | --- | --- |\n");
        bad.iter().for_each(|thing| text.push_str(&row(thing)));
    }
    if !good.is_empty() {
        let what = |sort: Sort| good.iter().filter(|thing| thing.sort == sort).count();
        let summary = format!("{} to change, {} to create", what(Sort::Change), what(Sort::Create));
        text.push_str(&format!(
            "\n<details><summary>{summary}</summary>\n\n| | what | where | why |\n| --- | --- | --- | --- |\n"
        ));
        good.iter().for_each(|thing| text.push_str(&row(thing)));
        text.push_str("\n</details>\n");
    }
    text.push_str(&whole(plan, LONGEST.saturating_sub(text.len())));
    cut(text)
}

fn row(thing: &Thing<'_>) -> String {
    let step = thing.step;
    let why: Vec<String> = step.why.iter().map(text::reason_text).filter(|why| !why.is_empty()).collect();
    let place = step.place.as_deref().map(cell).unwrap_or_default();
    let address = code(&cell(&step.address));
    format!("| {} | {address} ({}) | {place} | {} |\n", thing.sort.word(), step.kind, cell(&why.join("; ")))
}

/// The plan as it is read at a terminal, folded; left out where there is no room for it.
fn whole(plan: &Plan, room: usize) -> String {
    let shown = text::plan(plan);
    // No line of it ends the block that it stands in.
    let fence = "`".repeat(longest_run(&shown, '`').max(2) + 1);
    let block = format!("\n<details><summary>the whole plan</summary>\n\n{fence}diff\n{shown}{fence}\n\n</details>\n");
    match block.len() <= room {
        true => block,
        false => "\nThe whole plan is too long for a comment: see the job's output, or `infrac show` of its file.\n"
            .to_owned(),
    }
}

/// A text as code, whatever stands in it.
fn code(text: &str) -> String {
    match longest_run(text, '`') {
        0 => format!("`{text}`"),
        run => {
            let fence = "`".repeat(run + 1);
            format!("{fence} {text} {fence}")
        }
    }
}

fn longest_run(text: &str, letter: char) -> usize {
    let (mut longest, mut run) = (0, 0);
    for other in text.chars() {
        run = if other == letter { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// Cuts a comment that is too long at a line.
fn cut(text: String) -> String {
    if text.len() <= LONGEST {
        return text;
    }
    let mut end = LONGEST;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let kept = text.get(..end).unwrap_or_default();
    let kept = kept.rfind('\n').and_then(|line| kept.get(..line)).unwrap_or(kept);
    let is_open = kept.matches("<details>").count() > kept.matches("</details>").count();
    let close = if is_open { "\n\n</details>\n" } else { "\n" };
    format!("{kept}{close}\n… and more: see the job's output, or `infrac show` of its file.\n")
}

/// A text that stays in its cell of a table.
fn cell(text: &str) -> String {
    let letters = text.chars().map(|letter| match letter {
        '|' => "\\|".to_owned(),
        '\n' | '\r' => " ".to_owned(),
        '<' => "&lt;".to_owned(),
        letter => letter.to_string(),
    });
    letters.collect()
}
