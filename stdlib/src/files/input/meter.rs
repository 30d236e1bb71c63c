//! How far files are read.

use biovm_vm::totals::Totals;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts the bytes of one or more files, as they are on the disk, while another thread reads them.
#[derive(Clone, Debug, Default)]
pub struct Meter {
    counts: Vec<Arc<AtomicU64>>,
    size: Option<u64>,
}

impl Meter {
    /// A meter of a file of that size, where it is known, and the reader that moves it.
    pub fn around<R: Read>(reader: R, size: Option<u64>) -> (Metered<R>, Meter) {
        let count: Arc<AtomicU64> = Arc::default();
        (Metered { reader, count: count.clone() }, Meter { counts: vec![count], size })
    }

    /// A meter of what somebody else moves, who begins there.
    pub fn moved(begin: u64, size: Option<u64>) -> (Arc<AtomicU64>, Meter) {
        let count = Arc::new(AtomicU64::new(begin));
        (count.clone(), Meter { counts: vec![count], size })
    }

    /// A meter of both.
    pub fn and(&self, other: &Meter) -> Meter {
        Meter {
            counts: self.counts.iter().chain(&other.counts).cloned().collect(),
            size: self.size.zip(other.size).map(|(own, other)| own + other),
        }
    }

    /// The bytes that were read so far.
    pub fn done(&self) -> u64 {
        self.counts.iter().map(|count| count.load(Ordering::Relaxed)).sum()
    }

    /// The bytes of the files together; unknown for pipes.
    pub fn size(&self) -> Option<u64> {
        self.size
    }
}

/// A reader whose bytes are counted.
pub struct Metered<R> {
    reader: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.count.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// A reader whose bytes count among all that the script reads.
pub struct Counted<R> {
    reader: R,
    totals: Arc<Totals>,
}

impl<R> Counted<R> {
    /// Counts what the reader reads.
    pub fn new(reader: R, totals: &Arc<Totals>) -> Counted<R> {
        Counted { reader, totals: Arc::clone(totals) }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.totals.add_bytes(count);
        Ok(count)
    }
}
