// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Who asks for it.

use std::time::Duration;

use config::Url;
use ureq::http::header::{HeaderMap, IF_MODIFIED_SINCE, IF_NONE_MATCH, LOCATION};
use ureq::http::Response;
use ureq::tls::{parse_pem, PemItem, RootCerts, TlsConfig};
use ureq::Agent;

use crate::{Body, Error, Problem};

/// How often an address may lead to another one.
const REDIRECTS: usize = 5;

/// What is too much.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of what is fetched.
    pub bytes: u64,
    /// Until there is a connection, with its certificate checked.
    pub connect: Duration,
    /// In which nothing comes.
    pub stall: Duration,
    /// From the first question to the last byte.
    pub whole: Duration,
}

/// What there is already of what is asked for: the words of the answer that brought it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Its `ETag`.
    pub tag: Option<String>,
    /// Its `Last-Modified`.
    pub modified: Option<String>,
}

/// Gets things by HTTPS.
pub struct Client {
    /// Those who trust the Internet's authorities, and the owner's.
    agents: Vec<Agent>,
    limits: Limits,
}

impl Client {
    /// `authorities` are certificates as text (PEM), which are trusted beside those that browsers trust.
    #[must_use]
    pub fn new(authorities: &str, limits: Limits) -> Client {
        let own = parse_pem(authorities.as_bytes()).filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        });
        let own: Vec<_> = own.collect();
        let own = (!own.is_empty()).then(|| RootCerts::from(own));
        let roots = [RootCerts::WebPki].into_iter().chain(own);
        Client { agents: roots.map(|roots| agent(roots, limits)).collect(), limits }
    }

    /// Asks for what is there; nothing if it is what is known.
    ///
    /// # Errors
    ///
    /// With the host that did not do what it was to do.
    pub fn get(&self, url: &Url, known: &Known) -> Result<Option<Body>, Error> {
        let mut url = url.clone();
        for _ in 0..=REDIRECTS {
            let response = self.ask(&url, known).map_err(|problem| Error::at(&url, problem))?;
            match response.status().as_u16() {
                200 => return Body::new(&url, response, self.limits).map(Some),
                304 if *known != Known::default() => return Ok(None),
                301 | 302 | 303 | 307 | 308 => {
                    let location = text(response.headers(), LOCATION.as_str()).unwrap_or_default();
                    let next = url.join(&location).map_err(Problem::Redirect);
                    url = next.map_err(|problem| Error::at(&url, problem))?;
                }
                status => return Err(Error::at(&url, Problem::Status(status))),
            }
        }
        Err(Error::at(&url, Problem::Redirects))
    }

    /// Asks those in turn who may trust the server.
    fn ask(&self, url: &Url, known: &Known) -> Result<Response<ureq::Body>, Problem> {
        let mut answer = Err(Problem::Untrusted);
        for agent in &self.agents {
            let mut request = agent.get(url.as_str());
            for (name, value) in [(IF_NONE_MATCH, &known.tag), (IF_MODIFIED_SINCE, &known.modified)] {
                if let Some(value) = value {
                    request = request.header(name, value);
                }
            }
            answer = request.call().map_err(|error| Problem::of(error, self.limits));
            if !matches!(answer, Err(Problem::Untrusted)) {
                break;
            }
        }
        answer
    }
}

/// A header's text.
pub(crate) fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}

fn agent(roots: RootCerts, limits: Limits) -> Agent {
    let tls = TlsConfig::builder().root_certs(roots).build();
    let config = Agent::config_builder()
        .tls_config(tls)
        .https_only(true)
        .proxy(None)
        // Where an address leads is looked at here.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .accept_encoding("identity")
        .user_agent(concat!("lunagate/", env!("CARGO_PKG_VERSION")))
        .max_idle_connections(0)
        .timeout_resolve(Some(limits.connect))
        .timeout_connect(Some(limits.connect))
        .timeout_per_read(Some(limits.stall))
        .timeout_per_write(Some(limits.stall))
        .timeout_global(Some(limits.whole));
    config.build().new_agent()
}
