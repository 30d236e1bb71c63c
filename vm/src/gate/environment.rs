//! Environment variables.

use super::{Gate, Grants, denied};
use crate::error::Error;
use std::env;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// More bytes than this nobody writes into a file of settings.
const MOST_SETTINGS: u64 = 1 << 20;

/// The variables that may be read.
pub(super) enum Variables {
    All,
    Named(Vec<String>),
}

impl Variables {
    pub(super) fn new(grants: &Grants) -> Variables {
        if grants.all_environment { Variables::All } else { Variables::Named(grants.environment.clone()) }
    }

    fn covers(&self, name: &str) -> bool {
        match self {
            Variables::All => true,
            Variables::Named(names) => names.iter().any(|granted| granted == name),
        }
    }
}

impl Gate {
    /// The value of a variable, where it is set.
    pub fn variable(&self, name: &str) -> Result<Option<OsString>, Error> {
        match &self.sandbox {
            Some(sandbox) if !sandbox.variables.covers(name) => {
                let hint = format!("--allow-env={name} allows it");
                Err(denied(&format!("reading the environment variable '{name}'"), hint))
            }
            // What is no name of a variable would make the system's function panic.
            _ if name.is_empty() || name.contains(['=', '\0']) => Ok(None),
            _ => Ok(env::var_os(name)),
        }
    }

    /// All variables that may be read, where any may.
    pub fn variables(&self) -> Result<Vec<(OsString, OsString)>, Error> {
        let Some(sandbox) = &self.sandbox else { return Ok(env::vars_os().collect()) };
        if matches!(&sandbox.variables, Variables::Named(names) if names.is_empty()) {
            return Err(denied("reading the environment", "--allow-env allows it"));
        }
        let may = |name: &OsString| {
            name.to_str()
                .map_or(matches!(sandbox.variables, Variables::All), |name| sandbox.variables.covers(name))
        };
        Ok(env::vars_os().filter(|(name, _)| may(name)).collect())
    }

    /// A variable by which the user tells biovm something, not the script. Its value must not get to the script.
    pub fn setting(&self, name: &str) -> Option<OsString> {
        env::var_os(name)
    }

    /// The text of a file by which the user tells biovm something, not the script. Like a setting it is no matter of the sandbox.
    pub fn setting_file(&self, path: &Path) -> io::Result<String> {
        let mut text = String::new();
        // A limit, since the path may lead anywhere.
        File::open(path)?.take(MOST_SETTINGS).read_to_string(&mut text)?;
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(gate: &Gate) -> Option<Vec<String>> {
        let variables = gate.variables().ok()?;
        Some(variables.into_iter().filter_map(|(name, _)| name.into_string().ok()).collect())
    }

    #[test]
    fn only_what_is_granted_can_be_read() {
        let known = "CARGO_MANIFEST_DIR";
        let none = Gate::sandbox(&Grants::default()).expect("a gate");
        let error = none.variable(known).expect_err("a denial");
        assert_eq!(
            error.to_string(),
            "IOError: the sandbox does not allow reading the environment variable 'CARGO_MANIFEST_DIR'"
        );
        assert_eq!(error.hint(), Some("--allow-env=CARGO_MANIFEST_DIR allows it"));
        assert!(names(&none).is_none());

        let one = Grants { environment: vec![known.to_owned()], ..Grants::default() };
        let one = Gate::sandbox(&one).expect("a gate");
        assert!(one.variable(known).expect("granted").is_some());
        assert!(one.variable("PATH").is_err());
        assert_eq!(names(&one), Some(vec![known.to_owned()]));

        let all = Gate::sandbox(&Grants { all_environment: true, ..Grants::default() }).expect("a gate");
        for gate in [&all, &Gate::open()] {
            assert!(gate.variable(known).expect("granted").is_some());
            assert!(names(gate).is_some_and(|names| names.len() > 1));
            assert!(matches!(gate.variable("no=name"), Ok(None)));
        }
    }
}
