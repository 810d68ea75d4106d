//! Instants and civil dates, read by fixed-width parsers.

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, NaiveTime, Utc};

/// Reads an instant in the profile of RFC 3339 that XML Schema `dateTimeStamp` shares: upper-case
/// `T` and `Z`, a zone, at most nine digits of fraction, years 1900 to 2200.
#[expect(clippy::arithmetic_side_effects, reason = "a date has a year of 1900 to 2200")]
pub(crate) fn instant(text: &str) -> Option<DateTime<Utc>> {
    let (local, rest) = local_time(text)?;
    let offset = match rest.as_bytes() {
        b"Z" => Duration::zero(),
        [sign @ (b'+' | b'-'), _, _, b':', _, _] => {
            let hours = digits(rest.get(1..3)?)?;
            let minutes = digits(rest.get(4..6)?)?;
            if hours > 14 || minutes > 59 {
                return None;
            }
            let offset = Duration::minutes(i64::from(hours * 60 + minutes));
            if *sign == b'-' {
                -offset
            } else {
                offset
            }
        }
        _ => return None,
    };
    Some((local - offset).and_utc())
}

/// Like [`instant`]; a text without a zone gives the earliest instant it can mean (UTC+14:00).
#[expect(clippy::arithmetic_side_effects, reason = "a date has a year of 1900 to 2200")]
pub(crate) fn earliest_instant(text: &str) -> Option<DateTime<Utc>> {
    instant(text).or_else(|| {
        let (local, rest) = local_time(text)?;
        rest.is_empty().then(|| (local - Duration::hours(14)).and_utc())
    })
}

/// How much of a civil date a text says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum DatePrecision {
    /// Year, month and day.
    Day,
    /// Year and month; the day of the value is 1.
    Month,
    /// The year; month and day of the value are 1.
    Year,
}

/// Reads `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or `YYYY-MM-DDT00:00:00`.
///
/// Civil dates have no zone and are never shifted: a text with a zone or another time of day is
/// none.
pub(crate) fn civil_date(text: &str) -> Option<(NaiveDate, DatePrecision)> {
    let date = text.strip_suffix("T00:00:00").unwrap_or(text);
    let precision = match date.len() {
        10 => DatePrecision::Day,
        7 if date.len() == text.len() => DatePrecision::Month,
        4 if date.len() == text.len() => DatePrecision::Year,
        _ => return None,
    };
    let full = match precision {
        DatePrecision::Day => date.to_owned(),
        DatePrecision::Month => format!("{date}-01"),
        DatePrecision::Year => format!("{date}-01-01"),
    };
    Some((calendar_date(&full)?, precision))
}

/// Like [`civil_date`]; a text with a time of day, with or without a zone, is the day that it is written
/// with: it is not shifted either. Seconds may be missing (ISO 8601-1, section 4.2.2.3), as in OpenID Identity
/// Assurance.
pub(crate) fn written_date(text: &str) -> Option<(NaiveDate, DatePrecision)> {
    civil_date(text).or_else(|| {
        earliest_instant(text).or_else(|| {
            let (minutes, zone) = text.split_at_checked(16)?;
            earliest_instant(&format!("{minutes}:00{zone}"))
        })?;
        civil_date(text.get(..10)?)
    })
}

#[expect(clippy::arithmetic_side_effects, reason = "a date has a year of 1900 to 2200")]
fn local_time(text: &str) -> Option<(NaiveDateTime, &str)> {
    let date = calendar_date(text.get(..10)?)?;
    let time = text.get(10..19)?;
    let [b'T', _, _, b':', _, _, b':', _, _] = time.as_bytes() else { return None };
    let part = |range| digits(time.get(range)?);
    let time = NaiveTime::from_hms_opt(part(1..3)?, part(4..6)?, part(7..9)?)?;
    let mut rest = text.get(19..)?;
    let mut nanoseconds = 0;
    if let Some(fraction) = rest.strip_prefix('.') {
        let length = fraction.bytes().take_while(u8::is_ascii_digit).count();
        if !(1..=9).contains(&length) {
            return None;
        }
        let (fraction, after) = fraction.split_at_checked(length)?;
        nanoseconds = format!("{fraction:0<9}").parse().ok()?;
        rest = after;
    }
    Some((date.and_time(time) + Duration::nanoseconds(nanoseconds), rest))
}

fn calendar_date(text: &str) -> Option<NaiveDate> {
    let [_, _, _, _, b'-', _, _, b'-', _, _] = text.as_bytes() else { return None };
    let year = digits(text.get(..4)?)?;
    if !YEARS.contains(&year) {
        return None;
    }
    let year = i32::try_from(year).ok()?;
    NaiveDate::from_ymd_opt(year, digits(text.get(5..7)?)?, digits(text.get(8..10)?)?)
}

fn digits(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// Nobody alive was born before, no document is issued for later.
const YEARS: std::ops::RangeInclusive<u32> = 1900..=2200;

#[cfg(test)]
mod exhaustive;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_have_a_zone_and_a_fixed_form() {
        let utc = "2023-09-08T19:38:13Z".parse::<DateTime<Utc>>().unwrap();
        for text in
            ["2023-09-08T19:38:13Z", "2023-09-08T21:38:13+02:00", "2023-09-08T19:38:13.000000000Z"]
        {
            assert_eq!(instant(text), Some(utc), "{text}");
        }
        for text in [
            "",
            "2023-09-08",
            "2023-09-08T19:38:13",
            "2023-09-08t19:38:13Z",
            "2023-09-08T19:38:13z",
            "2023-09-08T24:00:00Z",
            "2023-09-08T19:38:60Z",
            "2023-02-29T00:00:00Z",
            "0000-01-01T00:00:00Z",
            "-001-01-01T00:00:00Z",
            "9999999999-12-31T23:59:60Z",
            "2023-09-08T19:38:13.Z",
            "2023-09-08T19:38:13.0000000000Z",
            "2023-09-08T19:38:13+15:00",
            "2023-09-08T19:38:13+0200",
            "2023-09-08 19:38:13Z",
            " 2023-09-08T19:38:13Z",
            "２023-09-08T19:38:13Z",
            "+023-09-08T19:38:13Z",
        ] {
            assert_eq!(instant(text), None, "{text}");
        }
        assert_eq!(earliest_instant("2023-09-08T19:38:13"), Some(utc - Duration::hours(14)));
    }

    #[test]
    fn civil_dates_are_never_shifted() {
        let day = NaiveDate::from_ymd_opt(2000, 7, 23).unwrap();
        let first = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap();
        assert_eq!(civil_date("2000-07-23T00:00:00"), Some((day, DatePrecision::Day)));
        assert_eq!(civil_date("2000-07-23"), Some((day, DatePrecision::Day)));
        assert_eq!(civil_date("2000"), Some((first, DatePrecision::Year)));
        assert_eq!(civil_date("2000-01"), Some((first, DatePrecision::Month)));
        for text in [
            "",
            "2000-07-23T00:00:00Z",
            "2000-07-23T01:00:00",
            "2000-7-23",
            "23.07.2000",
            "2000T00:00:00",
            "2000-13-01",
            "1899-01-01",
            "20000723",
        ] {
            assert_eq!(civil_date(text), None, "{text}");
        }
    }

    #[test]
    fn a_written_date_is_the_day_in_the_text_in_whatever_zone() {
        let day = NaiveDate::from_ymd_opt(2023, 1, 15).unwrap();
        for text in [
            "2023-01-15",
            "2023-01-15T00:00:00",
            "2023-01-15T23:59:59-12:00",
            "2023-01-15T00:00:00+14:00",
            "2023-01-15T10:00:00Z",
            "2023-01-15T10:00:00.5",
            "2023-01-15T10:00Z",
            "2023-01-15T23:59-12:00",
            "2023-01-15T10:00",
        ] {
            assert_eq!(written_date(text), Some((day, DatePrecision::Day)), "{text}");
        }
        for text in [
            "",
            "2023-01-15T",
            "2023-01-15T25:00:00Z",
            "2023-01-15 10:00",
            "2023-01-15Z",
            "2023-01-15T10Z",
            "2023-01-15T24:00Z",
        ] {
            assert_eq!(written_date(text), None, "{text}");
        }
    }
}
