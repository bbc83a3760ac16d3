// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! KTAP, version 1: what a test script prints, and what it adds up to.
//!
//! `KTAP version 1` and a plan, `1..N`, begin a document; `ok N description` and `not ok N description` are its points,
//! `# SKIP reason` behind one means that it was not tried. What is indented belongs to a point that follows, and what
//! is none of these is for people. A script may print several documents, one after the other.

use std::fmt;
use std::process::ExitStatus;

/// Points, by what became of them.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    pub pass: usize,
    /// Those that failed, and those that were planned and did not come.
    pub fail: usize,
    /// Those that were not tried, and those that are known not to hold yet (`# TODO`).
    pub skip: usize,
}

impl Totals {
    pub fn points(self) -> usize {
        self.pass + self.fail + self.skip
    }
}

impl std::ops::AddAssign for Totals {
    fn add_assign(&mut self, other: Self) {
        self.pass += other.pass;
        self.fail += other.fail;
        self.skip += other.skip;
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "pass:{} fail:{} skip:{}", self.pass, self.fail, self.skip)
    }
}

/// Reads a script's output, line by line.
#[derive(Default)]
pub struct Reader {
    totals: Totals,
    problems: Vec<String>,
    /// Of the document that is being read.
    plan: Option<usize>,
    points: usize,
    /// Whether any began.
    begun: bool,
}

impl Reader {
    /// Reads a line, without its end.
    pub fn line(&mut self, line: &str) {
        let line = line.trim_end();
        if line.starts_with("KTAP version ") || line.starts_with("TAP version ") {
            if self.begun {
                self.close();
            }
            self.begun = true;
        } else if let Some(plan) = line.strip_prefix("1..") {
            self.read_plan(plan);
        } else if let Some(point) = word(line, "ok") {
            self.read_point(true, point);
        } else if let Some(point) = word(line, "not ok") {
            self.read_point(false, point);
        } else if let Some(reason) = line.strip_prefix("Bail out!") {
            self.problems.push(format!("it gave up: {}", reason.trim()));
        }
    }

    /// What it all adds up to, once the script has ended; and what was wrong with it. Where anything was, a point failed.
    pub fn end(mut self, status: ExitStatus) -> (Totals, Vec<String>) {
        self.close();
        if !status.success() && self.totals.fail == 0 && self.problems.is_empty() {
            self.problems.push(format!("it ended with {status}, though no point failed"));
        }
        if !self.problems.is_empty() && self.totals.fail == 0 {
            self.totals.fail = 1;
        }
        (self.totals, self.problems)
    }

    fn read_plan(&mut self, text: &str) {
        let (number, directive) = split(text);
        match number.parse::<u32>() {
            Ok(0) if directive == Directive::Skip => {
                self.plan(0);
                self.totals.skip += 1;
            }
            Ok(0) => {
                self.plan(0);
                self.problems.push("it plans no points".into());
            }
            Ok(number) => self.plan(number as usize),
            Err(_) => self.problems.push(format!("this is no plan: 1..{text}")),
        }
    }

    fn plan(&mut self, points: usize) {
        self.begun = true;
        if let Some(first) = self.plan.replace(points) {
            self.problems.push(format!("it plans twice, {first} points and {points}"));
        }
    }

    fn read_point(&mut self, holds: bool, text: &str) {
        self.begun = true;
        self.points += 1;
        let expected = self.points;
        let (description, directive) = split(text);
        match description.split_whitespace().next().map(str::parse::<u32>) {
            Some(Ok(number)) if number as usize == expected => {}
            Some(Ok(number)) => {
                self.problems.push(format!("point {number} comes where {expected} was expected"));
                self.points = number as usize;
            }
            _ => self.problems.push(format!("a point without a number: {text}")),
        }
        match (directive, holds) {
            (Directive::Skip, _) | (Directive::Todo, false) => self.totals.skip += 1,
            (_, true) => self.totals.pass += 1,
            (_, false) => self.totals.fail += 1,
        }
    }

    /// The document is over.
    fn close(&mut self) {
        let points = std::mem::take(&mut self.points);
        match self.plan.take() {
            None => self.problems.push("it has no plan (1..N)".into()),
            Some(plan) if points < plan => {
                self.problems.push(format!("it planned {plan} points, and ended after {points}"));
                self.totals.fail += plan - points;
            }
            Some(plan) if points > plan => {
                self.problems.push(format!("it planned {plan} points, and has {points}"));
            }
            Some(_) => {}
        }
    }
}

/// What stands behind words at a line's beginning.
fn word<'a>(line: &'a str, words: &str) -> Option<&'a str> {
    let rest = line.strip_prefix(words)?;
    (rest.is_empty() || rest.starts_with(' ')).then(|| rest.trim_start())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Directive {
    None,
    Skip,
    Todo,
}

/// What stands before a directive, and that.
fn split(text: &str) -> (&str, Directive) {
    if let Some((before, directive)) = text.rsplit_once('#') {
        let name = directive.split_whitespace().next().unwrap_or_default();
        if name.eq_ignore_ascii_case("skip") {
            return (before.trim(), Directive::Skip);
        }
        if name.eq_ignore_ascii_case("todo") {
            return (before.trim(), Directive::Todo);
        }
    }
    (text.trim(), Directive::None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::os::unix::process::ExitStatusExt;

    /// Totals as text, and problems, of an output and an exit status.
    fn ended(output: &str, code: i32) -> (String, Vec<String>) {
        let mut reader = Reader::default();
        output.lines().for_each(|line| reader.line(line));
        let (totals, problems) = reader.end(ExitStatus::from_raw(code << 8));
        (totals.to_string(), problems)
    }

    fn read(output: &str) -> (String, Vec<String>) {
        ended(output, 0)
    }

    #[test]
    fn points_are_counted_by_what_became_of_them() {
        let output = "KTAP version 1\n1..5\nok 1 one\n# for people\nnot ok 2 - two\nok 3 three # SKIP no radio\n\
                      not ok 4 four # todo later\nok 5 five # 5 of them\n";
        assert_eq!(read(output), ("pass:2 fail:1 skip:2".into(), vec![]));
    }

    #[test]
    fn a_plan_may_come_last_and_documents_one_after_the_other() {
        let output = "TAP version 13\nok 1\nok 2\n1..2\nKTAP version 1\n1..1\nok 1 again\n";
        assert_eq!(read(output), ("pass:3 fail:0 skip:0".into(), vec![]));
    }

    #[test]
    fn what_is_nested_is_told_by_its_point() {
        let output = "KTAP version 1\n1..1\n  KTAP version 1\n  1..2\n  ok 1 a\n  not ok 2 b\nnot ok 1 both\n";
        assert_eq!(read(output), ("pass:0 fail:1 skip:0".into(), vec![]));
    }

    #[test]
    fn a_script_may_skip_everything() {
        assert_eq!(read("KTAP version 1\n1..0 # SKIP no radio\n"), ("pass:0 fail:0 skip:1".into(), vec![]));
        assert_eq!(read("1..0\n"), ("pass:0 fail:1 skip:0".into(), vec!["it plans no points".into()]));
    }

    #[test]
    fn without_a_plan_nobody_knows_what_is_missing() {
        for output in ["", "hello\n", "KTAP version 1\n", "ok 1 one\n"] {
            let (totals, problems) = read(output);
            assert!(totals.contains("fail:1"), "{output:?}: {totals}");
            assert_eq!(problems, ["it has no plan (1..N)"], "{output:?}");
        }
    }

    #[test]
    fn points_that_are_missing_have_failed() {
        let (totals, problems) = read("1..5\nok 1\nok 2\n");
        assert_eq!(totals, "pass:2 fail:3 skip:0");
        assert_eq!(problems, ["it planned 5 points, and ended after 2"]);
        // Also those of a document that another one follows.
        assert_eq!(read("KTAP version 1\n1..2\nok 1\nKTAP version 1\n1..1\nok 1\n").0, "pass:2 fail:1 skip:0");
    }

    #[test]
    fn what_does_not_add_up_is_a_failure() {
        for (output, problem) in [
            ("1..1\nok 1\nok 2\n", "it planned 1 points, and has 2"),
            ("1..1\n1..1\nok 1\n", "it plans twice, 1 points and 1"),
            ("1..2\nok 1\nok 1\n", "point 1 comes where 2 was expected"),
            ("1..1\nok\n", "a point without a number: "),
            ("1..1\nok one\n", "a point without a number: one"),
            ("1..one\n", "this is no plan: 1..one"),
            ("1..1\nok 1\nBail out! no kernel\n", "it gave up: no kernel"),
        ] {
            let (totals, problems) = read(output);
            assert!(!totals.contains("fail:0"), "{output:?}: {totals}");
            assert!(problems.contains(&problem.to_owned()), "{output:?}: {problems:?}");
        }
    }

    #[test]
    fn an_exit_status_counts() {
        let (totals, problems) = ended("1..1\nok 1\n", 3);
        assert_eq!(totals, "pass:1 fail:1 skip:0");
        assert_eq!(problems, ["it ended with exit status: 3, though no point failed"]);
        // A script that says what failed may say so with its status, too.
        assert_eq!(ended("1..1\nnot ok 1\n", 1), ("pass:0 fail:1 skip:0".into(), vec![]));
    }

    #[test]
    fn words_that_only_begin_so_are_for_people() {
        assert_eq!(read("1..1\nokay 7\nnot okay\nok 1\n"), ("pass:1 fail:0 skip:0".into(), vec![]));
    }

    proptest! {
        #[test]
        fn whatever_it_reads_a_problem_is_a_failure(
            lines in prop::collection::vec("(K?TAP version 1|1\\.\\.|ok |not ok |Bail out!|)[0-4]?( # (SKIP|TODO))?", 0..12),
        ) {
            let mut reader = Reader::default();
            lines.iter().for_each(|line| reader.line(line));
            let (totals, problems) = reader.end(ExitStatus::from_raw(0));
            prop_assert!(problems.is_empty() || totals.fail > 0);
        }
    }
}
