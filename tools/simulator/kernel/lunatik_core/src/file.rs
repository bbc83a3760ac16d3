// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Files that scripts name, and memory for what is in them.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use kernel::error::Result;
use lua::State;

use crate::Runtime;

/// Where scripts and Lua libraries are on the router.
pub(crate) const ROOT: &str = "/lib/modules/lua";
/// Where files are there that outlive the image.
const DATA: &str = "/data";

/// What the router's file system has.
pub trait Files {
    /// The bytes of a file, by its absolute path.
    fn read(&self, path: &str) -> Option<Rc<[u8]>>;

    /// Puts a file there; relative paths begin where scripts are.
    fn put(&self, path: &str, bytes: &[u8]);
}

/// A file.
pub struct File(Rc<[u8]>);

/// What tells a file, and what is in it, from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Bytes.
    pub length: u64,
    contents: u64,
}

impl File {
    /// Opens a file of data: below /lib/modules/lua, where relative paths begin, or below /data. `caller` is for
    /// messages: `set.load`.
    ///
    /// # Errors
    ///
    /// The script may not sleep; the path is none of these; there is no such file.
    pub fn open_data(state: State<'_>, caller: &str, name: &[u8]) -> lua::Result<File> {
        Runtime::may_sleep(state)?;
        let shown = String::from_utf8_lossy(name.get(..100).unwrap_or(name)).into_owned();
        let Some(path) = data_path(&shown) else {
            return Err(state.raise(format_args!(
                "{caller}: '{shown}' is no path below {ROOT} or {DATA}, of letters, digits, / _ - and ."
            )));
        };
        let file = Runtime::of(state)?.files().read(&path);
        file.map(File).ok_or_else(|| state.raise(format_args!("{caller}: {shown}: there is no such file")))
    }

    /// Which file it is.
    #[must_use]
    pub fn identity(&self) -> Identity {
        let mut hasher = DefaultHasher::new();
        self.0.hash(&mut hasher);
        Identity { length: self.0.len() as u64, contents: hasher.finish() }
    }

    /// Reads from a place on: all that fits, or what is there. Tells how many bytes.
    ///
    /// # Errors
    ///
    /// None here.
    pub fn read(&self, at: u64, to: &mut [u8]) -> Result<usize> {
        let rest = usize::try_from(at).ok().and_then(|at| self.0.get(at..)).unwrap_or(&[]);
        let count = rest.len().min(to.len());
        to[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }
}

/// The absolute path of a file of data; `None` for one that a script may not name.
fn data_path(name: &str) -> Option<String> {
    let plain = |part: &str| !matches!(part, "" | "." | "..");
    let character = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    let relative = name.strip_prefix('/').unwrap_or(name);
    if !relative.split('/').all(|part| plain(part) && part.bytes().all(character)) {
        return None;
    }
    if !name.starts_with('/') {
        return Some(format!("{ROOT}/{name}"));
    }
    let below = |root: &str| name.strip_prefix(root).is_some_and(|rest| rest.starts_with('/'));
    (below(ROOT) || below(DATA)).then(|| name.to_owned())
}

/// So many bytes outside of Lua.
pub struct Memory(Vec<u8>);

impl Memory {
    /// Zeros. `sleep` tells whether the caller may.
    #[must_use]
    pub fn new(length: usize, _sleep: bool) -> Option<Memory> {
        Some(Memory(vec![0; length]))
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes, to be written.
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }

    /// What it takes.
    #[must_use]
    pub fn held(&self) -> usize {
        self.0.len()
    }
}
