//! Answers that become files.
//!
//! What has arrived is kept beside the file's place, with a note about the version that it belongs to, until it is complete. A
//! download that broke off goes on from there, in the same call or in a later one, where the server knows that version still.

use super::client::{self, Client, Retries};
use super::exchange::{Answer, Body, hexadecimal, too_large};
use super::failure::Failure;
use super::options::Options;
use super::request::Request;
use super::{SECTION, address};
use crate::files::input::Meter;
use crate::files::output::unwritable;
use crate::general::common::types::*;
use crate::progress::Progress;
use biovm_vm::gate::Gate;
use biovm_vm::gate::files::Occupant;
use biovm_vm::gate::partial::Partial;
use biovm_vm::native::{optional, options_parameter};
use biovm_vm::profile::WaitKind;
use biovm_vm::{Call, Context, Error, ErrorKind, Native, Value, native, required};
use etcetera::BaseStrategy;
use hyper::StatusCode;
use hyper::header::{self, HeaderMap, HeaderValue};
use md5::Md5;
use sha2::digest::Digest;
use sha2::{Sha256, Sha512};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use url::Url;

/// The builtins of this module.
pub const NATIVES: &[Native] = &[native("download", download)
        .waits_for(WaitKind::Network)
    .section(SECTION)
    .parameters(&[required("url", STR), optional("path", STR.or(RECORD)), options_parameter()])
    .returns(RECORD)
    .doc(
        "Fetches into a file, which appears whole or not at all: {path, size, url}. Without a path, into the user's folder for \
         data. A download that broke off is resumed by the next call. Options: checksum, \"sha256:…\", \"sha512:…\" or \"md5:…\"; \
         headers; timeout, the seconds that nothing may come (30); retries (2); max_size, in bytes.",
    )];

/// The bytes that are written at once.
const BUFFER: usize = 256 * 1024;
/// How much of an answer without a file is read, for the message.
const MESSAGE: u64 = 4096;

fn download(call: &mut Call) -> Result<Value, Error> {
    let mut request = Request::get(address::parse(call.text(0)?)?);
    request.max_size = u64::MAX;
    request.headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    let has_path = call.argument(1).as_record().is_none();
    let options = Options::of("download", call.argument(if has_path { 2 } else { 1 }), &["checksum"], false)?;
    options.apply(&mut request)?;
    let checksum = options.text("checksum")?.map(Checksum::parse).transpose()?;
    let client = Client::of(call.context());
    let gate = &client.gate;
    let path = match call.argument(1).as_text() {
        Some(path) => path.to_owned(),
        None => usual_path(gate, &request.url)?,
    };
    let file = Destination::new(call.machine().context(), gate, path, &request.url)?;
    call.wait_for(async move { file.fill(&client, &request, checksum).await })
}

/// The path where none is given.
fn usual_path(gate: &Gate, url: &Url) -> Result<String, Error> {
    let name = file_name(url)?;
    let folder = match gate.setting("BIOLANG_DATA_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => etcetera::choose_base_strategy()
            .map_err(|error| Error::new(ErrorKind::Io, format!("there is no folder for data: {error}")))
            .map_err(|error| error.with_hint("give download() a path"))?
            .data_dir()
            .join("biovm"),
    };
    gate.create_folders(&folder)
        .map_err(|refusal| refusal.into_error(|error| unwritable(&folder.display().to_string(), error)))?;
    Ok(folder.join(name).display().to_string())
}

/// The name of the file that an address leads to.
fn file_name(url: &Url) -> Result<String, Error> {
    let last = url.path_segments().and_then(|mut parts| parts.next_back()).unwrap_or_default();
    let name: String = url::form_urlencoded::parse(format!("={}", last.replace('+', "%2B")).as_bytes())
        .next()
        .map(|(_, name)| name.into_owned())
        .unwrap_or_default();
    let is_name = !name.is_empty()
        && !name.starts_with('.')
        && !name.contains(|letter: char| letter.is_control() || "/\\:".contains(letter));
    if is_name {
        return Ok(name);
    }
    let error = Error::value_error(format!("{} names no file", address::shown(url)));
    Err(error.with_hint("give download() a path as its second argument"))
}

/// The file that is to be.
struct Destination {
    context: Arc<Context>,
    started: Instant,
    path: String,
    partial: Arc<Partial>,
}

impl Destination {
    fn new(context: &Arc<Context>, gate: &Gate, path: String, url: &Url) -> Result<Destination, Error> {
        let mut path = path;
        let place = |path: &str| {
            gate.target(path.as_ref()).map_err(|refusal| refusal.into_error(|error| unwritable(path, error)))
        };
        let mut target = place(&path)?;
        if target.occupant() == Occupant::Folder {
            path = PathBuf::from(&path).join(file_name(url)?).display().to_string();
            target = place(&path)?;
        }
        if matches!(target.occupant(), Occupant::Folder | Occupant::Device) {
            return Err(Error::new(ErrorKind::Io, format!("cannot write {path}: it is no plain file")));
        }
        match target.resume().map_err(|error| unwritable(&path, &error))? {
            Some(partial) => {
                let (context, started) = (context.clone(), Instant::now());
                Ok(Destination { context, started, path, partial: Arc::new(partial) })
            }
            None => {
                Err(Error::new(ErrorKind::Io, format!("cannot write {path}: another download is writing it"))
                    .with_hint("wait for that one, or give another path"))
            }
        }
    }

    /// Work on the file, which may take a while.
    async fn on_file<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Partial) -> io::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let partial = self.partial.clone();
        smol::unblock(move || work(&partial)).await.map_err(|error| unwritable(&self.path, &error))
    }

    async fn fill(
        self,
        client: &Client,
        request: &Request,
        checksum: Option<Checksum>,
    ) -> Result<Value, Error> {
        let mut retries = Retries::new(request);
        let size = loop {
            let before = self.size().await?;
            match self.attempt(client, request).await {
                Ok(Outcome::Complete(size)) => break size,
                Ok(Outcome::Refused(status, headers, message)) => {
                    if !retries.may_repeat(status, &headers).await? {
                        return Err(client::status_error(request, status, &headers, &message));
                    }
                }
                Err(failure) => {
                    // What comes on bit by bit has every right to go on.
                    if self.size().await? > before {
                        retries = Retries::new(request);
                    }
                    retries.pause(failure).await?;
                }
            }
        };
        let found = match &checksum {
            Some(checksum) => {
                let kind = checksum.kind;
                self.on_file(move |partial| kind.of(&mut partial.file())).await?
            }
            None => String::new(),
        };
        let Ok(partial) = Arc::try_unwrap(self.partial) else {
            return Err(Error::new(ErrorKind::Io, format!("cannot write {}: it is in use", self.path)));
        };
        let fail = |error: &io::Error| unwritable(&self.path, error);
        if let Some(checksum) = checksum.filter(|checksum| checksum.digest != found) {
            partial.discard().map_err(|error| fail(&error))?;
            let kind = checksum.kind.name();
            let message =
                format!("the checksum is wrong: {kind} {} was expected, {found} was found", checksum.digest);
            let error = Error::new(ErrorKind::Io, message)
                .with_hint("nothing was written; is the checksum that of this file and this version of it?");
            return Err(client::describe(request, error, 1));
        }
        smol::unblock(move || partial.finish()).await.map_err(|error| fail(&error))?;
        Ok(Value::record([
            ("path", Value::text(self.path)),
            ("size", Value::Int(i64::try_from(size).unwrap_or(i64::MAX))),
            ("url", Value::text(address::shown(&request.url))),
        ]))
    }

    async fn size(&self) -> Result<u64, Error> {
        self.on_file(|partial| Ok(partial.file().metadata()?.len())).await
    }

    async fn clear(&self) -> Result<(), Error> {
        self.on_file(|partial| {
            partial.file().set_len(0)?;
            partial.set_note("")
        })
        .await
    }

    async fn attempt(&self, client: &Client, request: &Request) -> Result<Outcome, Failure> {
        let source = address::without_secrets(&request.url).to_string();
        let mut have = self.size().await?;
        let note = self.on_file(|partial| Ok(partial.note())).await?;
        let version = note.split_once('\n').filter(|(from, version)| *from == source && !version.is_empty());
        let mut ranged = request.clone();
        match version.filter(|_| have > 0).and_then(|(_, version)| HeaderValue::from_str(version).ok()) {
            Some(version) => {
                ranged
                    .headers
                    .insert(header::RANGE, HeaderValue::from_str(&format!("bytes={have}-")).map_err(odd)?);
                ranged.headers.insert(header::IF_RANGE, version);
            }
            None => {
                self.clear().await?;
                have = 0;
            }
        }
        let (Answer { status, headers, mut body }, _place) = client.open(&ranged).await?;
        match status {
            StatusCode::PARTIAL_CONTENT => {
                let start = content_range(&headers).and_then(|(start, _)| start);
                if have == 0 || start != Some(have) {
                    self.clear().await?;
                    return Err(Failure::passing(
                        "the server sends another part than the one asked for",
                        "try again",
                    ));
                }
            }
            StatusCode::RANGE_NOT_SATISFIABLE if have > 0 => {
                if content_range(&headers).and_then(|(_, total)| total) == Some(have) {
                    return Ok(Outcome::Complete(have));
                }
                self.clear().await?;
                return Err(Failure::passing("what was there already is no part of the file", "try again"));
            }
            _ if status.is_success() => {
                self.clear().await?;
                have = 0;
                let note = format!("{source}\n{}", version_of(&headers));
                self.on_file(move |partial| partial.set_note(&note)).await?;
            }
            _ => {
                // What the server says about it is of use, but not necessary.
                let message = body.read(MESSAGE).await.unwrap_or_default();
                return Ok(Outcome::Refused(status, headers, message));
            }
        }
        let announced = client::content_length(&headers).map(|length| have.saturating_add(length));
        if announced.is_some_and(|size| size > request.max_size) {
            return Err(too_large(request.max_size, announced));
        }
        let (moved, meter) = Meter::moved(have, announced);
        let progress = Progress::of_bytes(&self.context, &self.path, &meter, self.started);
        let mut arrival = Arrival { body, moved, progress };
        self.append(&mut arrival, have, request.max_size).await.map(Outcome::Complete)
    }

    /// Writes the rest behind what there is; gives the size of it all.
    async fn append(&self, arrival: &mut Arrival, have: u64, max_size: u64) -> Result<u64, Failure> {
        self.on_file(move |partial| partial.file().seek(SeekFrom::Start(have))).await?;
        let mut size = have;
        let mut buffer = Vec::with_capacity(BUFFER);
        loop {
            let part = arrival.progress.during(arrival.body.next()).await;
            if let Ok(Some(part)) = &part {
                size += part.len() as u64;
                arrival.moved.store(size, Ordering::Relaxed);
                arrival.progress.show();
                buffer.extend_from_slice(part);
            }
            let is_more = matches!(part, Ok(Some(_)));
            if size > max_size {
                self.clear().await?;
                return Err(too_large(max_size, None));
            }
            if buffer.len() >= BUFFER || !is_more {
                let full = std::mem::replace(&mut buffer, Vec::with_capacity(BUFFER));
                self.on_file(move |partial| partial.file().write_all(&full)).await?;
            }
            if part?.is_none() {
                return Ok(size);
            }
        }
    }
}

/// What arrives, and how much of it has.
struct Arrival {
    body: Body,
    moved: Arc<AtomicU64>,
    progress: Progress,
}

fn odd<E>(_: E) -> Failure {
    Failure::lasting("the request cannot be sent", "this is a defect of biovm; please report it")
}

enum Outcome {
    /// The file is there, of this size.
    Complete(u64),
    /// The server gives something else.
    Refused(StatusCode, HeaderMap, Vec<u8>),
}

/// What tells one version of a file from another, where the server says so reliably.
fn version_of(headers: &HeaderMap) -> String {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let tag = text(header::ETAG).filter(|tag| !tag.starts_with("W/"));
    tag.or_else(|| text(header::LAST_MODIFIED)).unwrap_or_default().to_owned()
}

/// The start and the size of the whole, as `content-range` has them.
fn content_range(headers: &HeaderMap) -> Option<(Option<u64>, Option<u64>)> {
    let text = headers.get(header::CONTENT_RANGE)?.to_str().ok()?;
    let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
    let start = range.split_once('-').and_then(|(start, _)| start.parse().ok());
    Some((start, total.parse().ok()))
}

/// A checksum that a file must have.
struct Checksum {
    kind: Kind,
    /// In small hexadecimal digits.
    digest: String,
}

#[derive(Clone, Copy)]
enum Kind {
    Md5,
    Sha256,
    Sha512,
}

impl Checksum {
    fn parse(text: &str) -> Result<Checksum, Error> {
        let wrong = || {
            Error::value_error("download() requires a checksum of 32, 64 or 128 hexadecimal digits")
                .with_hint("write it as \"md5:…\", \"sha256:…\" or \"sha512:…\"")
        };
        let (name, digits) = text.split_once(':').map_or((None, text), |(name, digits)| (Some(name), digits));
        let digest = digits.trim().to_ascii_lowercase();
        let kind = match digest.len() {
            32 => Kind::Md5,
            64 => Kind::Sha256,
            128 => Kind::Sha512,
            _ => return Err(wrong()),
        };
        let is_named =
            name.is_none_or(|name| name.trim().to_ascii_lowercase().replace('-', "") == kind.name());
        if !is_named || !digest.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(wrong());
        }
        Ok(Checksum { kind, digest })
    }
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Md5 => "md5",
            Kind::Sha256 => "sha256",
            Kind::Sha512 => "sha512",
        }
    }

    fn of(self, file: &mut (impl Read + Seek)) -> io::Result<String> {
        match self {
            Kind::Md5 => digest::<Md5>(file),
            Kind::Sha256 => digest::<Sha256>(file),
            Kind::Sha512 => digest::<Sha512>(file),
        }
    }
}

fn digest<D: Digest>(file: &mut (impl Read + Seek)) -> io::Result<String> {
    file.seek(SeekFrom::Start(0))?;
    let mut digest = D::new();
    let mut buffer = vec![0; BUFFER];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hexadecimal(&digest.finalize())),
            count => digest.update(&buffer[..count]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_known_by_name_or_length() {
        let empty = "d41d8cd98f00b204e9800998ecf8427e";
        for text in [empty.to_owned(), format!("md5:{empty}"), format!("MD5: {}", empty.to_uppercase())] {
            let checksum = Checksum::parse(&text).expect(&text);
            assert_eq!(checksum.kind.of(&mut io::Cursor::new(b"")).expect("a digest"), checksum.digest);
        }
        let abc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let checksum = Checksum::parse(abc).expect(abc);
        assert_eq!(checksum.kind.of(&mut io::Cursor::new(b"abc")).expect("a digest"), checksum.digest);
        for text in ["", "md5", "sha256:d41d8cd98f00b204e9800998ecf8427e", "x41d8cd98f00b204e9800998ecf8427e"]
        {
            assert!(Checksum::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn names_of_files_come_from_addresses() {
        let name = |text: &str| file_name(&Url::parse(text).expect("an address")).ok();
        assert_eq!(name("https://a.org/x/reads.fq.gz?key=1").as_deref(), Some("reads.fq.gz"));
        assert_eq!(name("https://a.org/a%20b+c").as_deref(), Some("a b+c"));
        for text in ["https://a.org", "https://a.org/x/", "https://a.org/..%2Fx", "https://a.org/.profile"] {
            assert_eq!(name(text), None, "{text}");
        }
    }
}
