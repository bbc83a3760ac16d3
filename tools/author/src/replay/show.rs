// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a person sees of a capture.

use super::flows::{Changed, Flow};
use super::{Outcome, Run};

/// Packets, then flows.
pub(super) fn run(run: &Run) {
    println!("{:>6}  {:<7}  {:<7}  {:>6}  flow", "frame", "verdict", "decided", "fuel");
    for packet in &run.packets {
        println!("{}", line(packet));
        for text in packet.failures.iter().map(|text| format!("failed: {text}")).chain(packet.log.clone()) {
            println!("        {}", text.replace('\n', "\n        "));
        }
    }
    println!();
    println!("{:>6}  {:<7}  {:>7}  {:>7}", "flow", "verdict", "packets", "dropped");
    for flow in &run.flows {
        let at = flow.frame.map_or(String::new(), |frame| format!(", from frame {frame}"));
        println!("{:>6}  {:<7}  {:>7}  {:>7}  {}{at}", flow.flow, flow.verdict, flow.packets, flow.dropped, ends(flow));
    }
}

fn line(packet: &Outcome) -> String {
    let Outcome { frame, verdict, refused, decided, calls, fuel, flow, .. } = packet;
    let Some(verdict) = verdict else { return format!("{frame:>6}  none     {}", refused.unwrap_or_default()) };
    let decided = decided.map_or("-".to_owned(), |decided| decided.to_string());
    let fuel = if *calls == 0 { "-".to_owned() } else { fuel.to_string() };
    let flow = flow.map_or("-".to_owned(), |flow| flow.to_string());
    format!("{frame:>6}  {verdict:<7}  {decided:<7}  {fuel:>6}  {flow}")
}

fn ends(flow: &Flow) -> String {
    format!("{} {} > {}", flow.protocol, flow.source, flow.destination)
}

/// The flows whose verdicts differ, of so many.
pub(super) fn changed(flows: &[Changed], all: usize) {
    for Changed { before, after } in flows {
        println!(
            "{}: {} ({} of {} dropped) became {} ({} of {} dropped)",
            ends(after),
            before.verdict,
            before.dropped,
            before.packets,
            after.verdict,
            after.dropped,
            after.packets
        );
    }
    println!("{} of {all} flows have other verdicts", flows.len());
}
