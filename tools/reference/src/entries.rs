// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The functions and methods that Rust modules give to scripts: `function(c"name", ...)` and `method(c"name", ...)`
//! in their sources.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use files::Error;

/// What scripts can call.
pub struct Entry {
    /// By this name.
    pub name: String,
    /// The source file.
    pub path: PathBuf,
    /// The line there, from 1.
    pub line: usize,
}

/// Those of each folder that has any.
///
/// # Errors
///
/// A file or folder cannot be read.
pub fn folders(modules: &Path) -> Result<BTreeMap<String, Vec<Entry>>, Error> {
    let mut folders = BTreeMap::new();
    for folder in list(modules)? {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if folder.is_dir() && name != "common" {
            let mut entries = Vec::new();
            collect(&folder, &mut entries)?;
            if !entries.is_empty() {
                folders.insert(name, entries);
            }
        }
    }
    Ok(folders)
}

fn list(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let read = || -> io::Result<Vec<_>> { fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect() };
    let mut paths = read().map_err(Error::reading(folder))?;
    paths.sort();
    Ok(paths)
}

fn collect(folder: &Path, entries: &mut Vec<Entry>) -> Result<(), Error> {
    for path in list(folder)? {
        if path.is_dir() {
            collect(&path, entries)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            for (index, line) in files::read_text(&path)?.lines().enumerate() {
                entries.extend(names(line).map(|name| Entry {
                    name: name.to_owned(),
                    path: path.clone(),
                    line: index + 1,
                }));
            }
        }
    }
    Ok(())
}

fn names(line: &str) -> impl Iterator<Item = &str> {
    ["function(c\"", "method(c\""]
        .into_iter()
        .flat_map(|mark| line.match_indices(mark).map(|(at, mark)| &line[at + mark.len()..]))
        .filter_map(|rest| rest.split_once('"').map(|(name, _)| name))
        .filter(|name| !name.starts_with("__"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn all_names_of_a_line_are_found() {
        let line =
            r#"&[method(c"stop", P::stop), method(c"enable", P::enable), meta(c"__len", x), function(c"__index", y)]"#;
        assert_eq!(super::names(line).collect::<Vec<_>>(), ["stop", "enable"]);
    }
}
