//! Days: the current one, and those that people write.
//!
//! Depends on nothing. Exceptions end with a day, and the checklist counts them.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

const DAY: i64 = 86_400;

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    /// Year.
    pub year: i64,
    /// Month, from 1.
    pub month: u32,
    /// Day of the month, from 1.
    pub day: u32,
}

impl Day {
    /// Today, in UTC.
    pub fn today() -> Self {
        Self::of_seconds(now())
    }

    /// The day of a time in seconds since 1970, in UTC.
    pub fn of_seconds(seconds: i64) -> Self {
        // Counted from 1 March of the year 0, so that a leap day is the last of its year.
        let days = seconds.div_euclid(DAY) + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * of_year + 2) / 153;
        let day = u32::try_from(of_year - (153 * month + 2) / 5 + 1).unwrap_or(1);
        let month = u32::try_from(if month < 10 { month + 3 } else { month - 9 }).unwrap_or(1);
        Self { year: year_of_era + era * 400 + i64::from(month <= 2), month, day }
    }

    /// The day that `text` names as `YYYY-MM-DD`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-');
        let (year, month, day) =
            (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let read = Self { year, month, day };
        // Leading zeros and real days only, so that a day has one way to be written.
        (day >= 1 && day <= read.days_in_month() && read.to_string() == text).then_some(read)
    }

    /// How many days its month has; none if there is no such month.
    const fn days_in_month(self) -> u32 {
        let leap = self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0);
        match self.month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => 0,
        }
    }
}

/// Seconds since 1970.
pub fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

/// Whole days from `then` to `now`, both in seconds since 1970.
pub const fn days_between(then: i64, now: i64) -> i64 {
    now.saturating_sub(then).div_euclid(DAY)
}

impl fmt::Display for Day {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_become_days() {
        for (seconds, day) in
            [(0, "1970-01-01"), (951_782_400, "2000-02-29"), (1_735_689_599, "2024-12-31"), (-1, "1969-12-31")]
        {
            assert_eq!(Day::of_seconds(seconds).to_string(), day);
            assert_eq!(Day::parse(day), Some(Day::of_seconds(seconds)));
        }
        for none in ["2026-13-01", "2026-02-29", "2026-1-05", "2026-04-31", "soon", ""] {
            assert_eq!(Day::parse(none), None, "{none}");
        }
    }
}
