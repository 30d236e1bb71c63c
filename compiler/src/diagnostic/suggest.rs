//! "did you mean …?"

/// The candidate that `word` is most likely a misspelling of, or otherwise the shortest one that begins with it.
///
/// A word needs at least three letters, and the edit distance must not exceed a quarter of its length (but
/// may always be 1). A swap of neighbouring letters counts as one edit. A beginning needs four letters. Among equals the
/// first one wins. This is slow; ask only when an error is really reported.
pub fn did_you_mean<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let length = word.chars().count();
    let limit = edit_distance_limit(length)?;
    let mut best: Option<(usize, &'c str)> = None;
    let mut longer: Option<&'c str> = None;
    for candidate in candidates {
        let begins_with_it = length >= LEAST_BEGINNING && candidate != word && candidate.starts_with(word);
        if begins_with_it && longer.is_none_or(|shortest| candidate.len() < shortest.len()) {
            longer = Some(candidate);
        }
        if candidate == word || candidate.chars().count().abs_diff(length) > limit {
            continue;
        }
        let distance = strsim::osa_distance(word, candidate);
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate).or(longer)
}

/// How many letters of a name say which one is meant.
const LEAST_BEGINNING: usize = 4;

/// How far a suggestion may be from a word of `length` letters; `None` when the word is too short for any.
fn edit_distance_limit(length: usize) -> Option<usize> {
    (length >= 3).then_some((length / 4).max(1))
}
