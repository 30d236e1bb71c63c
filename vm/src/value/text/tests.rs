//! Text is the same however it came about.

use super::*;
use crate::value::{Text, TextMap};
use proptest::prelude::*;

/// Texts around the length where they stop to be short, of one and of more bytes a character.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof!["[a-c\\x00]{0,12}", "[aéß€𝄞]{0,6}", ".{0,40}"]
}

proptest! {
    #[test]
    fn is_the_text_however_it_was_made(left in texts(), right in texts()) {
        let whole = [left.as_str(), right.as_str()].concat();
        let direct = Str::from(whole.as_str());
        let joined = Str::joined(&left, &right);
        let mut grown = Str::from(left.as_str());
        grown.push_str(&right);
        let mut shared = Str::from(left.as_str());
        let other = shared.clone();
        shared.push_str(&right);
        let mut replaced = Str::from("something else that is longer than most");
        replaced.replace(&whole);
        prop_assert_eq!(other.as_str(), left.as_str());
        for text in [&joined, &grown, &shared, &replaced] {
            prop_assert_eq!(text.as_str(), whole.as_str());
            prop_assert_eq!(text, &direct);
            prop_assert_eq!(text.text_hash(), direct.text_hash());
            prop_assert_eq!(text.char_count(), whole.chars().count());
            prop_assert_eq!(text.byte_count(), whole.len());
        }
    }

    #[test]
    fn compares_and_hashes_like_plain_text(left in texts(), right in texts()) {
        let (one, other) = (Str::from(left.as_str()), Str::from(right.as_str()));
        prop_assert_eq!(one == other, left == right);
        prop_assert_eq!(one.cmp(&other), left.cmp(&right));
        prop_assert!(left != right || one.text_hash() == other.text_hash());
        let mut map = TextMap::default();
        map.insert(one, 1);
        prop_assert_eq!(map.contains_key(&other), left == right);
        prop_assert_eq!(map.contains_key(&Text(&right)), left == right);
    }

    #[test]
    fn parts_are_those_of_the_text(text in texts(), start in 0_usize..12, length in 0_usize..12) {
        let whole = Str::from(text.as_str());
        let characters: Vec<char> = text.chars().collect();
        let at = |position| whole.char_at(position).map(|found| found.as_str().to_owned());
        prop_assert_eq!(at(start), characters.get(start).map(char::to_string));
        let expected = if text.is_ascii() { text.get(start..start + length) } else { None };
        let part = whole.ascii_slice(start, start + length);
        prop_assert_eq!(part.as_deref(), expected);
        let part = whole.short_slice(start, start + length);
        prop_assert!(part.is_none() || part.as_deref() == expected);
        prop_assert_eq!(whole.ascii_at(start), text.as_bytes().get(start).filter(|_| text.is_ascii()).copied());
    }
}

#[test]
fn short_texts_take_no_memory_and_long_ones_grow_in_place() {
    assert!(Str::from("1234567").is_short() && Str::default().is_short());
    assert!(!Str::from("12345678").is_short());
    let mut text = Str::from("");
    let mut moves = 0;
    let mut address = text.word();
    for _ in 0..10_000 {
        text.push_str("x");
        moves += usize::from(text.word() != address && !text.is_short());
        address = text.word();
    }
    assert_eq!(text.char_count(), 10_000);
    assert!(moves < 20, "{moves} moves");
}
