//! FASTQ records that are not four plain lines: blank lines between them, sequences of several lines, faults.

use crate::biology::letters;
use crate::files::reads::{shown, shown_letter};
use biovm_vm::value::Alphabet;

/// A record, taken apart.
#[derive(Debug, Default)]
pub struct Scratch {
    /// The name.
    pub id: Vec<u8>,
    /// What follows the name.
    pub description: Vec<u8>,
    /// The letters, in either case.
    pub sequence: Vec<u8>,
    /// Phred+33 text.
    pub quality: Vec<u8>,
}

/// A piece of the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// In bytes.
    pub length: usize,
    /// In lines.
    pub lines: u64,
}

/// What a look at the data came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// The data ends inside of a record, and the file goes on.
    More,
    /// There are no more records.
    End,
    /// A record, which takes up this much.
    Record {
        /// Its bytes, with blank lines before it.
        length: usize,
        /// Its lines, with blank lines before it.
        lines: u64,
    },
    /// A faulty record.
    Fault {
        /// The number of lines before the one that is wrong.
        lines: u64,
        /// What was expected and what was found.
        what: String,
        /// What to do about it.
        hint: Option<String>,
        /// The part of the data behind which the next record may begin.
        resume: Extent,
    },
}

/// Goes through data line by line.
struct Lines<'a> {
    data: &'a [u8],
    ended: bool,
    passed: Extent,
}

/// The next line is not complete, and the file goes on.
struct Incomplete;

impl<'a> Lines<'a> {
    fn new(data: &'a [u8], ended: bool) -> Lines<'a> {
        Lines { data, ended, passed: Extent::default() }
    }

    /// The next line without its end; `None` at the end of the file.
    fn peek(&self) -> Result<Option<(&'a [u8], usize)>, Incomplete> {
        let rest = &self.data[self.passed.length..];
        let (line, length) = match memchr::memchr(b'\n', rest) {
            Some(end) => (&rest[..end], end + 1),
            None if !self.ended => return Err(Incomplete),
            None if rest.is_empty() => return Ok(None),
            None => (rest, rest.len()),
        };
        Ok(Some((line.strip_suffix(b"\r").unwrap_or(line), length)))
    }

    fn next(&mut self) -> Result<Option<&'a [u8]>, Incomplete> {
        let Some((line, length)) = self.peek()? else { return Ok(None) };
        self.passed.length += length;
        self.passed.lines += 1;
        Ok(Some(line))
    }

    fn fault(&self, what: impl Into<String>, resume: Extent) -> Step {
        // The line that was read last is the one that is wrong.
        Step::Fault { lines: self.passed.lines.saturating_sub(1), what: what.into(), hint: None, resume }
    }

    fn fault_at_end(&self, what: impl Into<String>, resume: Extent) -> Step {
        Step::Fault { lines: self.passed.lines, what: what.into(), hint: None, resume }
    }
}

/// Reads one record from the start of the data. `ended` says that the file ends with the data.
pub fn read(data: &[u8], ended: bool, record: &mut Scratch) -> Step {
    read_lines(&mut Lines::new(data, ended), record).unwrap_or(Step::More)
}

fn read_lines(lines: &mut Lines, record: &mut Scratch) -> Result<Step, Incomplete> {
    let header = loop {
        match lines.next()? {
            None => return Ok(Step::End),
            Some(line) if line.trim_ascii().is_empty() => {}
            Some(line) => break line,
        }
    };
    let resume = lines.passed;
    let Some(header) = header.strip_prefix(b"@") else {
        return Ok(lines.fault(format!("expected '@' and a name, found {}", shown(header)), resume));
    };
    let name_end = memchr::memchr2(b' ', b'\t', header).unwrap_or(header.len());
    let (id, description) = header.split_at(name_end);
    set(&mut record.id, id);
    set(&mut record.description, description.trim_ascii());

    record.sequence.clear();
    let mut sequence_lines = 0;
    loop {
        let Some(line) = lines.next()? else {
            let missing = if sequence_lines == 0 { "a sequence" } else { "'+' and the quality" };
            return Ok(lines.fault_at_end(format!("expected {missing}, found the end of the file"), resume));
        };
        if line.starts_with(b"+") {
            break;
        }
        if let Some(position) = letters::first_foreign(Alphabet::Dna, line) {
            // Behind a sequence it is more likely that the line with '+' is missing.
            if sequence_lines > 0 || line.starts_with(b"@") {
                return Ok(lines.fault(format!("expected '+', found {}", shown(line)), resume));
            }
            let letter = shown_letter(line, position);
            let mut fault =
                lines.fault(format!("{letter} at position {position} is not a DNA letter"), resume);
            if let Step::Fault { hint, .. } = &mut fault
                && line[position].eq_ignore_ascii_case(&b'U')
            {
                *hint = Some("FASTQ holds DNA: write T for U".to_owned());
            }
            return Ok(fault);
        }
        record.sequence.extend_from_slice(line);
        sequence_lines += 1;
    }

    if let Some(fault) = read_quality(lines, record, sequence_lines, resume)? {
        return Ok(fault);
    }
    if let Some(position) = record.quality.iter().position(|letter| !letter.is_ascii_graphic()) {
        let letter = shown_letter(&record.quality, position);
        let what = format!("{letter} at position {position} is not a quality: expected '!' to '~'");
        return Ok(lines.fault(what, resume));
    }
    let Extent { length, lines } = lines.passed;
    Ok(Step::Record { length, lines })
}

/// Reads quality lines until there are as many letters as in the sequence.
fn read_quality(
    lines: &mut Lines,
    record: &mut Scratch,
    sequence_lines: usize,
    resume: Extent,
) -> Result<Option<Step>, Incomplete> {
    let wanted = record.sequence.len();
    let quality = &mut record.quality;
    quality.clear();
    if wanted == 0 {
        // Its line may be there, and is blank then.
        if let Some((line, _)) = lines.peek()?
            && line.is_empty()
        {
            lines.next()?;
        }
        return Ok(None);
    }
    let before = lines.passed.lines;
    let mut first_line = None;
    while quality.len() < wanted {
        // A quality may begin with '@' as well as the next record. Behind a sequence of one line it is the next record
        // as soon as there was one line of quality.
        let line_is_all = match lines.peek()? {
            // A whole line, only too short.
            None if sequence_lines <= 1 && first_line.is_some() && lines.data.ends_with(b"\n") => true,
            None => {
                let what = format!(
                    "expected {wanted} quality letters, found {} and the end of the file",
                    quality.len()
                );
                return Ok(Some(lines.fault_at_end(what, resume)));
            }
            Some((line, _)) => sequence_lines <= 1 && first_line.is_some() && line.starts_with(b"@"),
        };
        if line_is_all {
            break;
        }
        let line = lines.next()?.unwrap_or_default();
        first_line.get_or_insert(line.len());
        quality.extend_from_slice(line);
    }
    if quality.len() == wanted {
        return Ok(None);
    }
    // Of four plain lines, the fourth is wrong, wherever the search for more ended.
    let found = if sequence_lines <= 1 { first_line.unwrap_or_default() } else { quality.len() };
    let what = format!("sequence and quality differ in length: {wanted} and {found}");
    Ok(Some(Step::Fault { lines: before, what, hint: None, resume }))
}

fn set(buffer: &mut Vec<u8>, text: &[u8]) {
    buffer.clear();
    buffer.extend_from_slice(text);
}

/// Where the next record begins.
pub struct Found {
    /// What lies before it.
    pub passed: Extent,
    /// Whether that is certain. Otherwise the data ends before it can be told, and the file goes on.
    pub decided: bool,
}

/// Looks for the start of a record behind a faulty one: a line with '@', lines of DNA, a line with '+'.
pub fn find_start(data: &[u8], ended: bool) -> Found {
    let mut lines = Lines::new(data, ended);
    loop {
        let before = lines.passed;
        match begins_record(&mut lines) {
            Ok(true) => return Found { passed: before, decided: true },
            Err(Incomplete) => return Found { passed: before, decided: false },
            Ok(false) => {}
        }
        lines.passed = before;
        match lines.next() {
            Ok(Some(_)) => {}
            _ => return Found { passed: before, decided: ended },
        }
    }
}

fn begins_record(lines: &mut Lines) -> Result<bool, Incomplete> {
    match lines.next()? {
        Some(line) if line.starts_with(b"@") => {}
        _ => return Ok(false),
    }
    let mut sequence_lines = 0;
    while let Some(line) = lines.next()? {
        if line.starts_with(b"+") {
            return Ok(sequence_lines > 0);
        }
        if !letters::all_of(Alphabet::Dna, line) {
            return Ok(false);
        }
        sequence_lines += 1;
    }
    Ok(false)
}
