//! Biological sequences and quality scores. Both are windows into shared buffers: a slice, or a read of a batch,
//! costs no copy of its letters.

use super::Shared;
use biovm_bytecode::Type;
use bytes::{Bytes, BytesMut};

/// The alphabet of a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Alphabet {
    /// A C G T N and the IUPAC codes.
    Dna,
    /// A C G U N and the IUPAC codes.
    Rna,
    /// A to Z and `*`.
    Protein,
}

impl Alphabet {
    /// The type, as `typeof` names it.
    pub fn type_of(self) -> Type {
        match self {
            Alphabet::Dna => Type::Dna,
            Alphabet::Rna => Type::Rna,
            Alphabet::Protein => Type::Protein,
        }
    }

    /// Whether the letter, in either case, belongs to the alphabet.
    pub const fn contains(self, letter: u8) -> bool {
        match self {
            Alphabet::Dna => matches!(letter.to_ascii_uppercase(), b'T') || is_common(letter),
            Alphabet::Rna => matches!(letter.to_ascii_uppercase(), b'U') || is_common(letter),
            Alphabet::Protein => letter.is_ascii_alphabetic() || letter == b'*',
        }
    }
}

/// The letters that DNA and RNA have in common.
const fn is_common(letter: u8) -> bool {
    matches!(
        letter.to_ascii_uppercase(),
        b'A' | b'C' | b'G' | b'N' | b'R' | b'Y' | b'W' | b'S' | b'M' | b'K' | b'B' | b'D' | b'H' | b'V'
    )
}

/// A sequence of upper-case letters of one alphabet.
#[derive(Clone)]
pub struct Sequence(Shared<SequenceBody>);

struct SequenceBody {
    alphabet: Alphabet,
    letters: Bytes,
}

impl Sequence {
    /// A sequence of letters that are known to be upper-case letters of the alphabet. Letters from outside go through
    /// [`Sequence::parse`].
    pub fn from_valid(alphabet: Alphabet, letters: Bytes) -> Sequence {
        debug_assert!(
            letters.iter().all(|&letter| alphabet.contains(letter) && !letter.is_ascii_lowercase())
        );
        Sequence(Shared::new(SequenceBody { alphabet, letters }))
    }

    /// A sequence from text in either case. The error is the first letter outside of the alphabet and its position,
    /// from 0.
    pub fn parse(alphabet: Alphabet, text: &[u8]) -> Result<Sequence, (usize, char)> {
        match text.iter().position(|&letter| !alphabet.contains(letter)) {
            Some(position) => {
                let rest = String::from_utf8_lossy(&text[position..]);
                Err((position, rest.chars().next().unwrap_or_default()))
            }
            None => Ok(Sequence::from_valid(alphabet, Bytes::from(text.to_ascii_uppercase()))),
        }
    }

    /// The alphabet.
    pub fn alphabet(&self) -> Alphabet {
        self.0.alphabet
    }

    /// The letters.
    #[inline]
    pub fn letters(&self) -> &[u8] {
        &self.0.letters
    }

    /// The letters as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0.letters).unwrap_or_default()
    }

    /// The number of letters.
    #[inline]
    pub fn len(&self) -> usize {
        self.0.letters.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.letters.is_empty()
    }

    /// A window of this sequence, without a copy. The range, 0-based and half-open, lies inside.
    pub fn window(&self, range: std::ops::Range<usize>) -> Sequence {
        // A part of valid letters needs no look.
        Sequence(Shared::new(SequenceBody {
            alphabet: self.0.alphabet,
            letters: self.0.letters.slice(range),
        }))
    }

    /// This sequence and letters behind it, which are known to be upper-case letters of its alphabet. Takes time only
    /// for the new letters where nobody else holds the old ones.
    pub fn append(mut self, letters: &[u8]) -> Sequence {
        let alphabet = self.alphabet();
        debug_assert!(
            letters.iter().all(|&letter| alphabet.contains(letter) && !letter.is_ascii_lowercase())
        );
        let grow = |old: Bytes| {
            let mut grown = old.try_into_mut().unwrap_or_else(|shared| {
                let mut copy = BytesMut::with_capacity(shared.len() + letters.len());
                copy.extend_from_slice(&shared);
                copy
            });
            grown.extend_from_slice(letters);
            grown.freeze()
        };
        if let Some(body) = self.0.get_mut() {
            body.letters = grow(std::mem::take(&mut body.letters));
            return self;
        }
        Sequence(Shared::new(SequenceBody { alphabet, letters: grow(self.0.letters.clone()) }))
    }

    /// A number that tells apart those that live at the same time.
    pub(super) fn address(&self) -> usize {
        self.0.address()
    }

    /// Whether both are the same object in memory; a quick way to equality.
    pub fn same(&self, other: &Sequence) -> bool {
        self.0.same(&other.0)
    }
}

/// Phred quality scores, 0 to 93 a base, kept as Phred+33 text.
#[derive(Clone)]
pub struct Quality(Shared<Bytes>);

impl Quality {
    /// Scores from Phred+33 text that is known to lie between `!` and `~`.
    pub fn from_valid(text: Bytes) -> Quality {
        debug_assert!(text.iter().all(u8::is_ascii_graphic));
        Quality(Shared::new(text))
    }

    /// Scores from Phred+33 text. The error is the position, from 0, of the first character outside of `!` to `~`.
    pub fn parse(text: &[u8]) -> Result<Quality, usize> {
        match text.iter().position(|letter| !letter.is_ascii_graphic()) {
            Some(position) => Err(position),
            None => Ok(Quality::from_valid(Bytes::copy_from_slice(text))),
        }
    }

    /// The Phred+33 text.
    pub fn letters(&self) -> &[u8] {
        &self.0
    }

    /// The Phred+33 text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The scores.
    pub fn scores(&self) -> impl DoubleEndedIterator<Item = u8> + ExactSizeIterator + '_ {
        self.0.iter().map(|letter| letter.saturating_sub(33))
    }

    /// The score at a position.
    pub fn score(&self, position: usize) -> Option<u8> {
        self.0.get(position).map(|letter| letter.saturating_sub(33))
    }

    /// The number of scores.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A window of these scores, without a copy. The range, 0-based and half-open, lies inside.
    pub fn window(&self, range: std::ops::Range<usize>) -> Quality {
        Quality(Shared::new(self.0.slice(range)))
    }

    /// A number that tells apart those that live at the same time.
    pub(super) fn address(&self) -> usize {
        self.0.address()
    }

    /// Whether both are the same object in memory; a quick way to equality.
    pub fn same(&self, other: &Quality) -> bool {
        self.0.same(&other.0)
    }

    /// The arithmetic mean of the scores; 0.0 where there are none.
    pub fn mean(&self) -> f64 {
        if self.is_empty() {
            return 0.0;
        }
        let sum: u64 = self.0.iter().map(|&letter| u64::from(letter)).sum();
        sum as f64 / self.len() as f64 - 33.0
    }
}
