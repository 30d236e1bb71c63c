//! "did you mean …?"

/// The candidate that `word` is most likely a misspelling of.
///
/// A word needs at least three letters, and the edit distance must not exceed a quarter of its length (but
/// may always be 1). A swap of neighbouring letters counts as one edit. Among equals the first one wins.
/// This is slow; ask only when an error is really reported.
pub fn did_you_mean<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let length = word.chars().count();
    let limit = edit_distance_limit(length)?;
    let mut best: Option<(usize, &'c str)> = None;
    for candidate in candidates {
        if candidate == word || candidate.chars().count().abs_diff(length) > limit {
            continue;
        }
        let distance = strsim::osa_distance(word, candidate);
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// How far a suggestion may be from a word of `length` letters; `None` when the word is too short for any.
fn edit_distance_limit(length: usize) -> Option<usize> {
    (length >= 3).then_some((length / 4).max(1))
}
