//! Dates of the Gregorian calendar, counted in days from 1970-01-01.

use super::{ScalarKind, refuse, refuse_because};
use crate::Fault;

/// A day of the calendar.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Calendar {
    pub year: i32,
    pub month: u8,
    pub day: u8,
}

/// `2027-03-31` as days since 1970-01-01; a day that the calendar has not is refused.
pub fn date(text: &str) -> Result<i32, Fault> {
    let mut parts = text.split('-');
    let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(refuse(ScalarKind::Date, text));
    };
    let read = |part: &str, width: usize| -> Result<i32, Fault> {
        let written = part.len() == width && part.bytes().all(|byte| byte.is_ascii_digit());
        if written {
            part.parse().map_err(|_| refuse(ScalarKind::Date, text))
        } else {
            Err(refuse(ScalarKind::Date, text))
        }
    };
    let (year, month, day) = (read(year, 4)?, read(month, 2)?, read(day, 2)?);
    if year < 1 {
        return Err(refuse_because(ScalarKind::Date, text, "years begin with 0001"));
    }
    if !(1..=12).contains(&month) {
        return Err(refuse_because(ScalarKind::Date, text, "months go from 01 to 12"));
    }
    let length = month_length(year, month);
    if !(1..=length).contains(&day) {
        return Err(refuse_because(ScalarKind::Date, text, format_args!("this month has {length} days")));
    }
    Ok(days(Calendar { year, month: month as u8, day: day as u8 }))
}

/// Days from 1970-01-01 to a day of the calendar.
pub fn days(day: Calendar) -> i32 {
    // Years begin in March, so that the leap day is the last one; 400 years have 146,097 days.
    let month = i32::from(day.month);
    let year = if month <= 2 { day.year - 1 } else { day.year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + i32::from(day.day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The day of the calendar that is so many days from 1970-01-01.
pub fn calendar(days: i32) -> Calendar {
    let shifted = i64::from(days) + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    Calendar { year: year as i32, month: month as u8, day: day as u8 }
}

/// `2027-03-31`
pub fn date_text(days: i32) -> String {
    let day = calendar(days);
    format!("{:04}-{:02}-{:02}", day.year, day.month, day.day)
}

fn month_length(year: i32, month: i32) -> i32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_days_of_the_calendar() {
        assert_eq!(date("1970-01-01"), Ok(0));
        assert_eq!(date("2000-03-01"), Ok(11_017));
        assert_eq!(date("2024-02-29").map(date_text), Ok("2024-02-29".to_owned()));
        assert!(date("2023-02-29").unwrap_err().message.ends_with("this month has 28 days"));
        assert!(date("2027-13-01").unwrap_err().message.ends_with("months go from 01 to 12"));
        for wrong in ["2027-3-31", "27-03-31", "2027-03", "2027-03-31-1", "", "0000-01-01", "2027/03/31"] {
            assert!(date(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn days_and_calendar_are_inverse() {
        for day in (-719_162..2_932_896).step_by(97) {
            assert_eq!(days(calendar(day)), day);
            assert_eq!(date(&date_text(day)), Ok(day));
        }
    }
}
