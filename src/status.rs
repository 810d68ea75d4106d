//! Status lists: one bit for each credential, compressed and encoded.

use std::fmt;
use std::io::Read;

use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::Engine as _;
use flate2::bufread::{GzDecoder, ZlibDecoder};

use crate::limits::Limits;

/// The bits of a status list.
#[derive(Clone, PartialEq)]
pub(crate) struct StatusList(Vec<u8>);

/// The order of the bits within a byte of a status list.
///
/// BitstringStatusList 1.0 and StatusList2021 say leftmost first; RevocationList2020 does not say,
/// and its issuers differ. The wrong order reads the status of another credential.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum BitOrder {
    /// Index 0 is the most significant bit of the first byte.
    LeftmostFirst,
    /// Index 0 is the least significant bit of the first byte.
    RightmostFirst,
}

/// Why a text is no status list.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ListFault {
    /// Not base64 or base64url, or without the prefix that its type must have.
    Encoding,
    /// Neither one whole gzip member nor one whole zlib stream.
    Compression,
    /// More bytes than the limit.
    TooLarge,
}

impl StatusList {
    /// Decodes an `encodedList`; with `multibase`, as BitstringStatusList 1.0 writes it (`u…`).
    ///
    /// Nothing beyond the limit is ever inflated. What compressed it is told by its first bytes.
    pub(crate) fn decode(
        encoded: &str,
        multibase: bool,
        limits: &Limits,
    ) -> Result<StatusList, ListFault> {
        let (text, alphabet) = match (multibase, encoded.strip_prefix('u')) {
            (true, Some(text)) => (text, alphabet::URL_SAFE),
            (true, None) => return Err(ListFault::Encoding),
            (false, _) if encoded.contains(['+', '/']) => (encoded, alphabet::STANDARD),
            (false, _) => (encoded, alphabet::URL_SAFE),
        };
        // Issuers differ in padding; every other freedom is refused.
        let config =
            GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
        let compressed = GeneralPurpose::new(&alphabet, config).decode(text);
        let compressed = compressed.map_err(|_| ListFault::Encoding)?;
        match compressed.as_slice() {
            [0x1f, 0x8b, ..] => {
                let mut decoder = GzDecoder::new(compressed.as_slice());
                let list = inflate(&mut decoder, limits)?;
                whole(list, decoder.into_inner())
            }
            [0x78, ..] => {
                let mut decoder = ZlibDecoder::new(compressed.as_slice());
                let list = inflate(&mut decoder, limits)?;
                whole(list, decoder.into_inner())
            }
            _ => Err(ListFault::Compression),
        }
    }

    /// How many entries the list has.
    pub(crate) fn len(&self) -> usize {
        self.0.len().saturating_mul(8)
    }

    /// The bit of an entry; `None` beyond the end.
    pub(crate) fn bit(&self, index: usize, order: BitOrder) -> Option<bool> {
        let byte = *self.0.get(index / 8)?;
        let mask = match order {
            BitOrder::LeftmostFirst => 0x80 >> (index % 8),
            BitOrder::RightmostFirst => 1 << (index % 8),
        };
        Some(byte & mask != 0)
    }
}

/// Shows no bit: each is somebody's status.
impl fmt::Debug for StatusList {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("StatusList").field("len", &self.len()).finish_non_exhaustive()
    }
}

/// Inflates to the end of the stream, its checksum included, or one byte beyond the limit.
fn inflate(decoder: &mut impl Read, limits: &Limits) -> Result<StatusList, ListFault> {
    let mut list = Vec::new();
    let limit = u64::try_from(limits.status_list_bytes).unwrap_or(u64::MAX);
    let read = decoder.take(limit.saturating_add(1)).read_to_end(&mut list);
    match read {
        Err(_) => Err(ListFault::Compression),
        Ok(length) if length > limits.status_list_bytes => Err(ListFault::TooLarge),
        Ok(_) => Ok(StatusList(list)),
    }
}

/// Decoders differ in what follows the first member, so nothing may.
fn whole(list: StatusList, rest: &[u8]) -> Result<StatusList, ListFault> {
    rest.is_empty().then_some(list).ok_or(ListFault::Compression)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use flate2::write::{GzEncoder, ZlibEncoder};
    use flate2::Compression;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn both_compressions_and_both_alphabets_are_told_apart() {
        let bits = [0b0100_1000, 0xff, 0xfb];
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::none());
        zlib.write_all(&bits).unwrap();
        for compressed in [gzip(&bits), zlib.finish().unwrap()] {
            for (text, multibase) in [
                (STANDARD.encode(&compressed), false),
                (URL_SAFE_NO_PAD.encode(&compressed), false),
                (format!("u{}", URL_SAFE_NO_PAD.encode(&compressed)), true),
            ] {
                assert_eq!(
                    StatusList::decode(&text, multibase, &Limits::STANDARD).unwrap().0,
                    bits
                );
                // `u` is of the alphabet: as base64 the prefix shifts every byte.
                let fault = if multibase { ListFault::Compression } else { ListFault::Encoding };
                assert_eq!(StatusList::decode(&text, !multibase, &Limits::STANDARD), Err(fault));
            }
        }
    }

    #[test]
    fn whatever_decoders_could_differ_on_is_refused() {
        let good = gzip(&[0; 64]);
        let fault = |bytes: &[u8]| {
            StatusList::decode(&STANDARD.encode(bytes), false, &Limits::STANDARD).err()
        };
        let mut two = good.clone();
        two.extend_from_slice(&good);
        assert_eq!(fault(&two), Some(ListFault::Compression));
        assert_eq!(fault(&[&good[..], b"x"].concat()), Some(ListFault::Compression));
        for length in 0..good.len() {
            assert_eq!(fault(&good[..length]), Some(ListFault::Compression), "{length}");
        }
        let mut checksum = good.clone();
        let at = checksum.len() - 8;
        checksum[at] ^= 1;
        assert_eq!(fault(&checksum), Some(ListFault::Compression));
        for text in ["H4sI AAAA", "H4sI*", "H4sIA", "H4sI-/", "H4sIAB"] {
            assert_eq!(
                StatusList::decode(text, false, &Limits::STANDARD),
                Err(ListFault::Encoding),
                "{text}"
            );
        }
    }

    #[test]
    fn the_limit_is_a_refusal_and_never_a_shorter_list() {
        let list = |length: usize| {
            let encoded = STANDARD.encode(gzip(&vec![0; length]));
            StatusList::decode(&encoded, false, &Limits::STANDARD).map(|it| it.len())
        };
        let most = Limits::STANDARD.status_list_bytes;
        assert_eq!(list(most), Ok(most * 8));
        assert_eq!(list(most + 1), Err(ListFault::TooLarge));
    }

    #[test]
    fn the_orders_mirror_each_byte() {
        let list = StatusList(vec![0b0100_1000, 0b1000_0000]);
        let set =
            |order| (0..16).filter(|&it| list.bit(it, order) == Some(true)).collect::<Vec<_>>();
        assert_eq!(set(BitOrder::LeftmostFirst), [1, 4, 8]);
        assert_eq!(set(BitOrder::RightmostFirst), [3, 6, 15]);
        assert_eq!(list.bit(16, BitOrder::LeftmostFirst), None);
    }

    #[test]
    fn a_list_shows_its_length_and_no_bit() {
        assert_eq!(format!("{:?}", StatusList(vec![0xff; 2])), "StatusList { len: 16, .. }");
    }
}
