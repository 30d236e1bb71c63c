//! Files on web servers, read as they arrive.

use crate::network::address;
use crate::network::client::{self, Client, Retries};
use crate::network::exchange::{Answer, Body};
use crate::network::request::Request;
use biovm_vm::Error;
use bytes::{Buf, Bytes};
use hyper::header::{self, HeaderValue};
use parking_lot::Mutex;
use std::io::{self, Read};
use std::sync::Arc;

/// How much is read of an answer that is no file, for the message.
const MESSAGE: u64 = 4096;

/// Why a file did not arrive whole. What decompresses it may hide the error that it gets itself.
pub type Trouble = Arc<Mutex<Option<Error>>>;

/// The beginning of a file, and the way to the rest.
pub struct Remote {
    request: Request,
    body: Body,
    /// What has arrived and is not read yet.
    part: Bytes,
    trouble: Trouble,
    /// Whether nothing more comes.
    has_ended: bool,
}

/// Whether a path is an address that can be read.
pub fn is_remote(path: &str) -> bool {
    ["http://", "https://"]
        .iter()
        .any(|scheme| path.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))
}

/// A path as messages show it: an address without its secrets.
pub fn shown(path: &str) -> String {
    match address::parse(path) {
        Ok(url) if is_remote(path) => address::shown(&url),
        _ => path.to_owned(),
    }
}

impl Remote {
    /// Asks for a file, with its size where the server tells it.
    pub async fn open(client: Client, path: &str) -> Result<(Remote, Option<u64>), Error> {
        let mut request = Request::get(address::parse(path)?);
        // Whatever the file is compressed with shows in it.
        request.headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let mut retries = Retries::new(&request);
        let (headers, body) = loop {
            match client.open(&request).await {
                Ok((Answer { status, headers, body }, _)) if status.is_success() => break (headers, body),
                Ok((Answer { status, headers, mut body }, _)) => {
                    let message = body.read(MESSAGE).await.unwrap_or_default();
                    if !retries.may_repeat(status, &headers).await? {
                        return Err(client::status_error(&request, status, &headers, &message));
                    }
                }
                Err(failure) => retries.pause(failure).await?,
            }
        };
        let size = client::content_length(&headers);
        let (part, trouble) = (Bytes::new(), Trouble::default());
        Ok((Remote { request, body, part, trouble, has_ended: false }, size))
    }

    /// Where the error will be, should there be one.
    pub fn trouble(&self) -> Trouble {
        self.trouble.clone()
    }

    /// The address without its secrets, for messages.
    pub fn name(&self) -> String {
        address::shown(&self.request.url)
    }
}

impl Read for Remote {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.part.is_empty() && !self.has_ended {
            match smol::block_on(self.body.next()) {
                Ok(Some(part)) => self.part = part,
                Ok(None) => self.has_ended = true,
                Err(failure) => {
                    self.has_ended = true;
                    *self.trouble.lock() = Some(client::describe(&self.request, failure.error, 1));
                    return Err(io::Error::other("the rest did not arrive"));
                }
            }
        }
        let count = buffer.len().min(self.part.len());
        self.part.copy_to_slice(&mut buffer[..count]);
        Ok(count)
    }
}
