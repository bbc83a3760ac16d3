// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The corpus, without libFuzzer: what was found once stays found.

use std::fs;
use std::path::Path;

#[test]
fn every_file_of_the_corpus_keeps_the_promises() {
    for (name, run) in fuzz::TARGETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
        let mut ran = 0;
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            println!("{}", path.display());
            run(&fs::read(&path).unwrap());
            ran += 1;
        }
        assert!(ran > 0, "{name} has no corpus");
        run(b"");
    }
}
