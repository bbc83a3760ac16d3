// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Releases: `lunagate release` makes a folder that is passed on, `lunagate verify-release` checks one.
//!
//! A release has, of each profile, an image, a bundle, a bill of materials, the licenses and the sizes; `release.json`,
//! which says what it is and by which keys; `reproducibility.json`, which says how often it was built and what came of it;
//! and `SHA256SUMS` of these. Images, bundles and the checksums are signed in the format of minisign.  Who trusts
//! the key of these signatures learns from `release.json` the key of the slots, which routers trust.

mod make;
mod problems;
mod profile;
mod statement;
mod sums;
mod verify;

pub use make::Release;
pub use verify::VerifyRelease;

/// What the release is, and by which keys.
const STATEMENT: &str = "release.json";
/// How often it was built.
const REPRODUCIBILITY: &str = "reproducibility.json";
/// The checksums of all but themselves and signatures, which are others each time that they are made.
const SUMS: &str = "SHA256SUMS";
/// What a signature's name ends with.
const SIGNATURE: &str = ".minisig";
/// What a signature says to people; of this line alone nobody knows who wrote it, so there is no other.
const ABOUT: &str = "signature of a file of a lunagate release";
/// The public half of images/keys/policies/development.key, which everybody has.
const DEVELOPMENT: &str = "RWTeW/5kwMwcwF7FoplNW+hme4g6J9cruo+UQYpPG4ayyQVW1P6+kuj+";

/// The endings of a profile's files.
const ENDINGS: [&str; 5] = ["img", "bundle", "cdx.json", "licenses.txt", "sizes.txt"];
/// Those of them that are signed one by one, for who takes one file only.
const SIGNED: [&str; 2] = ["img", "bundle"];

/// The name of a profile's file.
fn file(profile: &str, ending: &str) -> String {
    format!("lunagate-{profile}.{ending}")
}

/// What is signed along with a file, so that no signature is another file's or version's.
fn said(version: &str, name: &str) -> String {
    format!("lunagate {version} {name}")
}
