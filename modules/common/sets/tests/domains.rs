// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Sets of domains, against a table of names.

use std::collections::BTreeMap;

use proptest::prelude::*;
use sets::file::{Error, Kind};
use sets::Domains;

/// The most that a set of a million names of 17 characters may take.
const MEMORY: usize = 16 << 20;

fn compile(names: &BTreeMap<String, u64>) -> (Vec<u8>, Domains) {
    let file = list::domains(names, b"notes").expect("names of the right form");
    let domains = Domains::new(&file).expect("what the compiler writes");
    assert_eq!(domains.count(), names.len() as u64);
    assert_eq!(domains.notes(&file), b"notes");
    (file, domains)
}

/// What `matching` promises, slowly.
fn model(names: &BTreeMap<String, u64>, name: &[u8]) -> u64 {
    let name = name.strip_suffix(b".").unwrap_or(name).to_ascii_lowercase();
    let begins = (0..name.len()).filter(|at| *at == 0 || name[at - 1] == b'.');
    begins.filter_map(|at| names.get(std::str::from_utf8(&name[at..]).ok()?)).fold(0, |all, label| all | label)
}

/// A small alphabet, so that names meet; labels of one to twelve characters.
fn label() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[ab]{1,2}", 1 => "[a-z0-9_-]{1,12}", 1 => "[0-9]{7,9}"]
}

fn name() -> impl Strategy<Value = String> {
    prop::collection::vec(label(), 1..5)
        .prop_map(|labels| labels.join("."))
        .prop_filter("one character", |name| name.len() > 1)
}

fn names() -> impl Strategy<Value = BTreeMap<String, u64>> {
    prop::collection::btree_map(name(), prop_oneof![Just(1u64), 1u64..9, any::<u64>()], 0..60)
}

/// Names as packets may bring them: any bytes, and names of the set spoilt a little.
fn asked(names: &BTreeMap<String, u64>) -> impl Strategy<Value = Vec<u8>> {
    let known: Vec<String> = names.keys().cloned().chain(["a".to_owned()]).collect();
    let spoilt = (
        prop::sample::select(known),
        prop::collection::vec(name(), 0..3),
        any::<prop::sample::Index>(),
        any::<u8>(),
        0..6,
    );
    prop_oneof![
        1 => prop::collection::vec(any::<u8>(), 0..80),
        2 => name().prop_map(String::into_bytes),
        8 => spoilt.prop_map(|(known, below, at, byte, how)| {
            let mut name = below.into_iter().chain([known]).collect::<Vec<_>>().join(".").into_bytes();
            let at = at.index(name.len());
            match how {
                0 => name[at] = byte,
                1 => name[at] ^= 1 << (byte & 7),
                2 => name.push(b'.'),
                3 => name = name.to_ascii_uppercase(),
                4 => { name.remove(at); }
                _ => {}
            }
            name
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_set_says_what_a_table_says((names, asked) in names().prop_flat_map(|names| {
        let asked = prop::collection::vec(asked(&names), 1..40);
        (Just(names), asked)
    })) {
        let (file, domains) = compile(&names);
        for name in &asked {
            prop_assert_eq!(domains.matching(&file, name), model(&names, name), "{:?}", name);
            let plain = name.strip_suffix(b".").unwrap_or(name).to_ascii_lowercase();
            let known = std::str::from_utf8(&plain).ok().and_then(|name| names.get(name)).copied();
            prop_assert_eq!(domains.get(&file, name), known);
            prop_assert_eq!(domains.has(&file, name), known.is_some());
        }
    }

    #[test]
    fn every_name_can_be_read_again(names in names()) {
        let (file, domains) = compile(&names);
        let mut again = BTreeMap::new();
        domains.each(&file, |name, label| { again.insert(String::from_utf8(name.to_vec()).unwrap(), label); });
        prop_assert_eq!(again, names);
    }

    #[test]
    fn damaged_files_are_refused(names in names(), at: prop::sample::Index, bit in 0u8..8, cut: prop::sample::Index) {
        let (mut file, _) = compile(&names);
        let whole = file.clone();
        let at = at.index(file.len());
        file[at] ^= 1 << bit;
        prop_assert!(Domains::new(&file).is_err());
        prop_assert!(Domains::new(&whole[..cut.index(whole.len())]).is_err());
        prop_assert!(Domains::new(&[&whole[..], &[0]].concat()).is_err());
    }

    /// With a checksum that is right again: whatever the rest says, nothing is read outside.
    #[test]
    fn contradicting_files_are_refused_or_harmless(
        names in names(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), any::<bool>()), 1..6),
        asked in prop::collection::vec(name(), 1..10),
    ) {
        let (mut file, _) = compile(&names);
        let end = file.len() - 8;
        for (at, byte, early) in damage {
            // Most of what is checked stands early.
            let at = if early { at.index(end.min(100)) } else { at.index(end) };
            file[at] = byte;
        }
        let sum = sets::xxh64(&file[..end]);
        file[end..].copy_from_slice(&sum.to_le_bytes());
        if let Ok(domains) = Domains::new(&file) {
            for name in asked.iter().chain(names.keys()) {
                domains.matching(&file, name.as_bytes());
                domains.get(&file, name.as_bytes());
            }
            let mut count = 0;
            domains.each(&file, |name, _| { assert!(name.len() <= 256); count += 1 });
            prop_assert!(count <= domains.count());
        }
    }
}

#[test]
fn a_file_says_what_is_wrong_with_it() {
    let names = BTreeMap::from([("ads.example".to_owned(), 1)]);
    let (file, _) = compile(&names);
    let spoil = |at: usize, byte: u8| {
        let mut file = file.clone();
        file[at] = byte;
        Domains::new(&file).unwrap_err()
    };
    assert_eq!(spoil(0, b'x'), Error::NoList);
    assert_eq!(spoil(8, 2), Error::Version(2));
    assert_eq!(spoil(10, 2), Error::OtherKind(Kind::Addresses));
    assert_eq!(spoil(10, 9), Error::Inconsistent("its kind is unknown"));
    assert_eq!(spoil(16, 1), Error::Truncated);
    assert_eq!(spoil(23, 1), Error::TooLong);
    assert_eq!(spoil(70, 1), Error::Checksum);
    assert_eq!(Domains::new(b"").unwrap_err(), Error::NoList);
    assert_eq!(Domains::new(&file[..9]).unwrap_err(), Error::Truncated);
}

#[test]
fn names_of_every_length_are_told_apart() {
    let mut names = BTreeMap::new();
    for length in 2..=253usize {
        names.insert("a".repeat(length), 1 << (length % 8));
        names.insert(format!("{:b>1$}", ".c", length.max(3)), 3);
    }
    let (file, domains) = compile(&names);
    for (name, label) in &names {
        assert_eq!(domains.get(&file, name.as_bytes()), Some(*label), "{name}");
        assert_eq!(domains.matching(&file, name.as_bytes()), *label, "{name}");
        for byte in 0..=u8::MAX {
            for at in [0, name.len() / 2, name.len() - 1] {
                let mut other = name.clone().into_bytes();
                other[at] = byte;
                let plain = other.strip_suffix(b".").unwrap_or(&other);
                let known = std::str::from_utf8(plain).ok().and_then(|other| names.get(&other.to_ascii_lowercase()));
                assert_eq!(domains.get(&file, &other), known.copied(), "{other:?}");
            }
        }
    }
    assert!(!domains.has(&file, "a".repeat(254).as_bytes()));
    // Of a longer one the end counts.
    assert_eq!(domains.matching(&file, format!("{}aa", "x.".repeat(1000)).as_bytes()), 4);
    assert_eq!(domains.matching(&file, "a".repeat(1000).as_bytes()), 0);
}

/// Different names whose lengths take turns: some characters of a scrambled number, and a label.
fn million(lengths: &[usize], labels: u64) -> BTreeMap<String, u64> {
    const END: &[u8] = b"0_1.2-3.4a5b6c7.d8e9f.gh-ij.kl_mn.opqrstuvw.xyz";
    let name = |number: u64| {
        let length = lengths[number as usize % lengths.len()];
        let scrambled = format!("{:06x}", number.wrapping_mul(0x9e_3779) & 0xff_ffff);
        let from = END.len() - (length - scrambled.len());
        scrambled + std::str::from_utf8(&END[from..]).unwrap()
    };
    let names: BTreeMap<_, _> = (0..1_000_000).map(|number| (name(number), number % labels + 1)).collect();
    assert_eq!((names.len(), names.keys().map(String::len).sum()), (1_000_000, 17_000_000));
    names
}

#[test]
fn a_million_names_of_17_characters_fit_16_mib() {
    // As many labels as one byte tells apart, and lengths whose keys waste most.
    for (lengths, labels) in [(&[9, 11, 13, 15, 17, 17, 19, 21, 23, 25][..], 1), (&[17], 256), (&[13, 21], 256)] {
        let names = million(lengths, labels);
        let (file, domains) = compile(&names);
        println!("lengths {lengths:?}, {labels} labels: {} bytes", file.len());
        assert!(file.len() <= MEMORY, "{lengths:?}: {} bytes", file.len());
        for (name, label) in names.iter().step_by(97) {
            assert_eq!(domains.get(&file, name.as_bytes()), Some(*label));
            assert_ne!(domains.matching(&file, format!("www.{name}").as_bytes()), 0);
            let other = format!("x{}", &name[1..]);
            assert_eq!(domains.get(&file, other.as_bytes()), None);
        }
    }
}
