// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A kind of device, resolved.

use std::path::Path;

use files::{wrong, Problem};
use serde_saphyr::Spanned;

use crate::raw::{RawPartitions, RawProfile};
use crate::size::Size;
use crate::{Error, Fit, Selection};

/// A kind of device, and how its disk is laid out.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The file's name without `.yaml`, and part of the image's.
    pub name: String,
    /// One sentence.
    pub description: String,
    /// What its processor understands.
    pub architecture: Architecture,
    /// Bytes that root, verity tree, kernel and loader may take together.
    pub flash: u64,
    /// The partitions' sizes.
    pub partitions: Partitions,
    /// The consoles of the kernel; the last is init's.
    pub consoles: Vec<String>,
    /// More of the kernel's command line.
    pub parameters: Vec<String>,
    /// How U-Boot boots it from memory, if it does.
    pub fit: Option<Fit>,
    /// What of the system it has, and what beside it.
    pub selection: Selection,
}

/// A processor architecture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Architecture {
    /// 64-bit PCs.
    X86_64,
    /// 64-bit ARM.
    Aarch64,
}

/// Sizes in bytes, whole multiples of [`ALIGNMENT`].
#[derive(Clone, Copy, Debug)]
pub struct Partitions {
    /// The EFI system partition.
    pub esp: u64,
    /// The boot control records.
    pub bootctl: u64,
    /// Each of the two slots.
    pub slot: u64,
    /// The owner's data.
    pub data: u64,
}

/// Partitions begin and end at multiples of this, for the flash's sake.
pub const ALIGNMENT: u64 = 1 << 20;
/// The EFI system partition is built in memory, for one small file.
const LARGEST_ESP: u64 = 256 << 20;
/// Larger ones are slips of the pen, and their sum must not overflow.
const LARGEST: u64 = 1 << 40;

impl Architecture {
    pub(crate) const ALL: [Architecture; 2] = [Architecture::X86_64, Architecture::Aarch64];

    /// Its name in profiles.
    pub fn name(self) -> &'static str {
        match self {
            Architecture::X86_64 => "x86_64",
            Architecture::Aarch64 => "aarch64",
        }
    }

    /// The number that programs for its EFI firmware carry (IMAGE_FILE_MACHINE_AMD64, _ARM64).
    pub fn machine(self) -> u16 {
        match self {
            Architecture::X86_64 => 0x8664,
            Architecture::Aarch64 => 0xaa64,
        }
    }

    /// The file that EFI firmware starts from a disk without boot entries.
    pub fn loader_name(self) -> &'static str {
        match self {
            Architecture::X86_64 => "BOOTX64.EFI",
            Architecture::Aarch64 => "BOOTAA64.EFI",
        }
    }
}

impl Profile {
    /// Reads a profile.
    ///
    /// # Errors
    ///
    /// [`Error::File`], with the place.
    pub fn open(path: &Path) -> Result<Profile, Error> {
        let text = files::read_text(path)?;
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        Ok(Profile::parse(&text, &stem).map_err(files::Error::says(path))?)
    }

    fn parse(text: &str, stem: &str) -> Result<Profile, Problem> {
        Profile::resolve(files::parse(text)?, stem)
    }

    fn resolve(raw: RawProfile, stem: &str) -> Result<Profile, Problem> {
        if raw.name.value != stem {
            return wrong(
                raw.name.referenced,
                format!("name '{}' in a file called '{stem}.yaml': rename either", raw.name.value),
            );
        }
        if raw.name.value.len() > layout::LONGEST_NAME {
            return wrong(raw.name.referenced, format!("a name of more than {} bytes", layout::LONGEST_NAME));
        }
        if raw.description.value.trim().is_empty() {
            return wrong(raw.description.referenced, "an empty description: say in a sentence what the device is");
        }
        let named = |architecture: &Architecture| architecture.name() == raw.architecture.value;
        let Some(architecture) = Architecture::ALL.into_iter().find(named) else {
            let message = format!("architecture '{}' is neither x86_64 nor aarch64", raw.architecture.value);
            return wrong(raw.architecture.referenced, message);
        };
        let partitions = partitions(raw.partitions)?;
        if raw.flash.value.0 == 0 {
            return wrong(raw.flash.referenced, "flash of no bytes: say how much the image may take, as 24 MiB");
        }
        if raw.consoles.value.is_empty() {
            return wrong(raw.consoles.referenced, "no consoles: name at least one, as ttyS0,115200");
        }
        let fit = raw.fit.map(|fit| Fit::resolve(fit, architecture)).transpose()?;
        let selection = Selection::resolve(raw.drivers, raw.policies, raw.packages)?;
        Ok(Profile {
            name: raw.name.value,
            description: raw.description.value,
            architecture,
            flash: raw.flash.value.0,
            partitions,
            consoles: words(raw.consoles.value, "a console")?,
            parameters: words(raw.parameters.value, "a parameter")?,
            fit,
            selection,
        })
    }

    /// What every boot of this device says to the kernel.
    pub fn command_line(&self) -> String {
        let consoles = self.consoles.iter().map(|console| format!("console={console}"));
        consoles.chain(self.parameters.iter().cloned()).collect::<Vec<_>>().join(" ")
    }
}

fn partitions(raw: RawPartitions) -> Result<Partitions, Problem> {
    let whole = |size: Spanned<Size>, what: &str, most: u64| {
        if size.value.0 == 0 || !size.value.0.is_multiple_of(ALIGNMENT) {
            wrong(size.referenced, format!("partition {what}: give whole MiB, at least one"))
        } else if size.value.0 > most {
            wrong(size.referenced, format!("partition {what}: {most} bytes at most"))
        } else {
            Ok(size.value.0)
        }
    };
    Ok(Partitions {
        esp: whole(raw.esp, "esp", LARGEST_ESP)?,
        bootctl: whole(raw.bootctl, "bootctl", LARGEST)?,
        slot: whole(raw.slot, "slot", LARGEST)?,
        data: whole(raw.data, "data", LARGEST)?,
    })
}

/// The header of a slot gives its letter to the command line, in place of a sign.
fn words(raw: Vec<Spanned<String>>, what: &str) -> Result<Vec<String>, Problem> {
    raw.into_iter()
        .map(|word| {
            let taken = |c: char| c.is_whitespace() || c == layout::SLOT_LETTER || !c.is_ascii();
            if word.value.is_empty() || word.value.contains(taken) {
                wrong(
                    word.referenced,
                    format!(
                        "'{}' is not {what}: one ASCII word without blanks and {}",
                        word.value,
                        layout::SLOT_LETTER
                    ),
                )
            } else {
                Ok(word.value)
            }
        })
        .collect()
}
