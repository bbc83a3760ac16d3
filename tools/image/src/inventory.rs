// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What an image is made of: a bill of materials (CycloneDX 1.6, JSON), which the build takes from the root file system
//! and which stands in the slot, behind that file system and below the same tree of hashes.
//!
//! After the file system come whole blocks: the text, zeros, the text's length and [`MAGIC`].

use std::collections::BTreeSet;
use std::path::Path;

use bundle::verity::BLOCK;
use files::Problem;
use serde::{Deserialize, Serialize};

use crate::{sha256, Error};

/// What the area of the root ends with when an inventory is there.
const MAGIC: &[u8; 8] = b"LGINVT01";
/// The length and [`MAGIC`].
const TAIL: usize = 16;
/// The name of the property that has a component's bytes.
const BYTES: &str = "lunagate:bytes";

/// A bill of materials, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inventory {
    /// What it is of: lunagate- and the profile's name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The image's own parts: root.squashfs, kernel and loader.efi.
    pub parts: Vec<Part>,
    /// What others and we have contributed.
    pub components: Vec<Component>,
}

/// A file that is in an image as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: usize,
    /// Their SHA-256, in hexadecimal digits.
    pub sha256: String,
}

/// A package, a crate, or the like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Component {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its address, `pkg:deb/...` or `pkg:cargo/...`; our own has none.
    pub purl: Option<String>,
    /// SHA-256 of the archive that it comes in.
    pub sha256: Option<String>,
    /// Its licenses, in SPDX's words where these have one.
    pub licenses: Vec<String>,
    /// Bytes of its files in the root, before compression; what is compiled into others' files has none.
    pub bytes: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawBom {
    bom_format: String,
    spec_version: String,
    metadata: RawMetadata,
    components: Vec<RawComponent>,
}

#[derive(Deserialize)]
struct RawMetadata {
    component: RawComponent,
}

#[derive(Deserialize)]
struct RawComponent {
    #[serde(rename = "bom-ref")]
    reference: String,
    name: String,
    #[serde(default)]
    version: String,
    purl: Option<String>,
    #[serde(default)]
    hashes: Vec<RawHash>,
    #[serde(default)]
    licenses: Vec<RawLicense>,
    #[serde(default)]
    properties: Vec<RawProperty>,
    #[serde(default)]
    components: Vec<RawComponent>,
}

#[derive(Deserialize)]
struct RawHash {
    alg: String,
    content: String,
}

#[derive(Deserialize)]
struct RawLicense {
    expression: Option<String>,
    license: Option<RawName>,
}

#[derive(Deserialize)]
struct RawName {
    id: Option<String>,
    name: Option<String>,
}

#[derive(Deserialize)]
struct RawProperty {
    name: String,
    value: String,
}

impl Inventory {
    /// Understands the text of the file `path`.
    ///
    /// # Errors
    ///
    /// [`Error::File`] with the place, [`Error::Inventory`].
    pub fn parse(path: &Path, text: &str) -> Result<Inventory, Error> {
        // JSON is YAML, too, and this reader says where something is wrong.
        let raw: RawBom = files::parse(text).map_err(files::Error::says(path))?;
        raw.resolve().map_err(|why| Error::Inventory { path: path.to_owned(), why })
    }

    /// Whether the part `name` is `bytes`, but for zeros that fill up its last block.
    ///
    /// # Errors
    ///
    /// In words: it is not listed, or another is.
    pub fn has(&self, name: &str, bytes: &[u8]) -> Result<(), String> {
        let Some(part) = self.parts.iter().find(|part| part.name == name) else {
            return Err(format!("it does not list {name}, which is there"));
        };
        let same = bytes.split_at_checked(part.bytes).is_some_and(|(own, filled)| {
            filled.len() < BLOCK && filled.iter().all(|byte| *byte == 0) && sha256(own) == part.sha256
        });
        if same {
            Ok(())
        } else {
            Err(format!("its {name} has {} bytes and SHA-256 {}, which is another", part.bytes, part.sha256))
        }
    }
}

impl RawBom {
    fn resolve(self) -> Result<Inventory, String> {
        if (&*self.bom_format, &*self.spec_version) != ("CycloneDX", "1.6") {
            return Err(format!("it is {} {}, not CycloneDX 1.6", self.bom_format, self.spec_version));
        }
        let mut references = BTreeSet::new();
        for component in &self.components {
            if !references.insert(&component.reference) {
                return Err(format!("it lists {} twice", component.reference));
            }
        }
        let whole = self.metadata.component;
        let parts = whole.components.iter().map(RawComponent::part).collect::<Result<_, _>>()?;
        let components = self.components.into_iter().map(RawComponent::resolve).collect::<Result<_, _>>()?;
        Ok(Inventory { name: whole.name, version: whole.version, parts, components })
    }
}

impl RawComponent {
    fn part(&self) -> Result<Part, String> {
        let bytes = self.bytes()?.and_then(|bytes| usize::try_from(bytes).ok());
        let (Some(bytes), Some(sha256)) = (bytes, self.sha256()) else {
            return Err(format!("{} has no size or no SHA-256", self.name));
        };
        Ok(Part { name: self.name.clone(), bytes, sha256 })
    }

    fn resolve(self) -> Result<Component, String> {
        let licenses: Vec<String> = self.licenses.iter().filter_map(RawLicense::text).collect();
        if self.version.is_empty() || licenses.is_empty() {
            return Err(format!("{} has no version or no license", self.reference));
        }
        Ok(Component {
            bytes: self.bytes()?,
            sha256: self.sha256(),
            name: self.name,
            version: self.version,
            purl: self.purl,
            licenses,
        })
    }

    fn bytes(&self) -> Result<Option<u64>, String> {
        let value = self.properties.iter().find(|property| property.name == BYTES).map(|property| &property.value);
        let read = |value: &String| value.parse().map_err(|_| format!("{}: '{value}' are no bytes", self.reference));
        value.map(read).transpose()
    }

    fn sha256(&self) -> Option<String> {
        self.hashes.iter().find(|hash| hash.alg == "SHA-256").map(|hash| hash.content.clone())
    }
}

impl RawLicense {
    fn text(&self) -> Option<String> {
        let name = || self.license.as_ref().and_then(|license| license.id.clone().or_else(|| license.name.clone()));
        self.expression.clone().or_else(name)
    }
}

/// The blocks that stand behind a root; none for no text.
pub(crate) fn blocks(text: &str) -> Vec<u8> {
    if text.is_empty() {
        return Vec::new();
    }
    let mut blocks = text.as_bytes().to_vec();
    blocks.resize((text.len() + TAIL).next_multiple_of(BLOCK) - TAIL, 0);
    blocks.extend((text.len() as u64).to_le_bytes());
    blocks.extend(MAGIC);
    blocks
}

/// What of the area of a root is the file system, and the text behind it, if one is.
pub(crate) fn split(area: &[u8]) -> Result<(&[u8], &str), Problem> {
    let Some((front, tail)) = area.split_last_chunk::<TAIL>() else { return Ok((area, "")) };
    let Some((len, _)) = tail.split_first_chunk().filter(|(_, magic)| magic == MAGIC) else { return Ok((area, "")) };
    let wrong = |text: &str| Problem { line: 1, column: 1, text: text.to_owned() };
    let len = usize::try_from(u64::from_le_bytes(*len)).unwrap_or(usize::MAX);
    let taken = len.checked_add(TAIL).map_or(usize::MAX, |len| len.div_ceil(BLOCK).saturating_mul(BLOCK));
    let start = area.len().checked_sub(taken).ok_or_else(|| wrong("it is longer than the root that it stands in"))?;
    let text = std::str::from_utf8(&front[start..start + len]).map_err(|_| wrong("it is no text"))?;
    Ok((&area[..start], text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inventory_of_any_length_is_found_behind_its_root() {
        for len in [1, BLOCK - TAIL - 1, BLOCK - TAIL, BLOCK - TAIL + 1, BLOCK, 3 * BLOCK - TAIL] {
            let text = "x".repeat(len);
            let mut area = vec![7; 2 * BLOCK];
            area.extend(blocks(&text));
            assert!(area.len().is_multiple_of(BLOCK));
            let (root, found) = split(&area).expect("whole");
            assert_eq!((root, found), (&[7; 2 * BLOCK][..], &*text), "{len} bytes");
        }
        assert_eq!(split(&[7; BLOCK]).expect("none").1, "");
    }

    #[test]
    fn a_length_beyond_the_root_is_refused() {
        let mut area = blocks("text");
        let at = area.len() - TAIL;
        for len in [BLOCK as u64, u64::MAX] {
            area[at..at + 8].copy_from_slice(&len.to_le_bytes());
            assert!(split(&area).is_err(), "{len}");
        }
    }
}
