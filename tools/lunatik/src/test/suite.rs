// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A suite is a folder of shell scripts.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{bail, Context, Result};

use super::ktap::{Reader, Totals};

/// Runs the others of its folder.
const LEADER: &str = "run.sh";

/// A folder of scripts for bash.
pub struct Suite {
    pub name: String,
    folder: PathBuf,
    /// Names of files.
    scripts: Vec<String>,
}

/// The suites of a folder, by name. Folders without scripts are none.
///
/// # Errors
///
/// It cannot be read, or has none.
pub fn all(folder: &Path) -> Result<Vec<Suite>> {
    let paths = entries(folder).with_context(|| {
        format!(
            "there are no suites in {}: the image flavour test has some (nix build .#router-image-test), \
             and --suites DIR names another folder",
            folder.display()
        )
    })?;
    let mut suites = Vec::new();
    for folder in paths.iter().filter(|path| path.is_dir()) {
        suites.extend(Suite::read(folder)?);
    }
    if suites.is_empty() {
        bail!("there are no suites in {}: a suite is a folder with scripts, *.sh", folder.display());
    }
    Ok(suites)
}

impl Suite {
    fn read(folder: &Path) -> Result<Option<Self>> {
        let mut paths = entries(folder).with_context(|| format!("cannot read {}", folder.display()))?;
        paths.retain(|path| path.is_file());
        let mut scripts: Vec<String> = paths.iter().map(|path| name(path)).collect();
        scripts.retain(|script| script.ends_with(".sh"));
        if scripts.iter().any(|script| script == LEADER) {
            scripts = vec![LEADER.into()];
        }
        let suite = Suite { name: name(folder), folder: folder.into(), scripts };
        Ok((!suite.scripts.is_empty()).then_some(suite))
    }

    /// Runs its scripts, or `run.sh` alone if there is one, in its folder; what they print, and what was wrong with it,
    /// goes to `to`.
    ///
    /// # Errors
    ///
    /// One cannot be run.
    pub fn run(&self, to: &mut impl Write) -> Result<Totals> {
        let mut totals = Totals::default();
        for script in &self.scripts {
            totals += self.run_one(script, to)?;
        }
        writeln!(to, "# {}: {totals}", self.name)?;
        Ok(totals)
    }

    fn run_one(&self, script: &str, to: &mut impl Write) -> Result<Totals> {
        let name = format!("{}/{script}", self.name);
        writeln!(to, "# {name}")?;
        let mut command = Command::new("bash");
        command.args(["--", script]).current_dir(&self.folder).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().context("cannot run bash, which suites are written for")?;
        let mut reader = Reader::default();
        if let Some(output) = child.stdout.take() {
            for line in BufReader::new(output).split(b'\n') {
                let line = line.with_context(|| format!("cannot read what {name} prints"))?;
                let line = String::from_utf8_lossy(&line);
                writeln!(to, "{line}")?;
                reader.line(&line);
            }
        }
        let (totals, problems) = reader.end(child.wait().with_context(|| format!("cannot wait for {name}"))?);
        for problem in problems {
            writeln!(to, "# {name}: {problem}")?;
        }
        Ok(totals)
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What suites add up to, and print, that are made of these files, in a folder of this test's.
    fn output(test: &str, files: &[(&str, &str)]) -> (Totals, String) {
        let folder = std::env::temp_dir().join(format!("lunatik-{}-{test}", std::process::id()));
        for (name, text) in files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let (mut totals, mut said) = (Totals::default(), Vec::new());
        for suite in all(&folder).unwrap() {
            totals += suite.run(&mut said).unwrap();
        }
        fs::remove_dir_all(folder).unwrap();
        (totals, String::from_utf8(said).unwrap())
    }

    #[test]
    fn scripts_run_in_order_in_their_folder_and_what_they_print_is_passed_on() {
        let files = [
            ("library.sh", "exit 1"),
            ("empty/notes.txt", ""),
            ("b/2.sh", "echo 1..1; [ -f 1.sh ] && echo ok 1 two"),
            ("b/1.sh", "echo 1..1; echo not ok 1 one; echo '# why'"),
            ("a/x.sh", "echo 1..1; printf 'ok 1 \\377\\n'"),
            ("a/x.lua", "error()"),
        ];
        let (totals, said) = output("order", &files);
        assert_eq!(totals, Totals { pass: 2, fail: 1, skip: 0 });
        let expected =
            "# a/x.sh\n1..1\nok 1 \u{fffd}\n# a: pass:1 fail:0 skip:0\n# b/1.sh\n1..1\nnot ok 1 one\n# why\n\
                        # b/2.sh\n1..1\nok 1 two\n# b: pass:1 fail:1 skip:0\n";
        assert_eq!(said, expected);
    }

    #[test]
    fn a_leader_runs_alone() {
        let files = [("s/run.sh", "echo 1..1; bash other.sh"), ("s/other.sh", "echo ok 1")];
        assert_eq!(output("leader", &files).0, Totals { pass: 1, fail: 0, skip: 0 });
    }

    #[test]
    fn what_a_script_does_wrong_is_said_by_its_name() {
        let (totals, said) = output("wrong", &[("s/x.sh", "echo 1..2; echo ok 1; exit 4")]);
        assert_eq!(totals, Totals { pass: 1, fail: 1, skip: 0 });
        assert!(said.contains("# s/x.sh: it planned 2 points, and ended after 1\n"), "{said}");
    }
}
