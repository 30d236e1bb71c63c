//! The one way from a script to what lies outside of it: files, network, programs, environment.
//!
//! Without a sandbox everything passes. In a sandbox nothing does, except what the user has granted. Every builtin that
//! reaches outside asks here, and gets what it asked for from here, so that what was checked is also what is used;
//! `clippy.toml` forbids the other ways. Standard input, output and error belong to the script and need no grant, and so
//! does reading the script itself.
//!
//! * [`Gate`] and [`Grants`]
//! * [`files`]: reading and writing; `unnamed`, files that have no name until they are complete
//! * [`partial`]: files that grow over several runs
//! * [`network`]: hosts and ports
//! * [`programs`]: child processes
//! * [`environment`][]: variables

#![expect(clippy::disallowed_methods, reason = "this is the gate")]

pub mod environment;
pub mod files;
pub mod network;
pub mod partial;
pub mod programs;
mod unnamed;

use crate::error::{Error, ErrorKind};
use environment::Variables;
use files::Area;
use network::Host;
use programs::Program;
use std::path::PathBuf;
use std::sync::Arc;

/// What decides about the outside. A copy is the same gate.
#[derive(Clone, Default)]
pub struct Gate {
    /// `None` where everything is allowed.
    sandbox: Option<Arc<Sandbox>>,
}

/// What the user has granted, as it was written on the command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grants {
    /// Folders whose files may be read, or single files.
    pub read: Vec<PathBuf>,
    /// Folders whose files may be written, or single files.
    pub write: Vec<PathBuf>,
    /// `HOST` or `HOST:PORT`.
    pub network: Vec<String>,
    /// Programs, by name or path.
    pub run: Vec<String>,
    /// Environment variables.
    pub environment: Vec<String>,
    /// All environment variables.
    pub all_environment: bool,
}

struct Sandbox {
    read: Vec<Area>,
    write: Vec<Area>,
    hosts: Vec<Host>,
    programs: Vec<Program>,
    variables: Variables,
}

impl Gate {
    /// Allows everything.
    pub fn open() -> Gate {
        Gate::default()
    }

    /// Allows nothing but the grants; what is wrong with them, where they make no sense.
    pub fn sandbox(grants: &Grants) -> Result<Gate, String> {
        let areas = |paths: &[PathBuf], flag: &str, is_written: bool| -> Result<Vec<Area>, String> {
            let area = |path: &PathBuf| {
                Area::new(path, is_written).map_err(|error| format!("{flag}={}: {error}", path.display()))
            };
            paths.iter().map(area).collect()
        };
        let hosts = grants.network.iter().map(|grant| Host::parse(grant));
        let sandbox = Sandbox {
            read: areas(&grants.read, "--allow-read", false)?,
            write: areas(&grants.write, "--allow-write", true)?,
            hosts: hosts.collect::<Result<_, _>>()?,
            programs: grants.run.iter().map(|name| Program::new(name)).collect(),
            variables: Variables::new(grants),
        };
        Ok(Gate { sandbox: Some(Arc::new(sandbox)) })
    }

    /// Whether there is a sandbox.
    pub fn is_sandbox(&self) -> bool {
        self.sandbox.is_some()
    }
}

/// The error that refuses something, with what would grant it.
#[cold]
fn denied(what: &str, hint: impl Into<String>) -> Error {
    Error::new(ErrorKind::Io, format!("the sandbox does not allow {what}")).with_hint(hint)
}
