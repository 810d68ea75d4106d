//! One GET at a time, over TLS, to a public address, with limits.

use std::io;
use std::time::{Duration, Instant};

use ureq::config::Config;
use ureq::http::{header, Uri};
use ureq::tls::{parse_pem, PemItem, RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::Agent;

use super::address::is_public;
use super::place::Place;

/// Fetches texts. Nothing of the environment changes where it connects to.
pub(super) struct Client {
    agent: Agent,
}

/// Why there is no text, and what to do.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) problem: String,
    pub(super) advice: &'static str,
}

impl Client {
    /// `roots` (PEM) are trusted instead of the public certificate authorities.
    pub(super) fn new(allow_private: bool, roots: Option<&[u8]>) -> Result<Client, String> {
        let roots = match roots {
            None => RootCerts::WebPki,
            Some(pem) => RootCerts::from(certificates(pem)?),
        };
        let config = Config::builder()
            .https_only(true)
            .proxy(None)
            .http_status_as_error(false)
            // Followed below, where each step is looked at.
            .max_redirects(0)
            .max_redirects_will_error(false)
            // Many servers close a connection that was promised to stay.
            .max_idle_connections(0)
            .timeout_connect(Some(CONNECT_TIME))
            .user_agent(concat!("result-vp/", env!("CARGO_PKG_VERSION")))
            .accept("application/did+ld+json, application/did+json, application/json, */*;q=0.1")
            .accept_encoding("identity")
            .tls_config(TlsConfig::builder().root_certs(roots).build())
            .build();
        let resolver = Resolve { allow_private, names: DefaultResolver::default() };
        let agent = Agent::with_parts(config, DefaultConnector::default(), resolver);
        Ok(Client { agent })
    }

    /// The body of what stands at `place`, as it was received.
    pub(super) fn get(&self, place: &Place, limit: u64) -> Result<String, Failure> {
        let end = Instant::now() + TOTAL_TIME;
        let mut place = place.clone();
        for _ in 0..=MAX_REDIRECTS {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(too_slow());
            }
            let request = self.agent.get(place.to_string()).config().timeout_global(Some(left));
            let mut response = request.build().call().map_err(failure)?;
            let text = |name| response.headers().get(name).map(|value| value.to_str());
            match response.status().as_u16() {
                200 => {}
                301 | 302 | 303 | 307 | 308 => {
                    let location = text(header::LOCATION).and_then(Result::ok).unwrap_or_default();
                    place = place.redirected(location).map_err(|problem| Failure {
                        problem: format!("it {problem}"),
                        advice: ASK_ISSUER,
                    })?;
                    continue;
                }
                status => {
                    let problem = format!("the server answers with status {status}");
                    let advice = if status >= 500 || status == 429 { AGAIN } else { ASK_ISSUER };
                    return Err(Failure { problem, advice });
                }
            }
            if !matches!(text(header::CONTENT_ENCODING), None | Some(Ok("identity"))) {
                let problem = "it is compressed, which was not asked for".to_owned();
                return Err(Failure { problem, advice: ASK_ISSUER });
            }
            let body = response.body_mut().with_config().limit(limit).read_to_vec();
            let body = body.map_err(failure)?;
            return String::from_utf8(body).map_err(|_| Failure {
                problem: "it is no UTF-8 text".to_owned(),
                advice: ASK_ISSUER,
            });
        }
        let problem = format!("it redirects more than {MAX_REDIRECTS} times");
        Err(Failure { problem, advice: ASK_ISSUER })
    }
}

/// Resolves names, and leaves only public addresses. Connections are made to exactly these, so a
/// name that resolves to something else a moment later changes nothing.
#[derive(Debug)]
struct Resolve {
    allow_private: bool,
    names: DefaultResolver,
}

impl Resolver for Resolve {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let all = self.names.resolve(uri, config, timeout)?;
        let mut public = self.empty();
        for address in all.iter() {
            if self.allow_private || is_public(address.ip()) {
                public.push(*address);
            }
        }
        match public.is_empty() {
            true => Err(ureq::Error::Other(PRIVATE.into())),
            false => Ok(public),
        }
    }
}

fn certificates(pem: &[u8]) -> Result<Vec<ureq::tls::Certificate<'static>>, String> {
    let mut certificates = Vec::new();
    for item in parse_pem(pem) {
        match item {
            Ok(PemItem::Certificate(certificate)) => certificates.push(certificate),
            Ok(_) => {}
            Err(error) => return Err(error.to_string()),
        }
    }
    match certificates.is_empty() {
        true => Err("it holds no certificate in PEM".to_owned()),
        false => Ok(certificates),
    }
}

fn failure(error: ureq::Error) -> Failure {
    let (problem, advice) = match error {
        ureq::Error::Timeout(_) => return too_slow(),
        ureq::Error::BodyExceedsLimit(limit) => {
            (format!("it is larger than {} KiB", limit / 1024), ASK_ISSUER)
        }
        ureq::Error::HostNotFound => ("the host is not found".to_owned(), CHECK_NAME),
        ureq::Error::Io(error) => match error.kind() {
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => return too_slow(),
            // What rustls says about a certificate.
            io::ErrorKind::InvalidData => (error.to_string(), CHECK_CERTIFICATE),
            _ => (error.to_string(), AGAIN),
        },
        // Only our resolver makes these.
        ureq::Error::Other(error) => (error.to_string(), PRIVATE_ADVICE),
        other => (other.to_string(), AGAIN),
    };
    Failure { problem, advice }
}

fn too_slow() -> Failure {
    let problem = format!("the server takes too long ({} s at most)", TOTAL_TIME.as_secs());
    Failure { problem, advice: AGAIN }
}

/// A handshake around the world takes less than one second.
const CONNECT_TIME: Duration = Duration::from_secs(3);
/// All steps together: 2 MiB at 2 Mbit/s take 8 s.
const TOTAL_TIME: Duration = Duration::from_secs(10);
/// One is usual: a path that moved.
const MAX_REDIRECTS: u32 = 3;

const PRIVATE: &str = "the host has no public address";
const PRIVATE_ADVICE: &str = "give the document you have as evidence, or name the risk with \
    --insecure-allow-private-addresses";
const AGAIN: &str = "run the command again later; what the bundle holds stays";
const ASK_ISSUER: &str = "ask the issuer, or give the document you have as evidence";
const CHECK_CERTIFICATE: &str = "nothing of it was read; check the name, or name the authority \
    of a private network with --ca-file";
const CHECK_NAME: &str = "check the name and your connection";
