// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The JSON Schema of manifests: it takes those of the policies here, and not what the reader of manifests refuses.

use std::fs;
use std::path::Path;

use serde_json::Value;

/// What a value has that the schema does not allow, as far as ours use JSON Schema; other keywords are a failure.
fn wrong(root: &Value, schema: &Value, value: &Value) -> Option<String> {
    let of_type = |name: &str| match name {
        "string" => value.is_string(),
        "integer" => value.is_i64(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        other => panic!("type {other}"),
    };
    for (keyword, said) in schema.as_object().expect("a schema") {
        let problem = match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" | "default" | "format" => None,
            "$ref" => {
                let path = said.as_str().and_then(|path| path.strip_prefix('#')).expect("a path");
                wrong(root, root.pointer(path).expect("a definition"), value)
            }
            "type" => {
                let good = match said {
                    Value::Array(names) => names.iter().any(|name| of_type(name.as_str().expect("a name"))),
                    name => of_type(name.as_str().expect("a name")),
                };
                (!good).then(|| format!("{value} is no {said}"))
            }
            "const" => (value != said).then(|| format!("{value} is none of {said}")),
            "enum" => (!said.as_array().expect("values").contains(value)).then(|| format!("{value} is none of {said}")),
            "anyOf" | "oneOf" => {
                let all: Option<Vec<_>> =
                    said.as_array().expect("schemas").iter().map(|schema| wrong(root, schema, value)).collect();
                all.map(|all| all.join(", "))
            }
            "items" => value.as_array().and_then(|list| list.iter().find_map(|one| wrong(root, said, one))),
            "required" => said.as_array().expect("names").iter().find_map(|name| {
                value.get(name.as_str().expect("a name")).is_none().then(|| format!("{name} is missing"))
            }),
            "properties" => said
                .as_object()
                .expect("schemas")
                .iter()
                .find_map(|(name, schema)| value.get(name).and_then(|value| wrong(root, schema, value))),
            "additionalProperties" => value.as_object().and_then(|object| {
                let known = schema.get("properties").and_then(Value::as_object);
                object.iter().find_map(|(name, value)| match said {
                    _ if known.is_some_and(|known| known.contains_key(name)) => None,
                    Value::Bool(allowed) => (!allowed).then(|| format!("{name} is no key")),
                    schema => wrong(root, schema, value),
                })
            }),
            other => panic!("keyword {other}"),
        };
        if problem.is_some() {
            return problem;
        }
    }
    None
}

#[test]
fn the_schema_is_that_of_the_manifests_here() {
    let schema = serde_json::to_value(policy::schema()).expect("JSON");
    let read = |text: &str| wrong(&schema, &schema, &files::parse(text).expect("YAML"));
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    let mut seen = 0;
    for entry in fs::read_dir(shipped).expect("policies") {
        let path = entry.expect("a folder").path().join("policy.yaml");
        if path.exists() {
            assert_eq!(read(&fs::read_to_string(&path).expect("there")), None, "{}", path.display());
            seen += 1;
        }
    }
    assert!(seen >= 2);
    let good = "name: x\ndescription: x\nbudget: { fuel: 1, memory: 1 }\nfail: drop\n";
    assert_eq!(read(good), None);
    for (bad, words) in [
        (format!("{good}colour: red\n"), "colour is no key"),
        (good.replace("drop", "maybe"), "\"maybe\" is none of"),
        (good.replace("fuel: 1, ", ""), "\"fuel\" is missing"),
        (good.replace("fuel: 1", "fuel: a"), "\"a\" is no \"integer\""),
        (format!("{good}parameters: {{ a: {{ b: 1 }} }}\n"), "b is no key"),
        (format!("{good}parameters: {{ a: {{ type: time, default: UTC0 }} }}\n"), "\"time\" is none of"),
    ] {
        let said = read(&bad).expect("something is wrong");
        assert!(said.contains(words), "{bad}: {said}");
    }
}
