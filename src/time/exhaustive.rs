//! Every date of five centuries, and every text one character away from a date or an instant.

use chrono::{DateTime, Datelike, NaiveDate};

use super::{civil_date, earliest_instant, instant, DatePrecision};

#[test]
#[cfg_attr(miri, ignore = "takes minutes")]
fn exactly_the_days_of_the_calendar_are_dates() {
    for year in 1800..=2300_u32 {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        for month in 0..=13 {
            let days = match month {
                2 => 28 + u32::from(leap),
                4 | 6 | 9 | 11 => 30,
                1..=12 => 31,
                _ => 0,
            };
            let in_range = (1900..=2200).contains(&year);
            for day in 0..=32 {
                let text = format!("{year:04}-{month:02}-{day:02}");
                let read = civil_date(&text);
                assert_eq!(read.is_some(), in_range && (1..=days).contains(&day), "{text}");
                if let Some((date, precision)) = read {
                    assert_eq!((date.year(), date.month(), date.day()), (year as i32, month, day));
                    assert_eq!(precision, DatePrecision::Day);
                }
            }
            let text = format!("{year:04}-{month:02}");
            let first = NaiveDate::from_ymd_opt(year as i32, month, 1).filter(|_| in_range);
            assert_eq!(civil_date(&text), first.map(|it| (it, DatePrecision::Month)), "{text}");
        }
    }
}

#[test]
#[cfg_attr(miri, ignore = "takes minutes")]
fn one_character_away_from_a_date_is_a_date_only_if_it_is_written_as_one() {
    let mut accepted = 0;
    for date in ["2024-02-29", "1900-01-01", "2200-12-31"] {
        for text in edits(date) {
            let reference = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok().filter(|it| {
                (1900..=2200).contains(&it.year()) && it.format("%Y-%m-%d").to_string() == text
            });
            assert_eq!(civil_date(&text), reference.map(|it| (it, DatePrecision::Day)), "{text}");
            accepted += usize::from(reference.is_some());
        }
    }
    assert!(accepted > 20, "{accepted}");
}

#[test]
#[cfg_attr(miri, ignore = "takes minutes")]
fn one_character_away_from_an_instant_is_never_another_instant_than_rfc_3339_says() {
    let mut accepted = 0;
    for valid in ["2024-02-29T23:59:59Z", "2024-02-29T00:00:00.5Z", "2024-02-29T09:10:11-02:30"] {
        assert!(instant(valid).is_some());
        for text in edits(valid) {
            let Some(read) = instant(&text) else { continue };
            assert_eq!(DateTime::parse_from_rfc3339(&text).unwrap().to_utc(), read, "{text}");
            assert_eq!(earliest_instant(&text), Some(read));
            accepted += 1;
        }
    }
    assert!(accepted > 100, "{accepted}");
}

/// Every text with one character replaced, inserted or taken away: ASCII, and two that are not.
fn edits(text: &str) -> impl Iterator<Item = String> + '_ {
    let characters = || (0..=127_u8).map(char::from).chain(['２', '−']);
    (0..=text.len()).flat_map(move |at| {
        let (before, after) = text.split_at(at);
        let rest = after.get(1..);
        let inserted = characters().map(move |it| format!("{before}{it}{after}"));
        let replaced = characters().filter_map(move |it| Some(format!("{before}{it}{}", rest?)));
        inserted.chain(replaced).chain(rest.map(|rest| format!("{before}{rest}")))
    })
}
