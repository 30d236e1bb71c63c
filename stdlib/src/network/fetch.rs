//! The builtins that fetch whatever an address leads to.

use super::client::{self, Client, Reply};
use super::options::Options;
use super::request::Request;
use super::{SECTION, address, json};
use crate::general::common::types::*;
use biovm_bytecode::{Type, TypeSet};
use biovm_vm::native::options_parameter;
use biovm_vm::profile::WaitKind;
use biovm_vm::value::{Record, Str};
use biovm_vm::{Call, Error, ErrorKind, Native, Value, native, required};
use hyper::Method;
use hyper::header::{self, HeaderMap, HeaderValue};

/// The builtins of this module.
pub const NATIVES: &[Native] = &[
    native("http_get", http_get)
        .waits_for(WaitKind::Network)
        .section(SECTION)
        .parameters(&[required("url", STR), options_parameter()])
        .returns(RECORD)
        .doc(
            "What a web server answers: {status, body, headers}. The second argument is a Record of headers, or of options: \
             headers; timeout, in seconds (30); retries (2); max_size, in bytes (256 MB); raise, false for answers with a \
             status of 400 and more instead of an IOError.",
        ),
    native("http_post", http_post)
        .waits_for(WaitKind::Network)
        .section(SECTION)
        .parameters(&[required("url", STR), required("body", TypeSet::RECORD.and(Type::Str).and(Type::List)), options_parameter()])
        .returns(RECORD)
        .doc(
            "Sends text, or a Record or List as JSON, and gives what the server answers: {status, body, headers}. Options as \
             for http_get. It is sent again only where the server cannot have acted on it.",
        ),
];

fn http_get(call: &mut Call) -> Result<Value, Error> {
    let mut request = Request::get(address::parse(call.text(0)?)?);
    let options = Options::of("http_get", call.argument(1), &[], true)?;
    options.apply(&mut request)?;
    let raise = options.flag("raise", true)?;
    run(call, request, raise)
}

fn http_post(call: &mut Call) -> Result<Value, Error> {
    let mut request = Request::get(address::parse(call.text(0)?)?);
    request.method = Method::POST;
    let (body, kind) = match call.argument(1).as_text() {
        Some(text) => (text.to_owned(), "text/plain; charset=utf-8"),
        None => (json::json(call.argument(1))?.to_string(), "application/json"),
    };
    request.body = body.into();
    request.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let options = Options::of("http_post", call.argument(2), &[], true)?;
    options.apply(&mut request)?;
    let raise = options.flag("raise", true)?;
    run(call, request, raise)
}

fn run(call: &mut Call, request: Request, raise: bool) -> Result<Value, Error> {
    let client = Client::of(call.context());
    call.wait_for(async move {
        let reply = client.fetch(&request).await?;
        if raise && reply.status.as_u16() >= 400 {
            return Err(client::status_error(&request, reply.status, &reply.headers, &reply.body));
        }
        record(&request, reply)
    })
}

fn record(request: &Request, reply: Reply) -> Result<Value, Error> {
    let headers = headers(&reply.headers);
    let status = Value::Int(reply.status.as_u16().into());
    let body = text(request, reply)?;
    Ok(Value::record([("status", status), ("body", Value::text(body)), ("headers", headers)]))
}

/// The answer as text.
pub fn text(request: &Request, reply: Reply) -> Result<String, Error> {
    String::from_utf8(reply.body).map_err(|error| {
        let position = error.utf8_error().valid_up_to();
        let message = format!("the answer is no text: byte {position} does not belong to UTF-8");
        let error = Error::new(ErrorKind::Io, message).with_hint("download() writes it into a file");
        client::describe(request, error, 1)
    })
}

/// Headers by their names in small letters; the values of those that come several times, with commas between them.
fn headers(headers: &HeaderMap) -> Value {
    let mut record = Record::from_entries([]);
    for name in headers.keys() {
        let values: Vec<_> =
            headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
        record.insert(Str::from(name.as_str()), Value::text(values.join(", ")));
    }
    Value::Record(record)
}
