// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! A Lua text as its words, each with its place.

/// A word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// What it says; of a string, what is between the quotes.
    pub(super) text: String,
    /// Counted from 1.
    pub(super) line: u32,
    /// In characters, counted from 1.
    pub(super) column: u32,
}

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Name,
    Number,
    String,
    Symbol,
}

impl Token {
    /// Whether it is this symbol or this name.
    pub(super) fn is(&self, text: &str) -> bool {
        matches!(self.kind, Kind::Symbol | Kind::Name) && self.text == text
    }
}

/// Symbols of several characters; the longer first.
const SYMBOLS: [&str; 11] = ["...", "..", "==", "~=", "<=", ">=", "//", "::", "<<", ">>", "->"];

/// The words of a text. What is no Lua ends it early: who compiles it says what is wrong.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let characters: Vec<char> = text.chars().collect();
    let mut reader = Reader { characters: &characters, at: 0, line: 1, column: 1 };
    if text.starts_with('#') {
        reader.skip(|character| character != '\n');
    }
    let mut tokens = Vec::new();
    while let Some(token) = reader.token() {
        tokens.push(token);
    }
    tokens
}

struct Reader<'a> {
    characters: &'a [char],
    at: usize,
    line: u32,
    column: u32,
}

impl Reader<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.characters.get(self.at + ahead).copied()
    }

    fn next(&mut self) -> Option<char> {
        let character = self.peek(0)?;
        self.at += 1;
        if character == '\n' {
            self.line += 1;
            self.column = 1;
        } else {
            self.column += 1;
        }
        Some(character)
    }

    /// Takes what is so.
    fn skip(&mut self, is: impl Fn(char) -> bool) -> String {
        let mut text = String::new();
        while let Some(character) = self.peek(0).filter(|character| is(*character)) {
            text.push(character);
            self.next();
        }
        text
    }

    fn token(&mut self) -> Option<Token> {
        loop {
            self.skip(char::is_whitespace);
            if self.peek(0) != Some('-') || self.peek(1) != Some('-') {
                break;
            }
            self.next();
            self.next();
            if self.long().is_none() {
                self.skip(|character| character != '\n');
            }
        }
        let (line, column) = (self.line, self.column);
        let first = self.peek(0)?;
        let (kind, text) = match first {
            '_' | 'a'..='z' | 'A'..='Z' => {
                (Kind::Name, self.skip(|character| character == '_' || character.is_ascii_alphanumeric()))
            }
            '0'..='9' => (Kind::Number, self.number()),
            '.' if self.peek(1).is_some_and(|second| second.is_ascii_digit()) => (Kind::Number, self.number()),
            '"' | '\'' => (Kind::String, self.quoted()),
            '[' => match self.long() {
                Some(text) => (Kind::String, text),
                None => (Kind::Symbol, self.symbol()),
            },
            _ => (Kind::Symbol, self.symbol()),
        };
        Some(Token { kind, text, line, column })
    }

    fn symbol(&mut self) -> String {
        let rest: String = self.characters[self.at..].iter().take(3).collect();
        let symbol = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol));
        let length = symbol.map_or(1, |symbol| symbol.len());
        (0..length).filter_map(|_| self.next()).collect()
    }

    /// All that could be part of a number; an exponent has a sign.
    fn number(&mut self) -> String {
        let mut text = String::new();
        let hexadecimal = self.peek(0) == Some('0') && matches!(self.peek(1), Some('x' | 'X'));
        while let Some(character) = self.peek(0) {
            let exponent = if hexadecimal { text.ends_with(['p', 'P']) } else { text.ends_with(['e', 'E']) };
            let sign = exponent && matches!(character, '+' | '-');
            // A range of two numbers is no number.
            let dot = character == '.' && self.peek(1) != Some('.');
            if !(character.is_ascii_alphanumeric() || dot || sign) {
                break;
            }
            text.push(character);
            self.next();
        }
        text
    }

    fn quoted(&mut self) -> String {
        let quote = self.next();
        let mut text = String::new();
        while let Some(character) = self.next() {
            match character {
                '\\' => {
                    text.push(character);
                    text.extend(self.next());
                }
                _ if Some(character) == quote => break,
                _ => text.push(character),
            }
        }
        text
    }

    /// What is between long brackets, if such begin here.
    fn long(&mut self) -> Option<String> {
        if self.peek(0) != Some('[') {
            return None;
        }
        let level = (1..).take_while(|ahead| self.peek(*ahead) == Some('=')).count();
        if self.peek(level + 1) != Some('[') {
            return None;
        }
        for _ in 0..level + 2 {
            self.next();
        }
        let end: String = format!("]{}]", "=".repeat(level));
        let mut text = String::new();
        while let Some(character) = self.next() {
            text.push(character);
            if text.ends_with(&end) {
                text.truncate(text.len() - end.len());
                break;
            }
        }
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_their_places_and_what_is_no_word_is_left_out() {
        let text = "-- a [[\nlocal x = 0x1p-2 --[==[ y\n]] ]==] .. 1..2 'a\\'b' [=[c]]]=] // 3e+1.\n";
        let words: Vec<_> = tokens(text).into_iter().map(|token| (token.text, token.line, token.column)).collect();
        let expected = [
            ("local", 2, 1),
            ("x", 2, 7),
            ("=", 2, 9),
            ("0x1p-2", 2, 11),
            ("..", 3, 9),
            ("1", 3, 12),
            ("..", 3, 13),
            ("2", 3, 15),
            ("a\\'b", 3, 17),
            ("c]]", 3, 24),
            ("//", 3, 34),
            ("3e+1.", 3, 37),
        ];
        let expected: Vec<_> =
            expected.iter().map(|(text, line, column)| ((*text).to_owned(), *line, *column)).collect();
        assert_eq!(words, expected);
    }
}
