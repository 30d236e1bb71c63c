//! Connections: made, kept for the next request, and found again. One pool for the process.

use super::address::Origin;
use super::failure::Failure;
use super::proxy::Proxy;
use super::tls;
use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::http1::{self, SendRequest};
use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use smol::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use smol::net::TcpStream;
use smol_hyper::rt::FuturesIo;
use std::io;
use std::time::{Duration, Instant};

/// How long a connection is kept that nobody uses. Most servers wait longer.
const KEEP: Duration = Duration::from_secs(20);
/// How many unused connections are kept on each way.
const MOST_KEPT: usize = 256;
/// How long to wait for one address of a host before the next one is tried.
const CONNECT: Duration = Duration::from_secs(10);
/// A proxy's answer that is longer is none.
const LONGEST_PROXY_ANSWER: usize = 16 * 1024;

/// The way to a server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Route {
    /// The server.
    pub origin: Origin,
    /// What is between.
    pub proxy: Option<Proxy>,
}

impl Route {
    /// Whether the proxy gets each request, rather than a tunnel.
    pub fn asks_proxy(&self) -> bool {
        self.proxy.is_some() && !self.origin.is_secure
    }
}

/// A connection that can take a request.
pub struct Connection {
    /// Where it leads.
    pub route: Route,
    /// Whether it has taken requests before, so that the server may have closed it meanwhile.
    pub is_used: bool,
    /// Takes requests.
    pub sender: SendRequest<Full<Bytes>>,
}

struct Kept {
    sender: SendRequest<Full<Bytes>>,
    since: Instant,
}

static POOL: Mutex<Option<FxHashMap<Route, Vec<Kept>>>> = Mutex::new(None);

impl Connection {
    /// One that was kept, or a new one.
    pub async fn to(route: Route) -> Result<Connection, Failure> {
        match Connection::kept(&route) {
            Some(connection) => Ok(connection),
            None => Connection::new(route).await,
        }
    }

    fn kept(route: &Route) -> Option<Connection> {
        let mut pool = POOL.lock();
        let kept = pool.as_mut()?.get_mut(route)?;
        while let Some(last) = kept.pop() {
            if last.since.elapsed() < KEEP && last.sender.is_ready() {
                return Some(Connection { route: route.clone(), is_used: true, sender: last.sender });
            }
        }
        None
    }

    /// Keeps the connection, whose last answer was read to its end.
    pub async fn keep(mut self) {
        if self.sender.ready().await.is_err() {
            return;
        }
        let mut pool = POOL.lock();
        let pool = pool.get_or_insert_default();
        // Whoever keeps one throws away the old ones, so a process that has ended its fetches keeps few.
        for kept in pool.values_mut() {
            kept.retain(|kept| kept.since.elapsed() < KEEP && !kept.sender.is_closed());
        }
        pool.retain(|_, kept| !kept.is_empty());
        let kept = pool.entry(self.route).or_default();
        if kept.len() < MOST_KEPT {
            kept.push(Kept { sender: self.sender, since: Instant::now() });
        }
    }

    /// A new one.
    pub async fn new(route: Route) -> Result<Connection, Failure> {
        let stream = reach(&route).await.map_err(Failure::unsent)?;
        let (sender, connection) = http1::handshake(FuturesIo::new(stream)).await.map_err(|error| {
            Failure::passing(format!("the connection broke: {error}"), "check the network, then try again")
                .unsent()
        })?;
        // Ends when the sender is dropped, or the server closes it.
        smol::spawn(async move {
            let _ = connection.await;
        })
        .detach();
        Ok(Connection { route, is_used: false, sender })
    }
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

async fn reach(route: &Route) -> Result<Box<dyn Stream>, Failure> {
    let next = route.proxy.as_ref().map_or(&route.origin, |proxy| &proxy.origin);
    let mut stream = connect(next, route.proxy.is_some()).await?;
    if !route.origin.is_secure {
        return Ok(Box::new(stream));
    }
    if let Some(proxy) = &route.proxy {
        tunnel(&mut stream, proxy, &route.origin).await?;
    }
    Ok(Box::new(tls::encrypt(route.origin.bare_host(), stream).await?))
}

async fn connect(origin: &Origin, is_proxy: bool) -> Result<TcpStream, Failure> {
    let (what, hint) = if is_proxy {
        ("the proxy ", "do http_proxy, https_proxy and all_proxy name the right one?")
    } else {
        ("", "check the network and the address, or name a proxy in https_proxy and http_proxy")
    };
    let addresses = smol::net::resolve((origin.bare_host(), origin.port)).await.map_err(|error| {
        Failure::passing(format!("cannot find the address of {what}{}: {error}", origin.host), hint)
    })?;
    let mut last = io::Error::other("it has no address");
    for address in addresses {
        let timer = async {
            smol::Timer::after(CONNECT).await;
            Err(io::Error::from(io::ErrorKind::TimedOut))
        };
        match smol::future::or(TcpStream::connect(address), timer).await {
            Ok(stream) => {
                // Requests are sent in one go; waiting for more to send would only delay them.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Err(error) => last = error,
        }
    }
    let why = match last.kind() {
        io::ErrorKind::ConnectionRefused => "nobody listens there".to_owned(),
        io::ErrorKind::TimedOut => format!("no answer within {} s", CONNECT.as_secs()),
        _ => last.to_string(),
    };
    Err(Failure::passing(format!("cannot connect to {what}{}: {why}", origin.authority()), hint))
}

/// Asks a proxy for a connection to the server.
async fn tunnel(stream: &mut TcpStream, proxy: &Proxy, origin: &Origin) -> Result<(), Failure> {
    let broken = |error: &dyn std::fmt::Display| {
        Failure::passing(
            format!("the connection to the proxy broke: {error}"),
            "check the network, then try again",
        )
    };
    let authority = origin.authority();
    let mut request = format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n");
    if let Some(authorization) = &proxy.authorization {
        request += &format!("Proxy-Authorization: {authorization}\r\n");
    }
    request += "\r\n";
    stream.write_all(request.as_bytes()).await.map_err(|error| broken(&error))?;
    // Byte by byte, since what follows the answer belongs to the server.
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        let count = stream.read(&mut byte).await.map_err(|error| broken(&error))?;
        if count == 0 || answer.len() == LONGEST_PROXY_ANSWER {
            return Err(broken(&"it did not answer"));
        }
        answer.push(byte[0]);
    }
    let line = String::from_utf8_lossy(&answer);
    let line = line.lines().next().unwrap_or_default();
    let status = line.strip_prefix("HTTP/1.").and_then(|rest| rest.split(' ').nth(1));
    if status.is_some_and(|status| status.len() == 3 && status.starts_with('2')) {
        return Ok(());
    }
    let shown: String = line.chars().filter(|letter| !letter.is_control()).take(100).collect();
    Err(Failure::lasting(
        format!("the proxy {} does not connect to {authority}: {shown}", proxy.origin.authority()),
        "does it want a name and a password? Or name the host in no_proxy",
    ))
}
