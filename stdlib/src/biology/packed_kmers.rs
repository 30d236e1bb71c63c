//! Counting k-mers, packed two bits a letter: A is 0, C 1, G 2, T or U 3, the first letter highest.

use rustc_hash::FxHashMap;

/// The longest k-mer that fits.
pub const LONGEST: usize = 32;
/// Up to this length each k-mer has a counter of its own in a table.
const LONGEST_IN_TABLE: usize = 9;

const fn codes() -> [u8; 256] {
    let mut table = [4; 256];
    let mut code = 0;
    while code < 4 {
        let letter = b"ACGT"[code];
        table[letter as usize] = code as u8;
        table[letter.to_ascii_lowercase() as usize] = code as u8;
        code += 1;
    }
    table[b'U' as usize] = 3;
    table[b'u' as usize] = 3;
    table
}

static CODES: [u8; 256] = codes();

/// Calls `visit` with every k-mer of plain bases, from left to right, and its position. `k` is 1 to 32.
#[inline]
pub fn for_each(letters: &[u8], k: usize, canonical: bool, mut visit: impl FnMut(usize, u64)) {
    debug_assert!((1..=LONGEST).contains(&k));
    let mask = if k == 32 { !0 } else { (1u64 << (2 * k)) - 1 };
    let top = 2 * (k - 1);
    let (mut forward, mut reverse, mut valid) = (0u64, 0u64, 0usize);
    for (position, &letter) in letters.iter().enumerate() {
        let code = CODES[usize::from(letter)];
        if code > 3 {
            valid = 0;
            continue;
        }
        forward = ((forward << 2) | u64::from(code)) & mask;
        reverse = (reverse >> 2) | (u64::from(3 - code) << top);
        valid += 1;
        if valid >= k {
            let kmer = if canonical { forward.min(reverse) } else { forward };
            visit(position + 1 - k, kmer);
        }
    }
}

/// The letters of a packed k-mer.
pub fn decode(kmer: u64, k: usize, rna: bool) -> String {
    let letters = if rna { b"ACGU" } else { b"ACGT" };
    (0..k).rev().map(|place| char::from(letters[((kmer >> (2 * place)) & 3) as usize])).collect()
}

/// How often each k-mer was seen.
pub struct Counts {
    k: usize,
    canonical: bool,
    /// One counter for each possible k-mer, where they are few.
    table: Vec<u64>,
    map: FxHashMap<u64, u64>,
}

impl Counts {
    /// Counters for k-mers of `k` letters, 1 to 32. Canonical ones count together with their reverse complement, as the
    /// smaller of the two.
    pub fn new(k: usize, canonical: bool) -> Counts {
        let size = if k <= LONGEST_IN_TABLE { 1 << (2 * k) } else { 0 };
        Counts { k, canonical, table: vec![0; size], map: FxHashMap::default() }
    }

    /// Counts the k-mers of a sequence. Those with other letters than A, C, G, T and U are left out.
    pub fn add(&mut self, letters: &[u8]) {
        let Counts { k, canonical, table, map } = self;
        if table.is_empty() {
            for_each(letters, *k, *canonical, |_, kmer| *map.entry(kmer).or_default() += 1);
        } else {
            for_each(letters, *k, *canonical, |_, kmer| table[kmer as usize] += 1);
        }
    }

    /// The number of different k-mers.
    pub fn distinct(&self) -> usize {
        self.map.len() + self.table.iter().filter(|count| **count > 0).count()
    }

    /// All k-mers with their counts, most frequent first, equally frequent ones in the order of the alphabet.
    pub fn into_sorted(self) -> Vec<(u64, u64)> {
        let in_table = (0u64..).zip(self.table).filter(|(_, count)| *count > 0);
        let mut counts: Vec<(u64, u64)> = in_table.chain(self.map).collect();
        counts.sort_unstable_by_key(|&(kmer, count)| (std::cmp::Reverse(count), kmer));
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(letters: &[u8], k: usize) -> Vec<(String, u64)> {
        let mut counts = Counts::new(k, true);
        counts.add(letters);
        counts.into_sorted().into_iter().map(|(kmer, count)| (decode(kmer, k, false), count)).collect()
    }

    #[test]
    fn counts_start_again_after_an_n() {
        // ACG and its reverse complement CGT are one; so are the k-mers of the part behind the N.
        assert_eq!(counted(b"ACGTNACG", 3), [("ACG".to_owned(), 3)]);
        assert_eq!(counted(b"acgunacg", 3), [("ACG".to_owned(), 3)]);
        assert!(counted(b"AC", 3).is_empty());
    }

    #[test]
    fn longest_kmer_has_its_reverse_complement() {
        let letters = [vec![b'A'; 31], vec![b'C']].concat();
        let expected = String::from_utf8(letters.clone()).unwrap();
        assert_eq!(counted(&letters, 32), [(expected.clone(), 1)]);
        let opposite = [vec![b'G'], vec![b'T'; 31]].concat();
        assert_eq!(counted(&opposite, 32), [(expected, 1)]);
    }

    #[test]
    fn every_length_has_its_kmers() {
        for length in (255..=265).chain([512]) {
            let letters: Vec<u8> = (0..length).map(|i: usize| b"ACGT"[(i * i / 3) % 4]).collect();
            for k in [9, 10] {
                assert_eq!(
                    counted(&letters, k).iter().map(|(_, count)| *count as usize).sum::<usize>(),
                    length + 1 - k
                );
            }
        }
    }
}
