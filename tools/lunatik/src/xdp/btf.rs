// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A reader of BTF, the kernel's type information: just enough to find a module's function.
//!
//! A module's BTF is split: its types are numbered from where the base's (vmlinux) end, and its
//! strings go on where the base's end. So the base must be walked once to count its types.
//! Format: the kernel's Documentation/bpf/btf.rst. Numbers are in the host's byte order.

use std::fmt;

use super::bytes::{u16_at, u32_at};

const MAGIC: u16 = 0xeb9f;
/// Bytes of the header that this reader knows; a longer one is fine.
const HEADER: usize = 24;
/// Bytes of a type, before what its kind adds.
const TYPE: usize = 12;
const KIND_FUNC: u32 = 12;

/// What is wrong with BTF, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed {
    what: &'static str,
    /// In bytes, from the beginning.
    at: usize,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.what, self.at)
    }
}

impl std::error::Error for Malformed {}

/// The number by which the kernel knows a function: its type's, in the module's BTF.
///
/// `base` and `module` are files of /sys/kernel/btf. `None`: the module has no such function.
///
/// # Errors
///
/// One of the two is no BTF.
pub fn function(base: &[u8], module: &[u8], name: &str) -> Result<Option<u32>, Malformed> {
    let (base, module) = (Btf::parse(base)?, Btf::parse(module)?);
    let mut id = 1; // 0 is void, which is not written down.
    for kind in base.types() {
        kind?;
        id += 1;
    }
    for kind in module.types() {
        let Type { kind, name: offset } = kind?;
        if kind == KIND_FUNC {
            let found = match offset.checked_sub(base.strings.len()) {
                Some(offset) => string(module.strings, offset),
                None => string(base.strings, offset),
            };
            if found == Some(name.as_bytes()) {
                return Ok(Some(id));
            }
        }
        id += 1;
    }
    Ok(None)
}

/// The two sections.
struct Btf<'a> {
    types: &'a [u8],
    /// Where the types begin, for messages.
    at: usize,
    strings: &'a [u8],
}

impl<'a> Btf<'a> {
    fn parse(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let malformed = |what, at| Malformed { what, at };
        let field = |at| u32_at(bytes, at).and_then(|field| usize::try_from(field).ok());
        let magic = u16_at(bytes, 0);
        if magic != Some(MAGIC) {
            return Err(malformed("no magic number", 0));
        }
        let (Some(header), Some(types), Some(types_len), Some(strings), Some(strings_len)) =
            (field(4), field(8), field(12), field(16), field(20))
        else {
            return Err(malformed("a header cut short", bytes.len()));
        };
        if header < HEADER {
            return Err(malformed("a header of another version", 4));
        }
        // Sections are counted from the header's end.
        let section = |offset: usize, len: usize| {
            let begin = header.checked_add(offset)?;
            Some((begin, bytes.get(begin..begin.checked_add(len)?)?))
        };
        let (at, types) = section(types, types_len).ok_or(malformed("types outside of the file", 8))?;
        let (_, strings) = section(strings, strings_len).ok_or(malformed("strings outside of the file", 16))?;
        Ok(Btf { types, at, strings })
    }

    fn types(&self) -> Types<'a> {
        Types { rest: self.types, end: self.at + self.types.len() }
    }
}

/// What of a type matters here.
struct Type {
    kind: u32,
    /// Where its name begins, in the strings of base and module together.
    name: usize,
}

/// The types in their order.
struct Types<'a> {
    rest: &'a [u8],
    end: usize,
}

impl Iterator for Types<'_> {
    type Item = Result<Type, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let at = self.end - self.rest.len();
        let next = self.read().ok_or(Malformed { what: "a type cut short, or of an unknown kind", at });
        if next.is_err() {
            self.rest = &[];
        }
        Some(next)
    }
}

impl Types<'_> {
    fn read(&mut self) -> Option<Type> {
        let info = u32_at(self.rest, 4)?;
        let (kind, count) = (info >> 24 & 0x1f, usize::try_from(info & 0xffff).ok()?);
        let name = usize::try_from(u32_at(self.rest, 0)?).ok()?;
        self.rest = self.rest.get(TYPE + extra(kind, count)?..)?;
        Some(Type { kind, name })
    }
}

/// Bytes that follow a type of this kind with so many members.
fn extra(kind: u32, count: usize) -> Option<usize> {
    match kind {
        // PTR, FWD, TYPEDEF, VOLATILE, CONST, RESTRICT, FUNC, FLOAT, TYPE_TAG
        2 | 7..=12 | 16 | 18 => Some(0),
        // INT, VAR, DECL_TAG
        1 | 14 | 17 => Some(4),
        // ARRAY
        3 => Some(12),
        // ENUM, FUNC_PROTO
        6 | 13 => Some(8 * count),
        // STRUCT, UNION, DATASEC, ENUM64
        4 | 5 | 15 | 19 => Some(12 * count),
        _ => None,
    }
}

/// The string that begins at `offset`, without its zero.
fn string(strings: &[u8], offset: usize) -> Option<&[u8]> {
    let rest = strings.get(offset..)?;
    rest.get(..rest.iter().position(|byte| *byte == 0)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A BTF of these types (name, kind, members' count) over these strings.
    fn btf(types: &[(u32, u32, u16)], strings: &[u8]) -> Vec<u8> {
        let mut section = Vec::new();
        for &(name, kind, count) in types {
            for word in [name, kind << 24 | u32::from(count), 0] {
                section.extend(word.to_ne_bytes());
            }
            section.resize(section.len() + extra(kind, count.into()).unwrap(), 0);
        }
        let len = section.len() as u32;
        let mut bytes = MAGIC.to_ne_bytes().to_vec();
        bytes.extend([1, 0]);
        for word in [HEADER as u32, 0, len, len, strings.len() as u32] {
            bytes.extend(word.to_ne_bytes());
        }
        bytes.extend(section);
        bytes.extend(strings);
        bytes
    }

    /// Every kind once, with members where a kind has them.
    fn every_kind() -> Vec<(u32, u32, u16)> {
        (1..=19).map(|kind| (1, kind, if matches!(kind, 4 | 5 | 6 | 13 | 15 | 19) { 3 } else { 0 })).collect()
    }

    /// "int" at 1 of the base, "run" at 5; in the module "go" at 0, so at 9.
    const BASE: &[u8] = b"\0int\0run\0";
    const MODULE: &[u8] = b"go\0longer_go\0";

    #[test]
    fn a_function_is_numbered_after_the_types_of_the_base() {
        let base = btf(&every_kind(), BASE);
        let module = btf(&[(1, 1, 0), (9, 4, 2), (12, 12, 0), (9, 12, 0)], MODULE);
        // 19 types before it, of the module three; the structure called "go" is no function.
        assert_eq!(function(&base, &module, "go"), Ok(Some(23)));
        assert_eq!(function(&base, &module, "longer_go"), Ok(Some(22)));
        assert_eq!(function(&base, &module, "longer"), Ok(None), "only a beginning");
        assert_eq!(function(&base, &module, "int"), Ok(None), "a type, not a function");
    }

    #[test]
    fn a_name_may_be_among_the_strings_of_the_base() {
        let module = btf(&[(5, 12, 0)], b"");
        assert_eq!(function(&btf(&[], BASE), &module, "run"), Ok(Some(1)));
    }

    #[test]
    fn what_is_no_btf_is_refused_with_its_place() {
        let good = btf(&every_kind(), BASE);
        let words = |bytes: &[u8]| function(bytes, &good, "x").unwrap_err().to_string();
        assert_eq!(words(b""), "no magic number at byte 0");
        assert_eq!(words(b"\x7fELF"), "no magic number at byte 0");
        assert_eq!(words(&good[..20]), "a header cut short at byte 20");
        assert_eq!(words(&good[..good.len() - 1]), "strings outside of the file at byte 16");
        // A kind that this reader does not know has an unknown size: nothing after it can be numbered.
        let mut unknown = good.clone();
        unknown[HEADER + 7] = 20;
        assert_eq!(words(&unknown), "a type cut short, or of an unknown kind at byte 24");
        let mut overflow = good.clone();
        overflow[8..12].copy_from_slice(&[0xff; 4]);
        assert_eq!(words(&overflow), "types outside of the file at byte 8");
    }

    #[test]
    fn cut_anywhere_it_is_an_error() {
        let (base, module) = (btf(&every_kind(), BASE), btf(&[(9, 12, 0)], MODULE));
        for len in 0..base.len() {
            assert!(function(&base[..len], &module, "go").is_err(), "{len} bytes of the base");
        }
        for len in 0..module.len() {
            assert!(function(&base, &module[..len], "go").is_err(), "{len} bytes of the module");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(mut header in prop::collection::vec(any::<u8>(), 0..64), body in prop::collection::vec(any::<u8>(), 0..200)) {
            let good = btf(&every_kind(), BASE);
            if header.len() > 2 {
                header[..2].copy_from_slice(&MAGIC.to_ne_bytes());
            }
            header.extend(&body);
            let _ = function(&header, &good, "go");
            let _ = function(&good, &header, "go");
        }

        #[test]
        fn no_changed_byte_makes_it_panic(at in 0..300_usize, value: u8) {
            let good = btf(&every_kind(), BASE);
            let mut changed = good.clone();
            let at = at % changed.len();
            changed[at] = value;
            let _ = function(&changed, &good, "go");
            let _ = function(&good, &changed, "go");
        }
    }
}
