//! The server's unsigned copy of the claims, held against the signed ones.
//!
//! A copy that says something contradicts a claim that says something else, that is signed as empty,
//! or of which it is proven that it was never signed. An empty copy says nothing, and a claim that is
//! hidden or ambiguous cannot be compared.

use chrono::Datelike;

use crate::government_id::{CivilDate, Claim, GovernmentId};
use crate::report::{Outcome, Reason, ReasonCode};
use crate::session::NormalizedGovernmentIdData;
use crate::time::{self, DatePrecision};

/// Passes if each copy agrees with a credential of its own in every field that both show.
///
/// Nothing says which credential belongs to which copy, so a copy may take any: as a whole, and none
/// that another copy needs.
pub(super) fn agrees(
    copies: &[&NormalizedGovernmentIdData],
    ids: &[Option<GovernmentId>],
) -> Outcome {
    if copies.is_empty() {
        return Outcome::NotApplicable;
    }
    // Once for each, not for each pair: an address may be long.
    let ids: Vec<_> = ids.iter().map(|id| id.as_ref().map(|id| (id, Address::read(id)))).collect();
    let comparisons: Vec<Vec<_>> = (copies.iter())
        .map(|copy| {
            let lines = lines(copy);
            let compare = |id: &Option<(&GovernmentId, Address)>| match id {
                Some((id, address)) => compare(copy, &lines, id, address),
                // A credential of another kind has no field that could differ.
                None => Vec::new(),
            };
            ids.iter().map(compare).collect()
        })
        .collect();
    let mut all = comparisons.iter().flatten().flatten();
    if !all.any(|(_, it)| matches!(it, Comparison::Differs | Comparison::Equal)) {
        return Outcome::NotApplicable;
    }
    let differing: Vec<Vec<Vec<&str>>> = (comparisons.iter())
        .map(|row| row.iter().map(|fields| differing(fields)).collect())
        .collect();
    let mut owners = vec![None; ids.len()];
    let mut alone = differing.iter().enumerate().filter(|(copy, _)| {
        !finds_a_credential(*copy, &differing, &mut owners, &mut vec![false; ids.len()])
    });
    // Of the credential it was most likely meant for. One that agrees with all credentials is only
    // one too many, which is another check's to say.
    let fields = alone.find_map(|(_, row)| {
        row.iter().filter(|fields| !fields.is_empty()).min_by_key(|fields| fields.len())
    });
    match fields {
        None => Outcome::Pass,
        Some(fields) => {
            Outcome::Fail(Reason::with(ReasonCode::NormalizedContradicts, fields.join(", ")))
        }
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Comparison {
    Differs,
    Equal,
    /// One of the two does not show the field.
    NotComparable,
}

impl From<bool> for Comparison {
    fn from(equal: bool) -> Comparison {
        match equal {
            true => Comparison::Equal,
            false => Comparison::Differs,
        }
    }
}

fn compare(
    copy: &NormalizedGovernmentIdData,
    lines: &[Line],
    id: &GovernmentId,
    address: &Address,
) -> Vec<(&'static str, Comparison)> {
    let same_country = |copy: &str, country: &String| {
        // Two letters and three letters are two codes of one country.
        match (GovernmentId::alpha_3(copy), GovernmentId::alpha_3(country)) {
            (Some(copy), Some(country)) => (copy == country).into(),
            _ if copy.len() == country.len() => is_same_text(copy, country).into(),
            _ => Comparison::NotComparable,
        }
    };
    let same_text = |copy: &str, claim: &String| is_same_text(copy, claim).into();
    let same_date = |copy: &str, claim: &CivilDate| same_date(copy, claim).into();
    vec![
        ("id_number", field(copy.id_number(), &id.document_number, same_text)),
        ("given_name", field(copy.given_name(), &id.given_name, same_text)),
        ("family_name", field(copy.family_name(), &id.family_name, same_text)),
        ("address", address.compare(lines)),
        ("date_of_birth", field(copy.date_of_birth(), &id.date_of_birth, same_date)),
        (
            "country",
            match &id.issuing_country {
                // Trinsic's own credentials state no country, whatever the copy says.
                Claim::Absent => Comparison::NotComparable,
                country => field(copy.country(), country, same_country),
            },
        ),
        ("issue_date", field(copy.issue_date(), &id.issue_date, same_date)),
        ("expiration_date", field(copy.expiration_date(), &id.expiry_date, same_date)),
    ]
}

fn field<T>(
    copy: Option<&str>,
    claim: &Claim<T>,
    same: impl Fn(&str, &T) -> Comparison,
) -> Comparison {
    match (copy.filter(|copy| !copy.is_empty()), claim) {
        (Some(copy), Claim::Disclosed(claim)) => same(copy, claim),
        // The signature says that the document has no such field.
        (Some(_), Claim::Empty | Claim::Absent) => Comparison::Differs,
        _ => Comparison::NotComparable,
    }
}

/// The signed address: the street may be the whole line, or one of its parts.
struct Address {
    street: Option<Line>,
    /// The parts that are shown, in one line.
    joined: Line,
    shown: Vec<Line>,
    /// Some part may be hidden.
    is_partial: bool,
}

impl Address {
    fn read(id: &GovernmentId) -> Address {
        let parts = [&id.street_address, &id.city, &id.state, &id.postal_code];
        let is_unread = |state| matches!(state, "ambiguous" | "not_disclosed");
        let mut states = parts.iter().map(|it| it.state()).chain([id.address.state()]);
        let whole = id.address.disclosed();
        let texts = parts.iter().filter_map(|it| it.disclosed());
        let texts: Vec<&str> =
            whole.into_iter().flatten().chain(texts).map(String::as_str).collect();
        let street = id.street_address.disclosed().map(|street| Line::new(street));
        Address {
            street: street.or_else(|| whole.map(|lines| Line::new(&lines.join(" ")))),
            joined: Line::new(&texts.join(" ")),
            is_partial: states.any(is_unread),
            shown: texts.into_iter().map(Line::new).collect(),
        }
    }

    fn compare(&self, lines: &[Line]) -> Comparison {
        let is_any = |is: &dyn Fn(&Line) -> bool| Comparison::from(lines.iter().any(is));
        match self {
            _ if lines.is_empty() => Comparison::NotComparable,
            Address { shown, is_partial, .. } if shown.is_empty() => match is_partial {
                true => Comparison::NotComparable,
                false => Comparison::Differs,
            },
            // With a part unread it can only be said that the line has the others.
            Address { is_partial: true, shown, .. } => {
                is_any(&|line| shown.iter().all(|part| line.letters.contains(&part.letters)))
            }
            _ => is_any(&|line| {
                line.is_same(&self.joined)
                    || self.street.as_ref().is_some_and(|it| line.is_same(it))
            }),
        }
    }
}

/// The copy's address is one line; it may end with the country, which is a claim of its own.
fn lines(copy: &NormalizedGovernmentIdData) -> Vec<Line> {
    let Some(line) = copy.address().filter(|line| !line.is_empty()) else { return Vec::new() };
    let country = copy.country().filter(|country| !country.is_empty());
    let without = country.and_then(|country| line.strip_suffix(country));
    [Some(line), without].into_iter().flatten().map(Line::new).collect()
}

/// An address in which neither letter case nor punctuation nor the order of words makes a
/// difference.
struct Line {
    letters: String,
    sorted: String,
}

impl Line {
    fn new(text: &str) -> Line {
        let text = text.to_uppercase();
        let words = text.split(|character: char| !character.is_alphanumeric());
        let mut words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        let letters = words.concat();
        words.sort_unstable();
        Line { letters, sorted: words.join(" ") }
    }

    fn is_same(&self, other: &Line) -> bool {
        self.letters == other.letters || self.sorted == other.sorted
    }
}

/// Civil dates have no zone: an instant counts as the day it is written with. Where one of the two
/// says less, only that much is compared. A copy in the form of a country is held against a whole day;
/// every other text that is no date is compared as a text.
fn same_date(copy: &str, claim: &CivilDate) -> bool {
    let written_day = time::instant(copy).and(copy.get(..10));
    let copied = time::civil_date(written_day.unwrap_or(copy));
    let (Some(date), Some(precision)) = (claim.date(), claim.precision()) else {
        return is_same_text(copy, claim.raw());
    };
    let Some((copied, copied_precision)) = copied else {
        let day = (precision == DatePrecision::Day).then(|| numbers(&date.to_string())).flatten();
        return match (numbers(copy), day) {
            (Some(copy), Some(day)) => copy == day,
            _ => is_same_text(copy, claim.raw()),
        };
    };
    let precisions = [precision, copied_precision];
    copied.year() == date.year()
        && (precisions.contains(&DatePrecision::Year) || copied.month() == date.month())
        && (precisions != [DatePrecision::Day; 2] || copied.day() == date.day())
}

/// Day, month and year in whatever order a form of another country has them; `None` if the text says
/// anything beside them.
fn numbers(date: &str) -> Option<[u32; 3]> {
    let mut numbers = [0; 3];
    let mut groups = date.split(['/', '.', '-']);
    for number in &mut numbers {
        let digits = groups.next()?.trim();
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        *number = digits.parse().ok().filter(|_| is_number)?;
    }
    numbers.sort_unstable();
    groups.next().is_none().then_some(numbers)
}

/// Letter case and white space do not make a difference.
fn is_same_text(copy: &str, claim: &str) -> bool {
    fn folded(text: &str) -> impl Iterator<Item = char> + '_ {
        let words = text.split_whitespace();
        words.flat_map(|word| word.chars().flat_map(char::to_uppercase).chain([' ']))
    }
    folded(copy).eq(folded(claim))
}

fn differing(fields: &[(&'static str, Comparison)]) -> Vec<&'static str> {
    let differing = fields.iter().filter(|(_, it)| *it == Comparison::Differs);
    differing.map(|(name, _)| *name).collect()
}

/// Whether the copy finds a credential, moving others to another one where they have a choice
/// (augmenting paths: both are few, see `Limit::Credentials`).
fn finds_a_credential(
    copy: usize,
    differing: &[Vec<Vec<&str>>],
    owners: &mut Vec<Option<usize>>,
    tried: &mut Vec<bool>,
) -> bool {
    for credential in 0..owners.len() {
        let differs = differing.get(copy).and_then(|row| row.get(credential));
        let was_tried = tried.get_mut(credential).map(|tried| std::mem::replace(tried, true));
        if differs.is_none_or(|fields| !fields.is_empty()) || was_tried != Some(false) {
            continue;
        }
        let owner = owners.get(credential).copied().flatten();
        if owner.is_none_or(|owner| finds_a_credential(owner, differing, owners, tried)) {
            if let Some(owner) = owners.get_mut(credential) {
                *owner = Some(copy);
            }
            return true;
        }
    }
    false
}
