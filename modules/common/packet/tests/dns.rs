// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Names in DNS messages.

use packet::dns::{name, question, Question, Text};
use proptest::prelude::*;

const QUESTION: usize = 12;

/// A query for a name.
fn query(labels: &[Vec<u8>]) -> Vec<u8> {
    let mut message = vec![0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    for label in labels {
        message.push(label.len() as u8);
        message.extend(label);
    }
    message.extend([0, 0, 1, 0, 1]);
    message
}

fn asked(message: &[u8]) -> Option<Vec<u8>> {
    question(message, &mut Text::new()).map(|question| question.name.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_name_comes_out_as_text(labels in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..64), 0..8), cut in 0usize..5) {
        let mut message = query(&labels);
        // What follows the name may be cut off, but for the root's zero.
        message.truncate(message.len() - cut.min(4));
        let wire: usize = labels.iter().map(|label| label.len() + 1).sum();
        let undotted = |label: &Vec<u8>| label.iter().map(|byte| if *byte == b'.' { 0 } else { *byte }).collect::<Vec<_>>();
        let text = labels.iter().map(undotted).collect::<Vec<_>>().join(&b'.');
        prop_assert_eq!(asked(&message), (wire < 255).then_some(text));
    }

    #[test]
    fn any_message_ends(message in prop::collection::vec(prop_oneof![Just(0xc0u8), 0u8..30, any::<u8>()], 0..300), at in 0usize..400) {
        if let Some(name) = name(&message, at, &mut Text::new()) {
            prop_assert!(name.len() <= 253);
        }
        let _ = asked(&message);
    }
}

#[test]
fn pointers_are_followed_as_far_as_resolvers_do() {
    let mut message = query(&[b"www".to_vec()]);
    // Instead of the root, a pointer to a name behind.
    message[QUESTION + 4] = 0xc0;
    message[QUESTION + 5] = 40;
    message.resize(40, 0);
    message.extend(b"\x03ads\x07example\0");
    assert_eq!(asked(&message).as_deref(), Some(&b"www.ads.example"[..]));
    // One that leads to itself, and one that leads outside.
    message[QUESTION] = 0xc0;
    message[QUESTION + 1] = QUESTION as u8;
    assert_eq!(asked(&message), None);
    message[QUESTION] = 0xff;
    assert_eq!(asked(&message), None);
    // 0x40 and 0x80 begin nothing (RFC 6891, 5).
    message[QUESTION] = 0x41;
    assert_eq!(asked(&message), None);
}

#[test]
fn only_standard_queries_ask() {
    let message = query(&[b"example".to_vec()]);
    assert!(asked(&message).is_some());
    for (at, byte) in [(2, 0x80), (2, 0x08), (5, 0)] {
        let mut other = message.clone();
        other[at] = byte;
        assert_eq!(asked(&other), None);
    }
    assert_eq!(asked(&message[..QUESTION]), None);
    assert_eq!(asked(&message[..QUESTION + 8]), None, "without the root");
    assert_eq!(asked(&query(&[])).as_deref(), Some(&b""[..]));
}

#[test]
fn the_type_stands_behind_the_name() {
    let mut message = query(&[b"example".to_vec()]);
    let end = message.len();
    message[end - 3] = 28;
    let mut text = Text::new();
    assert_eq!(question(&message, &mut text), Some(Question { name: b"example", kind: Some(28) }));
    assert_eq!(question(&message[..end - 3], &mut text).map(|question| question.kind), Some(None));
    // A pointer instead of the root, and the type behind it.
    message.truncate(QUESTION);
    message.extend(b"\x01a\xc0\x14\0\x10\0\x01\x01b\0");
    assert_eq!(question(&message, &mut text), Some(Question { name: b"a.b", kind: Some(16) }));
}
