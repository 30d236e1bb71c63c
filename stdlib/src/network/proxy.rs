//! Proxies, as the environment names them.

use super::address::Origin;
use base64::Engine;
use biovm_vm::gate::Gate;
use biovm_vm::{Error, ErrorKind};
use url::Url;

/// A server that connections are made through.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Proxy {
    /// Where it is.
    pub origin: Origin,
    /// The value of the header `proxy-authorization`, where it wants one.
    pub authorization: Option<String>,
}

/// What the variables `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` say.
#[derive(Clone, Debug, Default)]
pub struct Proxies {
    http: Option<String>,
    https: Option<String>,
    except: Vec<String>,
}

impl Proxies {
    /// Those of the process. Names in small letters go first.
    pub fn of(gate: &Gate) -> Proxies {
        let variable = |name: &str| {
            let value = gate.setting(name).or_else(|| gate.setting(&name.to_ascii_uppercase()))?;
            value.into_string().ok().filter(|value| !value.trim().is_empty())
        };
        let all = variable("all_proxy");
        let except = variable("no_proxy").unwrap_or_default();
        Proxies {
            http: variable("http_proxy").or_else(|| all.clone()),
            https: variable("https_proxy").or(all),
            except: except.split(',').map(|entry| entry.trim().to_ascii_lowercase()).collect(),
        }
    }

    /// The proxy for connections to that host, where there is one.
    pub fn proxy_for(&self, origin: &Origin) -> Result<Option<Proxy>, Error> {
        let named = if origin.is_secure { &self.https } else { &self.http };
        match named {
            Some(named) if !self.is_exempt(origin) => parse(named).map(Some),
            _ => Ok(None),
        }
    }

    fn is_exempt(&self, origin: &Origin) -> bool {
        let host = origin.bare_host().to_ascii_lowercase();
        self.except.iter().any(|entry| {
            let (name, port) = match entry.rsplit_once(':') {
                Some((name, port)) if !name.contains(':') => (name, port.parse::<u16>().ok()),
                _ => (entry.as_str(), None),
            };
            let name = name.trim_start_matches("*.").trim_start_matches('.');
            let covers = entry == "*"
                || !name.is_empty()
                    && host.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
            covers && port.is_none_or(|port| port == origin.port)
        })
    }
}

fn parse(named: &str) -> Result<Proxy, Error> {
    let wrong = |why: &str| {
        Error::new(ErrorKind::Io, format!("the proxy that the environment names is of no use: {why}"))
            .with_hint("write http_proxy and https_proxy as http://host:port, or name the host in no_proxy")
    };
    let text = if named.contains("://") { named.to_owned() } else { format!("http://{named}") };
    let url = Url::parse(text.trim()).map_err(|error| wrong(&error.to_string()))?;
    if url.scheme().starts_with("socks") {
        return Err(wrong(&format!("{}:// is a SOCKS proxy, which biovm does not support", url.scheme())));
    }
    if url.scheme() != "http" {
        return Err(wrong(&format!("{}:// is not supported", url.scheme())));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(wrong("it has no host"));
    }
    Ok(Proxy { authorization: basic_authorization(&url), origin: Origin::of(&url) })
}

/// The value of an `authorization` header for the name and password of an address.
pub fn basic_authorization(url: &Url) -> Option<String> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let plain = |text: &str| {
        url::form_urlencoded::parse(format!("={}", text.replace('+', "%2B")).as_bytes())
            .next()
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    };
    let pair = format!("{}:{}", plain(url.username()), plain(url.password().unwrap_or_default()));
    Some(format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Origin {
        Origin::of(&Url::parse(text).expect("an address"))
    }

    fn proxies(except: &str) -> Proxies {
        let except = except.split(',').map(str::to_owned).collect();
        Proxies {
            http: Some("proxy:3128".to_owned()),
            https: Some("http://u:p%40w@proxy".to_owned()),
            except,
        }
    }

    #[test]
    fn each_kind_of_address_has_its_proxy() {
        let plain = proxies("").proxy_for(&origin("http://a.org")).expect("a proxy").expect("a proxy");
        assert_eq!((plain.origin.authority(), plain.authorization), ("proxy:3128".to_owned(), None));
        let secure = proxies("").proxy_for(&origin("https://a.org")).expect("a proxy").expect("a proxy");
        assert_eq!(secure.origin.port, 80);
        assert_eq!(secure.authorization.as_deref(), Some("Basic dTpwQHc="));
    }

    #[test]
    fn hosts_can_be_exempt() {
        for (except, address, is_exempt) in [
            ("a.org", "http://a.org", true),
            (".a.org", "http://b.a.org", true),
            ("*.a.org", "http://b.a.org", true),
            ("a.org", "http://ba.org", false),
            ("a.org:81", "http://a.org", false),
            ("a.org:80", "http://a.org", true),
            ("*", "http://a.org", true),
            ("::1", "http://[::1]:5", true),
            ("", "http://a.org", false),
        ] {
            let found = proxies(except).proxy_for(&origin(address)).expect("no error");
            assert_eq!(found.is_none(), is_exempt, "{except} {address}");
        }
    }

    #[test]
    fn what_is_no_proxy_is_an_error_without_its_password() {
        for named in [
            "socks5://u:hunter22@a:1",
            "socks4a://u:hunter22@a:1",
            "https://u:hunter22@a:1",
            "http://",
            "http://u:hunter22@:1",
        ] {
            let error = parse(named).expect_err(named);
            assert!(!error.message().contains("hunter22"), "{error}");
        }
    }
}
