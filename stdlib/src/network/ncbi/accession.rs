//! What the ids of sequences look like.

/// A protein: `NP_000537.3`, or three letters and five or seven digits.
pub fn is_protein(id: &str) -> bool {
    let bare = id.split_once('.').map_or(id, |(bare, _)| bare);
    if let Some((prefix, number)) = bare.split_once('_') {
        return matches!(prefix.to_ascii_uppercase().as_str(), "NP" | "XP" | "YP" | "WP" | "AP")
            && is_number(number);
    }
    matches!(letters_and_digits(bare), Some((3, 5 | 7)))
}

/// Something that is no accession and no UID, but may be the symbol of a gene: `TP53`.
pub fn looks_like_symbol(id: &str) -> bool {
    let is_symbol = id.len() <= 12
        && id.starts_with(|first: char| first.is_ascii_alphabetic())
        && id.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    is_symbol && !matches!(letters_and_digits(id), Some((1, 5) | (2, 6 | 8) | (3, 5 | 7) | (4.., 7..)))
}

/// Whether a record has this name: exactly, or in another version, or as one of the names between bars.
pub fn names(record: &str, id: &str) -> bool {
    let same = |name: &str| {
        name.eq_ignore_ascii_case(id)
            || !id.contains('.')
                && name.split_once('.').is_some_and(|(bare, _)| bare.eq_ignore_ascii_case(id))
    };
    let whole = record.split(':').next().unwrap_or(record);
    same(record) || same(whole) || whole.split('|').any(same)
}

/// Whether it is a number, which sequences are not named by in records.
pub fn is_number(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|letter| letter.is_ascii_digit())
}

/// The numbers of letters and of digits behind them, where there is nothing else.
fn letters_and_digits(id: &str) -> Option<(usize, usize)> {
    let letters = id.bytes().take_while(u8::is_ascii_alphabetic).count();
    is_number(&id[letters..]).then_some((letters, id.len() - letters))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_ids() {
        for id in
            ["NP_000537.3", "XP_1", "yp_009724390", "WP_003131952.1", "AAA59172.1", "AAA5917200", "CAA12345"]
        {
            assert!(is_protein(id), "{id}");
        }
        for id in ["NM_000546.6", "U12345", "AB123456", "TP53", "12345", "NC_000017", "NP_x", "P53_HUMAN"] {
            assert!(!is_protein(id), "{id}");
        }
        for id in ["TP53", "BRCA1", "EGFR", "HLA-A", "C9orf72", "p"] {
            assert!(looks_like_symbol(id), "{id}");
        }
        for id in ["NM_000546", "U12345", "AB123456", "AAA59172", "JAAABC010000001", "1798174254", "", "ü"] {
            assert!(!looks_like_symbol(id), "{id}");
        }
    }

    #[test]
    fn records_are_known_by_their_names() {
        for (record, id) in [
            ("NM_000546.6", "NM_000546"),
            ("NM_000546.6", "nm_000546.6"),
            ("gi|371502114|ref|NM_000546.5|", "NM_000546"),
            ("NM_000546.6:100-200", "NM_000546.6"),
        ] {
            assert!(names(record, id), "{record} {id}");
        }
        assert!(!names("NM_000546.6", "NM_000546.5"));
        assert!(!names("NM_0005461.6", "NM_000546"));
    }
}
