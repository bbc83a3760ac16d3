// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Names for the kernel's addresses.

use std::collections::BTreeMap;

/// The lowest address of the kernel's half.
const KERNEL: u64 = 1 << 63;

/// Functions, by where they begin.
#[derive(Debug, Default)]
pub struct Symbols(BTreeMap<u64, String>);

impl Symbols {
    /// Adds lines of a System.map or of /proc/kallsyms: `ADDRESS TYPE NAME`, and perhaps
    /// `[MODULE]`. What is no such line, or no function, is left out.
    pub fn add<'a>(&mut self, lines: impl IntoIterator<Item = &'a str>) {
        for line in lines {
            let words: Vec<_> = line.split_whitespace().collect();
            let (symbol, module) = match &words[..] {
                [symbol @ .., module] if module.starts_with('[') => (symbol, *module),
                symbol => (symbol, ""),
            };
            let &[address, kind, name] = symbol else { continue };
            let Ok(address) = u64::from_str_radix(address, 16) else { continue };
            if !"tTwW".contains(kind) || name.starts_with("__pfx_") {
                continue;
            }
            let name = format!("{:#}", rustc_demangle::demangle(name));
            let name = if module.is_empty() { name } else { format!("{name} {module}") };
            self.0.entry(address).or_insert(name);
        }
    }

    /// The function that an address is in.
    pub fn name(&self, address: u64) -> &str {
        if address < KERNEL {
            return "(user space: the sender)";
        }
        self.0.range(..=address).next_back().map_or("(unknown)", |(_, name)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_in_the_last_function_before_it() {
        let mut symbols = Symbols::default();
        symbols.add([
            "ffffffff81000000 T ip_rcv",
            "ffffffff810000f0 t __pfx_ip_forward",
            "ffffffff81000100 t ip_forward",
            "ffffffff81000180 d some_data",
            "ffffffffc0000000 t _RNvCs1234_7mycrate3foo [lunatik]",
            "not a line",
        ]);
        assert_eq!(symbols.name(0xffff_ffff_8100_00ff), "ip_rcv");
        assert_eq!(symbols.name(0xffff_ffff_8100_0190), "ip_forward");
        assert_eq!(symbols.name(0xffff_ffff_c000_0004), "mycrate::foo [lunatik]");
        assert_eq!(symbols.name(0x40_0000), "(user space: the sender)");
        assert_eq!(symbols.name(0xffff_8000_0000_0000), "(unknown)");
    }
}
