//! The client: redirects, retries, whole answers.

use super::address::{self, Origin};
use super::connection::Route;
use super::exchange::{self, Answer, within};
use super::failure::Failure;
use super::proxy::Proxies;
use super::request::Request;
use biovm_vm::gate::Gate;
use biovm_vm::{Context, Error, ErrorKind};
use bytes::Bytes;
use hyper::header::{self, HeaderMap};
use hyper::{Method, StatusCode};
use std::time::{Duration, SystemTime};
use url::Url;

/// How often a server may say that what is wanted is elsewhere.
const MOST_REDIRECTS: usize = 10;
/// Nobody waits longer because a server says so.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// The pause in front of the second try; each later one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// How much of an answer a message shows.
const SHOWN: usize = 300;

/// What fetches. A copy is the same client.
#[derive(Clone)]
pub struct Client {
    /// Decides whom connections may be made to.
    pub gate: Gate,
    /// Whether the network is switched off.
    pub is_offline: bool,
    proxies: Proxies,
    contact: Option<String>,
}

/// A whole answer.
#[derive(Debug)]
pub struct Reply {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// All of it.
    pub body: Vec<u8>,
}

impl Client {
    /// The client of a script.
    pub fn of(context: &Context) -> Client {
        let gate = context.gate.clone();
        let contact = gate.setting("BIOVM_EMAIL").and_then(|contact| contact.into_string().ok());
        Client { proxies: Proxies::of(&gate), contact, is_offline: context.offline, gate }
    }

    /// Fetches a whole answer, whatever its status, with as many tries as the request allows.
    pub async fn fetch(&self, request: &Request) -> Result<Reply, Error> {
        let mut retries = Retries::new(request);
        loop {
            match self.attempt(request).await {
                Ok(reply) => {
                    if !retries.may_repeat(reply.status, &reply.headers).await? {
                        return Ok(reply);
                    }
                }
                Err(failure) => retries.pause(failure).await?,
            }
        }
    }

    async fn attempt(&self, request: &Request) -> Result<Reply, Failure> {
        let (mut answer, _place) = self.open(request).await?;
        let length = content_length(&answer.headers);
        if length.is_some_and(|length| length > request.max_size) {
            return Err(exchange::too_large(request.max_size, length));
        }
        let body =
            within(request.timeout, "the answer is not complete", answer.body.read(request.max_size)).await?;
        Ok(Reply { status: answer.status, headers: answer.headers, body })
    }

    /// Sends the request and follows redirects, up to the beginning of an answer that is none.
    pub async fn open(
        &self,
        request: &Request,
    ) -> Result<(Answer, Option<smol::lock::SemaphoreGuard<'static>>), Failure> {
        if self.is_offline {
            return Err(offline().into());
        }
        let mut request = request.clone();
        for _ in 0..=MOST_REDIRECTS {
            let route = self.route(&request.url)?;
            let place = match request.pace {
                Some(pace) => Some(pace.limiter.turn(pace.interval).await),
                None => None,
            };
            let answer = exchange::send(&request, route, self.contact.as_deref()).await?;
            match redirect(&request, &answer)? {
                None => return Ok((answer, place)),
                Some(next) => request = next,
            }
        }
        Err(Failure::lasting(
            format!("more than {MOST_REDIRECTS} redirects, the last one to {}", address::shown(&request.url)),
            "the server leads in a circle; check the address",
        ))
    }

    /// The way to the server, where it may be taken.
    fn route(&self, url: &Url) -> Result<Route, Failure> {
        let origin = Origin::of(url);
        self.gate.network(&origin.host, origin.port)?;
        let proxy = self.proxies.proxy_for(&origin)?;
        if let Some(proxy) = &proxy {
            self.gate.network(&proxy.origin.host, proxy.origin.port)?;
        }
        Ok(Route { origin, proxy })
    }
}

/// The error where the network is switched off.
pub fn offline() -> Error {
    Error::new(ErrorKind::Io, "the network is switched off")
        .with_hint("leave out --offline, and unset BIOVM_OFFLINE")
}

/// The length that an answer announces.
pub fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The request that an answer asks to send instead.
fn redirect(request: &Request, answer: &Answer) -> Result<Option<Request>, Failure> {
    if !matches!(answer.status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(location) = answer.headers.get(header::LOCATION) else { return Ok(None) };
    let lost = |why: &str| {
        Failure::lasting(
            format!("the server redirects to {why}"),
            "look with a browser where the address leads",
        )
    };
    let location =
        std::str::from_utf8(location.as_bytes()).map_err(|_| lost("an address that is no text"))?;
    let url =
        request.url.join(location).map_err(|error| lost(&format!("an address that is none: {error}")))?;
    let shown = address::shown(&url);
    address::parse(url.as_str()).map_err(|_| lost(&shown))?;
    if request.url.scheme() == "https" && url.scheme() == "http" {
        return Err(lost(&format!("{shown}, which is not encrypted")));
    }
    let mut next = request.clone();
    next.secrets.add_url(&url);
    if Origin::of(&url) != Origin::of(&request.url) {
        // What the script tells one server is not for another.
        let harmless =
            [header::ACCEPT, header::ACCEPT_LANGUAGE, header::RANGE, header::IF_RANGE, header::CONTENT_TYPE];
        next.headers = request
            .headers
            .iter()
            .filter(|(name, _)| harmless.contains(name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
    }
    let keeps_method = matches!(answer.status.as_u16(), 307 | 308);
    if !keeps_method && next.method == Method::POST {
        next.method = Method::GET;
        next.body = Bytes::new();
        next.headers.remove(header::CONTENT_TYPE);
    }
    next.url = url;
    Ok(Some(next))
}

/// How often a request has been tried, and whether it is tried again.
pub struct Retries<'a> {
    request: &'a Request,
    tried: u32,
}

impl<'a> Retries<'a> {
    /// Before the first try.
    pub fn new(request: &'a Request) -> Retries<'a> {
        Retries { request, tried: 0 }
    }

    /// A try has failed: waits, or gives the error where there is no further one.
    pub async fn pause(&mut self, failure: Failure) -> Result<(), Error> {
        self.tried += 1;
        let is_allowed = failure.is_unsent || self.request.is_repeatable();
        if !failure.is_passing || !is_allowed || self.tried >= self.request.tries {
            return Err(self.describe(failure.error));
        }
        smol::Timer::after(self.pause_length()).await;
        Ok(())
    }

    /// An answer has come: whether another try is worth it, after a pause that has passed then.
    pub async fn may_repeat(&mut self, status: StatusCode, headers: &HeaderMap) -> Result<bool, Error> {
        self.tried += 1;
        if !matches!(status.as_u16(), 429 | 500 | 502 | 503 | 504) {
            return Ok(false);
        }
        let wanted = retry_after(headers);
        let is_allowed = self.request.is_repeatable() || status == StatusCode::TOO_MANY_REQUESTS;
        if !is_allowed || self.tried >= self.request.tries || wanted.is_some_and(|time| time > LONGEST_WAIT) {
            return Ok(false);
        }
        let pause = wanted.unwrap_or_else(|| self.pause_length());
        if let (Some(pace), Some(pause)) = (self.request.pace, wanted) {
            pace.limiter.pause(pause);
        }
        smol::Timer::after(pause).await;
        Ok(true)
    }

    /// Twice as long each time, and never the same for two that failed together.
    fn pause_length(&self) -> Duration {
        let longest = FIRST_PAUSE * 2u32.pow(self.tried.saturating_sub(1).min(6));
        longest.mul_f64(0.5 + fastrand::f64() / 2.0).min(LONGEST_WAIT)
    }

    /// The error with the request that it belongs to, and without secrets.
    fn describe(&self, error: Error) -> Error {
        describe(self.request, error, self.tried)
    }
}

/// The error with the request that it belongs to, and without secrets.
pub fn describe(request: &Request, error: Error, tried: u32) -> Error {
    let tries = if tried > 1 { format!(" ({tried} tries)") } else { String::new() };
    let label = format!("{} {}", request.method, address::shown(&request.url));
    error.map_message(|message| request.secrets.mask(&format!("{label}: {message}{tries}")))
}

/// How long a server asks to wait, in seconds or until a date.
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    match text.parse::<f64>() {
        Ok(seconds) => Duration::try_from_secs_f64(seconds).ok(),
        Err(_) => {
            let date = httpdate::parse_http_date(text).ok()?;
            Some(date.duration_since(SystemTime::now()).unwrap_or_default())
        }
    }
}

/// The error of an answer that says that there is none.
pub fn status_error(request: &Request, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Error {
    let text = String::from_utf8_lossy(&body[..body.len().min(4 * SHOWN)]);
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut shown: String = words.join(" ").chars().take(SHOWN).collect();
    if !shown.is_empty() {
        shown = format!(": {shown}");
    }
    let hint = match status.as_u16() {
        401 | 403 | 407 => "is a key or a password missing or wrong?".to_owned(),
        404 | 410 => "check the address".to_owned(),
        413 | 414 => "ask for less at once".to_owned(),
        429 | 503 => match retry_after(headers) {
            Some(time) => format!("the server asks to wait {} s", time.as_secs_f64().ceil()),
            None => "wait a while, and ask for less at once".to_owned(),
        },
        500..=599 => "the server has trouble; try again later".to_owned(),
        _ => "{raise: false} gives the answer instead of this error".to_owned(),
    };
    let error = Error::new(ErrorKind::Io, format!("the server answers {status}{shown}")).with_hint(hint);
    describe(request, error, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_ask_for_pauses_in_two_ways() {
        let mut headers = HeaderMap::new();
        let mut ask = |text: &str| {
            headers.insert(header::RETRY_AFTER, text.parse().expect("a header"));
            retry_after(&headers)
        };
        assert_eq!(ask("3"), Some(Duration::from_secs(3)));
        assert_eq!(ask("0.5"), Some(Duration::from_millis(500)));
        assert_eq!(ask("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
        for text in ["-1", "soon", "", "nan", "1e400"] {
            assert_eq!(ask(text), None, "{text}");
        }
    }

    #[test]
    fn pauses_grow_and_differ() {
        let request = Request::get(Url::parse("http://a.org").expect("an address"));
        for (tried, least, most) in [(1, 250, 500), (2, 500, 1000), (3, 1000, 2000), (40, 16_000, 60_000)] {
            let pause = Retries { request: &request, tried }.pause_length().as_millis();
            assert!((least..=most).contains(&pause), "{tried}: {pause}");
        }
    }
}
