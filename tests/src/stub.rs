//! A web server for tests: it answers as it is told, and remembers what it was asked.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// What the server was asked.
#[derive(Clone, Debug)]
pub struct Question {
    /// `GET` and the like.
    pub method: String,
    /// The path with the query; the whole address where the server is asked as a proxy.
    pub target: String,
    /// Names in small letters, and values.
    pub headers: Vec<(String, String)>,
    /// What followed the headers.
    pub body: String,
    /// When it came, since the server began.
    pub time: Duration,
}

impl Question {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The path without the query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The value of a parameter of the query, decoded.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let query = self.target.split_once('?')?.1;
        let pair = query.split('&').find_map(|pair| pair.split_once('=').filter(|(key, _)| *key == name))?;
        Some(decoded(pair.1))
    }
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digits: String = rest.by_ref().take(2).map(char::from).collect();
                bytes.extend(u8::from_str_radix(&digits, 16));
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What the server does about a question.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Status line behind the version, headers, and what follows them. The length is announced.
    Whole(&'static str, Vec<(&'static str, String)>, String),
    /// The same after a while.
    Late(Duration, Box<Answer>),
    /// These bytes, and then the connection is closed.
    Raw(Vec<u8>),
    /// These bytes in so many parts with a pause before each, and then the connection is closed.
    Slow(Vec<u8>, usize, Duration),
    /// The connection is reset.
    Reset,
}

impl Answer {
    /// Success, with this text.
    pub fn text(body: impl Into<String>) -> Answer {
        Answer::Whole("200 OK", Vec::new(), body.into())
    }

    /// Success, with these bytes; so many of them are announced.
    pub fn bytes(body: &[u8], announced: usize) -> Answer {
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {announced}\r\n\r\n");
        Answer::Raw([head.as_bytes(), body].concat())
    }

    /// A status, with these headers and no text.
    pub fn status(status: &'static str, headers: &[(&'static str, &str)]) -> Answer {
        let headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Answer::Whole(status, headers, String::new())
    }

    /// Elsewhere.
    pub fn redirect(target: impl Into<String>) -> Answer {
        Answer::Whole("302 Found", vec![("location", target.into())], String::new())
    }
}

/// A server on a free port of this computer, until the process ends.
pub struct Stub {
    /// `host:port`
    pub authority: String,
    kept: Arc<Mutex<Kept>>,
}

/// What a server remembers.
#[derive(Default)]
struct Kept {
    questions: Vec<Question>,
    /// How many of them had each path.
    counts: HashMap<String, usize>,
}

impl Stub {
    /// Starts one. `answer` gets each question and how many of the same path came before.
    pub fn start(answer: impl Fn(&Question, usize) -> Answer + Send + Sync + 'static) -> io::Result<Stub> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        // The usual 128 are too few for many at once: who does not fit in tries again after a second.
        socket2::SockRef::from(&listener).listen(4096)?;
        let authority = listener.local_addr()?.to_string();
        let kept = Arc::new(Mutex::new(Kept::default()));
        let stub = Stub { authority, kept: kept.clone() };
        let (answer, began) = (Arc::new(answer), Instant::now());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (kept, answer) = (kept.clone(), answer.clone());
                thread::spawn(move || {
                    // Whoever asked may be gone, which is nobody's trouble.
                    let _ = serve(&stream, began, &kept, &*answer);
                });
            }
        });
        Ok(stub)
    }

    /// An address of this server.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.authority)
    }

    /// What it was asked so far.
    pub fn questions(&self) -> Vec<Question> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).questions.clone()
    }
}

/// Answers the questions of one connection, one after the other.
fn serve(
    stream: &TcpStream,
    began: Instant,
    kept: &Mutex<Kept>,
    answer: &dyn Fn(&Question, usize) -> Answer,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    while let Some(question) = read(&mut reader, began)? {
        let before = {
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.questions.push(question.clone());
            let count = kept.counts.entry(question.path().to_owned()).or_default();
            *count += 1;
            *count - 1
        };
        if !write(stream, answer(&question, before))? {
            break;
        }
    }
    stream.shutdown(Shutdown::Both)
}

fn read(reader: &mut impl BufRead, began: Instant) -> io::Result<Option<Question>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let time = began.elapsed();
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut question = Question { method, target, headers, body: String::new(), time };
    let length = question.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    reader.take(length).read_to_string(&mut question.body)?;
    Ok(Some(question))
}

/// Whether the connection stays open.
fn write(mut stream: &TcpStream, answer: Answer) -> io::Result<bool> {
    match answer {
        Answer::Whole(status, headers, body) => {
            let mut text = format!("HTTP/1.1 {status}\r\n");
            for (name, value) in headers {
                text += &format!("{name}: {value}\r\n");
            }
            text += &format!("content-length: {}\r\n\r\n{body}", body.len());
            stream.write_all(text.as_bytes())?;
            Ok(true)
        }
        Answer::Late(time, answer) => {
            thread::sleep(time);
            write(stream, *answer)
        }
        Answer::Raw(bytes) => {
            stream.write_all(&bytes)?;
            Ok(false)
        }
        Answer::Slow(bytes, parts, pause) => {
            for part in bytes.chunks(bytes.len().div_ceil(parts).max(1)) {
                thread::sleep(pause);
                stream.write_all(part)?;
            }
            Ok(false)
        }
        Answer::Reset => {
            // Without patience for what is still to be sent, the system resets the connection when it is closed.
            socket2::SockRef::from(stream).set_linger(Some(Duration::ZERO))?;
            Err(io::ErrorKind::ConnectionReset.into())
        }
    }
}
