//! Every short text as base64.

use super::{decode, ProofFailure};

#[test]
#[cfg_attr(miri, ignore = "takes minutes")]
fn a_text_is_base64_only_if_the_definition_says_so() {
    // Digits of which the last bits are zero or not, the padding, and what other decoders let pass.
    let characters = "AQgwf9+/=-_. \n";
    let mut texts = vec![String::new()];
    let mut accepted = 0;
    for _ in 0..=4 {
        for text in &texts {
            let expected = by_definition(text).ok_or(ProofFailure::Base64);
            accepted += usize::from(expected.is_ok());
            assert_eq!(decode(text), expected, "{text:?}");
        }
        let longer = |text: &String| {
            characters.chars().map(move |it| format!("{text}{it}")).collect::<Vec<_>>()
        };
        texts = texts.iter().flat_map(longer).collect();
    }
    // Eight digits: nothing, one byte (A, Q, g, w end in four zeros), two (w, 9 do not), three.
    assert!(accepted > 4096, "{accepted}");
}

/// RFC 4648, section 4, as strings of bits.
fn by_definition(text: &str) -> Option<Vec<u8>> {
    let digits = text.strip_suffix("==").or_else(|| text.strip_suffix('=')).unwrap_or(text);
    let mut bits = String::new();
    for character in digits.chars() {
        let value = match character {
            'A'..='Z' => character as u32 - 'A' as u32,
            'a'..='z' => character as u32 - 'a' as u32 + 26,
            '0'..='9' => character as u32 - '0' as u32 + 52,
            '+' => 62,
            '/' => 63,
            _ => return None,
        };
        bits.push_str(&format!("{value:06b}"));
    }
    let (whole, unused) = bits.split_at(bits.len() / 8 * 8);
    let padding = text.len() - digits.len();
    let padded = text.len().is_multiple_of(4) && padding * 2 == unused.len();
    let bytes = (0..whole.len()).step_by(8).map(|at| u8::from_str_radix(&whole[at..at + 8], 2));
    (padded && !unused.contains('1')).then(|| bytes.collect::<Result<_, _>>().ok())?
}
