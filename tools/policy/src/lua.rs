// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Values as Lua source.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::{Scalar, Value};

/// A string as a Lua literal of one line, in ASCII: any bytes come back as they were.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut literal = String::from("\"");
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => {
                literal.push('\\');
                literal.push(char::from(byte));
            }
            b' '..=b'~' => literal.push(char::from(byte)),
            // Three digits: a digit that follows is not part of it.
            _ => write!(literal, "\\{byte:03}").expect("a String takes everything"),
        }
    }
    literal.push('"');
    literal
}

/// Parameters as a Lua chunk that returns them in a table.
#[must_use]
pub fn table(parameters: &BTreeMap<String, Value>) -> String {
    let mut chunk = String::from("-- SPDX-License-Identifier: MIT OR GPL-2.0-only\n-- Made from YAML.\nreturn {\n");
    for (name, value) in parameters {
        let value = match value {
            Value::Scalar(one) => scalar(one),
            Value::List(list) => format!("{{ {} }}", list.iter().map(scalar).collect::<Vec<_>>().join(", ")),
        };
        writeln!(chunk, "  [{}] = {value},", quoted(name)).expect("a String takes everything");
    }
    chunk.push_str("}\n");
    chunk
}

fn scalar(value: &Scalar) -> String {
    match value {
        Scalar::Boolean(value) => value.to_string(),
        // Its digits alone are one too large for a numeral.
        Scalar::Integer(i64::MIN) => "math.mininteger".to_owned(),
        Scalar::Integer(value) => value.to_string(),
        Scalar::String(text) => quoted(text),
    }
}
