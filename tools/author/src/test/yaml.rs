// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Tests in YAML: cases, each a router and packets with what is expected of them.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use files::Problem;
use policy::Value;
use serde::Deserialize;
use serde_saphyr::{Location, Spanned};
use simulator::{set_clock, Packet, Report, Verdict, WAN};

use super::session::{Interface, Session};
use super::Case;
use crate::capture;
use crate::packet::{Build, Hex};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCase {
    name: Spanned<String>,
    #[serde(default)]
    parameters: BTreeMap<String, Value>,
    #[serde(default)]
    files: BTreeMap<String, RawFile>,
    path: Option<Way>,
    /// What all packets have in common.
    #[serde(default)]
    flow: Build,
    packets: Vec<Spanned<Step>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    domains: Option<Vec<String>>,
    addresses: Option<Vec<String>>,
    text: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    send: Option<Build>,
    capture: Option<Captured>,
    /// From the receiver to the sender of `flow`.
    #[serde(default)]
    reply: bool,
    path: Option<Way>,
    mark: Option<u32>,
    interface: Option<Interface>,
    /// What the router's clock says from then on.
    time: Option<String>,
    times: Option<usize>,
    // What is expected.
    verdict: Option<Answer>,
    decided: Option<Decided>,
    asked: Option<bool>,
    log: Option<Vec<String>>,
    marked: Option<u32>,
    connmark: Option<u32>,
    length: Option<usize>,
    #[serde(default)]
    changes: Vec<Change>,
    fuel: Option<i64>,
    fails: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Captured {
    file: String,
    frame: usize,
}

/// Bytes that are others afterwards, counted from the IP header on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    at: usize,
    hex: Hex,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Way {
    Forward,
    Input,
    Output,
    Bridge,
    Xdp,
}

#[derive(Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Answer {
    #[serde(alias = "pass")]
    Accept,
    Drop,
    Queue,
    Tx,
    Redirect,
    Aborted,
}

#[derive(Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Decided {
    Accept,
    Drop,
    Nothing,
}

impl From<Way> for simulator::Path {
    fn from(way: Way) -> simulator::Path {
        match way {
            Way::Forward => simulator::Path::Forward,
            Way::Input => simulator::Path::Input,
            Way::Output => simulator::Path::Output,
            Way::Bridge => simulator::Path::Bridge,
            Way::Xdp => simulator::Path::Xdp,
        }
    }
}

impl From<Answer> for Verdict {
    fn from(answer: Answer) -> Verdict {
        match answer {
            Answer::Accept => Verdict::Accept,
            Answer::Drop => Verdict::Drop,
            Answer::Queue => Verdict::Queue,
            Answer::Tx => Verdict::Transmit,
            Answer::Redirect => Verdict::Redirect,
            Answer::Aborted => Verdict::Aborted,
        }
    }
}

/// Runs a file.
///
/// # Errors
///
/// It is not read, or no tests.
pub(super) fn run(path: &Path, session: &mut Session, wanted: &str) -> Result<Vec<Case>, files::Error> {
    let text = files::read_text(path)?;
    let cases: Vec<RawCase> = files::parse(&text).map_err(files::Error::says(path))?;
    let mut results = Vec::new();
    for case in cases.iter().filter(|case| case.name.value.contains(wanted)) {
        session.begin();
        let begin = Instant::now();
        let problem = play(case, path, session).err();
        let failure = problem.map(|problem| format!("{}:{problem}", path.display()));
        results.push(Case { name: case.name.value.clone(), time: begin.elapsed(), tally: session.tally(), failure });
    }
    Ok(results)
}

fn at(place: Location, text: impl Into<String>) -> Problem {
    Problem { line: place.line(), column: place.column(), text: text.into() }
}

fn play(case: &RawCase, path: &Path, session: &mut Session) -> Result<(), Problem> {
    let here = case.name.referenced;
    session.set_parameters(case.parameters.clone()).map_err(|text| at(here, text))?;
    for (name, file) in &case.files {
        let bytes = match (&file.domains, &file.addresses, &file.text) {
            (Some(entries), None, None) | (None, Some(entries), None) => {
                super::compiled(entries).map_err(|text| at(here, format!("file '{name}': {text}")))?
            }
            (None, None, Some(text)) => text.clone().into_bytes(),
            _ => return Err(at(here, format!("file '{name}' has either domains, or addresses, or text"))),
        };
        session.put_file(name, &bytes);
    }
    let mut numbers = [1000, 5000];
    for step in &case.packets {
        for _ in 0..step.value.times.unwrap_or(1) {
            let place = step.referenced;
            let mut packet = packet(&step.value, case, path, &mut numbers).map_err(|text| at(place, text))?;
            packet.mark = step.value.mark.unwrap_or(0);
            packet.ifindex = match &step.value.interface {
                Some(interface) => interface.index(),
                None if step.value.reply => Ok(WAN),
                None => session.router().map(|router| router.port()),
            }
            .map_err(|text| at(place, session.subject.localized(&text)))?;
            if let Some(time) = &step.value.time {
                set_clock(super::time::since_1970(time).map_err(|text| at(place, text))?);
            }
            let before = packet.network().to_vec();
            let way = step.value.path.or(case.path).map(Into::into);
            let report = session.send(&mut packet, way).map_err(|text| at(place, session.subject.localized(&text)))?;
            if let Some(text) = differs(&step.value, &report, &packet, &before) {
                return Err(at(place, session.subject.localized(&text)));
            }
        }
    }
    Ok(())
}

/// A step's packet. `numbers` are the next of both directions of a TCP connection.
fn packet(step: &Step, case: &RawCase, path: &Path, numbers: &mut [u32; 2]) -> Result<Packet, String> {
    if let Some(captured) = &step.capture {
        let file = path.parent().unwrap_or(Path::new(".")).join(&captured.file);
        let capture = capture::read(&file).map_err(|error| format!("{error:#}"))?;
        let frame = captured.frame.checked_sub(1).and_then(|index| capture.get(index));
        let frame = frame.ok_or_else(|| format!("{} has {} frames", file.display(), capture.len()))?;
        return frame.packet().ok_or_else(|| format!("frame {} is no packet", captured.frame));
    }
    let mut build = step.send.clone().unwrap_or_default().over(&case.flow);
    let in_flow = case.flow.tcp.is_some();
    if step.reply {
        build = build.reversed();
    }
    let (ours, theirs) = if step.reply { (1, 0) } else { (0, 1) };
    if let Some(tcp) = build.tcp.as_mut().filter(|_| in_flow) {
        tcp.sequence.get_or_insert(numbers[ours]);
        tcp.acknowledgment.get_or_insert(numbers[theirs]);
    }
    let built = build.build()?;
    if let Some(tcp) = build.tcp.as_ref().filter(|_| in_flow) {
        numbers[ours] = tcp.next(built.payload);
    }
    Packet::ethernet(&built.frame).ok_or_else(|| "the frame is too short".to_owned())
}

/// What is not as expected.
fn differs(step: &Step, report: &Report, packet: &Packet, before: &[u8]) -> Option<String> {
    match (&step.fails, report.failures.first()) {
        (None, Some(failure)) => return Some(format!("the policy failed ({}): {}", failure.fault, failure.text)),
        (Some(text), None) => return Some(format!("expected a failure with '{text}', and there was none")),
        (Some(text), Some(failure)) if !failure.text.contains(text) => {
            return Some(format!("expected a failure with '{text}', got: {}", failure.text))
        }
        _ => {}
    }
    let unlike = |what: &str, expected: &str, got: &str| Some(format!("{what}: expected {expected}, got {got}"));
    if let Some(verdict) = step.verdict.map(Verdict::from).filter(|verdict| *verdict != report.verdict) {
        return unlike("verdict", &verdict.to_string(), &report.verdict.to_string());
    }
    let decided = match report.decided {
        None => Decided::Nothing,
        Some(Verdict::Drop) => Decided::Drop,
        Some(_) => Decided::Accept,
    };
    if let Some(expected) = step.decided.filter(|expected| *expected != decided) {
        return unlike("decided", expected.name(), decided.name());
    }
    let asked = !report.calls.is_empty();
    if let Some(expected) = step.asked.filter(|expected| *expected != asked) {
        return unlike("asked", &expected.to_string(), &asked.to_string());
    }
    if let Some(expected) = step.log.as_ref().filter(|expected| **expected != report.log) {
        return unlike("log", &format!("{expected:?}"), &format!("{:?}", report.log));
    }
    if let Some(expected) = step.marked.filter(|expected| *expected != packet.mark) {
        return unlike("mark", &expected.to_string(), &packet.mark.to_string());
    }
    let connmark = packet.flow().map(simulator::Flow::mark);
    if let Some(expected) = step.connmark.filter(|expected| Some(*expected) != connmark) {
        return unlike("connmark", &expected.to_string(), &connmark.map_or("no flow".into(), |mark| mark.to_string()));
    }
    let spent = report.calls.iter().map(|call| call.fuel).max().unwrap_or(0);
    if let Some(most) = step.fuel.filter(|most| spent > *most) {
        return unlike("fuel", &format!("at most {most}"), &spent.to_string());
    }
    changed(step, packet.network(), before)
}

/// Whether other bytes changed than those that should.
fn changed(step: &Step, after: &[u8], before: &[u8]) -> Option<String> {
    let mut expected = before.to_vec();
    expected.resize(step.length.unwrap_or(expected.len()), 0);
    for Change { at, hex: Hex(bytes) } in &step.changes {
        match expected.get_mut(*at..*at + bytes.len()) {
            Some(place) => place.copy_from_slice(bytes),
            None => return Some(format!("changes: byte {at} is beyond the packet's {} bytes", expected.len())),
        }
    }
    if expected.len() != after.len() {
        return Some(format!("length: expected {} bytes, got {}", expected.len(), after.len()));
    }
    let other = expected.iter().zip(after).position(|(expected, got)| expected != got)?;
    let (expected, got) = (expected[other], after[other]);
    Some(format!("byte {other} from the IP header on: expected {expected:02x}, got {got:02x}"))
}

impl Decided {
    fn name(self) -> &'static str {
        match self {
            Decided::Accept => "accept",
            Decided::Drop => "drop",
            Decided::Nothing => "nothing",
        }
    }
}
