//! One request, and its answer.

use super::connection::{Connection, Route};
use super::failure::Failure;
use super::request::Request;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{StatusCode, Version};
use std::time::Duration;

const AGENT: &str = concat!("biovm/", env!("CARGO_PKG_VERSION"));

/// The beginning of an answer, and the way to the rest.
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// What follows them.
    pub body: Body,
}

/// What follows the headers.
pub struct Body {
    incoming: Incoming,
    /// Kept for the next request once everything is read.
    connection: Option<Connection>,
    timeout: Duration,
}

/// Waits for that long at the most.
pub async fn within<T>(
    time: Duration,
    what: &str,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let timer = async {
        smol::Timer::after(time).await;
        let seconds = time.as_secs_f64();
        Err(Failure::passing(
            format!("{what} within {seconds} s"),
            "the option 'timeout' gives it more seconds; or try again later",
        ))
    };
    smol::future::or(work, timer).await
}

/// Sends a request and waits for the beginning of the answer. `contact` tells the server whom to turn to.
pub async fn send(request: &Request, route: Route, contact: Option<&str>) -> Result<Answer, Failure> {
    within(request.timeout, "the server does not answer", async {
        let connection = Connection::to(route.clone()).await?;
        let was_used = connection.is_used;
        match send_on(request, connection, contact).await {
            // The server has closed a connection that it had kept so far, perhaps while the request was on its way.
            Err(failure)
                if was_used && failure.is_passing && (failure.is_unsent || request.is_repeatable()) =>
            {
                send_on(request, Connection::new(route).await?, contact).await
            }
            outcome => outcome,
        }
    })
    .await
}

async fn send_on(
    request: &Request,
    mut connection: Connection,
    contact: Option<&str>,
) -> Result<Answer, Failure> {
    let message = message(request, &connection.route, contact)?;
    let sent = connection.sender.try_send_request(message).await;
    let answer = sent.map_err(|mut error| {
        let is_unsent = error.take_message().is_some();
        let failure = broken(&error.into_error(), "before it answered");
        if is_unsent { failure.unsent() } else { failure }
    })?;
    let (head, incoming) = answer.into_parts();
    let body = Body { incoming, connection: Some(connection), timeout: request.timeout };
    Ok(Answer { status: head.status, headers: head.headers, body })
}

fn message(
    request: &Request,
    route: &Route,
    contact: Option<&str>,
) -> Result<hyper::Request<Full<Bytes>>, Failure> {
    let url = &request.url;
    let mut target = url.path().to_owned();
    if let Some(query) = url.query() {
        target += "?";
        target += query;
    }
    if route.asks_proxy() {
        target = format!("http://{}{target}", route.origin.host_header());
    }
    let odd = |_| Failure::lasting("the address cannot be sent", "check the address");
    let mut message =
        hyper::Request::builder().method(request.method.clone()).version(Version::HTTP_11).uri(target);
    let headers = message.headers_mut().ok_or(()).map_err(odd)?;
    let mut set = |name: header::HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(header::HOST, &route.origin.host_header());
    set(header::ACCEPT, "*/*");
    set(header::USER_AGENT, &contact.map_or(AGENT.to_owned(), |contact| format!("{AGENT} ({contact})")));
    if let Some(authorization) = super::proxy::basic_authorization(url) {
        set(header::AUTHORIZATION, &authorization);
    }
    if let Some(proxy) = route.proxy.as_ref().filter(|_| route.asks_proxy())
        && let Some(authorization) = &proxy.authorization
    {
        set(header::PROXY_AUTHORIZATION, authorization);
    }
    for name in request.headers.keys() {
        headers.remove(name);
    }
    headers.extend(request.headers.clone());
    message.body(Full::new(request.body.clone())).map_err(|_| odd(()))
}

fn broken(error: &hyper::Error, when: &str) -> Failure {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    if error.is_parse() {
        let message = format!("what the server sent is no answer: {cause}");
        return Failure::lasting(message, "is it a web server? Check the address and the port");
    }
    let why = if error.is_incomplete_message() || error.is_canceled() || error.is_closed() {
        String::new()
    } else {
        format!(": {cause}")
    };
    Failure::passing(
        format!("the server closed the connection {when}{why}"),
        "try again later; a proxy or firewall may be in the way",
    )
}

impl Body {
    /// The next part; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Failure> {
        loop {
            let timeout = self.timeout;
            let frame = within(timeout, "nothing more came from the server", async {
                self.incoming
                    .frame()
                    .await
                    .transpose()
                    .map_err(|error| broken(&error, "in the middle of the answer"))
            })
            .await?;
            match frame.map(hyper::body::Frame::into_data) {
                None => {
                    if let Some(connection) = self.connection.take() {
                        connection.keep().await;
                    }
                    return Ok(None);
                }
                Some(Ok(data)) if !data.is_empty() => return Ok(Some(data)),
                // Trailers.
                Some(_) => {}
            }
        }
    }

    /// The rest.
    pub async fn read(&mut self, max_size: u64) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        while let Some(part) = self.next().await? {
            let size = (bytes.len() + part.len()) as u64;
            if size > max_size {
                return Err(too_large(max_size, None));
            }
            biovm_vm::limits::memory::room_for(bytes.len() + part.len())?;
            bytes.extend_from_slice(&part);
        }
        Ok(bytes)
    }
}

/// The answer does not fit.
pub fn too_large(max_size: u64, size: Option<u64>) -> Failure {
    let size = size.map_or(String::new(), |size| format!(": it has {size}"));
    Failure::lasting(
        format!("the answer has more than {max_size} bytes{size}"),
        "the option 'max_size' allows more; download() writes large answers into a file",
    )
}

/// A digest for people and file names.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
