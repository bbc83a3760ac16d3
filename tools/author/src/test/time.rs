// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The router's clock, as tests write it: `2026-03-29T00:59:59Z`.

use std::time::Duration;

/// The time since 1970.
///
/// # Errors
///
/// It is no time of the years from 1970 to 9999, in UTC.
pub(super) fn since_1970(text: &str) -> Result<Duration, String> {
    parse(text)
        .map(Duration::from_secs)
        .ok_or_else(|| format!("time '{text}' is none in UTC: write it as 2026-03-29T00:59:59Z"))
}

fn parse(text: &str) -> Option<u64> {
    let number = |from: usize, to: usize| {
        let digits = text.get(from..to)?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<u64>().ok())?
    };
    let marks = [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":"), (19, "Z")];
    let marked = marks.iter().all(|(at, mark)| text.get(*at..at + 1) == Some(mark));
    (text.len() == 20 && marked).then_some(())?;
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let months = [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let length = usize::try_from(month).ok()?.checked_sub(1).and_then(|month| months.get(month))?;
    (year >= 1970 && (1..=*length).contains(&day) && hour < 24 && minute < 60 && second < 60).then_some(())?;
    let years: u64 = (1970..year).map(|year| if leap(year) { 366 } else { 365 }).sum();
    let days = years + months.iter().take(month as usize - 1).sum::<u64>() + day - 1;
    Some(((days * 24 + hour) * 60 + minute) * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_counted_from_1970() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2026-01-01T00:00:00Z", simulator::BOOT.as_secs()),
            ("2024-02-29T23:59:59Z", 1_709_251_199),
            ("2100-03-01T00:00:00Z", 4_107_542_400),
        ] {
            assert_eq!(since_1970(text), Ok(Duration::from_secs(expected)), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "2026-03-29",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:00:00+",
            "+026-01-01T00:00:00Z",
            "1969-01-01T00:00:00Z",
        ] {
            assert!(since_1970(text).is_err(), "{text}");
        }
    }
}
