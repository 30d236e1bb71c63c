//! What is asked for.

use super::address::Secrets;
use super::limiter::Pace;
use bytes::Bytes;
use hyper::Method;
use hyper::header::HeaderMap;
use std::time::Duration;
use url::Url;

/// How long to wait for a server.
pub const TIMEOUT: Duration = Duration::from_secs(30);
/// How often a request is sent at the most.
pub const TRIES: u32 = 3;
/// The largest answer that is read into memory.
pub const MAX_SIZE: u64 = 256 << 20;

/// A request.
#[derive(Clone, Debug)]
pub struct Request {
    /// What to do.
    pub method: Method,
    /// With what.
    pub url: Url,
    /// Headers, but for those that the client sets.
    pub headers: HeaderMap,
    /// What is sent.
    pub body: Bytes,
    /// How long to wait for the answer.
    pub timeout: Duration,
    /// How often it is sent at the most.
    pub tries: u32,
    /// The largest answer that is read.
    pub max_size: u64,
    /// How fast requests of this kind may follow each other.
    pub pace: Option<Pace>,
    /// What no message may show.
    pub secrets: Secrets,
}

impl Request {
    /// One with nothing but an address.
    pub fn get(url: Url) -> Request {
        let mut secrets = Secrets::default();
        secrets.add_url(&url);
        Request {
            method: Method::GET,
            url,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            timeout: TIMEOUT,
            tries: TRIES,
            max_size: MAX_SIZE,
            pace: None,
            secrets,
        }
    }

    /// Whether sending it twice does no more than sending it once.
    pub fn is_repeatable(&self) -> bool {
        self.method != Method::POST
    }
}
