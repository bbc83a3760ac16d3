// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! How far something is that takes long.

use std::cell::{Cell, RefCell};
use std::io::{self, IsTerminal, Read, Write};
use std::time::{Duration, Instant};

/// What is over sooner needs no words.
const SOON: Duration = Duration::from_secs(1);
/// How long a line stays as it is.
const PAUSE: Duration = Duration::from_millis(100);
/// Signs of the bar.
const BAR: u64 = 24;
/// To the line's beginning, and nothing from there on.
const ERASE: &str = "\r\x1b[K";

/// What is counted.
#[derive(Clone, Copy, Debug)]
enum Unit {
    Bytes,
    Items(&'static str),
}

/// A line on standard error that says how far something is. It is there from the second second on, if that is a
/// terminal, and gone when this is: what else is printed, and who reads that, does not meet it.
///
/// Who prints something meanwhile takes it away before ([`end`](Self::end)).
pub struct Progress {
    /// None where nobody looks.
    out: Option<RefCell<Box<dyn Write>>>,
    what: String,
    unit: Unit,
    total: Option<u64>,
    done: Cell<u64>,
    begun: Instant,
    /// When the line was drawn last, and whether it is there still.
    drawn: Cell<Option<Instant>>,
    is_there: Cell<bool>,
}

impl Progress {
    /// Counts bytes, of so many if that is known; `what` is done with them.
    pub fn bytes(what: impl Into<String>, total: impl Into<Option<u64>>) -> Progress {
        Progress::new(terminal(), what.into(), Unit::Bytes, total.into(), Instant::now())
    }

    /// Counts what this noun names, as `packets`.
    pub fn items(what: impl Into<String>, noun: &'static str, total: impl Into<Option<u64>>) -> Progress {
        Progress::new(terminal(), what.into(), Unit::Items(noun), total.into(), Instant::now())
    }

    fn new(out: Option<Box<dyn Write>>, what: String, unit: Unit, total: Option<u64>, begun: Instant) -> Progress {
        let out = out.map(RefCell::new);
        Progress {
            out,
            what,
            unit,
            total,
            done: Cell::new(0),
            begun,
            drawn: Cell::new(None),
            is_there: Cell::new(false),
        }
    }

    /// Whether somebody looks.
    #[must_use]
    pub fn is_seen(&self) -> bool {
        self.out.is_some()
    }

    /// So much more is done.
    pub fn add(&self, more: u64) {
        self.set(self.done.get() + more);
    }

    /// So much is done.
    pub fn set(&self, done: u64) {
        self.done.set(done);
        if self.is_seen() {
            self.show(Instant::now());
        }
    }

    /// Takes the line away. It comes back if something is done after that.
    pub fn end(&self) {
        if self.is_there.replace(false) {
            self.write(ERASE);
        }
    }

    /// What is read from there is done.
    pub fn reading<R: Read>(&self, from: R) -> Counted<'_, R> {
        Counted { from, progress: self }
    }

    fn show(&self, now: Instant) {
        let waits = match self.drawn.get() {
            None => now.duration_since(self.begun) < SOON,
            Some(drawn) => now.duration_since(drawn) < PAUSE,
        };
        if !waits {
            self.write(&format!("{ERASE}{}", self.line()));
            self.drawn.set(Some(now));
            self.is_there.set(true);
        }
    }

    fn write(&self, text: &str) {
        if let Some(out) = &self.out {
            let mut out = out.borrow_mut();
            // Nothing depends on its being seen.
            let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        }
    }

    fn line(&self) -> String {
        let (what, done) = (&self.what, self.done.get());
        let amount = |count: u64| match self.unit {
            Unit::Bytes if self.total.unwrap_or(done) < 10 << 20 => (count >> 10, "KiB"),
            Unit::Bytes => (count >> 20, "MiB"),
            Unit::Items(noun) => (count, noun),
        };
        let (count, unit) = amount(done);
        match self.total.filter(|total| *total >= done && *total > 0) {
            Some(total) => {
                let part = |of: u64| u64::try_from(u128::from(done) * u128::from(of) / u128::from(total)).unwrap_or(of);
                let (full, empty) = ("#".repeat(part(BAR) as usize), "-".repeat((BAR - part(BAR)) as usize));
                format!("{what} [{full}{empty}] {:>3} %, {count} of {} {unit}", part(100), amount(total).0)
            }
            // Nobody knows of how many, or there are more than that.
            None => format!("{what}: {count} {unit}"),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}

/// Standard error, if it is a terminal that can take a line away.
fn terminal() -> Option<Box<dyn Write>> {
    let can = std::env::var_os("TERM").is_some_and(|kind| kind != "dumb");
    (can && io::stderr().is_terminal()).then(|| Box::new(io::stderr()) as Box<dyn Write>)
}

/// See [`Progress::reading`].
pub struct Counted<'p, R> {
    from: R,
    progress: &'p Progress,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(bytes)?;
        self.progress.add(read as u64);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::rc::Rc;

    /// A terminal: all that was written to it.
    #[derive(Clone, Default)]
    struct Terminal(Rc<RefCell<Vec<u8>>>);

    impl Write for Terminal {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Terminal {
        fn progress(&self, unit: Unit, total: Option<u64>, begun: Instant) -> Progress {
            Progress::new(Some(Box::new(self.clone())), "replaying".into(), unit, total, begun)
        }

        /// The lines that were there, one after the other.
        fn lines(&self) -> Vec<String> {
            let text = String::from_utf8(self.0.borrow().clone()).expect("text");
            text.split(ERASE).skip(1).map(str::to_owned).collect()
        }
    }

    /// Shows that so much is done, so many milliseconds after the beginning.
    fn at(progress: &Progress, begun: Instant, milliseconds: u64, done: u64) {
        progress.done.set(done);
        progress.show(begun + Duration::from_millis(milliseconds));
    }

    #[test]
    fn what_is_over_soon_is_not_shown_and_nothing_is_drawn_too_often() {
        let (terminal, begun) = (Terminal::default(), Instant::now());
        let progress = terminal.progress(Unit::Items("packets"), Some(1000), begun);
        for millisecond in 0..1000 {
            at(&progress, begun, millisecond, millisecond);
        }
        assert_eq!(terminal.lines(), [""; 0]);
        for millisecond in 1000..2000 {
            at(&progress, begun, millisecond, millisecond / 2);
        }
        let lines = terminal.lines();
        assert_eq!(lines.len(), 10);
        assert_eq!(lines[0], "replaying [############------------]  50 %, 500 of 1000 packets");
        drop(progress);
        assert_eq!(terminal.lines().last().map(String::as_str), Some(""), "it is gone at the end");
        assert_eq!(terminal.lines().len(), 11);
    }

    #[test]
    fn bytes_have_a_fitting_unit_and_what_has_no_known_end_has_no_bar() {
        let line = |unit, total, done| {
            let progress = Terminal::default().progress(unit, total, Instant::now());
            progress.done.set(done);
            progress.line()
        };
        assert_eq!(
            line(Unit::Bytes, Some(64 << 20), 64 << 20),
            "replaying [########################] 100 %, 64 of 64 MiB"
        );
        assert_eq!(line(Unit::Bytes, Some(4 << 10), 0), "replaying [------------------------]   0 %, 0 of 4 KiB");
        assert_eq!(line(Unit::Bytes, None, 12 << 20), "replaying: 12 MiB");
        assert_eq!(line(Unit::Items("lines"), Some(10), 11), "replaying: 11 lines");
        assert_eq!(line(Unit::Bytes, Some(0), 0), "replaying: 0 KiB");
    }

    #[test]
    fn what_is_read_is_counted_and_where_nobody_looks_nothing_is_written() {
        let long_ago = Instant::now().checked_sub(2 * SOON).expect("a time");
        let progress = Progress::new(None, "reading".into(), Unit::Bytes, Some(8), long_ago);
        let mut bytes = Vec::new();
        progress.reading(&b"12345678"[..]).read_to_end(&mut bytes).expect("read");
        assert_eq!((bytes.len(), progress.done.get(), progress.is_seen()), (8, 8, false));
        assert!(progress.drawn.get().is_none());

        let terminal = Terminal::default();
        let progress = terminal.progress(Unit::Bytes, Some(8), long_ago);
        io::copy(&mut progress.reading(&b"12345678"[..]), &mut io::sink()).expect("read");
        progress.end();
        progress.end();
        let lines = terminal.lines();
        assert_eq!(lines[0], "replaying [########################] 100 %, 0 of 0 KiB");
        assert_eq!(lines.iter().filter(|line| line.is_empty()).count(), 1, "it is taken away once: {lines:?}");
    }
}
