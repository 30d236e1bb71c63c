//! Reading FASTQ.

use super::careful::{self, Scratch, Step};
use crate::biology::letters;
use crate::files::input::{Block, Format, Input, Lines, Meter, sniff};
use crate::files::reads::{BatchBuilder, Fault, Faults, Letters, ReadOptions, Source};
use biovm_vm::value::Alphabet;
use biovm_vm::{Error, ErrorKind};
use noodles::fastq;

/// The bytes of the file that are looked at together.
const BLOCK: usize = 256 * 1024;

/// Parses a FASTQ file into batches.
pub struct FastqReader {
    block: Block,
    record: fastq::Record,
    scratch: Scratch,
    faults: Faults,
    /// How many more records are wanted.
    remaining: u64,
    /// The line in which the last good record began.
    line: u64,
}

impl FastqReader {
    /// A reader of the input. A `TypeError` if it is of another format.
    pub fn new(input: Input, options: ReadOptions) -> Result<FastqReader, Error> {
        let mut block = Block::new(input, BLOCK);
        // Blank lines alone do not tell the format.
        while block.data().trim_ascii_start().is_empty() && !block.ended() {
            block.grow();
        }
        let name = block.input().name.clone();
        if let Some(format) = sniff(block.data()).filter(|format| *format != Format::Fastq) {
            return Err(wrong_format(&name, format, Format::Fastq));
        }
        let faults = Faults::new(name, options.on_error);
        let remaining = options.limit.unwrap_or(u64::MAX);
        Ok(FastqReader {
            block,
            record: fastq::Record::default(),
            scratch: Scratch::default(),
            faults,
            remaining,
            line: 0,
        })
    }

    /// The number of the last record, faulty ones counted, and the line in which it began.
    pub fn place(&self) -> (u64, u64) {
        (self.faults.records(), self.line)
    }

    /// The name of the file.
    pub fn name(&self) -> &str {
        &self.block.input().name
    }

    /// Reads one record into the batch. `false` at the end of the file.
    pub fn next(&mut self, batch: &mut BatchBuilder) -> Result<bool, Error> {
        loop {
            if let Some(length) = self.read_usual(batch) {
                self.line = self.block.lines_passed() + 1;
                self.block.advance(length, 4);
                self.faults.passed();
                return Ok(true);
            }
            let step = careful::read(self.block.data(), self.block.ended(), &mut self.scratch);
            if self.block.ended()
                && matches!(step, Step::End | Step::Fault { .. })
                && let Some(error) = self.block.take_error()
            {
                // What looks like a broken record is where the input broke off.
                self.faults.report_input(error)?;
                return Ok(false);
            }
            match step {
                Step::More => self.block.grow(),
                Step::End => return Ok(false),
                Step::Record { length, lines } => {
                    let Scratch { id, description, sequence, quality } = &self.scratch;
                    let (mut read, valid) = batch.begin(id, description);
                    read.push_upper(sequence);
                    read.close(quality);
                    self.line = self.block.lines_passed() + blank_lines(self.block.data()) + 1;
                    self.block.advance(length, lines);
                    self.note_text(valid);
                    self.faults.passed();
                    return Ok(true);
                }
                Step::Fault { lines, what, hint, resume } => {
                    let line = self.block.lines_passed() + lines + 1;
                    if !self.faults.report(Fault { line, what, hint })? {
                        return Ok(false);
                    }
                    self.block.advance(resume.length, resume.lines);
                    self.find_next();
                }
            }
        }
    }

    /// Lets noodles read a record of four lines. Returns its length in bytes; `None` where it is not complete, or not as
    /// it should be.
    #[inline]
    fn read_usual(&mut self, batch: &mut BatchBuilder) -> Option<usize> {
        let data = self.block.data();
        let record = &mut self.record;
        let length = fastq::io::Reader::new(Lines(data)).read_record(record).ok()?;
        // noodles takes the end of the slice for the end of the file.
        let complete = length > 0 && (data.get(length - 1) == Some(&b'\n') || self.block.ended());
        if !complete || record.sequence().len() != record.quality_scores().len() {
            return None;
        }
        let plain = letters::is_plain(Alphabet::Dna, record.sequence());
        if !plain {
            record.sequence_mut().make_ascii_uppercase();
            if letters::first_foreign(Alphabet::Dna, record.sequence()).is_some() {
                return None;
            }
        }
        if !letters::is_quality(record.quality_scores()) {
            return None;
        }
        let (mut read, valid) = batch.begin(record.name(), record.description().trim_ascii());
        read.push(record.sequence());
        read.close(record.quality_scores());
        self.note_text(valid);
        Some(length)
    }

    fn note_text(&mut self, valid: bool) {
        if !valid {
            self.faults.replaced_text();
        }
    }

    /// Moves on to what looks like the start of a record.
    fn find_next(&mut self) {
        loop {
            let found = careful::find_start(self.block.data(), self.block.ended());
            self.block.advance(found.passed.length, found.passed.lines);
            if found.decided {
                return;
            }
            self.block.grow();
        }
    }
}

/// The number of blank lines that data begins with.
fn blank_lines(data: &[u8]) -> u64 {
    let blank = data.iter().take_while(|byte| byte.is_ascii_whitespace());
    blank.filter(|byte| **byte == b'\n').count() as u64
}

impl Source for FastqReader {
    fn fill(&mut self, batch: &mut BatchBuilder) -> Result<bool, Error> {
        while !batch.is_full() {
            if self.remaining == 0 || !self.next(batch)? {
                return Ok(false);
            }
            self.remaining -= 1;
        }
        Ok(true)
    }

    fn letters(&self) -> Letters {
        Letters::Sequence(Alphabet::Dna)
    }

    fn has_quality(&self) -> bool {
        true
    }

    fn summary(&self) -> Vec<String> {
        self.faults.summary().into_iter().chain(self.block.input().warning()).collect()
    }

    fn may_block(&self) -> bool {
        self.block.input().may_block
    }

    fn meter(&self) -> Meter {
        self.block.input().meter().clone()
    }
}

/// A `TypeError` that names the function for the format that the file has.
pub fn wrong_format(name: &str, found: Format, wanted: Format) -> Error {
    let message = format!("{name} is {}, not {}", found.name(), wanted.name());
    let error = Error::new(ErrorKind::Type, message);
    match found {
        Format::Fasta | Format::Fastq => {
            let word = found.word();
            error.with_hint(format!("use read_{word}(), {word}() or stream_{word}()"))
        }
        _ => error,
    }
}
