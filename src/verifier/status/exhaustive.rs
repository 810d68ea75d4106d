//! Every short text as the index of a status.

use std::collections::HashMap;

use super::canonical_number;

#[test]
#[cfg_attr(miri, ignore = "takes minutes")]
fn a_text_is_an_index_only_if_the_index_is_written_so() {
    let written: HashMap<String, usize> =
        (0..10_000).map(|it: usize| (it.to_string(), it)).collect();
    let mut texts = vec![String::new()];
    let mut accepted = 0;
    for _ in 0..=4 {
        for text in &texts {
            assert_eq!(canonical_number(text), written.get(text).copied(), "{text:?}");
            accepted += usize::from(written.contains_key(text));
        }
        let longer = |text: &String| {
            "0123456789+-. ".chars().map(move |it| format!("{text}{it}")).collect::<Vec<_>>()
        };
        texts = texts.iter().flat_map(longer).collect();
    }
    assert_eq!(accepted, written.len());
}

#[test]
fn an_index_has_at_most_nine_digits() {
    assert_eq!(canonical_number("999999999"), Some(999_999_999));
    for text in ["1000000000", "4294967296", "18446744073709551616", "1e3", "１", "0x1", "00"] {
        assert_eq!(canonical_number(text), None, "{text}");
    }
}
