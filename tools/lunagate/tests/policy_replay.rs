// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! `lunagate policy replay`: what a policy does with captures.

mod support;

use std::borrow::Cow;
use std::fs::{self, File};
use std::path::Path;
use std::time::Duration;

use author::packet::{Build, Dns, Flag, Ipv4, Tcp, Udp};
use pcap_file::pcap::{PcapHeader, PcapPacket, PcapWriter};
use pcap_file::pcapng::blocks::enhanced_packet::{EnhancedPacketBlock, EnhancedPacketOption};
use pcap_file::pcapng::blocks::interface_description::{InterfaceDescriptionBlock, InterfaceDescriptionOption};
use pcap_file::pcapng::{Block, PcapNgReader, PcapNgWriter};
use pcap_file::DataLink;
use support::{folder, hook, policy, put};

fn query(name: &str, source: u16) -> Vec<u8> {
    let udp = Udp { source: Some(source), destination: Some(53) };
    let dns = Dns { query: name.into(), kind: None, id: None, answer: false };
    let build = Build { ipv4: Some(Ipv4::default()), udp: Some(udp), dns: Some(dns), ..Build::default() };
    build.build().unwrap().frame
}

fn tcp(port: u16) -> Vec<u8> {
    let tcp = Tcp { destination: Some(port), ..Tcp::default() };
    Build { ipv4: Some(Ipv4::default()), tcp: Some(tcp), ..Build::default() }.build().unwrap().frame
}

fn frames() -> Vec<Vec<u8>> {
    vec![query("free.example", 1), query("ads.example", 2), query("free.example", 2), tcp(80), tcp(80), vec![1, 2, 3]]
}

fn pcap(path: &Path) {
    pcap_of(path, frames());
}

fn pcap_of(path: &Path, frames: Vec<Vec<u8>>) {
    pcap_with(path, DataLink::ETHERNET, (1000..).zip(frames));
}

/// With these frames of a link, each at so many seconds and 7 microseconds.
fn pcap_with(path: &Path, link: DataLink, frames: impl IntoIterator<Item = (u64, Vec<u8>)>) {
    let header = PcapHeader { datalink: link, ..PcapHeader::default() };
    let mut writer = PcapWriter::with_header(File::create(path).unwrap(), header).unwrap();
    for (second, frame) in frames {
        let packet = PcapPacket::new_owned(Duration::new(second, 7000), frame.len() as u32, frame);
        writer.write_packet(&packet).unwrap();
    }
}

/// A datagram to a port from another, of a client or to it.
fn datagram(source: u16, destination: u16, to_client: bool) -> Vec<u8> {
    let (client, server) = ("192.168.1.100".parse().unwrap(), "198.18.0.1".parse().unwrap());
    let (from, to) = if to_client { (server, client) } else { (client, server) };
    let ipv4 = Ipv4 { source: Some(from), destination: Some(to), ..Ipv4::default() };
    let udp = Udp { source: Some(source), destination: Some(destination) };
    Build { ipv4: Some(ipv4), udp: Some(udp), ..Build::default() }.build().unwrap().frame
}

/// What a policy prints of the packets, one line for each.
fn printed(folder: &Path, arguments: &[&str]) -> Vec<String> {
    let (good, json) = policy(folder, &[&["replay", "--json", "a.pcap", "p"], arguments].concat());
    assert!(good, "{json}");
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let packets = json["packets"].as_array().unwrap();
    packets.iter().map(|packet| packet["log"][0].as_str().unwrap().to_owned()).collect()
}

/// With an interface beside the one of the packets, and a comment on each.
fn pcapng(path: &Path) {
    let mut writer = PcapNgWriter::new(File::create(path).unwrap()).unwrap();
    for link in [DataLink::RAW, DataLink::ETHERNET] {
        let options = vec![InterfaceDescriptionOption::IfName(Cow::Borrowed("lan"))];
        writer.write_pcapng_block(InterfaceDescriptionBlock { linktype: link, snaplen: 0, options }).unwrap();
    }
    for frame in frames() {
        let original_len = frame.len() as u32;
        let options = vec![EnhancedPacketOption::Comment(Cow::Borrowed("mine"))];
        let timestamp = Duration::from_nanos(77);
        let data = Cow::Owned(frame);
        writer
            .write_pcapng_block(EnhancedPacketBlock { interface_id: 1, timestamp, original_len, data, options })
            .unwrap();
    }
}

fn dns_block() -> String {
    support::shipped().join("dns-block").display().to_string()
}

/// The packets of a pcapng: time, bytes, comments.
fn annotated(path: &Path) -> Vec<(Duration, Vec<u8>, Vec<String>)> {
    let mut reader = PcapNgReader::new(File::open(path).unwrap()).unwrap();
    let mut packets = Vec::new();
    while let Some(block) = reader.next_block() {
        if let Block::EnhancedPacket(packet) = block.unwrap() {
            let comments = packet.options.iter().filter_map(|option| match option {
                EnhancedPacketOption::Comment(text) => Some(text.to_string()),
                _ => None,
            });
            packets.push((packet.timestamp, packet.data.to_vec(), comments.collect()));
        }
    }
    packets
}

#[test]
fn packets_and_flows_of_a_capture_get_their_verdicts() {
    let folder = tempfile::tempdir().unwrap();
    for (name, write) in [("a.pcap", pcap as fn(&Path)), ("a.pcapng", pcapng)] {
        write(&folder.path().join(name));
        let (good, text) = policy(folder.path(), &["replay", name, &dns_block()]);
        assert!(good, "{text}");
        let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>().join(" ");
        let lines: Vec<_> = text.lines().map(words).collect();
        for expected in [
            "6 none it is no packet of a network that is known",
            "1 accept 1 0 udp 192.168.1.100:1 > 198.18.0.1:53",
            "2 drop 2 1 udp 192.168.1.100:2 > 198.18.0.1:53, from frame 2",
            "3 accept 2 0 tcp 192.168.1.100:40000 > 198.18.0.1:80",
            "5 accept accept - 3",
        ] {
            assert!(lines.iter().any(|line| line == expected), "expected '{expected}' in\n{text}");
        }
        let (good, json) = policy(folder.path(), &["replay", "--json", name, &dns_block()]);
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert!(good && json["packets"][1]["verdict"] == "drop" && json["packets"][5]["verdict"].is_null(), "{json}");
        assert!(json["packets"][4]["calls"] == 0 && json["packets"][4]["decided"] == "accept", "{json}");
        assert_eq!(json["flows"][1]["dropped"], 1);
    }
}

#[test]
fn packets_arrive_as_the_stack_hands_them_on() {
    let folder = folder(&hook("print(#skb) return nf.action.ACCEPT"), "");
    let (mut padded, mut wrong) = (tcp(80), tcp(80));
    padded.extend([0; 6]);
    wrong[14 + 10] ^= 1;
    pcap_of(&folder.path().join("a.pcap"), vec![padded, wrong]);
    let (good, json) = policy(folder.path(), &["replay", "--json", "a.pcap", "p"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(good && json["packets"][0]["log"][0] == "40", "{json}");
    assert_eq!(json["packets"][1]["refused"], "the checksum of the IPv4 header is wrong");
}

#[test]
fn who_answers_comes_by_the_other_port() {
    let folder = folder(&hook("print(skb:ifindex()) return nf.action.ACCEPT"), "");
    let frames = [(5, 7, false), (7, 5, true), (9, 5, true), (5, 9, false), (5, 7, false)];
    let frames = frames.into_iter().map(|(source, destination, to_client)| datagram(source, destination, to_client));
    pcap_of(&folder.path().join("a.pcap"), frames.collect());
    let (lan, wan) = ("2", "3");
    assert_eq!(printed(folder.path(), &[]), [lan, wan, lan, wan, lan]);
    assert_eq!(printed(folder.path(), &["--interface", "eth0"]), [wan, lan, wan, lan, wan]);
    let (good, text) = policy(folder.path(), &["replay", "a.pcap", "p", "--interface", "eth7"]);
    assert!(!good && text.contains("'eth7' is none of the router's: eth1 (LAN), eth0 (WAN)"), "{text}");
}

#[test]
fn the_clock_shows_when_a_packet_was_captured() {
    let script = "print(require_time() // 1000) return nf.action.ACCEPT";
    let folder = folder(&format!("local require_time = require('linux').time\n{}", hook(script)), "");
    let at = folder.path().join("a.pcap");
    let times = [1_700_000_000u64, 1_700_000_060];
    pcap_with(&at, DataLink::ETHERNET, times.into_iter().map(|time| (time, datagram(5, 7, false))));
    assert_eq!(printed(folder.path(), &[]), ["1700000000000007", "1700000060000007"]);
    // The interfaces of a pcapng say what a tick is, by default a microsecond, and from when on they count.
    let mut writer = PcapNgWriter::new(File::create(&at).unwrap()).unwrap();
    let offset = InterfaceDescriptionOption::IfTsOffset;
    for options in [
        vec![],
        vec![InterfaceDescriptionOption::IfTsResol(9)],
        vec![InterfaceDescriptionOption::IfTsResol(0x80 | 10)],
        vec![InterfaceDescriptionOption::IfTsResol(6), offset(500)],
        vec![offset(500u64.wrapping_neg())],
    ] {
        let linktype = DataLink::ETHERNET;
        writer.write_pcapng_block(InterfaceDescriptionBlock { linktype, snaplen: 0, options }).unwrap();
    }
    for (interface_id, ticks) in
        [(0, 1_000_000_007), (1, 1_000_000_007_000), (2, 1_024_512), (3, 500_000_007), (4, 1_500_000_007)]
    {
        let data = datagram(5, 7, false);
        let (original_len, timestamp) = (data.len() as u32, Duration::from_nanos(ticks));
        let (data, options) = (Cow::Owned(data), vec![]);
        writer
            .write_pcapng_block(EnhancedPacketBlock { interface_id, timestamp, original_len, data, options })
            .unwrap();
    }
    assert_eq!(printed(folder.path(), &[]), ["1000000007", "1000000007", "1000500000", "1000000007", "1000000007"]);
}

#[test]
fn a_policy_that_counts_by_time_counts_by_the_captures() {
    let folder = tempfile::tempdir().unwrap();
    let syn = || {
        let tcp = Tcp { destination: Some(443), flags: Some(vec![Flag::Syn]), ..Tcp::default() };
        Build { ipv4: Some(Ipv4::default()), tcp: Some(tcp), ..Build::default() }.build().unwrap().frame
    };
    // 100 at once, and then 20 in a second.
    let times = [1000; 110].into_iter().chain([1001; 30]);
    pcap_with(&folder.path().join("a.pcap"), DataLink::ETHERNET, times.map(|time| (time, syn())));
    let guard = support::shipped().join("syn-guard").display().to_string();
    let (good, json) = policy(folder.path(), &["replay", "--json", "a.pcap", &guard]);
    assert!(good, "{json}");
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(json["flows"][0]["packets"] == 140 && json["flows"][0]["dropped"] == 20, "{json}");
}

#[test]
fn linuxs_cooked_frames_are_read() {
    let folder = folder(&hook("local _, _, port = skb:ports() print(port) return nf.action.ACCEPT"), "");
    let packet = datagram(5, 7, false)[14..].to_vec();
    // Those of `tcpdump -i any`: the protocol, the interface, the type and the length of an address, 8 bytes of it.
    let second = [8, 0, 0, 0, 0, 0, 0, 2, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0];
    let first = [0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, 8, 0];
    for (link, header) in [(DataLink::LINUX_SLL, &first[..]), (DataLink::LINUX_SLL2, &second[..])] {
        pcap_with(&folder.path().join("a.pcap"), link, [(1, [header, &packet].concat())]);
        assert_eq!(printed(folder.path(), &[]), ["7"]);
    }
}

#[test]
fn an_annotated_capture_has_the_same_packets_and_their_verdicts_as_comments() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    pcap(&at("a.pcap"));
    pcapng(&at("a.pcapng"));
    for name in ["a.pcap", "a.pcapng"] {
        let (good, text) = policy(folder.path(), &["replay", name, &dns_block(), "--annotate", "out.pcapng"]);
        assert!(good, "{text}");
        let packets = annotated(&at("out.pcapng"));
        assert_eq!(packets.iter().map(|packet| packet.1.clone()).collect::<Vec<_>>(), frames());
        let last: Vec<_> = packets.iter().map(|packet| packet.2.last().unwrap().as_str()).collect();
        assert!(last[0].starts_with("dns-block: accept (") && last[1].starts_with("dns-block: drop ("), "{last:?}");
        assert_eq!(last[4], "dns-block: accept (not asked), decided for the flow: accept");
        if name == "a.pcapng" {
            assert!(packets.iter().all(|packet| packet.2[0] == "mine" && packet.0 == Duration::from_nanos(77)));
        } else {
            assert_eq!(packets[1].0, Duration::new(1001, 7000), "in nanoseconds, as the interface says");
        }
        // What was annotated can be replayed.
        let (good, text) = policy(folder.path(), &["replay", "out.pcapng", &dns_block()]);
        assert!(good, "{text}");
    }
}

#[test]
fn only_flows_that_change_are_shown_against_another_version() {
    let before = folder(&hook("return nf.action.ACCEPT"), "");
    let script = "local _, _, port = skb:ports()\nreturn port == 80 and nf.action.DROP or nf.action.ACCEPT";
    let after = folder(&hook(script), "");
    pcap(&after.path().join("a.pcap"));
    let other = before.path().join("p").display().to_string();
    let (good, text) = policy(after.path(), &["replay", "a.pcap", "p", "--against", &other]);
    let expected = "tcp 192.168.1.100:40000 > 198.18.0.1:80: accept (0 of 2 dropped) became drop (2 of 2 dropped)\n1 of 3 flows have other verdicts\n";
    assert!(good && text == expected, "{text}");
    let (_, text) = policy(after.path(), &["replay", "a.pcap", "p", "--against", "p"]);
    assert_eq!(text, "0 of 3 flows have other verdicts\n");
}

#[test]
fn what_is_no_capture_is_refused_and_failures_are_told() {
    let folder = folder(&hook("print('seen') error('on purpose')"), "");
    put(&folder, "text", "no capture at all");
    let (good, text) = policy(folder.path(), &["replay", "text", "p"]);
    assert!(!good && text.contains("failed to read text: it is no capture, or damaged"), "{text}");
    pcap(&folder.path().join("a.pcap"));
    let whole = fs::read(folder.path().join("a.pcap")).unwrap();
    fs::write(folder.path().join("cut.pcap"), &whole[..whole.len() - 1]).unwrap();
    let (good, text) = policy(folder.path(), &["replay", "cut.pcap", "p"]);
    assert!(!good && text.contains("failed to read cut.pcap"), "{text}");
    let (good, text) = policy(folder.path(), &["replay", "a.pcap", "p"]);
    assert!(good && text.contains("failed: p/main.lua:4: on purpose") && text.contains("seen"), "{text}");
}

#[test]
fn a_test_takes_packets_from_a_capture() {
    let folder = folder(&hook("print(#skb) return nf.action.ACCEPT"), "");
    fs::create_dir(folder.path().join("p/tests")).unwrap();
    pcap(&folder.path().join("p/tests/a.pcap"));
    let tests = "- name: n\n  packets:\n    - { capture: { file: a.pcap, frame: 4 }, verdict: accept, log: ['40'] }\n";
    put(&folder, "p/tests/t.yaml", tests);
    let (good, text) = policy(folder.path(), &["test", "p"]);
    assert!(good, "{text}");
    put(&folder, "p/tests/t.yaml", &tests.replace("frame: 4", "frame: 7"));
    let (good, text) = policy(folder.path(), &["test", "p"]);
    assert!(!good && text.contains("p/tests/t.yaml:3:7: p/tests/a.pcap has 6 frames"), "{text}");
}

#[test]
fn costs_are_those_of_replay_and_their_lines_are_told() {
    let folder = tempfile::tempdir().unwrap();
    pcap(&folder.path().join("a.pcap"));
    let (good, text) = policy(folder.path(), &["bench", "a.pcap", &dns_block()]);
    assert!(good && text.contains("5 packets, about 4 of them the policy was asked"), "{text}");
    assert!(text.contains("policies/dns-block/main.lua:") && text.contains("blocked:question("), "{text}");
    let json = |command: &str| -> serde_json::Value {
        let (good, json) = policy(folder.path(), &[command, "--json", "a.pcap", &dns_block()]);
        assert!(good, "{json}");
        serde_json::from_str(&json).unwrap()
    };
    let (costs, replayed) = (json("bench"), json("replay"));
    let sum = |of: &serde_json::Value, field: &str| -> i64 {
        of.as_array().unwrap().iter().map(|one| one[field].as_i64().unwrap()).sum()
    };
    // Each packet that the policy was asked about is one call here.
    assert_eq!(costs["calls"], 4);
    assert_eq!(costs["fuel"]["total"].as_i64().unwrap(), sum(&replayed["packets"], "fuel"));
    // What it takes to begin a call, some eight units, is no line's.
    let (fuel, lines) = (costs["fuel"]["total"].as_i64().unwrap(), sum(&costs["lines"], "fuel"));
    assert!(lines <= fuel && fuel - lines <= 10 * 4, "of {fuel} units the lines have {lines}");
    let (good, text) = policy(folder.path(), &["bench", "a.pcap", &dns_block(), "--path", "bridge"]);
    assert!(!good && text.contains("the policy is asked about none: give their way by --path"), "{text}");
}

#[test]
fn a_line_costs_what_it_does() {
    let folder = folder(&hook("local n = 0\nfor i = 1, 100 do\nn = n + i\nend\nreturn 1"), "");
    pcap_of(&folder.path().join("a.pcap"), vec![tcp(80), tcp(81)]);
    let (good, text) = policy(folder.path(), &["bench", "a.pcap", "p", "--lines", "1", "--json"]);
    let costs: serde_json::Value = serde_json::from_str(&text).unwrap();
    let line = &costs["lines"][0];
    assert!(good && costs["lines"].as_array().unwrap().len() == 1, "{text}");
    assert!(line["place"] == "p/main.lua:5" && line["text"] == "for i = 1, 100 do", "{line}");
    assert!(line["fuel"].as_i64().unwrap() >= 198 && line["instructions"].as_i64().unwrap() >= 200, "{line}");
}
