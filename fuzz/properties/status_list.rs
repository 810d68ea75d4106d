//! A list has the bits that were compressed into it, whatever the order, and never more than the limit.

use std::io::Read;

use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use base64::Engine as _;
use result_vp::{internal::status_list, limits::Limits, policy::BitOrder};

/// Panics where the property does not hold.
///
/// The first byte says what the others are: an encoded list, or the bits of one.
pub fn check(data: &[u8]) {
    let Some((kind, rest)) = data.split_first() else { return };
    let multibase = kind & 1 == 1;
    let text = match kind & 2 {
        0 => String::from_utf8_lossy(rest).into_owned(),
        _ => {
            let mut encoder = flate2::read::GzEncoder::new(rest, flate2::Compression::fast());
            let mut compressed = Vec::new();
            encoder.read_to_end(&mut compressed).expect("memory");
            match multibase {
                true => format!("u{}", URL_SAFE_NO_PAD.encode(compressed)),
                false => STANDARD.encode(compressed),
            }
        }
    };
    let found = [BitOrder::LeftmostFirst, BitOrder::RightmostFirst]
        .map(|it| status_list(&text, multibase, it, &Limits::standard()));
    let [Some(left), Some(right)] = &found else {
        assert!(found.iter().all(Option::is_none), "the order changes whether it is a list");
        assert!(kind & 2 == 0, "bits that were compressed are a list");
        return;
    };
    assert_eq!(left.0, right.0);
    assert!(left.0 <= 8 << 24, "beyond the limit");
    // The orders mirror each other within each byte.
    let mut mirrored: Vec<usize> = right.1.iter().map(|index| index ^ 7).collect();
    mirrored.sort_unstable();
    assert_eq!(left.1, mirrored);
    if kind & 2 == 2 {
        let is_set = |index: &usize| rest[index / 8] >> (7 - index % 8) & 1 == 1;
        let expected: Vec<usize> = (0..rest.len() * 8).filter(is_set).collect();
        assert_eq!((left.0, &left.1), (rest.len() * 8, &expected));
    }
}
