//! Made-up reads: letters and scores from a seeded generator, so that every run has the same ones.

use std::io::{self, Write};

/// The generator SplitMix64.
pub struct Random(u64);

impl Random {
    /// A generator whose numbers follow from the seed.
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        // The bias of this is far too small to matter here.
        ((u128::from(self.number()) * u128::from(limit)) >> 64) as u64
    }
}

/// Writes `count` FASTQ records of `length` bases. The GC share differs from read to read, one base in 512 is N, and
/// scores fall towards the 3' end, as those of a sequencing machine do.
pub fn write_fastq(out: &mut impl Write, count: usize, length: usize, seed: u64) -> io::Result<()> {
    let mut random = Random::new(seed);
    let (mut sequence, mut quality) = (vec![0; length], vec![0; length]);
    for number in 1..=count {
        let gc = 256 * (30 + random.below(41)) / 100;
        for (position, (letter, score)) in sequence.iter_mut().zip(&mut quality).enumerate() {
            let bits = random.number();
            let second = bits & 1 == 1;
            *letter = match (bits >> 1 & 0x1ff == 0, (bits >> 10) & 0xff < gc, second) {
                (true, ..) => b'N',
                (_, true, false) => b'G',
                (_, true, true) => b'C',
                (_, false, false) => b'A',
                (_, false, true) => b'T',
            };
            let fall = 12 * position as u64 / length.max(1) as u64;
            let noise = (bits >> 20) & 0x7;
            // One base in 16 is a bad one.
            let bad = if (bits >> 30) & 0xf == 0 { 20 } else { 0 };
            *score = b'!' + (40 - (fall + noise + bad).min(38)) as u8;
        }
        writeln!(out, "@read{number} made-up")?;
        for line in [&sequence[..], b"+", &quality] {
            out.write_all(line)?;
            out.write_all(b"\n")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(count: usize, length: usize, seed: u64) -> Vec<u8> {
        let mut text = Vec::new();
        write_fastq(&mut text, count, length, seed).expect("memory takes everything");
        text
    }

    #[test]
    fn the_seed_decides() {
        assert_eq!(text(50, 30, 7), text(50, 30, 7));
        assert_ne!(text(50, 30, 7), text(50, 30, 8));
    }

    #[test]
    fn records_are_well_formed() {
        let text = text(200, 150, 1);
        let mut reader = noodles::fastq::io::Reader::new(&text[..]);
        let records: Vec<_> = reader.records().map(|record| record.expect("a record")).collect();
        assert_eq!(records.len(), 200);
        for record in &records {
            assert_eq!((record.sequence().len(), record.quality_scores().len()), (150, 150));
            assert!(record.sequence().iter().all(|letter| b"ACGTN".contains(letter)));
            assert!(record.quality_scores().iter().all(|letter| (b'#'..=b'I').contains(letter)));
        }
    }
}
