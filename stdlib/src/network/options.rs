//! What a fetch may be told.

use super::address::is_secret_name;
use super::request::Request;
use biovm_vm::value::Record;
use biovm_vm::{Error, Value};
use hyper::header::{HeaderName, HeaderValue};
use std::time::Duration;

/// The options of every fetch, with what they mean.
pub const NAMES: [&str; 5] = ["headers", "timeout", "retries", "max_size", "raise"];
/// Headers that the client sets, as they say where a message ends.
const RESERVED: [&str; 5] = ["content-length", "transfer-encoding", "connection", "host", "te"];
/// Nobody waits longer.
const LONGEST_TIMEOUT: f64 = 86_400.0;
/// Nobody tries more often.
const MOST_RETRIES: i64 = 100;

/// The options of a call: a record of them, or a record of headers, which has none of their names.
pub struct Options<'a> {
    name: &'static str,
    record: Option<&'a Record>,
    is_headers: bool,
}

impl<'a> Options<'a> {
    /// Those of an argument. `further` are the options that only this builtin has.
    pub fn of(
        name: &'static str,
        argument: &'a Value,
        further: &[&str],
        may_be_headers: bool,
    ) -> Result<Options<'a>, Error> {
        let record = argument.as_record();
        let known = |key: &str| NAMES.contains(&key) || further.contains(&key);
        let keys = || record.into_iter().flat_map(|record| record.keys());
        let is_headers = may_be_headers && !keys().any(|key| known(key.as_str()));
        if !is_headers && let Some(unknown) = keys().find(|key| !known(key.as_str())) {
            let all: Vec<&str> = NAMES.iter().chain(further).copied().collect();
            let error = Error::type_error(format!("{name}() has no option '{}'", unknown.as_str()));
            return Err(error.with_hint(format!("its options are {}", all.join(", "))));
        }
        Ok(Options { name, record, is_headers })
    }

    /// An option, where it is given.
    pub fn get(&self, key: &str) -> Option<&'a Value> {
        let value = self.record.filter(|_| !self.is_headers)?.get(key)?;
        (!matches!(value, Value::Nil)).then_some(value)
    }

    /// An option that is text.
    pub fn text(&self, key: &str) -> Result<Option<&'a str>, Error> {
        self.get(key).map(|value| value.as_text().ok_or_else(|| self.wrong(key, "Str", value))).transpose()
    }

    /// An option that is true or false.
    pub fn flag(&self, key: &str, default: bool) -> Result<bool, Error> {
        match self.get(key) {
            None => Ok(default),
            Some(Value::Bool(truth)) => Ok(*truth),
            Some(value) => Err(self.wrong(key, "Bool", value)),
        }
    }

    fn wrong(&self, key: &str, wanted: &str, value: &Value) -> Error {
        Error::type_error(format!(
            "{}() option '{key}' requires {wanted}, got {}",
            self.name,
            value.type_of()
        ))
    }

    fn out_of_range(&self, key: &str, wanted: &str) -> Error {
        Error::value_error(format!("{}() requires '{key}' {wanted}", self.name))
    }

    /// Changes a request as the options say.
    pub fn apply(&self, request: &mut Request) -> Result<(), Error> {
        if let Some(value) = self.get("timeout") {
            let seconds = value.as_float().ok_or_else(|| self.wrong("timeout", "a number", value))?;
            if !(seconds > 0.0 && seconds <= LONGEST_TIMEOUT) {
                return Err(self.out_of_range("timeout", "of more than 0 seconds and at most a day"));
            }
            request.timeout = Duration::from_secs_f64(seconds);
        }
        if let Some(value) = self.get("retries") {
            let retries = value.as_integral().ok_or_else(|| self.wrong("retries", "Int", value))?;
            if !(0..=MOST_RETRIES).contains(&retries) {
                return Err(self.out_of_range("retries", "from 0 to 100"));
            }
            request.tries = retries as u32 + 1;
        }
        if let Some(value) = self.get("max_size") {
            let size = value.as_integral().ok_or_else(|| self.wrong("max_size", "Int", value))?;
            request.max_size =
                u64::try_from(size).map_err(|_| self.out_of_range("max_size", "of at least 0 bytes"))?;
        }
        let headers = match self.get("headers") {
            Some(Value::Record(headers)) => Some(headers),
            Some(value) => return Err(self.wrong("headers", "Record", value)),
            None => self.record.filter(|_| self.is_headers),
        };
        headers.map_or(Ok(()), |headers| self.add_headers(headers, request))
    }

    fn add_headers(&self, headers: &Record, request: &mut Request) -> Result<(), Error> {
        for (key, value) in headers.iter() {
            let (key, caller) = (key.as_str(), self.name);
            let Some(text) = value.as_text() else {
                let error = Error::type_error(format!(
                    "{caller}() requires the header '{key}' of Str, got {}",
                    value.type_of()
                ));
                return Err(error.with_hint(format!("its options are {}", NAMES.join(", "))));
            };
            let name = HeaderName::from_bytes(key.as_bytes()).map_err(|_| {
                Error::value_error(format!("{caller}(): '{key}' cannot be the name of a header"))
            })?;
            if RESERVED.contains(&name.as_str()) {
                return Err(Error::value_error(format!("{caller}() sets the header '{name}' itself"))
                    .with_hint("leave it out"));
            }
            let mut content = HeaderValue::from_str(text).map_err(|_| {
                Error::value_error(format!(
                    "{caller}(): the header '{name}' has a line break or a letter outside of ASCII"
                ))
            })?;
            if is_secret_name(name.as_str()) {
                content.set_sensitive(true);
                request.secrets.add(text);
                // The key alone, without the word `Bearer`.
                if let Some((_, key)) = text.rsplit_once(' ') {
                    request.secrets.add(key);
                }
            }
            request.headers.insert(name, content);
        }
        Ok(())
    }
}
