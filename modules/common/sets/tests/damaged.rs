// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! List files that are not as they were written: each section, each bit, each length.

use std::collections::BTreeMap;

use sets::addresses::{Member, Plan};
use sets::file::{Error, CHECKSUM, HEADER};
use sets::{Addresses, Domains, Prefix};

/// Names of three lengths, with three labels.
fn domains() -> Vec<u8> {
    let names = [("ads.example", 1), ("ads.test", 2), ("dis.example", 3), ("t.example", 1)];
    list::domains(&names.map(|(name, label)| (name.to_owned(), label)).into(), b"ads=0\n").expect("a few names")
}

/// Prefixes of each family, with two labels.
fn addresses() -> Vec<u8> {
    let texts = ["10.0.0.0/8", "10.1.0.0/16", "192.0.2.1", "2001:db8::/32", "2001:db8::1", "02:00:5e"];
    let member = |(label, text): (usize, &str)| Member {
        prefix: Prefix::parse(text.as_bytes()).expect("a prefix"),
        label: label as u64 % 2 + 1,
    };
    let mut members: Vec<_> = texts.into_iter().enumerate().map(member).collect();
    let mut labels = vec![0; members.len()];
    let plan = Plan::new(&mut members, &mut labels, 0).expect("nothing is there twice").expect("few members");
    let mut file = vec![0; plan.size()];
    plan.write(&members, &labels, b"", &mut file).expect("what was planned");
    file
}

fn open_domains(file: &[u8]) -> Result<(), Error> {
    Domains::new(file).map(|_| ())
}

fn open_addresses(file: &[u8]) -> Result<(), Error> {
    Addresses::new(file).map(|_| ())
}

/// A file, and what opens it.
type Case = (Vec<u8>, fn(&[u8]) -> Result<(), Error>);

fn cases() -> [Case; 2] {
    [(domains(), open_domains), (addresses(), open_addresses)]
}

fn number(file: &[u8], at: usize) -> usize {
    u32::from_le_bytes(file[at..at + 4].try_into().expect("four bytes")) as usize
}

/// What is said of a file in which these bytes are others, with a checksum that is right.
fn mended((file, open): &Case, at: usize, bytes: &[u8]) -> Result<(), Error> {
    let mut file = file.clone();
    assert_ne!(&file[at..at + bytes.len()], bytes, "nothing changes at {at}");
    file[at..at + bytes.len()].copy_from_slice(bytes);
    let end = file.len() - CHECKSUM;
    let sum = sets::xxh64(&file[..end]);
    file[end..].copy_from_slice(&sum.to_le_bytes());
    open(&file)
}

#[test]
fn every_bit_counts() {
    for (mut file, open) in cases() {
        open(&file).expect("as it was written");
        for at in 0..file.len() {
            for bit in 0..8 {
                file[at] ^= 1 << bit;
                let error = open(&file).expect_err("a bit is another");
                let expected = match at {
                    0..8 => matches!(error, Error::NoList),
                    8..10 => matches!(error, Error::Version(_)),
                    10..12 => matches!(error, Error::OtherKind(_) | Error::Inconsistent("its kind is unknown")),
                    12..16 => matches!(error, Error::Checksum | Error::Inconsistent("its notes are too long")),
                    16..24 => matches!(error, Error::Truncated | Error::TooLong),
                    _ => matches!(error, Error::Checksum),
                };
                assert!(expected, "byte {at}, bit {bit}: {error}");
                file[at] ^= 1 << bit;
            }
        }
    }
}

#[test]
fn every_byte_must_be_there() {
    for (file, open) in cases() {
        for length in 0..file.len() {
            let expected = if length < 8 { Error::NoList } else { Error::Truncated };
            assert_eq!(open(&file[..length]), Err(expected), "{length} bytes");
        }
        assert_eq!(open(&[&file[..], &[0]].concat()), Err(Error::Truncated));
    }
}

#[test]
fn each_section_of_domains_is_checked() {
    let case: Case = (domains(), open_domains);
    let file = &case.0;
    let (labels, buckets, longest) = (number(file, 40), number(file, 44), usize::from(file[48]));
    let (names, notes) = (number(file, 24), number(file, 12));
    assert_eq!((labels, names, longest, file[49]), (3, 4, 11, 1), "the file is as this test thinks");
    let classes = HEADER + labels * 8;
    let index = classes + (longest + 2) * 16;
    let prints = index + (buckets + 1) * 4;
    let numbers = prints + names;
    let keys = numbers + names;
    let end = file.len() - CHECKSUM - notes;

    let damaged = |what| Err(Error::Inconsistent(what));
    // The header: more names than there are, a longer name, other labels.
    assert_eq!(mended(&case, 24, &[5]), damaged("its classes"));
    assert_eq!(mended(&case, 28, &[1]), damaged("its sections"));
    assert_eq!(mended(&case, 12, &[0xff, 0x0f]), damaged("its sections"));
    assert_eq!(mended(&case, 40, &[0xff, 0xff, 0xff, 0xff]), damaged("its labels"));
    assert_eq!(mended(&case, 44, &[0xff, 0xff, 0xff, 0xff]), damaged("its sections"));
    assert_eq!(mended(&case, 48, &[254]), damaged("its labels"));
    assert_eq!(mended(&case, 48, &[10]), damaged("its classes"));
    assert_eq!(mended(&case, 49, &[3]), damaged("its labels"));
    // The classes: names, keys, buckets.
    for field in 0..4 {
        assert_eq!(mended(&case, classes + field * 4, &[9]), damaged("its classes"), "field {field} of the first");
        let last = classes + (longest + 1) * 16;
        assert_eq!(mended(&case, last + field * 4, &[99]), damaged("its classes"), "field {field} of the last");
    }
    // The index: where a class begins, and a bucket that ends before it begins.
    assert_eq!(mended(&case, index, &[1]), damaged("its classes"));
    assert_eq!(mended(&case, index + buckets * 4, &[99]), damaged("its classes"));
    // A label that there is not, which no name may have.
    for name in 0..names {
        assert_eq!(mended(&case, numbers + name, &[3]), damaged("the labels of its names"), "name {name}");
    }
    // Prints and keys say what names there are, and any say so: other names, but none that lead outside.
    for at in (prints..numbers).chain(keys..end) {
        assert_eq!(mended(&case, at, &[file[at] ^ 0x11]), Ok(()), "byte {at}");
    }
}

#[test]
fn a_bucket_is_not_too_full() {
    // One length, so that there is one class, of 40 buckets.
    let names: BTreeMap<_, _> = (100..300).map(|number| (format!("{number}.test"), 1)).collect();
    let case: Case = (list::domains(&names, b"").expect("few names"), open_domains);
    let index = HEADER + 8 + (8 + 2) * 16;
    assert_eq!((number(&case.0, 44), number(&case.0, index + 160)), (40, 200), "the file is as this test thinks");
    let damaged = |what| Err(Error::Inconsistent(what));
    assert_eq!(mended(&case, index + 4, &[33]), damaged("its index"));
    assert_eq!(mended(&case, index + 80, &[0]), damaged("its index"));
}

#[test]
fn each_section_of_addresses_is_checked() {
    let case: Case = (addresses(), open_addresses);
    let file = &case.0;
    let labels = number(file, 32);
    let (widths, bits): ([u8; 3], [u8; 3]) = (file[37..40].try_into().unwrap(), file[40..43].try_into().unwrap());
    let starts = [number(file, 44), number(file, 48), number(file, 52)];
    assert_eq!((labels, file[36], widths), (2, 1, [4, 16, 8]), "the file is as this test thinks");

    let damaged = |what| Err(Error::Inconsistent(what));
    // The header: widths that there are not, too many bits, other counts.
    assert_eq!(mended(&case, 32, &[0xff, 0xff, 0xff, 0xff]), damaged("its sections"));
    assert_eq!(mended(&case, 36, &[3]), damaged("its sections"));
    for family in 0..3 {
        assert_eq!(mended(&case, 37 + family, &[5]), damaged("its sections"), "family {family}");
        assert_eq!(mended(&case, 40 + family, &[17]), damaged("its sections"), "family {family}");
        assert_eq!(mended(&case, 44 + family * 4, &[200]), damaged("its sections"), "family {family}");
    }
    let mut at = HEADER + labels * 8;
    for family in 0..3 {
        let slots = (1 << bits[family]) + 1;
        let (width, starts) = (usize::from(widths[family]), starts[family]);
        for slot in 0..slots {
            assert_eq!(mended(&case, at + slot * 4, &[77]), damaged("its index"), "family {family}, slot {slot}");
        }
        at += slots * 4;
        // The first start is 0, and the others ascend.
        assert_eq!(mended(&case, at, &[1]), damaged("its starts do not ascend"), "family {family}");
        let second = &file[at + width..at + 2 * width].to_vec();
        assert_eq!(mended(&case, at + 2 * width, second), damaged("its starts do not ascend"), "family {family}");
        at += starts * width;
        for start in 0..starts {
            assert_eq!(mended(&case, at + start, &[3]), damaged("its labels"), "family {family}, start {start}");
        }
        at += starts;
    }
    assert_eq!(at, file.len() - CHECKSUM);
}

#[test]
fn an_error_says_the_way_out() {
    for (error, way) in [
        (Error::NoList, "lunagate list compile"),
        (Error::Version(2), "compile it again"),
        (Error::Truncated, "copy it again"),
        (Error::Checksum, "copy it again"),
        (Error::TooLong, "compile a shorter list"),
        (Error::Inconsistent("its index"), "compile it again"),
        (Error::OtherKind(sets::Kind::Addresses), "lpm.load"),
        (Error::OtherKind(sets::Kind::Domains), "set.load"),
    ] {
        assert!(error.to_string().contains(way), "{error}");
    }
}
