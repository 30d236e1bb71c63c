//! The same work as the scripts do, written by hand as a Rust programmer would: no unsafe code, no threads, no crates
//! but noodles. Arguments go through `black_box` where the compiler could otherwise compute the answer beforehand.

use noodles::fastq;
use std::fs::File;
use std::hint::black_box;
use std::io::BufReader;
use std::path::Path;

/// Fibonacci numbers, by the recursion that everybody measures.
pub fn fib(n: i64) -> i64 {
    if n < 2 { n } else { black_box(fib(n - 1)) + fib(n - 2) }
}

/// A loop over Ints, with a remainder so that there is no formula for it.
pub fn integer_loop(n: i64) -> i64 {
    let mut total = 0;
    for i in 0..black_box(n) {
        total = (total + i * 7) % 1_000_003;
    }
    total
}

/// The Leibniz series of pi.
pub fn float_loop(n: i64) -> f64 {
    let (mut sum, mut sign) = (0.0, 1.0);
    for i in 0..black_box(n) {
        sum += sign / (2.0 * i as f64 + 1.0);
        sign = -sign;
    }
    4.0 * sum
}

/// A list that grows item by item.
pub fn list_push(n: i64) -> i64 {
    let mut squares = Vec::new();
    for i in 0..black_box(n) {
        squares.push(i * i);
    }
    black_box(&squares)[squares.len() - 1]
}

/// What the script keeps in a record.
pub struct Hit {
    /// A number.
    pub id: i64,
    /// A length.
    pub length: i64,
    /// A share.
    pub gc: f64,
}

/// The records of the script.
pub fn hits(n: i64) -> Vec<Hit> {
    (0..n).map(|i| Hit { id: i, length: 100 + i % 151, gc: (i % 100) as f64 / 100.0 }).collect()
}

/// A filter and a sum over records.
pub fn record_access(hits: &[Hit]) -> i64 {
    let mut total = 0;
    for hit in black_box(hits) {
        if hit.gc > 0.5 {
            total += hit.length + hit.id % 3;
        }
    }
    total
}

/// The sequences of a FASTQ file.
pub fn sequences(path: &Path) -> Vec<Vec<u8>> {
    let mut reader = open(path);
    reader.records().map(|record| record.expect("a record").sequence().to_vec()).collect()
}

/// The mean of the GC share of the reads.
pub fn mean_gc(sequences: &[Vec<u8>]) -> f64 {
    let shares = black_box(sequences).iter().map(|sequence| gc_content(sequence));
    shares.sum::<f64>() / sequences.len() as f64
}

fn gc_content(sequence: &[u8]) -> f64 {
    let count = sequence.iter().filter(|&&letter| letter == b'G' || letter == b'C').count();
    if sequence.is_empty() { 0.0 } else { count as f64 / sequence.len() as f64 }
}

/// The number of reads of a FASTQ file and the mean of their GC shares, one read in memory at a time.
pub fn streamed_gc(path: &Path) -> (u64, f64) {
    let mut reader = open(path);
    let mut record = fastq::Record::default();
    let (mut reads, mut sum) = (0, 0.0);
    while reader.read_record(&mut record).expect("a record") > 0 {
        reads += 1;
        sum += gc_content(record.sequence());
    }
    (reads, sum / reads as f64)
}

/// Quality control of a FASTQ file: reads, bases, mean GC, reads above a GC of 0.5, mean quality, Q20 and Q30 shares.
pub fn fastq_qc(path: &Path) -> Vec<f64> {
    let mut reader = open(path);
    let mut record = fastq::Record::default();
    let (mut reads, mut bases, mut high_gc, mut q20, mut q30) = (0, 0, 0, 0, 0);
    let (mut gc_sum, mut quality_sum) = (0.0, 0.0);
    while reader.read_record(&mut record).expect("a record") > 0 {
        let gc = gc_content(record.sequence());
        let scores = record.quality_scores();
        let at_least = |least: u8| scores.iter().filter(|&&score| score >= b'!' + least).count();
        reads += 1;
        bases += record.sequence().len();
        gc_sum += gc;
        high_gc += u32::from(gc > 0.5);
        let sum: u64 = scores.iter().map(|&score| u64::from(score - b'!')).sum();
        quality_sum += sum as f64 / scores.len().max(1) as f64;
        q20 += at_least(20);
        q30 += at_least(30);
    }
    let reads = f64::from(reads);
    let share = |count: usize| count as f64 / bases as f64;
    vec![reads, bases as f64, gc_sum / reads, f64::from(high_gc), quality_sum / reads, share(q20), share(q30)]
}

fn open(path: &Path) -> fastq::io::Reader<BufReader<File>> {
    let file = File::open(path).expect("the file of reads");
    fastq::io::Reader::new(BufReader::with_capacity(256 * 1024, file))
}
