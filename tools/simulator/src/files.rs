// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What scripts find in the router's file system.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use lunatik_core::Files;
use policy::{table, Datum, Library, Policy, Script, DATA};

use crate::constants;

const ROOT: &str = "/lib/modules/lua";

/// Libraries of ours that need no kernel.
const LIBRARIES: &[(&str, &str)] = &[
    ("class", include_str!("../../../modules/lib/class.lua")),
    ("net", include_str!("../../../modules/lib/net.lua")),
    ("struct", include_str!("../../../modules/lib/struct.lua")),
    ("util", include_str!("../../../modules/lib/util.lua")),
];

/// Files by their absolute paths.
pub struct FileSystem(RefCell<BTreeMap<String, Rc<[u8]>>>);

impl FileSystem {
    /// What every router has: the kernel's constants and our libraries.
    #[must_use]
    pub fn new() -> FileSystem {
        let system = FileSystem(RefCell::default());
        for (path, text) in constants::files() {
            system.put(&format!("{ROOT}/{path}"), text.as_bytes());
        }
        for (name, text) in LIBRARIES {
            system.put(&format!("{ROOT}/{name}.lua"), text.as_bytes());
        }
        system
    }

    /// A policy's scripts and parameters, where the image has them.
    pub fn install(&self, policy: &Policy) {
        let name = &policy.manifest.name;
        self.scripts(name, &policy.scripts);
        for Datum { name: file, bytes } in &policy.data {
            self.put(&format!("{ROOT}/policies/{name}/{DATA}/{file}"), bytes);
        }
        let parameters = table(&policy.manifest.parameters);
        self.put(&format!("{ROOT}/policies/{name}/parameters.lua"), parameters.as_bytes());
    }

    /// What policies share.
    pub fn share(&self, library: &Library) {
        self.scripts("library", &library.scripts);
    }

    fn scripts(&self, folder: &str, scripts: &[Script]) {
        for Script { name, text } in scripts {
            self.put(&format!("{ROOT}/policies/{folder}/{name}.lua"), text);
        }
    }

    /// A file; relative paths begin where scripts are.
    pub fn put(&self, path: &str, bytes: &[u8]) {
        Files::put(self, path, bytes);
    }
}

impl Default for FileSystem {
    fn default() -> FileSystem {
        FileSystem::new()
    }
}

impl Files for FileSystem {
    fn read(&self, path: &str) -> Option<Rc<[u8]>> {
        self.0.borrow().get(path).cloned()
    }

    fn put(&self, path: &str, bytes: &[u8]) {
        let path = if path.starts_with('/') { path.to_owned() } else { format!("{ROOT}/{path}") };
        self.0.borrow_mut().insert(path, bytes.into());
    }
}
