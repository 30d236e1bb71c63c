//! The options that restrict a script: limits, and the sandbox.

use biovm_vm::gate::{Gate, Grants};
use biovm_vm::limits::Quota;
use clap::Args;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

/// Options for scripts that are not to be trusted, or not to run away.
#[derive(Args, Clone, Debug, Default)]
pub struct Restrictions {
    /// How many steps a script may take: rounds of loops and calls of functions
    #[arg(long, global = true, value_name = "N", value_parser = number, help_heading = LIMITS)]
    pub max_steps: Option<u64>,
    /// How long a script may run, as in 90s, 1h30m, 500ms
    #[arg(long, global = true, value_name = "DURATION", value_parser = duration, help_heading = LIMITS)]
    pub timeout: Option<Duration>,
    /// How much memory the process may hold, as in 512M, 1.5G
    #[arg(long, global = true, value_name = "SIZE", value_parser = size, help_heading = LIMITS)]
    pub max_memory: Option<usize>,
    /// Keep the script from files, network, programs and environment, but for what is allowed
    #[arg(long, global = true, help_heading = SANDBOX)]
    pub sandbox: bool,
    /// Let it read the files in this folder and below, or this file; may be given again
    #[arg(long, global = true, value_name = "PATH", require_equals = true, help_heading = SANDBOX)]
    pub allow_read: Vec<PathBuf>,
    /// Let it write files in this folder and below, or this file; may be given again
    #[arg(long, global = true, value_name = "PATH", require_equals = true, help_heading = SANDBOX)]
    pub allow_write: Vec<PathBuf>,
    /// Let it connect to this host; may be given again
    #[arg(long, global = true, value_name = "HOST[:PORT]", require_equals = true, help_heading = SANDBOX)]
    pub allow_net: Vec<String>,
    /// Let it run this program, which is not restricted itself; may be given again
    #[arg(long, global = true, value_name = "PROGRAM", require_equals = true, help_heading = SANDBOX)]
    pub allow_run: Vec<String>,
    /// Let it read this environment variable, or all of them; may be given again
    #[arg(long, global = true, value_name = "NAME", require_equals = true, num_args = 0..=1)]
    #[arg(default_missing_value = "", help_heading = SANDBOX)]
    pub allow_env: Vec<String>,
}

const LIMITS: &str = "Limits";
const SANDBOX: &str = "Sandbox";

impl Restrictions {
    /// How much a script may use.
    pub fn quota(&self) -> Quota {
        Quota { steps: self.max_steps, time: self.timeout, memory: self.max_memory }
    }

    /// The words that give another biovm the same restrictions.
    pub fn words(&self) -> Vec<OsString> {
        let steps = self.max_steps.map(|steps| format!("--max-steps={steps}"));
        let time = self.timeout.map(|time| format!("--timeout={}", humantime::format_duration(time)));
        let memory = self.max_memory.map(|bytes| format!("--max-memory={bytes}"));
        let sandbox = self.sandbox.then(|| "--sandbox".to_owned());
        let network = self.allow_net.iter().map(|host| format!("--allow-net={host}"));
        let run = self.allow_run.iter().map(|program| format!("--allow-run={program}"));
        let environment = self.allow_env.iter().map(|name| match name.as_str() {
            "" => "--allow-env".to_owned(),
            _ => format!("--allow-env={name}"),
        });
        let path = |option: &str, path: &PathBuf| {
            let mut word = OsString::from(option);
            word.push(path);
            word
        };
        let read = self.allow_read.iter().map(|granted| path("--allow-read=", granted));
        let write = self.allow_write.iter().map(|granted| path("--allow-write=", granted));
        let texts = steps.into_iter().chain(time).chain(memory).chain(sandbox);
        let texts = texts.chain(network).chain(run).chain(environment);
        texts.map(OsString::from).chain(read).chain(write).collect()
    }

    /// What a script may reach; or what is wrong with the options.
    pub fn gate(&self) -> Result<Gate, String> {
        let grants = Grants {
            read: self.allow_read.clone(),
            write: self.allow_write.clone(),
            network: self.allow_net.clone(),
            run: self.allow_run.clone(),
            environment: self.allow_env.iter().filter(|name| !name.is_empty()).cloned().collect(),
            all_environment: self.allow_env.iter().any(String::is_empty),
        };
        if self.sandbox {
            Gate::sandbox(&grants)
        } else if grants == Grants::default() {
            Ok(Gate::open())
        } else {
            // Who writes this believes that everything else is forbidden.
            Err("options that begin with --allow need --sandbox: without it everything is allowed".to_owned())
        }
    }
}

fn number(text: &str) -> Result<u64, String> {
    text.replace('_', "").parse().map_err(|error: std::num::ParseIntError| error.to_string())
}

fn duration(text: &str) -> Result<Duration, String> {
    // A number alone is one of seconds, as other programs have it.
    let parsed = match text.parse::<f64>() {
        Ok(seconds) => Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string()),
        Err(_) => humantime::parse_duration(text).map_err(|error| error.to_string()),
    };
    match parsed {
        Ok(Duration::ZERO) => Err("it must be longer than nothing".to_owned()),
        Ok(time) => Ok(time),
        Err(error) => Err(format!("{error}; write it as 90s, 1h30m or 500ms")),
    }
}

fn size(text: &str) -> Result<usize, String> {
    let parsed = parse_size::Config::new().with_binary().parse_size(text);
    match parsed.map(usize::try_from) {
        Ok(Ok(0)) => Err("it must be more than nothing".to_owned()),
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) => Err(error.to_string()),
        Err(error) => Err(format!("{error}; write it as 512M or 1.5G")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        assert_eq!(duration("90"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("0.5"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("1h30m"), Ok(Duration::from_secs(5400)));
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        for text in ["", "0", "0s", "-1", "soon", "10 parsecs", "nan", "inf", "1e300"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes() {
        assert_eq!(size("1048576"), Ok(1 << 20));
        for text in ["1M", "1MB", "1MiB", "1m", "1024k"] {
            assert_eq!(size(text), Ok(1 << 20), "{text}");
        }
        assert_eq!(size("1.5G"), Ok(3 << 29));
        for text in ["", "0", "-1", "much", "1X", "99999999E"] {
            assert!(size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn steps() {
        assert_eq!(number("1_000_000"), Ok(1_000_000));
        assert_eq!(number("0"), Ok(0));
        assert!(number("many").is_err());
    }

    #[test]
    fn grants_need_a_sandbox() {
        let grant = Restrictions { allow_env: vec![String::new()], ..Restrictions::default() };
        assert!(grant.gate().is_err());
        let gate = Restrictions { sandbox: true, ..grant }.gate();
        assert!(gate.is_ok_and(|gate| gate.is_sandbox()));
        assert!(Restrictions::default().gate().is_ok_and(|gate| !gate.is_sandbox()));
    }
}
