//! Counting letters, in a shape that the compiler turns into vector instructions.

use super::letters;

/// Letters that are looked at together, with one small counter each.
const LANES: usize = 64;
/// A small counter is emptied before it can overflow.
const ROUNDS: usize = 255;

/// The number of letters for which the condition holds.
#[inline(always)]
pub fn count_where(text: &[u8], condition: impl Fn(u8) -> bool) -> usize {
    let mut total = 0;
    for block in text.chunks(LANES * ROUNDS) {
        let (chunks, rest) = block.as_chunks::<LANES>();
        let mut counters = [0u8; LANES];
        for chunk in chunks {
            for (counter, &letter) in counters.iter_mut().zip(chunk) {
                *counter += u8::from(condition(letter));
            }
        }
        total += counters.iter().map(|&counter| usize::from(counter)).sum::<usize>();
        // Fewer than a chunk, so that the sum fits a byte too.
        total += usize::from(rest.iter().map(|&letter| u8::from(condition(letter))).sum::<u8>());
    }
    total
}

/// The number of G and C, in either case.
pub fn count_gc(text: &[u8]) -> usize {
    // C is 0x43 and G is 0x47: they differ in one bit, and in another from lower case.
    count_where(text, |letter| letter & 0xdb == 0x43)
}

/// The number of A, C, G, T and U, in either case.
pub fn count_bases(text: &[u8]) -> usize {
    count_where(text, |letter| {
        let letter = letter & 0xdf;
        (letter == b'A') | (letter == b'C') | (letter == b'G') | (letter == b'T') | (letter == b'U')
    })
}

/// The number of a letter, in either case.
pub fn count_letter(text: &[u8], wanted: u8) -> usize {
    let wanted = wanted & 0xdf;
    count_where(text, |letter| letter & 0xdf == wanted)
}

/// How often each byte occurs.
pub fn histogram(text: &[u8]) -> [usize; 256] {
    // Four tables, because equal letters that follow one another would wait for each other's counter.
    let mut tables = [[0u32; 256]; 4];
    let mut total = [0usize; 256];
    for block in text.chunks(1 << 30) {
        let (chunks, rest) = block.as_chunks::<4>();
        for chunk in chunks {
            for (table, &letter) in tables.iter_mut().zip(chunk) {
                table[usize::from(letter)] += 1;
            }
        }
        for &letter in rest {
            tables[0][usize::from(letter)] += 1;
        }
        for table in &mut tables {
            for (sum, count) in total.iter_mut().zip(table) {
                *sum += std::mem::take(count) as usize;
            }
        }
    }
    total
}

/// What `gc_content` does with letters other than A, C, G, T and U.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ambiguous {
    /// Every letter counts in the denominator.
    Include,
    /// Only letters that are certain count: G C S against A T U W.
    Ignore,
    /// Each code counts by the bases that it stands for.
    Weighted,
    /// Only A C G T U count.
    BasesOnly,
}

/// The share of G and C, 0.0 to 1.0; 0.0 of nothing.
pub fn gc_content(text: &[u8], ambiguous: Ambiguous) -> f64 {
    let share = |part: f64, whole: f64| if whole == 0.0 { 0.0 } else { part / whole };
    match ambiguous {
        Ambiguous::Include => share(count_gc(text) as f64, text.len() as f64),
        Ambiguous::BasesOnly => share(count_gc(text) as f64, count_bases(text) as f64),
        Ambiguous::Ignore => {
            let (strong, weak) = (count_letter(text, b'S'), count_letter(text, b'W'));
            share((count_gc(text) + strong) as f64, (count_bases(text) + strong + weak) as f64)
        }
        Ambiguous::Weighted => {
            let counts = histogram(text);
            let expected: f64 = (0..=255u8)
                .map(|letter| {
                    let bases = letters::bases_of(letter);
                    let strong = (bases & 0b0110).count_ones();
                    counts[usize::from(letter)] as f64
                        * share(f64::from(strong), f64::from(bases.count_ones()))
                })
                .sum();
            share(expected, text.len() as f64)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_agree_with_a_plain_loop() {
        let mut state = 1u32;
        let text: Vec<u8> = (0..40_000)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                b"ACGTNacgtnRYSWu*"[(state >> 28) as usize]
            })
            .collect();
        for length in [0, 1, 63, 64, 65, 255, 16_320, 16_321, 16_384, 40_000] {
            let part = &text[..length];
            let gc = part.iter().filter(|letter| b"GCgc".contains(letter)).count();
            assert_eq!(count_gc(part), gc);
            let bases = part.iter().filter(|letter| b"ACGTUacgtu".contains(letter)).count();
            assert_eq!(count_bases(part), bases);
            assert_eq!(histogram(part).iter().sum::<usize>(), length);
        }
        assert_eq!(count_gc(&(0..=255).collect::<Vec<u8>>()), 4);
        assert_eq!(count_gc(&vec![b'G'; 100_000]), 100_000);
    }

    #[test]
    fn gc_content_of_ambiguous_letters() {
        let close = |left: f64, right: f64| (left - right).abs() < 1e-12;
        assert!(close(gc_content(b"ACGTNN", Ambiguous::Include), 1.0 / 3.0));
        assert!(close(gc_content(b"ACGTRYS", Ambiguous::Include), 2.0 / 7.0));
        assert!(close(gc_content(b"ACGTNN", Ambiguous::Ignore), 0.5));
        assert!(close(gc_content(b"ACGTRYS", Ambiguous::Ignore), 0.6));
        assert!(close(gc_content(b"NNSW", Ambiguous::Weighted), 0.5));
        assert!(close(gc_content(b"GCNN", Ambiguous::BasesOnly), 1.0));
        assert_eq!(gc_content(b"", Ambiguous::Ignore), 0.0);
    }
}
