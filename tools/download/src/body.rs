// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What comes.

use std::io::{self, Read};

use config::Url;
use ureq::http::header::{CONTENT_LENGTH, ETAG, LAST_MODIFIED, TRANSFER_ENCODING};
use ureq::http::Response;
use ureq::BodyReader;

use crate::client::text;
use crate::{Error, Known, Limits, Problem};

/// What a server sends. Its end is the end of it all: one that comes too early is an error, as is too much.
pub struct Body {
    /// By which it is known again.
    pub known: Known,
    url: Url,
    limits: Limits,
    reader: BodyReader<'static>,
    came: u64,
    length: Option<u64>,
}

impl Body {
    pub(crate) fn new(url: &Url, response: Response<ureq::Body>, limits: Limits) -> Result<Body, Error> {
        let headers = response.headers();
        let known = Known { tag: text(headers, ETAG.as_str()), modified: text(headers, LAST_MODIFIED.as_str()) };
        let length = text(headers, CONTENT_LENGTH.as_str()).and_then(|length| length.parse().ok());
        // Of what ends with the connection nobody knows whether that was its end.
        let ends = length.is_some() || headers.contains_key(TRANSFER_ENCODING);
        let problem = match length {
            _ if !ends => Some(Problem::NoLength),
            Some(length) if length > limits.bytes => Some(Problem::Large(limits.bytes)),
            _ => None,
        };
        if let Some(problem) = problem {
            return Err(Error::at(url, problem));
        }
        let reader = response.into_body().into_with_config().limit(u64::MAX).reader();
        Ok(Body { known, url: url.clone(), limits, reader, came: 0, length })
    }

    /// How many bytes it has, if the server says so.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    fn error(&self, problem: Problem) -> io::Error {
        io::Error::other(Error::at(&self.url, problem))
    }
}

impl Read for Body {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        let cut = Problem::Cut { came: self.came, length: self.length };
        let read = self.reader.read(bytes).map_err(|error| match Problem::of(error.into(), self.limits) {
            Problem::Ended => self.error(cut.clone()),
            problem => self.error(problem),
        })?;
        if read == 0 && self.length.is_some_and(|length| self.came < length) {
            return Err(self.error(cut));
        }
        self.came += read as u64;
        if self.came > self.limits.bytes {
            return Err(self.error(Problem::Large(self.limits.bytes)));
        }
        Ok(read)
    }
}
