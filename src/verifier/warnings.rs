//! What a person should look at although it changes no verdict.

use super::session::successes;
use crate::government_id::{self, Claim, GovernmentId};
use crate::report::{CredentialReport, Warning};
use crate::session::{RequestedFields, Session, FIELDS};

/// What was asked for (`government_id_options`) against what is shown.
///
/// Nothing says which credential belongs to which verification: with several, only what all or none
/// of them asked for is told.
pub(super) fn requested_fields(session: &Session, ids: &[Option<GovernmentId>]) -> Vec<Warning> {
    let asked: Vec<[bool; 8]> = successes(session)
        .map(|it| it.requested_fields().map_or([true; 8], RequestedFields::to_array))
        .collect();
    let mut warnings = Vec::new();
    for (index, field) in FIELDS.into_iter().enumerate() {
        let mut asked = asked.iter().filter_map(|fields| fields.get(index));
        let (all, any) = (asked.clone().all(|asked| *asked), asked.any(|asked| *asked));
        for id in ids.iter().flatten() {
            let shown = match field {
                "id_number" => shown(&[&id.document_number]),
                "given_name" => shown(&[&id.given_name]),
                "family_name" => shown(&[&id.family_name]),
                "address" => {
                    let parts = [&id.street_address, &id.city, &id.state, &id.postal_code];
                    shown(&[&id.address]).max(shown(&parts))
                }
                "date_of_birth" => shown(&[&id.date_of_birth]),
                // Trinsic's credentials state none: it is not hidden where it is not shown.
                "country" => shown(&[&id.issuing_country]).filter(|shown| *shown),
                "issue_date" => shown(&[&id.issue_date]),
                _ => shown(&[&id.expiry_date]),
            };
            let warning = match shown {
                Some(false) if all && any => Warning::AskedAndHidden { field },
                Some(true) if !any => Warning::ShownAndNotAsked { field },
                _ => continue,
            };
            if !warnings.contains(&warning) {
                warnings.push(warning);
            }
        }
    }
    warnings
}

/// Names of claims whose text is not what a person sees.
pub(super) fn invisible_characters(credentials: &[CredentialReport]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for signed in credentials.iter().filter_map(|it| it.statements.as_ref()) {
        for claim in government_id::claims_where(signed, has_invisible) {
            let warning = Warning::InvisibleCharacters { claim };
            if !warnings.contains(&warning) {
                warnings.push(warning);
            }
        }
    }
    warnings
}

/// `None` if there is no such field in the document.
fn shown<T>(claims: &[&Claim<T>]) -> Option<bool> {
    match claims.iter().any(|claim| claim.disclosed().is_some()) {
        true => Some(true),
        false => claims.iter().any(|claim| matches!(claim, Claim::NotDisclosed)).then_some(false),
    }
}

fn has_invisible(text: &str) -> bool {
    // One pass without branches: an image is long, and plain.
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\x0c' | b'\r');
    let is_all_plain = text.bytes().fold(true, |plain, byte| plain & is_plain(byte));
    !is_all_plain && text.chars().any(is_invisible)
}

/// Control characters other than white space; `Bidi_Control` and `Default_Ignorable_Code_Point` of
/// Unicode 16; separators of lines and paragraphs; the fillers of annotations.
fn is_invisible(character: char) -> bool {
    match character {
        '\t' | '\n' | '\u{c}' | '\r' => false,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' => {
            true
        }
        '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' => true,
        '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' => true,
        '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' => true,
        '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}' => true,
        _ => character.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ends of each range, and what stands beside it.
    #[test]
    fn what_nobody_sees_is_told_from_what_is_seen() {
        for (first, last) in [
            ('\0', '\u{8}'),
            ('\u{b}', '\u{b}'),
            ('\u{e}', '\u{1f}'),
            ('\u{7f}', '\u{9f}'),
            ('\u{ad}', '\u{ad}'),
            ('\u{34f}', '\u{34f}'),
            ('\u{61c}', '\u{61c}'),
            ('\u{115f}', '\u{1160}'),
            ('\u{17b4}', '\u{17b5}'),
            ('\u{180b}', '\u{180f}'),
            ('\u{200b}', '\u{200f}'),
            ('\u{2028}', '\u{202e}'),
            ('\u{2060}', '\u{206f}'),
            ('\u{3164}', '\u{3164}'),
            ('\u{fe00}', '\u{fe0f}'),
            ('\u{feff}', '\u{feff}'),
            ('\u{ffa0}', '\u{ffa0}'),
            ('\u{fff0}', '\u{fffb}'),
            ('\u{1bca0}', '\u{1bca3}'),
            ('\u{1d173}', '\u{1d17a}'),
            ('\u{e0000}', '\u{e0fff}'),
        ] {
            assert!((first..=last).all(|it| has_invisible(&it.to_string())), "{first:?}");
            let before = (first != '\0').then(|| char::from_u32(u32::from(first) - 1).unwrap());
            let after = char::from_u32(u32::from(last) + 1).unwrap();
            for seen in before.into_iter().chain([after]) {
                assert!(!has_invisible(&seen.to_string()), "{seen:?}");
            }
        }
    }
}
