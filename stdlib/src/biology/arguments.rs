//! How a builtin gets at the letters of an argument.

use super::letters;
use biovm_bytecode::TypeSet;
use biovm_vm::value::{Alphabet, Sequence};
use biovm_vm::{Call, Error, Value};
use bytes::Bytes;

/// What kind of value the letters came from, so that the result can be of the same kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A sequence, whose letters are valid and upper case.
    Sequence(Alphabet),
    /// Text, in either case.
    Text,
}

impl Kind {
    /// A value of this kind from letters that are valid for it; text becomes upper case.
    pub fn value(self, mut letters: Vec<u8>) -> Value {
        match self {
            Kind::Sequence(alphabet) => Value::Sequence(Sequence::from_valid(alphabet, Bytes::from(letters))),
            Kind::Text => {
                letters.make_ascii_uppercase();
                Value::text(String::from_utf8_lossy(&letters).into_owned())
            }
        }
    }
}

/// The letters of an argument.
#[derive(Clone, Copy, Debug)]
pub struct Letters<'a> {
    /// The letters; those of text in either case.
    pub text: &'a [u8],
    /// Where they came from.
    pub kind: Kind,
}

impl Letters<'_> {
    /// Whether the letters are RNA: by type, or by a U.
    pub fn is_rna(&self) -> bool {
        match self.kind {
            Kind::Sequence(alphabet) => alphabet == Alphabet::Rna,
            Kind::Text => memchr::memchr2(b'U', b'u', self.text).is_some(),
        }
    }

    /// The letters in upper case.
    pub fn upper(&self) -> std::borrow::Cow<'_, [u8]> {
        match self.kind {
            Kind::Text if self.text.iter().any(u8::is_ascii_lowercase) => {
                self.text.to_ascii_uppercase().into()
            }
            _ => self.text.into(),
        }
    }
}

/// `gc_content() requires nucleotide letters, found 'X' at position 3`
#[cold]
fn foreign_letter(name: &str, wanted: &str, text: &[u8], position: usize) -> Error {
    let letter = String::from_utf8_lossy(&text[position..]).chars().next().unwrap_or_default();
    Error::type_error(format!("{name}() requires {wanted}, found {letter:?} at position {position}"))
}

/// The letters of a DNA, RNA or Str argument; those of a Str are nucleotide codes.
pub fn nucleotides<'a>(call: &'a Call<'_>, position: usize) -> Result<Letters<'a>, Error> {
    nucleotides_of(call.argument(position), call.name())?
        .ok_or_else(|| call.wrong_argument(position, &TypeSet::NUCLEOTIDES.to_string()))
}

/// The letters of a DNA, RNA or Str value; `None` where it is something else. `name` is the builtin, for messages.
#[inline]
pub fn nucleotides_of<'a>(value: &'a Value, name: &str) -> Result<Option<Letters<'a>>, Error> {
    match value {
        Value::Sequence(sequence) => match sequence.alphabet() {
            Alphabet::Protein => {
                Err(Error::type_error(format!("{name}() requires {}, got Protein", TypeSet::NUCLEOTIDES)))
            }
            alphabet => Ok(Some(Letters { text: sequence.letters(), kind: Kind::Sequence(alphabet) })),
        },
        _ => match value.as_text() {
            Some(text) => {
                let letters = Letters { text: text.as_bytes(), kind: Kind::Text };
                check_nucleotides(name, letters.text)?;
                Ok(Some(letters))
            }
            None => Ok(None),
        },
    }
}

fn check_nucleotides(name: &str, text: &[u8]) -> Result<(), Error> {
    if letters::is_plain(Alphabet::Dna, text) {
        return Ok(());
    }
    let mut has_t = false;
    let mut first_u = None;
    for (position, &letter) in text.iter().enumerate() {
        match letter.to_ascii_uppercase() {
            b'T' => has_t = true,
            b'U' => first_u = first_u.or(Some(position)),
            _ if letters::bases_of(letter) == 0 => {
                return Err(foreign_letter(name, "nucleotide letters", text, position));
            }
            _ => {}
        }
    }
    match first_u {
        Some(position) if has_t => {
            Err(foreign_letter(name, "the letters of either DNA or RNA", text, position)
                .with_hint("it has a T too"))
        }
        _ => Ok(()),
    }
}

/// The letters of a sequence or Str argument. Text is any text.
pub fn sequence<'a>(call: &'a Call<'_>, position: usize) -> Result<Letters<'a>, Error> {
    match call.argument(position) {
        Value::Sequence(sequence) => {
            Ok(Letters { text: sequence.letters(), kind: Kind::Sequence(sequence.alphabet()) })
        }
        value => match value.as_text() {
            Some(text) => Ok(Letters { text: text.as_bytes(), kind: Kind::Text }),
            None => Err(call.wrong_argument(position, &TypeSet::SEQUENCE.to_string())),
        },
    }
}

/// The letters of a sequence or Str argument. Text is ASCII, so that a letter is a byte.
pub fn residues<'a>(call: &'a Call<'_>, position: usize) -> Result<Letters<'a>, Error> {
    let letters = sequence(call, position)?;
    match letters.text.iter().position(|letter| !letter.is_ascii()) {
        Some(found) => Err(foreign_letter(call.name(), "the letters of a sequence", letters.text, found)),
        None => Ok(letters),
    }
}

/// An option that is a Bool.
pub fn flag(call: &Call<'_>, name: &str, default: bool) -> bool {
    match call.option(name) {
        Some(Value::Bool(value)) => *value,
        _ => default,
    }
}

/// An option that is one of several words.
pub fn choice<T: Copy>(call: &Call<'_>, name: &str, choices: &[(&str, T)], default: T) -> Result<T, Error> {
    let Some(value) = call.option(name) else { return Ok(default) };
    let word = value.as_text().unwrap_or_default();
    let found = choices.iter().find(|(choice, _)| *choice == word);
    found.map(|(_, meaning)| *meaning).ok_or_else(|| {
        let known: Vec<_> = choices.iter().map(|(choice, _)| format!("{choice:?}")).collect();
        Error::type_error(format!(
            "{}() option '{name}' must be {}, got {word:?}",
            call.name(),
            known.join(" or ")
        ))
    })
}

/// An option that is an Int of at least 0.
pub fn size_option(call: &Call<'_>, name: &str) -> Result<Option<usize>, Error> {
    let Some(value) = call.option(name) else { return Ok(None) };
    match value.as_integral().map(usize::try_from) {
        Some(Ok(size)) => Ok(Some(size)),
        _ => Err(Error::value_error(format!(
            "{}() option '{name}' must be an Int of at least 0, got {}",
            call.name(),
            biovm_vm::display::brief(value)
        ))),
    }
}
