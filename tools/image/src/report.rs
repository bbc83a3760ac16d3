// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What fills an image.

use std::fmt::Write;

use crate::{Error, Parts, Profile, Slot};

/// How many of the root's files are listed.
const LARGEST: usize = 30;

/// Bytes of each part and of the largest files of the root.  `manifest` lists those as
/// `bytes path`, one a line, the largest first.
///
/// # Errors
///
/// [`Error::Room`]: the parts are more than the profile has flash for.
pub fn report(profile: &Profile, parts: &Parts, loader: &[u8], slot: &Slot, manifest: &str) -> Result<String, Error> {
    let (root, kernel, loader) = (parts.root.len(), parts.kernel.len(), loader.len());
    let taken = (root + slot.inventory + slot.tree + kernel + loader) as u64;
    if taken > profile.flash {
        let way_out = "leave something out (the root's manifest lists its files), or give the profile more 'flash'";
        return Err(Error::Room { what: "the image", taken, room: profile.flash, way_out });
    }
    let mut text = String::new();
    let rows = [
        ("root file system (squashfs)", root as u64),
        ("bill of materials", slot.inventory as u64),
        ("verity tree", slot.tree as u64),
        ("kernel", kernel as u64),
        ("loader", loader as u64),
        ("together", taken),
        ("allowed", profile.flash),
    ];
    for (what, bytes) in rows {
        // Writing to a String does not fail.
        let _ = writeln!(text, "{bytes:>12}  {what}");
    }
    if !manifest.is_empty() {
        text.push_str("\nLargest files of the root, before compression:\n");
    }
    for (bytes, path) in manifest.lines().filter_map(|line| line.split_once(' ')).take(LARGEST) {
        let _ = writeln!(text, "{bytes:>12}  {}", path.trim_start_matches('.'));
    }
    Ok(text)
}
