//! Every short text as base64, and every place where a statement can be hidden.

use std::sync::Arc;

use super::{decode, Alternatives, Layout, ProofFailure, OPTION_COUNT};
use crate::json;
use crate::limits::Limits;
use crate::statements::{self, Contexts, Graph, Statements};

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

/// The subject `urn:a` has each of the properties.
fn stating(properties: &[char]) -> Statements {
    let members: Vec<String> = properties.iter().map(|it| format!(r#""{it}":"1""#)).collect();
    of_members(&members.join(","))
}

fn of_members(members: &str) -> Statements {
    let members = if members.is_empty() { String::new() } else { format!(",{members}") };
    let text =
        format!(r#"{{"@context":[{{"@vocab":"https://v.example/"}}],"id":"urn:a"{members}}}"#);
    let value = json::parse(text.as_bytes(), &Limits::STANDARD).unwrap();
    statements::statements(value.as_object().unwrap(), &Contexts::bundled()).unwrap()
}

/// A hidden statement lies in a gap between the indices of two neighbours, and sorts between them.
#[test]
fn a_statement_may_be_hidden_where_a_gap_has_room_for_it_and_nowhere_else() {
    let (first, end) = (OPTION_COUNT, OPTION_COUNT + 5);
    let mut hidden = [0, 0];
    for shown in [vec![], vec!['b'], vec!['b', 'd'], vec!['b', 'd', 'f']] {
        let statements = stating(&shown);
        let graph = Graph::root(&statements);
        let every = (0..1_u32 << (end - first)).map(|bits| {
            (first..end).filter(move |it| bits >> (it - first) & 1 == 1).collect::<Vec<usize>>()
        });
        for indices in every.filter(|it| it.len() == shown.len()) {
            let layout = Layout {
                statements: statements.clone(),
                indices: Some(Arc::from(indices.clone())),
                message_count: Some(end),
                places: None,
            };
            for letter in 'a'..='g' {
                // The neighbours of each hidden index, as letters.
                let expected = (first..end).filter(|it| !indices.contains(it)).any(|gap| {
                    let before = indices.iter().filter(|it| **it < gap).count();
                    let (low, high) = (before.checked_sub(1), shown.get(before));
                    low.is_none_or(|low| shown[low] <= letter)
                        && high.is_none_or(|high| letter <= *high)
                });
                let found = layout.may_hide(graph, &format!("https://v.example/{letter}"));
                assert_eq!(found, expected, "{letter} beside {shown:?} at {indices:?}");
                hidden[usize::from(found)] += 1;
            }
            // Signers differ in where this would sort.
            let may_hide = layout.may_hide(graph, "https://v.example/é");
            assert_eq!(may_hide, layout.hides(), "{shown:?} at {indices:?}");
        }
    }
    assert!(hidden[0] > 50 && hidden[1] > 50, "{hidden:?}");
}

/// One character is enough for another form, however many stand beside it.
#[test]
fn a_signer_of_another_form_is_expected_where_the_forms_differ() {
    for beside in ["", "a", "aa", "aaa"] {
        let orders = |character: &str| {
            let members = format!(r#""b":"{character}{beside}""#);
            Alternatives::of(&of_members(&members)).orders.len()
        };
        assert_eq!((orders("\\u0001"), orders("é"), orders("b")), (1, 0, 0), "{beside}");
    }
}
