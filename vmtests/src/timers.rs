// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Routers that QEMU starts without one of their timers.
//!
//! Once in some hundred boots, QEMU leaves a processor without any interrupt of its timer, from its first moment on. The
//! kernel waits for that processor, says so after 21 seconds, and goes on waiting. As nothing that runs later could keep
//! *all* of a processor's interrupts away, this is not held against the router: it is started again.

/// How often, says RCU, a processor's timer has fired that should have.
pub(crate) const MISSING: &str = "timer-softirq=0";
/// The line by which RCU begins to say what it waits for.
const STALL: &str = "rcu: INFO: ";

/// Where the kernel's report begins that has this line: its number.
pub(crate) fn report(lines: &[String], line: usize) -> usize {
    lines[..line].iter().rposition(|line| line.contains(STALL)).unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_has_a_beginning() {
        let console = [
            "[   21.9] rcu: INFO: rcu_sched detected stalls on CPUs/tasks:".into(),
            "[   22.0] rcu: rcu_sched kthread timer wakeup didn't happen for 5251 jiffies!".into(),
            format!("[   22.0] rcu: \tPossible timer handling issue on cpu=1 {MISSING}"),
        ];
        assert_eq!(report(&console, 2), 0);
        assert_eq!(report(&console[1..], 1), 1);
    }
}
