// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a library in Lua gives to scripts, by how ours are written: `function library.name(`, `function Class:name(` and
//! `library.name = ` at a line's beginning, `name = function(` in a table, and `return function(`, which is the library itself.

/// The names, and their lines, from 1. A library that is a function has the last part of the library's own name.
pub fn entries(source: &str, library: &str) -> Vec<(String, usize)> {
    let own = library.rsplit('.').next().unwrap_or(library);
    let lines = source.lines().enumerate();
    lines
        .filter_map(|(index, line)| name(line, own).map(|name| (name.to_owned(), index + 1)))
        .filter(|(name, _)| !name.starts_with("__"))
        .collect()
}

fn name<'l>(line: &'l str, own: &'l str) -> Option<&'l str> {
    if line.starts_with("return function(") {
        return Some(own);
    }
    if let Some(rest) = line.strip_prefix("function ") {
        return rest.split_once('(')?.0.rsplit_once(['.', ':']).map(|(_, name)| name);
    }
    let (left, right) = line.split_once(" = ")?;
    let is_name = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_');
    if let Some((table, name)) = left.split_once('.') {
        return (is_name(table) && is_name(name)).then_some(name);
    }
    let name = left.trim_start();
    (left.len() > name.len() && is_name(name) && right.starts_with("function(")).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(source: &str) -> Vec<String> {
        entries(source, "x.own").into_iter().map(|(name, line)| format!("{line} {name}")).collect()
    }

    #[test]
    fn what_is_put_into_a_table_by_a_name_is_an_entry() {
        let source =
            "function x.a(b)\nfunction x.y:c()\nx.d = x:new {}\n  e = function(...) end,\nreturn function(f)\n";
        assert_eq!(told(source), ["1 a", "2 c", "3 d", "4 e", "5 own"]);
    }

    #[test]
    fn what_is_local_or_meta_is_none() {
        let source =
            "local function a()\nlocal b = 1\nx.__index = x\nfunction x:__call()\n  c = 1\nx.y.z = 1\ntimer = 1\n";
        assert_eq!(told(source), [""; 0]);
    }
}
