// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Names in ClientHellos, against a model that puts the message together first.
use packet::{sni, Sni, LONGEST_NAME};
use proptest::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Found {
    Name(Vec<u8>),
    None,
    More,
}

fn found(bytes: &[u8]) -> Found {
    let mut buffer = [0; LONGEST_NAME];
    let (answer, looked) = sni(bytes, &mut buffer);
    assert!(looked <= bytes.len());
    match answer {
        Sni::Here(place) => Found::Name(bytes[place].to_vec()),
        Sni::Copied(length) => Found::Name(buffer[..length].to_vec()),
        Sni::None => Found::None,
        Sni::More => Found::More,
    }
}

fn number(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |n, byte| n << 8 | usize::from(*byte))
}

/// The handshake message as far as it is there, and its length; `None` if this is none.
fn message(bytes: &[u8]) -> Option<(Vec<u8>, Option<usize>)> {
    let (mut at, mut all, mut whole) = (0, Vec::new(), None);
    while at < bytes.len() {
        if bytes[at] != 22 || at + 1 < bytes.len() && bytes[at + 1] != 3 {
            return None;
        }
        if at + 5 > bytes.len() {
            break;
        }
        let length = number(&bytes[at + 3..at + 5]);
        if length == 0 || length > 16384 {
            return None;
        }
        let end = (at + 5 + length).min(bytes.len());
        all.extend(&bytes[at + 5..end]);
        at += 5 + length;
        if !all.is_empty() && all[0] != 1 {
            return None;
        }
        if all.len() >= 4 {
            whole = Some(4 + number(&all[1..4]));
        }
        if whole.is_some_and(|whole| all.len() >= whole) {
            break;
        }
    }
    Some((all, whole))
}

fn model(bytes: &[u8]) -> Found {
    let Some((message, whole)) = message(bytes) else { return Found::None };
    let Some(whole) = whole else { return Found::More };
    let mut at = 38;
    for width in [1, 2, 1] {
        if at + width > whole {
            return Found::None;
        }
        if at + width > message.len() {
            return Found::More;
        }
        at += width + number(&message[at..at + width]);
    }
    if at + 2 > whole {
        return Found::None;
    }
    at += 2;
    while at + 4 <= whole {
        if at + 4 > message.len() {
            return Found::More;
        }
        let (kind, length) = (number(&message[at..at + 2]), number(&message[at + 2..at + 4]));
        at += 4;
        if at + length > whole {
            return Found::None;
        }
        if kind == 0 {
            if at + length > message.len() {
                return Found::More;
            }
            return host(&message[at..at + length]);
        }
        at += length;
    }
    Found::None
}

fn host(extension: &[u8]) -> Found {
    let mut at = 2;
    while at + 3 <= extension.len() {
        let (kind, length) = (extension[at], number(&extension[at + 1..at + 3]));
        at += 3;
        let Some(name) = extension.get(at..at + length) else { return Found::None };
        if kind == 0 {
            return if name.is_empty() { Found::None } else { Found::Name(name.to_vec()) };
        }
        at += length;
    }
    Found::None
}

fn counted(width: usize, bytes: &[u8]) -> Vec<u8> {
    let mut out = bytes.len().to_be_bytes()[8 - width..].to_vec();
    out.extend(bytes);
    out
}

fn extension(kind: u16, body: &[u8]) -> Vec<u8> {
    let mut out = kind.to_be_bytes().to_vec();
    out.extend(counted(2, body));
    out
}

fn hello(session: &[u8], suites: &[u8], extensions: &[u8]) -> Vec<u8> {
    let mut body = vec![3, 3];
    body.extend([7; 32]);
    body.extend(counted(1, session));
    body.extend(counted(2, suites));
    body.extend([1, 0]);
    body.extend(counted(2, extensions));
    let mut message = vec![1];
    message.extend(counted(3, &body));
    message
}

/// The message in records of these sizes, the last of which goes on.
fn records(message: &[u8], sizes: &[usize]) -> Vec<u8> {
    let (mut out, mut rest, mut sizes) = (Vec::new(), message, sizes.iter().copied());
    let mut size = message.len().max(1);
    while !rest.is_empty() {
        size = sizes.next().unwrap_or(size);
        let (record, more) = rest.split_at(size.min(rest.len()));
        out.extend([22, 3, 1]);
        out.extend(counted(2, record));
        rest = more;
    }
    out
}

fn names() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..=LONGEST_NAME)
}

fn hellos() -> impl Strategy<Value = Vec<u8>> {
    let other = (1u16..60, prop::collection::vec(any::<u8>(), 0..40)).prop_map(|(kind, body)| extension(kind, &body));
    let entry = (prop_oneof![3 => Just(0u8), 1 => any::<u8>()], names());
    let list = prop::collection::vec(entry, 0..3).prop_map(|entries| {
        entries.iter().flat_map(|(kind, name)| [vec![*kind], counted(2, name)].concat()).collect::<Vec<u8>>()
    });
    let named = list.prop_map(|list| extension(0, &counted(2, &list)));
    let extensions = prop::collection::vec(prop_oneof![3 => other, 1 => named], 0..8).prop_map(|all| all.concat());
    let bytes = |most| prop::collection::vec(any::<u8>(), 0..most);
    (bytes(33), bytes(80), extensions).prop_map(|(session, suites, extensions)| hello(&session, &suites, &extensions))
}

fn streams() -> impl Strategy<Value = Vec<u8>> {
    (hellos(), prop::collection::vec(1usize..200, 0..6), prop::collection::vec(any::<u8>(), 0..20)).prop_map(
        |(message, sizes, after)| {
            let mut stream = records(&message, &sizes);
            stream.extend(after);
            stream
        },
    )
}

proptest! {
    #[test]
    fn names_are_those_of_the_model_at_any_cut(stream in streams(), cut in any::<prop::sample::Index>()) {
        prop_assert_eq!(found(&stream), model(&stream));
        let cut = &stream[..cut.index(stream.len() + 1)];
        prop_assert_eq!(found(cut), model(cut));
    }

    #[test]
    fn changed_bytes_are_read_as_the_model_reads_them(
        stream in streams(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut stream = stream;
        for (place, byte) in changes {
            let place = place.index(stream.len());
            stream[place] = byte;
        }
        // What this leaves out: a model's name may be longer than what is put together.
        let expected = model(&stream);
        if !matches!(&expected, Found::Name(name) if name.len() > LONGEST_NAME) {
            prop_assert_eq!(found(&stream), expected);
        }
    }

    #[test]
    fn any_bytes_are_read(mut bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert_eq!(found(&bytes), model(&bytes));
        for (place, byte) in [(0, 22), (1, 3), (3, 0)] {
            if let Some(there) = bytes.get_mut(place) { *there = byte }
        }
        prop_assert_eq!(found(&bytes), model(&bytes));
    }

    /// Once the answer is sure it stays, whatever follows.
    #[test]
    fn an_answer_stays(stream in streams(), cut in any::<prop::sample::Index>()) {
        let early = found(&stream[..cut.index(stream.len() + 1)]);
        if early != Found::More {
            prop_assert_eq!(early, found(&stream));
        }
    }
}

#[test]
fn a_long_name_is_read_where_it_lies_and_not_put_together() {
    let long = vec![b'a'; 300];
    let list = [vec![0], counted(2, &long)].concat();
    let message = hello(&[], &[], &extension(0, &counted(2, &list)));
    assert_eq!(found(&records(&message, &[])), Found::Name(long));
    assert_eq!(found(&records(&message, &[100])), Found::None);
}

#[test]
fn what_is_looked_at_is_told_though_it_is_in_one_record() {
    let extensions: Vec<u8> = (0..4080).flat_map(|_| extension(0xffff, &[])).collect();
    let stream = records(&hello(&[], &[19, 1], &extensions), &[]);
    let (answer, looked) = sni(&stream, &mut [0; LONGEST_NAME]);
    assert_eq!((answer, looked), (Sni::None, stream.len()));
}
