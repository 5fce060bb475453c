//! The time of a run, as reports write it: whole seconds, in UTC.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::time::Duration;

/// A second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(Timestamp);

impl Moment {
    /// This second.
    pub fn now() -> Self {
        Self::at(Timestamp::now().as_second())
    }

    /// A second since 1970; what no calendar knows becomes 1970.
    pub fn at(seconds: i64) -> Self {
        Self(Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH))
    }

    /// Seconds since 1970.
    pub fn seconds(self) -> i64 {
        self.0.as_second()
    }

    /// So much earlier, in whole seconds.
    #[must_use]
    pub fn before(self, duration: Duration) -> Self {
        Self::at(self.seconds().saturating_sub_unsigned(duration.as_secs()))
    }

    /// Date and time in UTC without a zone: `2026-01-31T12:00:00`.
    pub fn utc(self) -> String {
        self.0.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S").to_string()
    }

    /// The day in UTC.
    pub fn day(self) -> String {
        self.0.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d").to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_no_zone_and_no_fraction() {
        let moment = Moment::at(1_700_000_000);
        assert_eq!((moment.utc(), moment.day()), ("2023-11-14T22:13:20".to_owned(), "2023-11-14".to_owned()));
        assert_eq!(moment.before(Duration::from_millis(21_900)).utc(), "2023-11-14T22:12:59");
        assert_eq!(Moment::at(i64::MAX).day(), "1970-01-01");
    }
}
