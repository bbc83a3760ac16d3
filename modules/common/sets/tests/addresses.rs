// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Sets of addresses, against a list that is searched from end to end.

use proptest::prelude::*;
use sets::addresses::{Member, Plan, Twice};
use sets::file::Error;
use sets::prefix::Invalid;
use sets::{Addresses, Family, Kind, Prefix};

fn compile(members: &[Member]) -> (Vec<u8>, Addresses) {
    let mut members = members.to_vec();
    let mut labels = vec![0; members.len()];
    let plan = Plan::new(&mut members, &mut labels, 5).expect("nothing is there twice").expect("few members");
    let mut file = vec![0xee; plan.size()];
    plan.write(&members, &labels, b"notes", &mut file).expect("what was planned");
    let addresses = Addresses::new(&file).expect("what the compiler writes");
    assert_eq!(addresses.notes(&file), b"notes");
    (file, addresses)
}

/// The label of the longest prefix, slowly.
fn model(members: &[Member], address: Prefix) -> Option<u64> {
    let holds = |prefix: Prefix| {
        prefix.family == address.family && prefix.bits <= address.bits && address.bits <= prefix.last()
    };
    members
        .iter()
        .filter(|member| holds(member.prefix))
        .max_by_key(|member| member.prefix.length)
        .map(|member| member.label)
}

fn family() -> impl Strategy<Value = Family> {
    prop::sample::select(Family::ALL.to_vec())
}

/// Bits of an address, few of which differ, so that prefixes lie in each other and side by side.
fn bits(family: Family) -> impl Strategy<Value = u128> {
    let some = (any::<u8>(), any::<u8>(), prop_oneof![Just(0u128), Just(u128::MAX), any::<u128>()]);
    some.prop_map(move |(high, next, rest)| {
        let bits = u128::from(high & 0xc1) << 120 | u128::from(next & 0x81) << 112 | rest >> 16;
        bits >> (128 - family.bits()) << (128 - family.bits())
    })
}

fn prefix() -> impl Strategy<Value = Prefix> {
    family().prop_flat_map(|family| (bits(family), prop_oneof![0..=family.bits(), Just(family.bits())])).prop_flat_map(
        move |(bits, length)| {
            let cut = if length == 0 { 0 } else { bits >> (128 - length) << (128 - length) };
            family().prop_map(move |family| {
                let length = length.min(family.bits());
                let cut = if length == 0 { 0 } else { cut >> (128 - length) << (128 - length) };
                Prefix { family, bits: cut, length }
            })
        },
    )
}

fn members() -> impl Strategy<Value = Vec<Member>> {
    prop::collection::btree_map(prefix(), prop_oneof![1u64..4, any::<u64>()], 0..40)
        .prop_map(|members| members.into_iter().map(|(prefix, label)| Member { prefix, label }).collect())
}

/// The bytes of an address.
fn bytes(family: Family, bits: u128) -> Vec<u8> {
    bits.to_be_bytes()[..usize::from(family.bits() / 8)].to_vec()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn the_longest_prefix_tells(
        members in members(),
        asked in prop::collection::vec(family().prop_flat_map(|family| (Just(family), bits(family))), 1..20),
    ) {
        let (file, addresses) = compile(&members);
        prop_assert_eq!(addresses.count(), members.len() as u64);
        // The edges of each prefix, and what is beside them.
        let edges = members.iter().flat_map(|member| {
            let Prefix { family, bits, .. } = member.prefix;
            let one = 1u128 << (128 - family.bits());
            let last = member.prefix.last() / one * one;
            [bits, last, bits.wrapping_sub(one), last.wrapping_add(one)].map(|bits| (family, bits))
        });
        for (family, bits) in asked.into_iter().chain(edges) {
            let address = Prefix { family, bits, length: family.bits() };
            let bytes = bytes(family, bits);
            prop_assert_eq!(Prefix::from_bytes(&bytes), Some(address));
            prop_assert_eq!(addresses.matching(&file, &bytes), Some(model(&members, address)), "{}", address);
        }
        prop_assert_eq!(addresses.matching(&file, &[0; 5]), None);
    }

    #[test]
    fn ranges_are_what_the_prefixes_cover(members in members()) {
        let (file, addresses) = compile(&members);
        let mut before = None;
        addresses.each(&file, |family, first, last, label| {
            assert!(first <= last && before < Some((family, first)));
            before = Some((family, last));
            for bits in [first, last] {
                assert_eq!(model(&members, Prefix { family, bits, length: family.bits() }), Some(label));
            }
        });
    }

    #[test]
    fn prefixes_can_be_read_as_they_are_written(prefix in prefix()) {
        prop_assert_eq!(Prefix::parse(prefix.to_string().as_bytes()), Ok(prefix));
    }

    #[test]
    fn any_text_is_a_prefix_or_refused(text in prop::collection::vec(any::<u8>(), 0..30)) {
        let _ = Prefix::parse(&text);
    }

    #[test]
    fn damaged_files_are_refused(members in members(), at: prop::sample::Index, bit in 0u8..8, cut: prop::sample::Index) {
        let (whole, _) = compile(&members);
        let mut file = whole.clone();
        let at = at.index(file.len());
        file[at] ^= 1 << bit;
        prop_assert!(Addresses::new(&file).is_err());
        prop_assert!(Addresses::new(&whole[..cut.index(whole.len())]).is_err());
    }

    /// With a checksum that is right again: whatever the rest says, nothing is read outside.
    #[test]
    fn contradicting_files_are_refused_or_harmless(
        members in members(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), any::<bool>()), 1..6),
        asked in prop::collection::vec(any::<u128>(), 1..10),
    ) {
        let (mut file, _) = compile(&members);
        let end = file.len() - 8;
        for (at, byte, early) in damage {
            let at = if early { at.index(end.min(100)) } else { at.index(end) };
            file[at] = byte;
        }
        let sum = sets::xxh64(&file[..end]);
        file[end..].copy_from_slice(&sum.to_le_bytes());
        if let Ok(addresses) = Addresses::new(&file) {
            for bits in asked {
                for family in Family::ALL {
                    let _ = addresses.matching(&file, &bytes(family, bits));
                }
            }
            addresses.each(&file, |_, _, _, _| {});
        }
    }
}

fn parsed(text: &str) -> Prefix {
    Prefix::parse(text.as_bytes()).expect(text)
}

#[test]
fn text_is_read_strictly() {
    assert_eq!(parsed("10.0.0.0/8"), Prefix { family: Family::V4, bits: 10 << 120, length: 8 });
    assert_eq!(parsed("::/0"), Prefix { family: Family::V6, bits: 0, length: 0 });
    assert_eq!(parsed("02-00-00-aa-BB-cc").to_string(), "02:00:00:aa:bb:cc");
    assert_eq!(parsed("02:00:5e").to_string(), "02:00:5e:00:00:00/24");
    assert_eq!(parsed("02:00:5e:00:00:00/24"), parsed("02:00:5e"));
    for (text, invalid) in [
        ("", Invalid::Address),
        ("10.0.0", Invalid::Address),
        ("010.0.0.1", Invalid::Address),
        ("1.2.3.4.5", Invalid::Address),
        ("02:00", Invalid::Address),
        ("02:00-5e", Invalid::Address),
        ("2:0:5e:0:0:1", Invalid::Address),
        ("02:00:5e:00:00:00:00", Invalid::Address),
        ("10.0.0.0/", Invalid::Length),
        ("10.0.0.0/33", Invalid::Length),
        ("10.0.0.0/+8", Invalid::Length),
        ("10.0.0.0/8/8", Invalid::Length),
        ("::/129", Invalid::Length),
        ("10.1.0.0/8", Invalid::Beyond(parsed("10.0.0.0/8"))),
        ("::1/0", Invalid::Beyond(parsed("::/0"))),
        ("02:00:5e:01:00:00/24", Invalid::Beyond(parsed("02:00:5e"))),
    ] {
        assert_eq!(Prefix::parse(text.as_bytes()), Err(invalid), "{text}");
    }
}

#[test]
fn what_contradicts_itself_is_no_set() {
    let member = |label| Member { prefix: parsed("10.0.0.0/8"), label };
    let mut labels = [0; 2];
    assert_eq!(Plan::new(&mut [member(1), member(2)], &mut labels, 0), Err(Twice(parsed("10.0.0.0/8"))));
    let (file, addresses) = compile(&[member(1), member(1)]);
    assert_eq!((addresses.count(), addresses.v4(&file, 0x0a00_0001)), (1, Some(1)));
}

#[test]
fn a_file_says_what_is_wrong_with_it() {
    let (file, _) = compile(&[Member { prefix: parsed("10.0.0.0/8"), label: 1 }]);
    let mut other = file.clone();
    other[10] = 1;
    assert_eq!(Addresses::new(&other).unwrap_err(), Error::OtherKind(Kind::Domains));
    other = file.clone();
    other[64] ^= 1;
    assert_eq!(Addresses::new(&other).unwrap_err(), Error::Checksum);
    assert_eq!(Addresses::new(&file[..100]).unwrap_err(), Error::Truncated);
}

#[test]
fn an_empty_set_matches_nothing() {
    let (file, addresses) = compile(&[]);
    assert_eq!(addresses.count(), 0);
    for family in Family::ALL {
        assert_eq!(addresses.matching(&file, &bytes(family, 0)), Some(None));
    }
}

#[test]
fn a_hundred_thousand_of_each_take_a_few_mib() {
    let scrambled = |number: u128| number.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    let one = |family: Family, number: u128| {
        let unused = 128 - family.bits().min(64);
        Prefix { family, bits: scrambled(number) >> unused << unused, length: family.bits().min(64) }
    };
    let all =
        |family| (1..=100_000).map(move |number| Member { prefix: one(family, number), label: number as u64 % 8 + 1 });
    for (family, most) in [(Family::V4, 2 << 20), (Family::Mac, 3 << 20), (Family::V6, 3 << 20)] {
        let members: Vec<_> = all(family).collect();
        let (file, addresses) = compile(&members);
        println!("{family:?}: {} bytes", file.len());
        assert!(file.len() <= most, "{family:?}: {} bytes", file.len());
        for member in members.iter().step_by(17) {
            let bytes = bytes(family, member.prefix.bits);
            assert_eq!(addresses.matching(&file, &bytes), Some(Some(member.label)));
        }
    }
}
