// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Time zones as rules of POSIX (IEEE Std 1003.1, "Other Environment Variables", TZ), which `zone.lua` of the policies'
//! library computes with.

/// Says what is wrong with a rule: `UTC0`, `CET-1CEST,M3.5.0,M10.5.0/3`, `<+0330>-3:30`.
///
/// # Errors
///
/// It is none.
pub fn check(text: &str) -> Result<(), String> {
    let wrong = |rest: &str, what: &str| {
        let near = if rest.is_empty() { "at its end".to_owned() } else { format!("at '{rest}'") };
        Err(format!("time zone '{text}': {what} {near}; a rule is written as CET-1CEST,M3.5.0,M10.5.0/3"))
    };
    let Some(rest) = name(text) else { return wrong(text, "no name of three letters or more") };
    let Some(rest) = time(rest, 24) else { return wrong(rest, "no offset from UTC") };
    if rest.is_empty() {
        return Ok(());
    }
    let Some(rest) = name(rest) else { return wrong(rest, "no name of the summer time") };
    // Without an offset of its own, summer is an hour ahead.
    let rest = time(rest, 24).unwrap_or(rest);
    let Some(rest) = rest.strip_prefix(',').and_then(day) else { return wrong(rest, "no day on which it begins") };
    let Some(rest) = rest.strip_prefix(',').and_then(day) else { return wrong(rest, "no day on which it ends") };
    if rest.is_empty() {
        Ok(())
    } else {
        wrong(rest, "something else")
    }
}

/// What is behind a name: letters, or in angle brackets digits and signs, too.
fn name(text: &str) -> Option<&str> {
    let quoted = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'-';
    let (name, rest) = match text.strip_prefix('<') {
        Some(inner) => inner.split_once('>')?,
        None => text.split_at(text.bytes().take_while(u8::is_ascii_alphabetic).count()),
    };
    ((3..=16).contains(&name.len()) && name.bytes().all(quoted)).then_some(rest)
}

/// What is behind a number from `least` to `most`.
fn number(text: &str, least: u32, most: u32) -> Option<&str> {
    let (digits, rest) = text.split_at(text.bytes().take_while(u8::is_ascii_digit).count());
    let value = digits.parse::<u32>().ok().filter(|_| digits.len() <= 3)?;
    (least..=most).contains(&value).then_some(rest)
}

/// What is behind a time with its sign: hours, and perhaps minutes and seconds.
fn time(text: &str, hours: u32) -> Option<&str> {
    let mut rest = number(text.strip_prefix(['+', '-']).unwrap_or(text), 0, hours)?;
    for _ in 0..2 {
        let Some(more) = rest.strip_prefix(':') else { break };
        rest = number(more, 0, 59)?;
    }
    Some(rest)
}

/// What is behind a day of the year, and perhaps the time when the clock changes.
fn day(text: &str) -> Option<&str> {
    let rest = if let Some(month) = text.strip_prefix('M') {
        let week = number(month, 1, 12)?.strip_prefix('.')?;
        number(number(week, 1, 5)?.strip_prefix('.')?, 0, 6)?
    } else if let Some(julian) = text.strip_prefix('J') {
        number(julian, 1, 365)?
    } else {
        number(text, 0, 365)?
    };
    match rest.strip_prefix('/') {
        Some(clock) => time(clock, 167),
        None => Some(rest),
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn rules_of_posix_are_right() {
        for rule in [
            "UTC0",
            "CET-1CEST,M3.5.0,M10.5.0/3",
            "NZST-12NZDT,M9.5.0,M4.1.0/3",
            "<+0330>-3:30",
            "<-03>3<-02>,M3.5.0/-2,M10.5.0/-1",
            "IST-1GMT0,M10.5.0,M3.5.0/1",
            "EST5EDT4:30:15,J60/2:30,300/167",
        ] {
            assert_eq!(check(rule), Ok(()), "{rule}");
        }
    }

    #[test]
    fn what_is_no_rule_is_said_where() {
        for (rule, words) in [
            ("", "no name of three letters or more at its end"),
            ("Europe/Berlin", "no offset from UTC at '/Berlin'"),
            ("CE-1", "no name of three letters"),
            ("CET", "no offset from UTC at its end"),
            ("CET-25", "no offset from UTC at '-25'"),
            ("CET-1CEST", "no day on which it begins at its end"),
            ("CET-1CEST,M3.5.0", "no day on which it ends at its end"),
            ("CET-1CEST,M13.5.0,M10.5.0", "no day on which it begins at ',M13.5.0,M10.5.0'"),
            ("CET-1CEST,M3.5.0,M10.5.7", "no day on which it ends at ',M10.5.7'"),
            ("CET-1CEST,J0,J1", "no day on which it begins"),
            ("CET-1CEST,M3.5.0/168,J1", "no day on which it begins"),
            ("CET-1CEST,M3.5.0,M10.5.0/3 ", "something else at ' '"),
            ("<+03", "no name of three letters"),
        ] {
            let said = check(rule).unwrap_err();
            assert!(said.contains(words) && said.contains("written as CET-1CEST"), "{rule}: {said}");
        }
    }
}
