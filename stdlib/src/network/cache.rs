//! Answers that are kept: in memory for this run, and in files where the user or the script wants that.

use super::exchange::hexadecimal;
use crate::files::output::{Compress, OutputFile};
use biovm_vm::gate::Gate;
use biovm_vm::{Error, ErrorKind};
use etcetera::BaseStrategy;
use indexmap::IndexMap;
use parking_lot::Mutex;
use sha2::{Digest, Sha256};
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// How long a file answers.
const USUAL_TIME: Duration = Duration::from_secs(7 * 86_400);
/// Bytes of all answers that are kept in memory together.
const MOST_MEMORY: usize = 32 << 20;
/// Answers that are larger are read from files at the most.
const LARGEST_IN_MEMORY: usize = 4 << 20;

/// What has been answered in this run, the oldest first.
static MEMORY: Mutex<Option<Memory>> = Mutex::new(None);

#[derive(Default)]
struct Memory {
    answers: IndexMap<String, Arc<str>>,
    bytes: usize,
}

/// How a call wants its answers kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Not at all.
    None,
    /// In memory.
    Memory,
    /// In files too. An error where the script has asked for that and it is not allowed.
    Files {
        /// Whether the script has asked.
        is_asked: bool,
    },
}

/// The answers of one service.
#[derive(Clone)]
pub struct Cache {
    gate: Gate,
    choice: Choice,
    /// How old an answer in a file may be; any age without the network.
    time: Option<Duration>,
    folder: Option<PathBuf>,
}

impl Cache {
    /// The cache of a service, as a call wants it: `kept` is its option `cache`, `time` its option `ttl`.
    pub fn new(
        gate: &Gate,
        service: &str,
        is_offline: bool,
        kept: Option<bool>,
        time: Option<&str>,
    ) -> Result<Cache, Error> {
        let is_wanted = gate.setting("BIOVM_CACHE").is_some_and(|value| value != "0" && !value.is_empty());
        let choice = match kept {
            Some(false) => Choice::None,
            Some(true) => Choice::Files { is_asked: true },
            None if is_wanted || is_offline => Choice::Files { is_asked: false },
            None => Choice::Memory,
        };
        let time = time.map_or(Ok(USUAL_TIME), |time| {
            humantime::parse_duration(time).map_err(|error| {
                Error::value_error(format!("the option 'ttl' is no length of time: {error}"))
                    .with_hint("write it as \"12h\" or \"7d\"")
            })
        })?;
        let folder = match gate.setting("BIOVM_CACHE_DIR") {
            Some(folder) => Some(PathBuf::from(folder)),
            None => etcetera::choose_base_strategy().ok().map(|system| system.cache_dir().join("biovm")),
        };
        Ok(Cache {
            gate: gate.clone(),
            choice,
            time: (!is_offline).then_some(time),
            folder: folder.map(|folder| folder.join(service)),
        })
    }

    /// The answer to what this address asks, where it is kept. The address has no secrets in it.
    pub async fn get(&self, url: &Url) -> Result<Option<Arc<str>>, Error> {
        if self.choice == Choice::None {
            return Ok(None);
        }
        let kept = MEMORY.lock().as_ref().and_then(|memory| memory.answers.get(url.as_str()).cloned());
        if kept.is_some() || self.choice == Choice::Memory {
            return Ok(kept);
        }
        let (cache, url) = (self.clone(), url.clone());
        let found = smol::unblock(move || cache.read(&url)).await?;
        Ok(found.map(Arc::from))
    }

    /// Keeps an answer.
    pub async fn put(&self, url: &Url, answer: &Arc<str>) -> Result<(), Error> {
        if self.choice == Choice::None {
            return Ok(());
        }
        if answer.len() <= LARGEST_IN_MEMORY {
            remember(url.as_str(), answer);
        }
        let Choice::Files { is_asked } = self.choice else { return Ok(()) };
        let (cache, url, answer) = (self.clone(), url.clone(), answer.clone());
        let written = smol::unblock(move || cache.write(&url, &answer)).await;
        // The answer is there all the same, so only who has asked for it gets to know.
        if is_asked { written } else { Ok(()) }
    }

    fn path(&self, url: &Url) -> Result<(PathBuf, PathBuf), Error> {
        let folder = self.folder.clone().ok_or_else(|| {
            Error::new(ErrorKind::Io, "there is no folder to keep answers in")
                .with_hint("BIOVM_CACHE_DIR names one")
        })?;
        let name = hexadecimal(&Sha256::digest(url.as_str()));
        Ok((folder.clone(), folder.join(name)))
    }

    fn read(&self, url: &Url) -> Result<Option<String>, Error> {
        let (_, path) = self.path(url)?;
        let Ok(mut file) = self.gate.read_file(&path) else { return Ok(None) };
        let age = file
            .metadata()
            .and_then(|metadata| metadata.modified())
            .ok()
            .and_then(|time| time.elapsed().ok());
        if self.time.is_some_and(|time| age.is_some_and(|age| age > time)) {
            return Ok(None);
        }
        let mut text = String::new();
        if file.read_to_string(&mut text).is_err() {
            return Ok(None);
        }
        // The first line says what was asked, so that nobody takes one answer for another.
        let answer = text.split_once('\n').filter(|(asked, _)| *asked == url.as_str());
        Ok(answer.map(|(_, answer)| answer.to_owned()))
    }

    fn write(&self, url: &Url, answer: &str) -> Result<(), Error> {
        let (folder, path) = self.path(url)?;
        self.gate.create_folders(&folder).map_err(|refusal| {
            refusal.into_error(|error| {
                Error::new(ErrorKind::Io, format!("cannot make the folder {}: {error}", folder.display()))
            })
        })?;
        let mut file = OutputFile::create(&self.gate, &path.to_string_lossy(), Compress::None, 0)?;
        file.write(format!("{url}\n").as_bytes())?;
        file.write(answer.as_bytes())?;
        file.finish()
    }
}

fn remember(url: &str, answer: &Arc<str>) {
    let mut memory = MEMORY.lock();
    let memory = memory.get_or_insert_default();
    if let Some(before) = memory.answers.insert(url.to_owned(), answer.clone()) {
        memory.bytes -= before.len();
    }
    memory.bytes += answer.len();
    while memory.bytes > MOST_MEMORY
        && let Some((_, oldest)) = memory.answers.shift_remove_index(0)
    {
        memory.bytes -= oldest.len();
    }
}
