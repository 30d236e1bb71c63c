//! What the letters of a FASTA file are.

use crate::files::reads::Letters;
use biovm_vm::value::Alphabet;

/// What the caller wants the letters to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AlphabetChoice {
    /// What the first letters of the file look like.
    #[default]
    Auto,
    /// This, whatever they look like.
    Fixed(Letters),
}

/// Residues that are looked at.
const MOST_RESIDUES: usize = 64 * 1024;

/// What the letters at the start of a file look like: DNA, RNA where there is a U and no T, else protein.
pub fn detect(start: &[u8]) -> Alphabet {
    let (mut looked_at, mut has_t, mut has_u) = (0, false, false);
    for line in start.split(|byte| *byte == b'\n') {
        if line.starts_with(b">") || line.starts_with(b";") {
            continue;
        }
        for letter in line.iter().map(u8::to_ascii_uppercase) {
            match letter {
                b'T' => has_t = true,
                b'U' => has_u = true,
                _ if Alphabet::Dna.contains(letter) => {}
                // Letters of no alphabet at all do not decide; they are found when their record is read.
                _ if Alphabet::Protein.contains(letter) => return Alphabet::Protein,
                _ => {}
            }
        }
        looked_at += line.len();
        if looked_at > MOST_RESIDUES {
            break;
        }
    }
    if has_u && !has_t { Alphabet::Rna } else { Alphabet::Dna }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_decide() {
        assert_eq!(detect(b">LIPQ\nACGTN\n"), Alphabet::Dna);
        assert_eq!(detect(b">a\nacgun\n"), Alphabet::Rna);
        assert_eq!(detect(b">a\nMKTLL*\n"), Alphabet::Protein);
        assert_eq!(detect(b">a\nRYKM\r\n; comment LIPQ\n"), Alphabet::Dna);
        assert_eq!(detect(b""), Alphabet::Dna);
    }
}
