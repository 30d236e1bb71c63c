//! The letters of biological sequences, as the machine keeps them: upper case.

use crate::types::Type;

/// The one-letter codes of DNA: bases and IUPAC ambiguity codes.
pub const DNA: &[u8] = b"ACGTNRYWSMKBDHV";
/// The one-letter codes of RNA.
pub const RNA: &[u8] = b"ACGUNRYWSMKBDHV";

/// Whether a biological literal may have that type.
pub const fn is_biological(candidate: Type) -> bool {
    matches!(candidate, Type::Dna | Type::Rna | Type::Protein | Type::Quality)
}

/// Whether a sequence of that biological type may hold the letter.
pub fn is_letter(of: Type, letter: u8) -> bool {
    match of {
        Type::Dna => DNA.contains(&letter),
        Type::Rna => RNA.contains(&letter),
        Type::Protein => letter.is_ascii_uppercase() || letter == b'*',
        Type::Quality => letter.is_ascii_graphic(),
        _ => false,
    }
}
