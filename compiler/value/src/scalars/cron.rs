//! Schedules in the five fields of crontab(5): minute, hour, day of the month, month, day of the week.

use super::{ScalarKind, refuse_because};
use crate::Fault;

struct Field {
    name: &'static str,
    least: u8,
    most: u8,
    names: &'static [&'static str],
}

const FIELDS: [Field; 5] = [
    Field { name: "minute", least: 0, most: 59, names: &[] },
    Field { name: "hour", least: 0, most: 23, names: &[] },
    Field { name: "day of the month", least: 1, most: 31, names: &[] },
    Field {
        name: "month",
        least: 1,
        most: 12,
        names: &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    },
    // Sunday is 0 and 7.
    Field { name: "day of the week", least: 0, most: 7, names: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
];

/// Checks a schedule: `*/5 * * * *`, `30 3 1,15 * mon-fri`.
pub fn cron(text: &str) -> Result<(), Fault> {
    let parts: Vec<&str> = text.split_ascii_whitespace().collect();
    if parts.len() != FIELDS.len() {
        return Err(refuse_because(ScalarKind::Cron, text, format_args!("it has {} fields instead of 5", parts.len())));
    }
    for (part, field) in parts.iter().zip(&FIELDS) {
        if !part.split(',').all(|term| field.takes(term)) {
            let why =
                format!("`{}` is not a {} from {} to {}", super::shortened(part), field.name, field.least, field.most);
            return Err(refuse_because(ScalarKind::Cron, text, why));
        }
    }
    Ok(())
}

impl Field {
    /// `*`, `5`, `1-5`, `*/10`, `0-30/5`
    fn takes(&self, term: &str) -> bool {
        let (range, step) = term.split_once('/').map_or((term, None), |(range, step)| (range, Some(step)));
        let step_is_fine = step.is_none_or(|step| step.parse::<u8>().is_ok_and(|step| step > 0 && step <= self.most));
        let range_is_fine = match range.split_once('-') {
            Some((first, last)) => {
                matches!((self.number(first), self.number(last)), (Some(first), Some(last)) if first <= last)
            }
            // A step needs something to walk through.
            None => range == "*" || (step.is_none() && self.number(range).is_some()),
        };
        step_is_fine && range_is_fine
    }
    fn number(&self, text: &str) -> Option<u8> {
        if let Some(at) = self.names.iter().position(|name| name.eq_ignore_ascii_case(text)) {
            return Some(at as u8 + self.least);
        }
        let written = !text.is_empty() && text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|number| written && (self.least..=self.most).contains(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_have_five_fields() {
        for right in ["*/5 * * * *", "30 3 1,15 * mon-fri", "0 0 1 JAN 7", "0-30/10 0 * * *"] {
            assert_eq!(cron(right), Ok(()), "{right}");
        }
        for wrong in [
            "",
            "* * * *",
            "* * * * * *",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "* * * 13 *",
            "*/0 * * * *",
            "5/2 * * * *",
            "5-1 * * * *",
            "@daily",
            "1, * * * *",
        ] {
            assert!(cron(wrong).is_err(), "{wrong}");
        }
    }
}
