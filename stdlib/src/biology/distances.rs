//! Distances between two sequences.

use super::counting;

/// The number of positions where two texts of the same length differ, in either case.
pub fn hamming(left: &[u8], right: &[u8]) -> usize {
    debug_assert_eq!(left.len(), right.len());
    const BLOCK: usize = 4096;
    let mut differences = 0;
    let mut buffer = [0u8; BLOCK];
    for (left, right) in left.chunks(BLOCK).zip(right.chunks(BLOCK)) {
        for ((difference, a), b) in buffer.iter_mut().zip(left).zip(right) {
            *difference = a.to_ascii_uppercase() ^ b.to_ascii_uppercase();
        }
        differences +=
            counting::count_where(&buffer[..left.len().min(right.len())], |difference| difference != 0);
    }
    differences
}

/// The least number of insertions, deletions and substitutions that turn one text into the other.
///
/// Myers' bit-parallel algorithm, 64 rows of the matrix at a time (Hyyrö's formulation with blocks).
pub fn edit<T: Copy + Eq + std::hash::Hash>(left: &[T], right: &[T]) -> usize {
    let (pattern, text) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    if pattern.is_empty() {
        return text.len();
    }
    let blocks = pattern.len().div_ceil(64);
    let mut matches: rustc_hash::FxHashMap<T, Vec<u64>> = rustc_hash::FxHashMap::default();
    for (row, &letter) in pattern.iter().enumerate() {
        matches.entry(letter).or_insert_with(|| vec![0; blocks])[row / 64] |= 1 << (row % 64);
    }
    let none = vec![0; blocks];
    // Bits where the matrix goes up, or down, by one from the row above.
    let mut up = vec![!0u64; blocks];
    let mut down = vec![0u64; blocks];
    let last_bit = 1u64 << ((pattern.len() - 1) % 64);
    let mut distance = pattern.len();
    for letter in text {
        let equal = matches.get(letter).unwrap_or(&none);
        // What the row above the block does from one column to the next; the topmost row grows by one a column.
        let (mut carry_up, mut carry_down) = (1u64, 0u64);
        for block in 0..blocks {
            let (vertical_up, vertical_down) = (up[block], down[block]);
            let equal_here = equal[block];
            let match_or_down = equal_here | vertical_down;
            let entering = equal_here | carry_down;
            let diagonal = ((entering & vertical_up).wrapping_add(vertical_up) ^ vertical_up) | entering;
            let mut horizontal_up = vertical_down | !(diagonal | vertical_up);
            let mut horizontal_down = vertical_up & diagonal;
            if block + 1 == blocks {
                distance += usize::from(horizontal_up & last_bit != 0);
                distance -= usize::from(horizontal_down & last_bit != 0);
            }
            let (out_up, out_down) = (horizontal_up >> 63, horizontal_down >> 63);
            horizontal_up = (horizontal_up << 1) | carry_up;
            horizontal_down = (horizontal_down << 1) | carry_down;
            up[block] = horizontal_down | !(match_or_down | horizontal_up);
            down[block] = horizontal_up & match_or_down;
            (carry_up, carry_down) = (out_up, out_down);
        }
    }
    distance
}

/// As [`edit`], but gives up with `None` once the distance must exceed the limit.
pub fn edit_within<T: Copy + Eq + std::hash::Hash>(left: &[T], right: &[T], limit: usize) -> Option<usize> {
    if left.len().abs_diff(right.len()) > limit {
        return None;
    }
    Some(edit(left, right)).filter(|distance| *distance <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plain(left: &[u8], right: &[u8]) -> usize {
        let mut row: Vec<usize> = (0..=right.len()).collect();
        for (i, a) in left.iter().enumerate() {
            let mut diagonal = row[0];
            row[0] = i + 1;
            for (j, b) in right.iter().enumerate() {
                let next = (diagonal + usize::from(a != b)).min(row[j] + 1).min(row[j + 1] + 1);
                diagonal = row[j + 1];
                row[j + 1] = next;
            }
        }
        row[right.len()]
    }

    #[test]
    fn known_distances() {
        assert_eq!(edit(b"kitten", b"sitting"), 3);
        assert_eq!(edit(b"", b"abc"), 3);
        assert_eq!(edit_within(b"kitten", b"sitting", 2), None);
        assert_eq!(hamming(b"ACGN", b"acgT"), 1);
        assert_eq!(hamming(&[b'A'; 10_000], &[b'C'; 10_000]), 10_000);
    }

    proptest! {
        #[test]
        fn bit_parallel_agrees_with_the_matrix(left in "[ACGT]{0,200}", right in "[ACGT]{0,200}") {
            prop_assert_eq!(edit(left.as_bytes(), right.as_bytes()), plain(left.as_bytes(), right.as_bytes()));
        }
    }
}
