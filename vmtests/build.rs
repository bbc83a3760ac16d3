// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Writes the table of all attacks that the kernel-side tests have, for the scenario that runs some of them.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Those on the language, and those on bindings, a folder each.
const FOLDERS: [&str; 2] = ["../tools/kernel-lua/attack", "kernel/attack"];

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut table = String::from("&[\n");
    for folder in FOLDERS {
        let folder = root.join(folder);
        println!("cargo::rerun-if-changed={}", folder.display());
        add(&folder, &mut table)?;
    }
    table.push(']');
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("attacks.rs"), table)
}

/// `("folder/name", "text")` for each script below.
fn add(folder: &Path, table: &mut String) -> io::Result<()> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            add(&path, table)?;
        } else if path.extension().is_some_and(|extension| extension == "lua") {
            let name = path.with_extension("");
            let mut parts = name.iter().rev().map(|part| part.to_string_lossy());
            let (file, folder) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            writeln!(table, "(\"{folder}/{file}\", include_str!({:?})),", path.display().to_string())
                .map_err(io::Error::other)?;
        }
    }
    Ok(())
}
