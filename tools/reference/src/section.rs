// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A section of the reference, in the comment at the beginning of a source file: from its first heading on, a
//! line `# name`.

use anyhow::{bail, ensure, Context, Result};

/// The contexts in which scripts run; `single` is softirq with one state for all CPUs.
const CONTEXTS: [&str; 4] = ["process", "softirq", "hardirq", "single"];
const FENCE: &str = "```";

/// An example: a script.
#[derive(Debug, PartialEq, Eq)]
pub struct Example {
    /// In which it runs.
    pub context: String,
    /// Its lines.
    pub code: String,
}

/// What a source file says of what scripts can call.
#[derive(Debug)]
pub struct Section {
    /// Markdown, with headings one level deeper than in the comment.
    pub text: String,
    /// In the order of the text.
    pub examples: Vec<Example>,
}

impl Section {
    /// Reads the comment of a Rust or Lua file.
    ///
    /// # Errors
    ///
    /// There is none, or an example does not say in which context it runs, or does not end.
    pub fn of(source: &str) -> Result<Section> {
        let (mut text, mut examples, mut open) = (String::new(), Vec::new(), None::<Example>);
        for line in comment(source) {
            match (&mut open, line.strip_prefix(FENCE)) {
                (None, Some(words)) if words.starts_with("lua") => {
                    let context = words.split(' ').nth(1).unwrap_or_default();
                    ensure!(CONTEXTS.contains(&context), "{line}: an example is for one of {}", CONTEXTS.join(", "));
                    open = Some(Example { context: context.to_owned(), code: String::new() });
                    text.push_str("```lua\n");
                    continue;
                }
                (Some(_), Some("")) => examples.extend(open.take()),
                (Some(example), _) => {
                    example.code.push_str(line);
                    example.code.push('\n');
                }
                (None, _) if line.starts_with('#') => text.push('#'),
                (None, _) => {}
            }
            text.push_str(line);
            text.push('\n');
        }
        if open.is_some() {
            bail!("the last example does not end in {FENCE}");
        }
        (!text.is_empty()).then_some(Section { text, examples }).context("no comment with a heading at the beginning")
    }

    /// Whether it has this word.
    pub fn names(&self, word: &str) -> bool {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        self.text.match_indices(word).any(|(at, _)| {
            let (before, after) = (&self.text[..at], &self.text[at + word.len()..]);
            !before.ends_with(is_part) && !after.starts_with(is_part)
        })
    }
}

/// The lines of the first comment of its kind that has a heading, from that on.
fn comment(source: &str) -> impl Iterator<Item = &str> {
    let text = |line: &'_ str| -> Option<usize> {
        let mark = ["//!", "--"].into_iter().find(|mark| line.starts_with(mark))?;
        Some(mark.len() + usize::from(line[mark.len()..].starts_with(' ')))
    };
    source
        .lines()
        .map(move |line| text(line).map(|at| &line[at..]))
        .skip_while(|line| !line.is_some_and(|line| line.starts_with("# ")))
        .map_while(|line| line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_from_the_heading_to_the_end_of_the_comment() {
        let rust =
            Section::of("// SPDX\n//! For developers.\n//!\n//! # x\n//!\n//! ## y\n//! text\n\n//! no\n").unwrap();
        assert_eq!(rust.text, "## x\n\n### y\ntext\n");
        let lua = Section::of("-- SPDX\n-- # x\n--   code\nlocal x = 1\n-- no\n").unwrap();
        assert_eq!(lua.text, "## x\n  code\n");
    }

    #[test]
    fn examples_are_scripts() {
        let section = Section::of("-- # x\n-- ```lua softirq\n-- # no heading\n-- call()\n-- ```\n-- # z\n").unwrap();
        assert_eq!(section.text, "## x\n```lua\n# no heading\ncall()\n```\n## z\n");
        assert_eq!(section.examples, [Example { context: "softirq".into(), code: "# no heading\ncall()\n".into() }]);
    }

    #[test]
    fn what_is_no_section_is_an_error() {
        for (source, why) in [
            ("local x\n", "no comment"),
            ("-- # x\n-- ```lua\n-- ```\n", "process, softirq, hardirq"),
            ("-- # x\n-- ```lua process\n", "does not end"),
        ] {
            let error = Section::of(source).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
    }

    #[test]
    fn words_are_whole() {
        let section = Section::of("-- # x\n-- `d:getuint16(o)`, `getbyte`\n").unwrap();
        assert!(section.names("getuint16") && section.names("getbyte"));
        assert!(!section.names("getuint") && !section.names("byte") && !section.names("uint16"));
    }
}
