//! `did you mean …?`

use crate::error::Error;

/// The candidate that a misspelled word most likely means, where one is near: an edit distance of at most a quarter of
/// its letters, but of one in any case. Words below three letters mean too many things.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters = word.chars().count();
    if letters < 3 {
        return None;
    }
    let most = (letters / 4).max(1);
    candidates
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(word.len()) <= 4 * most)
        .map(|candidate| (strsim::osa_distance(word, candidate), candidate))
        .filter(|(distance, _)| (1..=most).contains(distance))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The error, with the nearest candidate as its hint.
pub(crate) fn with_suggestion<'a>(
    error: Error,
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Error {
    match did_you_mean(word, candidates) {
        Some(candidate) => error.with_hint(format!("did you mean '{candidate}'?")),
        None => error,
    }
}
