// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Writes the reference of what scripts can call (docs/lua.md), and its examples as scripts.

mod entries;
mod lua;
mod rust;
mod section;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{bail, ensure, Context, Result};
use clap::Parser;

use entries::Entry;
use section::{Example, Section};

/// The file with the introduction, and a line `{{path}}` for each section: that of a source file of the modules.
/// `{{-folder}}` leaves a module out, `{{-folder name name}}` such functions of it, which are no scripts' business.
const FRAME: &str = "reference.md";

/// Write the reference of what scripts can call, from the comments of the modules
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The folder with the modules
    modules: PathBuf,
    /// Where to write the text
    #[arg(long)]
    text: Option<PathBuf>,
    /// A folder for the examples, a script each, whose first line says its context
    #[arg(long)]
    examples: Option<PathBuf>,
    /// A file for the names of all that scripts can call, as a Lua table: of which module or class, and the name
    #[arg(long)]
    functions: Option<PathBuf>,
}

/// What the modules say.
struct Reference {
    text: String,
    examples: Vec<(String, Example)>,
    /// Of which module or class, and the name.
    functions: BTreeSet<(String, String)>,
}

fn main() -> Result<()> {
    let Arguments { modules, text, examples, functions } = Arguments::parse();
    let reference = collect(&modules)?;
    if let Some(text) = text {
        files::save(&text, |file| file.write_all(reference.text.as_bytes()))?;
    }
    if let Some(folder) = examples {
        fs::create_dir_all(&folder).map_err(files::Error::writing(&folder))?;
        for (name, example) in &reference.examples {
            let path = folder.join(format!("{name}.lua"));
            files::save(&path, |file| write!(file, "-- {}\n{}", example.context, example.code))?;
        }
    }
    if let Some(path) = functions {
        files::save(&path, |file| {
            writeln!(file, "return {{")?;
            for (of, name) in &reference.functions {
                writeln!(file, "  {{ \"{of}\", \"{name}\" }},")?;
            }
            writeln!(file, "}}")
        })?;
    }
    Ok(())
}

fn collect(modules: &Path) -> Result<Reference> {
    let frame = modules.join(FRAME);
    let (mut text, mut examples) = (String::new(), Vec::new());
    let mut rest = entries::folders(modules)?;
    let functions = rest.values().flatten().map(|entry| (entry.of.clone(), entry.name.clone())).collect();
    for (index, line) in files::read_text(&frame)?.lines().enumerate() {
        let Some(path) = line.strip_prefix("{{").and_then(|line| line.strip_suffix("}}")) else {
            text.push_str(line);
            text.push('\n');
            continue;
        };
        if let Some(left_out) = path.strip_prefix('-') {
            leave_out(&mut rest, left_out).with_context(|| format!("{}:{}", frame.display(), index + 1))?;
            continue;
        }
        let source = modules.join(path);
        let section = Section::of(&files::read_text(&source)?).with_context(|| source.display().to_string())?;
        // What a folder has may be in several sections. Of a library in Lua a module's may tell, by the library's name.
        for (folder, entries) in &mut rest {
            let own = path.split('/').next() == Some(folder);
            let about = |entry: &Entry| own || folder == entries::LIBRARIES && section.names(&entry.of);
            entries.retain(|entry| !(about(entry) && section.names(&entry.name)));
        }
        text.push_str(&section.text);
        let name = path.trim_end_matches(".lua").trim_end_matches("_main.rs").replace('/', "-");
        let name = |index: usize| format!("{name}-{}", index + 1);
        examples.extend(section.examples.into_iter().enumerate().map(|(index, example)| (name(index), example)));
    }
    let missing: Vec<_> = rest.values().flatten().map(Entry::to_string).collect();
    if !missing.is_empty() {
        let missing = missing.join("\n");
        bail!("{missing}\nin none of the sections that {} names", frame.display());
    }
    Ok(Reference { text, examples, functions })
}

/// A folder, or functions of it: `folder name name`.
fn leave_out(rest: &mut BTreeMap<String, Vec<Entry>>, left_out: &str) -> Result<()> {
    let mut words = left_out.split_whitespace();
    let folder = words.next().unwrap_or_default();
    let entries = rest.get_mut(folder).with_context(|| format!("no module {folder} to leave out"))?;
    let names: Vec<_> = words.collect();
    if names.is_empty() {
        rest.remove(folder);
        return Ok(());
    }
    for name in names {
        let before = entries.len();
        entries.retain(|entry| entry.name != name);
        ensure!(entries.len() < before, "nothing of {folder} is called {name}, or a section names it");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modules(frame: &str, source: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("luax")).unwrap();
        fs::write(folder.path().join(FRAME), frame).unwrap();
        fs::write(folder.path().join("luax/luax_main.rs"), source).unwrap();
        folder
    }

    const SOURCE: &str = "//! # x\n//!\n//! `x.go(n)`\n\nstatic X: [Entry; 1] = [function(c\"go\", go)];\n";

    #[test]
    fn sections_stand_where_the_frame_has_them() {
        let reference = collect(modules("# All\n\n{{luax/luax_main.rs}}\nend\n", SOURCE).path()).unwrap();
        assert_eq!(reference.text, "# All\n\n## x\n\n`x.go(n)`\nend\n");
    }

    #[test]
    fn a_function_that_no_text_names_is_an_error_with_its_place() {
        let source = SOURCE.replace("x.go", "x.come");
        let error = collect(modules("{{luax/luax_main.rs}}\n", &source).path()).err().unwrap().to_string();
        assert!(error.contains("luax_main.rs:5: go\nin none"), "{error}");
    }

    #[test]
    fn a_module_is_in_the_frame_or_left_out() {
        let error = collect(modules("none\n", SOURCE).path()).err().unwrap().to_string();
        assert!(error.contains("luax_main.rs:5: go\nin none"), "{error}");
        assert_eq!(collect(modules("none\n{{-luax}}\n", SOURCE).path()).unwrap().text, "none\n");
        assert!(collect(modules("{{-luax}}\n{{-luax}}\n", SOURCE).path()).is_err());
    }

    #[test]
    fn functions_are_left_out_by_their_names() {
        let source = SOURCE.replace("go)]", "go), function(c\"stay\", stay)]");
        let all = "{{luax/luax_main.rs}}\n{{-luax stay}}\n";
        let reference = collect(modules(all, &source).path()).unwrap();
        let names: Vec<_> = reference.functions.iter().map(|(of, name)| format!("{of} {name}")).collect();
        assert_eq!(names, ["luax go", "luax stay"]);
        let error = collect(modules(&all.replace("stay", "leave"), &source).path()).err().unwrap();
        assert!(format!("{error:#}").contains("reference.md:2: nothing of luax is called leave"), "{error:#}");
    }

    #[test]
    fn what_is_named_and_not_there_is_an_error_with_its_name() {
        let error = collect(modules("{{luay/luay_main.rs}}\n", SOURCE).path()).err().unwrap().to_string();
        assert!(error.contains("luay/luay_main.rs"), "{error}");
    }
}
