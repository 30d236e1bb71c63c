//! Reads in pairs: from two files, or from one file in which mates take turns.

use super::reader::FastqReader;
use crate::files::input::Meter;
use crate::files::reads::{BatchBuilder, Letters, OnError, ReadOptions, Source, shown};
use biovm_vm::{Error, ErrorKind};

/// Parses pairs into batches in which each read is followed by its mate.
pub struct PairReader {
    first: FastqReader,
    /// `None` where the first file has both.
    second: Option<FastqReader>,
    on_error: OnError,
    /// Pairs so far.
    pairs: u64,
    /// Pairs at which reading ends.
    limit: u64,
    /// Good reads that were left out because their mates were faulty.
    left_out: u64,
    /// Why reading ended before the files did.
    stopped: Option<String>,
}

/// A read that was read last, as messages show it.
struct Named {
    id: String,
    record: u64,
    line: u64,
    file: String,
}

impl Named {
    fn of(reader: &FastqReader, id: &str) -> Named {
        let (record, line) = reader.place();
        Named { id: shown(id.as_bytes()), record, line, file: reader.name().to_owned() }
    }
}

impl std::fmt::Display for Named {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Named { id, record, line, file } = self;
        write!(f, "{id} ({file}, record {record}, line {line})")
    }
}

impl PairReader {
    /// A reader of mates from two files, or from one. The limit of the options counts pairs.
    pub fn new(first: FastqReader, second: Option<FastqReader>, options: ReadOptions) -> PairReader {
        PairReader {
            first,
            second,
            on_error: options.on_error,
            pairs: 0,
            limit: options.limit.unwrap_or(u64::MAX),
            left_out: 0,
            stopped: None,
        }
    }

    /// Reads a pair into the batch. `false` at the end. On an error the batch holds whole pairs.
    fn next(&mut self, batch: &mut BatchBuilder) -> Result<bool, Error> {
        let before = batch.len();
        let result = self.read_pair(batch);
        if !matches!(result, Ok(true)) {
            while batch.len() > before {
                batch.retract();
            }
        }
        result
    }

    fn read_pair(&mut self, batch: &mut BatchBuilder) -> Result<bool, Error> {
        let Some(second) = &mut self.second else { return self.read_interleaved(batch) };
        let mut has_first = self.first.next(batch)?;
        let mut has_second = second.next(batch)?;
        // A faulty read that was skipped takes its mate along.
        while has_first && has_second && self.first.place().0 != second.place().0 {
            self.left_out += 1;
            if self.first.place().0 < second.place().0 {
                batch.forget(1);
                has_first = self.first.next(batch)?;
                if has_first {
                    batch.swap_last_two();
                }
            } else {
                batch.forget(0);
                has_second = second.next(batch)?;
            }
        }
        let (longer, shorter) = match (has_first, has_second) {
            (false, false) => return Ok(false),
            (true, true) if are_mates(batch.recent_id(1), batch.recent_id(0)) => return Ok(true),
            (true, true) => {
                let first = Named::of(&self.first, batch.recent_id(1));
                let second = Named::of(second, batch.recent_id(0));
                return self.different(&first, &second);
            }
            (true, false) => (&self.first, &*second),
            (false, true) => (&*second, &self.first),
        };
        let (mate, count) = (Named::of(longer, batch.recent_id(0)), shorter.place().0);
        if self.on_error == OnError::Skip && mate.record <= count {
            // The other file ends in a faulty read.
            self.left_out += 1;
            return Ok(false);
        }
        let shorter = shorter.name().to_owned();
        self.unequal(&mate, &shorter, count)
    }

    fn read_interleaved(&mut self, batch: &mut BatchBuilder) -> Result<bool, Error> {
        if !self.first.next(batch)? {
            return Ok(false);
        }
        loop {
            let first = Named::of(&self.first, batch.recent_id(0));
            if !self.first.next(batch)? {
                if self.on_error == OnError::Skip && self.first.place().0 > first.record {
                    self.left_out += 1;
                    return Ok(false);
                }
                let message = format!("the read {first} has no mate: the file ends behind it");
                return self.fail(&message, "in an interleaved file each read is followed by its mate");
            }
            if are_mates(batch.recent_id(1), batch.recent_id(0)) {
                return Ok(true);
            }
            let second = Named::of(&self.first, batch.recent_id(0));
            if self.on_error == OnError::Skip && second.record > first.record + 1 {
                // Between the two a faulty read was skipped: the mate of one of them.
                self.left_out += 1;
                batch.forget(1);
                continue;
            }
            return self.different(&first, &second);
        }
    }

    fn different(&mut self, first: &Named, second: &Named) -> Result<bool, Error> {
        let message = format!("the reads of pair {} are no mates: {first} and {second}", self.pairs + 1);
        self.fail(&message, "both need the same name, apart from /1 and /2 at its end")
    }

    fn unequal(&mut self, longer: &Named, shorter: &str, count: u64) -> Result<bool, Error> {
        let plural = if count == 1 { "" } else { "s" };
        let message = format!("the read {longer} has no mate: {shorter} ends after {count} record{plural}");
        self.fail(&message, "both files must have the same reads, in the same order")
    }

    fn fail(&mut self, message: &str, hint: &str) -> Result<bool, Error> {
        if self.on_error == OnError::Stop {
            self.stopped = Some(message.to_owned());
            return Ok(false);
        }
        Err(Error::new(ErrorKind::Format, message).with_hint(hint))
    }
}

/// Whether these are the names of two mates. The readers have cut them at the first blank.
fn are_mates(first: &str, second: &str) -> bool {
    first.strip_suffix("/1").unwrap_or(first) == second.strip_suffix("/2").unwrap_or(second)
}

impl Source for PairReader {
    fn fill(&mut self, batch: &mut BatchBuilder) -> Result<bool, Error> {
        while !batch.is_full() {
            if self.pairs >= self.limit || !self.next(batch)? {
                return Ok(false);
            }
            self.pairs += 1;
        }
        Ok(true)
    }

    fn letters(&self) -> Letters {
        self.first.letters()
    }

    fn has_quality(&self) -> bool {
        true
    }

    fn summary(&self) -> Vec<String> {
        let mut lines = self.first.summary();
        lines.extend(self.second.iter().flat_map(Source::summary));
        if self.left_out > 0 {
            let (count, plural) = (self.left_out, if self.left_out == 1 { "" } else { "s" });
            lines.push(format!("{}: left out {count} good read{plural} without a mate", self.first.name()));
        }
        lines.extend(self.stopped.iter().map(|why| format!("stopped reading: {why}")));
        lines
    }

    fn may_block(&self) -> bool {
        self.first.may_block() || self.second.as_ref().is_some_and(Source::may_block)
    }

    fn meter(&self) -> Meter {
        match &self.second {
            Some(second) => self.first.meter().and(&second.meter()),
            None => self.first.meter(),
        }
    }
}
