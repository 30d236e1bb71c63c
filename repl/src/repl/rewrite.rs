//! What is pasted from elsewhere: bare bases, and an entry of a FASTA file. The session says what it makes of them.

/// A run of bases up to this length may as well be a word.
const LONGEST_WORD: usize = 10;
/// The most letters that the announcement shows.
const MOST_LETTERS: usize = 80;

/// Code that stands for what was pasted.
#[derive(Debug, PartialEq, Eq)]
pub struct Rewrite {
    /// The code.
    pub code: String,
    /// The same, short enough to be announced.
    pub announcement: String,
}

/// What an entry is rewritten to, if it is no code. `is_name` says whether a word is the name of something.
pub fn rewrite(text: &str, is_name: impl Fn(&str) -> bool) -> Option<Rewrite> {
    if begins_fasta(text) {
        return fasta(text);
    }
    let word = text.trim();
    let is_bases = word.len() > LONGEST_WORD && word.bytes().all(is_base);
    (is_bases && !is_name(word)).then(|| with_letters(word, |letters| format!("dna\"{letters}\"")))
}

/// Whether an entry can only be one of FASTA: no code begins with `>`.
pub fn begins_fasta(text: &str) -> bool {
    text.trim_start().starts_with('>')
}

/// Whether a line can belong to the sequence of a FASTA entry.
pub fn is_sequence_line(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'*')
}

fn is_base(byte: u8) -> bool {
    b"ACGTNacgtn".contains(&byte)
}

/// `>id …` and lines of letters as a record; nothing if that is not what the text is.
fn fasta(text: &str) -> Option<Rewrite> {
    let (header, sequence) = text.trim_start().strip_prefix('>')?.split_once('\n')?;
    let id = header.split_whitespace().next()?;
    if !sequence.lines().all(is_sequence_line) {
        return None;
    }
    let letters: String = sequence.split_whitespace().collect();
    let kind = kind(&letters)?;
    let id = id.replace('\\', "\\\\").replace('"', "\\\"");
    Some(with_letters(&letters, |letters| format!("{{id: \"{id}\", seq: {kind}\"{letters}\"}}")))
}

/// The prefix of a literal that can hold the letters. Ambiguity codes are letters of proteins too, so bases have to prevail.
fn kind(letters: &str) -> Option<&'static str> {
    let consists_of =
        |alphabet: &str| letters.chars().all(|each| alphabet.contains(each.to_ascii_uppercase()));
    let plain = letters.chars().filter(|each| "ACGTUN".contains(each.to_ascii_uppercase())).count();
    match plain * 2 > letters.len() {
        true if consists_of("ACGTNRYWSMKBDHV") => Some("dna"),
        true if consists_of("ACGUNRYWSMKBDHV") => Some("rna"),
        _ if letters.is_empty() => None,
        _ => Some("protein"),
    }
}

fn with_letters(letters: &str, code: impl Fn(&str) -> String) -> Rewrite {
    let announcement = match letters.get(..MOST_LETTERS) {
        Some(shown) if letters.len() > MOST_LETTERS => {
            code(&format!("{shown}… {} more", letters.len() - MOST_LETTERS))
        }
        _ => code(letters),
    };
    Rewrite { code: code(letters), announcement }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<String> {
        rewrite(text, |word| word == "gattacagattaca").map(|rewrite| rewrite.code)
    }

    #[test]
    fn long_runs_of_bases_are_dna() {
        assert_eq!(code(" ACGTACGTACG "), Some("dna\"ACGTACGTACG\"".to_owned()));
        assert_eq!(code("acgtnacgtnacg"), Some("dna\"acgtnacgtnacg\"".to_owned()));
        // Too short, a name, not only bases.
        for text in ["ACGTACGTAC", "gattacagattaca", "ACGTACGTACGU", "ACGTACG ACGTACG", "", "x"] {
            assert_eq!(code(text), None, "{text}");
        }
    }

    #[test]
    fn entries_of_fasta_are_records() {
        assert_eq!(code(">s1 first\nACGT\nNNRY\n"), Some("{id: \"s1\", seq: dna\"ACGTNNRY\"}".to_owned()));
        assert_eq!(code(">s2\r\nacgu"), Some("{id: \"s2\", seq: rna\"acgu\"}".to_owned()));
        assert_eq!(
            code(">p\"1\nMKWVTFISLLFLFSSAYS*"),
            Some("{id: \"p\\\"1\", seq: protein\"MKWVTFISLLFLFSSAYS*\"}".to_owned())
        );
        for text in ["> 5", ">", ">s1", ">s1\n", ">s1\nAC-GT", ">\nACGT", ">s1\nACGT\n>s2\nAC"] {
            assert_eq!(code(text), None, "{text:?}");
        }
    }

    #[test]
    fn long_sequences_are_announced_in_part() {
        let rewrite = rewrite(&"ACGT".repeat(25), |_| false).expect("bases");
        assert_eq!(rewrite.announcement, format!("dna\"{}… 20 more\"", "ACGT".repeat(20)));
        assert_eq!(rewrite.code.len(), 105);
    }
}
