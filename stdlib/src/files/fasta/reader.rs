//! Reading FASTA.

use super::alphabet::{self, AlphabetChoice};
use crate::biology::letters;
use crate::files::fastq::wrong_format;
use crate::files::input::{Block, Format, Input, Meter, sniff};
use crate::files::reads::{
    BatchBuilder, Fault, Faults, Letters, OpenRead, ReadOptions, Source, shown, shown_letter,
};
use biovm_vm::Error;
use biovm_vm::value::Alphabet;
use noodles::fasta;
use std::io::{self, BufRead};

/// The bytes of the file that are looked at together.
const BLOCK: usize = 256 * 1024;

/// Parses a FASTA file into batches.
pub struct FastaReader {
    reader: fasta::io::Reader<Block>,
    letters: Letters,
    detected: bool,
    faults: Faults,
    /// How many more records are wanted.
    remaining: u64,
    header: Vec<u8>,
    started: bool,
}

impl FastaReader {
    /// A reader of the input. A `TypeError` if it is of another format.
    pub fn new(input: Input, alphabet: AlphabetChoice, options: ReadOptions) -> Result<FastaReader, Error> {
        let mut block = Block::new(input, BLOCK);
        while block.data().trim_ascii_start().is_empty() && !block.ended() {
            block.grow();
        }
        let name = block.input().name.clone();
        if let Some(format) = sniff(block.data()).filter(|format| *format != Format::Fasta) {
            return Err(wrong_format(&name, format, Format::Fasta));
        }
        let letters = match alphabet {
            AlphabetChoice::Auto => Letters::Sequence(alphabet::detect(block.data())),
            AlphabetChoice::Fixed(letters) => letters,
        };
        Ok(FastaReader {
            reader: fasta::io::Reader::new(block),
            letters,
            detected: alphabet == AlphabetChoice::Auto,
            faults: Faults::new(name, options.on_error),
            remaining: options.limit.unwrap_or(u64::MAX),
            header: Vec::new(),
            started: false,
        })
    }

    fn block(&mut self) -> &mut Block {
        self.reader.get_mut()
    }

    /// Reads one record into the batch. `false` at the end of the file.
    fn next(&mut self, batch: &mut BatchBuilder) -> Result<bool, Error> {
        loop {
            let line = self.block().lines_passed() + 1;
            if !self.read_header().map_err(|error| self.lost(&error))? {
                if let Some(error) = self.block().take_error() {
                    self.faults.report_input(error)?;
                }
                return Ok(false);
            }
            let fault = if memchr::memchr(b'\r', &self.header).is_some() {
                // As the name of a sequence without letters the rest of the file would be lost.
                let what = "expected one line with a name, found a carriage return in it".to_owned();
                let hint = "lines end with a line feed; tr '\\r' '\\n' converts a file whose lines do not";
                Ok(Some(Fault { line, what, hint: Some(hint.to_owned()) }))
            } else if let Some(definition) = self.header.strip_prefix(b">") {
                let name_end = memchr::memchr2(b' ', b'\t', definition).unwrap_or(definition.len());
                let (id, description) = definition.split_at(name_end);
                let (read, valid) = batch.begin(id, description.trim_ascii());
                if !valid {
                    self.faults.replaced_text();
                }
                read_sequence(&mut self.reader, read, self.letters)
            } else {
                let what = format!("expected '>' and a name, found {}", shown(&self.header));
                Ok(Some(Fault { line, what, hint: None }))
            };
            let fault = fault.map_err(|error| self.lost(&error))?;
            if self.reader.get_ref().is_exhausted()
                && let Some(error) = self.block().take_error()
            {
                // The input broke off inside of this record, as far as anybody can tell.
                if fault.is_none() {
                    batch.retract();
                }
                self.faults.report_input(error)?;
                return Ok(false);
            }
            let Some(mut fault) = fault else {
                self.faults.passed();
                return Ok(true);
            };
            if self.detected && fault.hint.is_none() && self.started {
                fault.hint = self.alphabet_hint();
            }
            if !self.faults.report(fault)? {
                return Ok(false);
            }
            self.skip_record().map_err(|error| self.lost(&error))?;
        }
    }

    fn alphabet_hint(&self) -> Option<String> {
        let Letters::Sequence(alphabet) = self.letters else { return None };
        let name = alphabet.type_of();
        Some(format!("the first letters of the file are {name}; the option 'alphabet' says otherwise"))
    }

    /// Reads the next line that is not blank and not a comment. `false` at the end of the file.
    fn read_header(&mut self) -> io::Result<bool> {
        let FastaReader { reader, header, .. } = self;
        loop {
            header.clear();
            if reader.get_mut().read_until(b'\n', header)? == 0 {
                return Ok(false);
            }
            let line = header.trim_ascii_end();
            if !line.is_empty() && !line.starts_with(b";") {
                header.truncate(line.len());
                return Ok(true);
            }
        }
    }

    /// Passes the lines up to the next header.
    fn skip_record(&mut self) -> io::Result<()> {
        let block = self.reader.get_mut();
        loop {
            let at_header = block.at_line_start() && block.fill_buf()?.first() == Some(&b'>');
            if at_header || skip_line(block)? == 0 {
                return Ok(());
            }
        }
    }

    /// The error of a read that can only fail where the input has kept its own error.
    fn lost(&mut self, error: &io::Error) -> Error {
        let name = &self.reader.get_ref().input().name;
        let message = format!("cannot read {name}: {error}");
        self.block().take_error().unwrap_or_else(|| Error::new(biovm_vm::ErrorKind::Io, message))
    }
}

fn skip_line(block: &mut Block) -> io::Result<usize> {
    let mut passed = 0;
    loop {
        let data = block.fill_buf()?;
        let (length, ended) = match memchr::memchr(b'\n', data) {
            Some(end) => (end + 1, true),
            None => (data.len(), data.is_empty()),
        };
        block.consume(length);
        passed += length;
        if ended {
            return Ok(passed);
        }
    }
}

/// Reads the lines up to the next header, which noodles finds, into the record.
fn read_sequence(
    reader: &mut fasta::io::Reader<Block>,
    mut read: OpenRead,
    letters: Letters,
) -> io::Result<Option<Fault>> {
    loop {
        let mut sequence = reader.sequence_reader();
        let part = sequence.fill_buf()?;
        let Some(&first) = part.first() else { break };
        let length = part.len();
        let foreign = push(&mut read, part, letters);
        if foreign.is_none() && first != b';' {
            sequence.consume(length);
            continue;
        }
        let block = reader.get_mut();
        if first == b';' && block.at_line_start() {
            read.shorten(if foreign.is_none() { length } else { 0 });
            skip_line(block)?;
            continue;
        }
        let Some(position) = foreign else {
            reader.sequence_reader().consume(length);
            continue;
        };
        let line = block.lines_passed() + 1;
        let letter = shown_letter(block.data(), position);
        return Ok(Some(foreign_letter(letters, &letter, read.len() + position, line)));
    }
    let block = reader.get_mut();
    // noodles takes a '>' for a header wherever its buffer begins with one.
    if !block.at_line_start() && !block.is_exhausted() {
        let line = block.lines_passed() + 1;
        return Ok(Some(foreign_letter(letters, "'>'", read.len(), line)));
    }
    read.close(b"");
    Ok(None)
}

fn foreign_letter(letters: Letters, letter: &str, position: usize, line: u64) -> Fault {
    let wanted = match letters {
        Letters::Sequence(alphabet) => format!("a {} letter", alphabet.type_of()),
        Letters::Text => "text".to_owned(),
    };
    Fault {
        line,
        what: format!("{letter} at position {position} of the sequence is not {wanted}"),
        hint: None,
    }
}

/// Appends letters. The position of the first one that does not belong to the alphabet, in which case nothing is
/// appended.
#[inline]
fn push(read: &mut OpenRead, part: &[u8], letters: Letters) -> Option<usize> {
    match letters {
        Letters::Sequence(alphabet) => {
            if letters::is_plain(alphabet, part) {
                read.push(part);
                return None;
            }
            let foreign = letters::first_foreign(alphabet, part);
            if foreign.is_none() {
                read.push_upper(part);
            }
            foreign
        }
        Letters::Text => {
            let foreign = part.iter().position(|letter| !letter.is_ascii_graphic());
            if foreign.is_none() {
                read.push(part);
            }
            foreign
        }
    }
}

impl Source for FastaReader {
    fn fill(&mut self, batch: &mut BatchBuilder) -> Result<bool, Error> {
        while !batch.is_full() {
            if self.remaining == 0 || !self.next(batch)? {
                return Ok(false);
            }
            self.started = true;
            self.remaining -= 1;
        }
        Ok(true)
    }

    fn letters(&self) -> Letters {
        self.letters
    }

    fn has_quality(&self) -> bool {
        false
    }

    fn summary(&self) -> Vec<String> {
        self.faults.summary().into_iter().chain(self.reader.get_ref().input().warning()).collect()
    }

    fn may_block(&self) -> bool {
        self.reader.get_ref().input().may_block
    }

    fn meter(&self) -> Meter {
        self.reader.get_ref().input().meter().clone()
    }
}

/// The alphabet that a word names.
pub const ALPHABETS: [(&str, AlphabetChoice); 5] = [
    ("auto", AlphabetChoice::Auto),
    ("dna", AlphabetChoice::Fixed(Letters::Sequence(Alphabet::Dna))),
    ("rna", AlphabetChoice::Fixed(Letters::Sequence(Alphabet::Rna))),
    ("protein", AlphabetChoice::Fixed(Letters::Sequence(Alphabet::Protein))),
    ("text", AlphabetChoice::Fixed(Letters::Text)),
];
