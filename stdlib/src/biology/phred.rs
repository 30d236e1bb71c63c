//! Arithmetic of Phred scores, which are kept as Phred+33 text: `!` is 0, `I` is 40, `~` is 93.

use std::sync::LazyLock;

/// The character of score 0.
pub const OFFSET: u8 = b'!';
/// The highest score.
pub const HIGHEST: u8 = b'~' - b'!';

/// The probability of an error for each byte of Phred+33 text.
static ERROR_PROBABILITIES: LazyLock<[f64; 256]> = LazyLock::new(|| {
    let mut table = [1.0; 256];
    for (letter, probability) in table.iter_mut().enumerate().skip(usize::from(OFFSET)) {
        *probability = 10f64.powf((letter - usize::from(OFFSET)) as f64 / -10.0);
    }
    table
});

/// The sum of all scores.
pub fn sum(text: &[u8]) -> u64 {
    // Short enough that the sum of a block fits 32 bits, which halves the work of a vector unit.
    let letters: u64 = text
        .chunks(1 << 16)
        .map(|block| u64::from(block.iter().map(|&letter| u32::from(letter)).sum::<u32>()))
        .sum();
    letters.saturating_sub(text.len() as u64 * u64::from(OFFSET))
}

/// The arithmetic mean of the scores; 0.0 of none.
pub fn mean(text: &[u8]) -> f64 {
    if text.is_empty() { 0.0 } else { sum(text) as f64 / text.len() as f64 }
}

/// The lowest score; 0 of none.
pub fn lowest(text: &[u8]) -> u8 {
    text.iter().min().map_or(0, |letter| letter.saturating_sub(OFFSET))
}

/// The expected number of wrong bases.
pub fn expected_errors(text: &[u8]) -> f64 {
    let table = &*ERROR_PROBABILITIES;
    text.iter().map(|&letter| table[usize::from(letter)]).sum()
}

/// The mean probability of an error; 0.0 of none.
pub fn error_rate(text: &[u8]) -> f64 {
    if text.is_empty() { 0.0 } else { expected_errors(text) / text.len() as f64 }
}

/// The score of the mean probability of an error: what long-read tools call the quality of a read.
pub fn mean_by_probability(text: &[u8]) -> f64 {
    if text.is_empty() { 0.0 } else { -10.0 * error_rate(text).log10() }
}

/// The number of bases that stay when the end is trimmed as BWA and cutadapt do it: the sum of (threshold - score) from
/// the 3' end is greatest there.
pub fn keep_by_running_sum(text: &[u8], threshold: i64) -> usize {
    let (mut sum, mut greatest, mut keep) = (0i64, 0i64, text.len());
    for (position, &letter) in text.iter().enumerate().rev() {
        sum = sum.saturating_add(threshold.saturating_sub(i64::from(letter.saturating_sub(OFFSET))));
        if sum < 0 {
            break;
        }
        if sum > greatest {
            (greatest, keep) = (sum, position);
        }
    }
    keep
}

/// The number of bases that stay when a window slides from the 3' end up to the first one whose mean reaches the
/// threshold, and single low bases at its end are dropped. A read shorter than the window is judged whole.
pub fn keep_by_window(text: &[u8], threshold: i64, window: usize) -> usize {
    let window = window.clamp(1, text.len().max(1));
    let wanted = threshold as f64;
    let Some(mut keep) = (window..=text.len()).rev().find(|&end| mean(&text[end - window..end]) >= wanted)
    else {
        return 0;
    };
    while keep > 0 && i64::from(text[keep - 1].saturating_sub(OFFSET)) < threshold {
        keep -= 1;
    }
    keep
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(left: f64, right: f64) -> bool {
        (left - right).abs() < 1e-5
    }

    #[test]
    fn means_and_errors() {
        assert_eq!(mean(b"IIII!5"), 30.0);
        assert!(close(mean_by_probability(b"IIII!5"), 7.73658));
        assert!(close(error_rate(b"I5"), 0.00505));
        assert!(close(expected_errors(b"++"), 0.2));
        assert_eq!((mean(b""), error_rate(b""), lowest(b"")), (0.0, 0.0, 0));
        assert_eq!(lowest(b"I5~"), 20);
        assert_eq!(mean(&vec![b'~'; 200_000]), 93.0);
    }

    #[test]
    fn trimming() {
        assert_eq!(keep_by_running_sum(b"IIIIIIII!!!!", 20), 8);
        assert_eq!(keep_by_running_sum(b"!!!!!!!!", 20), 0);
        assert_eq!(keep_by_running_sum(b"IIII", 20), 4);
        assert_eq!(keep_by_running_sum(b"", 20), 0);
        // One good base near the end does not save the tail.
        assert_eq!(keep_by_running_sum(b"IIIIIIII!!!6!!!", 20), 8);
        assert_eq!(keep_by_window(b"IIIIIIII!!!!", 20, 4), 8);
        assert_eq!(keep_by_window(b"!!!!!!!!", 20, 4), 0);
        assert_eq!(keep_by_window(b"II", 20, 4), 2);
        assert_eq!(keep_by_window(b"", 20, 4), 0);
    }
}
