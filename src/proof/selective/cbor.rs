//! The CBOR of proof values (RFC 8949): unsigned integers, byte strings, and arrays and maps of them.
//!
//! Lengths are definite and every number is in its shortest form, so that a value has one encoding but
//! for the order of maps. Tags, and whatever else the suites do not use, are refused.

/// What is left to read.
pub(super) struct Reader<'b>(pub(super) &'b [u8]);

impl<'b> Reader<'b> {
    pub(super) fn unsigned(&mut self) -> Option<u64> {
        self.head(0)
    }

    pub(super) fn bytes(&mut self) -> Option<&'b [u8]> {
        let length = usize::try_from(self.head(2)?).ok()?;
        self.take(length)
    }

    /// An array of `N` bytes.
    pub(super) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.bytes()?.try_into().ok()
    }

    /// The beginning of a list of `count` items.
    pub(super) fn list_of(&mut self, count: u64) -> Option<()> {
        (self.head(4)? == count).then_some(())
    }

    /// A list of whatever length it has.
    pub(super) fn list<T>(
        &mut self,
        mut item: impl FnMut(&mut Reader<'b>) -> Option<T>,
    ) -> Option<Vec<T>> {
        // Every item takes a byte at least: what is not there ends the loop.
        (0..self.head(4)?).map(|_| item(self)).collect()
    }

    /// A map from unsigned integers, in the order in which it is written.
    pub(super) fn map<T>(
        &mut self,
        mut value: impl FnMut(&mut Reader<'b>) -> Option<T>,
    ) -> Option<Vec<(u64, T)>> {
        (0..self.head(5)?).map(|_| Some((self.unsigned()?, value(self)?))).collect()
    }

    /// `Some` if nothing is left.
    pub(super) fn end(self) -> Option<()> {
        self.0.is_empty().then_some(())
    }

    /// The argument of an item of a major type (section 3): its shortest form.
    fn head(&mut self, major: u8) -> Option<u64> {
        let [first] = self.take(1)?.try_into().ok()?;
        if first >> 5 != major {
            return None;
        }
        let (argument, least) = match first & 31 {
            small @ 0..=23 => return Some(small.into()),
            24 => (u8::from_be_bytes(self.number()?).into(), 24),
            25 => (u16::from_be_bytes(self.number()?).into(), 1 << 8),
            26 => (u32::from_be_bytes(self.number()?).into(), 1 << 16),
            27 => (u64::from_be_bytes(self.number()?), 1 << 32),
            _ => return None,
        };
        (argument >= least).then_some(argument)
    }

    fn number<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole<'b, T>(bytes: &'b [u8], read: impl FnOnce(&mut Reader<'b>) -> Option<T>) -> Option<T> {
        let mut reader = Reader(bytes);
        let value = read(&mut reader)?;
        reader.end().map(|()| value)
    }

    /// Every text of up to three bytes: what is read is written again with the same bytes.
    #[test]
    #[cfg_attr(miri, ignore = "takes hours")]
    fn a_number_has_one_form() {
        let form = |number: u64| match number {
            0..=23 => vec![number as u8],
            24..=0xff => vec![24, number as u8],
            _ => vec![25, (number >> 8) as u8, number as u8],
        };
        let mut read = 0;
        for length in 0..=3 {
            for number in 0..1_u32 << (8 * length) {
                let bytes = &number.to_be_bytes()[4 - length..];
                if let Some(number) = whole(bytes, Reader::unsigned) {
                    assert_eq!(form(number), bytes);
                    read += 1;
                }
            }
        }
        assert_eq!(read, 1 << 16);
    }

    #[test]
    fn what_is_long_has_its_shortest_form() {
        for (bytes, number) in [
            (&[0x19, 1, 0][..], Some(1 << 8)),
            (&[0x19, 0, 255], None),
            (&[0x1a, 0, 1, 0, 0], Some(1 << 16)),
            (&[0x1a, 0, 0, 255, 255], None),
            (&[0x1b, 0, 0, 0, 1, 0, 0, 0, 0], Some(1 << 32)),
            (&[0x1b, 0, 0, 0, 0, 255, 255, 255, 255], None),
            (&[0x1b, 255, 255, 255, 255, 255, 255, 255, 255], Some(u64::MAX)),
            // No length, a float, a tag, a negative number.
            (&[0x1f], None),
            (&[0xf9, 0, 0], None),
            (&[0xc1, 0], None),
            (&[0x20], None),
        ] {
            assert_eq!(whole(bytes, Reader::unsigned), number, "{bytes:?}");
        }
    }

    #[test]
    fn lists_and_maps_are_as_long_as_they_say() {
        let list = |bytes: &[u8]| whole(bytes, |reader| reader.list(Reader::unsigned));
        assert_eq!(list(&[0x82, 1, 2]), Some(vec![1, 2]));
        assert_eq!(list(&[0x80]), Some(vec![]));
        for bytes in [&[0x82, 1][..], &[0x82, 1, 2, 3], &[0x9f, 1, 0xff], &[0x41, 1], &[]] {
            assert_eq!(list(bytes), None, "{bytes:?}");
        }
        // A length that nothing could hold costs nothing.
        assert_eq!(list(&[0x9b, 255, 255, 255, 255, 255, 255, 255, 255, 1]), None);
        let map = |bytes: &[u8]| whole(bytes, |reader| reader.map(Reader::array::<1>));
        assert_eq!(map(&[0xa1, 0, 0x41, 7]), Some(vec![(0, [7])]));
        for bytes in [&[0xa1, 0][..], &[0xa1, 0, 0x42, 7, 7], &[0xbf, 0, 0x41, 7, 0xff], &[0xa0, 0]]
        {
            assert_eq!(map(bytes), None, "{bytes:?}");
        }
    }
}
