//! What the databases have in common that are asked over the network: base address, key, limiter, kept answers.

use super::address;
use super::cache::Cache;
use super::client::{self, Client};
use super::endpoints::Endpoint;
use super::fetch;
use super::limiter::{Limiter, Pace};
use super::request::Request;
use biovm_bytecode::TypeSet;
use biovm_bytecode::signature::OptionField;
use biovm_vm::native::option;
use biovm_vm::{Call, Error, Value};
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// Whether answers are kept in files.
pub const CACHE: OptionField = option(
    "cache",
    TypeSet::one(biovm_bytecode::Type::Bool),
    "true keeps the answer in a file for later runs, false keeps nothing; by default it is kept for this run",
);
/// How old a kept answer may be.
pub const TTL: OptionField = option(
    "ttl",
    TypeSet::one(biovm_bytecode::Type::Str),
    "how old an answer in a file may be, as \"12h\" or \"7d\" (default)",
);
/// How long to wait.
pub const TIMEOUT: OptionField =
    option("timeout", TypeSet::NUMBER, "seconds to wait for an answer (default 30)");

/// A database that is asked over the network.
pub struct Service {
    /// Its name in variables and folders.
    pub name: &'static str,
    /// Where it is.
    pub base: &'static str,
    /// The variable with the key for it.
    pub key_variable: &'static str,
    /// The parameter with the key.
    pub key_parameter: &'static str,
    /// Variables with the address of whoever asks, the first that is set.
    pub email_variables: [&'static str; 2],
    /// The time between two requests without a key.
    pub interval: Duration,
    /// The same with a key.
    pub interval_with_key: Duration,
    /// The one of the process.
    pub limiter: Limiter,
}

/// A service as a call asks it.
pub struct Access {
    service: &'static Service,
    client: Client,
    cache: Cache,
    base: Url,
    key: Option<String>,
    email: Option<String>,
    timeout: Duration,
}

impl Access {
    /// The service with the options of the call.
    pub fn of(call: &Call, service: &'static Service) -> Result<Access, Error> {
        let client = Client::of(call.context());
        let variable = |name: &str| {
            let value = client.gate.setting(name)?.into_string().ok()?;
            Some(value.trim().to_owned()).filter(|value| !value.is_empty())
        };
        let base = Endpoint::of(&client.gate, service)?.url;
        let flag = call.option("cache").map(Value::is_truthy);
        let time = call.option("ttl").and_then(Value::as_text);
        let cache = Cache::new(&client.gate, service.name, client.is_offline, flag, time)?;
        let timeout = match call.option("timeout").and_then(Value::as_float) {
            None => super::request::TIMEOUT,
            Some(seconds) => {
                Duration::try_from_secs_f64(seconds).ok().filter(|time| !time.is_zero()).ok_or_else(|| {
                    Error::value_error(format!("{}() requires 'timeout' of more than 0 seconds", call.name()))
                })?
            }
        };
        let key = variable(service.key_variable);
        let email = service.email_variables.iter().find_map(|name| variable(name));
        Ok(Access { service, cache, base, key, email, timeout, client })
    }

    /// Asks, unless the answer is kept. `check` looks for errors in an answer before it is kept.
    pub async fn ask(
        &self,
        operation: &str,
        parameters: &[(&str, String)],
        check: impl Fn(&str) -> Result<(), Error> + Send,
    ) -> Result<Arc<str>, Error> {
        let mut url = self.base.clone();
        let path = format!("{}/{operation}", url.path().trim_end_matches('/'));
        url.set_path(&path);
        url.query_pairs_mut().extend_pairs(parameters);
        // What is kept does not depend on who asks.
        let asked = address::without_secrets(&url);
        if let Some(answer) = self.cache.get(&asked).await? {
            return Ok(answer);
        }
        url.query_pairs_mut().append_pair("tool", "biovm");
        if let Some(email) = &self.email {
            url.query_pairs_mut().append_pair("email", email);
        }
        if let Some(key) = &self.key {
            url.query_pairs_mut().append_pair(self.service.key_parameter, key);
        }
        let mut request = Request::get(url);
        request.timeout = self.timeout;
        let interval =
            if self.key.is_some() { self.service.interval_with_key } else { self.service.interval };
        request.pace = Some(Pace { limiter: &self.service.limiter, interval });
        if self.client.is_offline {
            let error =
                client::offline().map_message(|message| format!("{message}, and no answer to this is kept"));
            let hint = "ask once with the network and {cache: true} or BIOVM_CACHE=1";
            return Err(client::describe(&request, error.with_hint(hint), 1));
        }
        let reply = self.client.fetch(&request).await?;
        if reply.status.as_u16() >= 400 {
            let status = reply.status;
            let error = client::status_error(&request, status, &reply.headers, &reply.body);
            let is_wrong_question = matches!(status.as_u16(), 400 | 404);
            return Err(if is_wrong_question {
                error.with_hint("check the ids, and the database they belong to")
            } else {
                error
            });
        }
        let answer: Arc<str> = fetch::text(&request, reply)?.into();
        check(&answer).map_err(|error| client::describe(&request, error, 1))?;
        self.cache.put(&asked, &answer).await?;
        Ok(answer)
    }
}
