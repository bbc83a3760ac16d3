// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What the router reads.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::Path;

use crate::folder::MANIFEST;
use crate::{table, Datum, Error, Library, Policy, Script, DATA};

/// Writes policies below a folder, as the router has them below its root.
///
/// # Errors
///
/// Policies of before are there, two have one name, or a file cannot be written.
pub fn render(output: &Path, library: Option<&Library>, policies: &[Policy]) -> Result<(), Error> {
    let mut names = BTreeSet::new();
    for policy in policies {
        if !names.insert(&policy.manifest.name) {
            return Err(Error::Twice { name: policy.manifest.name.clone() });
        }
    }
    let root = output.join("lib/modules/lua/policies");
    if root.exists() {
        return Err(Error::OutputTaken { path: root });
    }
    if let Some(library) = library {
        scripts(&root.join("library"), &library.scripts)?;
    }
    let mut boot = String::from("# script context and options of lunatik run\n");
    for policy in policies {
        let folder = root.join(&policy.manifest.name);
        scripts(&folder, &policy.scripts)?;
        write(&folder.join(MANIFEST), policy.text.as_bytes())?;
        policy.data.iter().try_for_each(|Datum { name, bytes }| write(&folder.join(DATA).join(name), bytes))?;
        write(&folder.join("parameters.lua"), table(&policy.manifest.parameters).as_bytes())?;
        boot.push_str(&policy.manifest.boot_line());
        boot.push('\n');
    }
    write(&output.join("etc/lunagate/policies"), boot.as_bytes())
}

fn scripts(folder: &Path, scripts: &[Script]) -> Result<(), Error> {
    scripts.iter().try_for_each(|script| write(&folder.join(format!("{}.lua", script.name)), &script.text))
}

/// A file is there whole, or not at all.
fn write(path: &Path, contents: &[u8]) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(files::Error::writing(folder))?;
    Ok(files::save(path, |file| file.write_all(contents))?)
}
