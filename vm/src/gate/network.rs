//! Hosts and ports.

use super::{Gate, denied};
use crate::error::Error;

/// A host that may be connected to.
pub(super) struct Host {
    /// In lower case, without a dot at its end.
    name: String,
    /// `None` for any port.
    port: Option<u16>,
}

impl Host {
    /// `HOST` or `HOST:PORT`; an IPv6 address with a port stands in brackets.
    pub(super) fn parse(grant: &str) -> Result<Host, String> {
        let wrong = |why: &str| format!("--allow-net={grant}: {why}");
        if grant.contains(['/', '@']) {
            return Err(wrong("give a host and perhaps a port, as in --allow-net=example.org:443"));
        }
        let (name, port) = match grant.rsplit_once(':') {
            Some((name, port)) if !name.contains(':') || name.ends_with(']') => (name, Some(port)),
            _ => (grant, None),
        };
        let name = normal(name);
        if name.is_empty() {
            return Err(wrong("there is no host"));
        }
        let port =
            port.map(str::parse).transpose().map_err(|_| wrong("the port is not a number to 65535"))?;
        Ok(Host { name, port })
    }

    fn covers(&self, name: &str, port: u16) -> bool {
        self.name == name && self.port.is_none_or(|granted| granted == port)
    }
}

/// The same for every way to write a host.
fn normal(host: &str) -> String {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    bare.strip_suffix('.').unwrap_or(bare).to_ascii_lowercase()
}

impl Gate {
    /// Whether a connection to the host may be made. To be asked for each of them, those to which a server redirects and
    /// proxies among them, with the host as the URL names it.
    pub fn network(&self, host: &str, port: u16) -> Result<(), Error> {
        let Some(sandbox) = &self.sandbox else { return Ok(()) };
        let name = normal(host);
        if sandbox.hosts.iter().any(|granted| granted.covers(&name, port)) {
            return Ok(());
        }
        let shown = if name.contains(':') { format!("[{name}]") } else { name };
        Err(denied(
            &format!("connections to {shown}:{port}"),
            format!("--allow-net={shown}:{port} allows them"),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::Grants;

    fn gate(hosts: &[&str]) -> Gate {
        let network = hosts.iter().map(|host| (*host).to_owned()).collect();
        Gate::sandbox(&Grants { network, ..Grants::default() }).expect("hosts")
    }

    #[test]
    fn a_host_is_granted_with_any_port_or_with_one() {
        let gate = gate(&["rest.ensembl.org", "Example.org:8080", "::1", "[fe80::1]:80"]);
        for (host, port) in [
            ("rest.ensembl.org", 443),
            ("REST.ensembl.org.", 80),
            ("example.org", 8080),
            ("::1", 5),
            ("[::1]", 5),
            ("[FE80::1]", 80),
        ] {
            assert!(gate.network(host, port).is_ok(), "{host}:{port}");
        }
        for (host, port) in [
            ("example.org", 443),
            ("ensembl.org", 443),
            ("evil.rest.ensembl.org", 443),
            ("rest.ensembl.org.evil.org", 443),
            ("fe80::1", 81),
            ("", 443),
        ] {
            assert!(gate.network(host, port).is_err(), "{host}:{port}");
        }
    }

    #[test]
    fn a_denial_says_what_would_grant_it() {
        let error = gate(&[]).network("example.org", 443).expect_err("a denial");
        assert_eq!(error.to_string(), "IOError: the sandbox does not allow connections to example.org:443");
        assert_eq!(error.hint(), Some("--allow-net=example.org:443 allows them"));
        assert!(Gate::open().network("example.org", 443).is_ok());
    }

    #[test]
    fn grants_that_are_no_hosts_are_refused() {
        for grant in ["", ":80", "http://example.org", "example.org/x", "a@b", "example.org:http", "a:65536"]
        {
            let grants = Grants { network: vec![grant.to_owned()], ..Grants::default() };
            assert!(Gate::sandbox(&grants).is_err(), "{grant}");
        }
    }
}
