//! The builtin that says where services are.

use super::SECTION;
use super::address;
use super::endpoints::Endpoint;
use super::ncbi::EUTILS;
use super::service::Service;
use crate::general::common::types::*;
use biovm_vm::native::{option, options_parameter};
use biovm_vm::value::{Record, Str};
use biovm_vm::{Call, Error, Native, Value, native};

/// All services that biovm asks.
const SERVICES: [&Service; 1] = [&EUTILS];

/// The builtins of this module.
pub const NATIVES: &[Native] = &[native("api_endpoints", api_endpoints)
    .section(SECTION)
    .parameters(&[options_parameter()])
    .options(&[option("sources", BOOL, "true gives {url, source} for each, where source is a variable, a line of a file, or \"default\"")])
    .returns(RECORD)
    .doc(
        "The base addresses of the services that biovm asks, by name: from the variable BIOVM_NCBI_URL or BIOLANG_NCBI_URL, then \
         from the file apis.yaml in the folder that BIOLANG_CONFIG_DIR names (default ~/.biolang), then where the service is for everybody.",
    )];

fn api_endpoints(call: &mut Call) -> Result<Value, Error> {
    let with_sources = call.option("sources").is_some_and(Value::is_truthy);
    let mut record = Record::from_entries([]);
    for service in SERVICES {
        let Endpoint { url, source } = Endpoint::of(&call.context().gate, service)?;
        // A password in it is nothing that a script should print.
        let url = Value::text(address::shown(&url));
        let value = match with_sources {
            true => Value::record([("url", url), ("source", Value::text(source))]),
            false => url,
        };
        record.insert(Str::from(service.name), value);
    }
    Ok(Value::Record(record))
}
