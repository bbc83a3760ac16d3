// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Writes the reference of what scripts can call (docs/lua.md), and its examples as scripts.

mod entries;
mod section;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{bail, ensure, Context, Result};
use clap::Parser;

use entries::Entry;
use section::{Example, Section};

/// The file with the introduction, and a line `{{path}}` for each section: that of a source file of the modules.
/// `{{-folder}}` leaves a module out.
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
}

/// What the modules say.
struct Reference {
    text: String,
    examples: Vec<(String, Example)>,
}

fn main() -> Result<()> {
    let Arguments { modules, text, examples } = Arguments::parse();
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
    Ok(())
}

fn collect(modules: &Path) -> Result<Reference> {
    let frame = modules.join(FRAME);
    let (mut text, mut examples) = (String::new(), Vec::new());
    let mut rest = entries::folders(modules)?;
    for (index, line) in files::read_text(&frame)?.lines().enumerate() {
        let Some(path) = line.strip_prefix("{{").and_then(|line| line.strip_suffix("}}")) else {
            text.push_str(line);
            text.push('\n');
            continue;
        };
        if let Some(folder) = path.strip_prefix('-') {
            ensure!(
                rest.remove(folder).is_some(),
                "{}:{}: no module {folder} to leave out",
                frame.display(),
                index + 1
            );
            continue;
        }
        let source = modules.join(path);
        let section = Section::of(&files::read_text(&source)?).with_context(|| source.display().to_string())?;
        // What a folder has may be in several sections.
        if let Some(entries) = path.split('/').next().and_then(|folder| rest.get_mut(folder)) {
            entries.retain(|entry| !section.names(&entry.name));
        }
        text.push_str(&section.text);
        let name = path.trim_end_matches(".lua").trim_end_matches("_main.rs").replace('/', "-");
        let name = |index: usize| format!("{name}-{}", index + 1);
        examples.extend(section.examples.into_iter().enumerate().map(|(index, example)| (name(index), example)));
    }
    if let Some(entry) = rest.values().flatten().next() {
        let Entry { name, path, line } = entry;
        bail!("{}:{line}: {name} is in none of the sections that {} names", path.display(), frame.display());
    }
    Ok(Reference { text, examples })
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
        assert!(error.contains("luax_main.rs:5: go is in none"), "{error}");
    }

    #[test]
    fn a_module_is_in_the_frame_or_left_out() {
        let error = collect(modules("none\n", SOURCE).path()).err().unwrap().to_string();
        assert!(error.contains("luax_main.rs:5: go is in none"), "{error}");
        assert_eq!(collect(modules("none\n{{-luax}}\n", SOURCE).path()).unwrap().text, "none\n");
        assert!(collect(modules("{{-luax}}\n{{-luax}}\n", SOURCE).path()).is_err());
    }

    #[test]
    fn what_is_named_and_not_there_is_an_error_with_its_name() {
        let error = collect(modules("{{luay/luay_main.rs}}\n", SOURCE).path()).err().unwrap().to_string();
        assert!(error.contains("luay/luay_main.rs"), "{error}");
    }
}
