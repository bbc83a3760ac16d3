// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The manifest as a JSON Schema, for editors. It says what is a key and of which type; what only whoever reads the whole
//! can tell, `policy check` does.

use std::borrow::Cow;

use schemars::{json_schema, schema_for, JsonSchema, Schema, SchemaGenerator};

use crate::raw::RawManifest;
use crate::{Type, Value};

/// The schema of policy.yaml.
#[must_use]
pub fn schema() -> Schema {
    let mut schema = schema_for!(RawManifest);
    schema.insert("title".to_owned(), "policy.yaml".into());
    schema
}

/// A number, alone or with its unit.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) enum Amount {
    Number(i64),
    WithUnit(String),
}

/// What `fail` says.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) enum FailName {
    Accept,
    Drop,
}

/// What `context` says.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) enum ContextName {
    Process,
    Softirq,
    Hardirq,
}

/// A parameter: its value, or what the router knows of its type.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) enum Parameter {
    Plain(Value),
    Typed(Typed),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct Typed {
    /// What the router knows.
    #[schemars(rename = "type")]
    kind: Option<Type>,
    /// What it is unless the router knows it, or the owner says another.
    default: Value,
    /// What it does, for people.
    description: Option<String>,
}

impl JsonSchema for Value {
    fn schema_name() -> Cow<'static, str> {
        "Value".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A string, an integer, true or false, or a list of these.",
            "anyOf": [
                { "type": ["string", "integer", "boolean"] },
                { "type": "array", "items": { "type": ["string", "integer", "boolean"] } },
            ],
        })
    }
}
