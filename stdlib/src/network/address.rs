//! Addresses, and what of them must not be shown.

use biovm_vm::Error;
use url::Url;

/// What stands in place of a secret.
const MASK: &str = "***";
/// Shorter secrets are masked where they stand in an address, but not wherever their letters appear.
const LEAST_SECRET: usize = 6;
/// Names of parameters and headers with one of these in it, written without hyphens and underscores, hold secrets.
const SECRET_NAMES: [&str; 8] =
    ["apikey", "token", "password", "passwd", "secret", "authorization", "signature", "cookie"];

/// Whether a parameter or header of that name holds a secret.
pub fn is_secret_name(name: &str) -> bool {
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect();
    matches!(plain.as_str(), "key" | "auth" | "sig") || SECRET_NAMES.iter().any(|part| plain.contains(part))
}

/// An address of the web that a connection can be made to.
pub fn parse(text: &str) -> Result<Url, Error> {
    let wrong = |why: String, hint: &str| Err(Error::value_error(why).with_hint(hint.to_owned()));
    match Url::parse(text) {
        Ok(url) if !matches!(url.scheme(), "http" | "https") => wrong(
            format!("{} is no address that biovm can fetch: it begins with {}:", shown(&url), url.scheme()),
            "addresses begin with https:// or http://",
        ),
        Ok(url) if url.host_str().is_none_or(str::is_empty) => {
            wrong(format!("{} names no host", shown(&url)), "write it as https://example.org/path")
        }
        Ok(url) => Ok(url),
        // What cannot be read may hold a secret anywhere, so only its beginning is shown.
        Err(error) => {
            let start: String = text.chars().take_while(|letter| !"?#@".contains(*letter)).take(80).collect();
            wrong(format!("'{start}' is no address: {error}"), "write it as https://example.org/path")
        }
    }
}

/// The address without its secrets, for messages.
pub fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // An address that cannot have a name or password has none.
    if url.password().is_some() {
        let _ = url.set_password(Some(MASK));
    }
    url.set_fragment(None);
    if url.query_pairs().any(|(name, _)| is_secret_name(&name)) {
        let parts: Vec<String> = url
            .query()
            .unwrap_or_default()
            .split('&')
            .map(|part| match part.split_once('=') {
                Some((name, _)) if is_secret_name(name) => format!("{name}={MASK}"),
                _ => part.to_owned(),
            })
            .collect();
        url.set_query(Some(&parts.join("&")));
    }
    url.into()
}

/// The address without its secrets, to know an answer again.
pub fn without_secrets(url: &Url) -> Url {
    let mut url = url.clone();
    let kept: Vec<(String, String)> =
        url.query_pairs().into_owned().filter(|(name, _)| !is_secret_name(name)).collect();
    if url.query().is_some() {
        url.query_pairs_mut().clear().extend_pairs(kept);
    }
    let _ = url.set_password(None);
    url
}

/// Texts that must appear in no message.
#[derive(Clone, Debug, Default)]
pub struct Secrets(Vec<String>);

impl Secrets {
    /// Adds those of an address.
    pub fn add_url(&mut self, url: &Url) {
        for (name, value) in url.query_pairs() {
            if is_secret_name(&name) {
                self.add(&value);
            }
        }
        for part in url.query().unwrap_or_default().split('&') {
            if let Some((name, value)) = part.split_once('=')
                && is_secret_name(name)
            {
                self.add(value);
            }
        }
        if let Some(password) = url.password() {
            self.add(password);
        }
    }

    /// Adds one.
    pub fn add(&mut self, secret: &str) {
        if secret.len() >= LEAST_SECRET && !self.0.iter().any(|known| known == secret) {
            self.0.push(secret.to_owned());
        }
    }

    /// The text without them.
    pub fn mask(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), MASK))
    }
}

/// Whom a connection is made to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    /// Whether the connection is encrypted.
    pub is_secure: bool,
    /// The host, as the address names it.
    pub host: String,
    /// The port.
    pub port: u16,
}

impl Origin {
    /// That of an address which [`parse`] has accepted.
    pub fn of(url: &Url) -> Origin {
        Origin {
            is_secure: url.scheme() == "https",
            host: url.host_str().unwrap_or_default().to_owned(),
            port: url.port_or_known_default().unwrap_or(80),
        }
    }

    /// The host as the system resolves it: an IPv6 address without brackets.
    pub fn bare_host(&self) -> &str {
        self.host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(&self.host)
    }

    /// `host:port`
    pub fn authority(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// The value of the header `host`.
    pub fn host_header(&self) -> String {
        let usual = if self.is_secure { 443 } else { 80 };
        if self.port == usual { self.host.clone() } else { self.authority() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("an address")
    }

    #[test]
    fn secrets_are_not_shown() {
        for (address, expected) in [
            ("https://a.org/x?db=gene&api_key=0123456789", "https://a.org/x?db=gene&api_key=***"),
            ("https://a.org/x?API-KEY=1&key=2", "https://a.org/x?API-KEY=***&key=***"),
            ("https://u:pass@a.org/x#part", "https://u:***@a.org/x"),
            ("https://a.org/x?X-Amz-Signature=abc", "https://a.org/x?X-Amz-Signature=***"),
            ("https://a.org/x?keyword=TP53%5Bgene%5D", "https://a.org/x?keyword=TP53%5Bgene%5D"),
        ] {
            assert_eq!(shown(&url(address)), expected);
        }
    }

    #[test]
    fn secrets_are_masked_wherever_they_are() {
        let mut secrets = Secrets::default();
        secrets.add_url(&url("https://a.org/?api_key=abc%2Bdef&token=12"));
        assert_eq!(secrets.mask("abc+def, abc%2Bdef, 12"), "***, ***, 12");
    }

    #[test]
    fn answers_are_known_without_secrets() {
        let with = without_secrets(&url("https://a.org/?a=1&api_key=x&b=%5B"));
        assert_eq!(with, without_secrets(&url("https://a.org/?a=1&b=%5B&api_key=other")));
        assert_ne!(with, without_secrets(&url("https://a.org/?a=2&b=%5B")));
    }

    #[test]
    fn what_is_no_address_is_refused_without_showing_secrets() {
        for text in [
            "",
            "reads.fa",
            "ftp://a.org/x",
            "file:///etc/passwd",
            "http://",
            "https://a b/?api_key=abcdefgh",
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.hint().is_some() && !error.message().contains("abcdefgh"), "{error}");
        }
    }

    #[test]
    fn the_usual_port_is_not_named() {
        assert_eq!(Origin::of(&url("https://a.org:443/x")).host_header(), "a.org");
        assert_eq!(Origin::of(&url("http://[::1]:8080/")).host_header(), "[::1]:8080");
        assert_eq!(Origin::of(&url("http://[::1]:8080/")).bare_host(), "::1");
    }
}
