// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What is rendered is what the router reads, and parameters arrive as they were written.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use kernel_lua::{Limits, Machine, Outcome};
use policy::{quoted, render, table, Library, Policy, Scalar, Value};

fn policy(parent: &Path, name: &str) -> Policy {
    let folder = parent.join(name);
    for folder in ["tests", "data"].map(|name| folder.join(name)) {
        fs::create_dir_all(folder).unwrap();
    }
    let manifest = format!(
        "name: {name}\ndescription: For a test\nbudget: {{ fuel: 9, memory: 64KiB }}\nfail: drop\nparameters: {{ a: 1 }}\n"
    );
    fs::write(folder.join("policy.yaml"), manifest).unwrap();
    for file in ["main.lua", "parser.lua", "tests/parser.lua", "data/names.list", "README.md"] {
        fs::write(folder.join(file), file).unwrap();
    }
    Policy::open(&folder).unwrap()
}

fn files(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path.strip_prefix(root).unwrap().display().to_string());
            }
        }
    }
    found.sort();
    found
}

#[test]
fn scripts_data_parameters_and_the_boot_list_are_rendered_and_nothing_else() {
    let parent = tempfile::tempdir().unwrap();
    let policies = [policy(parent.path(), "second"), policy(parent.path(), "first")];
    fs::create_dir(parent.path().join("shared")).unwrap();
    fs::write(parent.path().join("shared/ip.lua"), "return {}").unwrap();
    let library = Library::open(&parent.path().join("shared")).unwrap();
    let output = parent.path().join("output");
    render(&output, Some(&library), &policies).unwrap();
    let lua = "lib/modules/lua/policies";
    let mut expected = vec!["etc/lunagate/policies".to_owned(), format!("{lua}/library/ip.lua")];
    for name in ["first", "second"] {
        expected.extend(
            ["data/names.list", "main.lua", "parameters.lua", "parser.lua", "policy.yaml"]
                .map(|file| format!("{lua}/{name}/{file}")),
        );
    }
    expected.sort();
    assert_eq!(files(&output), expected);
    let boot = fs::read_to_string(output.join("etc/lunagate/policies")).unwrap();
    let lines: Vec<_> = boot.lines().filter(|line| !line.starts_with('#')).collect();
    let expected = ["second", "first"]
        .map(|name| format!("policies/{name}/main softirq fuel=9 memory=65536 fail=drop capabilities="));
    assert_eq!(lines, expected, "the order is the caller's");
    assert_eq!(fs::read_to_string(output.join(format!("{lua}/first/main.lua"))).unwrap(), "main.lua");
}

#[test]
fn neither_old_nor_double_policies_get_into_an_image() {
    let parent = tempfile::tempdir().unwrap();
    let output = parent.path().join("output");
    let twice = [policy(parent.path(), "a"), policy(parent.path(), "a")];
    let error = render(&output, None, &twice).unwrap_err().to_string();
    assert_eq!(error, "policy 'a' is given twice: name each folder once");
    render(&output, None, &twice[..1]).unwrap();
    let error = render(&output, None, &twice[..1]).unwrap_err().to_string();
    assert!(error.ends_with("exists: give a new folder, so that no policy of before stays in it"), "{error}");
}

/// Whether the kernel's Lua reads a chunk's table as what it was made of.
fn arrives(parameters: &BTreeMap<String, Value>) {
    let machine = Machine::new(Limits { fuel: 1 << 40, memory: 64 << 20, stack: 64 << 10 }).unwrap();
    let chunk = table(parameters);
    assert!(chunk.is_ascii());
    let mut check = format!("local parameters = assert(load({}))()\n", quoted(&chunk));
    // Strings are compared by bytes, which need no quoting.
    let same = |place: &str, value: &Scalar| match value {
        Scalar::Boolean(value) => format!("assert({place} == {value})\n"),
        Scalar::Integer(value) => format!("assert(tostring({place}) == '{value}')\n"),
        Scalar::String(text) => {
            let tests = text.bytes().enumerate().map(|(at, byte)| format!("assert(s:byte({}) == {byte})", at + 1));
            let tests = tests.collect::<Vec<_>>().join(" ");
            format!("do local s = {place} assert(#s == {}) {tests} end\n", text.len())
        }
    };
    for (name, value) in parameters {
        let place = format!("parameters.{name}");
        match value {
            Value::Scalar(value) => check.push_str(&same(&place, value)),
            Value::List(list) => {
                check.push_str(&format!("assert(#{place} == {})\n", list.len()));
                for (index, value) in list.iter().enumerate() {
                    check.push_str(&same(&format!("{place}[{}]", index + 1), value));
                }
            }
        }
    }
    assert_eq!(machine.run("parameters", check.as_bytes()), Outcome::Ran, "{chunk}");
}

fn strings(list: impl IntoIterator<Item = String>) -> BTreeMap<String, Value> {
    BTreeMap::from([("list".to_owned(), Value::List(list.into_iter().map(Scalar::String).collect()))])
}

#[test]
fn numbers_and_booleans_arrive() {
    let numbers = [0, 1, -1, i64::MAX, i64::MIN, i64::MIN + 1].map(Scalar::Integer);
    arrives(&BTreeMap::from([
        ("numbers".to_owned(), Value::List(numbers.to_vec())),
        ("empty".to_owned(), Value::List(vec![])),
        ("yes".to_owned(), Value::Scalar(Scalar::Boolean(true))),
        ("no".to_owned(), Value::Scalar(Scalar::Boolean(false))),
    ]));
}

#[test]
fn strings_that_look_like_lua_arrive() {
    let hostile =
        ["", "]]", "]==]", "\"", "\\", "\\\"", "\\n", "\n", "\r\n", "\0", "\u{0}9", "--[[", "\" .. os", "${x}", "%d"];
    arrives(&strings(hostile.map(str::to_owned)));
}

/// Every character up to U+07FF before a digit, a quote and a backslash, and strings drawn at
/// random from all of Unicode.
#[test]
fn any_string_arrives() {
    for row in 0..16 {
        let characters = (0..128).filter_map(|column| char::from_u32(row * 128 + column));
        arrives(&strings(characters.flat_map(|c| [format!("{c}0"), format!("{c}\"{c}"), format!("\\{c}")])));
    }
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for _ in 0..20 {
        let string = |_| (0..random() % 40).filter_map(|_| char::from_u32((random() % 0x11_0000) as u32)).collect();
        arrives(&strings((0..20).map(string).collect::<Vec<String>>()));
    }
}

#[test]
fn a_data_file_has_a_name_that_packages_can_have() {
    let parent = tempfile::tempdir().unwrap();
    let good = policy(parent.path(), "good");
    assert_eq!(good.data.iter().map(|datum| datum.name.as_str()).collect::<Vec<_>>(), ["names.list"]);
    let bad = parent.path().join("good/data/my names.list");
    fs::write(&bad, "").unwrap();
    let said = Policy::open(&parent.path().join("good")).unwrap_err().to_string();
    assert!(said.contains("my names.list: a data file has up to 64 letters"), "{said}");
}
