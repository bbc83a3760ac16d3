// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The repository's profiles, and what is told of one that is wrong.

use std::fs;
use std::path::{Path, PathBuf};

use image::{Error, Profile};

pub fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../images/profiles/{name}.yaml"))
}

/// Each of these makes one text of the profile another: (text, other text, place, what is told).
pub fn each_is_told(name: &str, wrongs: &[(&str, &str, &str, &str)]) {
    let good = fs::read_to_string(path(name)).expect("the profile");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(path(name).file_name().expect("a name"));
    for (from, to, place, problem) in wrongs {
        assert!(good.contains(from), "{from}");
        fs::write(&path, good.replacen(from, to, 1)).expect("written");
        let error = Profile::open(&path).expect_err(to);
        assert!(matches!(error, Error::File(files::Error::Says { .. })), "{error}");
        let error = error.to_string();
        assert!(error.starts_with(&format!("{}:{place}", path.display())), "{to}: {error}");
        assert!(error.contains(problem), "{to}: {error}");
    }
}
