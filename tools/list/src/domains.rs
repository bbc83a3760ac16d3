// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Writing a file of domains.

use std::collections::BTreeMap;

use sets::domains::{bucket, print, Class, Fields, LONGEST_NAME, MOST_IN_BUCKET};
use sets::file::{Header, Kind, CHECKSUM, HEADER, LONGEST};
use sets::{hash, word, xxh64};

use crate::Error;

/// So many names share a bucket on average: few, for a lookup reads all their prints; not
/// fewer, for each bucket costs four bytes.
const NAMES_IN_BUCKET: usize = 5;
/// Hashes to try until no bucket is too full.
const SEEDS: u64 = 64;

/// A name with its label's number and its hash.
type Entry<'a> = (&'a str, usize, u64);

/// The buckets of each class of names, by the names' length.
type Classes<'a> = Vec<Vec<Vec<Entry<'a>>>>;

/// Makes the file of these names, which are valid and in lower case, and their labels.
///
/// # Errors
///
/// The file would be too long, or there are more than 65536 different labels.
pub fn domains(names: &BTreeMap<String, u64>, notes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut numbers: BTreeMap<u64, usize> = names.values().map(|label| (*label, 0)).collect();
    numbers.values_mut().enumerate().for_each(|(place, number)| *number = place);
    let width = match numbers.len() {
        0..=1 => 0,
        2..=0x100 => 1,
        0x101..=0x10000 => 2,
        many => return Err(Error::Labels(many)),
    };
    let (seed, classes) = (0..SEEDS)
        .map(|seed| (seed, classes(names, &numbers, seed)))
        .find(|(_, classes)| classes.iter().flatten().all(|bucket| bucket.len() <= MOST_IN_BUCKET))
        .ok_or(Error::Unlucky)?;

    let mut all = Class::default();
    let (mut table, mut index) = (Vec::new(), Vec::from(0u32.to_le_bytes()));
    let (mut prints, mut labels, mut keys) = (Vec::new(), Vec::new(), Vec::new());
    for class in &classes {
        all.buckets = class.len() as u32;
        table.extend(all.write());
        for bucket in class {
            for (name, number, hash) in bucket {
                prints.push(print(*hash));
                labels.extend(&number.to_le_bytes()[..width]);
                keys.extend(key(name.as_bytes()));
            }
            index.extend((prints.len() as u32).to_le_bytes());
        }
        let first = all.first + all.buckets;
        all = Class { names: prints.len() as u32, keys: keys.len() as u32, first, buckets: 0 };
    }
    table.extend(all.write());

    let longest = classes.len() as u8 - 1;
    let fields = Fields { seed, labels: numbers.len() as u32, buckets: all.first, longest, width: width as u8 };
    let values: Vec<u8> = numbers.keys().flat_map(|label| label.to_le_bytes()).collect();
    let sections = [&values, &table, &index, &prints, &labels, &keys, notes];
    let length = (HEADER + sections.iter().map(|section| section.len()).sum::<usize>() + CHECKSUM) as u64;
    if length > LONGEST {
        return Err(Error::TooLong);
    }
    let header = Header { kind: Kind::Domains, length, count: names.len() as u64, notes: notes.len() };
    let mut file = Vec::with_capacity(length as usize);
    file.extend(header.write());
    file.extend(fields.write());
    file.extend(sections.concat());
    file.extend(xxh64(&file).to_le_bytes());
    Ok(file)
}

/// Spreads the names; each bucket keeps their order.
fn classes<'a>(names: &'a BTreeMap<String, u64>, numbers: &BTreeMap<u64, usize>, seed: u64) -> Classes<'a> {
    let mut counts = [0usize; LONGEST_NAME + 1];
    names.keys().for_each(|name| counts[name.len()] += 1);
    let longest = counts.iter().rposition(|count| *count > 0).unwrap_or(0);
    let mut classes: Classes =
        counts[..=longest].iter().map(|count| vec![Vec::new(); count.div_ceil(NAMES_IN_BUCKET)]).collect();
    for (name, label) in names {
        let hash = hash::<true>(name.as_bytes(), seed);
        let class = &mut classes[name.len()];
        let bucket = bucket(hash, class.len() as u32);
        class[bucket as usize].push((name.as_str(), numbers[label], hash));
    }
    classes
}

/// A name's words, packed.
fn key(name: &[u8]) -> Vec<u8> {
    let (mut rest, mut key) = (name, Vec::new());
    while let Some((before, word)) = word::cut(rest) {
        key.extend(&word::pack(word).to_le_bytes()[..word::packed(word::CHARACTERS)]);
        rest = before;
    }
    key.extend(&word::pack(word::first(name, rest.len())).to_le_bytes()[..word::packed(rest.len())]);
    key
}
