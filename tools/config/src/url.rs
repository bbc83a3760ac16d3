// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Where something is fetched from.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use crate::check;

/// An address that begins with `https://`: what comes from there is what was there, and nobody's on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url(String);

const SCHEME: &str = "https://";
/// The longest that servers take anyway.
const LONGEST: usize = 2000;
/// What stands in URLs beside letters and digits (RFC 3986), but for `#`, which servers are not sent.
const MARKS: &[u8] = b"-._~:/?[]@!$&'()*+,;=%";

impl FromStr for Url {
    type Err = String;

    fn from_str(text: &str) -> Result<Url, String> {
        let Some(rest) = text.strip_prefix(SCHEME) else {
            return Err(format!(
                "'{text}' does not begin with {SCHEME}, and only that keeps what comes from being changed"
            ));
        };
        let none = |why: &str| Err(format!("'{text}' is no address: {why}"));
        if text.len() > LONGEST {
            return Err(format!("an address has at most {LONGEST} characters"));
        }
        if let Some(other) =
            rest.chars().find(|c| !(c.is_ascii_alphanumeric() || MARKS.contains(&(*c as u8)) && c.is_ascii()))
        {
            return none(&format!("it has {other:?}"));
        }
        let authority = authority(rest);
        if authority.contains('@') {
            return none("users and passwords do not belong into it");
        }
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
            _ => (authority, None),
        };
        if port.is_some_and(|port| !port.parse().is_ok_and(|port: u16| port > 0)) {
            return none("its port is none from 1 to 65535");
        }
        let known = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
            Some(address) => address.parse::<Ipv6Addr>().is_ok(),
            None if host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') => host.parse::<Ipv4Addr>().is_ok(),
            None => check::name(host).is_ok(),
        };
        if !known {
            return none("it has no host");
        }
        Ok(Url(text.to_owned()))
    }
}

fn authority(rest: &str) -> &str {
    rest.split(['/', '?']).next().unwrap_or_default()
}

impl Url {
    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host, with its port if that is said.
    #[must_use]
    pub fn host(&self) -> &str {
        authority(&self.0[SCHEME.len()..])
    }

    /// Where a reference leads that stands there (RFC 3986, 4.2).
    ///
    /// # Errors
    ///
    /// To no address of this kind.
    pub fn join(&self, reference: &str) -> Result<Url, String> {
        let reference = reference.split('#').next().unwrap_or_default();
        let origin = &self.0[..SCHEME.len() + self.host().len()];
        let path = self.0[origin.len()..].split('?').next().unwrap_or_default();
        let scheme = reference.split(['/', '?']).next().is_some_and(|first| first.contains(':'));
        if scheme {
            reference.parse()
        } else if let Some(rest) = reference.strip_prefix("//") {
            format!("{SCHEME}{rest}").parse()
        } else if reference.starts_with('/') {
            format!("{origin}{reference}").parse()
        } else {
            let folder = path.rfind('/').map_or("/", |end| &path[..=end]);
            format!("{origin}{folder}{reference}").parse()
        }
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_host_and_is_secret() {
        for (text, host) in [
            ("https://lists.example/hosts.txt", "lists.example"),
            ("https://lists.example:8443", "lists.example:8443"),
            ("https://192.0.2.1/a?b=c", "192.0.2.1"),
            ("https://[2001:db8::1]:8443/", "[2001:db8::1]:8443"),
        ] {
            assert_eq!(text.parse::<Url>().unwrap().host(), host);
        }
        for (text, words) in [
            ("http://lists.example/", "https://"),
            ("lists.example", "https://"),
            ("https:///hosts", "no host"),
            ("https://a b/", "' '"),
            ("https://a.example/#x", "'#'"),
            ("https://me:secret@a.example/", "passwords"),
            ("https://a.example:0/", "port"),
            ("https://a.example:99999/", "port"),
            ("https://[::g]/", "no host"),
            ("https://a.example/\"", "'\"'"),
            ("https://\u{e4}.example/", "it has"),
        ] {
            let said = text.parse::<Url>().unwrap_err();
            assert!(said.contains(words), "{text}: {said}");
        }
    }

    #[test]
    fn references_lead_to_addresses() {
        let here: Url = "https://a.example:8443/lists/one?x=/y".parse().unwrap();
        for (reference, there) in [
            ("two", "https://a.example:8443/lists/two"),
            ("/two?z#part", "https://a.example:8443/two?z"),
            ("//b.example/two", "https://b.example/two"),
            ("https://b.example/", "https://b.example/"),
        ] {
            assert_eq!(here.join(reference).unwrap().as_str(), there);
        }
        assert!(here.join("http://a.example/lists/one").unwrap_err().contains("https://"));
        let bare: Url = "https://a.example".parse().unwrap();
        assert_eq!(bare.join("two").unwrap().as_str(), "https://a.example/two");
    }
}
