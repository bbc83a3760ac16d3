// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The functions and methods that modules give to scripts: in Rust `function(c"name", ...)`, `method(c"name", ...)` and
//! `leaf(c"name", ...)`, in Lua what is put into a table by a name, as [`super::lua`] has it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use files::Error;

use crate::{lua, rust};

/// Scripts, which give nothing to others.
const SCRIPTS: [&str; 2] = ["filters", "governors"];
/// What is in `common` is the machinery of modules, but for these functions, which the host's scripts have, too.
const PORTABLE: (&str, &str) = ("common/packet_lua", "luapacket");
/// Where libraries in Lua are.
pub const LIBRARIES: &str = "lib";

/// What scripts can call.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// The Lua module that has it, or the class, by its name in error messages.
    pub of: String,
    /// By this name.
    pub name: String,
    /// The source file.
    pub path: PathBuf,
    /// The line there, from 1.
    pub line: usize,
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path.display(), self.line, self.name)
    }
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
        if !folder.is_dir() || name == "common" {
            continue;
        }
        let mut entries = Vec::new();
        if name == LIBRARIES {
            libraries(&folder, &folder, &mut entries)?;
        } else {
            binding(&folder, &name, &mut entries)?;
        }
        if name == PORTABLE.1 {
            let before = entries.len();
            binding(&modules.join(PORTABLE.0), &name, &mut entries)?;
            entries[before..].iter_mut().for_each(|entry| name.trim_start_matches("lua").clone_into(&mut entry.of));
        }
        if !entries.is_empty() {
            folders.insert(name, entries);
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

/// Those of a module in Rust. What a file does not say whose it is, is the module's whose name another file has.
fn binding(folder: &Path, name: &str, entries: &mut Vec<Entry>) -> Result<(), Error> {
    let (mut module, mut found) = (None, Vec::new());
    let mut rest = vec![folder.to_owned()];
    while let Some(path) = rest.pop() {
        if path.is_dir() {
            rest.extend(list(&path)?.into_iter().rev());
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let (own, names) = rust::entries(&files::read_text(&path)?);
            module = module.or(own);
            found.extend(names.into_iter().map(|entry| (path.clone(), entry)));
        }
    }
    let module = module.unwrap_or_else(|| name.to_owned());
    entries.extend(found.into_iter().map(|(path, (of, name, line))| Entry {
        of: of.unwrap_or_else(|| module.clone()),
        name,
        path,
        line,
    }));
    Ok(())
}

/// Those of libraries in Lua, by the names that `require` has.
fn libraries(root: &Path, folder: &Path, entries: &mut Vec<Entry>) -> Result<(), Error> {
    for path in list(folder)? {
        if path.is_dir() {
            if !SCRIPTS.iter().any(|name| path.ends_with(name)) {
                libraries(root, &path, entries)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "lua") {
            let relative = path.strip_prefix(root).unwrap_or(&path).with_extension("");
            let of = relative.to_string_lossy().replace('/', ".");
            let names = lua::entries(&files::read_text(&path)?, &of);
            entries.extend(names.into_iter().map(|(name, line)| Entry {
                of: of.clone(),
                name,
                path: path.clone(),
                line,
            }));
        }
    }
    Ok(())
}
