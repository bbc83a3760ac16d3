// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The prompt.

use std::fs;
use std::io::IsTerminal;
use std::path::PathBuf;

use anyhow::{Context, Result};
use rustyline::error::ReadlineError;
use rustyline::DefaultEditor;

use crate::device::Transport;

/// Reads lines and runs them until the end of input. An expression shows its value.
///
/// # Errors
///
/// The terminal fails. Errors of chunks are shown; a person goes on, but a pipe has nobody who
/// reads them, so there the first ends it.
pub fn run(device: &impl Transport) -> Result<()> {
    let person = std::io::stdin().is_terminal();
    let mut editor = DefaultEditor::new().context("cannot use this terminal")?;
    let history = history();
    // A history that cannot be read or kept is no reason not to talk.
    for line in fs::read_to_string(&history).unwrap_or_default().lines() {
        let _ = editor.add_history_entry(line);
    }
    loop {
        match editor.readline("> ") {
            Ok(line) if line.trim().is_empty() => {}
            Ok(line) => {
                let _ = editor.add_history_entry(&line);
                match evaluate(device, &line) {
                    Ok(text) if text.is_empty() => {}
                    Ok(text) => println!("{text}"),
                    Err(error) if person => println!("{error:#}"),
                    Err(error) => return Err(error),
                }
            }
            Err(ReadlineError::Interrupted) => {}
            Err(ReadlineError::Eof) => break,
            Err(error) => return Err(error).context("cannot read from the terminal"),
        }
    }
    if person {
        // Not rustyline's own: built without its file history, its save and load panic.
        let lines: String = editor.history().into_iter().map(|line| format!("{line}\n")).collect();
        let _ = fs::write(&history, lines);
    }
    Ok(())
}

/// As an expression if it is one, else as a statement.
fn evaluate(device: &impl Transport, line: &str) -> Result<String> {
    let compiles =
        device.execute(&format!("return load({}) ~= nil", crate::chunk::quoted(&format!("return {line}"))))?;
    if compiles == "true" {
        device.execute(&format!("return {line}"))
    } else {
        device.execute(line)
    }
}

fn history() -> PathBuf {
    let home = std::env::var_os("HOME").map_or_else(|| PathBuf::from("/data"), PathBuf::from);
    home.join(".lunatik_history")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    /// Compiles what has no "=" in it, and remembers what it ran.
    struct Fake(RefCell<Vec<String>>);

    impl Transport for Fake {
        fn execute(&self, chunk: &str) -> Result<String> {
            self.0.borrow_mut().push(chunk.into());
            Ok((!chunk.contains(" = ")).to_string())
        }
    }

    #[test]
    fn expressions_show_their_value_and_statements_run_once() {
        let fake = Fake(RefCell::new(Vec::new()));
        evaluate(&fake, "1 + 1").unwrap();
        evaluate(&fake, "x = 1").unwrap();
        let ran = fake.0.into_inner();
        assert_eq!(ran[1], "return 1 + 1");
        assert_eq!(ran[3], "x = 1");
        assert_eq!(ran.len(), 4);
    }
}
