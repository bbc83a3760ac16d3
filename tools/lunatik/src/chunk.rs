// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Text on its way into a Lua chunk.

/// A Lua string literal of any text: nothing in it can end the literal.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut literal = String::from("\"");
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => literal.extend(['\\', char::from(byte)]),
            b' '..=b'~' => literal.push(char::from(byte)),
            _ => literal.push_str(&format!("\\{byte:03}")),
        }
    }
    literal + "\""
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn nothing_escapes_from_a_literal() {
        assert_eq!(quoted("a/b-c.d"), "\"a/b-c.d\"");
        assert_eq!(quoted("\") os.exit() --"), "\"\\\") os.exit() --\"");
        assert_eq!(quoted("\\\n\0é"), "\"\\\\\\010\\000\\195\\169\"");
    }
}
