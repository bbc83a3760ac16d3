// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Tables that outlast scripts: `lunatik tables`.
//!
//! As text, an entry is a line: the key, a tab, and the value; strings as Lua writes them, with `\ddd` for all but plain
//! ASCII, so that a line is a line whatever is in them.

use std::fmt::Write as _;
use std::io::{self, BufRead, Write};

use anyhow::{bail, ensure, Context, Result};
use clap::Subcommand;
use serde::Serialize;

use crate::chunk::quoted;
use crate::device::Transport;

/// Bytes of a chunk, or of its answer: a chunk has some MiB of memory for both.
const PORTION: usize = 128 * 1024;
/// The least integer.
const LEAST: &str = "-9223372036854775808";
/// Functions of the chunks that read.
const READING: &str = r#"
local rcu, lasting = require("rcu"), require("lunatik")._ENV.lasting
local function text(value)
  if type(value) ~= "string" then return tostring(value) end
  return '"' .. value:gsub('[^ !#-Z%[%]%^_`a-~]', function(byte) return ("\\%03d"):format(byte:byte()) end) .. '"'
end
-- A name as it is, if it is one word on one line.
local function word(name)
  return name:find("^[!#-~]+$") and name or text(name)
end
local function part(key)
  local sum = 0
  for at = 1, #key do sum = (sum * 31 + key:byte(at)) & 0xffffff end
  return sum
end
"#;

#[derive(Subcommand)]
pub enum Command {
    /// Name the tables that outlast scripts (`rcu.lasting`), and count their entries.
    Show {
        /// As JSON: a list of objects.
        #[arg(long)]
        json: bool,
    },
    /// Print a table's entries, a line each: key, tab, value.
    Dump {
        /// The script, by the name that it was run by.
        script: String,
        /// The table's name.
        table: String,
    },
    /// Put entries into a table, whether its script runs or not; from standard input, as `dump` prints them.
    Restore {
        /// The script, by the name that it is run by.
        script: String,
        /// The table's name.
        table: String,
    },
    /// Take a script's tables away. A script that runs has them until it stops.
    Forget {
        /// The script, by the name that it was run by.
        script: String,
    },
}

impl Command {
    /// Does it.
    ///
    /// # Errors
    ///
    /// In words for the user.
    pub fn run(self, device: &impl Transport) -> Result<()> {
        match self {
            Command::Show { json } => show(device, json),
            Command::Dump { script, table } => dump(device, &script, &table, &mut io::stdout().lock()),
            Command::Restore { script, table } => restore(device, &script, &table, io::stdin().lock()),
            Command::Forget { script } => {
                let there = device.execute(&format!("return forget({})", quoted(&script)))?;
                ensure!(there == "true", "{script} has no tables: `lunatik tables show` lists those that there are");
                Ok(())
            }
        }
    }
}

/// A table.
#[derive(Serialize)]
struct Row<'a> {
    script: &'a str,
    table: &'a str,
    entries: u64,
}

fn show(device: &impl Transport, json: bool) -> Result<()> {
    let count = r#"
local all = {}
rcu.map(lasting, function(script, tables)
  rcu.map(tables, function(name, entries)
    local count = 0
    rcu.map(entries, function() count = count + 1 end)
    all[#all + 1] = word(script) .. "\t" .. word(name) .. "\t" .. count
  end)
end)
table.sort(all)
return table.concat(all, "\n")"#;
    let text = device.execute(&format!("{READING}{count}"))?;
    let rows = text.lines().map(|line| row(line).with_context(|| format!("lunatik is of another version: '{line}'")));
    let rows = rows.collect::<Result<Vec<_>>>()?;
    if json {
        println!("{}", serde_json::to_string_pretty(&rows)?);
    } else if !rows.is_empty() {
        print!("{}", columns(&rows));
    }
    Ok(())
}

fn row(line: &str) -> Option<Row<'_>> {
    let mut words = line.split('\t');
    let (script, table) = (words.next()?, words.next()?);
    Some(Row { script, table, entries: words.next()?.parse().ok()? })
}

fn columns(rows: &[Row]) -> String {
    let width = |of: fn(&Row) -> usize, least| rows.iter().map(of).fold(least, usize::max);
    let (a, b) = (width(|row| row.script.len(), 6), width(|row| row.table.len(), 5));
    let mut text = format!("{:a$}  {:b$}  ENTRIES\n", "SCRIPT", "TABLE");
    for Row { script, table, entries } in rows {
        let _ = writeln!(text, "{script:a$}  {table:b$}  {entries}");
    }
    text
}

/// Writes all entries, in the order of their lines: the same entries are the same text.
fn dump(device: &impl Transport, script: &str, table: &str, to: &mut impl Write) -> Result<()> {
    let (script_name, table_name) = (quoted(script), quoted(table));
    let find = format!(
        "{READING}
local tables = lasting[{script_name}]
local entries = tables and tables[{table_name}]
if not entries then return 'none' end"
    );
    let bytes = device.execute(&format!(
        "{find}
local bytes = 0
rcu.map(entries, function(key, value) bytes = bytes + #text(key) + #text(value) end)
return bytes"
    ))?;
    if bytes == "none" {
        bail!("{script} has no table {table}: `lunatik tables show` lists those that there are");
    }
    let parts = bytes.parse::<usize>().context("lunatik is of another version")? / PORTION + 1;
    let mut all = Vec::new();
    for part in 0..parts {
        let lines = device.execute(&format!(
            "{find}
local lines = {{}}
rcu.map(entries, function(key, value)
  if part(key) % {parts} ~= {part} then return end
  if type(value) == 'userdata' then return end
  lines[#lines + 1] = text(key) .. '\\t' .. text(value)
end)
return table.concat(lines, '\\n')"
        ))?;
        all.extend(lines.lines().map(str::to_owned));
    }
    all.sort_unstable();
    all.iter().try_for_each(|line| writeln!(to, "{line}")).context("cannot write the table")
}

/// Puts all entries into the table, or none if one of them is no entry.
fn restore(device: &impl Transport, script: &str, table: &str, from: impl BufRead) -> Result<()> {
    let lines = from.lines().collect::<io::Result<Vec<_>>>().context("cannot read the entries")?;
    for (number, line) in lines.iter().enumerate() {
        ensure!(is_entry(line), "line {}: '{line}' is no entry: a key, a tab, and a value", number + 1);
    }
    let (script, table) = (quoted(script), quoted(table));
    let begin = format!("local entries = lasting({script}, {table}, {})\n", lines.len().max(1));
    let mut chunk = begin.clone();
    for line in &lines {
        let (key, value) = line.split_once('\t').unwrap_or_default();
        // Its digits alone are no integer, and Lua reads the sign afterwards.
        let value = if value == LEAST { "math.mininteger" } else { value };
        let _ = writeln!(chunk, "entries[{key}] = {value}");
        if chunk.len() > PORTION {
            device.execute(&chunk)?;
            chunk.clone_from(&begin);
        }
    }
    device.execute(&chunk).map(drop)
}

/// Whether it is a key, a tab, and a value, and nothing else that a chunk might run.
fn is_entry(line: &str) -> bool {
    let Some((key, value)) = line.split_once('\t') else { return false };
    is_text(key) && (is_text(value) || matches!(value, "true" | "false") || is_integer(value))
}

fn is_integer(literal: &str) -> bool {
    !literal.starts_with('+') && literal.parse::<i64>().is_ok()
}

/// Whether it is a string as Lua writes it, with no escapes but `\ddd`.
fn is_text(literal: &str) -> bool {
    let Some(inner) = literal.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else { return false };
    let mut rest = inner.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        rest = match first {
            b'\\' => match more.split_first_chunk::<3>() {
                Some((digits, after)) if is_byte(*digits) => after,
                _ => return false,
            },
            b' '..=b'~' if *first != b'"' => more,
            _ => return false,
        };
    }
    true
}

fn is_byte(digits: [u8; 3]) -> bool {
    std::str::from_utf8(&digits).is_ok_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()) && digits <= "255")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    /// Notes the chunks.
    #[derive(Default)]
    struct Noting(RefCell<Vec<String>>);

    impl Transport for Noting {
        fn execute(&self, chunk: &str) -> Result<String> {
            self.0.borrow_mut().push(chunk.to_owned());
            Ok(String::new())
        }
    }

    #[test]
    fn entries_are_what_dump_prints_and_nothing_else() {
        for right in ["\"a\"\t1", "\"\"\t-9223372036854775808", "\"a\\000\\255b\"\ttrue", "\"1\"\t\"x y\\009\""] {
            assert!(is_entry(right), "{right}");
        }
        let wrong = [
            "",
            "a\t1",
            "\"a\" 1",
            "\"a\"\t",
            "\"a\"\tnil",
            "\"a\"\t1.5",
            "\"a\"\t+5",
            "\"a\"\tos.exit()",
            "\"a\\\"\t1",
            "\"a\\n\"\t1",
            "\"\\256\"\t1",
            "\"\\1\"\t1",
            "\"a\"b\"\t1",
            "\"a\"\t1\t2",
            "\"ä\"\t1",
            "\"a\"\t99999999999999999999",
        ];
        for wrong in wrong {
            assert!(!is_entry(wrong), "{wrong}");
        }
    }

    #[test]
    fn entries_come_back_in_portions_and_what_is_none_changes_nothing() {
        let device = Noting::default();
        let text: String = (0..20_000).map(|n| format!("\"key {n}\"\t{n}\n")).collect();
        restore(&device, "a/b", "t", text.as_bytes()).unwrap();
        let chunks = device.0.take();
        assert!(chunks.len() > 2 && chunks.iter().all(|chunk| chunk.len() < PORTION + 1000));
        assert!(chunks.iter().all(|chunk| chunk.starts_with("local entries = lasting(\"a/b\", \"t\", 20000)\n")));
        let entries: usize = chunks.iter().map(|chunk| chunk.matches("entries[\"key ").count()).sum();
        assert_eq!(entries, 20_000);
        let error = restore(&device, "a/b", "t", &b"\"a\"\t1\nos.exit()\n"[..]).unwrap_err();
        assert_eq!(error.to_string(), "line 2: 'os.exit()' is no entry: a key, a tab, and a value");
        assert!(device.0.take().is_empty());
    }
}
