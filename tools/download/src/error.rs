// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Why something does not come, and the way out.

use std::fmt;
use std::io::{self, ErrorKind};
use std::time::Duration;

use config::{age, Url};
use rustls::CertificateError;
use ureq::Timeout;

use crate::Limits;

/// Something does not come.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{host}: {problem}")]
pub struct Error {
    /// Whose fault it is, or who is not reached.
    pub host: String,
    /// What is wrong.
    pub problem: Problem,
}

impl Error {
    pub(crate) fn at(url: &Url, problem: Problem) -> Error {
        Error { host: url.host().to_owned(), problem }
    }
}

/// Why it does not come.
#[derive(Clone, Debug)]
pub enum Problem {
    /// DNS does not know the name, or does not answer.
    NoName(String),
    /// Nobody listens there.
    Refused,
    /// There is no connection.
    Unreachable(String),
    /// There is none in time.
    Slow(Duration),
    /// Nothing comes any more.
    Stalled(Duration),
    /// All of it takes too long.
    Long(Duration),
    /// Whoever signed the certificate is no authority.
    Untrusted,
    /// The certificate was valid, so long ago.
    Expired(Duration),
    /// The certificate will be valid, so long from now.
    Early(Duration),
    /// The certificate is another host's.
    OtherHost(String),
    /// Something else is wrong with it.
    Certificate(String),
    /// There is no TLS with this server.
    Tls(String),
    /// What the server says instead.
    Status(u16),
    /// It is larger than so many bytes.
    Large(u64),
    /// The connection ended before it had all come.
    Cut {
        /// So many bytes.
        came: u64,
        /// Of so many.
        length: Option<u64>,
    },
    /// The connection ended before there was an answer.
    Ended,
    /// The server does not say how long it is.
    NoLength,
    /// It leads elsewhere, which is no address.
    Redirect(String),
    /// It leads elsewhere again and again.
    Redirects,
    /// What the server says is not HTTP.
    Http(String),
}

impl Problem {
    /// What an error of the library is.
    pub(crate) fn of(error: ureq::Error, limits: Limits) -> Problem {
        match error {
            ureq::Error::HostNotFound => Problem::NoName("there is no address of it".to_owned()),
            ureq::Error::Timeout(Timeout::Resolve) => Problem::NoName("nobody answers".to_owned()),
            ureq::Error::Timeout(Timeout::Connect) => Problem::Slow(limits.connect),
            ureq::Error::Timeout(Timeout::Global) => Problem::Long(limits.whole),
            ureq::Error::Timeout(_) => Problem::Stalled(limits.stall),
            ureq::Error::Rustls(error) => tls(&error),
            ureq::Error::Io(error) => connection(&error),
            other => Problem::Http(other.to_string()),
        }
    }
}

fn connection(error: &io::Error) -> Problem {
    if let Some(error) = error.get_ref().and_then(|error| error.downcast_ref::<rustls::Error>()) {
        return tls(error);
    }
    match error.kind() {
        ErrorKind::ConnectionRefused => Problem::Refused,
        ErrorKind::UnexpectedEof
        | ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe => Problem::Ended,
        // Only the resolver has errors without a number.
        _ if error.raw_os_error().is_none() => Problem::NoName(error.to_string()),
        _ => Problem::Unreachable(error.to_string()),
    }
}

fn tls(error: &rustls::Error) -> Problem {
    let rustls::Error::InvalidCertificate(error) = error else { return Problem::Tls(error.to_string()) };
    match error {
        CertificateError::UnknownIssuer => Problem::Untrusted,
        CertificateError::ExpiredContext { time, not_after } => {
            Problem::Expired(Duration::from_secs(time.as_secs().saturating_sub(not_after.as_secs())))
        }
        CertificateError::NotValidYetContext { time, not_before } => {
            Problem::Early(Duration::from_secs(not_before.as_secs().saturating_sub(time.as_secs())))
        }
        CertificateError::NotValidForNameContext { presented, .. } => {
            // Each is said with its kind: DnsName("a.example").
            let name = |text: &String| text.split('"').nth(1).unwrap_or(text).to_owned();
            Problem::OtherHost(presented.iter().map(name).collect::<Vec<_>>().join(", "))
        }
        other => Problem::Certificate(other.to_string()),
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let clock = "`date` shows the clock here: is it right?";
        match self {
            Problem::NoName(said) => {
                write!(f, "the name is not found ({said}): is it right, and does `nslookup` find others?")
            }
            Problem::Refused => f.write_str("nobody listens there: is the port right?"),
            Problem::Unreachable(said) => write!(f, "it is not reached ({said}): is there a way out (`ip route`)?"),
            Problem::Slow(time) => write!(f, "no connection within {}: is there a way out (`ip route`)?", age(*time)),
            Problem::Stalled(time) => write!(f, "nothing has come for {}: try again later", age(*time)),
            Problem::Long(time) => write!(f, "not all has come within {}: the way there is too slow", age(*time)),
            Problem::Untrusted => f.write_str(
                "its certificate is signed by nobody who is trusted: if it is a server of your own, name its authority \
                 in 'certificates' of router.yaml",
            ),
            Problem::Expired(time) => {
                write!(f, "its certificate expired {} ago: it wants a new one. {clock}", age(*time))
            }
            Problem::Early(time) => write!(f, "its certificate is valid in {} only. {clock}", age(*time)),
            Problem::OtherHost(names) => write!(f, "its certificate is for {names}: is the name right?"),
            Problem::Certificate(said) => write!(f, "its certificate is not accepted: {said}"),
            Problem::Tls(said) => write!(f, "there is no TLS with it: {said}"),
            Problem::Status(status) => {
                let said = match status {
                    404 | 410 => "it is not there: is the address right?",
                    401 | 403 => "it is not for everybody: choose another address",
                    429 => "it is asked for too often: ask less",
                    500.. => "the server is broken: try again later",
                    _ => "another answer was expected",
                };
                write!(f, "status {status}: {said}")
            }
            Problem::Large(bytes) => write!(f, "it is larger than {bytes} bytes: that is not taken"),
            Problem::Cut { came, length: Some(length) } => {
                write!(f, "it is cut short, {came} of {length} bytes have come: try again")
            }
            Problem::Cut { came, length: None } => write!(f, "it is cut short after {came} bytes: try again"),
            Problem::Ended => f.write_str("the connection ended before there was an answer: try again later"),
            Problem::NoLength => {
                f.write_str("it does not say how long it is, so nobody knows when all has come: choose another server")
            }
            Problem::Redirect(said) => write!(f, "it leads elsewhere: {said}"),
            Problem::Redirects => f.write_str("it leads elsewhere again and again: choose another address"),
            Problem::Http(said) => write!(f, "what it says is not understood: {said}"),
        }
    }
}
