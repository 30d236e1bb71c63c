//! What a script fetches from the network.
//!
//! * [`fetch`]: the builtins `http_get` and `http_post`; [`options`], what they may be told
//! * [`download`]: large answers, into files
//! * [`ncbi`]: the databases of NCBI; [`service`], what all such databases have in common: base address, key, [`limiter`], [`cache`]
//! * [`endpoints`]: where services are, as the user wants it; [`services`], the builtin that lists that
//! * [`client`]: redirects, retries, whole answers
//! * [`exchange`]: one [`request`] and its answer
//! * [`connection`]: connections and the pool of them; [`tls`], [`proxy`]
//! * [`address`]: addresses, and what of them must not be shown; [`failure`]
//! * [`json`]: between JSON and values
//!
//! Each connection is asked of the gate by the name of its host: to the address itself, to where it redirects, to proxies.

pub mod address;
pub mod cache;
pub mod client;
pub mod connection;
pub mod download;
pub mod endpoints;
pub mod exchange;
pub mod failure;
pub mod fetch;
pub mod json;
pub mod limiter;
pub mod ncbi;
pub mod options;
pub mod proxy;
pub mod request;
pub mod service;
pub mod services;
pub mod tls;

use biovm_vm::Native;

/// The builtins of this family, a list a module.
pub const NATIVES: &[&[Native]] = &[fetch::NATIVES, download::NATIVES, ncbi::NATIVES, services::NATIVES];

/// The section of the reference that lists them.
pub const SECTION: &str = "Network";
