// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Scripts for Lunatik 4.4, of the kinds that its users have, become policies as they are. Those of `vmtests/kernel/verdicts` are
//! also compared with the kernel, frame by frame.

mod support;

use std::fs;
use std::path::Path;

use support::policy;

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../vmtests/kernel/verdicts");

#[test]
fn a_script_for_lunatik_is_wrapped_as_it_is_and_decides_as_its_tests_say() {
    for name in ["dns-block", "dns-doctor", "tcp-reject", "sni", "interface-quarantine"] {
        let name = format!("lunatik-{name}");
        let own = Path::new(SCRIPTS).join(&name);
        let folder = tempfile::tempdir().expect("a folder");
        let script = own.join("main.lua");
        let (good, text) = policy(folder.path(), &["new", &name, "--from", script.to_str().expect("UTF-8")]);
        assert!(good, "{text}");
        let wrapped = folder.path().join(&name);
        let read = |path: &Path| fs::read_to_string(path).expect("there");
        assert_eq!(read(&wrapped.join("main.lua")), read(&script));
        // Our own has a line about its license before that.
        let (manifest, known) = (read(&wrapped.join("policy.yaml")), read(&own.join("policy.yaml")));
        assert!(known.ends_with(&manifest), "{name}:\n{manifest}");
        fs::copy(own.join("tests/main.lua"), wrapped.join("tests/own.lua")).expect("copied");
        let (good, text) = policy(folder.path(), &["test", &name]);
        assert!(good, "{name}: {text}");
        let (good, text) = policy(folder.path(), &["check", &name]);
        assert!(good, "{name}: {text}");
    }
}
