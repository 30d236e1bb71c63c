//! What happens when a record violates its format.

use biovm_vm::{Error, ErrorKind};

/// What to do about a faulty record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnError {
    /// Raise a `FormatError`.
    #[default]
    Raise,
    /// Leave the record out, and say so at the end.
    Skip,
    /// Act as if the file ended before the record, and say so.
    Stop,
}

/// A violation of the format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line, from 1.
    pub line: u64,
    /// What was expected and what was found.
    pub what: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// Keeps count of the records of a file and of its faults.
pub struct Faults {
    name: String,
    on_error: OnError,
    records: u64,
    skipped: u64,
    first: Option<String>,
    stopped: Option<String>,
    replaced_text: bool,
}

impl Faults {
    /// No faults yet.
    pub fn new(name: impl Into<String>, on_error: OnError) -> Faults {
        Faults {
            name: name.into(),
            on_error,
            records: 0,
            skipped: 0,
            first: None,
            stopped: None,
            replaced_text: false,
        }
    }

    /// Counts a good record.
    #[inline]
    pub fn passed(&mut self) {
        self.records += 1;
    }

    /// The records so far, good or faulty.
    pub fn records(&self) -> u64 {
        self.records
    }

    /// Remembers that a name was not UTF-8.
    pub fn replaced_text(&mut self) {
        self.replaced_text = true;
    }

    /// Counts a faulty record. `Ok(true)` to go on with the next one, `Ok(false)` to stop.
    pub fn report(&mut self, fault: Fault) -> Result<bool, Error> {
        self.records += 1;
        let place = format!("record {}, line {}: {}", self.records, fault.line, fault.what);
        match self.on_error {
            OnError::Raise => {
                let error = Error::new(ErrorKind::Format, format!("{}: {place}", self.name));
                Err(match fault.hint {
                    Some(hint) => error.with_hint(hint),
                    None => error,
                })
            }
            OnError::Skip => {
                self.skipped += 1;
                self.first.get_or_insert(place);
                Ok(true)
            }
            OnError::Stop => {
                self.stopped = Some(place);
                Ok(false)
            }
        }
    }

    /// What to do about the end of damaged input: an error, unless reading was to stop there.
    pub fn report_input(&mut self, error: Error) -> Result<(), Error> {
        // Where it broke off, in the only measure that means something behind a compression.
        let error = match self.records {
            0 => error,
            records => error.map_message(|message| format!("{message} after record {records}")),
        };
        match self.on_error {
            OnError::Stop => {
                self.stopped =
                    Some(error.message().trim_start_matches(&format!("{}: ", self.name)).to_owned());
                Ok(())
            }
            _ => Err(error),
        }
    }

    /// One line for each thing that the user should know at the end.
    pub fn summary(&self) -> Vec<String> {
        let name = &self.name;
        let mut lines = Vec::new();
        if let Some(first) = &self.first {
            let count = self.skipped;
            let plural = if count == 1 { "" } else { "s" };
            lines.push(format!("{name}: skipped {count} bad record{plural}; the first: {first}"));
        }
        if let Some(place) = &self.stopped {
            lines.push(format!("{name}: stopped reading: {place}"));
        }
        if self.replaced_text {
            lines.push(format!("{name}: some names are not UTF-8; their bytes were replaced"));
        }
        lines
    }
}

/// The start of a line, for messages.
pub fn shown(line: &[u8]) -> String {
    const MOST: usize = 30;
    let text = String::from_utf8_lossy(line);
    let mut shown: String = text.chars().take(MOST).collect();
    if text.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    format!("{shown:?}")
}

/// A letter, for messages.
pub fn shown_letter(text: &[u8], position: usize) -> String {
    let rest = text.get(position..(position + 4).min(text.len())).unwrap_or_default();
    match String::from_utf8_lossy(rest).chars().next() {
        Some(char::REPLACEMENT_CHARACTER) | None => {
            format!("byte {}", rest.first().copied().unwrap_or_default())
        }
        Some(letter) => format!("{letter:?}"),
    }
}
