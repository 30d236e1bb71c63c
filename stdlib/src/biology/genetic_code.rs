//! Codons to amino acids, by the tables that NCBI numbers.

use super::letters;

/// A genetic code.
#[derive(Debug)]
pub struct GeneticCode {
    /// NCBI's number.
    pub number: usize,
    /// Amino acids of the 64 codons, in the order T, C, A, G, the first base slowest. `*` is a stop.
    amino_acids: &'static [u8; 64],
}

macro_rules! codes {
    ($($number:literal $amino_acids:literal)*) => {
        static CODES: &[GeneticCode] = &[$(GeneticCode { number: $number, amino_acids: $amino_acids },)*];
    };
}

codes! {
    1  b"FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
    2  b"FFLLSSSSYY**CCWWLLLLPPPPHHQQRRRRIIMMTTTTNNKKSS**VVVVAAAADDEEGGGG"
    3  b"FFLLSSSSYY**CCWWTTTTPPPPHHQQRRRRIIMMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
    4  b"FFLLSSSSYY**CCWWLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
    5  b"FFLLSSSSYY**CCWWLLLLPPPPHHQQRRRRIIMMTTTTNNKKSSSSVVVVAAAADDEEGGGG"
    6  b"FFLLSSSSYYQQCC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
    9  b"FFLLSSSSYY**CCWWLLLLPPPPHHQQRRRRIIIMTTTTNNNKSSSSVVVVAAAADDEEGGGG"
    10 b"FFLLSSSSYY**CCCWLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
    11 b"FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
    12 b"FFLLSSSSYY**CC*WLLLSPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
    13 b"FFLLSSSSYY**CCWWLLLLPPPPHHQQRRRRIIMMTTTTNNKKSSGGVVVVAAAADDEEGGGG"
    14 b"FFLLSSSSYYY*CCWWLLLLPPPPHHQQRRRRIIIMTTTTNNNKSSSSVVVVAAAADDEEGGGG"
    15 b"FFLLSSSSYY*QCC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
    16 b"FFLLSSSSYY*LCC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
    21 b"FFLLSSSSYY**CCWWLLLLPPPPHHQQRRRRIIMMTTTTNNNKSSSSVVVVAAAADDEEGGGG"
    22 b"FFLLSS*SYY*LCC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
    23 b"FF*LSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
    24 b"FFLLSSSSYY**CCWWLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSSKVVVVAAAADDEEGGGG"
    25 b"FFLLSSSSYY**CCGWLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
    26 b"FFLLSSSSYY**CC*WLLLAPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
    27 b"FFLLSSSSYYQQCCWWLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
    28 b"FFLLSSSSYYQQCCWWLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
    29 b"FFLLSSSSYYYYCC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
    30 b"FFLLSSSSYYEECC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
    31 b"FFLLSSSSYYEECCWWLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
    32 b"FFLLSSSSYY*WCC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
    33 b"FFLLSSSSYYY*CCWWLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSSKVVVVAAAADDEEGGGG"
}

impl GeneticCode {
    /// The table with NCBI's number.
    pub fn numbered(number: usize) -> Option<&'static GeneticCode> {
        CODES.iter().find(|code| code.number == number)
    }

    /// All numbers that there are tables for.
    pub fn numbers() -> impl Iterator<Item = usize> {
        CODES.iter().map(|code| code.number)
    }

    /// The amino acid of a codon in either case. Where ambiguity codes leave several: `B` for D or N, `Z` for E or Q, `J`
    /// for I or L, `X` for everything else.
    pub fn amino_acid(&self, codon: [u8; 3]) -> u8 {
        match plain_index(codon) {
            Some(index) => self.amino_acids[index],
            None => self.ambiguous(codon),
        }
    }

    #[cold]
    fn ambiguous(&self, codon: [u8; 3]) -> u8 {
        let [first, second, third] = codon.map(letters::bases_of);
        let mut found = [false; 128];
        let mut kinds = 0;
        for index in 0..64usize {
            // The bits of `bases_of` are in the order A, C, G, T; those of the tables T, C, A, G.
            let bit = |base: usize| [0b1000u8, 0b0010, 0b0001, 0b0100][base & 3];
            let possible =
                bit(index >> 4) & first != 0 && bit(index >> 2) & second != 0 && bit(index) & third != 0;
            let amino_acid = usize::from(self.amino_acids[index]);
            if possible && !found[amino_acid] {
                found[amino_acid] = true;
                kinds += 1;
            }
        }
        let only =
            |letters: &[u8]| letters.iter().filter(|&&letter| found[usize::from(letter)]).count() == kinds;
        match kinds {
            1 => (0..128u8).find(|&letter| found[usize::from(letter)]).unwrap_or(b'X'),
            2 if only(b"DN") => b'B',
            2 if only(b"EQ") => b'Z',
            2 if only(b"IL") => b'J',
            _ => b'X',
        }
    }
}

/// The place of a codon of plain bases in the tables.
fn plain_index(codon: [u8; 3]) -> Option<usize> {
    let mut index = 0;
    for letter in codon {
        let base = match letter.to_ascii_uppercase() {
            b'T' | b'U' => 0,
            b'C' => 1,
            b'A' => 2,
            b'G' => 3,
            _ => return None,
        };
        index = index * 4 + base;
    }
    Some(index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standard_code() {
        let code = GeneticCode::numbered(1).unwrap();
        let amino_acid = |codon: &[u8; 3]| char::from(code.amino_acid(*codon));
        let codons =
            [b"ATG", b"TAA", b"TGG", b"GCN", b"CTN", b"TAR", b"RAY", b"SAR", b"ATH", b"NNN", b"aug", b"MTT"];
        let translated: String = codons.iter().map(|codon| amino_acid(codon)).collect();
        assert_eq!(translated, "M*WAL*BZIXMJ");
    }

    #[test]
    fn tables_differ_from_the_standard_where_ncbi_says_so() {
        let amino_acid = |number, codon: &[u8; 3]| GeneticCode::numbered(number).unwrap().amino_acid(*codon);
        assert_eq!(amino_acid(2, b"AGA"), b'*');
        assert_eq!(amino_acid(3, b"CTA"), b'T');
        assert_eq!(amino_acid(6, b"TAA"), b'Q');
        assert_eq!(amino_acid(12, b"CTG"), b'S');
        assert_eq!(amino_acid(22, b"TCA"), b'*');
        assert_eq!(amino_acid(25, b"TGA"), b'G');
        assert!(GeneticCode::numbered(7).is_none());
        assert_eq!(GeneticCode::numbers().count(), 27);
    }
}
