//! The alphabets of biological sequences.

use biovm_vm::value::Alphabet;

const fn table_of(alphabet: Alphabet) -> [bool; 256] {
    let mut table = [false; 256];
    let mut letter = 0;
    while letter < 256 {
        table[letter] = alphabet.contains(letter as u8);
        letter += 1;
    }
    table
}

static DNA: [bool; 256] = table_of(Alphabet::Dna);
static RNA: [bool; 256] = table_of(Alphabet::Rna);
static PROTEIN: [bool; 256] = table_of(Alphabet::Protein);

fn table(alphabet: Alphabet) -> &'static [bool; 256] {
    match alphabet {
        Alphabet::Dna => &DNA,
        Alphabet::Rna => &RNA,
        Alphabet::Protein => &PROTEIN,
    }
}

/// The position of the first letter, in either case, outside of the alphabet.
pub fn first_foreign(alphabet: Alphabet, letters: &[u8]) -> Option<usize> {
    let table = table(alphabet);
    letters.iter().position(|&letter| !table[usize::from(letter)])
}

/// Whether all letters, in either case, belong to the alphabet.
pub fn all_of(alphabet: Alphabet, letters: &[u8]) -> bool {
    is_plain(alphabet, letters) || first_foreign(alphabet, letters).is_none()
}

/// Whether the letters are upper case and, for nucleotides, A C G T/U N only: the usual case, which a vector
/// instruction can decide for many letters at once. `false` says nothing.
pub fn is_plain(alphabet: Alphabet, letters: &[u8]) -> bool {
    match alphabet {
        Alphabet::Dna => every(letters, |letter| {
            (letter == b'A') | (letter == b'C') | (letter == b'G') | (letter == b'T') | (letter == b'N')
        }),
        Alphabet::Rna => every(letters, |letter| {
            (letter == b'A') | (letter == b'C') | (letter == b'G') | (letter == b'U') | (letter == b'N')
        }),
        Alphabet::Protein => every(letters, |letter| letter.wrapping_sub(b'A') < 26),
    }
}

/// Whether all bytes are Phred+33 letters, `!` to `~`.
pub fn is_quality(letters: &[u8]) -> bool {
    every(letters, |letter| letter.wrapping_sub(b'!') <= b'~' - b'!')
}

/// Whether the condition holds for every letter. Looks at whole chunks without branching inside of them; the last one overlaps
/// the one before it, so that no letters are left to be looked at alone.
#[inline(always)]
fn every(letters: &[u8], condition: impl Fn(u8) -> bool) -> bool {
    const CHUNK: usize = 32;
    let all = |letters: &[u8]| letters.iter().fold(true, |all, &letter| all & condition(letter));
    let Some(last) = letters.last_chunk::<CHUNK>() else { return all(letters) };
    letters.as_chunks::<CHUNK>().0.iter().all(|chunk| all(chunk)) && all(last)
}

/// What an IUPAC nucleotide code stands for: one bit each for A, C, G and T or U, from the lowest; 0 for other letters.
pub const fn bases_of(code: u8) -> u8 {
    match code.to_ascii_uppercase() {
        b'A' => 0b0001,
        b'C' => 0b0010,
        b'G' => 0b0100,
        b'T' | b'U' => 0b1000,
        b'R' => 0b0101,
        b'Y' => 0b1010,
        b'S' => 0b0110,
        b'W' => 0b1001,
        b'K' => 0b1100,
        b'M' => 0b0011,
        b'B' => 0b1110,
        b'D' => 0b1101,
        b'H' => 0b1011,
        b'V' => 0b0111,
        b'N' => 0b1111,
        _ => 0,
    }
}

const fn complement_table(rna: bool) -> [u8; 256] {
    let mut table = [b'N'; 256];
    let mut letter = 0;
    while letter < 256 {
        let code = (letter as u8).to_ascii_uppercase();
        table[letter] = match code {
            b'A' => {
                if rna {
                    b'U'
                } else {
                    b'T'
                }
            }
            b'T' | b'U' => b'A',
            b'C' => b'G',
            b'G' => b'C',
            b'R' => b'Y',
            b'Y' => b'R',
            b'M' => b'K',
            b'K' => b'M',
            b'B' => b'V',
            b'V' => b'B',
            b'D' => b'H',
            b'H' => b'D',
            // S, W and N are their own complements.
            _ => code,
        };
        letter += 1;
    }
    table
}

static DNA_COMPLEMENT: [u8; 256] = complement_table(false);
static RNA_COMPLEMENT: [u8; 256] = complement_table(true);

/// The upper-case complement of every nucleotide code.
pub fn complements(rna: bool) -> &'static [u8; 256] {
    if rna { &RNA_COMPLEMENT } else { &DNA_COMPLEMENT }
}

/// The complement of each letter, in order.
pub fn complement(letters: &[u8], rna: bool) -> Vec<u8> {
    let table = complements(rna);
    letters.iter().map(|&letter| table[usize::from(letter)]).collect()
}

/// The opposite strand, read in its own direction.
pub fn reverse_complement(letters: &[u8], rna: bool) -> Vec<u8> {
    let table = complements(rna);
    letters.iter().rev().map(|&letter| table[usize::from(letter)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_complement() {
        assert_eq!(reverse_complement(b"ACGTNRYSWKMBDHV", false), b"BDHVKMWSRYNACGT");
        for &code in b"ACGTNRYSWKMBDHV" {
            let swapped = bases_of(complement(&[code], false)[0]);
            let expected = bases_of(code).reverse_bits() >> 4;
            assert_eq!(swapped, expected, "{}", code as char);
        }
        assert_eq!(complement(b"acgu", true), b"UGCA");
    }

    #[test]
    fn plain_letters_are_letters() {
        for alphabet in [Alphabet::Dna, Alphabet::Rna, Alphabet::Protein] {
            for byte in 0..=255u8 {
                let long = [byte; 130];
                if is_plain(alphabet, &long) {
                    assert!(alphabet.contains(byte) && !byte.is_ascii_lowercase());
                }
                assert_eq!(all_of(alphabet, &long), alphabet.contains(byte));
            }
        }
        assert_eq!(first_foreign(Alphabet::Dna, b"ACGU"), Some(3));
        assert!(is_quality(b"!~") && !is_quality(b" ") && !is_quality(&[127]));
    }
}
