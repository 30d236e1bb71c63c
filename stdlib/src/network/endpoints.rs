//! Where services are: what the environment says, then what the user's file `apis.yaml` says, then where they are for everybody.

use super::address;
use super::service::Service;
use crate::biology::distances;
use biovm_vm::gate::Gate;
use biovm_vm::{Error, ErrorKind};
use etcetera::home_dir;
use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, YamlData};
use std::io;
use std::path::PathBuf;
use url::Url;

/// The names that the file may have for services, those that biovm does not ask among them: the file is shared with other
/// programs for the language.
const KNOWN: [&str; 18] = [
    "ncbi",
    "ncbi_datasets",
    "ensembl",
    "uniprot",
    "ucsc",
    "biomart",
    "kegg",
    "string_db",
    "pdb_data",
    "pdb_search",
    "reactome",
    "go",
    "cosmic",
    "nfcore_catalog",
    "nfcore_github",
    "nfcore_raw",
    "biocontainers",
    "galaxy_toolshed",
];
/// What the lines of the file look like.
const FORM: &str = "a line names a service and its address: `ncbi: https://example.org/eutils`";

/// Where a service is.
#[derive(Debug)]
pub struct Endpoint {
    /// Its base address.
    pub url: Url,
    /// Who says so: a variable, a line of a file, or `default`.
    pub source: String,
}

impl Endpoint {
    /// That of a service, for this user.
    pub fn of(gate: &Gate, service: &Service) -> Result<Endpoint, Error> {
        let name = service.name.to_ascii_uppercase();
        for variable in [format!("BIOVM_{name}_URL"), format!("BIOLANG_{name}_URL")] {
            if let Some(address) = setting(gate, &variable) {
                return Endpoint::new(&address, variable);
            }
        }
        if let Some(found) = ApisFile::read(gate)?.map(|file| file.find(service.name)).transpose()?.flatten()
        {
            return Ok(found);
        }
        Ok(Endpoint { url: address::parse(service.base)?, source: "default".to_owned() })
    }

    fn new(address: &str, source: String) -> Result<Endpoint, Error> {
        let url = address::parse(address).map_err(|error| {
            error.map_message(|message| format!("the address in {source} is of no use: {message}"))
        })?;
        Ok(Endpoint { url, source })
    }
}

/// What a variable says, where it says something.
fn setting(gate: &Gate, name: &str) -> Option<String> {
    let value = gate.setting(name)?.into_string().ok()?;
    Some(value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// The file in which the user has written where services are.
struct ApisFile {
    path: String,
    text: String,
}

impl ApisFile {
    /// The file, where there is one.
    fn read(gate: &Gate) -> Result<Option<ApisFile>, Error> {
        let named = ["BIOVM_CONFIG_DIR", "BIOLANG_CONFIG_DIR"].iter().find_map(|name| setting(gate, name));
        let folder = match named {
            Some(folder) => PathBuf::from(folder),
            None => match home_dir() {
                Ok(home) => home.join(".biolang"),
                Err(_) => return Ok(None),
            },
        };
        let path = folder.join("apis.yaml");
        let shown = path.display().to_string();
        match gate.setting_file(&path) {
            Ok(text) => Ok(Some(ApisFile { path: shown, text })),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                Ok(None)
            }
            Err(error) => {
                let why = match error.kind() {
                    io::ErrorKind::PermissionDenied => "no permission".to_owned(),
                    io::ErrorKind::InvalidData => "it is no text in UTF-8".to_owned(),
                    _ => error.to_string(),
                };
                Err(Error::new(ErrorKind::Io, format!("cannot read {shown}: {why}"))
                    .with_hint("make it readable, or move it away"))
            }
        }
    }

    /// What it says about a service.
    fn find(&self, service: &str) -> Result<Option<Endpoint>, Error> {
        let documents = MarkedYaml::load_from_str(&self.text).map_err(|error| {
            self.wrong(error.marker().line(), &format!("it is no YAML: {}", error.info()), FORM)
        })?;
        let mut found = None;
        for document in documents {
            let entries = match document.data {
                YamlData::Mapping(entries) => entries,
                YamlData::Value(Scalar::Null) => continue,
                _ => return Err(self.wrong(document.span.start.line(), "it lists no services", FORM)),
            };
            for (key, value) in entries {
                let line = key.span.start.line();
                let YamlData::Value(Scalar::String(name)) = key.data else {
                    return Err(self.wrong(line, "a service has no name", FORM));
                };
                if let Some(near) = misspelt(&name) {
                    let hint = format!("did you mean '{near}'?");
                    return Err(self.wrong(line, &format!("there is no service '{name}'"), &hint));
                }
                if name != service {
                    continue;
                }
                match value.data {
                    YamlData::Value(Scalar::Null) => {}
                    YamlData::Value(Scalar::String(address)) if address.trim().is_empty() => {}
                    YamlData::Value(Scalar::String(address)) => {
                        let source = format!("{}, line {line}", self.path);
                        found = Some(Endpoint::new(address.trim(), source)?);
                    }
                    _ => return Err(self.wrong(line, &format!("'{name}' has no address"), FORM)),
                }
            }
        }
        Ok(found)
    }

    fn wrong(&self, line: usize, what: &str, hint: &str) -> Error {
        Error::value_error(format!("{}, line {line}: {what}", self.path)).with_hint(hint.to_owned())
    }
}

/// The service that was meant, where a name is nearly that of one. Other names are somebody else's.
fn misspelt(name: &str) -> Option<&'static str> {
    if KNOWN.contains(&name) {
        return None;
    }
    let sorted = |name: &str| {
        let mut letters = name.to_ascii_lowercase().into_bytes();
        letters.sort_unstable();
        letters
    };
    KNOWN.into_iter().filter(|known| known.len() > 3).find(|known| {
        let differences = distances::edit(name.to_ascii_lowercase().as_bytes(), known.as_bytes());
        differences <= known.len() / 4 || sorted(name) == sorted(known)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(text: &str) -> Result<Option<(String, String)>, String> {
        let file = ApisFile { path: "apis.yaml".to_owned(), text: text.to_owned() };
        let found = file
            .find("ncbi")
            .map_err(|error| format!("{} ({})", error.message(), error.hint().unwrap_or("no hint")))?;
        Ok(found.map(|found| (found.url.to_string(), found.source)))
    }

    #[test]
    fn a_line_says_where_a_service_is() {
        let url = "https://mirror.example.org/eutils";
        for text in [
            format!("ncbi: {url}"),
            format!("# mirrors\n\nensembl: https://e.example.org\nncbi:   '{url}'  # ours"),
            format!("---\nmine: [1, 2]\n\"ncbi\": \"{url}\"\r\n"),
            format!("{{ncbi: \"{url}\"}}"),
        ] {
            let line = 1 + text[..text.find("ncbi").expect("the name")].matches('\n').count();
            assert_eq!(find(&text), Ok(Some((url.to_owned(), format!("apis.yaml, line {line}")))), "{text}");
        }
        for text in
            ["", "\n", "# nothing\n", "ensembl: https://e.example.org", "ncbi:", "ncbi: ''", "ncbi: ~"]
        {
            assert_eq!(find(text), Ok(None), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_has_a_line_and_advice() {
        for (text, expected) in [
            ("ensembl: https://a.org\nncbi: 'x", "apis.yaml, line 2: it is no YAML: "),
            ("- https://a.org", "apis.yaml, line 1: it lists no services (a line names a service"),
            ("https//a.org", "apis.yaml, line 1: it lists no services"),
            ("\nnbci: https://a.org", "apis.yaml, line 2: there is no service 'nbci' (did you mean 'ncbi'?)"),
            ("ncbi:\n  url: https://a.org", "apis.yaml, line 1: 'ncbi' has no address (a line names"),
            ("ncbi: 7", "apis.yaml, line 1: 'ncbi' has no address"),
            ("1: https://a.org", "apis.yaml, line 1: a service has no name"),
            (
                "ncbi: ftp://a.org",
                "the address in apis.yaml, line 1 is of no use: ftp://a.org/ is no address",
            ),
            ("ncbi: https://a.org\nncbi: https://b.org", "apis.yaml, line 2: it is no YAML: "),
        ] {
            let error = find(text).expect_err(text);
            assert!(error.starts_with(expected) && !error.ends_with("(no hint)"), "{text}: {error}");
        }
    }
}
