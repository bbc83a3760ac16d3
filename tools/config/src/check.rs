// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Texts that are copied into files of daemons, and so are what they seem and nothing else.

use crate::address::host;
use crate::base64;
use crate::model::{LAN, WAN};

/// A name without dots.
///
/// # Errors
///
/// It has other characters, or is too long.
pub fn label(text: &str) -> Result<String, String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let fits = (1..=63).contains(&text.len()) && text.bytes().all(plain);
    if fits && !text.starts_with('-') && !text.ends_with('-') {
        Ok(text.to_ascii_lowercase())
    } else {
        Err(format!("name '{text}': use up to 63 letters, digits and - between them"))
    }
}

/// Labels with dots between them.
///
/// # Errors
///
/// As [`label`].
pub fn name(text: &str) -> Result<String, String> {
    if text.len() > 253 {
        return Err(format!("name '{text}' has more than 253 characters"));
    }
    Ok(text.split('.').map(label).collect::<Result<Vec<_>, _>>()?.join("."))
}

/// A user's name or a password, as they go into a packet of PPP's. What is wrong is not shown.
///
/// # Errors
///
/// It is empty, or too long, or not of one line.
pub fn login(text: &str) -> Result<String, String> {
    if (1..=255).contains(&text.len()) && !text.contains(char::is_control) {
        Ok(text.to_owned())
    } else {
        Err("use 1 to 255 bytes, in one line".into())
    }
}

/// A network interface's name, as the kernel makes them.
///
/// # Errors
///
/// It has other characters, or is too long.
pub fn interface(text: &str) -> Result<String, String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_' || byte == b'.';
    if (1..=15).contains(&text.len()) && text.bytes().all(plain) && !text.starts_with(['.', '-']) && text != "lo" {
        Ok(text.to_owned())
    } else {
        Err(format!("'{text}' is no port, as eth0 (`ip link` shows them)"))
    }
}

/// A port, or with a dot and a number one of its VLANs (IEEE 802.1Q): `eth1`, `eth1.20`.
///
/// # Errors
///
/// It is none.
pub fn port(text: &str) -> Result<String, String> {
    let name = interface(text)?;
    let Some((port, number)) = name.split_once('.') else { return Ok(name) };
    let numbered = !number.starts_with('0') && number.parse().is_ok_and(|number: u16| (1..=4094).contains(&number));
    if port.is_empty() || !numbered {
        return Err(format!("'{text}' is no VLAN of a port, as eth1.20: its number is 1 to 4094"));
    }
    Ok(name)
}

/// A radio's interface, of which more are made with a number behind the name.
///
/// # Errors
///
/// It is no interface's name, or too long.
pub fn radio(text: &str) -> Result<String, String> {
    match interface(text) {
        Ok(name) if name.len() <= 12 && !name.contains('.') => Ok(name),
        _ => Err(format!("'{text}' is no radio, as wlan0 (`ip link` shows them)")),
    }
}

/// The name of a network by Wi-Fi.
///
/// # Errors
///
/// It is empty, or too long, or not of one line.
pub fn ssid(text: &str) -> Result<String, String> {
    if (1..=32).contains(&text.len()) && !text.contains(char::is_control) {
        Ok(text.to_owned())
    } else {
        Err(format!("ssid '{text}': use 1 to 32 bytes, in one line"))
    }
}

/// A password of Wi-Fi. What is wrong is not shown.
///
/// # Errors
///
/// It is too short or too long, or has letters that devices write in different ways.
pub fn passphrase(text: &str) -> Result<String, String> {
    if (8..=63).contains(&text.len()) && text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        Ok(text.to_owned())
    } else {
        Err("use 8 to 63 letters, digits, signs and spaces of ASCII".into())
    }
}

/// A country by its two letters (ISO 3166-1).
///
/// # Errors
///
/// It has other letters, or another number of them.
pub fn country(text: &str) -> Result<String, String> {
    if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        Ok(text.to_ascii_uppercase())
    } else {
        Err(format!("country '{text}' is not of two letters, as DE (ISO 3166)"))
    }
}

/// A network's name, which is that of a bridge, too.
///
/// # Errors
///
/// It has other characters, is too long, or means something else.
pub fn network(text: &str) -> Result<String, String> {
    let name = label(text)?;
    if name.len() > 12 {
        return Err(format!("name '{text}' has more than 12 characters"));
    }
    if name == WAN || name == LAN {
        return Err(format!("'{name}' is another zone: choose another name"));
    }
    Ok(name)
}

/// A network's name that is an interface's, too.
///
/// # Errors
///
/// As [`network`], or programs know it for something else.
pub fn tunnel(text: &str) -> Result<String, String> {
    let name = network(text)?;
    if ["lo", "all", "default", "interfaces"].contains(&name.as_str()) {
        return Err(format!("'{name}' means something else to programs: choose another name"));
    }
    Ok(name)
}

/// A host's name or address.
///
/// # Errors
///
/// It is neither.
pub fn host_or_name(text: &str) -> Result<String, String> {
    let address = text.contains(':') || text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if address {
        host(text).map(|address| address.to_string())
    } else {
        name(text)
    }
}

/// A time for which an address is given, in seconds: from two minutes to a month.
///
/// # Errors
///
/// It is none.
pub fn seconds(text: &str) -> Result<u32, String> {
    time(text, 120).ok_or_else(|| format!("'{text}' is no time from 2min to 31d: give a number with min, h or d"))
}

/// How often something is asked for, in seconds: not more often than servers of others like it.
///
/// # Errors
///
/// It is no such time.
pub fn interval(text: &str) -> Result<u32, String> {
    time(text, 900).ok_or_else(|| format!("'{text}' is no time from 15min to 31d: give a number with min, h or d"))
}

/// Seconds, so many at least and a month at most.
fn time(text: &str, least: u32) -> Option<u32> {
    let units = [("min", 60), ("h", 3600), ("d", 86_400)];
    let seconds = units
        .iter()
        .find_map(|(unit, size)| text.strip_suffix(unit)?.trim_end().parse::<u32>().ok()?.checked_mul(*size));
    seconds.filter(|seconds| (least..=31 * 86_400).contains(seconds))
}

/// How often a packet goes out that says nothing, in seconds.
///
/// # Errors
///
/// It is no such time.
pub fn keepalive(text: &str) -> Result<u16, String> {
    let seconds = text.strip_suffix('s').and_then(|seconds| seconds.trim_end().parse().ok());
    seconds.filter(|seconds| *seconds != 0).ok_or_else(|| format!("'{text}' is no time from 1s to 65535s, as 25s"))
}

/// A public key, as `ssh-keygen` writes it: its kind, the key, and perhaps whose it is.
///
/// # Errors
///
/// It is something else, a private key perhaps, has options in front, or is not whole.
pub fn key(text: &str) -> Result<String, String> {
    // The fields of each kind (RFC 4253, 5656, 8709), its name included.
    const KINDS: [(&str, usize); 3] = [("ssh-ed25519", 2), ("ssh-rsa", 3), ("ecdsa-sha2-nistp256", 3)];
    let mut words = text.split(' ');
    let kind = words.next().unwrap_or_default();
    let body = words.next().unwrap_or_default();
    if text.contains("PRIVATE KEY") {
        return Err(
            "this is a private key, which stays where it is: give the public one (the file that ends in .pub)".into()
        );
    }
    let known = KINDS.iter().find(|(name, _)| *name == kind);
    let Some((_, count)) = known.filter(|_| !body.is_empty() && !text.contains(char::is_control)) else {
        let names = KINDS.map(|(name, _)| name).join(", ");
        return Err(format!("this is no public key of a line: its first word is one of {names}"));
    };
    let blob = base64::decode(body).unwrap_or_default();
    match strings(&blob) {
        Some(fields) if fields.len() == *count && fields[0] == kind.as_bytes() => Ok(text.to_owned()),
        _ => Err("this public key is not whole: give all of its line".to_owned()),
    }
}

/// The strings of which a blob of SSH is made (RFC 4251): each has its length in front.
fn strings(mut blob: &[u8]) -> Option<Vec<&[u8]>> {
    let mut strings = Vec::new();
    while !blob.is_empty() {
        let (length, rest) = blob.split_first_chunk()?;
        let (string, rest) = rest.split_at_checked(u32::from_be_bytes(*length).try_into().ok()?)?;
        strings.push(string);
        blob = rest;
    }
    Some(strings)
}

/// A time in its largest unit.
#[must_use]
pub fn age(age: std::time::Duration) -> String {
    let seconds = age.as_secs();
    let units = [(86_400, "d"), (3600, "h"), (60, "min")];
    let unit = units.iter().find(|(size, _)| seconds >= *size);
    unit.map_or_else(|| format!("{seconds} s"), |(size, name)| format!("{} {name}", seconds / size))
}
