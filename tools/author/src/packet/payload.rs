// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What packets carry.

use serde::Deserialize;

/// The first message of a TLS client.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// The server's name; without, the message names none.
    pub sni: Option<String>,
}

/// A DNS message with one question.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dns {
    /// The name.
    pub query: String,
    /// The type of records: A unless given.
    #[serde(rename = "type")]
    pub kind: Option<Kind>,
    /// The identifier.
    pub id: Option<u16>,
    /// Whether it is the answer (that there is none), not the question.
    #[serde(default)]
    pub answer: bool,
}

/// A type of records.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Kind {
    /// By its number.
    Number(u16),
    /// By its name.
    Name(String),
}

/// An HTTP request.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// The server's name.
    pub host: String,
    /// GET unless given.
    pub method: Option<String>,
    /// `/` unless given.
    pub path: Option<String>,
}

/// Bytes with their length before them.
fn counted(width: usize, bytes: &[u8]) -> Vec<u8> {
    let length = (bytes.len() as u64).to_be_bytes();
    [&length[8 - width..], bytes].concat()
}

impl Tls {
    /// The record (RFC 8446, 4.1.2) with one cipher and, first, an extension that servers do not know (RFC 8701).
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut extensions = vec![0x1a, 0x1a, 0, 0];
        if let Some(name) = &self.sni {
            let entry = [&[0], &counted(2, name.as_bytes())[..]].concat();
            extensions.extend([0, 0]);
            extensions.extend(counted(2, &counted(2, &entry)));
        }
        let body = [&[3, 3], &[0x5a; 32][..], &counted(1, &[]), &counted(2, &[0x13, 1]), &counted(1, &[0])].concat();
        let hello = [&[1], &counted(3, &[body, counted(2, &extensions)].concat())[..]].concat();
        [&[22, 3, 1], &counted(2, &hello)[..]].concat()
    }
}

impl Dns {
    pub(crate) fn bytes(&self) -> Result<Vec<u8>, String> {
        let kind = match &self.kind {
            None => 1,
            Some(Kind::Number(number)) => *number,
            Some(Kind::Name(name)) => {
                let known = [
                    ("A", 1),
                    ("NS", 2),
                    ("CNAME", 5),
                    ("PTR", 12),
                    ("MX", 15),
                    ("TXT", 16),
                    ("AAAA", 28),
                    ("HTTPS", 65),
                ];
                let found = known.iter().find(|(known, _)| known == name);
                found
                    .ok_or_else(|| format!("dns: type '{name}' is none of {}", known.map(|(name, _)| name).join(", ")))?
                    .1
            }
        };
        let flags: u16 = if self.answer { 0x8183 } else { 0x0100 };
        let mut bytes = [self.id.unwrap_or(77), flags, 1, 0, 0, 0].map(u16::to_be_bytes).concat();
        for label in self.query.split('.').filter(|label| !label.is_empty()) {
            if label.len() > 63 {
                return Err(format!("dns: '{label}' is longer than 63 bytes"));
            }
            bytes.extend(counted(1, label.as_bytes()));
        }
        bytes.push(0);
        bytes.extend(kind.to_be_bytes());
        bytes.extend([0, 1]);
        Ok(bytes)
    }
}

impl Http {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let method = self.method.as_deref().unwrap_or("GET");
        let path = self.path.as_deref().unwrap_or("/");
        format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.host).into_bytes()
    }
}
